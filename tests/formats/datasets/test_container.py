"""What a source comes in is looked at before anything in it is opened."""

import stat
import struct
import zipfile
from contextlib import closing

import pytest
from openlca_cast import good, packed

from tanbiao.formats.datasets import bounds
from tanbiao.formats.datasets.container import entries_ending, open_container
from tanbiao.lca.datasets.report import SourceRefused


def zipped(path, *entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def test_zip_folder_and_file_are_read_alike(tmp_path):
    (tmp_path / "folder" / "flows").mkdir(parents=True)
    (tmp_path / "folder" / "flows" / "a.json").write_bytes(b"{}")
    (tmp_path / "folder" / ".hidden").write_bytes(b"x")
    zipped(tmp_path / "x.zip", ("flows/a.json", "{}"), ("__MACOSX/flows/a.json", "x"), ("flows/", ""))
    for source in (tmp_path / "folder", tmp_path / "x.zip"):
        opened = open_container(source)
        assert opened.names() == ["flows/a.json"]
        assert opened.read("flows/a.json") == b"{}" == opened.first_bytes("flows/a.json")
        with opened.open("flows/a.json") as stream:
            assert stream.read() == b"{}"
        opened.close()
    one = open_container(tmp_path / "folder" / "flows" / "a.json")
    assert list(entries_ending(one, ".json")) == ["a.json"]
    assert one.read("a.json") == b"{}"


def test_an_office_workbook_is_one_file(tmp_path):
    assert open_container(zipped(tmp_path / "x.xlsx", ("xl/workbook.xml", "<x/>"))).names() == ["x.xlsx"]


@pytest.mark.parametrize(
    "name", ["../x.json", "a/../../y.json", "..\\w.json", "/etc/x", "C:x", "a\\b", "x" * 501, "a/./b", "a\x01b"]
)
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(SourceRefused, match=r"lead out") as refusal:
        open_container(zipped(tmp_path / "x.zip", ("ok.json", "{}"), (name, "{}")))
    assert name[:100].replace("\x01", "?") in str(refusal.value)


@pytest.mark.parametrize("other", ["a.json", "A.json", "\u0061.JSON"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_refused(tmp_path, other):
    with pytest.raises(SourceRefused, match=r"occurs twice: a\.json"):
        open_container(zipped(tmp_path / "x.zip", ("a.json", "1"), (other, "2")))


def test_links_are_never_followed(tmp_path):
    link = zipfile.ZipInfo("flows/link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(SourceRefused, match=r"flows/link\.json: it is a link"):
        open_container(zipped(tmp_path / "x.zip", (link, "/etc/passwd")))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link.json").symlink_to("/etc/passwd")
    with pytest.raises(SourceRefused, match=r"link\.json: it is a link"):
        open_container(tmp_path / "folder")


def test_a_bomb_is_told_by_its_ratio_before_it_unpacks(tmp_path, monkeypatch):
    with pytest.raises(SourceRefused, match=r"big\.json: .*zip bomb"):
        open_container(zipped(tmp_path / "x.zip", ("big.json", b"0" * (5 << 20))))
    monkeypatch.setattr(bounds, "ALL_RATIO_FREE", 1 << 20)
    with pytest.raises(SourceRefused, match=r"x\.zip: .*zip bomb"):
        open_container(zipped(tmp_path / "x.zip", *((f"{i}.json", b"0" * (1 << 20)) for i in range(3))))


def test_bounds(tmp_path, monkeypatch):
    source = zipped(tmp_path / "x.zip", *((f"{i}.json", str(i) * 10) for i in range(5)))
    for limit, value in (("MAX_ENTRIES", 4), ("MAX_UNPACKED", 49), ("MAX_ENTRY", 9), ("MAX_FILE", 100)):
        with monkeypatch.context() as context:
            context.setattr(bounds, limit, value)
            with pytest.raises(SourceRefused, match="divide it"):
                open_container(source)


def test_two_gigabytes_and_more_are_refused_by_their_size(tmp_path):
    with (tmp_path / "x.zip").open("wb") as file:
        file.truncate(bounds.MAX_FILE + 1)
    with pytest.raises(SourceRefused, match=r"2\.0 GB, at most 2 GB"):
        open_container(tmp_path / "x.zip")


def test_a_size_that_lies_is_damage(tmp_path):
    """The header says 10 bytes, more come out: no more than declared is ever given, and that is refused."""
    path = zipped(tmp_path / "x.zip", ("a.json", b"0123456789" * 100))
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.index(signature) + at, 10)
    path.write_bytes(data)
    with closing(open_container(path)) as opened:
        with pytest.raises(SourceRefused, match=r"a\.json: damaged"):
            opened.read("a.json")
        with pytest.raises(SourceRefused, match=r"a\.json: damaged"), opened.open("a.json") as stream:
            stream.read()


def test_encrypted_and_odd_compression_are_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", ("a.json", "{}"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(SourceRefused, match=r"a\.json: the entry is encrypted"):
        open_container(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.json", "{}")
    with pytest.raises(SourceRefused, match="not supported"):
        open_container(path)


@pytest.mark.parametrize("cut", [100, 0.5, 0.9, -1])
def test_a_zip_that_is_cut_short_is_damaged(tmp_path, cut):
    data = packed(good(), tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(data[: int(cut * len(data)) if isinstance(cut, float) else cut])
    with pytest.raises(SourceRefused, match="damaged or cut short"):
        open_container(tmp_path / "x.zip")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><body>404 Not Found</body></html>", "web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "web page"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b'{"a": 1}', "JSON"),
        (b"<x/>", "XML"),
        (b"\0\0\0\0", "does not begin as one"),
        (b"", "empty"),
        (b"PK\x05\x06" + b"\0" * 18, "no data sets found"),
    ],
)
def test_what_is_no_archive_says_what_it_looks_like(tmp_path, data, said):
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(SourceRefused, match=said):
        open_container(tmp_path / "x.zip")


def test_other_archives_under_their_own_name(tmp_path):
    (tmp_path / "x.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 30)
    with pytest.raises(SourceRefused, match="7z archive; unpack it"):
        open_container(tmp_path / "x.7z")


def test_chinese_names_of_old_zips(tmp_path):
    """Programs that do not declare UTF-8 write names in GB18030; messages must show them as they are."""
    path = zipped(tmp_path / "x.zip", ("AAAA.json", "{}"))
    data = path.read_bytes().replace(b"AAAA", "过程".encode("gb18030"))
    path.write_bytes(data)
    with closing(open_container(path)) as opened:
        assert opened.names() == ["过程.json"]
        assert opened.read("过程.json") == b"{}"
