"""What pages of versions, data sets and submissions do alike: carry out a verb, decide what the gate says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.pages import either, form_page
from tanbiao.platform.library.actions import decide_flags
from tanbiao.platform.library.forms import DecideForm
from tanbiao.platform.library.verbs import Verb

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Submission, Version

NAMED = 10  # flags that a decision on many names


def verb_page(
    request: HttpRequest,
    verb: Verb,
    thing: Any,
    *,
    about: Sequence[tuple[str, str]],
    back: str,
    form: forms.Form | None = None,
    template: str = "portal/form.html",
) -> HttpResponse:
    """Ask for what a verb needs, carry it out and go back. Raises Refused where the actor may not, now."""
    if reason := verb.refusal(request.actor, thing):
        raise Refused(reason)
    return form_page(
        request,
        form=form or verb.form(request.POST if request.method == "POST" else None),
        run=lambda **data: verb.act(request.actor, thing, **data),
        done=lambda _result: back,
        said=str(verb.said),
        template=template,
        title=verb.label,
        explain=verb.explain,
        about=about,
        submit=verb.label,
        back=back,
    )


def decision_page(request: HttpRequest, thing: Version | Submission, back: str) -> HttpResponse:
    """Decide one flag (?flag=) or all open ones of a check (?check=) of a version or a submission."""
    if reason := decide_flags.refusal(request.actor, thing):  # type: ignore[attr-defined]
        raise Refused(reason)
    flags, one = thing.flags.filter(state="open"), request.GET.get("flag", "")
    if code := request.GET.get("check", ""):
        chosen = list(flags.filter(check_code=code))
    else:
        chosen = [flag for flag in flags if str(flag.pk) == one]
    if not chosen:
        raise Http404
    about = [(flag.place, either(flag.zh, flag.en)) for flag in chosen[:NAMED]]
    if len(chosen) > len(about):
        about.append(("…", _("共 %(n)d 个") % {"n": len(chosen)}))
    return form_page(
        request,
        form=DecideForm(request.POST or None),
        run=lambda **data: decide_flags(request.actor, thing, flags=[flag.pk for flag in chosen], **data),
        done=lambda _result: back,
        said=_("决定已记录。"),
        title=_("决定质量问题"),
        explain=_("决定和理由留在记录里。"),
        about=about,
        submit=_("记录决定"),
        back=back,
    )
