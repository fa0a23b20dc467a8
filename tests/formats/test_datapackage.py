"""Datapackages of Brightway: the common cases answered in their ids, what is missing said, what means harm refused."""

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tanbiao.formats.datapackage import read_datapackage
from tanbiao.formats.datapackage_writer import write_datapackage
from tanbiao.formats.datapackage_zip import WrongDatapackage
from tanbiao.lca.distributions.columns import Kind
from tanbiao.lca.faults import NotProductive, NotSquare, WrongDistribution
from tanbiao.lca.network.conventions import network_from_matrices
from tanbiao.words import TanbiaoError

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "datapackages-a"
needs_shared = pytest.mark.skipif(not CASES.is_dir(), reason="the folder ../shared with the common cases is absent")
INDICES = np.dtype([("row", "<i8"), ("col", "<i8")])
NUMBERS = ("loc", "scale", "shape", "minimum", "maximum")
SPREAD = np.dtype([("uncertainty_type", "u1"), *((name, "<f4") for name in NUMBERS), ("negative", "?")])


def groups(**given):
    """Of (matrix, {kind: array}, metadata of the resources) by label."""
    resources, files = [], {}
    for label, (matrix, arrays, more) in given.items():
        for kind, values in arrays.items():
            path = f"{label}.{kind}.npy"
            about = {"matrix": f"{matrix}_matrix", "kind": kind, "path": path, "group": label, "category": "vector"}
            resources.append({"name": f"{label}.{kind}", "profile": "data-resource", **about, **more})
            files[path] = npy(values)
    return resources, files


def npy(values):
    out = io.BytesIO()
    np.save(out, values, allow_pickle=values.dtype.hasobject)
    return out.getvalue()


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def package(*, metadata=None, change=None, **given):
    resources, files = groups(**given)
    files |= change or {}
    about = json.dumps({"resources": resources, **(metadata or {})}).encode()
    return zipped({"datapackage.json": about, **{name: data for name, data in files.items() if data is not None}})


def entries(*triples, **more):
    rows, columns, amounts = zip(*triples, strict=True)
    indices = np.array(list(zip(rows, columns, strict=True)), dtype=INDICES)
    return {"indices": indices, "data": np.array(amounts, dtype=float), **more}


# 1 unit of 10 takes 2 of 20 and half of itself; 20 is waste: its process 200 takes in 4
A = entries((10, 100, 1.5), (10, 100, 0.5), (20, 100, 2.0), (20, 200, -4.0))
A["flip"] = np.array([False, True, False, False])
B = entries((7, 100, 3.0), (7, 200, 8.0), (8, 200, 1.0))
GWP = entries((7, 0, 1.0), (8, 0, 25.0), (8, 5, 99.0), (9, 0, 4.0))
SOUND = {
    "technosphere": ("technosphere", A, {}),
    "biosphere": ("biosphere", B, {}),
    "gwp": ("characterization", GWP, {"identifier": ["gwp", "100"], "global_index": 0}),
}


def test_answers_are_in_the_ids_and_signs_of_the_source():
    found = read_datapackage(package(**SOUND))
    assert found.supply({10: 1}) == {100: 1.0, 200: 0.5}  # 2 of waste made, 4 taken in a run
    assert found.supply({20: -4}) == {100: 0.0, 200: 1.0}
    assert found.inventory({10: 1}) == {7: 7.0, 8: 0.5}
    assert found.score({10: 1}) == 19.5 == found.score({10: 1}, ("gwp", "100")) == found.scores()[10]
    assert found.scores()[20] == pytest.approx(-(8 + 25) / 4)
    assert [str(p.place) for p in found.unused] == ["datapackage 1 gwp"]  # a factor of flow 9, which nothing releases


@needs_shared
def test_the_common_cases_agree_with_bw2calc_or_are_refused_with_the_reason():
    expected = json.loads((CASES / "expected.json").read_text("utf-8"))
    cases = [([name], case["scores"]) for name, case in expected["packages"].items()]
    cases += [(case["packages"], case["scores"]) for case in expected["combined"]]
    scored = 0
    for files, products in cases:
        if any("Nonsquare" in case.get("error", "") for case in products.values()):
            with pytest.raises(NotSquare, match="10[0-5]"):
                read_datapackage(*(CASES / name for name in files))
            continue
        if not products:
            with pytest.raises(WrongDatapackage, match="technosphere_matrix"):
                read_datapackage(*(CASES / name for name in files))
            continue
        found = read_datapackage(*(CASES / name for name in files))
        assert {str(id) for id in found.product_ids} == set(products)
        for id, case in products.items():
            for answer, said in (
                (found.supply({int(id): 1}), case.get("supply")),
                (found.inventory({int(id): 1}), case.get("inventory")),
            ):
                assert said is None or {str(k): v for k, v in answer.items()} == pytest.approx(
                    said, rel=1e-9, abs=1e-15
                )
            if "score_bw2calc" in case:
                scored += 1
                assert found.score({int(id): 1}) == pytest.approx(case["score_bw2calc"], rel=1e-9)
                assert found.scores()[int(id)] == pytest.approx(case["score_numpy"], rel=1e-9)
            else:
                reason = "biosphere_matrix" if case.get("score_note") == "EmptyBiosphere" else "characterization_matrix"
                with pytest.raises(WrongDatapackage, match=reason):
                    found.score({int(id): 1})
    assert scored == 20


@needs_shared
def test_normalisation_and_weighting_are_read_and_said_not_to_enter_scores():
    names = (
        "multi_lca_simple_1.zip",
        "multi_lca_simple_normalization.zip",
        "multi_lca_simple_weighting.zip",
        "svdm.zip",
    )
    found = read_datapackage(*(CASES / name for name in names))
    assert {k: v.tolist() for k, v in found.normalisations.items()} == {("n", "1"): [0, 1], ("n", "2"): [0, 1]}
    assert found.weightings == {("w", "1"): 42, ("w", "2"): 84, (): 42}
    said = " ".join(str(p) for p in found.unused)
    assert "svdm.zip weighting2" in said and "5 scenarios" in said and "not applied to scores" in said


def test_methods_and_products_that_are_not_there_are_named():
    two = package(**SOUND, other=("characterization", GWP, {"identifier": ["other"], "global_index": 0}))
    found = read_datapackage(two)
    for ask, says in (
        (lambda: found.score({10: 1}), "gwp / 100; other"),
        (lambda: found.score({10: 1}, ("third",)), "third"),
        (lambda: found.supply({11: 1}), "no product 11"),
        (lambda: found.supply({100: 1}), "ask for its product 10"),
    ):
        with pytest.raises(WrongDatapackage, match=says):
            ask()


def test_scenarios_are_named_and_used_only_when_asked_for():
    several = entries((7, 100, 1.0), (7, 200, 8.0))
    several["data"] = np.array([[30.0, 300.0], [8.0, 8.0]])
    data = package(**SOUND, later=("biosphere", several, {"category": "array"}))
    static = read_datapackage(data)
    assert static.inventory({10: 1})[7] == 7 and any("2 scenarios" in p.text.en for p in static.unused)
    assert read_datapackage(data, scenario=1).inventory({10: 1})[7] == 304
    with pytest.raises(WrongDatapackage, match="no scenario 2"):
        read_datapackage(data, scenario=2)


def test_a_flag_of_reference_products_pairs_processes_and_products():
    flagged = A | {"reference": np.array([False, False, True, False])}
    flagged["indices"] = np.array([(10, 100), (10, 200), (20, 100), (10, 200)], dtype=INDICES)
    flagged["reference"][1] = True
    found = read_datapackage(package(technosphere=("technosphere", flagged, {}), biosphere=SOUND["biosphere"]))
    assert found.reference.tolist() == [1, 0]
    assert found.supply({20: 1}) == pytest.approx({100: 0.5, 200: 0.75 / 4.5})


def test_a_process_with_the_id_of_a_product_is_there_for_it():
    """So a loop that uses up what it makes is found; told by its amounts alone it might be read backwards."""
    loop = entries((1, 1, 1.0), (2, 1, -2.0), (1, 2, -0.6), (2, 2, 1.0), (3, 3, -1.0), (3, 1, 1.0))
    found = read_datapackage(
        package(technosphere=("technosphere", loop, {}), biosphere=("biosphere", entries((7, 1, 1.0)), {}))
    )
    assert found.reference.tolist() == [0, 1, 2]
    with pytest.raises(NotProductive, match="1 -> 2"):
        found.supply({1: 1})


def test_distributions_follow_flip_and_what_cannot_be_used_is_said():
    spread = np.zeros(4, SPREAD)
    spread["minimum"], spread["maximum"], spread["loc"], spread["uncertainty_type"] = 1, 3, 2, [4, 0, 4, 7]
    found = read_datapackage(package(**SOUND | {"technosphere": ("technosphere", A | {"distributions": spread}, {})}))
    said = " ".join(p.text.en for p in found.unused)
    assert "kinds not known here (7)" in said
    own, other = 0, 1  # what a process of uncertain yield uses of its own product is an input like any other
    assert found.network.input_spread.kind.tolist() == [Kind.NONE, Kind.UNIFORM]
    low, high = found.network.input_spread.minimum[other], found.network.input_spread.maximum[other]
    assert (low, high) == pytest.approx((1 / 1.5, 3 / 1.5))  # 1.5 are made
    assert found.network.made_spread.kind[own] == Kind.UNIFORM
    spread["minimum"][2] = 9
    with pytest.raises(WrongDistribution, match=r"technosphere \(20, 100\)"):
        read_datapackage(package(**SOUND | {"technosphere": ("technosphere", A | {"distributions": spread}, {})}))


def test_the_same_network_gives_the_same_bytes_and_bad_ids_are_refused():
    network = network_from_matrices([[1, -0.5], [0.25, -1]], [[1, 2]])
    data = write_datapackage(network, methods={("a", "b"): [3.0]}, product_ids=[5, 9], flow_ids=[9])
    assert data == write_datapackage(network, methods={("a", "b"): [3.0]}, product_ids=[5, 9], flow_ids=[9])
    found = read_datapackage(data)
    assert found.network.sha256 == network.sha256 and found.scores(("a", "b")).keys() == {5, 9}
    for wrong in ({"product_ids": [1, 1]}, {"product_ids": [1]}, {"flow_ids": [-1]}, {"methods": {("a",): [1.0, 2.0]}}):
        with pytest.raises(WrongDatapackage):
            write_datapackage(network, **wrong)


def lying(data):
    """The archive with another size declared for its last member than it has."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", struct.unpack("<I", data[at : at + 4])[0] + 8) + data[at + 4 :]


def headed(dtype, shape, length):
    """An array of zeros whose header says what it likes."""
    header = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\0" * length


HUGE = npy(np.zeros(3)).replace(b"(3,)", b"(9999999999999,)").replace(b" " * 13, b"", 1)
CHANGED = {
    "pickle": {"biosphere.data.npy": npy(np.array([print, 1, 2], dtype=object))},
    "objects": {"biosphere.data.npy": headed("|O", "(3,)", 24)},
    "objects inside": {"biosphere.data.npy": headed([("a", "|O"), ("b", "<f8")], "(3,)", 48)},
    "negative shape": {"biosphere.data.npy": headed("<f8", "(-1, -3)", 24)},
    "impossible shape": {"biosphere.data.npy": headed("<f8", "(0, 99999999999999999999)", 0)},
    "huge header": {"biosphere.data.npy": HUGE},
    "nonsense header": {"biosphere.data.npy": b"\x93NUMPY\x01\x00\x10\x00" + b"(((((((((((((((("},
    "no array": {"biosphere.data.npy": b"<html>"},
    "cut array": {"biosphere.data.npy": npy(np.zeros(3))[:-1]},
    "missing": {"biosphere.data.npy": None},
    "longer": {"biosphere.data.npy": npy(np.zeros(4))},
    "two dimensions": {"biosphere.data.npy": npy(np.zeros((3, 1)))},
    "text": {"biosphere.data.npy": npy(np.array(["a", "b", "c"]))},
    "flip of numbers": {"technosphere.flip.npy": npy(np.array([0, 1, 1, 1]))},
    "bare indices": {"biosphere.indices.npy": npy(np.zeros(3, dtype=int))},
    "other columns": {"biosphere.indices.npy": npy(np.zeros(3, dtype=[("row", "i8"), ("column", "i8")]))},
    "negative id": {"biosphere.indices.npy": npy(np.full(3, -1, dtype=INDICES))},
    "infinite": {"biosphere.data.npy": npy(np.array([1, np.inf, 1]))},
    "outside": {"../x.npy": b""},
    "rooted": {"/etc/x.npy": b""},
    "windows": {"..\\x.npy": b""},
    "cases": {"Biosphere.data.npy": b""},
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED.keys())
def test_a_member_that_is_not_what_it_should_be_is_refused_by_name(change):
    with pytest.raises(WrongDatapackage) as caught:
        read_datapackage(package(**SOUND, change=change), names=["x.zip"])
    assert caught.value.text.zh.startswith("x.zip") and caught.value.text.en.startswith("x.zip")


METADATA = {
    "no list": b"[]",
    "no resources": b'{"resources": {}}',
    "not json": b"{",
    "deep": b"[" * 200_000,
    "twice": b'{"resources": [], "resources": []}',
    "not text": b"\xff\xfe\xff",
    "odd": b'{"resources": [{"group": "a", "matrix": "b", "kind": "data", "category": [], "path": 1}]}',
    "one member twice": json.dumps({"resources": [{"path": "a.npy"}, {"path": "a.npy"}]}).encode(),
    "no such member": b'{"resources": [{"group": "", "matrix": "", "kind": "data", "category": "array", "path": "x"}]}',
    "nothing": b'{"resources": []}',
}


@pytest.mark.parametrize("text", METADATA.values(), ids=METADATA.keys())
def test_metadata_that_cannot_be_followed_are_refused(text):
    with pytest.raises(WrongDatapackage):
        read_datapackage(zipped({"datapackage.json": text}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"PK\x03\x04",
        zipped({"a.json": "{}"}),
        package(**SOUND)[:-200],
        lying(package(**SOUND)),
        zipped({"datapackage.json": b'{"resources": []}'}, zipfile.ZIP_LZMA),
    ],
    ids=["empty", "html", "cut", "other zip", "short", "lying", "lzma"],
)
def test_what_is_no_sound_zip_is_refused(data):
    with pytest.raises(WrongDatapackage):
        read_datapackage(data)


def test_links_programs_and_what_unpacks_to_too_much_are_refused():
    link = zipfile.ZipInfo("biosphere.data.npy")
    link.external_attr = 0o120777 << 16
    with pytest.raises(WrongDatapackage, match="link"):
        read_datapackage(zipped({link: "/etc/passwd"}))
    with pytest.raises(WrongDatapackage, match="unpacks"):
        read_datapackage(package(**SOUND, change={"x.npy": b"\0" * 30_000_000}), limit=20_000_000)
    dynamic = [
        {"group": "g", "matrix": "technosphere_matrix", "kind": "data", "category": "vector", "profile": "interface"}
    ]
    with pytest.raises(WrongDatapackage, match="interface"):
        read_datapackage(zipped({"datapackage.json": json.dumps({"resources": dynamic})}))


def test_any_damage_of_a_byte_is_read_the_same_or_refused():
    sound = package(**SOUND)
    expected = read_datapackage(sound).scores()
    rng = np.random.default_rng(1)
    for _ in range(300):
        broken = bytearray(sound)
        for at in rng.integers(0, len(sound), 3):
            broken[at] = rng.integers(256)
        try:
            assert read_datapackage(bytes(broken)).scores() == expected
        except TanbiaoError:
            continue
