"""Home by role, the search and the public page of certificates, and the pages of errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tanbiao.platform.accounts.models import Role
from tanbiao.platform.certificates.queries import (
    certificate_by_number,
    certificates_visible_to,
    search,
    standing,
    standings,
)
from tanbiao.platform.certification.queries import applications_visible_to, waiting_for
from tanbiao.platform.footprints.queries import studies_of, studies_on_retired
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.pages import page_of
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.queries import waiting_for as submissions_waiting_for
from tanbiao.platform.portal.proof import proof_facts, sentence_of
from tanbiao.platform.portal.words import LOOKS

RECENT = 5
TEXT_AT_MOST = 100


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """For a passer-by what this is and the search; for a member what waits for them."""
    actor = request.actor
    if not actor.signed_in:
        return render(
            request, "portal/welcome.html", {"certificates": standings(search("")[:RECENT], clock.local_now())}
        )
    waiting, certificates = waiting_for(actor), certificates_visible_to(actor)
    figures = []
    if actor.is_enterprise or actor.is_body:
        figures = [
            {"name": _("等您处理"), "value": waiting.count(), "definition": _("下一步由您办理的认证委托")},
            {
                "name": _("认证委托"),
                "value": applications_visible_to(actor).count(),
                "definition": _("本单位提交或受托的，含已结束的"),
                "href": reverse("certification:applications"),
            },
            {
                "name": pgettext("several", "证书"),
                "value": certificates.count(),
                "definition": _("本单位持有或签发的，含各种状态"),
            },
        ]
    context = {
        "roles": [Role(role).label for role in sorted(actor.roles)],
        "figures": figures,
        "today": clock.today().isoformat(),
        "waiting": waiting,
        "submissions": submissions_waiting_for(actor),
        "on_retired": studies_on_retired(actor) if actor.is_enterprise else [],
        "studies": studies_of(actor)[:RECENT] if actor.is_enterprise else [],
        "certificates": standings(certificates[:RECENT], clock.local_now()),
    }
    return render(request, "portal/home.html", context)


@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """Search; a whole certificate number leads straight to its page."""
    text = request.GET.get("q", "").strip()[:TEXT_AT_MOST]
    if found := certificate_by_number(text.upper()):
        return redirect("portal:certificate", found.number)
    things = page_of(request, search(text))
    things.object_list = standings(things.object_list, clock.local_now())
    return render(request, "portal/certificates.html", {"things": things, "text": text})


@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The public page: is it valid, what is the figure; then everything that stands behind it."""
    found = certificate_by_number(number)
    if found is None:
        reason = _("没有编号为 %(number)s 的证书。请核对编号；若编号来自产品上的标识，请向认证机构核实。")
        return render(request, "404.html", {"reason": reason % {"number": number[:40]}}, status=404)
    now = clock.local_now()
    stands = standing(found, now)
    context = {
        "certificate": found,
        "claims": found.claims,
        "standing": stands,
        "look": LOOKS[stands.state],
        "sentence": sentence_of(stands),
        "proof": proof_facts(found),
        "checked_at": now,
        "events": events_of(found),
    }
    return render(request, "portal/certificate.html", context)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No context processors: the database or the session may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
