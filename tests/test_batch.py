"""Folders and lists of drafts into stores."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from clausescan.batch import Draft, find_drafts, scan_batch
from clausescan.errors import UsageError

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"
TEXT = (
    "SUPPLY AGREEMENT\n"
    "between Nordlicht Pumpen GmbH, Hamburg, Germany (“Supplier”) and Suzhou Hengrui Trading "
    "Co., Ltd., a company organised under the laws of the People’s Republic of China "
    "(“Distributor”).\n"
    "1. Appointment\n"
    "1.1 Supplier appoints Distributor as its exclusive distributor in China.\n"
    "1.2 Distributor shall use its best efforts to sell the Products.\n"
)


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    """Two drafts, one broken file and things that are no drafts."""
    folder = tmp_path / "deals"
    (folder / "b").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    (folder / "b" / "a.txt").write_text(TEXT, "utf-8")
    (folder / "b" / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "~$a.docx").write_bytes(b"lock")
    (folder / "notes.xyz").write_text("no draft", "utf-8")
    (folder / ".git" / "c.txt").write_text(TEXT, "utf-8")
    return folder


def test_a_folder_gives_its_drafts_in_order(deals: Path) -> None:
    assert [Path(draft.path).relative_to(deals).as_posix() for draft in find_drafts(deals)] == [
        "a.txt",
        "b/a.txt",
        "b/broken.docx",
    ]


def test_a_list_gives_its_lines_with_bom_blanks_and_comments(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("\ufeff# deals\nb.docx\n\n  a b.pdf  \n/x/c.txt\n", "utf-8")
    assert find_drafts(listed) == (
        Draft(str(tmp_path / "b.docx"), "0001-b.docx.json"),
        Draft(str(tmp_path / "a b.pdf"), "0002-a b.pdf.json"),
        Draft("/x/c.txt", "0003-c.txt.json"),
    )


@pytest.mark.parametrize("make", ["missing", "empty folder", "empty list", "binary"])
def test_a_source_without_drafts_is_an_error(tmp_path: Path, make: str) -> None:
    source = tmp_path / "source"
    if make == "empty folder":
        source.mkdir()
    elif make == "empty list":
        source.write_text("# nothing\n", "utf-8")
    elif make == "binary":
        source.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(UsageError, match="source"):
        find_drafts(source)


def test_json_lines_hold_a_report_or_a_failure_for_each_draft(deals: Path) -> None:
    store = deals.parent / "out.jsonl"
    outcomes = list(scan_batch(find_drafts(deals), store))
    lines = [json.loads(line) for line in store.read_text("utf-8").splitlines()]
    assert [line["schema"] for line in lines] == [
        "clausescan.report/1",
        "clausescan.report/1",
        "clausescan.failure/1",
    ]
    assert lines[2]["code"] == outcomes[2].code == "corrupt"
    assert outcomes[0].light == lines[0]["summary"]["light"] != ""


def test_a_folder_store_keeps_the_drafts_names_and_an_index(deals: Path) -> None:
    store = deals.parent / "out"
    list(scan_batch(find_drafts(deals), store, jobs=2))
    names = sorted(path.relative_to(store).as_posix() for path in store.rglob("*.json*"))
    assert names == ["a.txt.json", "b/a.txt.json", "index.jsonl"]
    index = [json.loads(line) for line in (store / "index.jsonl").read_text("utf-8").splitlines()]
    assert [entry.get("output", entry.get("code")) for entry in index] == [
        "a.txt.json",
        "b/a.txt.json",
        "corrupt",
    ]


def test_two_runs_write_the_same_bytes(deals: Path) -> None:
    stores = [deals.parent / name for name in ("one.jsonl", "two.jsonl")]
    for jobs, store in enumerate(stores, start=1):
        list(scan_batch(find_drafts(deals), store, jobs=jobs))
    assert stores[0].read_bytes() == stores[1].read_bytes()


def test_a_report_of_an_earlier_run_does_not_outlive_its_draft(deals: Path) -> None:
    store = deals.parent / "out"
    drafts = find_drafts(deals)
    list(scan_batch(drafts, store))
    (deals / "a.txt").write_bytes(b"")
    list(scan_batch(drafts, store))
    assert not (store / "a.txt.json").exists()


def test_names_come_from_files_never_from_what_stands_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.txt").write_text("../../evil.json\n" + TEXT, "utf-8")
    list(scan_batch(find_drafts(folder), tmp_path / "out"))
    assert sorted(os.listdir(tmp_path / "out")) == ["index.jsonl", "x.txt.json"]


def test_a_list_cannot_write_outside_the_store(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("../../etc/../x.txt\n", "utf-8")
    assert find_drafts(listed)[0].output == "0001-x.txt.json"


@pytest.mark.parametrize("jobs", [0, -1])
def test_a_batch_needs_a_process(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(UsageError, match="jobs"):
        list(scan_batch((), tmp_path / "x.jsonl", jobs=jobs))


def test_a_store_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        list(scan_batch((), tmp_path / "none" / "x.jsonl"))
    taken = tmp_path / "file"
    taken.write_text("x", "utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        list(scan_batch((), taken))
