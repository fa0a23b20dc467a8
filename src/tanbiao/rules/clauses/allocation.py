"""Clauses on shared burdens: which key a process may use, and what another key would give."""

from __future__ import annotations

from typing import Literal

from tanbiao.lca.allocation.shares import allocation_value, burden_bearers
from tanbiao.lca.model import Allocation, Process
from tanbiao.lca.other_allocations import Alternative, Choice, allocation_sensitivity
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.study import Study, label, label_as, listed
from tanbiao.words import Text

_NOTHING_SHARED = Text("没有共生产品，无需分配。", "No process has a co-product: nothing to allocate.")


_MOST = 16  # combinations of methods that a finding works out


def shared(study: Study) -> list[Process]:
    """The processes whose burdens are shared among several products."""
    return [process for process in study.system.processes if len(burden_bearers(process)) > 1]


class AllocationPermitted(Clause):
    """Where burdens are shared, the key is one the rule permits (ISO 14067:2018 6.4.6.2).

    A property can be any number that the enterprise writes, and what a co-product displaces is a claim about others:
    a person looks at which they are, and at their values.
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
        if expanded := [p for p in processes if p.allocation is Allocation.SUBSTITUTION]:
            claims = listed(f"{label(p)}: {_claims(p)}" for p in expanded)
            return self.to_judge(
                Text(f"用系统扩展，共生产品替代：{claims.zh}。", f"By system expansion; displaced: {claims.en}."),
                Text(
                    "核实被替代的产品确实因此少生产，替代比合理，所用因子代表被替代的那种生产。",
                    "Make sure that the displaced product is really made less, that the ratio holds, and that the "
                    "factor stands for the way of making it that is displaced.",
                ),
                value=value,
                limit=limit,
                rows=expanded,
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
    values = ", ".join(
        f"{o.name} {allocation_value(process, o)}/{o.quantity.unit.symbol}" for o in burden_bearers(process)
    )
    return f"{process.allocation_property} ({values})" if process.allocation_property else values


def _claims(process: Process) -> str:
    displaced = [(o, o.displaces) for o in burden_bearers(process) if o.displaces]
    return ", ".join(f"{o.name} → {d.factor or d.provider} × {d.ratio}" for o, d in displaced)


class AllocationSensitivity(Clause):
    """Where burdens are shared, shows what every other method that the data allow would give; a person judges.

    Methods whose values (prices, properties, what is displaced) the study does not hold are not shown. All
    combinations of several processes are, up to 16. ISO 14067:2018 6.4.6.1, 6.6.
    """

    kind: Literal["allocation-sensitivity"]

    def check(self, study: Study) -> Finding:
        processes = shared(study)
        if not processes:
            return self.passed(_NOTHING_SHARED)
        named = listed(label_as(process, called(process.allocation)) for process in processes)
        found = allocation_sensitivity(study.system, study.footprint.gwp, most=_MOST)
        chosen, others = study.footprint.total_kg_co2e, found.alternatives
        value = f"{chosen:.5g} kg CO2e"
        said = Text(f"对这些过程做了分配：{named.zh}。", f"Burdens are allocated in: {named.en}.")
        if others:
            ends = f"{others[0].kg_co2e:.5g}" if len(others) == 1 else "{:.5g} … {:.5g}".format(*found.range)
            keys = dict.fromkeys(choice.method.value for other in others for choice in other.choices)
            value = f"{chosen:.5g} → {ends} kg CO2e ({', '.join(keys)})"
            names = {process.id: process.name for process in processes}
            results = listed(_result(other, names) for other in others)
            said = Text(
                f"{said.zh}改用其他方法的结果（kg CO2e）：{results.zh}。",
                f"{said.en} Other methods give (kg CO2e): {results.en}.",
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


def _result(alternative: Alternative, names: dict[str, str]) -> Text:
    choices = [_method(choice, names if len(names) > 1 else {}) for choice in alternative.choices]
    kg = f"{alternative.kg_co2e:.5g}"
    return Text(f"{'，'.join(c.zh for c in choices)} {kg}", f"{', '.join(c.en for c in choices)} {kg}")


def _method(choice: Choice, names: dict[str, str]) -> Text:
    """A method, of which process where there are several, and by which property."""
    method, name = called(choice.method), names.get(choice.process, "")
    which = f" ({choice.property})" if choice.property else ""
    return Text(f"{name}{method.zh}{which}", f"{name} {method.en}{which}".strip())
