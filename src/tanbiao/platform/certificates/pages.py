"""Public downloads of a certificate: the signed document, its label and its PDF; and the trust list."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tanbiao.platform.certificates.label import label_pdf, label_svg
from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certificates.pdf import certificate_pdf
from tanbiao.platform.certificates.queries import UNPROVEN, certificate_by_number, standing, trust_list
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Refused
from tanbiao.trust import KeyFileError


def public_address(number: str) -> str:
    """The address printed in the label's QR code."""
    return f"{settings.PUBLIC_URL}/c/{number}/"


def _found(number: str) -> Certificate:
    certificate = certificate_by_number(number)
    if certificate is None:
        raise Http404
    return certificate


def _genuine(number: str) -> Certificate:
    """What is printed must be what was signed. Raises Refused where the stored document does not verify."""
    certificate = _found(number)
    if standing(certificate, clock.local_now()).state == UNPROVEN:
        raise Refused(_("证书文件没有通过查验，不能生成标识和证书。原因见证书的公开页。"))
    return certificate


@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate file, byte for byte as it was signed and logged."""
    response = HttpResponse(_found(number).document, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response


@require_GET
def label(request: HttpRequest, number: str, form: str) -> HttpResponse:
    certificate = _genuine(number)
    address = public_address(number)
    if form == "svg":
        return HttpResponse(label_svg(certificate.claims, address), content_type="image/svg+xml; charset=utf-8")
    return HttpResponse(label_pdf(certificate.claims, address), content_type="application/pdf")


@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    certificate = _genuine(number)
    return HttpResponse(certificate_pdf(certificate.claims, public_address(number)), content_type="application/pdf")


@require_GET
def trust(request: HttpRequest) -> JsonResponse:
    """Which keys a verifier should accept, for `tanbiao verify --trust`."""
    try:
        return JsonResponse(trust_list(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    except KeyFileError as error:  # the log has not been opened
        raise Http404 from error
