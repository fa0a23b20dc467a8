"""Real databases, read and linked: the counts, links and inventories that were worked out for them elsewhere.

Each source is read once. `cf` are the characterisation factors of the expected results, on outputs by flow.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.compiling import Compiled, Compiler
from tanbiao.lca.datasets.intensities import intensities
from tanbiao.lca.datasets.inventory import life_cycle_inventory
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import Singular
from tanbiao.lca.network.direct import supply

FILES = {
    "uslci-2017-jsonld": "data.zip",
    "uslci-2018-ecospold2": "uslci_fy18_q3_01_olca1_7_2.ecospold2.zip",
    "uslci-2020-ecospold1": "uslci_fy20_q2_01_olca1_10_3_ecospold2.zip",
    "tiangong-a-ilcd": "data.zip",
    "us-rail-jsonld2": "data.zip",
    "us-fpl-jsonld": "data.zip",
}
CASES = pytest.mark.parametrize("case", list(FILES))
PRECISE, NOTHING = 1e-9, 1e-12


class Database:
    """One source, with what is expected of it; compiled under each rule when asked for."""

    def __init__(self, path: Path):
        self.report = Report()
        self._compiler = Compiler()
        for record in read_source(path, self.report):
            self._compiler.add(record)

    @cache  # noqa: B019  # as long as the session
    def compiled(self, rule: LinkRule) -> tuple[Compiled, Report]:
        report = Report()
        return self._compiler.compiled(rule, report), report


@pytest.fixture(scope="session")
def databases(shared):
    return cache(lambda name: Database(shared / "cases" / name))


@pytest.fixture
def database(databases, case) -> Database:
    return databases(f"{case}/{FILES[case]}")


@pytest.fixture
def expected(shared, case) -> dict[str, Any]:
    return json.loads((shared / "cases" / case / "expected.json").read_text(encoding="utf-8"))


@CASES
def test_what_is_read(database, expected):
    names = {"distinct_flows_in_exchanges": "flows"}
    assert {key: database.report.counts[names.get(key, key)] for key in expected["counts"]} == expected["counts"]


@CASES
@pytest.mark.parametrize("rule", [LinkRule.DECLARED, LinkRule.MAIN_PRODUCT])
def test_what_is_linked(database, expected, rule):
    compiled, report = database.compiled(rule)
    wanted = expected["linking"] | {
        key: expected[key] for key in ("usable_processes", "strict_products", "inputs_without_link_total")
    }
    linking = report.facts["linking"]
    assert {key: linking[key] for key in wanted} == wanted
    assert report.counts["linked"] + report.counts["unlinked"] == linking["product_inputs"]
    assert report.counts["unlinked"] == expected["inputs_without_link_total"]
    listed = sum(n for code, n in report.seen.items() if code.startswith("unlinked_"))
    assert len(compiled.unlinked) == listed >= report.counts["unlinked"]


@CASES
def test_unlinked_inputs_are_listed_by_name(database, expected):
    compiled, report = database.compiled(LinkRule.DECLARED)
    listed = {(u.process, u.flow, u.provider) for u in compiled.unlinked}
    assert listed >= {(u["process"], u["flow"], u["provider"]) for u in expected["unlinked_examples"]}
    assert all(u.process_name.zh and u.flow_name.zh for u in compiled.unlinked)
    assert all(notice.place and notice.text.zh and notice.text.en for notice in report.warnings)


def check_inventory(compiled: Compiled, wanted: dict[str, Any], cf: dict[str, float], tolerance: float) -> None:
    found = life_cycle_inventory(compiled, wanted["process"], wanted["demand_in_reference_unit"])
    assert found.name.en == wanted["name"].strip()
    amounts = {(row.flow.id, row.flow.direction.value): row.amount for row in found.rows}
    assert len(amounts) <= wanted["elementary_flows"]
    for top in wanted["inventory_top"]:
        assert amounts.get((top["flow"], top["direction"]), 0.0) == pytest.approx(top["amount"], rel=tolerance)
    gwp = sum(cf.get(flow, 0.0) * amount for (flow, direction), amount in amounts.items() if direction == "out")
    assert gwp == pytest.approx(wanted["gwp100_kgCO2e"], rel=tolerance, abs=NOTHING)
    assert found.residual < PRECISE


@CASES
@pytest.mark.parametrize("rule", [LinkRule.DECLARED, LinkRule.MAIN_PRODUCT])
def test_strict_inventories(database, expected, rule):
    compiled, _ = database.compiled(rule)
    for wanted in expected["strict"]:
        check_inventory(compiled, wanted, expected["cf"], PRECISE)


@CASES
def test_inventories_under_the_main_product_rule(database, expected):
    compiled, _ = database.compiled(LinkRule.MAIN_PRODUCT)
    for wanted in expected["main_product"]:
        check_inventory(compiled, wanted, expected["cf"], expected["tolerance"])


@CASES
def test_every_product_under_the_main_product_rule(shared, case, database, expected):
    compiled, _ = database.compiled(LinkRule.MAIN_PRODUCT)
    file = shared / "cases" / case / "gwp_all.csv"
    if not file.exists():
        pytest.skip("no results of all products")
    cf = np.array([expected["cf"].get(row.id, 0.0) * (row.direction == "out") for row in compiled.flow_rows])
    network = compiled.network
    equations = sparse.csc_array(sparse.eye_array(network.size, format="csc") - network.inputs)
    found = network.as_counted(supply(equations, network.flows @ cf, network.names).s)
    with file.open(encoding="utf-8") as lines:
        wanted = {row["process_id"]: float(row["gwp100_kgCO2e_per_reference_unit"]) for row in csv.DictReader(lines)}
    assert set(wanted) == set(compiled.processes)
    ours = {id: found[i] for id, i in compiled.index.items()}
    wrong = {
        id for id, gwp in wanted.items() if not np.isclose(ours[id], gwp, rtol=expected["tolerance"], atol=NOTHING)
    }
    assert wrong == set()


@CASES
@pytest.mark.parametrize("rule", [LinkRule.DECLARED, LinkRule.MAIN_PRODUCT])
def test_intensities_are_those_of_the_inventories(database, rule):
    compiled, report = database.compiled(rule)
    solved = intensities(compiled)
    footprints = solved.co2e("AR6")
    assert np.flatnonzero(np.isnan(footprints)).tolist() == sorted(solved.unsolved)
    assert bool(solved.unsolved) == bool(report.seen["unproductive_loop"])
    for i in range(0, len(compiled.processes), 97):
        found = life_cycle_inventory(compiled, compiled.processes[i])
        assert (found.unproductive is None) == (i not in solved.unsolved)
        if i not in solved.unsolved:
            assert footprints[i] == pytest.approx(found.kg_co2e, rel=PRECISE, abs=NOTHING)


def test_small_ecospold2_systems(shared):
    folder = shared / "cases" / "ecospold2-small-a"
    for name, wanted in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["groups"].items():
        database = Database(folder / name)
        for rule in (LinkRule.DECLARED, LinkRule.MAIN_PRODUCT):
            _, report = database.compiled(rule)
            linking = report.facts["linking"]
            assert {key: linking[key] for key in wanted["linking"]} == wanted["linking"], name
        counts = {"distinct_flows_in_exchanges": "flows"}
        assert {k: database.report.counts[counts.get(k, k)] for k in wanted["counts"]} == wanted["counts"], name


def test_pounds_of_steel_in_a_system_of_mixed_units(shared):
    compiled, _ = Database(shared / "cases" / "ecospold2-small-a" / "mixed-units").compiled(LinkRule.DECLARED)
    found = life_cycle_inventory(compiled, "Steel production, synthetic test", 2.2, "lb")
    amounts = {row.flow.name.en: row.amount for row in found.rows}
    coal_per_kwh = 1.1 / 2.2 * 0.1
    assert amounts["Carbon dioxide"] == pytest.approx(1.8 + 2 * (0.9 + coal_per_kwh))
    assert amounts["Sulfur dioxide"] == pytest.approx(0.02)


@pytest.mark.parametrize(("file", "co2"), [("00-good", 6.5), ("10-missing-provider", 0.5), ("24-good-loop", 8.125)])
def test_dirty_ones_that_can_be_solved(shared, file, co2):
    compiled, _ = Database(shared / "cases" / "dirty" / f"{file}.zip").compiled(LinkRule.DECLARED)
    found = life_cycle_inventory(compiled, "Make A")
    assert found.rows[0].amount == pytest.approx(co2, rel=PRECISE)
    assert found.incomplete == (file == "10-missing-provider")


def test_dirty_ones_without_a_meaningful_solution(shared):
    database = Database(shared / "cases" / "dirty" / "23-loop-gain-above-one.zip")
    compiled, report = database.compiled(LinkRule.DECLARED)
    assert report.seen["unproductive_loop"] == 1
    assert np.isnan(intensities(compiled).co2e("AR6")).all()
    assert "Make A" in life_cycle_inventory(compiled, "Make A").unproductive.en
    with pytest.raises(Exception, match="Make A") as singular:
        Database(shared / "cases" / "dirty" / "22-singular-loop.zip").compiled(LinkRule.DECLARED)
    assert not isinstance(singular.value, Singular)  # the source as a whole has nothing to offer
    with pytest.raises(Exception, match="Make B"):
        Database(shared / "cases" / "dirty" / "19-zero-reference.zip").compiled(LinkRule.DECLARED)
