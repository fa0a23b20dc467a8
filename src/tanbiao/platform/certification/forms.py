from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.accounts.queries import certification_bodies, people_with_role
from tanbiao.platform.certification.models import Application
from tanbiao.platform.certification.queries import checklist
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.words import Text


class ForApplication(forms.Form):
    """A form that knows the application it is about."""

    def __init__(self, *args: Any, application: Application | None = None, actor: Actor | None = None, **kwargs: Any):
        self.application = application
        super().__init__(*args, **kwargs)


def _text(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ApplyForm(ForApplication):
    body_id = forms.ChoiceField(label=_("认证机构"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("给认证机构的说明"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body_id"].choices = [
            (b.pk, for_reader(Text(f"{b.name}（{b.approval_number}）", f"{b.name_en or b.name} ({b.approval_number})")))
            for b in certification_bodies()
        ]


class Nothing(ForApplication):
    """A verb that needs no words, only a confirmation."""


class RefuseForm(ForApplication):
    reason = _text(_("不予受理的理由"), _("企业会看到这段文字。"))


class AssignForm(ForApplication):
    verifier_id = forms.ChoiceField(label=_("核查员"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        assert self.application
        people = people_with_role(self.application.body_id, Role.VERIFIER).exclude(
            pk__in=self.application.applicants_side
        )
        self.fields["verifier_id"].choices = [(p.pk, p.name) for p in people]


class FindingForm(ForApplication):
    clause = forms.ChoiceField(label=_("条款"))
    statement = _text(_("发现的问题"), _("写明依据、事实和需要企业做什么。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [
            (row["clause"], f"{row['clause']} {for_reader(Text(**row['title']))}")
            for row in checklist(self.application)
        ]


class JudgementSheet(forms.Form):
    """One sheet for all clauses that need a person: for each an answer and what it rests on."""

    ANSWERS = (("yes", _("符合")), ("no", _("不符合")))

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows = [row for row in checklist(application) if row["verdict"] == "judgement"]
        for row in self.rows:
            given, clause = row["judgement"], row["clause"]
            self.fields[f"conforms-{clause}"] = forms.ChoiceField(
                label=_("判断"),
                choices=self.ANSWERS,
                required=False,
                widget=forms.RadioSelect,
                initial=None if given is None else ("yes" if given.conforms else "no"),
            )
            self.fields[f"note-{clause}"] = forms.CharField(
                label=_("依据"), max_length=2000, required=False, initial=given.note if given else ""
            )

    def fields_of(self, clause: str) -> list[forms.BoundField]:
        return [self[f"conforms-{clause}"], self[f"note-{clause}"]]

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            answer, note = (self.cleaned_data.get(f"{part}-{row['clause']}", "") for part in ("conforms", "note"))
            if answer and not note.strip():
                self.add_error(f"note-{row['clause']}", _("请写明判断的依据。"))
            if note.strip() and not answer:
                self.add_error(f"conforms-{row['clause']}", _("请选择符合或不符合。"))
        return self.cleaned_data

    def changed(self) -> list[dict[str, Any]]:
        """The judgements that are new or different, as arguments of the action."""
        return [
            {
                "clause": clause,
                "conforms": self.cleaned_data[f"conforms-{clause}"] == "yes",
                "note": self.cleaned_data[f"note-{clause}"],
            }
            for clause in (row["clause"] for row in self.rows)
            if self.cleaned_data[f"conforms-{clause}"]
            and {f"conforms-{clause}", f"note-{clause}"} & set(self.changed_data)
        ]


class AnswerForm(ForApplication):
    answer = _text(_("答复与整改情况"))


class NoteForm(ForApplication):
    note = _text(_("说明"), _("写明查看了什么。"))


class ConclusionForm(ForApplication):
    conclusion = _text(_("核查结论"))


class ReviewForm(ForApplication):
    review = _text(_("复核意见"))


class DecisionForm(ForApplication):
    note = _text(_("决定的依据"))
