"""No word of a Word file is lost or read twice, however its things are nested."""

from __future__ import annotations

from pathlib import Path

import pytest
from extract_files import WPS, inserted, paragraph, run, table, word_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausescan.document import Document
from clausescan.extract import read_document

QUICK = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF x</w:instrText></w:r>{code}'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
INLINE = {
    "plain": "{}",
    "ins": inserted("{}"),
    "del": inserted("{}", tag="del"),
    "moveFrom": inserted("{}", tag="moveFrom"),
    "moveTo": inserted("{}", tag="moveTo"),
    "hyperlink": "<w:hyperlink>{}</w:hyperlink>",
    "smartTag": "<w:smartTag>{}</w:smartTag>",
    "sdt": "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "simple": '<w:fldSimple w:instr="REF x">{}</w:fldSimple>',
    "result": FIELD.format(code="", result="{}"),
    "code": FIELD.format(code="{}", result=run("-")),
    "alternate": "<mc:AlternateContent><mc:Choice>{}</mc:Choice></mc:AlternateContent>",
    "box": "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p>{}</w:p>"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>"
    "{}</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
}
BLOCK = {
    "plain": "{}",
    "table": table(["{}"]),
    "sdt": "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "custom": "<w:customXml>{}</w:customXml>",
    "row": "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
    "cell": "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
    "below": "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
}
WORDS = st.tuples(
    st.lists(st.sampled_from(sorted(INLINE)), max_size=4),
    st.lists(st.sampled_from(sorted(BLOCK)), max_size=3),
    st.booleans(),
)


def element(word: str, inline: list[str], block: list[str], *, hidden: bool) -> str:
    """XML of a paragraph with one word in it, wrapped from the inside out."""
    tag = "delText" if "del" in inline else "t"
    inner = run(word, tag=tag, properties="<w:vanish/>" if hidden else "")
    for name in inline:
        inner = INLINE[name].replace("{}", inner)
    inner = paragraph(runs=inner)
    for name in block:
        inner = BLOCK[name].replace("{}", inner)
    return inner


def places(document: Document, word: str) -> list[str]:
    """Where a word is found: ``text`` or ``hidden``, once for each time."""
    return [
        "hidden" if block.kind == "hidden" else "text"
        for block in document.blocks
        for _ in range(document.text[block.start : block.end].count(word))
    ]


@QUICK
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_every_word_is_read_once_or_gone_for_a_reason(
    tmp_path: Path, items: list[tuple[list[str], list[str], bool]]
) -> None:
    body = "".join(
        element(f"word{number}end", inline, block, hidden=hidden)
        for number, (inline, block, hidden) in enumerate(items)
    )
    path = word_file(tmp_path / "draft.docx", paragraph("Start.") + body)
    for original in (False, True):
        document = read_document(path, original=original)
        gone = {"ins", "moveTo"} if original else {"del", "moveFrom"}
        for number, (inline, block, hidden) in enumerate(items):
            found = places(document, f"word{number}end")
            if gone & set(inline):
                assert found == []
            elif hidden or "below" in block:
                # A field's code is hidden with its run, and then told as hidden.
                assert found == ["hidden"] or "code" in inline
            else:
                assert found == ([] if "code" in inline else ["text"])


def test_a_bilingual_table_keeps_its_pairs(tmp_path: Path) -> None:
    rows = [
        [paragraph(f"{number}. Licensee shall pay.") + paragraph("At once."),
         paragraph(f"{number}、被许可方应付款。")]
        for number in (1, 2)
    ]  # fmt: skip
    document = read_document(word_file(tmp_path / "draft.docx", table(*rows)))
    pairs: dict[tuple[int, int], dict[int, list[str]]] = {}
    for block in document.blocks:
        assert block.row is not None
        number, row, column = block.row
        pairs.setdefault((number, row), {}).setdefault(column, []).append(block.language)
    assert pairs == {(0, row): {0: ["en", "en"], 1: ["zh"]} for row in (0, 1)}


@pytest.mark.parametrize("place", ["Choice", "Fallback"])
def test_alternate_content_of_one_branch_is_read(tmp_path: Path, place: str) -> None:
    box = (
        f'<wps:txbx xmlns:wps="{WPS}"><w:txbxContent>{paragraph("Box")}</w:txbxContent></wps:txbx>'
    )
    inner = f"<mc:AlternateContent><mc:{place}><w:pict>{box}</w:pict></mc:{place}>"
    body = paragraph(runs=f"<w:r>{inner}</mc:AlternateContent></w:r>")
    assert read_document(word_file(tmp_path / "draft.docx", body)).text == "Box"
    whole = f"<mc:AlternateContent><mc:{place}>{paragraph('Block')}</mc:{place}>"
    path = word_file(tmp_path / "draft.docx", f"{whole}</mc:AlternateContent>")
    assert read_document(path).text == "Block"
