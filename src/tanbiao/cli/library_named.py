"""Databases and organisations by what people call them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tanbiao.cli.answering import NotFound
from tanbiao.words import Text

if TYPE_CHECKING:
    from tanbiao.platform.accounts.models import Organisation


def version_named(name: str) -> Any:
    """The newest version of a database that holds data, or the one named ("name@2"). Raises NotFound."""
    from tanbiao.platform.library.models import VersionState
    from tanbiao.platform.library.policies import ADMINISTRATOR
    from tanbiao.platform.library.queries import sources_visible_to, versions_visible_to

    versions = versions_visible_to(ADMINISTRATOR).exclude(state__in=(VersionState.IMPORTING, VersionState.FAILED))
    wanted, _, number = name.rpartition("@")
    if not (wanted and number.isdecimal()):
        wanted, number = name, ""
    found: Any = versions.filter(source__name=wanted) or versions.filter(source__title=wanted)
    if number:
        found = found.filter(number=int(number[:9]))
    if len({version.source_id for version in found}) > 1:
        names = sorted({version.source.name for version in found})
        raise NotFound(Text(f"“{wanted}”有多个：{'、'.join(names)}。", f'"{wanted}" may be any of {", ".join(names)}.'))
    if version := found.order_by("-number").first():
        return version
    raise _not_found("数据库", "database", name, sources_visible_to(ADMINISTRATOR).values_list("name", flat=True))


def organisation_named(name: str) -> Organisation:
    """The organisation with this name or credit code. Raises NotFound."""
    from django.db.models import Q

    from tanbiao.platform.accounts.models import Organisation

    found = Organisation.objects.filter(Q(name=name) | Q(uscc=name.upper()) | Q(name_en=name)).first()
    if found is None:
        raise _not_found("单位", "organisation", name, Organisation.objects.values_list("name", flat=True))
    return found


def _not_found(zh: str, en: str, name: str, names: Iterable[str]) -> NotFound:
    known = sorted(names)
    near = difflib.get_close_matches(name, known, n=5, cutoff=0.4) or known[:5]
    return NotFound(
        Text(
            f"没有{zh}“{name}”。" + (f"相近的有：{'、'.join(near)}。" if near else ""),
            f'There is no {en} "{name}".' + (f" Near it: {', '.join(near)}." if near else ""),
        )
    )
