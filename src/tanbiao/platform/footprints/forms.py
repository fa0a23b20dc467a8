from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


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
