from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from extract_files import (
    MC,
    WPS,
    deleted,
    inserted,
    level,
    listed,
    numbering,
    paragraph,
    run,
    table,
    word_file,
    zip_file,
)

from clausescan.document import Block, Document
from clausescan.errors import ReadError
from clausescan.extract import read_document
from clausescan.extract.docx import paragraph_elements


def scan(path: Path, body: str, **parts: str) -> Document:
    return read_document(word_file(path / "draft.docx", body, **parts))


def shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def words(document: Document) -> list[str]:
    return [text for _, text in shown(document)]


TEXT_BOX = (
    f'<w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="wps"><w:drawing>'
    f'<wps:wsp xmlns:wps="{WPS}"><wps:txbx><w:txbxContent>{paragraph("Box")}</w:txbxContent>'
    "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
    f"{paragraph('Box')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def wrapped(tag: str, inner: str) -> str:
    if tag == "sdt":
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    return f"<w:{tag}>{inner}</w:{tag}>"


def formula(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (run("plain"), "plain"),
        (run("two ") + run(" blanks"), "two blanks"),
        (inserted(run("put in")), "put in"),
        (inserted(run("moved"), tag="moveTo"), "moved"),
        (run("kept ") + deleted("gone"), "kept"),
        (inserted(run("away"), tag="moveFrom") + run("stays"), "stays"),
        (inserted(deleted("in and out")) + run("stays"), "stays"),
        (wrapped("hyperlink", run("link")), "link"),
        (wrapped("smartTag", run("tag")), "tag"),
        (wrapped("sdt", run("control")), "control"),
        ('<w:fldSimple w:instr="REF x">' + run("5.1") + "</w:fldSimple>", "5.1"),
        (run("PAGE ", tag="instrText") + run("7"), "7"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a b"),
        ("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>exclusive</w:t></w:r>", "non-exclusive"),
        ("<w:r><w:t>line</w:t><w:br/><w:t>break</w:t></w:r>", "line break"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> yes</w:t></w:r>', "☑ yes"),
        (run("     ", properties='<w:u w:val="single"/>') + run(" (seal)"), "____ (seal)"),
        (
            "<w:r><w:ruby><w:rt>" + run("hé") + "</w:rt><w:rubyBase>" + run("合") + "</w:rubyBase>"
            "</w:ruby></w:r>",
            "合",
        ),
        (
            f"<m:oMath xmlns:m='m'>{formula('P=')}<m:f><m:num>{formula('a+b')}</m:num><m:den>"
            f"{formula('2')}</m:den></m:f><m:sSup><m:e>{formula('x')}</m:e><m:sup>{formula('10')}"
            f"</m:sup></m:sSup><m:rad><m:deg/><m:e>{formula('y')}</m:e></m:rad><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:e><m:d><m:e>{formula('z')}"
            "</m:e></m:d></m:e></m:nary></m:oMath>",
            "P=(a+b)/2x^(10)√y∑(z)",
        ),
    ],
)
def test_the_final_text_of_a_paragraph_is_read(tmp_path: Path, inner: str, expected: str) -> None:
    assert words(scan(tmp_path, paragraph(runs=inner))) == [expected]


def test_tracked_changes_are_kept_with_author_date_and_place(tmp_path: Path) -> None:
    body = paragraph("The Licensee ", runs=deleted("may") + inserted(run("shall")) + run(" pay."))
    document = scan(tmp_path, paragraph("First.") + body)
    block = document.blocks[1]
    assert document.text[block.start : block.end] == "The Licensee shall pay."
    removed, added = block.revisions
    assert (removed.kind, removed.text, removed.start) == ("deleted", "may", block.start + 13)
    assert (added.kind, added.text, added.author) == ("inserted", "shall", "Wei")
    assert document.text[added.start :].startswith("shall pay")
    assert added.date == "2024-05-06T07:08:09Z"
    assert "tracked-changes" in {notice.code for notice in document.notices}


def test_runs_of_one_change_are_one_revision(tmp_path: Path) -> None:
    runs = inserted(run("one ")) + inserted(run("two")) + inserted(run(" three"), author="Lin")
    (block,) = scan(tmp_path, paragraph(runs=runs)).blocks
    assert [(one.author, one.text) for one in block.revisions] == [
        ("Wei", "one two"),
        ("Lin", " three"),
    ]


def test_a_deleted_paragraph_mark_joins_the_next_paragraph(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="2" w:author="Wei"/></w:rPr>'
    body = paragraph("The fee is ", properties=mark) + paragraph("due at once.")
    assert words(scan(tmp_path, body)) == ["The fee is due at once."]


def test_what_a_deleted_clause_said_is_told_by_the_next_block(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="2" w:author="Wei"/></w:rPr>'
    gone = paragraph(runs=deleted("Old clause."), properties=mark)
    document = scan(tmp_path, paragraph("One.") + gone + paragraph("Three."))
    assert words(document) == ["One.", "Three."]
    assert [one.text for one in document.blocks[1].revisions] == ["Old clause."]


def test_a_change_at_the_very_end_is_told_by_the_last_block(tmp_path: Path) -> None:
    document = scan(tmp_path, paragraph("One.") + paragraph(runs=deleted("Last clause.")))
    assert [one.text for one in document.blocks[0].revisions] == ["Last clause."]


def test_a_deleted_row_is_gone_and_told(tmp_path: Path) -> None:
    rows = table([paragraph("Kept")], [paragraph("Gone")])
    last = rows.rindex("<w:tr>")
    rows = (
        rows[:last] + "<w:tr><w:trPr><w:del w:id='1' w:author='Wei'/></w:trPr>" + rows[last + 6 :]
    )
    document = scan(tmp_path, rows + paragraph("After"))
    assert words(document) == ["Kept", "After"]
    assert [one.text for one in document.blocks[1].revisions] == ["Gone"]


def test_tables_are_read_row_by_row(tmp_path: Path) -> None:
    cells = [[paragraph(f"{row}{column}") for column in "ab"] for row in "12"]
    cells[1][1] += paragraph("more")
    document = scan(tmp_path, paragraph("Before") + table(*cells) + paragraph("After"))
    rows = [block.row for block in document.blocks]
    assert words(document) == ["Before", "1a", "1b", "2a", "2b", "more", "After"]
    assert rows == [None, (0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 1), None]


def test_merged_and_nested_cells_are_read_once(tmp_path: Path) -> None:
    wide = "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
    on = "<w:tcPr><w:vMerge/></w:tcPr>"
    inner = table([paragraph("inner")])
    body = table(
        [paragraph("wide"), paragraph("last")], [paragraph("below"), paragraph("") + inner]
    )
    body = body.replace("<w:tcPr/>", wide, 1).replace(
        "<w:tc><w:tcPr/>" + paragraph("below"), "<w:tc>" + on + paragraph("below")
    )
    document = scan(tmp_path, body)
    assert shown(document) == [
        ("cell", "wide"), ("cell", "last"), ("hidden", "below"), ("cell", "inner")
    ]  # fmt: skip
    assert [block.row for block in document.blocks] == [
        (0, 0, 0), (0, 0, 2), (0, 1, 0), (1, 0, 0)
    ]  # fmt: skip


def test_rows_and_cells_inside_content_controls_are_read(tmp_path: Path) -> None:
    cell = "<w:tc>" + paragraph("cell") + "</w:tc>"
    row = f"<w:tr>{wrapped('sdt', cell)}</w:tr>"
    body = f"<w:tbl>{wrapped('sdt', row)}</w:tbl>" + wrapped("sdt", paragraph("whole"))
    assert shown(scan(tmp_path, body)) == [("cell", "cell"), ("paragraph", "whole")]


def test_asides_become_blocks_of_their_own_once(tmp_path: Path) -> None:
    vanish = run("secret", properties="<w:vanish/>")
    document = scan(
        tmp_path,
        paragraph("Body", runs=TEXT_BOX + vanish) + paragraph("End"),
        footnotes=f'<w:footnote w:type="separator">{paragraph("sep")}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph("Note")}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{paragraph("Endnote")}</w:endnote>',
        header=paragraph("Head"),
        footer=paragraph("Foot"),
        comments='<w:comment w:id="0">' + paragraph("Why?") + "</w:comment>",
    )
    assert shown(document) == [
        ("paragraph", "Body"),
        ("hidden", "secret"),
        ("textbox", "Box"),
        ("paragraph", "End"),
        ("footnote", "Note"),
        ("endnote", "Endnote"),
        ("header", "Head"),
        ("footer", "Foot"),
    ]
    assert {notice.code for notice in document.notices} == {"hidden-text", "comments"}


def test_embedded_documents_are_named_as_unread(tmp_path: Path) -> None:
    document = scan(tmp_path, paragraph("Body") + '<w:altChunk r:id="rId9"/>')
    assert document.unread == ("1 × embedded document",)
    assert [notice.code for notice in document.notices] == ["embedded-content"]


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn '
    'w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
)


@pytest.mark.parametrize(
    ("style", "text", "kind", "level", "bold"),
    [
        ("H1", "Definitions", "heading", 0, True),
        ("H2", "Scope", "heading", 1, True),
        ("T", "Licence Agreement", "heading", 0, False),
        ("Normal", "Words", "paragraph", None, False),
        ("H2", "A whole clause set in a heading style. " * 8, "paragraph", 1, True),
    ],
)
def test_headings_are_told_by_style_and_length(
    tmp_path: Path, style: str, text: str, kind: str, level: int | None, bold: bool
) -> None:
    body = paragraph(text, properties=f'<w:pStyle w:val="{style}"/>')
    (block,) = scan(tmp_path, body, styles=STYLES).blocks
    assert (block.kind, block.level, block.bold) == (kind, level, bold)


@pytest.mark.parametrize(
    ("runs", "bold"),
    [
        (run("all", properties="<w:b/>") + run("  "), True),
        (run("some", properties="<w:b/>") + run("thin"), False),
        (run("off", properties='<w:b w:val="0"/>'), False),
    ],
)
def test_bold_means_all_of_it(tmp_path: Path, runs: str, bold: bool) -> None:
    assert scan(tmp_path, paragraph(runs=runs)).blocks[0].bold is bold


BREAK = "<w:r><w:br/></w:r>"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (run("English words") + BREAK + run("中文条款内容"), ["English words", "中文条款内容"]),
        (
            run("1.1 One") + BREAK + run("1.1 第一项") + BREAK + run("仍是中文"),
            ["1.1 One", "1.1 第一项 仍是中文"],
        ),
        (
            run("Lead:") + BREAK + run("(a) one") + BREAK + run("(b) two"),
            ["Lead:", "(a) one", "(b) two"],
        ),
        (run("One street") + BREAK + run("One town"), ["One street One town"]),
    ],
)
def test_line_breaks_part_scripts_and_numbers_only(
    tmp_path: Path, runs: str, expected: list[str]
) -> None:
    assert words(scan(tmp_path, paragraph(runs=runs))) == expected


def test_revisions_follow_their_part_of_a_split_paragraph(tmp_path: Path) -> None:
    runs = (
        run("English words ") + inserted(run("new")) + BREAK + run("中文") + inserted(run("新增"))
    )
    document = scan(tmp_path, paragraph(runs=runs))
    assert [[one.text for one in block.revisions] for block in document.blocks] == [
        ["new"],
        ["新增"],
    ]
    for block in document.blocks:
        for one in block.revisions:
            assert document.text[one.start : one.start + len(one.text)] == one.text


def test_numbers_that_word_computes_stand_beside_the_text(tmp_path: Path) -> None:
    lists = numbering(
        level(0, "第%1条", form="chineseCounting"), level(1, "%1.%2", extra="<w:isLgl/>")
    )
    body = "".join(paragraph(f"Item {index}", properties=listed(index % 2)) for index in range(4))
    document = scan(tmp_path, body, numbering=lists)
    assert [(block.number, block.level) for block in document.blocks] == [
        ("第一条", 0), ("1.1", 1), ("第二条", 0), ("2.1", 1)
    ]  # fmt: skip
    assert words(document)[0] == "Item 0"


def test_deleted_items_take_no_number(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="2" w:author="Wei"/></w:rPr>'
    body = (
        paragraph("one", properties=listed())
        + paragraph(runs=deleted("gone"), properties=listed() + mark)
        + paragraph("two", properties=listed())
        + paragraph("", properties=listed() + "<w:sectPr/>")
        + paragraph("three", properties=listed())
    )
    document = scan(tmp_path, body, numbering=numbering(level(0, "%1.")))
    assert [block.number for block in document.blocks] == ["1.", "2.", "3."]


def test_each_block_leads_back_to_its_paragraph(tmp_path: Path) -> None:
    path = word_file(
        tmp_path / "draft.docx",
        paragraph("One")
        + table([paragraph("Two")])
        + paragraph(runs=run("Three") + BREAK + run("三")),
        header=paragraph("Head"),
    )
    document = read_document(path)
    elements = paragraph_elements(docx.Document(str(path)))
    assert len(elements) == len(document.blocks)
    for block, (element,) in zip(document.blocks, elements, strict=True):
        assert document.text[block.start : block.end] in "".join(element.itertext())


def test_a_file_without_words_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        scan(tmp_path, paragraph(""))
    assert caught.value.code == "no-text"


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("prolog", [ENTITIES, OUTSIDE])
def test_entities_are_refused_and_never_expanded(tmp_path: Path, prolog: str) -> None:
    path = word_file(
        tmp_path / "draft.docx", paragraph(runs="<w:r><w:t>&c;</w:t></w:r>"), prolog=prolog
    )
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "corrupt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_in_another_part_are_refused(tmp_path: Path, encoding: str) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body"), footnotes="")
    notes = f'<w:footnote w:id="1">{paragraph("&c;")}</w:footnote>'
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITIES}'
    bomb = f'{prolog}<w:footnotes xmlns:w="x">{notes}</w:footnotes>'.encode(encoding)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, bomb if name == "word/footnotes.xml" else data)
    with pytest.raises(ReadError, match="entities") as caught:
        read_document(path)
    assert caught.value.code == "corrupt"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body " * 500))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "corrupt"


@pytest.mark.parametrize(
    ("body", "notes"), [("<w:p><w:r>", ""), (paragraph("Body"), "<w:footnote>")]
)
def test_broken_xml_is_refused_in_any_part(tmp_path: Path, body: str, notes: str) -> None:
    with pytest.raises(ReadError) as caught:
        scan(tmp_path, body, footnotes=notes)
    assert caught.value.code == "corrupt"


def test_a_relation_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body"), header="")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "word/_rels/document.xml.rels"
    members[name] = members[name].replace(b' Target="header.xml"', b"")
    assert read_document(zip_file(path, members)).unread == ("missing part (header)",)


def test_a_member_said_to_begin_behind_the_end_is_refused(tmp_path: Path) -> None:
    path = word_file(tmp_path / "draft.docx", paragraph("Body " * 500))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        extra = archive.getinfo("word/document.xml").header_offset + 28
    data[extra : extra + 2] = b"\xff\xff"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "corrupt"


@pytest.mark.parametrize("depth", [10, 60])
def test_nested_content_controls_are_read(tmp_path: Path, depth: int) -> None:
    inner = paragraph("deep")
    for _ in range(depth):
        inner = wrapped("sdt", inner)
    assert words(scan(tmp_path, inner)) == ["deep"]


def test_parts_nested_without_end_are_refused(tmp_path: Path) -> None:
    inner = paragraph("deep")
    for _ in range(5000):
        inner = wrapped("sdt", inner)
    with pytest.raises(ReadError) as caught:
        scan(tmp_path, inner)
    assert caught.value.code == "corrupt"


def test_blocks_are_numbered_and_do_not_overlap(tmp_path: Path) -> None:
    blocks = scan(tmp_path, paragraph("One") + paragraph("") + paragraph("Two")).blocks
    assert blocks == (
        Block(0, 3, paragraph=1, language="en"),
        Block(4, 7, paragraph=2, language="en"),
    )


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("docm", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ("dotm", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
        (
            "dotx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        ),
    ],
)
def test_templates_and_files_with_macros_are_read_without_them(
    tmp_path: Path, suffix: str, kind: str
) -> None:
    path = word_file(tmp_path / f"draft.{suffix}", paragraph("Body"), header=paragraph("Head"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = members["[Content_Types].xml"].replace(plain.encode(), kind.encode())
    relation = b'<Relationship Id="rId9" Type="x/vbaProject" Target="vbaProject.bin"/></'
    if suffix != "dotx":
        types = types.replace(b"<Over", b'<Default Extension="bin" ContentType="x/y"/><Over', 1)
        name = "word/_rels/document.xml.rels"
        members[name] = members[name].replace(b"</", relation)
        members["word/vbaProject.bin"] = b"Sub AutoOpen"
    members["[Content_Types].xml"] = types
    document = read_document(zip_file(path, members))
    assert (document.text, document.format) == ("Body\nHead", suffix)
    codes = [notice.code for notice in document.notices]
    assert codes == ([] if suffix == "dotx" else ["macros"])
