"""Datapackages of Brightway as a source: the same numbers as from the matrices, and what is missing said."""

import io
import json
import zipfile

import numpy as np
import pytest
from openlca_cast import processes, read

from tanbiao.lca.datasets.compiling import Compiler
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import Direction, FlowKind, FlowRecord, MethodRecord
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.lca.network.engine import inventory_of

PACKAGES = (
    "basic_fixture.zip",
    "multi_lca_simple_1.zip",
    "multi_lca_simple_2.zip",
    "multi_lca_simple_3.zip",
    "multi_lca_simple_4.zip",
    "multi_lca_simple_5.zip",
    "multi_lca_simple_normalization.zip",
    "multi_lca_simple_weighting.zip",
    "empty_biosphere.zip",
    "svdm.zip",
)


def inventories(records, report):
    """Elementary flows of one unit of each product: product -> flow -> amount."""
    compiler = Compiler()
    for record in records:
        compiler.add(record)
    compiled = compiler.compiled(LinkRule.DECLARED, report)
    return {
        product: {
            row.id: amount
            for row, amount in zip(
                compiled.flow_rows,
                inventory_of(compiled.network, compiled.network.demand({i: 1.0})).values,
                strict=True,
            )
        }
        for i, product in enumerate(compiled.product_flows)
    }


@pytest.mark.parametrize("name", PACKAGES)
def test_published_packages(shared, name):
    folder = shared / "cases" / "datapackages-a"
    expected = json.loads((folder / "expected.json").read_text())["packages"][name]
    records, report = read(folder / name)
    assert report.facts["resources"] == expected["resources"]
    assert report.refused == 0
    scores = expected["scores"]
    assert (report.seen["not_square"] > 0) == any("error" in score for score in scores.values())
    assert (report.seen["no_technosphere"] > 0) == (not scores)
    found = inventories(records, report)
    for product, score in scores.items():
        for flow, amount in score.get("inventory", {}).items():
            assert found[product].get(flow, 0.0) == pytest.approx(amount, rel=1e-6)  # the packages are of float32
    matrices = {resource["matrix"] for resource in expected["resources"].values()}
    assert (report.seen["no_method"] > 0) == ("characterization_matrix" not in matrices)


def test_published_weights_are_kept_as_such(shared):
    folder = shared / "cases" / "datapackages-a"
    weights = [r for r in read(folder / "multi_lca_simple_weighting.zip")[0] if isinstance(r, MethodRecord)]
    assert [(m.documentation["kind"], m.factors[0].value) for m in weights] == [("weighting", 42), ("weighting", 84)]
    _records, report = read(folder / "svdm.zip")
    assert any("5 scenarios" in n.text.en for n in report.notices if n.code == "not_used")


def npy(values):
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def pairs(*places):
    return np.array(list(places), dtype=[("row", np.int64), ("col", np.int64)])


def package(path, matrices, extra=(), prefix=""):
    """matrices: matrix -> ((row, column), amount) ..., outputs positive."""
    resources, members = [], dict(extra)
    for matrix, entries in matrices.items():
        arrays = {
            "indices": pairs(*(place for place, _ in entries)),
            "data": np.array([abs(amount) for _, amount in entries], dtype=float),
            "flip": np.array([amount < 0 for _, amount in entries]),
        }
        for kind, values in arrays.items():
            name = f"{matrix}.{kind}"
            members[f"{name}.npy"] = npy(values)
            resources.append(
                {
                    "name": name,
                    "matrix": matrix,
                    "kind": kind,
                    "path": f"{name}.npy",
                    "group": matrix,
                    "category": "vector",
                    "nrows": len(entries),
                }
            )
    members["datapackage.json"] = json.dumps({"profile": "data-package", "resources": resources})
    with zipfile.ZipFile(path, "a") as archive:
        for name, data in members.items():
            archive.writestr(prefix + name, data)
    return path


SYSTEM = {
    "technosphere_matrix": [((1, 1), 1.0), ((2, 1), -0.5), ((2, 2), 2.0), ((1, 2), -0.1)],
    "biosphere_matrix": [((7, 1), 3.0), ((7, 2), 4.0)],
}


def test_a_package(tmp_path):
    names = b"id,name,unit,location\n1,steel,kg,CN\n2,coal,kg,CN\n7,CO2,kg,\n"
    records, report = read(package(tmp_path / "x.zip", SYSTEM, {"names.csv": names}))
    one, two = processes(records)["1"], processes(records)["2"]
    assert (one.names, one.location) == ({"": "steel"}, "CN")
    assert [(e.flow, e.direction, e.amount, e.provider) for e in one.exchanges] == [
        ("1", Direction.OUT, 1.0, ""),
        ("2", Direction.IN, 0.5, "2"),
        ("7", Direction.OUT, 3.0, ""),
    ]
    assert [e.reference for e in two.exchanges] == [True, False, False]
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    assert (flows["7"].kind, flows["7"].names, flows["7"].unit) == (FlowKind.ELEMENTARY, {"": "CO2"}, "kg")
    A, B = np.array([[1, -0.1], [-0.5, 2]]), np.array([3, 4])
    found = inventories(records, report)
    assert [found[p]["7"] for p in ("1", "2")] == pytest.approx(B @ np.linalg.inv(A))


def test_what_a_process_makes_besides_replaces_what_another_makes(tmp_path):
    system = SYSTEM | {"technosphere_matrix": [((1, 1), 1.0), ((2, 1), 0.5), ((2, 2), 2.0)]}
    records, report = read(package(tmp_path / "x.zip", system))
    assert processes(records)["1"].exchanges[1].avoided
    A, B = np.array([[1, 0], [0.5, 2]]), np.array([3, 4])
    found = inventories(records, report)
    assert [found[p]["7"] for p in ("1", "2")] == pytest.approx(B @ np.linalg.inv(A))


def test_a_product_and_a_flow_of_one_number(tmp_path):
    system = SYSTEM | {"biosphere_matrix": [((1, 1), 3.0)]}
    records, _ = read(package(tmp_path / "x.zip", system))
    assert processes(records)["1"].exchanges[-1].kind is FlowKind.ELEMENTARY


def test_packages_in_folders_of_one_zip_are_read_together(tmp_path):
    path = package(tmp_path / "x.zip", SYSTEM, prefix="base/")
    package(path, {"characterization_matrix": [((7, 0), 5.0)]}, prefix="method/")
    records, report = read(path)
    (method,) = [r for r in records if isinstance(r, MethodRecord)]
    assert [(f.flow, f.value) for f in method.factors] == [("7", 5.0)]
    assert len(processes(records)) == 2
    assert report.seen["no_method"] == 0


def test_processes_without_a_product_of_their_own_are_kept_and_said(tmp_path):
    system = {"technosphere_matrix": [((1, 5), 1.0), ((1, 6), 2.0), ((2, 6), 0.0)], "biosphere_matrix": [((7, 5), 1.0)]}
    records, report = read(package(tmp_path / "x.zip", system))
    assert set(processes(records)) == {"5", "6"}
    assert report.seen["no_pairing"] == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"technosphere_matrix.data.npy": npy(np.array([1.0]))}, "does not fit"),
        ({"technosphere_matrix.data.npy": b"no array"}, "no npy array"),
        ({"technosphere_matrix.data.npy": npy(np.array([1.0, np.inf, 1, 1]))}, "infinite"),
        ({"technosphere_matrix.indices.npy": npy(np.arange(4))}, "does not fit"),
        ({"datapackage.json": '{"profile": "data-package", "resources": 1}'}, "no list of resources"),
        ({"datapackage.json": '{"profile": "data-package", "resources": ['}, "no sound JSON"),
    ],
)
def test_what_is_refused(tmp_path, change, said):
    whole = package(tmp_path / "x.zip", SYSTEM)
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    broken = tmp_path / "y.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in (members | change).items():
            archive.writestr(name, data)
    with pytest.raises(SourceRefused, match=said):
        read(broken)
