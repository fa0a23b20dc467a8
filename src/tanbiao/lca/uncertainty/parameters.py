"""Parameters of a model: named numbers with their uncertainty, formulas between them, and scenarios that set them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.making import combine
from tanbiao.lca.distributions.sampling import series
from tanbiao.lca.faults import CyclicFormulas, Fault, WrongParameter, raise_faults
from tanbiao.lca.uncertainty.formulas import Formula, Value, Vector, is_name, read_formula, unknown_parameter


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A number, or a formula of other parameters.

    value         a number, or the text of a formula
    distribution  of length 1, for numbers only: what the value is drawn from; None where it is certain
    """

    name: str
    value: float | str
    distribution: Distributions | None = None
    note: str = ""


class ParameterSet:
    """Parameters that hang together; checked once, when made.

    Raises (as Problems where several) WrongParameter, WrongFormula, UnknownParameter, CyclicFormulas.
    """

    def __init__(self, parameters: Iterable[Parameter]):
        self.parameters = tuple(parameters)
        self._formulas = _read(self.parameters)
        raise_faults(_faults(self.parameters, self._formulas))
        self._order = _order(self._formulas)

    def resolve(self, scenario: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """The value of every parameter, formulas worked out in the order of their dependence.

        scenario  name -> value, in place of the value or formula of that parameter; arrays give arrays.
        Raises UnknownParameter for a name that is not defined here, NotComputable.
        """
        values = {p.name: p.value for p in self.parameters if not isinstance(p.value, str)}
        return self._worked_out(values, scenario or {})

    def sample(self, seed: int, draws: int, scenario: Mapping[str, float] | None = None) -> dict[str, Vector]:
        """Draws 0..draws-1 of every parameter, name -> (draws,); what a scenario sets stands still.

        A formula follows the draws of what it uses. Each parameter has a key of its own, made of its name, so that
        adding one changes no draw of another.
        """
        numbers = [p for p in self.parameters if not isinstance(p.value, str)]
        drawn = [p for p in numbers if p.distribution is not None]
        values: dict[str, Value] = {p.name: float(p.value) for p in numbers}
        if drawn:
            table = series(
                combine(p.distribution for p in drawn if p.distribution is not None),
                [float(p.value) for p in drawn],
                seed,
                draws,
                np.array([name_key(p.name) for p in drawn], dtype=np.uint64),
            )
            values |= {p.name: row for p, row in zip(drawn, table, strict=True)}
        everything = self._worked_out(values, scenario or {})
        return {name: np.broadcast_to(np.asarray(value), (draws,)) for name, value in everything.items()}

    @property
    def uncertain(self) -> int:
        """How many parameters vary; 0 means that none carries uncertainty."""
        return sum(p.distribution is not None and bool(p.distribution.varies.any()) for p in self.parameters)

    def _worked_out(self, values: Mapping[str, Value], scenario: Mapping[str, Value]) -> dict[str, Value]:
        names = [p.name for p in self.parameters]
        raise_faults(unknown_parameter(name, names, name) for name in scenario if name not in names)
        raise_faults(_not_finite(name, value) for name, value in scenario.items() if not np.isfinite(value).all())
        known = {**values, **scenario}
        for name in self._order:
            if name not in scenario:
                known[name] = self._formulas[name].evaluate(known)
        return {name: known[name] for name in names}


def name_key(name: str) -> int:
    """The key of a name for drawing: the first 64 bits of its SHA-256 (UTF-8)."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _not_finite(name: str, value: Value) -> WrongParameter:
    return WrongParameter(name, f"值 {value} 不是有限数。", f"the value {value} is not finite.")


def _read(parameters: Iterable[Parameter]) -> dict[str, Formula]:
    formulas: dict[str, Formula] = {}
    faults: list[Fault] = []
    for p in parameters:
        if isinstance(p.value, str):
            try:
                formulas[p.name] = read_formula(p.value, p.name)
            except Fault as fault:
                faults.append(fault)
    raise_faults(faults)
    return formulas


def _faults(parameters: Iterable[Parameter], formulas: Mapping[str, Formula]) -> Iterable[Fault]:
    names: set[str] = set()
    known = [p.name for p in parameters]
    for p in parameters:
        if not is_name(p.name):
            yield WrongParameter(
                p.name,
                f"参数名“{p.name}”须由文字、数字和下划线组成，不以数字开头，且不是函数名或保留字。",
                f'the name "{p.name}" must consist of letters, digits and _, not begin with a digit, and not be a '
                "function or reserved word.",
            )
        if p.name in names:
            yield WrongParameter(p.name, f"参数“{p.name}”定义了两次。", f'"{p.name}" is defined twice.')
        names.add(p.name)
        if isinstance(p.value, str):
            if p.distribution is not None:
                yield WrongParameter(
                    p.name,
                    "由公式算出的参数没有自己的分布；请把分布给公式所用的参数。",
                    "a formula has no distribution of its own; give it to the parameters that the formula uses.",
                )
            for missing in formulas[p.name].names:
                if missing not in known:
                    yield unknown_parameter(missing, known, p.name)
        elif not np.isfinite(p.value):
            yield _not_finite(p.name, p.value)
        elif p.distribution is not None and len(p.distribution) != 1:
            yield WrongParameter(p.name, "一个参数需要一个分布。", "a parameter takes one distribution.")


def _order(formulas: Mapping[str, Formula]) -> tuple[str, ...]:
    """Names of the formulas, each after those it needs."""
    try:
        graph = {name: formula.names for name, formula in formulas.items()}
        return tuple(name for name in TopologicalSorter(graph).static_order() if name in formulas)
    except CycleError as error:
        circle = error.args[1][::-1]
        path = " → ".join(circle)
        raise CyclicFormulas(
            circle[0],
            f"参数互相定义，成了循环：{path}。请去掉其中一环。",
            f"these parameters are defined by one another: {path}. Break the circle.",
            circle[:-1],
        ) from None
