"""Formulas of amounts: a small language of numbers, names and a dozen functions, worked out on floats or arrays alike.

    钢材用量 * (1 - 回收率) + if(距离 > 500, 2.5, 1.2) ** 2

Operators + - * / ** and parentheses, comparisons (1 for true, 0 for false), and, or, not; functions in `FUNCTIONS`;
names in any script. Nothing of a formula is ever executed: it is read by a lexer that knows no strings, brackets or
attributes, brought into order by `ast`, checked node by node against a list of what is allowed, and worked out in
float64, where a giant power is an overflow and not a giant number. What is not finite (a division by zero, the
logarithm of a negative number) does not slip through an `if`, a comparison or a reciprocal: it is named as an error,
unless it stands in the branch that an `if` does not take.
"""

from __future__ import annotations

import ast
import difflib
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.faults import NotComputable, UnknownParameter, WrongFormula

Vector = NDArray[np.float64]
Value = float | Vector

LONGEST, DEEPEST = 2000, 50  # characters; parentheses within parentheses


def _choose(condition: Vector, yes: Vector, no: Vector) -> Vector:
    return np.asarray(np.where(condition != 0, yes, no))


# name -> number of arguments (0: two or more), what it does
FUNCTIONS: Mapping[str, tuple[int, Callable[..., Vector]]] = {
    "min": (0, lambda *several: np.minimum.reduce(np.broadcast_arrays(*several))),
    "max": (0, lambda *several: np.maximum.reduce(np.broadcast_arrays(*several))),
    "abs": (1, np.abs),
    "sqrt": (1, np.sqrt),
    "exp": (1, np.exp),
    "log": (1, np.log),
    "log10": (1, np.log10),
    "if": (3, _choose),
}
_OPERATORS: Mapping[type[ast.AST], Callable[..., Vector]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.UAdd: np.positive,
    ast.USub: np.negative,
    ast.Not: np.logical_not,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_AS_TYPED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(typed): meant for typed, meant in {"×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!="}.items()
}
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.])|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|[<>=!]=|[-+*/(),<>])"
)
_WORDS = frozenset({"and", "or", "not"})
_IF = "_if_"  # `if` is a keyword of Python, whose grammar is borrowed here


@dataclass(frozen=True, slots=True)
class _Step:
    """One operation: `take` values become one. An `if` fails with the branch it takes and not with the other."""

    said: str
    take: int
    work: Callable[..., Vector]

    def on(self, operands: list[Vector]) -> Vector:
        """The value; NaN is what has failed, and what has failed stays so (even 1 ** NaN, NaN > 1)."""
        value = _or_nan(np.asarray(self.work(*operands), dtype=np.float64))
        for operand in operands[:1] if self.work is _choose else operands:
            value = np.where(np.isnan(operand), np.nan, value)
        return value

    def culprit(self, operands: list[Vector], culprits: list[str]) -> str:
        """Which part made this operation fail: one of its operands (scalars), or itself."""
        needed = range(self.take)
        if self.work is _choose:
            needed = range(1) if np.isnan(operands[0]) else range(1, 2) if operands[0] else range(2, 3)
        return next((culprits[i] for i in needed if np.isnan(operands[i])), self.said)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read; `names` are the parameters it needs, in the order of their first mention."""

    text: str
    place: str
    names: tuple[str, ...]
    _steps: tuple[float | str | _Step, ...] = field(repr=False, compare=False)  # operands before operations

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """A float where all values are floats, else an array of the shape that the values have together.

        Raises UnknownParameter for a name without a value, NotComputable naming the part that has no finite value.
        """
        for name in self.names:
            if name not in values:
                raise unknown_parameter(name, values, self.place or self.text)
        known = {name: np.asarray(values[name], dtype=np.float64) for name in self.names}
        try:
            np.broadcast_shapes(*(value.shape for value in known.values()))
        except ValueError:
            raise NotComputable(
                self.place or self.text,
                "各参数取值的个数不同；每个参数须为一个数，或同样长度的一列数。",
                "the parameters differ in their numbers of values; each must be one number, or a column of one length.",
            ) from None
        stack: list[Vector] = []
        with np.errstate(all="ignore"):
            for step in self._steps:
                if isinstance(step, _Step):
                    stack[-step.take :] = [step.on(stack[-step.take :])]
                else:
                    stack.append(_or_nan(known[step] if isinstance(step, str) else np.asarray(step)))
        answer = stack[0]
        if np.isnan(answer).any():
            at = int(np.argmax(np.isnan(answer)))
            self._blame({n: np.broadcast_to(v, answer.shape).flat[at] for n, v in known.items()}, at, answer.ndim > 0)
        return answer if answer.ndim else float(answer)

    def _blame(self, values: Mapping[str, float], at: int, many: bool) -> NoReturn:
        """Go the same way with the values of one failure, each with the part that it failed for."""
        stack: list[Vector] = []
        culprits: list[str] = []
        with np.errstate(all="ignore"):
            for step in self._steps:
                if isinstance(step, _Step):
                    n = step.take
                    value, culprit = step.on(stack[-n:]), step.culprit(stack[-n:], culprits[-n:])
                    stack[-n:], culprits[-n:] = [value], [culprit]
                else:
                    stack.append(_or_nan(np.asarray(values[step] if isinstance(step, str) else step)))
                    culprits.append(str(step))
        with_values = ", ".join(f"{name} = {value:g}" for name, value in values.items())
        zh, en = (f"（第 {at + 1} 个取值）", f" (value number {at + 1})") if many else ("", "")
        raise NotComputable(
            self.place or self.text,
            f"“{culprits[0]}”没有有限的值{zh}：除以零、负数开方或取对数，或数值过大。{with_values}",
            f'"{culprits[0]}" has no finite value{en}: a division by zero, a root or logarithm of a negative number, '
            f"or too large a number. {with_values}",
        )


def read_formula(text: str, place: str = "") -> Formula:
    """Read a formula; full-width signs and × ÷ ≤ ≥ ≠ are taken as they are meant. Raises WrongFormula."""
    if len(text) > LONGEST:
        raise WrongFormula(
            place,
            f"公式长 {len(text)} 个字符，最多 {LONGEST} 个；请拆成几个参数。",
            f"the formula has {len(text)} characters, at most {LONGEST} are read; divide it into several parameters.",
        )
    source = _lexed(text.translate(_AS_TYPED).strip(), place)
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        column = error.offset or 1 if isinstance(error, SyntaxError) else 1
        near = source[max(column - 1, 0) :][:20].replace(_IF, "if") or "…"
        raise WrongFormula(
            place,
            f"公式“{text}”在“{near}”附近写得不完整或不合语法。",
            f'"{text}" cannot be read as a formula near "{near}".',
        ) from None
    steps = tuple(_in_order(tree.body, source.encode(), place))
    return Formula(text, place, tuple(dict.fromkeys(s for s in steps if isinstance(s, str))), steps)


def is_name(name: str) -> bool:
    """Whether a parameter may be called so: letters of any script, digits and _, not a word of the language."""
    reserved = name in FUNCTIONS or name == _IF or keyword.iskeyword(name)
    return name.isidentifier() and not reserved and name == unicodedata.normalize("NFKC", name)


def unknown_parameter(name: str, known: Iterable[str], place: str) -> UnknownParameter:
    """The fault of a name that nobody defines, with the names it may have meant."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    zh = f"是否为 {'、'.join(near)}？" if near else "请先定义它。"
    en = f"Did you mean {', '.join(near)}?" if near else "Define it first."
    return UnknownParameter(place, f"没有参数“{name}”。{zh}", f'there is no parameter "{name}". {en}')


def _lexed(text: str, place: str) -> str:
    """The formula in one line of known tokens; everything else is refused with what to write instead."""
    pieces: list[str] = []
    depth = position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _unreadable(text[position:], place)
        piece, position = token.group(), token.end()
        depth += (piece == "(") - (piece == ")")
        if depth > DEEPEST:
            raise WrongFormula(
                place,
                f"括号嵌套超过 {DEEPEST} 层；请拆成几个参数。",
                f"parentheses are nested more than {DEEPEST} deep; divide the formula into several parameters.",
            )
        if token.lastgroup == "name" and piece not in _WORDS and piece not in FUNCTIONS and not is_name(piece):
            raise WrongFormula(place, f"“{piece}”不能用作名称。", f'"{piece}" cannot serve as a name.')
        pieces.append(_IF if piece == "if" else " " if token.lastgroup == "space" else piece)
    return "".join(pieces)


_INSTEAD = {"^": "**", "=": "==", "%": "/ 100", "[": "(", "{": "(", "&": "and", "|": "or", "!": "not"}


def _unreadable(rest: str, place: str) -> WrongFormula:
    instead = _INSTEAD.get(rest[0])
    zh, en = (f"请改用 {instead}。", f"Write {instead} instead.") if instead else ("请检查。", "Check it.")
    return WrongFormula(place, f"公式中“{rest[:20]}”无法读懂。{zh}", f'"{rest[:20]}" cannot be read in a formula. {en}')


def _in_order(root: ast.expr, source: bytes, place: str) -> Iterable[float | str | _Step]:
    """Operands before operations, without recursion: a sum of a thousand terms is nested a thousand deep."""
    todo: list[ast.expr | float | str | _Step] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.expr):
            said = source[node.col_offset : node.end_col_offset].decode().replace(_IF, "if")
            todo.extend(reversed(_taken_apart(node, said, place)))
        else:
            yield node


def _taken_apart(node: ast.expr, said: str, place: str) -> list[ast.expr | float | str | _Step]:
    """The operands of a node, and then its operation: the only place that says what a formula may hold."""
    match node:
        case ast.Constant(value=int() | float() as number):
            try:
                return [_finite(float(number))]
            except OverflowError:
                raise WrongFormula(
                    place, f"数“{said[:20]}…”过大。", f'the number "{said[:20]}…" is too large.'
                ) from None
        case ast.Name(id=name) if is_name(name):
            return [name]
        case ast.UnaryOp(op=op, operand=operand):
            if type(op) in _OPERATORS:
                return [operand, _Step(said, 1, _OPERATORS[type(op)])]
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) in _OPERATORS:
                return [left, right, _Step(said, 2, _OPERATORS[type(op)])]
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if type(op) in _OPERATORS:
                return [left, right, _Step(said, 2, _OPERATORS[type(op)])]
        case ast.Compare():
            raise WrongFormula(
                place, f"“{said}”：请写成 a < b and b < c。", f'"{said}": write it like a < b and b < c.'
            )
        case ast.BoolOp(op=op, values=[first, *others]):
            # what follows is only asked where the first does not decide, as everywhere else
            rest = others[0] if len(others) == 1 else ast.copy_location(ast.BoolOp(op, others), node)
            truth: list[ast.expr | float | str | _Step] = [rest, 0.0, _Step(said, 2, np.not_equal)]
            choose = _Step(said, 3, _choose)
            return [first, *truth, 0.0, choose] if isinstance(op, ast.And) else [first, 1.0, *truth, choose]
        case ast.Call(func=ast.Name(id=called), args=arguments, keywords=[]):
            name = "if" if called == _IF else called
            if name not in FUNCTIONS:
                near = difflib.get_close_matches(name, FUNCTIONS, n=1)
                known = ", ".join(near or FUNCTIONS)
                raise WrongFormula(
                    place, f"没有函数“{name}”；可用：{known}。", f'no function "{name}"; available: {known}.'
                )
            count, work = FUNCTIONS[name]
            if len(arguments) != count if count else len(arguments) < 2:
                zh, en = (str(count), str(count)) if count else ("至少 2", "at least 2")
                raise WrongFormula(
                    place,
                    f"函数 {name} 需要{zh} 个参数，得到 {len(arguments)} 个。",
                    f"{name} takes {en} arguments, not {len(arguments)}.",
                )
            return [*arguments, _Step(said, len(arguments), work)]
    raise WrongFormula(place, f"公式中不能写“{said}”。", f'"{said}" is not allowed in a formula.')


def _or_nan(value: Vector) -> Vector:
    return np.where(np.isfinite(value), value, np.nan)


def _finite(number: float) -> float:
    if not np.isfinite(number):
        raise OverflowError
    return number
