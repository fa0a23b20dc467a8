"""Public downloads of a certificate: the signed document, its label and its PDF; and the trust list."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from tanbiao.platform.certificates.label import label_pdf, label_svg
from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certificates.pdf import certificate_pdf
from tanbiao.platform.certificates.queries import certificate_by_number, trust_list


def public_address(number: str) -> str:
    """The address printed in the label's QR code."""
    return f"{settings.PUBLIC_URL}/c/{number}/"


def _found(number: str) -> Certificate:
    certificate = certificate_by_number(number)
    if certificate is None:
        raise Http404
    return certificate


@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate file, byte for byte as it was signed and logged."""
    response = HttpResponse(_found(number).document, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response


@require_GET
def label(request: HttpRequest, number: str, form: str) -> HttpResponse:
    certificate = _found(number)
    address = public_address(number)
    if form == "svg":
        return HttpResponse(label_svg(certificate.claims, address), content_type="image/svg+xml; charset=utf-8")
    return HttpResponse(label_pdf(certificate.claims, address), content_type="application/pdf")


@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    certificate = _found(number)
    return HttpResponse(certificate_pdf(certificate.claims, public_address(number)), content_type="application/pdf")


@require_GET
def trust(request: HttpRequest) -> JsonResponse:
    """Which keys a verifier should accept, for `tanbiao verify --trust`."""
    return JsonResponse(trust_list(), json_dumps_params={"ensure_ascii": False, "indent": 1})
