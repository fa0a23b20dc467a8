"""What people fill in: an import, a measured factor, a review, a decision with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.model import FactorKind, GasScope, LifeCycleScope
from tanbiao.lca.vocabulary import words_for
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.library.models import Access, FlagState, Source, Submission, Verdict

INVENTORY_LINES = 10
LINE = ("name", "amount", "unit", "source")
DOCUMENTS_AT_MOST = 10
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
SCORES = (("technological", _("技术代表性")), ("geographical", _("地域代表性")), ("temporal", _("时间代表性")))

LINK_RULES = {
    LinkRule.DECLARED: _("按数据集说明（默认）"),
    LinkRule.MAIN_PRODUCT: _("只连主产品：各过程全部负荷归主产品"),
    LinkRule.CO_PRODUCTS: _("按数据集说明，并连接只作为共生产品产出的物质"),
}

_words = lazy(lambda member: for_reader(words_for(member)), str)


_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # a date field takes no other form


def _area(label: Any, help_text: Any = "", *, rows: int = 3, most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


def _members(kind: type[StrEnum], *, without: Sequence[StrEnum] = ()) -> list[tuple[str, Any]]:
    return [(member.value, _words(member)) for member in kind if member not in without]


class Nothing(forms.Form):
    """A verb that needs no words, only a confirmation."""


class WhyForm(forms.Form):
    reason = _area(_("理由"), most=400)


class RetireForm(forms.Form):
    reason = _area(_("停用的理由"), _("使用它的企业会看到。"), most=400)
    successor = forms.CharField(
        label=_("替代数据集的编号"),
        help_text=_("写在数据集页面“编号”一栏，可以直接复制。"),
        max_length=340,
        required=False,
    )


class DecideForm(forms.Form):
    """A decision on what the quality gate says."""

    state = forms.ChoiceField(
        label=_("决定"),
        choices=[
            (FlagState.ACCEPTED, _("接受：数据没有错，或有说得通的原因")),
            (FlagState.UPHELD, _("问题成立：必须处理的问题所在的数据集不能使用")),
        ],
        widget=forms.RadioSelect,
    )
    reason = _area(_("理由"), _("写明查看了什么。"), most=400)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("审核意见"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = _area(_("说明"), _("写明查看了什么；退回时写明要改什么。提交单位会看到。"), rows=4)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        help_text=_("数据库的导出文件，或一张因子表。格式自动识别。"),
    )
    source = forms.ChoiceField(
        label=_("导入为"), help_text=_("同一数据库的新文件，请作为它的新版本导入。"), required=False
    )
    name = forms.CharField(
        label=_("新数据库的名称"), help_text=_("导入为新的数据库时填写。"), max_length=100, required=False
    )
    publisher = forms.CharField(label=_("发布者"), max_length=200, required=False)
    licence = forms.CharField(
        label=_("许可"), help_text=_("照发布者的原话写，例如 CC BY 4.0。"), max_length=300, required=False
    )
    address = forms.CharField(label=_("发布的地址"), max_length=300, required=False)
    access = forms.ChoiceField(label=_("谁可以用"), widget=forms.RadioSelect)
    link_rule = forms.ChoiceField(
        label=_("连接规则"),
        help_text=_("一项投入由哪个过程供应。拿不准时用默认。"),
        widget=forms.RadioSelect,
        initial=LinkRule.DECLARED,
    )

    def __init__(self, *args: Any, sources: Sequence[Source], may_open: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sources = {str(source.pk): source for source in sources}
        self.fields["source"].choices = [("", _("新的数据库")), *((pk, str(s)) for pk, s in self.sources.items())]
        if not sources:
            del self.fields["source"]
            self.fields["name"].required = True
        accesses = [Access.OWN, Access.OPEN] if may_open else [Access.OWN]
        self.fields["access"].choices = [(access.value, access.label) for access in accesses]
        self.fields["access"].initial = Access.OWN
        self.fields["link_rule"].choices = [(rule.value, LINK_RULES[rule]) for rule in LinkRule]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["source"] = self.sources.get(data.get("source", ""))
        if data["source"] is None and "name" in data and not data["name"].strip():
            self.add_error("name", _("请给新数据库一个名称。"))
        return data


class ManyFiles(forms.FileField):
    """Several files in one field."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs: Any):
        super().__init__(widget=self.Widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for one in given if (file := super(ManyFiles, self).clean(one, initial))]


class SubmissionForm(forms.Form):
    """A measured factor: what it says, how it was measured, and how far it speaks for others."""

    name = forms.CharField(
        label=_("因子名称"), help_text=_("产品、工艺和地区，例如：华东地区活性石灰（天然气竖窑）。"), max_length=200
    )
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    value = forms.DecimalField(
        label=_("数值（kg CO2e 每单位）"), help_text=_("按下面的 GWP 数据集折算。"), max_digits=24, decimal_places=12
    )
    unit = forms.CharField(label=_("单位"), help_text=_("例如 kg、t、kWh、m3、t·km。"), max_length=40)
    kind = forms.ChoiceField(
        label=_("种类"), choices=_members(FactorKind, without=(FactorKind.GRID_CO2,)), initial=FactorKind.MATERIAL
    )
    gas_scope = forms.ChoiceField(
        label=_("气体范围"), choices=_members(GasScope), initial=GasScope.ALL_GHG, widget=forms.RadioSelect
    )
    life_cycle_scope = forms.ChoiceField(
        label=_("生命周期范围"), choices=_members(LifeCycleScope), initial=LifeCycleScope.CRADLE_TO_GATE
    )
    boundary = forms.CharField(
        label=_("边界"), help_text=_("从哪里开始、到哪里结束，例如：矿石开采至石灰出厂。"), max_length=200
    )
    gwp_set = forms.ChoiceField(label=_("GWP 数据集"), choices=[("AR6", "IPCC AR6"), ("AR5", "IPCC AR5")])
    region = forms.CharField(label=_("地区"), help_text=_("代码，例如 CN、CN-SH、GLO。"), max_length=40)
    period_start = forms.DateField(label=_("数据期间：从"), widget=_DAY)
    period_end = forms.DateField(label=_("数据期间：到"), widget=_DAY)
    technology = _area(_("技术"), _("工艺、设备、规模和主要燃料。"), rows=2, most=400)
    method = _area(_("方法"), _("依据的标准，怎样分配、截断和测量。"))
    representativeness = _area(_("代表性"), _("调查了几家、占产量多少，能代表谁、不能代表谁。"))
    replaces = forms.CharField(
        label=_("替代的因子编号"),
        help_text=_("只能替代本单位测算并已发布的因子；发布时它随即停用。"),
        max_length=340,
        required=False,
    )
    documents = ManyFiles(
        label=_("证明文件"), help_text=_("测算报告、检测报告、计量记录等；每个不超过 20 MB。"), required=False
    )

    def __init__(self, *args: Any, submission: Submission | None = None, **kwargs: Any):
        if submission is not None:
            kwargs.setdefault("initial", _initial(submission))
        super().__init__(*args, **kwargs)
        for code, label in SCORES:
            self.fields[f"score-{code}"] = forms.TypedChoiceField(
                label=label,
                help_text=_("1 最好，5 最差"),
                choices=[("", "—"), *((n, n) for n in range(1, 6))],
                coerce=int,
                empty_value=None,
            )
        for line in range(INVENTORY_LINES):
            self.fields[f"name-{line}"] = forms.CharField(label=_("名称"), max_length=200, required=False)
            self.fields[f"amount-{line}"] = forms.DecimalField(label=_("数量"), required=False)
            self.fields[f"unit-{line}"] = forms.CharField(label=_("单位"), max_length=40, required=False)
            self.fields[f"source-{line}"] = forms.CharField(label=_("数据来源"), max_length=200, required=False)

    @property
    def plain_fields(self) -> list[BoundField]:
        """All but the inventory and the files."""
        return [field for field in self if not field.name[-1].isdigit() and field.name != "documents"]

    def inventory_lines(self) -> Iterator[list[BoundField]]:
        for line in range(INVENTORY_LINES):
            yield [self[f"{part}-{line}"] for part in LINE]

    def clean_documents(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["documents"]
        if len(files) > DOCUMENTS_AT_MOST:
            raise forms.ValidationError(_("一次最多 10 个文件。"))
        for file in files:
            if (file.size or 0) > DOCUMENT_MAX_BYTES:
                raise forms.ValidationError(gettext("“%(name)s”超过 20 MB。") % {"name": file.name})
        return files

    def clean(self) -> dict[str, Any]:
        """The fields as the action takes them: inventory and scores each as one value."""
        data = self.cleaned_data
        inventory = []
        for line in range(INVENTORY_LINES):
            name, amount, unit, source = (data.pop(f"{part}-{line}", None) for part in LINE)
            if name and (amount is None or not unit):
                self.add_error(f"amount-{line}", gettext("“%(name)s”缺少数量或单位。") % {"name": name})
            elif not name and (amount is not None or unit or source):
                self.add_error(f"name-{line}", _("这一行缺少名称。"))
            elif name:
                inventory.append({"name": name, "amount": f"{amount:f}", "unit": unit, "source": source or ""})
        data["inventory"] = inventory
        data["quality_scores"] = {code: data.pop(f"score-{code}", None) for code, _label in SCORES}
        return data


def _initial(submission: Submission) -> dict[str, Any]:
    """What a submission says, as the form shows it to be corrected."""
    known = {name: getattr(submission, name) for name in SubmissionForm.base_fields if hasattr(submission, name)}
    known |= {"documents": None, "replaces": submission.replaces.key if submission.replaces else ""}
    known["value"] = f"{submission.value.normalize():f}"
    known |= {f"score-{code}": score for code, score in submission.quality_scores.items()}
    for line, given in enumerate(submission.inventory[:INVENTORY_LINES]):
        known |= {f"{part}-{line}": value for part, value in given.items()}
    return known
