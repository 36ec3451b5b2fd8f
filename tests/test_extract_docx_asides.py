"""What hangs on a paragraph of a Word file: comments, notes, boxes, fields, things not read."""

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


def scan(path: Path, body: str, **parts: str) -> Document:
    return read_document(word_file(path / "draft.docx", body, **parts))


def shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def mark(kind: str, number: int = 0) -> str:
    return f'<w:{kind} w:id="{number}"/>'


def comment(text: str, number: int = 0, author: str = "Lin") -> str:
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="2024-05-06T07:08:09Z">{text}'
        "</w:comment>"
    )


OPEN, CLOSE = mark("commentRangeStart"), mark("commentRangeEnd")
MARK = f"<w:r>{mark('commentReference')}</w:r>"


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (paragraph("The fee ", runs=OPEN + run("of 5%") + CLOSE + MARK + run(" is due.")), "of 5%"),
        (paragraph("One", runs=OPEN + run(" two")) + paragraph("Three", runs=CLOSE + run(" x")),
         "two\nThree"),
        (OPEN + paragraph("Whole.") + CLOSE + paragraph("Next."), "Whole."),
        (paragraph("Before") + table([paragraph(runs=OPEN + run("cell") + CLOSE)]), "cell"),
        (paragraph("A ", runs=OPEN + deleted("old") + inserted(run("new")) + CLOSE), "new"),
        (paragraph("Here", runs=MARK + run(" and there.")), ""),
        (paragraph(runs=run("English") + "<w:r><w:br/></w:r>" + OPEN + run("中文条款") + CLOSE),
         "中文条款"),
    ],
)  # fmt: skip
def test_a_comment_says_which_words_it_is_about(tmp_path: Path, body: str, about: str) -> None:
    text = paragraph("Too ", runs=run("high.")) + paragraph("Ask for 3%.")
    document = scan(tmp_path, body, comments=comment(text))
    (found,) = document.comments
    assert (found.author, found.date) == ("Lin", "2024-05-06T07:08:09Z")
    assert found.text == "Too high.\nAsk for 3%."
    assert "high" not in document.text
    assert document.text[found.start : found.end] == about
    assert [notice.code for notice in document.notices][-1] == "comments"


def test_a_comment_without_a_place_is_kept(tmp_path: Path) -> None:
    (found,) = scan(tmp_path, paragraph("A"), comments=comment(paragraph("Why?"))).comments
    assert (found.text, found.start, found.end) == ("Why?", None, None)


def note(kind: str, text: str, number: int = 1) -> str:
    return f'<w:{kind} w:id="{number}">{paragraph(text)}</w:{kind}>'


def called(kind: str, number: int = 1) -> str:
    return f"<w:r>{mark(f'{kind}Reference', number)}</w:r>"


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_stands_where_it_is_called(tmp_path: Path, kind: str) -> None:
    body = (
        paragraph("Fees", runs=called(kind, 2) + run(" are due."))
        + table([paragraph("Cell", runs=called(kind))])
        + paragraph("End.")
    )
    notes = {f"{kind}s": note(kind, "One.") + note(kind, "Two.", 2) + note(kind, "Never.", 3)}
    document = scan(tmp_path, body, **notes)
    assert shown(document) == [
        ("paragraph", "Fees are due."), (kind, "Two."), ("cell", "Cell"), (kind, "One."),
        ("paragraph", "End."), (kind, "Never."),
    ]  # fmt: skip
    first, second, third = (block.anchor for block in document.blocks if block.kind == kind)
    assert first is not None
    assert document.text[:first] == "Fees"
    assert second is not None
    assert document.text[:second].endswith("Cell")
    assert third is None


def test_the_note_of_a_deleted_call_is_deleted(tmp_path: Path) -> None:
    call = inserted(called("footnote"), tag="del")
    document = scan(
        tmp_path, paragraph("A", runs=call) + paragraph("B"), footnotes=note("footnote", "Gone.")
    )
    assert shown(document) == [("paragraph", "A"), ("paragraph", "B")]
    assert [(one.kind, one.text) for one in document.blocks[1].revisions] == [("deleted", "Gone.")]


def test_a_note_that_calls_itself_is_read_once(tmp_path: Path) -> None:
    inner = f'<w:footnote w:id="1">{paragraph("Note", runs=called("footnote"))}</w:footnote>'
    document = scan(tmp_path, paragraph("A", runs=called("footnote")), footnotes=inner)
    assert shown(document) == [("paragraph", "A"), ("footnote", "Note")]


def test_a_box_hangs_on_its_place(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Box')}</w:txbxContent></w:pict></w:r>"
    document = scan(
        tmp_path,
        paragraph("Left", runs=box + run(" right")) + paragraph("End"),
        header=paragraph("Head", runs=box),
    )
    assert shown(document) == [
        ("paragraph", "Left right"), ("textbox", "Box"), ("paragraph", "End"),
        ("header", "Head"), ("header", "Box"),
    ]  # fmt: skip
    assert document.blocks[1].anchor == len("Left")


def field(code: str, result: str | None) -> str:
    parts = [mark_field("begin"), run(code, tag="instrText")]
    if result is not None:
        parts += [mark_field("separate"), result]
    return "".join([*parts, mark_field("end")])


def mark_field(kind: str, inner: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'


FORM_LIST = (
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Vienna"/>'
    '<w:listEntry w:val="Beijing"/></w:ddList></w:ffData>'
)
IF_FIELD = (
    mark_field("begin") + run("IF ", tag="instrText") + field("MERGEFIELD x", run("«x»"))
    + run(' = "1" "a" "b"', tag="instrText") + mark_field("separate") + run("b")
    + mark_field("end")
)  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (field("REF _Ref1 \\r \\h", run("5.1")), "see 5.1 here"),
        (field("PAGEREF _Ref1 \\h", run("12")), "see 12 here"),
        (field("REF _Ref1", field("REF _Ref2", run("inner"))), "see inner here"),
        (IF_FIELD, "see b here"),
        (field("TC quietly", None), "see here"),
        (field("MACROBUTTON NoMacro [name of the buyer]", None), "see [name of the buyer] here"),
        (field("EQ \\o\\ac(○,1)", None), "see ○ 1 here"),
        (mark_field("begin", FORM_LIST) + mark_field("end"), "see Beijing here"),
        (mark_field("begin") + run("never ended"), "see never ended here"),
        (mark_field("end") + run("never begun"), "see never begun here"),
    ],
)
def test_fields_show_their_result_only(tmp_path: Path, runs: str, expected: str) -> None:
    document = scan(tmp_path, paragraph("see ", runs=runs + run(" here")))
    assert document.text == expected
    assert {notice.code for notice in document.notices} <= {"stale-reference"}


def test_a_field_over_paragraphs_shows_its_result(tmp_path: Path) -> None:
    start = mark_field("begin") + run("TOC", tag="instrText") + mark_field("separate")
    body = paragraph(runs=start + run("1 Scope")) + paragraph("2 Term", runs=mark_field("end"))
    assert scan(tmp_path, body + paragraph("Text")).text == "1 Scope\n2 Term\nText"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("REF target \\r \\h", "see 2 here"), ("REF target", "see Licensed Products here")],
)
@pytest.mark.parametrize("simple", [True, False])
def test_a_reference_without_a_result_is_looked_up(
    tmp_path: Path, code: str, expected: str, simple: bool
) -> None:
    named = '<w:bookmarkStart w:id="7" w:name="target"/>' + run("Licensed Products")
    named += '<w:bookmarkEnd w:id="7"/>' + run(" are listed.")
    reference = f'<w:fldSimple w:instr="{code}"/>' if simple else field(code, run(""))
    body = (
        paragraph("see ", runs=reference + run(" here"))
        + paragraph("One", properties=listed())
        + paragraph(runs=named, properties=listed())
    )
    document = scan(tmp_path, body, numbering=numbering(level(0, "%1.")))
    assert shown(document)[0][1] == expected
    assert document.notices == ()


@pytest.mark.parametrize(
    ("shown_number", "gone", "told"),
    [
        ("3.2", False, ""),
        ("12", False, "12 (now 2)"),
        ("2", False, ""),
        ("Clause 2.", False, ""),
        ("3", False, "3 (now 2)"),
        ("2", True, "2 (now gone)"),
    ],
)
def test_a_reference_with_another_number_than_its_target_is_named(
    tmp_path: Path, shown_number: str, gone: bool, told: str
) -> None:
    name = '<w:bookmarkStart w:id="7" w:name="_Ref1"/><w:bookmarkEnd w:id="7"/>'
    fate = '<w:rPr><w:del w:id="1"/></w:rPr>' if gone else ""
    words = deleted("Two") if gone else run("Two")
    body = (
        paragraph("see ", runs=field("REF _Ref1 \\r \\h", run(shown_number)))
        + paragraph("One", properties=listed())
        + paragraph(runs=name + words, properties=listed() + fate)
        + paragraph("Three")
    )
    document = scan(tmp_path, body, numbering=numbering(level(0, "%1.")))
    stale = [notice for notice in document.notices if notice.code == "stale-reference"]
    assert [notice.message.partition("changed: ")[2] for notice in stale] == (
        [f"{told}."] * bool(told)
    )
    assert all(notice.location and notice.location.paragraph == 1 for notice in stale)


def test_what_no_reference_can_show_is_named(tmp_path: Path) -> None:
    runs = field("REF nowhere", None) + field("PAGEREF nowhere", run(""))
    runs += field("LISTNUM nolist", None)
    runs += run("Error! Reference source not found.")
    notices = scan(tmp_path, paragraph("see ", runs=runs)).notices
    assert [notice.code for notice in notices] == ["empty-field", "broken-reference"]
    assert "3 fields without text (LISTNUM, PAGEREF, REF)" in notices[0].message


LISTED = numbering(level(0, "%1."), level(1, "(%2)", form="lowerLetter")).replace(
    '<w:abstractNum w:abstractNumId="0">',
    '<w:abstractNum w:abstractNumId="7"><w:name w:val="L"/></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="0"><w:name w:val="L"/>',
)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["LISTNUM L \\l 2", "LISTNUM L \\l 2"], "2. see (a) and (b) and 3."),
        (["LISTNUM L \\l 2 \\s 5", "LISTNUM L"], "2. see (e) and 3. and 4."),
        (["LISTNUM", "LISTNUM \\l 2"], "2. see 1) and a) and 3."),
        (["LISTNUM LegalDefault \\l 3", "LISTNUM LegalDefault"], "2. see 1.1.1. and 2. and 3."),
    ],
)
def test_numbers_inside_paragraphs_go_on_with_their_list(
    tmp_path: Path, codes: list[str], expected: str
) -> None:
    runs = "".join(field(code, None) + run(" and ") for code in codes)
    body = (
        paragraph("Start", properties=listed())
        + paragraph("see ", runs=runs, properties=listed())
        + paragraph("Next", properties=listed())
    )
    document = scan(tmp_path, body, numbering=LISTED)
    _, second, third = document.blocks
    text = document.text[second.start : second.end]
    assert f"{second.number} {text} {third.number}" == expected
    assert document.notices == ()


@pytest.mark.parametrize(
    ("original", "expected"), [(False, ["A", "B 1)"]), (True, ["A 1)", "B 2)"])]
)
def test_a_deleted_number_counts_in_the_original_only(
    tmp_path: Path, original: bool, expected: list[str]
) -> None:
    gone = field("LISTNUM", None).replace("instrText", "delInstrText")
    body = paragraph("A ", runs=inserted(gone, tag="del"))
    body += paragraph("B ", runs=field("LISTNUM", None))
    path = word_file(tmp_path / "draft.docx", body)
    assert read_document(path, original=original).text.split("\n") == expected


DIAGRAM = '<d:relIds xmlns:d="d" r:dm="rId1"/>'
LARGE = (
    '<wp:inline xmlns:wp="wp"><wp:extent cx="5000000" cy="5000000"/><a:blip xmlns:a="a"/>'
    "</wp:inline>"
)


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        ("<w:object/>", "embedded object"),
        ("<w:object><w:control/></w:object>", "form control"),
        (f"<w:drawing>{DIAGRAM}</w:drawing>", "diagram"),
        ('<w:drawing><c:chart xmlns:c="c" r:id="rId7"/></w:drawing>', "chart"),
        (f"<w:drawing>{LARGE}</w:drawing>", "large picture"),
        (f"<w:drawing>{LARGE.replace('5000000', '999999')}</w:drawing>", ""),
    ],
)
def test_what_is_not_read_is_named_with_its_place(tmp_path: Path, inner: str, name: str) -> None:
    document = scan(tmp_path, paragraph("Body") + paragraph("On", runs=f"<w:r>{inner}</w:r>"))
    assert document.unread == ((f"1 × {name}",) if name else ())
    places = [notice.location for notice in document.notices]
    assert [place and (place.start, place.paragraph) for place in places] == (
        [(7, 2)] if name else []
    )


def test_the_words_of_a_diagram_are_read(tmp_path: Path) -> None:
    point = (
        '<d:pt xmlns:d="d" xmlns:a="a"><d:t><a:p><a:r><a:t>Licensor</a:t></a:r></a:p></d:t></d:pt>'
    )
    document = scan(
        tmp_path, paragraph("Body", runs=f"<w:r><w:drawing>{DIAGRAM}</w:drawing></w:r>"),
        diagramData=point,
    )  # fmt: skip
    assert shown(document) == [("paragraph", "Body"), ("textbox", "Licensor")]
    assert document.unread == ()


def test_lettering_is_read(tmp_path: Path) -> None:
    art = '<w:r><w:pict><v:textpath xmlns:v="v" string="DRAFT"/></w:pict></w:r>'
    document = scan(tmp_path, paragraph("Body"), header=paragraph(runs=art))
    assert shown(document) == [("paragraph", "Body"), ("header", "DRAFT")]


def test_hidden_and_struck_words_are_told(tmp_path: Path) -> None:
    box = f"<w:r><w:rPr><w:vanish/></w:rPr><w:pict><w:txbxContent>{paragraph('Box')}"
    box += "</w:txbxContent></w:pict></w:r>"
    body = (
        paragraph("Stands", runs=run(" struck", properties="<w:strike/>"))
        + paragraph(runs=run("secret", properties="<w:vanish/>") + box)
        + paragraph(runs=run("not struck", properties='<w:strike w:val="0"/>'))
    )
    document = scan(tmp_path, body)
    assert shown(document) == [
        ("paragraph", "Stands struck"), ("hidden", "secretBox"), ("paragraph", "not struck")
    ]  # fmt: skip
    assert [notice.code for notice in document.notices] == ["hidden-text", "struck-text"]
    places = [notice.location for notice in document.notices]
    assert [place and place.paragraph for place in places] == [2, 1]


def test_a_hidden_row_is_told(tmp_path: Path) -> None:
    rows = table([paragraph("Kept")], [paragraph("Secret")])
    last = rows.rindex("<w:tr>") + len("<w:tr>")
    rows = f"{rows[:last]}<w:trPr><w:hidden/></w:trPr>{rows[last:]}"
    assert shown(scan(tmp_path, rows)) == [("cell", "Kept"), ("hidden", "Secret")]


def test_a_file_of_pictures_only_says_what_it_holds(tmp_path: Path) -> None:
    body = paragraph(runs=f"<w:r><w:drawing>{LARGE}</w:drawing></w:r>")
    with pytest.raises(ReadError, match="holds no text, only 1 × large picture"):
        scan(tmp_path, body)


def test_a_hidden_item_takes_no_number(tmp_path: Path) -> None:
    gone = "<w:rPr><w:vanish/></w:rPr>"
    body = (
        paragraph("One", properties=listed())
        + paragraph(runs=run("secret", properties="<w:vanish/>"), properties=listed() + gone)
        + paragraph("Two", properties=listed())
    )
    document = scan(tmp_path, body, numbering=numbering(level(0, "%1.")))
    assert [block.number for block in document.blocks] == ["1.", "", "2."]
