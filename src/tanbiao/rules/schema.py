"""A certification rule: its sections and its clauses, validated, frozen, with the digest that names its content."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import rfc8785
from pydantic import Field, ValidationInfo, field_validator

from tanbiao.rules.clauses import AnyClause
from tanbiao.rules.sections import RuleSections, refuse


class Rule(RuleSections):
    """A certification rule (认证规则): a document, never code. See docs/rules.md for how one is written."""

    clauses: Annotated[tuple[AnyClause, ...], Field(min_length=1)]

    @field_validator("clauses")
    @classmethod
    def _clauses_fit(cls, clauses: tuple[AnyClause, ...], info: ValidationInfo) -> tuple[AnyClause, ...]:
        ids = [clause.id for clause in clauses]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            named = ", ".join(twice)
            raise refuse(f"条款编号重复：{named}。", f"Clause ids used twice: {named}.")
        known = {item.code for item in info.data.get("required_items", ())}
        for clause in clauses:
            if known and (lost := sorted(set(clause.item_codes) - known)):
                named = ", ".join(lost)
                raise refuse(
                    f"条款 {clause.id} 提到规则没有的数据项：{named}。",
                    f"Clause {clause.id} names items the rule does not have: {named}.",
                )
        return clauses

    @property
    def document(self) -> dict[str, Any]:
        """What the document says, as plain JSON: `Rule.model_validate` of it is this rule again."""
        return self.model_dump(mode="json", exclude_unset=True)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the rule's content as RFC 8785 canonical JSON.

        Comments, layout and key order of the document do not change it; every word and number does. Only what the
        document says is counted, so a field added to this schema later leaves the digests of older rules alone.
        """
        return hashlib.sha256(rfc8785.dumps(self.document)).hexdigest()
