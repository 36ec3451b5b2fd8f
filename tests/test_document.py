"""Documents: where a span stands, which language a block is in, and the way back from a view."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausescan.document import Block, Document, Line, blocks_of, language_of, view


def make_document(lines: list[str]) -> Document:
    text = "\n".join(lines)
    return Document("x.txt", "txt", "0" * 64, text, blocks_of(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The Supplier shall deliver.", "en"),
        ("甲方应当交付。", "zh"),
        ("甲方授权Nordlicht GmbH代表其签署", "zh"),
        ("Nordlicht GmbH (诺德公司) is a company", "en"),
        ("3.2", ""),
        ("＿＿＿＿", ""),
    ],
)
def test_script_decides_the_language(text, language):
    assert language_of(text) == language


def test_a_chinese_name_makes_no_bilingual_draft():
    lines = ["The Supplier shall deliver the goods to the Buyer on time."] * 9 + [
        "宁波海达贸易有限公司"
    ]
    assert make_document(lines).languages == ("en",)


def test_a_span_is_located_on_its_page_with_the_hull_of_its_lines():
    lines = (Line(0, 5, 1, (10, 10, 50, 20)), Line(6, 11, 1, (10, 22, 60, 32)), Line(12, 15, 2))
    block = Block(0, 15, paragraph=7, page=1, lines=lines)
    document = Document("x.pdf", "pdf", "0" * 64, "alpha gamma end", (block,), pages=2)
    location = document.locate(2, 8)
    assert (location.page, location.paragraph, location.box) == (1, 7, (10, 10, 60, 32))
    assert document.locate(12, 15).page == 2


@given(
    st.lists(
        st.sampled_from(["The goods are sold.", "甲方应当付款。", "1.2", "", "  Price is due "])
    )
)
def test_a_view_leads_back_to_the_same_words(lines):
    document = make_document(lines)
    for language in ("en", "zh"):
        part = view(document, language, fallback=True)
        for block in part.blocks:
            start, end = part.to_document(block.start, block.end)
            assert document.text[start:end] == part.text[block.start : block.end]
