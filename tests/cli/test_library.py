"""`tanbiao library`: databases in, looked through, checked, solved, published and out again, by command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest

KG = "kg"


def reference(id, **more):
    return {"@id": id, **more}


def exchange(number, flow, amount, *, is_input=False, main=False, provider=None):
    found = {
        "@type": "Exchange",
        "internalId": number,
        "amount": amount,
        "flow": reference(flow),
        "isInput": is_input,
        "isQuantitativeReference": main,
        "unit": reference(KG),
        "flowProperty": reference("mass"),
    }
    return found | ({"defaultProvider": reference(provider)} if provider else {})


def package(path, *, provider="process-b", per_a=2.0, made_of_b=1.0):
    """Two processes: 1 kg of A releases 0.5 kg CO2 and takes B, of which 1 kg releases 3 kg."""
    flows = [("co2", "Carbon dioxide, fossil", "ELEMENTARY_FLOW"), ("a", "电解铝", "PRODUCT_FLOW")]
    flows += [("b", "Product B", "PRODUCT_FLOW")]
    documents = {
        "unit_groups/units.json": {
            "@type": "UnitGroup",
            "@id": "units",
            "name": "Units of mass",
            "units": [{"@id": KG, "name": "kg", "conversionFactor": 1.0, "isRefUnit": True}],
        },
        "flow_properties/mass.json": {
            "@type": "FlowProperty", "@id": "mass", "name": "Mass", "unitGroup": reference("units"),
        },
    }  # fmt: skip
    for id, name, kind in flows:
        documents[f"flows/{id}.json"] = {
            "@type": "Flow",
            "@id": id,
            "name": name,
            "flowType": kind,
            "flowProperties": [{"isRefFlowProperty": True, "conversionFactor": 1.0, "flowProperty": reference("mass")}],
        }
    inputs = [exchange(3, "b", per_a, is_input=True, provider=provider)]
    for id, name, exchanges in (
        ("process-a", "Make A", [exchange(1, "a", 1.0, main=True), exchange(2, "co2", 0.5), *inputs]),
        ("process-b", "Make B", [exchange(1, "b", made_of_b, main=True), exchange(2, "co2", 3.0)]),
    ):
        documents[f"processes/{id}.json"] = {
            "@type": "Process", "@id": id, "name": name, "processType": "UNIT_PROCESS", "exchanges": exchanges,
            "processDocumentation": {"validFrom": "2023-01-01", "validUntil": "2024-12-31"},
            "location": {"@id": "CN", "name": "China"},
        }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("olca-schema.json", json.dumps({"version": 2}))
        for name, document in documents.items():
            archive.writestr(name, json.dumps(document, ensure_ascii=False))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def small(tanbiao, files):
    """A published database called 小样."""
    done = tanbiao("library", "import", package(files / "small.zip"), "--name", "小样", "--publish", "--json")
    assert done.code == 0, done
    return done.json


def test_an_import_says_what_it_read_and_linked(small):
    expected = {"verdict": "accept", "database": "小样", "version": 1, "state": "published", "format": "openlca"}
    expected |= {"processes": 2, "flows": 3, "exchanges": 5, "linked": 1, "unlinked": 0, "refused": 0, "warnings": []}
    assert expected.items() <= small.items()


def test_words_of_an_import_are_in_both_languages(tanbiao, files):
    done = tanbiao("library", "import", package(files / "words.zip"))
    assert done.code == 0
    assert "已导入 / imported: words@1" in done.out and "inputs linked 1" in done.out
    assert "reading" in done.err and "\x1b" not in done.err  # plain lines: this is no terminal


def test_the_same_file_again_is_the_same_version(tanbiao, files, small):
    done = tanbiao("library", "import", files / "small.zip", "--name", "小样", "--json")
    assert done.code == 0 and done.json["version"] == 1
    assert tanbiao("library", "import", package(files / "newer.zip", per_a=4.0), "--name", "小样").code == 0
    assert tanbiao("library", "inventory", "小样", "Make A", "--json").json["footprint"]["total"] == 12.5
    assert tanbiao("library", "inventory", "小样@1", "Make A", "--json").json["footprint"]["total"] == 6.5


def test_an_inventory_for_machines(tanbiao, small):
    found = tanbiao("library", "inventory", "小样@1", "process-a", "--amount", "1", "--unit", "t", "--json").json
    assert found["footprint"]["total"] == pytest.approx(6500)
    assert found["footprint"]["by_gas_class"] == {"fossil": pytest.approx(6500)}
    [flow] = found["flows"]
    assert flow["flow"] == "co2" and flow["direction"] == "out" and flow["amount"] == pytest.approx(6500)
    assert found["product"]["process"] == "process-a" and found["demand"] == {"amount": 1.0, "unit": "t"}
    assert (found["incomplete"], found["unproductive"], found["processes_in_system"]) == (False, None, 2)
    assert found["residual"] < 1e-12


def test_an_inventory_in_words(tanbiao, small):
    said = tanbiao("library", "inventory", "小样@1", "电解铝").out
    assert "6.5 kg CO2e (AR6)" in said and "Carbon dioxide, fossil" in said


def test_a_loop_that_uses_up_what_it_makes_has_no_footprint(tanbiao, files):
    path = package(files / "hungry.zip")
    with zipfile.ZipFile(path) as archive:
        b = json.loads(archive.read("processes/process-b.json"))
        others = {name: archive.read(name) for name in archive.namelist() if name != "processes/process-b.json"}
    b["exchanges"].append(exchange(4, "a", 0.6, is_input=True, provider="process-a"))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (others | {"processes/process-b.json": json.dumps(b)}).items():
            archive.writestr(name, data)
    assert tanbiao("library", "import", path, "--json").json["verdict"] == "warn"
    found = tanbiao("library", "inventory", "hungry", "Make A", "--json").json
    assert found["footprint"] is None and "Make B" in found["unproductive"]["en"]
    assert [row["flow"] for row in found["flows"]] == ["co2"]
    said = tanbiao("library", "inventory", "hungry", "Make A").out
    assert "no footprint" in said and "kg CO2e (AR6)" not in said and "Carbon dioxide, fossil" in said


def test_what_a_footprint_takes_for_granted_is_said(tanbiao, files):
    path = package(files / "gases.zip")
    with zipfile.ZipFile(path) as archive:
        documents = {name: archive.read(name) for name in archive.namelist()}
    for id, name in (("bio", "Carbon dioxide, biogenic"), ("odd", "Hydrocarbons, chlorinated"), ("any", "Methane")):
        flow = json.loads(documents["flows/co2.json"]) | {"@id": id, "name": name}
        documents[f"flows/{id}.json"] = json.dumps(flow | {"category": "Elementary flows/emission/air"})
    a = json.loads(documents["processes/process-a.json"])
    a["exchanges"] += [exchange(number, id, 1.0) for number, id in ((7, "bio"), (8, "odd"), (9, "any"))]
    documents["processes/process-a.json"] = json.dumps(a)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in documents.items():
            archive.writestr(name, data)
    assert tanbiao("library", "import", path).code == 0
    footprint = tanbiao("library", "inventory", "gases", "Make A", "--json").json["footprint"]
    assert footprint["without_uptake"] == pytest.approx(footprint["total"])  # 1 kg released, 1 kg taken up
    assert footprint["uptake_assumed"] == 1.0
    assert any("fossil: Methane" in said["en"] for said in footprint["assumed"])
    said = tanbiao("library", "inventory", "gases", "Make A").out
    assert all(text["zh"] in said and text["en"] in said for text in footprint["assumed"])


def test_search_shows_the_administrator_what_is_staged_and_that_it_is(tanbiao, files):
    assert tanbiao("library", "import", package(files / "not-yet-out.zip")).code == 0
    rows = tanbiao("library", "search", "not-yet-out@1:process-a", "--json").json["datasets"]
    states = [row["state"] for row in rows]
    assert next(row["state"] for row in rows if row["key"] == "not-yet-out@1:process-a") == "staged"
    assert states == sorted(states)  # what is published comes first
    assert (
        "not-yet-out@1:process-a  [待检查，未发布 staged" in tanbiao("library", "search", "not-yet-out@1:process-a").out
    )


def test_a_refusal_is_in_both_languages(tanbiao, files, small):
    done = tanbiao("library", "import", files / "small.zip", "--name", "//", "--json")
    [said] = done.json["errors"]
    assert done.code == 1 and "名称" in said["zh"] and said["en"].isascii()


def test_a_folder_of_several_sources(tanbiao, files):
    folder = files / "all of it"
    folder.mkdir()
    package(folder / "one.zip")
    (folder / "bad.zip").write_bytes((folder / "one.zip").read_bytes()[:300])
    package(folder / "two.zip", per_a=4.0)
    (folder / "README.md").write_text("words")
    done = tanbiao("library", "import", folder, "--json")
    assert done.code == 1 and (done.json["verdict"], done.json["passed_over"]) == ("reject", ["README.md"])
    said = {one["part"]: (one["database"], one["verdict"], one["processes"]) for one in done.json["databases"]}
    assert said == {
        "bad.zip": ("all-of-it-bad", "reject", 0),
        "one.zip": ("all-of-it-one", "accept", 2),
        "two.zip": ("all-of-it-two", "accept", 2),
    }
    assert (done.json["processes"], done.json["linked"]) == (4, 2)
    assert tanbiao("library", "inventory", "all-of-it-two", "Make A", "--json").json["footprint"]["total"] == 12.5
    (folder / "bad.zip").unlink()
    again = tanbiao("library", "import", folder, "--name", "mine")
    assert again.code == 0
    assert all(
        words in again.out for words in ("── one.zip", "imported: mine-two@1", "2 sources, 0 rejected", "README.md")
    )


def test_a_folder_around_one_source_is_named_after_the_folder(tanbiao, files):
    folder = files / "around"
    folder.mkdir()
    package(folder / "data.zip")
    (folder / "expected.json").write_text("{}")
    done = tanbiao("library", "import", folder, "--json")
    assert (done.json["database"], done.json["processes"], done.json["passed_over"]) == ("around", 2, ["expected.json"])


def test_list_and_search(tanbiao, small):
    rows = tanbiao("library", "list", "--json").json
    assert any(row["database"] == "小样" and row["datasets"] == 2 and row["state"] == "published" for row in rows)
    assert "小样@1" in tanbiao("library", "list").out
    found = tanbiao("library", "search", "Make", "A", "--unit", "kg", "--json").json
    assert found["datasets"][0]["key"] == "小样@1:process-a" and found["datasets"][0]["value"] == 6.5
    assert tanbiao("library", "search", "电解铝", "--region", "CN", "--year", "2025").out.count("小样@1:process-a") == 1
    assert tanbiao("library", "search", "nothing like it", "--json").json["total"] == 0


def test_check_lists_flags_and_what_is_unlinked(tanbiao, files):
    path = package(files / "lost.zip", provider="nobody", made_of_b=1.0)
    document = tanbiao("library", "import", path, "--json").json
    assert document["verdict"] == "warn" and (document["linked"], document["unlinked"]) == (0, 1)
    done = tanbiao("library", "check", "lost", "--json")
    [unlinked] = done.json["unlinked"]
    assert unlinked["process"]["id"] == "process-a" and unlinked["flow"]["en"] == "Product B"
    assert "not linked" in unlinked["en"] and done.code == (1 if done.json["undecided"] else 0)
    assert "unlinked inputs: 1" in tanbiao("library", "check", "lost").out
    assert tanbiao("library", "inventory", "lost", "Make A", "--json").json["incomplete"] is True


@pytest.mark.parametrize(("form", "name"), [("openlca", "o.zip"), ("ilcd", "i.zip"), ("tidas", "t.zip")])
def test_what_is_written_out_is_read_in_again(tanbiao, files, small, form, name):
    path = files / name
    assert tanbiao("library", "export", "小样@1", "--format", form, "-o", path).code == 0
    assert tanbiao("library", "export", "小样@1", "--format", form, "-o", path).code == 2  # never over a file
    again = tanbiao("library", "import", path, "--name", form, "--json").json
    assert (again["processes"], again["linked"]) == (2, 1)
    found = tanbiao("library", "inventory", form, "Make A", "--json").json
    assert found["footprint"]["total"] == pytest.approx(6.5)


def test_values_are_written_as_a_table(tanbiao, files, small):
    path = files / "values.csv"
    assert tanbiao("library", "export", "小样@1", "--format", "table", "-o", path).code == 0
    lines = path.read_text("utf-8-sig").splitlines()
    assert len(lines) == 3 and any("Make A" in line and "6.5" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["import", "absent.zip"], 2, "no such file"),
        (["inventory", "小羊", "Make A"], 2, "小样"),
        (["inventory", "小样@9", "Make A"], 2, "小样"),
        (["inventory", "小样", "Make Z"], 1, "Make A"),
        (["inventory", "小样", "Make A", "--unit", "MJ"], 1, "kg"),
        (["inventory", "小样", "Make A", "--amount", "nan"], 2, "--amount"),
        (["check", "nobody's"], 2, "nobody's"),
        (["publish", "\udcff"], 2, "?"),
        (["export", "小样", "--format", "table", "-o", "/no/such/folder/x.csv"], 2, "no such folder"),
        (["import", __file__, "--organisation", "没有这家"], 2, "没有这家"),
        (["import", __file__, "--name", "///"], 1, "名称"),
        (["search"], 2, "text"),
        (["import", __file__, "--link", "any"], 2, "main-product"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(tanbiao, small, words, code, said):
    done = tanbiao("library", *words)
    assert done.code == code and said in done.err and "Traceback" not in done.err


@pytest.mark.parametrize("name", [b"\xcc\xfa.zip", b"a\xff.zip"])  # 铁 in GB18030; no text at all
def test_a_file_whose_name_is_no_text_is_imported_under_what_can_be_read(tanbiao, tmp_path, name):
    path = package(tmp_path / os.fsdecode(name))
    done = tanbiao("library", "import", path, "--name", f"乱名 {len(name)}", "--json")
    assert done.code == 0 and done.json["processes"] == 2
    unnamed = tanbiao("library", "import", path)
    assert "UnicodeEncodeError" not in unnamed.err and ("请填写名称" in unnamed.err) is (unnamed.code == 1)


def test_a_refusal_for_machines(tanbiao, files, small):
    done = tanbiao("library", "inventory", "小样", "Make Z", "--json")
    assert done.code == 1 and done.json["errors"][0]["zh"] and done.json["errors"][0]["en"]
    broken = files / "broken.zip"
    broken.write_bytes((files / "small.zip").read_bytes()[:400])
    done = tanbiao("library", "import", broken, "--json")
    assert done.code == 1 and done.json["verdict"] == "reject" and done.json["errors"][0]["zh"]


def test_a_database_keeps_its_readers(tanbiao, files, small):
    done = tanbiao("library", "import", files / "small.zip", "--name", "小样", "--open")
    assert done.code == 1 and "--open" in done.err


def test_what_blocks_is_published_only_for_a_reason(tanbiao, files):
    """A table with a factor in a unit that no factor can have."""
    path = files / "blocked.csv"
    path.write_text("名称,数值,单位\n天然气,56.1,kgCO2e/kJ\n", encoding="utf-8")
    done = tanbiao("library", "import", path, "--publish", "--json")
    assert done.json["factors"] == 1
    assert tanbiao("library", "check", "blocked", "--json").json["undecided"]
    assert done.code == 1 and done.json["state"] == "staged" and "--reason" in done.json["unpublished"]["en"]
    assert tanbiao("library", "publish", "blocked").code == 1
    assert tanbiao("library", "publish", "blocked", "--reason", "试验").code == 0
    flags = tanbiao("library", "check", "blocked", "--json").json["flags"]
    assert {flag["reason"] for flag in flags if flag["severity"] == "blocking"} == {"试验"}


@pytest.mark.parametrize("number", range(35))
def test_what_a_good_importer_says_to_dirty_files(tanbiao, shared, number):
    folder = shared / "cases" / "dirty"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    if number >= len(expected):
        pytest.skip("no more files")
    name, case = list(expected.items())[number]
    done = tanbiao("library", "import", folder / name, "--name", f"dirty {name}", "--json")
    document = done.json
    assert document["verdict"] == case["verdict"]
    assert done.code == (1 if case["verdict"] == "reject" else 0) and "Traceback" not in done.err
    assert done.more_mb < 200 and done.seconds < 10  # two seconds on a machine of one's own
    assert "MUST NEVER APPEAR" not in done.out + done.err  # secret.txt
    kept = next(row for row in tanbiao("library", "list", "--json").json if row["database"] == document["database"])
    if case["verdict"] == "reject":
        assert all(error["zh"] and error["en"] for error in document["errors"])
        assert (kept["state"], kept["datasets"]) == ("failed", 0)
    if case["verdict"] == "warn":
        assert document["warnings"]


def test_an_import_that_was_interrupted_goes_on(own_database, files):
    """Many processes in a folder, and a Ctrl-C once some have been read."""
    folder = files / "many"
    with zipfile.ZipFile(package(files / "one.zip")) as archive:
        archive.extractall(folder)
    process = json.loads((folder / "processes" / "process-b.json").read_text("utf-8"))
    flow = json.loads((folder / "flows" / "b.json").read_text("utf-8"))
    for number in range(6000):
        (folder / "flows" / f"f{number}.json").write_text(json.dumps(flow | {"@id": f"f{number}"}), encoding="utf-8")
        process["exchanges"][0]["flow"] = reference(f"f{number}")
        again = process | {"@id": f"many-{number}", "name": f"Make {number}"}
        (folder / "processes" / f"many-{number}.json").write_text(json.dumps(again), encoding="utf-8")
    command = [sys.executable, "-m", "tanbiao.cli.main", "library", "import", str(folder), "--json"]
    with subprocess.Popen(
        command, env=own_database, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    ) as first:
        assert any("reading" in line for line in first.stderr)
        time.sleep(0.3)
        first.send_signal(signal.SIGINT)
        code, said = first.wait(timeout=60), first.stderr.read()
    if code == 0:
        pytest.skip("it was too quick")
    assert code == 130 and "same command" in said and "Traceback" not in said
    done = subprocess.run(command, env=own_database, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert (document["version"], document["processes"]) == (1, 6002)


def test_a_terminal_sees_a_bar(own_database, files):
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "tanbiao.cli.main", "library", "import", str(files / "small.zip"), "--name", "bar"]
    with subprocess.Popen(command, env=own_database, stdout=subprocess.DEVNULL, stderr=follower) as process:
        os.close(follower)
        said = b""
        try:
            while block := os.read(leader, 4096):
                said += block
        except OSError:  # the terminal is closed
            pass
    os.close(leader)
    assert process.returncode == 0 and b"#" in said and "读取".encode() in said


def test_a_reader_who_leaves_early_is_no_fault_of_ours(own_database):
    from tanbiao.cli.answering import said_of

    with pytest.raises(BrokenPipeError):
        said_of(BrokenPipeError())
