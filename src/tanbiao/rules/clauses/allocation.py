"""Clauses on shared burdens: which key a process may use, and what another key would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Output, OutputKind, Process
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.study import Study, label, label_as, listed
from tanbiao.words import TanbiaoError, Text

_NOTHING_SHARED = Text("没有共生产品，无需分配。", "No process has a co-product: nothing to allocate.")


def burden_bearers(process: Process) -> list[Output]:
    """The outputs that share the burdens of a process: its product and co-products."""
    return [o for o in process.outputs if o.kind in (OutputKind.PRODUCT, OutputKind.COPRODUCT)]


def shared(study: Study) -> list[Process]:
    """The processes whose burdens are shared among several products."""
    return [process for process in study.system.processes if len(burden_bearers(process)) > 1]


class AllocationPermitted(Clause):
    """Where burdens are shared, the key is one the rule permits (ISO 14067:2018 6.4.6.2).

    A property can be any number that the enterprise writes: a person looks at which it is, and at its values.
    """

    kind: Literal["allocation-permitted"]

    def check(self, study: Study) -> Finding:
        permitted = study.rule.allocation.permitted
        limit, keys = " / ".join(permitted), listed(called(key) for key in permitted)
        processes = shared(study)
        if not processes:
            return self.passed(_NOTHING_SHARED, limit=limit)
        value = " / ".join(dict.fromkeys(process.allocation for process in processes))
        named = listed(label_as(process, called(process.allocation)) for process in processes)
        if refused := [p for p in processes if p.allocation not in permitted]:
            wrong = listed(label_as(process, called(process.allocation)) for process in refused)
            return self.failed(
                Text(f"使用了规则不允许的分配方法：{wrong.zh}。", f"Allocation the rule does not permit: {wrong.en}."),
                Text(
                    f"先细分过程；不能细分的，改用：{keys.zh}。",
                    f"Subdivide the process first; where that cannot be done, use: {keys.en}.",
                ),
                value=value,
                limit=limit,
                rows=refused,
            )
        if by_property := [p for p in processes if p.allocation is Allocation.PROPERTY]:
            values = listed(f"{label(p)}: {_values(p)}" for p in by_property)
            return self.to_judge(
                Text(f"按属性分配，每单位的属性值：{values.zh}。", f"By a property; its value per unit: {values.en}."),
                Text(
                    "说明是什么属性，与负荷有何物理因果关系，并核对其数值。",
                    "Say which property it is and how the burdens follow from it; check its values.",
                ),
                value=value,
                limit=limit,
                rows=by_property,
            )
        return self.passed(
            Text(f"分配方法符合规则：{named.zh}。", f"The allocation is permitted: {named.en}."),
            value=value,
            limit=limit,
        )


def _values(process: Process) -> str:
    outputs = burden_bearers(process)
    return ", ".join(f"{o.name} {o.allocation_value}/{o.quantity.unit.symbol}" for o in outputs)


class AllocationSensitivity(Clause):
    """Where burdens are shared by a key other than mass, shows what mass would give; a person judges the difference.

    Other keys need values (prices, properties) that the study does not hold. ISO 14067:2018 6.4.6.1, 6.6.
    """

    kind: Literal["allocation-sensitivity"]

    def check(self, study: Study) -> Finding:
        processes = shared(study)
        if not processes:
            return self.passed(_NOTHING_SHARED)
        named = listed(label_as(process, called(process.allocation)) for process in processes)
        chosen, by_mass = study.footprint.total_kg_co2e, _total_by_mass(study)
        value = f"{chosen:.5g} kg CO2e"
        said = Text(f"对这些过程做了分配：{named.zh}。", f"Burdens are allocated in: {named.en}.")
        if by_mass is not None:
            value = f"{chosen:.5g} → {by_mass:.5g} kg CO2e (mass)"
            said = Text(
                f"{said.zh}改按质量分配，结果为 {by_mass:.5g} kg CO2e。",
                f"{said.en} Allocated by mass, the result is {by_mass:.5g} kg CO2e.",
            )
        return self.to_judge(
            said,
            Text(
                "在报告中给出其他适用分配方法的结果，并说明选择的理由。",
                "Give in the report the result of the other applicable keys, and why this one was chosen.",
            ),
            value=value,
            rows=processes,
        )


def _total_by_mass(study: Study) -> float | None:
    """The footprint with every shared burden allocated by mass; None where it already is, or cannot be."""
    others = [p for p in shared(study) if p.allocation is not Allocation.MASS]
    if not others:
        return None
    processes = tuple(replace(p, allocation=Allocation.MASS) if p in others else p for p in study.system.processes)
    try:
        return calculate_footprint(replace(study.system, processes=processes), study.footprint.gwp).total_kg_co2e
    except TanbiaoError:  # a co-product that is not weighed
        return None
