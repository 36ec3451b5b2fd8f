from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from extract_files import PdfFile, paragraph, word_file, zip_file

from clausescan.errors import ReadError
from clausescan.extract import read_document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def code_of(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert path.name in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("draft.wps", OLE, "type"),
        ("draft.xyz", b"Hello", "type"),
        ("draft", b"Hello", "type"),
        ("draft.pdf", b"", "empty"),
        ("draft.docx", b"", "empty"),
        ("draft.txt", b"", "empty"),
        ("draft.pdf", b"Hello, this is no PDF.", "type"),
        ("draft.docx", b"Hello, this is no zip.", "type"),
        ("draft.docx", OLE, "encrypted"),
        ("draft.txt", b"%PDF-1.7 and so on", "type"),
        ("draft.md", b"PK\x03\x04 and so on", "type"),
        ("draft.pdf", b"%PDF-1.7\nrubbish", "corrupt"),
        ("draft.docx", b"PK\x03\x04 rubbish", "corrupt"),
        ("draft.txt", b" \n\t\n", "no-text"),
        ("draft.txt", bytes(range(256)) * 4, "type"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "draft.docx"
    folder.mkdir()
    assert code_of(tmp_path / "gone.pdf") == "missing"
    assert code_of(folder) == "type"


@pytest.mark.parametrize("suffix", [".wps", ".pages", ".png", ".zip", ".eml"])
def test_a_known_type_that_is_not_read_names_its_remedy(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"draft{suffix}"
    path.write_bytes(b"content")
    with pytest.raises(ReadError, match="scan"):
        read_document(path)


def test_a_word_file_under_a_pdf_name_is_called_what_it_is(tmp_path: Path) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Hello"))
    wrong = path.rename(tmp_path / "draft.pdf")
    with pytest.raises(ReadError, match="docx"):
        read_document(wrong)


def test_a_zip_without_a_word_document_is_no_draft(tmp_path: Path) -> None:
    path = zip_file(tmp_path / "draft.docx", {"_rels/.rels": "<a/>", "readme.txt": "hello"})
    assert code_of(path) == "type"


@pytest.mark.parametrize("name", ["draft.txt", "DRAFT.TXT", "draft.PDF", "draft.docx"])
def test_suffixes_are_read_in_any_case_and_bytes_are_hashed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.lower().endswith("pdf"):
        PdfFile(path).line("A line of words", y=100).save()
    elif name.endswith("docx"):
        word_file(path, paragraph("A line of words"))
    else:
        path.write_text("A line of words", encoding="utf-8")
    document = read_document(str(path))
    assert document.text == "A line of words"
    assert document.path == str(path)
    assert document.format == path.suffix[1:].lower()
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_importing_the_front_door_loads_no_reader() -> None:
    code = (
        "import sys, clausescan, clausescan.extract\n"
        "heavy = {'pypdfium2', 'pdfplumber', 'docx', 'lxml'} & set(sys.modules)\n"
        "print(*sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr.strip()) == ("", "")
