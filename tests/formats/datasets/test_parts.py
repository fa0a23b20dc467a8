"""Which sources a folder holds: archives, tables, trees of data sets; and what is only beside them."""

import shutil
import zipfile

import pytest
from openlca_cast import good, packed, read

from tanbiao.formats.datasets.reading import parts_of
from tanbiao.lca.datasets.report import SourceRefused

SPOLD = '<ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold02"><activityDataset/></ecoSpold>'
SIMAPRO = "{SimaPro 9.0}\n{CSV separator: Semicolon}\n\nProcess\n\nEnd\n"
FACTORS = "名称,数值,单位\n天然气,56.1,kgCO2e/GJ\n"


def lay(folder, *names, text=""):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder):
    parts = parts_of(folder)
    return [part.name for part in parts.parts], sorted(parts.passed_over)


def test_archives_and_what_lies_beside_them(tmp_path):
    lay(tmp_path, "README.md", "expected.json", text="{}")
    lay(tmp_path, "all.csv", text="process_id,kg\na,1\n")
    lay(tmp_path, "factors.csv", text=FACTORS)
    packed(good(), tmp_path / "a.zip")
    packed(good(), tmp_path / "b.zip")
    assert found(tmp_path) == (["a.zip", "b.zip", "factors.csv"], ["README.md", "all.csv", "expected.json"])


def test_tables_are_sources_of_their_own_where_there_is_nothing_else(tmp_path):
    lay(tmp_path, "a.csv", "b.txt", text=SIMAPRO)
    lay(tmp_path, "empty.csv", text="x,y\n1,2\n")
    lay(tmp_path, "notes.txt", "~$open.xlsx", text="words")
    assert found(tmp_path) == (["a.csv", "b.txt", "empty.csv"], ["notes.txt", "~$open.xlsx"])


def test_a_tree_is_one_source_with_its_folders(tmp_path):
    packed(good(), tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path / "tree" / "deep")
    (tmp_path / "x.zip").unlink()
    lay(tmp_path, "tree/README.md", text="words")
    assert found(tmp_path) == (["tree/deep"], ["tree/README.md"])
    lay(tmp_path / "tree" / "deep", "expected.json", "all.csv", text="{}")
    assert found(tmp_path / "tree" / "deep") == ([""], ["all.csv", "expected.json"])


def test_folders_of_data_sets_side_by_side_are_sources_of_their_own(tmp_path):
    lay(tmp_path, "one/a.spold", "one/b.spold", "two/a.spold", text=SPOLD)
    assert found(tmp_path) == (["one", "two"], [])
    lay(tmp_path, "MasterData/Units.xml", text=SPOLD)
    assert found(tmp_path) == ([""], [])  # the master data is that of all of them


def test_where_nothing_is_data_the_whole_says_what_it_is(tmp_path):
    lay(tmp_path, "README.md", text="words")
    assert found(tmp_path) == ([""], [])


def test_a_zip_of_several_sources_names_them(tmp_path):
    lay(tmp_path / "in", "one/a.spold", "two/a.spold", text=SPOLD)
    path = shutil.make_archive(str(tmp_path / "several"), "zip", tmp_path / "in")
    with pytest.raises(SourceRefused, match=r"several\.zip.*one, two\. Unpack it"):
        read(tmp_path / path)


def test_tables_packed_together_are_one_source_and_words_beside_them_are_no_harm(tmp_path):
    lay(tmp_path / "in", "one.csv", text=FACTORS)
    lay(tmp_path / "in", "two.csv", text=FACTORS.replace("天然气", "柴油"))
    lay(tmp_path / "in", "README.md", text="words")
    records, report = read(tmp_path / shutil.make_archive(str(tmp_path / "tables"), "zip", tmp_path / "in"))
    assert len(records) == 2
    assert [(n.code, n.place) for n in report.notices if n.code == "passed_over"] == [("passed_over", "README.md")]


def test_tables_that_are_no_one_source_are_named(tmp_path):
    process = (
        "{SimaPro 9.0}\n{CSV separator: Semicolon}\n\nProcess\n\nProcess identifier\nx1\n\nProducts\nA;kg;%s\n\nEnd\n"
    )
    lay(tmp_path / "in", "one.csv", text=process % 1)
    lay(tmp_path / "in", "two.csv", text=process % 2)
    with pytest.raises(SourceRefused, match=r"one\.csv, two\.csv\. Unpack it.*Not to be read as one: .*one id"):
        read(tmp_path / shutil.make_archive(str(tmp_path / "tables"), "zip", tmp_path / "in"))
