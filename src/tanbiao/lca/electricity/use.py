"""From the account of a site's electricity to the footprint of its products, and what the grid mix would make of it.

ISO 14067:2018 6.4.9.4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tanbiao.lca.electricity.account import ElectricityAccount
from tanbiao.lca.faults import CodeUsedTwice, Fault, NoProvider, Unbuildable, WrongAmount, raise_faults
from tanbiao.lca.footprint import Footprint, calculate_footprint
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.gases.gwp import gwp_set as gwp_set_of
from tanbiao.lca.inventory import burdens
from tanbiao.lca.model import Factor, Input, InputKind, Process, ProductSystem
from tanbiao.lca.units import UNITS, Quantity
from tanbiao.words import Text

_KWH = UNITS["kWh"]


@dataclass(frozen=True, slots=True)
class ElectricityUse:
    """What one process takes of an accounted consumption: all of it, or `quantity` with the mix of the whole."""

    process: str  # id
    account: ElectricityAccount
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class GridSensitivity(Table):
    """The footprint with the electricity as accounted, and with all of that electricity at the grid mix."""

    footprint: Footprint
    at_grid: Footprint

    @property
    def difference_kg_co2e(self) -> float:
        """How much more the footprint is at the grid mix, per declared unit."""
        return self.at_grid.total_kg_co2e - self.footprint.total_kg_co2e

    @property
    def relative(self) -> float | None:
        """The same over the footprint; None where that is zero."""
        total = self.footprint.total_kg_co2e
        return self.difference_kg_co2e / abs(total) if total else None

    def caption(self) -> Text:
        return Text("电力按电网平均计算的敏感性", "Sensitivity to electricity at the grid mix")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "kg_co2e": self.footprint.total_kg_co2e,
                "kg_co2e_at_grid": self.at_grid.total_kg_co2e,
                "difference": self.difference_kg_co2e,
                "relative": self.relative,
            }
        ]


def electricity_inputs(
    account: ElectricityAccount, factors: Mapping[str, Factor], quantity: Quantity | None = None
) -> tuple[Input, ...]:
    """The lines of an account as inputs of a process, in kWh.

    Transmission is a row of its own beside the row of its electricity; only the latter carries the item of the rule,
    so that no kWh is counted twice.
    quantity  what the process takes, with the mix of the whole; None: all of it
    Raises WrongAmount where it takes more than was accounted.
    """
    share, whole = (account.kwh if quantity is None else quantity.to(_KWH).amount), account.kwh
    if not 0 <= share <= whole:
        raise WrongAmount(
            account.consumptions[0].place if account.consumptions else "",
            f"过程用电 {share:f} kWh，应在 0 与所核算的 {whole:f} kWh 之间。",
            f"The process takes {share:f} kWh; it must be from 0 to the {whole:f} kWh accounted.",
        )
    return tuple(_inputs(account, factors, share, whole))


def _inputs(
    account: ElectricityAccount, factors: Mapping[str, Factor], share: Decimal, whole: Decimal
) -> Iterator[Input]:
    for line in account.lines:
        consumption = line.consumption
        kwh = line.kwh if share == whole else line.kwh * share / whole
        row = Input(
            f"{consumption.name} · {line.name.zh}",
            InputKind.ENERGY,
            Quantity(kwh, _KWH),
            consumption.stage,
            factor=line.factor,
            provider=line.provider,
            data_kind=consumption.data_kind,
            quality=consumption.quality,
            item=consumption.item,
            source="; ".join(filter(None, (consumption.source, line.evidence))),
            note=f"{consumption.start} – {consumption.end}: {line.reason} ({line.clause})",
            place=consumption.place,
        )
        yield row
        if line.transmission:
            name = f"{row.name} · {factors[line.transmission].name.zh}"
            yield replace(row, name=name, factor=line.transmission, provider="", item="")


def with_electricity(
    system: ProductSystem, uses: Sequence[ElectricityUse], factors: Mapping[str, Factor]
) -> ProductSystem:
    """The system with the accounted electricity among the inputs of its processes, and the factors these need.

    Raises Unbuildable where a process is not part of the system or the system brings another factor of the same id,
    WrongAmount where more is used than was accounted, CodeUsedTwice where two accounts claim the same code.
    """
    raise_faults(_use_faults(system, uses, factors))
    rows: dict[str, tuple[Input, ...]] = {process.id: () for process in system.processes}
    for use in uses:
        if use.process not in rows:
            raise Unbuildable(
                use.process,
                f"系统中没有用电的过程“{use.process}”。请核对过程编号。",
                f'The system has no process "{use.process}" to use the electricity. Check the id.',
            )
        rows[use.process] += electricity_inputs(use.account, factors, use.quantity)
    known = {factor.id for factor in system.factors}
    needed = dict.fromkeys(row.factor for added in rows.values() for row in added if row.factor)
    return replace(
        system,
        processes=tuple(replace(p, inputs=p.inputs + rows[p.id]) for p in system.processes),
        factors=system.factors + tuple(factors[id] for id in needed if id not in known),
    )


def _use_faults(
    system: ProductSystem, uses: Sequence[ElectricityUse], factors: Mapping[str, Factor]
) -> Iterator[Fault]:
    accounts = {id(use.account): use.account for use in uses}
    for key, account in accounts.items():
        taken = sum(
            (account.kwh if use.quantity is None else use.quantity.to(_KWH).amount)
            for use in uses
            if id(use.account) == key
        )
        if taken > account.kwh:
            yield WrongAmount(
                account.consumptions[0].place or account.consumptions[0].name,
                f"各过程共用 {taken:f} kWh，多于所核算的 {account.kwh:f} kWh。请按过程分开填写用电量。",
                f"The processes take {taken:f} kWh together, more than the {account.kwh:f} kWh accounted. "
                "Say how much each takes.",
            )
    claimed: dict[str, int] = {}
    for key, account in accounts.items():
        for code in sorted({code for line in account.lines for code in line.codes}):
            if claimed.setdefault(code, key) != key:
                yield CodeUsedTwice(
                    account.consumptions[0].place or account.consumptions[0].name,
                    f"编码“{code}”已用于另一处用电。一个编码只能用一次。",
                    f'Code "{code}" is already claimed by another account. Each counts once.',
                )
    for factor in system.factors:
        if factor.id in factors and factors[factor.id] != factor:
            yield Unbuildable(
                factor.name.zh,
                f"系统自带的因子“{factor.id}”与核算电力所用的同编号因子内容不同。请改用不同的编号。",
                f'The system brings a factor "{factor.id}" that differs from the one of the same id by which the '
                "electricity was accounted. Give it another id.",
            )


def grid_sensitivity(
    system: ProductSystem,
    uses: Sequence[ElectricityUse],
    factors: Mapping[str, Factor],
    gwp_set: str | GwpSet = "AR6",
) -> GridSensitivity:
    """The footprint of the product as accounted and at the grid mix. `system` comes without that electricity."""
    at_grid = [replace(use, account=use.account.at_grid()) for use in uses]
    return GridSensitivity(
        calculate_footprint(with_electricity(system, uses, factors), gwp_set, lookup=factors),
        calculate_footprint(with_electricity(system, at_grid, factors), gwp_set, lookup=factors),
    )


def kg_co2e_per_kwh(
    account: ElectricityAccount,
    factors: Mapping[str, Factor],
    gwp_set: str | GwpSet = "AR6",
    provided: Mapping[str, float] | None = None,
) -> float:
    """The kWh-weighted factor of an account, kg CO2e per kWh; 0 where nothing was consumed.

    provided  kg CO2e per kWh of the processes that generate, by id (unit footprints of the system)
    Raises NoProvider where one of them is missing.
    """
    gwp, rows, provided = gwp_set_of(gwp_set), electricity_inputs(account, factors), provided or {}
    parts = [
        float(burden.kg) * gwp.of(burden.substance, burden.gas_class)
        for burden in burdens(Process("", "", account.consumptions[0].stage, (), rows), factors)
    ]
    for row in rows:
        if row.provider:
            if row.provider not in provided:
                raise NoProvider(
                    row.place or row.name,
                    f"没有给出发电过程“{row.provider}”的单位碳足迹（kgCO2e/kWh）。请先计算该过程。",
                    f'No footprint per kWh is given of process "{row.provider}". Calculate it first.',
                )
            parts.append(float(row.quantity.amount) * provided[row.provider])
    return math.fsum(parts) / float(account.kwh) if account.kwh else 0.0
