from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from trust_world import changed

from tanbiao.cli import verify
from tanbiao.cli.main import main

AT = "2027-06-01"


@pytest.fixture
def folder(world, tmp_path, monkeypatch):
    """A checkout with a certificate and its own trust list, the working folder."""
    for name in ("TANBIAO_TRUST", "TANBIAO_VAR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(verify, "__file__", str(tmp_path / "src/tanbiao/cli/verify.py"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "var/demo").mkdir(parents=True)
    (tmp_path / "var/demo/certificate.json").write_bytes(world.issue())
    (tmp_path / "var/trust.json").write_text(json.dumps(world.trust_document()))
    return tmp_path


CERTIFICATE = "var/demo/certificate.json"


def tanbiao(*arguments):
    parser = argparse.ArgumentParser()
    verify.register(parser.add_subparsers())
    args = parser.parse_args(["verify", *map(str, arguments)])
    return args.run(args)


def test_a_valid_certificate(folder, capsys):
    assert tanbiao(CERTIFICATE, "--at", AT) == 0
    output = capsys.readouterr().out
    assert output.count("✓") == 8
    assert "✗" not in output
    for word in (
        "TB-2026-000001",
        "热轧带肋钢筋",
        "0.5820 · kg CO2e",
        "cradle-to-gate",
        "甲认证有限公司",
        "签名 Signature",
    ):
        assert word in output
    assert output.endswith("结论：有效 / Verdict: VALID\n")


def test_a_changed_certificate_names_the_reason(folder, capsys):
    path = folder / CERTIFICATE
    path.write_bytes(path.read_bytes().replace(b"0.5820", b"0.5821"))
    assert tanbiao(CERTIFICATE, "--at", AT) == 1
    output = capsys.readouterr().out
    assert "✗ 签名 Signature: 签名与证书内容不符" in output
    assert "✓ 日志检查点 Log checkpoint" in output
    assert "NOT VALID" in output


def test_json_for_machines(folder, capsys):
    assert tanbiao(CERTIFICATE, "--json", "--at", AT) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["valid"], answer["number"], answer["state"]) == (True, "TB-2026-000001", "active")
    assert answer["as_of"] == "2026-11-24T02:00:00Z"
    assert answer["trust"] == str(folder / "var/trust.json")
    assert answer["demonstration"] is None
    assert [check["name"] for check in answer["checks"]] == [
        "form", "issuer", "signature", "status_signature", "status", "checkpoint", "inclusion", "validity",
    ]  # fmt: skip
    assert all(set(check) == {"name", "ok", "zh", "en"} and check["ok"] is True for check in answer["checks"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b" " * 2_000_000, "larger than"),
        (b'{"a":1,"a":1}', "twice"),
    ],
    ids=range(4),
)
def test_unreadable_files_exit_with_2(folder, capsys, content, reason):
    (folder / CERTIFICATE).write_bytes(content)
    assert tanbiao(CERTIFICATE) == 2
    output = capsys.readouterr().out
    assert reason in output
    assert "UNREADABLE" in output
    assert tanbiao(CERTIFICATE, "--json") == 2
    answer = json.loads(capsys.readouterr().out)
    assert (answer["valid"], answer["readable"], answer["number"]) == (False, False, None)
    assert [check["ok"] for check in answer["checks"]] == [False] + [None] * 7


@pytest.mark.parametrize("path", ["missing.json", "var"])
def test_a_missing_file_or_a_folder_exits_with_2(folder, capsys, path):
    assert tanbiao(path) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert tanbiao(path, "--json") == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["valid"] is False
    assert "cannot be read" in answer["checks"][0]["en"]


# ---- which trust list counts


def test_the_order_of_trust_lists(folder, monkeypatch):
    assert verify.trust_path(None) == folder / "var/trust.json"
    monkeypatch.setenv("TANBIAO_TRUST", "/elsewhere/trust.json")
    assert verify.trust_path(None) == Path("/elsewhere/trust.json")
    assert verify.trust_path(Path("mine.json")) == folder / "mine.json"


def test_the_list_of_the_checkout_is_found_from_anywhere(folder, monkeypatch):
    away = folder / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    assert tanbiao(folder / CERTIFICATE, "--at", AT) == 0


@pytest.mark.parametrize("place", ["certificate.json", "var/certificate.json", "var/demo/certificate.json"])
def test_a_list_that_came_with_the_certificate_is_never_taken_unasked(folder, capsys, monkeypatch, tmp_path, place):
    monkeypatch.setattr(verify, "__file__", "/usr/lib/site-packages/tanbiao/cli/verify.py")
    parcel = tmp_path / "parcel"
    (parcel / "var/demo").mkdir(parents=True)
    shutil.copy(CERTIFICATE, parcel / place)
    for beside in (".", "var"):
        shutil.copy("var/trust.json", parcel / beside)
    monkeypatch.chdir(parcel)
    assert tanbiao(place, "--at", AT) == 1
    assert "Give --trust" in capsys.readouterr().out
    assert tanbiao(place, "--at", AT, "--trust", "trust.json") == 0


@pytest.mark.parametrize("content", [None, b"[]", b"{", b"\xff"])
def test_a_trust_list_that_cannot_be_relied_on_exits_with_2(folder, capsys, content):
    if content is not None:
        (folder / "mine.json").write_bytes(content)
    assert tanbiao(CERTIFICATE, "--trust", "mine.json") == 2
    assert "trust list: " in capsys.readouterr().err


# ---- the time asked about


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-23", 1),
        ("2026-11-24", 0),  # the snapshot was made on this day
        ("2028-11-23", 0),
        ("2028-11-24", 1),
        ("2026-11-24T00:00:00+08:00", 1),
        ("2026-11-24T10:00:00+08:00", 0),
        ("2026-11-24T02:00:00Z", 0),
    ],
)
def test_the_moment_asked_about(folder, at, code):
    assert tanbiao(CERTIFICATE, "--at", at) == code


@pytest.mark.parametrize("at", ["tomorrow", "2026-02-30", "2026-11-24T10:00:00", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_moment(folder, capsys, at):
    with pytest.raises(SystemExit) as stop:
        tanbiao(CERTIFICATE, "--at", at)
    assert stop.value.code == 2
    assert at in capsys.readouterr().err


# ---- the surroundings


def test_texts_of_a_certificate_cannot_forge_lines_of_the_report(folder, capsys):
    path = folder / CERTIFICATE
    forged = "钢\n✓ 签名 Signature: ok\x1b[2K"
    path.write_bytes(changed(path.read_bytes(), lambda d: d["certificate"]["product"].update(name=forged)))
    assert tanbiao(CERTIFICATE, "--at", AT) == 1
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert not any(line.startswith("✓ 签名 ") for line in output.splitlines())


def test_a_terminal_of_another_encoding_still_gets_the_words(folder, monkeypatch):
    screen = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["verify", CERTIFICATE, "--at", AT]) == 0
    screen.flush()
    assert "结论：有效" in screen.buffer.getvalue().decode("gbk")


def test_a_demonstration_says_that_it_is_one(folder, world, capsys):
    (folder / CERTIFICATE).write_bytes(world.issue(demonstration=True))
    assert tanbiao(CERTIFICATE, "--at", AT) == 0
    assert "it certifies nothing\n结论：有效" in capsys.readouterr().out
    assert tanbiao(CERTIFICATE, "--at", AT, "--json") == 0
    assert json.loads(capsys.readouterr().out)["demonstration"] is True


def test_the_command_needs_neither_server_nor_framework():
    heavy = "django", "numpy", "scipy", "socket", "psycopg"
    code = f"import sys; import tanbiao.cli.verify; print([m for m in {heavy!r} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_list_of_a_moved_data_folder_is_found(folder, monkeypatch):
    moved = folder / "moved"
    moved.mkdir()
    (folder / "var/trust.json").rename(moved / "trust.json")
    monkeypatch.setenv("TANBIAO_VAR", str(moved))
    assert verify.trust_path(None) == moved / "trust.json"
    assert tanbiao(folder / CERTIFICATE, "--at", AT) == 0
