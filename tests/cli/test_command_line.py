"""The command line as a person or a machine calls it."""

import csv
import io
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tanbiao.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "examples" / "steel-rebar" / "steel-rebar-2024.xlsx")


@pytest.fixture
def spoiled(tmp_path):
    book = load_workbook(EXAMPLE)
    book["原材料 Materials"]["D2"] = "１２３"
    book["能源 Energy"]["E2"] = "度"
    path = tmp_path / "spoiled.xlsx"
    book.save(path)
    return str(path)


def test_footprint_prints_tables_in_both_languages(capsys):
    assert main(["footprint", EXAMPLE]) == 0
    said = capsys.readouterr().out
    for words in ("678 kg CO2e / 1 t", "原材料获取 Raw materials", "电炉炼钢", "数据质量 Data quality", "EAF-7.1"):
        assert words in said


@pytest.mark.parametrize("words", [["footprint", EXAMPLE, "--json"], ["footprint", "--json", EXAMPLE]])
def test_footprint_as_json(capsys, words):
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert round(document["total_kg_co2e"]) == 678
    assert {s["stage"] for s in document["stages"]} == {"raw_materials", "production"}


def test_footprint_as_csv(capsys):
    assert main(["footprint", EXAMPLE, "--csv"]) == 0
    header, *_, total = csv.reader(io.StringIO(capsys.readouterr().out))
    assert float(total[header.index("kg CO2e")]) == pytest.approx(678, abs=1)


@pytest.mark.parametrize(
    "words", [["--pdf", "a.pdf", EXAMPLE], [EXAMPLE, "--pdf", "a.pdf"], [EXAMPLE, "--pdf", "-o", "a.pdf"]]
)
def test_footprint_as_pdf(capsys, tmp_path, monkeypatch, words):
    if not (ROOT / "node_modules").exists():
        pytest.skip("needs the font; run make setup")
    monkeypatch.chdir(tmp_path)
    assert main(["footprint", *words]) == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_spoiled_workbook_tells_every_cell_and_calculates_nothing(capsys, spoiled):
    assert main(["footprint", spoiled]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    for words in ("原材料 Materials!D2", "write 123", "能源 Energy!E2", "kWh"):
        assert words in err


def test_a_spoiled_workbook_as_json(capsys, spoiled):
    assert main(["footprint", spoiled, "--json"]) == 1
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert [e["place"] for e in errors] == ["原材料 Materials!D2", "能源 Energy!E2"]
    assert all(e["zh"] and e["en"] for e in errors)


@pytest.mark.parametrize("words", [["footprint", "absent.xlsx"], ["footprint"], ["table", "absent.csv"]])
def test_a_missing_file_is_exit_2(capsys, words):
    assert main(words) == 2
    assert capsys.readouterr().err


def test_a_new_workbook_is_written_and_never_overwritten(capsys, tmp_path):
    path = tmp_path / "x.xlsx"
    assert main(["workbook", "new", "--rule", "steel-eaf", "-o", str(path)]) == 0
    before = path.read_bytes()
    assert main(["workbook", "new", "--rule", "steel-eaf", "-o", str(path)]) == 2
    assert path.read_bytes() == before and "--force" in capsys.readouterr().err
    assert main(["workbook", "new", "--rule", "steel-eaf", "-o", str(path), "--force"]) == 0


def test_an_unknown_rule_is_exit_2(capsys, tmp_path):
    assert main(["workbook", "new", "--rule", "no-such", "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "steel-eaf" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [("名称,数量,单位\n水,1,t\n", "accept", 0), ("名称,数量,单位\n水,1,方\n", "warn", 0), ("<html>", "reject", 1)],
)
def test_table_gives_its_verdict(capsys, tmp_path, text, verdict, code):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["table", str(path), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict
    assert main(["table", str(path)]) == code


def test_rule_commands(capsys, tmp_path):
    assert main(["rule", "list"]) == 0
    assert main(["rule", "show", "steel-eaf"]) == 0
    said = capsys.readouterr().out
    assert "steel-eaf" in said and "EAF-2.1" in said
    assert main(["rule", "schema"]) == 0
    assert "properties" in json.loads(capsys.readouterr().out)
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: 3\n", encoding="utf-8")
    assert main(["rule", "check", str(bad)]) == 1
    assert main(["rule", "check", str(ROOT / "src/tanbiao/rules/documents/steel-eaf.yaml")]) == 0


def test_help_names_every_command_and_loads_none_of_them(capsys):
    code = "import sys; from tanbiao.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print(sorted(m for m in sys.modules if m in ('numpy', 'scipy', 'pydantic', 'openpyxl', 'django')))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.rstrip().endswith("[]")
    for commands in COMMANDS.values():
        assert all(name in said for name in commands)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_told_before_anything_is_started(command):
    """In a process of its own: these commands start a database, which must not be reached."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tanbiao.cli.main", command, "--port", str(port)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
    assert f"--port {port + 1}" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/nothing-listens"}, "DATABASE_URL"),
        ({"TANBIAO_VAR": __file__}, Path(__file__).name),
    ],
    ids=["a database that does not answer", "a data folder that is none"],
)
def test_a_database_that_does_not_start_is_told_in_a_sentence(own_environment, free_port, environment, said):
    done = subprocess.run(
        [sys.executable, "-m", "tanbiao.cli.main", "serve", "--port", str(free_port)],
        env=own_environment | environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
