"""Word files that Word opens and python-docx does not."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest
from extract_files import R, edited, level, listed, numbering, paragraph, word_file

from clausescan.errors import ReadError
from clausescan.extract import read_document


def strict(_name: str, data: bytes) -> bytes:
    """Names as 'Strict Open XML Document' has them."""
    pattern = rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml)/2006/"
    return re.sub(pattern, rb"http://purl.oclc.org/ooxml/\1/", data)


def test_a_strict_file_is_read(tmp_path: Path) -> None:
    body = paragraph("Item", properties=listed())
    path = word_file(tmp_path / "draft.docx", body, numbering=numbering(level(0, "%1.")))
    edited(path, strict)
    with pytest.raises(KeyError):
        docx.Document(str(path))
    (block,) = read_document(path).blocks
    assert block.number == "1."


def related(kind: str, target: str) -> str:
    return f'<Relationship Id="rIdX" Type="{R}/{kind}" Target="{target}"/></Relationships>'


@pytest.mark.parametrize(
    ("kind", "target"),
    [("image", "NULL"), ("image", "media/gone.png"), ("aFChunk", "/word/chunk.xml"),
     ("subDocument", "chunk.xml")],
)  # fmt: skip
def test_relations_that_lead_nowhere_do_no_harm(tmp_path: Path, kind: str, target: str) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "word/_rels/document.xml.rels":
            return data
        return data.replace(b"</Relationships>", related(kind, target).encode())

    path = word_file(tmp_path / "draft.docx", paragraph("Body") + '<w:altChunk r:id="rIdX"/>')
    edited(path, change, **{"chunk.xml": b"PK no XML"})
    document = read_document(path)
    assert document.text == "Body"
    assert document.unread == ("1 × embedded document",)


def test_a_missing_part_with_words_is_named(tmp_path: Path) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body"), header=paragraph("Head"))
    edited(path, lambda _name, data: data.replace(b'"header.xml"', b'"gone.xml"'))
    document = read_document(path)
    assert document.text == "Body"
    assert document.unread == ("missing part (header)",)
    assert [notice.code for notice in document.notices] == ["missing-part"]


def test_what_cannot_be_repaired_is_refused(tmp_path: Path) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body"))
    edited(path, lambda name, data: b"<Types" if name.startswith("[Content") else data)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "corrupt"
