"""What can be wrong with what is calculated: one class a failure, each said with its place in both languages.

A fault is a `Problems` of one, so `except Problems` catches one fault as well as a whole list of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tanbiao.words import Problem, Problems, TanbiaoError, Text


class Fault(Problems):
    """One thing wrong; `place` is where (sheet and cell, or process and row)."""

    def __init__(self, place: str, zh: str, en: str):
        self.place = place
        super().__init__([Problem(place, Text(zh, en))])


class Unbuildable(Fault):
    """The system does not hang together: duplicate ids, a process or product that does not exist."""


class AmbiguousProduct(Fault):
    """A process must have exactly one reference product."""


class WrongAmount(Fault):
    """An amount that is negative, not finite, out of range, or zero where something must be made."""


class WrongDimension(Fault):
    """A unit that does not fit: the factor, the provider or the declared unit speaks of another dimension."""


class WrongDistribution(Fault):
    """An uncertainty that cannot be: a GSD below 1, a mode outside its bounds, a lognormal of zero."""


class NoPedigree(Fault):
    """No pedigree matrix of this name, or none of its basic uncertainties for this kind of exchange."""


class WrongFormula(Fault):
    """A formula that cannot be read, or holds what no formula may hold."""


class UnknownParameter(Fault):
    """A name in a formula or a scenario that no parameter bears."""


class WrongParameter(Fault):
    """A parameter whose name, value or distribution does not do, or that is defined twice."""


class CyclicFormulas(Fault):
    """Parameters that are defined by one another; `names` are those of the circle."""

    def __init__(self, place: str, zh: str, en: str, names: Sequence[str]):
        self.names = tuple(names)
        super().__init__(place, zh, en)


class NotComputable(Fault):
    """A formula without a finite value: a division by zero, a root of a negative number."""


class WrongScore(Fault):
    """Data-quality scores run from 1 (best) to 5 (worst)."""


class NoSupply(Fault):
    """An input with neither a factor nor a provider nor a use factor, or with two sources at once."""


class NoProvider(Fault):
    """The process named as provider is not there, or does not make what is taken from it."""


class NoFactor(Fault):
    """The factor named is not part of the system."""


class FactorNotPermitted(Fault):
    """This factor may not be used in a product footprint; `use_instead` is the id of the one to use ("" if unknown)."""

    def __init__(self, place: str, zh: str, en: str, use_instead: str = ""):
        self.use_instead = use_instead
        super().__init__(place, zh, en)


class WrongFactorKind(Fault):
    """A factor that speaks of something else than its place asks for, or not of the whole life cycle."""


class WrongPeriod(Fault):
    """Periods that end before they begin, overlap, or do not lie within the one they belong to."""


class CodeUsedTwice(Fault):
    """The code of a certificate that is claimed more than once."""


class FactorMisplaced(Fault):
    """A use factor in the supply column, or the other way round; `column` is the right one."""

    def __init__(self, place: str, zh: str, en: str, column: str):
        self.column = column
        super().__init__(place, zh, en)


class CountedTwice(Fault):
    """A life-cycle factor already holds the combustion that a use factor would add again."""


class AllocationNeeded(Fault):
    """Several products, and no method that shares the burdens between them."""


class AllocationImpossible(Fault):
    """The method chosen lacks a value, has a negative one, or sums to zero."""


class WrongShare(Fault):
    """A share outside 0 to 1, or shares that together pass 1."""


class Unsplittable(Fault):
    """A process that cannot be subdivided as said: an output that no part makes, a row that is not there."""


class UnknownSubstance(Fault):
    """No global warming potential is known for this substance in this set."""


class WrongGwpSet(Fault):
    """A GWP set of one's own whose id, source, substance or value does not hold; `place` is the row or the key."""


class NoScores(Fault):
    """A datum lacks a data-quality score that the method asked for needs."""


class NoRemoval(Fault):
    """A removal is carbon dioxide taken up; no other gas is."""


class NarrowerThanSaid(Fault):
    """A factor said to cover all gases, of which it gives carbon dioxide only."""


class WrongShape(Fault):
    """An array that does not fit the network: as many entries as it has products or flows are due."""


class UnknownProduct(Fault):
    """No product of the network has this index or name, or several have the name."""


class NoUncertainty(Fault):
    """Nothing asked for carries a distribution: there is nothing to draw."""


class UnknownRow(Fault):
    """A formula or a distribution for a row that the system does not have, or has several of."""


class SystemOfEquations(Fault):
    """The equations have no usable solution; `names` are the processes (or products) concerned."""

    def __init__(self, names: Sequence[str], zh: str, en: str):
        self.names = tuple(names)
        super().__init__("", zh, en)


class NotSquare(SystemOfEquations):
    """As many products as processes are needed for a unique solution."""


class ZeroReference(SystemOfEquations):
    """A process that makes nothing, net of what it uses itself, or a product that nobody makes or uses."""


class NoMaker(SystemOfEquations):
    """Products that are taken but that no process makes; `names` are those who take them."""


class SeveralMakers(SystemOfEquations):
    """A product that several processes make, and no word on which of them supplies."""


class NotConverged(SystemOfEquations):
    """The iteration does not arrive, and factorising is no way out: too large a network, or a change to be followed."""


class Singular(SystemOfEquations):
    """No unique solution; `names` are the processes of the loop or group that is at fault."""


class NotProductive(SystemOfEquations):
    """A loop that uses up at least what it makes (gain >= 1); `names` are its processes."""

    def __init__(self, names: Sequence[str], zh: str, en: str, gain: float):
        self.gain = gain
        super().__init__(names, zh, en)


class WorkerLost(Fault):
    """Workers died, time after time, of the same task; `task` is its index (None: they died before any task)."""

    def __init__(self, place: str, zh: str, en: str, task: int | None):
        self.task = task
        super().__init__(place, zh, en)


class CannotTravel(Fault):
    """A function, its data, or an exception that no other process can be handed (it cannot be pickled)."""


class NoRay(Fault):
    """The address of a Ray cluster was given, but `ray` is not installed, or no cluster answers there."""


class NoFrames(Fault):
    """A data frame was asked for, but neither pandas nor polars is installed."""


class NotComparable(Fault):
    """Scenarios that stand in one list must be of the same products."""


class Cancelled(TanbiaoError):
    """Whoever asked for the work called it off; `done` of `total` tasks were finished."""

    def __init__(self, done: int, total: int):
        self.done, self.total = done, total
        super().__init__(
            Text(f"计算已取消（完成 {done}/{total} 项任务）。", f"Cancelled ({done} of {total} tasks were done).")
        )


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise the only fault as itself, several as one `Problems`; return where there is none."""
    found = tuple(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Problems(problem for fault in found for problem in fault.problems)
