"""The unified social credit code as a validator of Django's."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tanbiao.formats.uscc import is_uscc


def validate_uscc(code: str) -> None:
    if not is_uscc(code):
        raise ValidationError(
            _("统一社会信用代码“%(code)s”不正确：应为 18 位数字或大写字母（不含 I、O、S、V、Z），末位为校验码。"),
            params={"code": code},
        )
