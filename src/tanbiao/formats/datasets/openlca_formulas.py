"""Formulas as openLCA writes them, in the one language of `lca.uncertainty.formulas`.

openLCA knows no case, parts arguments by ";", works powers out from the left (2^3^2 = 64) and signs before powers
(-2^2 = 4); `log` and `lg` have base 10, `ln` base e. What cannot be brought over stays as written: it is then refused,
or its stored amount kept, where it is read.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|&&|\|\||[<>=!]=|<>|[-+*/^()=;<>&|]))"
)
_SIGNS = {"=": "==", "<>": "!=", "&": " and ", "&&": " and ", "|": " or ", "||": " or "}
_DEEPEST = 40
# name -> what opens the call, parts its arguments and closes it
_CALLS = {
    "ln": ("log(", ",", ")"),
    "log": ("log10(", ",", ")"),
    "lg": ("log10(", ",", ")"),
    "iff": ("if(", ",", ")"),
    "iif": ("if(", ",", ")"),
    "pow": ("((", ")**(", "))"),
    "power": ("((", ")**(", "))"),
    "ipower": ("((", ")**(", "))"),
    "sqr": ("((", ",", ")**2)"),
    "sum": ("((", ")+(", "))"),
    "and": ("((", ") and (", "))"),
    "or": ("((", ") or (", "))"),
    "not": ("(not (", ",", "))"),
}
CONSTANTS = {"pi": 3.141592653589793, "true": 1.0, "false": 0.0}


def as_openlca(text: str) -> str:
    """The formula in our language; as it was where that cannot be."""
    try:
        return _Reader(text).whole()
    except ValueError:
        return text


class _Reader:
    def __init__(self, text: str):
        self._tokens: list[str] = []
        position, text = 0, text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise ValueError(text)
            self._tokens.append(found.group().strip().lower())
            position = found.end()
        self._at = 0

    def whole(self) -> str:
        result = self._sequence(0)
        if self._at < len(self._tokens):
            raise ValueError(self._tokens[self._at])
        return result

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def _sequence(self, depth: int) -> str:
        """Operands and operators up to a closing parenthesis or the end of an argument."""
        if depth > _DEEPEST:
            raise ValueError(depth)
        pieces = [self._power(depth)]
        while self._next() not in ("", ")", ";"):
            sign = self._take()
            if sign[0] not in "+-*/<>=!&|":
                raise ValueError(sign)
            pieces += [_SIGNS.get(sign, sign), self._power(depth)]
        return "".join(pieces)

    def _power(self, depth: int) -> str:
        left = self._signed(depth)
        while self._next() in ("^", "**"):
            self._take()
            left = f"(({left})**({self._signed(depth)}))"
        return left

    def _signed(self, depth: int) -> str:
        return self._take() + self._element(depth) if self._next() in ("+", "-") else self._element(depth)

    def _element(self, depth: int) -> str:
        piece = self._take()
        if piece == "(":
            return f"({self._closed(depth)})"
        if not piece or not (piece[0].isalnum() or piece[0] in "._"):
            raise ValueError(piece)
        if self._next() != "(" or not piece[0].isalpha():
            return piece
        self._take()
        opens, parts, closes = _CALLS.get(piece, (piece + "(", ",", ")"))
        if self._next() == ")":
            self._take()
            return piece if piece in CONSTANTS else piece + "()"
        return opens + self._closed(depth, parts) + closes

    def _closed(self, depth: int, parts: str = "") -> str:
        result = self._sequence(depth + 1)
        while parts and self._next() == ";":
            self._take()
            result += parts + self._sequence(depth + 1)
        if self._take() != ")":
            raise ValueError
        return result
