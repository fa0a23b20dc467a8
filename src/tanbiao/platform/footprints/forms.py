from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.pages import either
from tanbiao.platform.library.queries import value_per

if TYPE_CHECKING:
    from tanbiao.platform.footprints.proposing import Proposal
    from tanbiao.platform.library.models import Dataset
    from tanbiao.platform.products.queries import FactorRow


class UploadForm(forms.Form):
    """The workbook of activity data. Size and ending are checked here, everything else by the reader."""

    workbook = forms.FileField(
        label=_("活动数据工作簿"),
        help_text=_("Excel 文件（.xlsx），不超过 10 MB。请使用本平台的模板填写。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_workbook(self) -> UploadedFile:
        file = self.cleaned_data["workbook"]
        if file.size > settings.WORKBOOK_MAX_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB，请删除多余的工作表或图片后重新上传。"))
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError(_("请上传 .xlsx 文件（在 Excel 中另存为“Excel 工作簿”）。"))
        return file


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么选用这个因子"),
        help_text=_("例如：供应商提供的认证值；与工厂所在地区和数据年份一致。理由写进研究和报告。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SwitchForm(forms.Form):
    """For each row of a model the word to look for in another database, and the data set picked of what was found."""

    reason = forms.CharField(
        label=_("为什么换用这个数据库"),
        help_text=_("理由写进研究和报告。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        rows: Sequence[FactorRow],
        terms: Mapping[str, str],
        propose: Callable[[FactorRow, str | None], Proposal],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.rows = rows
        known: dict[tuple[Any, ...], Proposal] = {}  # many rows ask for the same
        for place, row in enumerate(rows):
            term = terms.get(f"term-{place}")
            asked = (row.input.name if term is None else term, row.input.kind, row.input.quantity.unit, row.factor.id)
            found = known.get(asked) or known.setdefault(asked, propose(row, term))
            self.fields[f"term-{place}"] = forms.CharField(
                label=_("查找用词"), required=False, max_length=100, initial=found.term
            )
            options = [(dataset.key, _option(dataset, row.factor.unit.symbol)) for dataset in found.datasets]
            self.fields[f"key-{place}"] = forms.ChoiceField(
                label=_("换为"),
                required=False,
                choices=[("", _("不换")), *options],
                initial=terms.get(f"key-{place}", found.likely.key if found.likely else ""),
            )

    def lines(self) -> Iterator[tuple[FactorRow, forms.BoundField, forms.BoundField]]:
        for place, row in enumerate(self.rows):
            yield row, self[f"term-{place}"], self[f"key-{place}"]

    def chosen(self) -> list[dict[str, Any]]:
        """The rows that get another data set, as products.put_on_background takes them."""
        return [
            {**row.address, "key": key}
            for place, row in enumerate(self.rows)
            if (key := self.cleaned_data.get(f"key-{place}"))
        ]


def _option(dataset: Dataset, unit: str) -> str:
    """A data set in one line: name, region, the value per the unit of the factor in use, year."""
    name = either(dataset.name, dataset.name_en)
    value, per = value_per(dataset, unit)
    low = "" if dataset.complete else f" · {_('数值偏低：上游有缺')}"
    return f"{name} · {dataset.region or '—'} · {value:.4g} {per} · {dataset.year or '—'}{low}"
