"""Every shared case by command line as a user gives it, by its folder: the listed counts, links and inventories."""

from __future__ import annotations

import csv
import json

import pytest

NAMES = {"distinct_flows_in_exchanges": "flows"}
NETWORKS = {
    "uslci-2017-jsonld": 1,
    "uslci-2018-ecospold2": 1,
    "uslci-2020-ecospold1": 1,
    "tiangong-a-ilcd": 2,  # with its methods
    "us-rail-jsonld2": 1,
    "us-fpl-jsonld": 1,
}
PRECISE, NOTHING = 1e-9, 1e-12
BESIDE = {"README.md", "expected.json", "gwp_all.csv"}


@pytest.fixture(scope="module")
def imported(tanbiao, shared):
    """The answer to the import of the folder of a case, which is made once."""
    kept = {}

    def of(case):
        if case not in kept:
            done = tanbiao("library", "import", shared / "cases" / case, "--json")
            assert done.code == 0, done
            kept[case] = done.json
        return kept[case]

    return of


@pytest.fixture(scope="module")
def expected(shared):
    return lambda case: json.loads((shared / "cases" / case / "expected.json").read_text(encoding="utf-8"))


def parts(answer):
    """What was said of each source of a folder, by the file or folder it was."""
    return {one["part"]: one for one in answer["databases"]}


def check_counts(said, wanted):
    assert {key: said["counts"][NAMES.get(key, key)] for key in wanted["counts"]} == wanted["counts"]
    assert {key: said["linking"][key] for key in wanted["linking"]} == wanted["linking"]
    if not said.get("nothing"):
        assert (said["processes"], said["exchanges"]) == (wanted["counts"]["processes"], wanted["counts"]["exchanges"])


def main_source(answer):
    return answer["databases"][0] if "databases" in answer else answer


@pytest.mark.parametrize("case", NETWORKS)
def test_counts_and_links(imported, expected, case):
    answer, wanted = imported(case), expected(case)
    said = main_source(answer)
    assert len(answer.get("databases", [answer])) == NETWORKS[case]
    assert set(answer["passed_over"]) <= BESIDE
    check_counts(said, wanted)
    for key in ("usable_processes", "strict_products", "inputs_without_link_total"):
        assert said["linking"][key] == wanted[key]
    assert said["linked"] + said["unlinked"] == said["linking"]["product_inputs"]
    assert said["unlinked"] == wanted["inputs_without_link_total"]


def check_inventory(found, wanted, cf):
    amounts = {}
    for row in found["flows"]:
        amounts.setdefault((row["flow"], row["direction"]), []).append(row["amount"])
    for top in wanted["inventory_top"]:
        listed = amounts.get((top["flow"], top["direction"]), [0.0])
        assert any(amount == pytest.approx(top["amount"], rel=PRECISE) for amount in listed), top
    gwp = sum(cf.get(flow, 0.0) * sum(each) for (flow, direction), each in amounts.items() if direction == "out")
    assert gwp == pytest.approx(wanted["gwp100_kgCO2e"], rel=PRECISE, abs=NOTHING)
    assert found["product"]["process"] == wanted["process"]
    assert found["residual"] < PRECISE


@pytest.mark.parametrize("case", NETWORKS)
def test_inventories(tanbiao, imported, expected, case):
    database, wanted = main_source(imported(case))["database"], expected(case)
    asked = [(one, ()) for one in wanted["strict"]]
    asked += [(one, ("--link", "main-product")) for one in wanted["main_product"]]
    for one, rule in asked:
        amount = ("--amount", repr(one["demand_in_reference_unit"]))
        done = tanbiao("library", "inventory", database, one["process"], *amount, *rule, "--json")
        check_inventory(done.json, one, wanted["cf"])


def test_a_day_is_a_unit_of_its_own_and_can_be_asked_for_in_hours(tanbiao, imported, expected, shared):
    database = imported("uslci-2020-ecospold1")["database"]
    cf = expected("uslci-2020-ecospold1")["cf"]
    with (shared / "cases" / "uslci-2020-ecospold1" / "gwp_all.csv").open(encoding="utf-8") as lines:
        listed = {row["process_id"]: float(row["gwp100_kgCO2e_per_reference_unit"]) for row in csv.DictReader(lines)}
    for process in ("56109", "57692", "79945"):
        for words in ((), ("--unit", "d"), ("--unit", "h", "--amount", "24")):
            found = tanbiao("library", "inventory", database, process, "--link", "main-product", *words, "--json").json
            released = [row for row in found["flows"] if row["direction"] == "out"]
            gwp = sum(cf.get(row["flow"], 0.0) * row["amount"] for row in released)
            assert gwp == pytest.approx(listed[process], rel=PRECISE)


def test_small_ecospold2_systems(imported, expected):
    answer = imported("ecospold2-small-a")
    groups = expected("ecospold2-small-a")["groups"]
    assert set(parts(answer)) == set(groups)
    for name, wanted in groups.items():
        check_counts(parts(answer)[name], wanted)
    assert answer["processes"] == sum(wanted["counts"]["processes"] for wanted in groups.values())


def test_openlca_archives(imported, expected):
    answer, files = imported("olca-archives-a"), expected("olca-archives-a")["files"]
    assert set(parts(answer)) == set(files)
    for name, wanted in files.items():
        said = parts(answer)[name]
        assert {key: said["counts"].get(NAMES.get(key, key), 0) for key in wanted["counts"]} == wanted["counts"]
        assert {key: said["linking"][key] for key in wanted["linking"]} == wanted["linking"]


def test_datapackages(tanbiao, imported, expected):
    answer, packages = imported("datapackages-a"), expected("datapackages-a")["packages"]
    assert set(parts(answer)) == set(packages)
    for name, wanted in packages.items():
        said = parts(answer)[name]
        assert said["facts"]["resources"] == wanted["resources"]
        for product, score in wanted["scores"].items():
            done = tanbiao("library", "inventory", said["database"], product, "--json")
            if "error" in score:  # more products than processes: those without a maker are not found
                assert done.code == 1 or said["seen"]["not_square"]
                continue
            found = {row["flow"]: row["amount"] for row in done.json["flows"]}
            for flow, amount in score["inventory"].items():
                assert found.get(flow, 0.0) == pytest.approx(amount, rel=1e-6)  # the packages are of float32


def test_simapro_files(imported, expected):
    answer, files = imported("simapro-csv-a"), expected("simapro-csv-a")["files"]
    assert set(parts(answer)) == set(files)
    for name, wanted in files.items():
        facts = parts(answer)[name]["facts"]
        assert facts["blocks"] == wanted["blocks"]
        rows = {s: n for s, n in wanted["rows_by_section"].items() if s not in ("Literature reference", "Method")}
        assert {section: facts["rows"].get(section, 0) for section in rows} == rows
        assert parts(answer)[name]["processes"] == wanted["blocks"].get("Process", 0)
    assert answer["refused"] == 0


def test_workbooks(imported, expected):
    answer, files = imported("workbook-brightway-a"), expected("workbook-brightway-a")["files"]
    assert set(parts(answer)) == set(files)
    for name, sheets in files.items():
        said = parts(answer)[name]
        if "activities" in sheets:  # a CSV is one sheet
            sheets = {"": sheets}
        if said.get("nothing"):
            assert not any(sheet["activities"] for sheet in sheets.values())
            continue
        for sheet, wanted in sheets.items():
            found = said["facts"]["sheets"][f"{name} {sheet}".strip()]
            assert {key: found[key] for key in ("activities", "exchange_blocks")} == {
                key: wanted[key] for key in ("activities", "exchange_blocks")
            }


def test_declarations_and_methods(imported, expected):
    said = imported("ilcd-epd-a")
    roots = [one["root"] for one in expected("ilcd-epd-a")["datasets"].values()]
    assert said["declarations"] == roots.count("processDataSet")
    methods = [one for one in expected("aware-method-jsonld")["files"].values() if one["type"] == "ImpactCategory"]
    said = imported("aware-method-jsonld")
    assert (said["methods"], said["factors"]) == (len(methods), sum(one["factors"] for one in methods))
    said = parts(imported("tiangong-a-ilcd"))["lciamethods.zip"]
    methods = expected("tiangong-a-ilcd")["lcia_methods"]
    assert (said["methods"], said["factors"]) == (len(methods), sum(one["factors"] for one in methods))
