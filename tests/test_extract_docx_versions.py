from __future__ import annotations

from pathlib import Path

import pytest
from extract_files import (
    deleted,
    inserted,
    level,
    listed,
    numbering,
    paragraph,
    run,
    table,
    word_file,
)

from clausescan.document import Document
from clausescan.errors import ReadError
from clausescan.extract import read_document

MOVED_AWAY = inserted(run("The seat is Vienna. "), tag="moveFrom")
MOVED_HERE = inserted(run("The seat is Vienna. "), tag="moveTo")
ENDS = {
    kind: f'<w:rPr><w:{kind} w:id="9" w:author="Wei" w:date="2024-05-06T07:08:09Z"/></w:rPr>'
    for kind in ("ins", "del", "moveFrom", "moveTo")
}


def both(path: Path, body: str, **parts: str) -> tuple[Document, Document]:
    """The final and the original text of one file."""
    file = word_file(path / "draft.docx", body, **parts)
    return read_document(file), read_document(file, original=True)


def words(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def kept(document: Document) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for block in document.blocks for one in block.revisions]


@pytest.mark.parametrize(
    ("body", "final", "original"),
    [
        (paragraph("A ", runs=deleted("may") + inserted(run("shall")) + run(" pay.")),
         ["A shall pay."], ["A may pay."]),
        (paragraph("One.", properties=ENDS["ins"]) + paragraph("Two."),
         ["One.", "Two."], ["One.Two."]),
        (paragraph("One. ", properties=ENDS["del"]) + paragraph("Two."),
         ["One. Two."], ["One.", "Two."]),
        (paragraph(runs=inserted(run("New."))  , properties=ENDS["ins"]) + paragraph("Old."),
         ["New.", "Old."], ["Old."]),
        (paragraph(runs=MOVED_AWAY, properties=ENDS["moveFrom"]) + paragraph("Stays.")
         + paragraph(runs=MOVED_HERE, properties=ENDS["moveTo"]) + paragraph("End."),
         ["Stays.", "The seat is Vienna.", "End."], ["The seat is Vienna.", "Stays.", "End."]),
        (paragraph("A", runs=inserted(deleted("in and out")) + run("B")), ["AB"], ["AB"]),
        (paragraph("A", runs=inserted(deleted("not so"), tag="moveFrom") + run("B")),
         ["AB"], ["Anot soB"]),
    ],
)  # fmt: skip
def test_both_texts_can_be_read(
    tmp_path: Path, body: str, final: list[str], original: list[str]
) -> None:
    accepted, rejected = both(tmp_path, body)
    assert words(accepted) == final
    assert words(rejected) == original


def test_changes_are_kept_in_both_texts_and_slice_back(tmp_path: Path) -> None:
    runs = deleted("may") + inserted(run("shall")) + run(" pay. ") + MOVED_HERE
    body = paragraph("A ", runs=runs) + paragraph(runs=MOVED_AWAY + run("B"))
    accepted, rejected = both(tmp_path, body)
    assert kept(accepted) == [
        ("deleted", "may"), ("inserted", "shall"), ("moved", "The seat is Vienna.")
    ]  # fmt: skip
    assert kept(rejected) == [
        ("deleted", "may"), ("inserted", "shall"), ("moved", "The seat is Vienna. ")
    ]  # fmt: skip
    for document, absent in ((accepted, "deleted"), (rejected, "inserted")):
        assert "The seat is Vienna." in document.text
        assert document.text.count("Vienna") == 1
        for one in (one for block in document.blocks for one in block.revisions):
            found = document.text[one.start : one.start + len(one.text)]
            assert (found == one.text) is (one.kind != absent)
            assert (one.author, one.date) == ("Wei", "2024-05-06T07:08:09Z")


def test_a_report_reader_is_told_which_text_was_read(tmp_path: Path) -> None:
    body = paragraph("A ", runs=deleted("may") + inserted(run("shall"), author="Lin"))
    accepted, rejected = both(tmp_path, body)
    (final,), (original,) = accepted.notices, rejected.notices
    assert (final.code, original.code) == ("tracked-changes", "original-text")
    assert "1 insertion, 1 deletion by Lin, Wei" in final.message
    assert "accepted" in final.message
    assert "rejected" in original.message
    (none,) = both(tmp_path, paragraph("A"))[1].notices
    assert none.code == "original-text"
    assert "no tracked changes of words" in none.message


def test_rows_and_cells_come_and_go_as_a_whole(tmp_path: Path) -> None:
    author = 'w:id="1" w:author="Wei" w:date="2024-05-06T07:08:09Z"'
    rows = table([paragraph("Kept")], [paragraph("Gone")], [paragraph("New")])
    first, second, third, fourth = rows.split("<w:tr>")
    rows = "<w:tr>".join(
        [
            first,
            second,
            f"<w:trPr><w:del {author}/></w:trPr>{third}",
            fourth.replace("<w:tcPr/>", f"<w:tcPr><w:cellIns {author}/></w:tcPr>"),
        ]
    )
    accepted, rejected = both(tmp_path, rows + paragraph("After"))
    assert (words(accepted), words(rejected)) == (
        ["Kept", "New", "After"],
        ["Kept", "Gone", "After"],
    )
    assert kept(accepted) == [("deleted", "Gone"), ("inserted", "New")]
    assert {one.author for block in accepted.blocks for one in block.revisions} == {"Wei"}


def test_numbers_follow_the_text_that_is_read(tmp_path: Path) -> None:
    body = (
        paragraph("One", properties=listed())
        + paragraph(runs=inserted(run("New")), properties=listed() + ENDS["ins"])
        + paragraph("Two", properties=listed())
        + paragraph(
            "Three",
            properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>'
            '<w:ins w:id="1" w:author="Wei"/></w:numPr>',
        )
        + paragraph("Four", properties=listed(1) + f"<w:pPrChange><w:pPr>{listed(0)}</w:pPr>"
                    "</w:pPrChange>")
    )  # fmt: skip
    lists = numbering(level(0, "%1."), level(1, "%1.%2"))
    accepted, rejected = both(tmp_path, body, numbering=lists)
    assert [block.number for block in accepted.blocks] == ["1.", "2.", "3.", "4.", "4.1"]
    assert [block.number for block in rejected.blocks] == ["1.", "2.", "", "3."]


def test_changes_of_numbers_alone_are_told(tmp_path: Path) -> None:
    change = f"<w:pPrChange><w:pPr>{listed(0)}</w:pPr></w:pPrChange>"
    body = paragraph("One", properties=listed()) + paragraph("Two", properties=listed(1) + change)
    lists = numbering(level(0, "%1."), level(1, "%1.%2"))
    accepted, rejected = both(tmp_path, body, numbering=lists)
    for document, code in ((accepted, "tracked-changes"), (rejected, "original-text")):
        (notice,) = document.notices
        assert notice.code == code
        assert "(1 numbering change)" in notice.message


def test_a_deleted_paragraph_end_before_a_table_moves_nothing(tmp_path: Path) -> None:
    body = paragraph("Before", properties=ENDS["del"]) + table([paragraph("In")])
    assert words(both(tmp_path, body + paragraph("After"))[0]) == ["Before", "In", "After"]


def test_a_change_over_a_line_break_is_cut_to_its_blocks(tmp_path: Path) -> None:
    inner = run("(a) one") + "<w:r><w:br/></w:r>" + run("(b) two")
    document, _ = both(tmp_path, paragraph(runs=inserted(inner)) + paragraph("Old."))
    assert words(document) == ["(a) one", "(b) two", "Old."]
    assert kept(document) == [("inserted", "(a) one"), ("inserted", "(b) two")]


def test_an_empty_original_is_told_apart_from_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="--original") as caught:
        both(tmp_path, paragraph(runs=inserted(run("All new."))))
    assert caught.value.code == "no-text"


@pytest.mark.parametrize(("tag", "texts"), [("ins", ["A=2π", "A=π"]), ("del", ["A=π", "A=2π"])])
def test_formulas_hold_their_changes_inside_the_run(
    tmp_path: Path, tag: str, texts: list[str]
) -> None:
    change = f'<m:r><w:{tag} w:id="1" w:author="Wei"><m:t>2</m:t></w:{tag}></m:r>'
    formula = f"<m:r><m:t>A=</m:t></m:r>{change}<m:r><m:t>π</m:t></m:r>"
    body = paragraph(runs=f'<m:oMath xmlns:m="m">{formula}</m:oMath>')
    assert [document.text for document in both(tmp_path, body)] == texts
