from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from extract_files import deleted, inserted, paragraph, run, word_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausescan.document import Document
from clausescan.extract import read_document
from clausescan.extract.assemble import Source
from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_page import PageText
from clausescan.extract.pdf_text import Joiner, clean
from clausescan.extract.text import read as read_text

WORDS = st.text(alphabet="ab -1.)(\u00a0\u200b第条甲，ﬁ\t", max_size=12)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def solid(text: str) -> str:
    return "".join(clean(text).split())


def check(document: Document) -> None:
    """Blocks stand in order inside the text, lines and changes inside their blocks."""
    for before, block in itertools.pairwise(document.blocks):
        assert before.end <= block.start
    for number, block in enumerate(document.blocks, start=1):
        assert block.paragraph == number
        assert document.text[block.start : block.end].strip()
        for line in block.lines:
            assert block.start <= line.start <= line.end <= block.end
        for one, other in itertools.pairwise(block.lines):
            assert one.end <= other.start
        for change in block.revisions:
            assert block.start <= change.start <= block.end
            if change.kind == "inserted":
                end = min(change.start + len(change.text), block.end)
                assert change.text.startswith(document.text[change.start : end])


@QUICK
@given(st.lists(st.tuples(WORDS, st.booleans()), max_size=8))
def test_joined_lines_lose_nothing_but_blanks_and_line_end_hyphens(
    rows: list[tuple[str, bool]],
) -> None:
    lines = [TextLine(text, (0, 0, 1, 1), False, hyphen, 0) for text, hyphen in rows]
    text, spans = Joiner([PageText(1, lines)]).join(lines)
    assert len(spans) == len(lines)
    assert solid(text).replace("-", "") == "".join(solid(row) for row, _ in rows).replace("-", "")
    for line, (start, end) in zip(lines, spans, strict=True):
        assert clean(line.text).startswith(text[start:end])
    for one, other in itertools.pairwise(spans):
        assert one[1] <= other[0]


@QUICK
@given(st.text(alphabet="ab1. \n\r\t|#->第条，。", max_size=200), st.sampled_from(["txt", "md"]))
def test_any_text_is_covered_by_blocks_that_slice_back(text: str, form: str) -> None:
    if not text.strip(" \n\r\t|#->"):
        return
    document = read_text(Source("draft", text.encode("utf-8"), "", form))
    check(document)
    assert document.text == text.replace("\r\n", "\n").replace("\r", "\n")
    outside = list(document.text)
    for block in document.blocks:
        outside[block.start : block.end] = " " * (block.end - block.start)
    left = " \n\t" if form == "txt" else " \n\t|#->"
    assert not "".join(outside).strip(left)


SAFE = st.text(alphabet="ab 第条1.", max_size=6)
RUNS = st.one_of(
    SAFE.map(run),
    SAFE.map(lambda text: inserted(run(text))),
    SAFE.map(lambda text: deleted(text)),
    st.just("<w:r><w:br/></w:r>"),
    st.just("<w:r><w:tab/></w:r>"),
)


@QUICK
@given(paragraphs=st.lists(st.lists(RUNS, max_size=6), max_size=5))
def test_any_redline_keeps_its_offsets(tmp_path: Path, paragraphs: list[list[str]]) -> None:
    body = paragraph("Start") + "".join(paragraph(runs="".join(runs)) for runs in paragraphs)
    check(read_document(word_file(tmp_path / "draft.docx", body)))


@pytest.mark.parametrize("form", ["txt", "md"])
def test_a_wrapped_file_slices_back(form: str) -> None:
    text = "\n".join(
        f"{number}. A clause of some sixty letters that ends here" for number in range(30)
    )
    document = read_text(Source("draft", text.encode(), "", form))
    check(document)
    assert len(document.blocks) == 30
