"""A product system drawn: parameters, activity data and background, alone or together.

    amount of a row = its formula, or the amount given     x its own uncertainty
    intensity of a factor = its draws in a Monte Carlo of the background (the same draws for every product)

Every source draws by a key of its own (its name), so that one more of them changes no draw of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.background import Background
from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.making import combine
from tanbiao.lca.distributions.sampling import series
from tanbiao.lca.document import to_document
from tanbiao.lca.faults import NotProductive, NoUncertainty, WrongAmount
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.gases.gwp import gwp_set as gwp_set_of
from tanbiao.lca.network.direct import WORST_RESIDUAL
from tanbiao.lca.network.engine import Solver
from tanbiao.lca.record import Record, gwp_label, sha256_of_arrays, sha256_of_document
from tanbiao.lca.uncertainty.draws import no_uncertainty
from tanbiao.lca.uncertainty.foreground import Foreground, evaluate
from tanbiao.lca.uncertainty.montecarlo import QUANTILES, MonteCarlo, check_draws, rows_by_variance
from tanbiao.lca.uncertainty.parameters import name_key
from tanbiao.lca.uncertainty.parametrised import ParametrisedSystem
from tanbiao.words import Text

Array = NDArray[np.float64]

SOURCES = ("parameters", "data", "background")


@dataclass(frozen=True, slots=True, eq=False)
class Simulation(Table):
    """samples (d,): kg CO2e per declared unit, draw by draw; lines (d, lines): of each line of the foreground.

    impossible  draws left out, because in the amounts drawn a loop uses up what it makes
    """

    foreground: Foreground
    record: Record
    varied: tuple[str, ...]
    samples: Array
    lines: Array
    impossible: int = 0

    def caption(self) -> Text:
        low, middle, high = (float(np.quantile(self.samples, q)) for q in QUANTILES)
        said = f"{middle:.6g} ({low:.6g} – {high:.6g}) kg CO2e, {self.record.gwp_set}"
        more = self.impossible
        left_out = Text(f"；{more} 次无解，已略去", f"; {more} without solution left out") if more else Text("", "")
        return Text(f"{said}；种子 {self.record.seed}{left_out.zh}", f"{said}; seed {self.record.seed}{left_out.en}")

    def rows(self) -> list[dict[str, object]]:
        """The lines, by how much of the variance of the total goes with them; see `rows_by_variance`."""
        labels: list[dict[str, object]] = [
            {"process": line.process, "line": line.name, "part": line.part, "stage": line.stage.value}
            for line in self.foreground.lines
        ]
        return rows_by_variance(labels, self.lines)


def simulate(
    given: ParametrisedSystem,
    *,
    draws: int,
    seed: int,
    gwp_set: str | GwpSet = "AR6",
    scenario: Mapping[str, float] | None = None,
    background: Mapping[str, Array] | None = None,
    vary: Collection[str] = SOURCES,
) -> Simulation:
    """Draw a product system `draws` times.

    scenario    name -> value of parameters that stand still in it
    background  factor id -> (draws,) or more: how many times its mean the factor is (see `intensity_draws`)
    vary        any of "parameters", "data" (amounts of rows), "background"
    Raises NoUncertainty where nothing asked for varies, WrongAmount for draws or sources that cannot be.
    """
    check_draws(draws)
    intensity = _intensity(given.foreground, background or {}, draws)
    does = {
        "parameters": bool(given.parameters.uncertain and given.formulas),
        "data": any(bool(spread.varies.any()) for spread in given.spreads.values()),
        "background": bool(intensity),
    }
    _check_sources(vary)
    varied = tuple(source for source in SOURCES if does[source] and source in vary)
    if not varied:
        raise _nothing_varies(vary)
    resolved = given.parameters.resolve(scenario)
    known = given.parameters.sample(seed, draws, scenario) if "parameters" in varied else resolved
    amounts = given.amounts(known, draws)
    if "data" in varied:
        for row, ratio in _row_draws(given, seed, draws).items():
            amounts[:, row] *= ratio
    chosen = intensity if "background" in varied else {}
    found = evaluate(given.foreground, amounts, chosen)
    record = Record(
        _inputs_hash(given, scenario or {}, chosen, varied),
        gwp_label(gwp_set_of(gwp_set)),
        Solver("factorisation", 0, found.residual, WORST_RESIDUAL),
        seed=seed,
        draws=draws,
    )
    sound = found.sound
    if not sound.any():
        raise _nothing_sound()
    samples, lines = found.totals(gwp_set)[sound], found.by_line(gwp_set)[sound]
    return Simulation(given.foreground, record, varied, samples, lines, int((~sound).sum()))


def intensity_draws(draws: MonteCarlo, background: Background) -> dict[str, Array]:
    """Draws of background products as ratios to their means, by the id of the dataset: one draw, one background."""
    means = dict(zip(draws.products, draws.means.tolist(), strict=True))
    return {
        id: draws.of(product) / means[product]
        for id, (product, _) in background.datasets.items()
        if means.get(product, 0.0) != 0
    }


def _intensity(foreground: Foreground, background: Mapping[str, Array], draws: int) -> dict[str, Array]:
    used = {line.factor for line in foreground.lines}
    for id, ratio in background.items():
        if not np.isfinite(ratio).all():
            raise WrongAmount(
                id, "背景的抽样中有非有限数。请重新抽样。", "draws of the background are not finite. Draw them again."
            )
        if ratio.size < draws:
            raise WrongAmount(
                id,
                f"背景只有 {ratio.size} 次抽样，少于所要的 {draws} 次。请增加背景的抽样次数。",
                f"the background has {ratio.size} draws, fewer than the {draws} asked for. Draw the background more.",
            )
    return {id: ratio[:draws] for id, ratio in background.items() if id in used}


def _check_sources(vary: Collection[str]) -> None:
    for word in vary:
        if word not in SOURCES:
            raise WrongAmount(
                "vary",
                f"没有不确定性来源“{word}”；可用：{'、'.join(SOURCES)}。",
                f'there is no source of uncertainty "{word}"; available: {", ".join(SOURCES)}.',
            )


def _nothing_varies(vary: Collection[str]) -> NoUncertainty:
    if tuple(vary) == ("background",):
        return NoUncertainty(
            "",
            "没有给出所用背景因子的抽样。请用 background=intensity_draws(...) 给出。",
            "No draws of the background factors in use are given. Give them as background=intensity_draws(...).",
        )
    return no_uncertainty()


def _nothing_sound() -> NotProductive:
    return NotProductive(
        (),
        "每次抽样都有循环消耗不少于产出，没有解。请减小循环中投入的不确定性。",
        "In every draw a loop uses up what it makes, so there is no solution. Narrow the spreads of inputs in loops.",
        1.0,
    )


def _row_draws(given: ParametrisedSystem, seed: int, draws: int) -> dict[int, Array]:
    """Draws of the amounts of rows as ratios to the amounts given, by the index of the row."""
    rows = [row for row in given.spreads if given.foreground.amounts[row]]
    means = given.foreground.amounts[rows]
    named = [given.foreground.rows[row] for row in rows]
    keys = np.array([name_key(f"row {row.process}\0{row.name}") for row in named], dtype=np.uint64)
    table = series(combine(given.spreads[row] for row in rows), means, seed, draws, keys)
    return {row: table[k] / means[k] for k, row in enumerate(rows)}


def _inputs_hash(
    given: ParametrisedSystem, scenario: Mapping[str, float], intensity: Mapping[str, Array], varied: tuple[str, ...]
) -> str:
    """Of everything that the digits hang on, beside seed and number of draws."""
    return sha256_of_document(
        {
            "system": to_document(given.foreground.system),
            "parameters": [[p.name, repr(p.value), _hash(p.distribution)] for p in given.parameters.parameters],
            "formulas": {str(row): formula.text for row, formula in given.formulas.items()},
            "spreads": {str(row): _hash(spread) for row, spread in given.spreads.items()},
            "scenario": {name: repr(value) for name, value in scenario.items()},
            "background": {id: sha256_of_arrays(ratio) for id, ratio in intensity.items()},
            "varied": list(varied),
        }
    )


def _hash(spread: Distributions | None) -> str:
    return "" if spread is None else sha256_of_arrays(*(column.astype(float) for column in spread.columns()))
