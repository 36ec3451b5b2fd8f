from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausescan.errors import ReadError
from clausescan.extract import read_document

DATA = Path(os.environ.get("CLAUSESCAN_DATA", Path(__file__).parents[1].parent / "shared" / "data"))
SUFFIXES = (".pdf", ".docx", ".txt", ".md")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="set CLAUSESCAN_DATA to the data folder")


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((DATA / folder).rglob("*")):
            if path.is_file() and path.suffix.lower() in SUFFIXES:
                yield path


@pytest.mark.parametrize("folder", ["pdf", "docx", "docx_zh", "zh_forms", "bilingual"])
def test_every_file_is_read_or_refused_with_a_reason(folder: str) -> None:
    refusals: dict[Path, str] = {}
    read = 0
    for path in files(folder):
        try:
            document = read_document(path)
        except ReadError as error:
            refusals[path] = str(error)
            continue
        read += 1
        end = 0
        for block in document.blocks:
            assert end <= block.start < block.end <= len(document.text), path
            end = block.end
    assert read
    assert all(str(path) in text for path, text in refusals.items())


def test_chinese_contracts_are_read_as_chinese() -> None:
    for path in files("docx_zh", "zh_forms"):
        assert read_document(path).languages[0] == "zh", path


def test_reference_texts_are_kept_character_by_character() -> None:
    for path in files("cuad_train/txt"):
        raw = path.read_bytes().decode("utf-8")
        assert read_document(path).text == raw.replace("\r\n", "\n"), path


def test_both_languages_of_a_bilingual_draft_are_found_in_every_format() -> None:
    for path in files("bilingual/derived"):
        assert set(read_document(path).languages) == {"en", "zh"}, path
