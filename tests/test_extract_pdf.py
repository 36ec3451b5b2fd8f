from __future__ import annotations

import ctypes
import itertools
import threading
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from extract_files import HEIGHT, WIDTH, PdfFile, wrapped
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from clausescan.document import Block, Document
from clausescan.errors import ReadError
from clausescan.extract import read_document
from clausescan.extract.pdf_extras import FileExtras
from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_notices import notices
from clausescan.extract.pdf_page import PageText
from clausescan.extract.pdf_text import clean
from clausescan.extract.pdf_unreadable import is_doubtful, without_unreadable

LONG = (
    "The Licensor grants the Licensee the right to make and sell the Products in the Territory "
    "for the Term, and the Licensee shall pay the fees that the schedule of this Agreement names, "
    "at the times and in the currency that are stated there, without any deduction or set-off"
)


def texts(document: Document, *kinds: str) -> list[str]:
    return [
        document.text[block.start : block.end]
        for block in document.blocks
        if not kinds or block.kind in kinds
    ]


def zip_texts(document: Document) -> list[tuple[Block, str]]:
    return list(zip(document.blocks, texts(document), strict=True))


def clauses(path: Path, lines: list[str], *, step: float = 12.0) -> Document:
    return read_document(PdfFile(path).lines(lines, step=step).save())


def test_lines_of_a_paragraph_are_joined_with_one_blank(tmp_path: Path) -> None:
    document = clauses(tmp_path / "a.pdf", wrapped(LONG + "."))
    assert document.text == LONG + "."
    assert (document.pages, document.pages_read, document.unread) == (1, 1, ())


def test_a_gap_parts_paragraphs(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.lines(wrapped(LONG), y=100).lines(wrapped(LONG), y=170)
    assert texts(read_document(pdf.save())) == [LONG, LONG]


def test_short_paragraphs_stay_apart_where_most_are_short(tmp_path: Path) -> None:
    pdf, y, expected = PdfFile(tmp_path / "a.pdf"), 80.0, []
    for number in range(8):
        lines = wrapped(f"Party {number} is a company whose seat is named in the annex, and who "
                        "joins this deed on the terms below")  # fmt: skip
        short = f"Place of signature {number}: Hangzhou"
        pdf.lines(lines, y=y, step=12).lines([short], y=y + 12 * len(lines) + 6)
        y += 12 * len(lines) + 24
        expected += [" ".join(lines), short]
    assert texts(read_document(pdf.save())) == expected


def test_a_title_in_larger_letters_stands_alone(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.line("Technology Licence", y=84, size=16).lines(wrapped(LONG), y=99)
    assert texts(read_document(pdf.save()))[0] == "Technology Licence"


def test_a_numbered_clause_begins_a_block_without_a_gap(tmp_path: Path) -> None:
    first, second = f"1.1 {LONG}.", f"1.2 {LONG}."
    assert texts(clauses(tmp_path / "a.pdf", wrapped(first) + wrapped(second))) == [first, second]


def test_a_reference_at_the_start_of_a_line_does_not_part_a_clause(tmp_path: Path) -> None:
    lines = [
        "The Licensee shall pay the fees of the schedule in the way that is set out in Section",
        "2.1 of this Agreement, without any deduction or set-off, at the time stated in there.",
    ]
    assert texts(clauses(tmp_path / "a.pdf", lines)) == [" ".join(lines)]


def test_a_numbered_heading_stands_alone(tmp_path: Path) -> None:
    lines = ["5. Confidential Information", *wrapped(LONG)]
    assert texts(clauses(tmp_path / "a.pdf", lines)) == ["5. Confidential Information", LONG]


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        (
            "and the Licensee shall on no account let the Products or any part of them come",
            "into it",
            1,
        ),
        (
            "and the Licensee shall on no account let the Products come there or part from it.",
            "It may",
            2,
        ),
        ("and that is it", "into it", 1),
        ("and that is it from Acme Inc.", "and from it", 1),
        ("and that is it;", "and the next", 2),
        ("and pays to the", "Licensee what", 1),
        ("and pays it to", "5.1 Licensee", 2),
        ("and pays it; and", "(b) that", 2),
        ("and that is it", "5.1 The next", 2),
        ("and that is it", "TABLE OF CONTENTS", 2),
    ],
)
def test_a_page_turn_joins_only_an_open_sentence(
    tmp_path: Path, last: str, first: str, expected: int
) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.lines([*wrapped(LONG), last]).page().lines([f"{first} {LONG[:60]}"])
    document = read_document(pdf.save())
    assert len(document.blocks) == expected
    assert {line.page for line in document.blocks[0].lines} == set(range(1, 4 - expected))


def test_a_heading_at_the_foot_of_a_page_does_not_take_the_next_page(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG + ".")).line("6. Notices", y=200)
    document = read_document(pdf.page().lines(wrapped(f"All {LONG}")).save())
    assert texts(document) == [LONG + ".", "6. Notices", f"All {LONG}"]


def test_a_name_goes_on_with_a_sentence_that_fills_its_lines(tmp_path: Path) -> None:
    lines = [*wrapped(LONG)[:3], "pursuant to the Software"]
    pdf = PdfFile(tmp_path / "a.pdf").lines(lines).page()
    document = read_document(pdf.lines(["License Terms of the Licensor in their form"]).save())
    assert len(document.blocks) == 1


def test_a_footer_of_many_lines_is_taken_from_the_sentence_that_goes_on(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    names = itertools.product(("first", "second", "third", "last"), ("buyer", "seller", "agent"))
    lines = wrapped(
        " ".join(f"the {a} {b} may sell what the other has bought," * 3 for a, b in names)
    )
    footer = ["Confidential", "Not for use outside of the parties and their", "advisers and banks"]
    for page in range(4):
        pdf.lines(lines[5 * page : 5 * page + 5])
        pdf.lines([*footer, str(page), "Source: Acme filing"], y=700).line("[", x=60, y=748)
        pdf.page()
    document = read_document(pdf.save())
    assert texts(document, "paragraph") == [" ".join(lines[:20])]


def test_footnotes_stand_apart_from_the_sentence_they_interrupt(tmp_path: Path) -> None:
    pdf, lines = PdfFile(tmp_path / "a.pdf"), wrapped(f"{LONG} {LONG}")
    pdf.lines(lines[:4])
    note = ["1 The Products are those that the", "first schedule names.", "* Without options."]
    for index, text in enumerate(note):
        pdf.line(text, y=700 + 10 * index, size=8)
    pdf.line("2", x=297, y=800).page().lines(lines[4:])
    document = read_document(pdf.save())
    assert texts(document, "paragraph") == [f"{LONG} {LONG}"]
    assert texts(document, "footnote") == [
        "1 The Products are those that the first schedule names.",
        "* Without options.",
    ]


def test_small_print_without_a_mark_is_no_footnote(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG + "."))
    pdf.line("Draft of the second of May for discussion only", y=700, size=8)
    assert texts(read_document(pdf.save()), "footnote") == []


def numbered_pages(path: Path, pages: int = 4) -> Document:
    pdf = PdfFile(path)
    for page in range(1, pages + 1):
        pdf.line("Distribution Agreement - Draft 3", y=40)
        words = "abcdefgh"[page] * 9
        pdf.lines([f"Clause {words} holds words.", "Another holds others.", f"{words} ends it."])
        pdf.line(f"Source: filing of the year 2020, item {page}", y=790)
        pdf.line(str(page), x=297, y=810)
        pdf.page()
    return read_document(pdf.save())


def test_running_lines_and_page_numbers_are_kept_apart(tmp_path: Path) -> None:
    document = numbered_pages(tmp_path / "a.pdf")
    assert texts(document, "header") == ["Distribution Agreement - Draft 3"] * 4
    assert texts(document, "footer")[1] == "Source: filing of the year 2020, item 2"
    assert texts(document, "page_number") == ["1", "2", "3", "4"]
    assert not any("Source" in text for text in texts(document, "paragraph"))


def test_a_margin_stands_before_or_behind_what_begins_on_its_page(tmp_path: Path) -> None:
    kinds = [block.kind for block in numbered_pages(tmp_path / "a.pdf", 3).blocks]
    assert kinds == ["header", "paragraph", "footer", "page_number"] * 3


def test_a_repeated_redaction_mark_is_no_footer(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    for word in ("first", "second", "third"):
        pdf.lines([f"The {word} page", "", f"has {word} words", "", "[***]"], step=20).page()
    assert texts(read_document(pdf.save()), "footer") == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("The licensee is named.", "the licensee named"),
        ("The licen-see is named.", "the licen-see named"),
        ("No such word.", "the licen-see named"),
    ],
)
def test_a_hyphen_at_a_line_end_goes_only_if_the_whole_word_is_known(
    tmp_path: Path, rest: str, expected: str
) -> None:
    filler = "This agreement holds what the parties have agreed upon and nothing else, so that the"
    pdf = PdfFile(tmp_path / "a.pdf").lines([f"{filler} licen-", "see named"]).line(rest, y=300)
    joined = texts(read_document(pdf.save()))[0]
    assert joined == filler.removesuffix("the") + expected


def test_a_drawn_soft_hyphen_is_a_hyphen(tmp_path: Path) -> None:
    document = clauses(tmp_path / "a.pdf", ["the full\u00adlength and non\u00adpublic text"])
    assert document.text == "the full-length and non-public text"


def test_a_bold_heading_is_marked_and_stands_alone(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("Governing Law", y=88, font="Helvetica-Bold")
    document = read_document(pdf.lines(wrapped(LONG)).save())
    assert [(block.bold, block.kind) for block in document.blocks] == [
        (True, "heading"),
        (False, "paragraph"),
    ]


@pytest.mark.parametrize(
    ("words", "font"),
    [
        ("The Seller shall pay.", "Helvetica-Bold"),
        ("and all of the rest", "Helvetica-Bold"),
        ("[***]", "Helvetica-Bold"),
        ("Governing Law", "Helvetica"),
        ("2. and of the rest", "Helvetica-Bold"),
    ],
)
def test_what_is_no_title_is_no_heading(tmp_path: Path, words: str, font: str) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line(words, y=80, font=font).lines(wrapped(LONG))
    assert "heading" not in {block.kind for block in read_document(pdf.save()).blocks}


def test_in_a_bold_text_weight_tells_no_headings(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("Governing Law", y=80, font="Helvetica-Bold")
    document = read_document(pdf.lines(wrapped(LONG), font="Helvetica-Bold").save())
    assert [block.kind for block in document.blocks] == ["paragraph"] * len(document.blocks)


def test_boxes_are_points_from_the_top_left_and_slice_back(tmp_path: Path) -> None:
    document = clauses(tmp_path / "a.pdf", wrapped(LONG))
    start = document.text.index("schedule")
    place = document.locate(start, start + len("schedule"))
    assert (place.page, place.paragraph) == (1, 1)
    assert place.box is not None
    x0, top, x1, bottom = place.box
    assert 70 <= x0 < x1 <= 595
    assert 100 < top < 112 < bottom < 118


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (10, 822)), (90, (20, 10)), (180, (585, 20)), (270, (575, 832))]
)
def test_boxes_follow_the_page_as_it_is_shown(
    tmp_path: Path, rotation: int, corner: tuple[float, float]
) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.canvas.setPageRotation(rotation)
    pdf.canvas.drawString(10, 20, "Words at the bottom left of the sheet before it is turned")
    box = read_document(pdf.save()).blocks[0].lines[0].box
    assert box is not None
    assert min(abs(box[0] - corner[0]), abs(box[2] - corner[0])) < 12
    assert min(abs(box[1] - corner[1]), abs(box[3] - corner[1])) < 12


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("page_turn", [0, 90, 270])
def test_text_that_is_turned_on_its_page_is_read_in_order(
    tmp_path: Path, turn: int, page_turn: int
) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.canvas.setPageRotation(page_turn)
    # reportlab lays a sheet down before it turns it, so that all sheets here are shown upright.
    width, height = (WIDTH, HEIGHT) if page_turn == 0 else (HEIGHT, WIDTH)
    pdf.canvas.translate(width * (turn != 270), height * (turn != 90))
    pdf.canvas.rotate(turn)
    y = HEIGHT - (height if turn == 180 else width) + 72
    pdf.lines(wrapped(f"First {LONG}."), y=y).lines(wrapped(f"Second {LONG}."), y=y + 60)
    document = read_document(pdf.save())
    assert texts(document) == [f"First {LONG}.", f"Second {LONG}."]
    boxes = [line.box for block in document.blocks for line in block.lines]
    upright = (turn - page_turn) % 180 == 0
    for box in boxes:
        assert box is not None
        assert 0 <= box[0] < box[2] <= WIDTH
        assert 0 <= box[1] < box[3] <= HEIGHT
        assert (box[2] - box[0] > box[3] - box[1]) == upright


def test_a_sideways_stamp_and_a_watermark_do_not_break_a_sentence(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    lines = wrapped(LONG)
    pdf.lines(lines[:2])
    for x, y, angle, words, size in (
        (40, 300, 90, "Envelope 7F3A", 8),
        (150, 400, 45, "CONFIDENTIAL", 60),
    ):
        pdf.canvas.saveState()
        pdf.canvas.translate(x, y)
        pdf.canvas.rotate(angle)
        pdf.canvas.setFont("Helvetica", size)
        pdf.canvas.drawString(0, 0, words)
        pdf.canvas.restoreState()
    pdf.lines(lines[2:], y=124)
    found = {block.kind: text for block, text in zip_texts(read_document(pdf.save()))}
    assert found == {"paragraph": LONG, "textbox": "Envelope 7F3A", "header": "CONFIDENTIAL"}


def test_lines_of_a_page_fed_askew_are_text(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.canvas.rotate(8)
    document = read_document(pdf.lines(wrapped(f"{LONG} {LONG}"), y=300).save())
    assert document.text == f"{LONG} {LONG}"
    assert [block.kind for block in document.blocks] == ["paragraph"]


def test_boxes_count_from_the_visible_part_of_the_page(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf", cropBox=(50, 0, 595, 800))
    box = read_document(pdf.line("Words", x=72, y=100).save()).blocks[0].lines[0].box
    assert box is not None
    assert (round(box[0]), 40 < box[1] < box[3] < 65) == (22, True)


def test_chinese_lines_are_joined_without_a_blank(tmp_path: Path) -> None:
    lines = [
        "被许可方应在每一合同年度内采购不少于五百套产品，否则许可方有权提前三十日书面",
        "通知终止独家权。",
    ]
    pdf = PdfFile(tmp_path / "a.pdf").lines(lines, font="STSong-Light", step=14)
    document = read_document(pdf.save())
    assert document.text == "".join(lines)
    assert document.blocks[0].language == "zh"


def test_a_change_of_script_parts_paragraphs(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(["This line is English and goes on to the edge of it"])
    pdf.lines(["这一行是中文，与上一行没有间距"], y=112, font="STSong-Light")
    assert [block.language for block in read_document(pdf.save()).blocks] == ["en", "zh"]


ENGLISH = [
    "1.1 The Licensor grants an exclusive right to the Licensee in the Territory for the Term.",
    "1.2 The Licensee shall buy five hundred units a year, failing which the grant is open.",
    "1.3 This Agreement is made in English and in Chinese, and both have equal force.",
]
CHINESE = [
    "1.1 许可方在协议期限内授予被许可方在区域内的独家权利。本款不影响许可方的其他权利。",
    "1.2 被许可方每年应采购五百套产品，否则该授权不再是独家授权，许可方可以另行授权。",
    "1.3 本协议以英文和中文书就，两种文本具有同等效力。如有歧义，双方应当协商解决。",
]


def bilingual(pdf: PdfFile, *, ruled: bool) -> Path:
    top = 100.0
    for english, chinese in zip(ENGLISH, CHINESE, strict=True):
        pdf.lines(wrapped(english, 40), x=60, y=top + 14)
        halves = [chinese[:21], chinese[21:]]
        pdf.lines(halves, x=310, y=top + 14, font="STSong-Light")
        if ruled:
            for x in (55, 300):
                pdf.canvas.rect(x, HEIGHT - top - 50, 245, 50)
        top += 50
    return pdf.save()


@pytest.mark.parametrize("ruled", [True, False])
def test_columns_of_two_languages_become_rows(tmp_path: Path, ruled: bool) -> None:
    document = read_document(bilingual(PdfFile(tmp_path / "a.pdf"), ruled=ruled))
    cells = {block.row: document.text[block.start : block.end] for block in document.blocks}
    rows = [row for row in cells if row is not None]
    assert len(rows) == len(document.blocks) == 6
    assert [cells[row] for row in rows] == [
        text for pair in zip(ENGLISH, CHINESE, strict=True) for text in pair
    ]
    assert [row[2] for row in rows] == [0, 1] * 3


def test_columns_written_line_by_line_are_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("A title across the page that is long enough " * 2, y=80)
    left, right = wrapped(f"Left {LONG}.", 40), wrapped(f"Right {LONG}.", 40)
    for index, pair in enumerate(zip(left, right, strict=True)):
        pdf.line(pair[0], x=60, y=120 + 12 * index).line(pair[1], x=320, y=120 + 12 * index)
    assert texts(read_document(pdf.save()))[1:] == [f"Left {LONG}.", f"Right {LONG}."]


@pytest.mark.parametrize("interleaved", [True, False])
def test_three_columns_are_read_one_after_the_other(tmp_path: Path, interleaved: bool) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("A title across the page that is long enough " * 2, y=80)
    lines = wrapped(f"{LONG} {LONG} {LONG}.", 28)
    rows = len(lines) // 3 + 1
    places = [(index // rows, index % rows, line) for index, line in enumerate(lines)]
    for column, row, line in sorted(places, key=lambda one: one[interleaved]):
        pdf.line(line, x=50 + 170 * column, y=120 + 12 * row)
    assert texts(read_document(pdf.save()))[1:] == [f"{LONG} {LONG} {LONG}."]


def test_a_number_in_the_margin_does_not_take_the_next_page(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG + ".")).line("Note 4", x=20, y=300)
    document = read_document(pdf.page().lines(["and so on, as it was agreed upon"]).save())
    assert texts(document) == [LONG + ".", "Note 4", "and so on, as it was agreed upon"]


def test_a_ruled_table_is_read_cell_by_cell(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG + "."), y=60)
    for row in range(3):
        for column, x in enumerate((60, 160)):
            pdf.canvas.rect(x, HEIGHT - 220 - 30 * row, 100 + 200 * column, 30)
        pdf.line(f"Item {row}", x=64, y=210 + 30 * row)
        pdf.line(f"Price {row}", x=164, y=210 + 30 * row)
    document = read_document(pdf.save())
    rows = [(block.row, document.text[block.start : block.end]) for block in document.blocks[1:]]
    assert rows == [
        ((0, row, column), f"{name} {row}")
        for row in range(3)
        for column, name in enumerate(("Item", "Price"))
    ]


def test_a_frame_round_the_page_is_no_table(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG))
    pdf.canvas.rect(40, 40, 515, 760)
    assert [block.row for block in read_document(pdf.save()).blocks] == [None]


def image(pdf: PdfFile, *, share: float = 1.0) -> PdfFile:
    picture = ImageReader(Image.new("L", (20, 30), 128))
    pdf.canvas.drawImage(picture, 0, 0, 595, 842 * share)
    return pdf


def test_a_scanned_page_among_others_is_named(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG)).page()
    document = read_document(image(pdf).page().page().save())
    assert document.unread == ("page 2: image without text",)
    assert [notice.code for notice in document.notices] == ["scanned-page"]
    assert document.pages_read == document.pages - 1


def test_stamps_do_not_make_scans_pages_with_text(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG)).page()
    for _ in range(3):
        image(pdf).line("Filed with the registry under number 12345", y=800).page()
    assert read_document(pdf.save()).unread == ("pages 2–4: image without text",)


def test_text_over_an_image_is_read(tmp_path: Path) -> None:
    document = read_document(image(PdfFile(tmp_path / "a.pdf")).lines(wrapped(LONG)).save())
    assert document.text == LONG
    assert document.unread == ()


@pytest.mark.parametrize("scanned", [True, False])
def test_a_file_without_text_is_an_error_that_names_ocr(tmp_path: Path, scanned: bool) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    path = image(pdf).save() if scanned else pdf.page().save()
    with pytest.raises(ReadError, match="OCR") as caught:
        read_document(path)
    assert caught.value.code == "no-text"


def test_letters_that_are_drawings_are_named(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG)).page()
    for index in range(300):
        pdf.canvas.bezier(index, 100, index + 5, 120, index + 9, 90, index + 12, 100)
    document = read_document(pdf.save())
    assert [notice.code for notice in document.notices] == ["drawn-page"]
    assert document.unread == ("page 2: drawing without text",)


CHINESE_TERMS = "甲方应当在合同生效之日起三十日内向乙方支付全部技术使用费，并承担相应的税费。"
SHIFTED = str.maketrans("abcdefghijklmnopqrstuvwxyz", "bcdfghjklmnpqrstvwxzbcdfgh")


def test_glyph_codes_passed_off_as_letters_are_no_text(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG + ".")).page()
    pdf.lines([CHINESE_TERMS.encode("gb2312").decode("latin-1")]).page()
    pdf.lines(wrapped(LONG.lower().translate(SHIFTED)))
    document = read_document(pdf.save())
    assert document.text == LONG + "."
    assert document.pages_read == 1
    why = "text in a font that names no letters"
    assert document.unread == (f"pages 2–3: {why}",)
    assert [notice.code for notice in document.notices] == ["unreadable-text"] * 2


def lines_of(*texts: str) -> list[TextLine]:
    return [TextLine(text, (0, 0, 1, 1), bold=False, hyphen=False, first=0) for text in texts]


@pytest.mark.parametrize(
    "codes",
    [
        "\ue012\ue013\ue044\ue045\ue046\ue047\ue048\ue049",
        "\x02\x11\x03\x05 \x14\x15\x16\x17",
        "\u1a01\u1b05\u1c0c\u1985\u1986\u1987",
    ],
)
def test_lines_of_codes_are_left_out_and_the_rest_is_read(codes: str) -> None:
    kept, lost = without_unreadable(lines_of(LONG, codes, CHINESE_TERMS))
    assert [line.text for line in kept] == [LONG, CHINESE_TERMS]
    assert 0 < lost < 0.2
    assert without_unreadable(lines_of(codes * 3, "Page 1")) == ([], 1.0)


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("广州经纬炑件攨术有榰公司与买方签订本合同", True),
        ("广州经纬软件技术有限公司与买方签订本合同", False),
        ("昇陽電子股份有限公司與買方簽訂本合約，雙方應遵守下列條款", False),
        (LONG, False),
    ],
)
def test_chinese_that_no_writer_mixes_is_in_doubt(text: str, doubtful: bool) -> None:
    assert is_doubtful(lines_of(text)) is doubtful
    pages = [PageText(1, lines_of(LONG)), PageText(2, lines_of(LONG, text))]
    told = [notice.code for notice in notices(pages, {}, FileExtras(), "")]
    assert told == ["doubtful-text"] * doubtful


def test_letters_whose_bytes_were_exchanged_are_no_text() -> None:
    swapped = "Multicolour proof sheet".encode("utf-16-le").decode("utf-16-be")
    assert without_unreadable(lines_of(swapped)) == ([], 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "\uf0b7 Item",
        CHINESE_TERMS,
        "昇陽電子股份有限公司與買方簽訂本合約，雙方應遵守下列條款",
        "Le présent contrat est régi par la loi française et interprété à cet égard",
        "Договор вступает в силу с даты его подписания обеими сторонами",
        "LLC GmbH JSC PTY LTD KFT SRL SPRL NV BV " * 4 + "of the Territory",
        "".join(f"PWM-57{part}-SH 0.2 MW TBD DRS KWH\n" for part in range(99)),
    ],
)
def test_text_of_any_language_is_kept(text: str) -> None:
    assert without_unreadable(lines_of(text)) == (lines_of(text), 0.0)


def test_what_is_typed_into_a_form_is_read(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG))
    pdf.canvas.acroForm.textfield(name="party", value="Acme GmbH", x=72, y=400)
    assert texts(read_document(pdf.save()), "textbox") == ["Acme GmbH"]


def test_a_field_is_read_where_it_stands_in_its_line(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("Between", y=100).line("of Vienna and", x=260, y=100)
    form = pdf.canvas.acroForm
    form.textfield(name="a", value="Acme GmbH", x=120, y=HEIGHT - 105, width=130, height=16)
    pdf.line("the Buyer: ______________ of Ningbo, the parties named in this place here.", y=112)
    form.textfield(name="b", value="Haisheng Ltd", x=122, y=HEIGHT - 116, width=78, height=14)
    pdf.line("Exclusive", x=90, y=200).line("Non-exclusive", x=90, y=240)
    form.checkbox(name="c", checked=True, x=72, y=HEIGHT - 202, size=12)
    form.checkbox(name="d", checked=False, x=72, y=HEIGHT - 242, size=12)
    form.textfield(name="e", value="s3same", fieldFlags="password", x=72, y=400)
    assert texts(read_document(pdf.save())) == [
        "Between Acme GmbH of Vienna and the Buyer: Haisheng Ltd of Ningbo, the parties named in "
        "this place here.",
        "☒ Exclusive",
        "☐ Non-exclusive",
    ]


def test_a_page_with_fields_beyond_measure_is_read_without_placing_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("Seller:", y=100)
    pdf.canvas.acroForm.textfield(
        name="a", value="Acme GmbH", x=120, y=HEIGHT - 105, width=130, height=16
    )
    path = pdf.save()
    assert texts(read_document(path)) == ["Seller: Acme GmbH"]
    monkeypatch.setattr("clausescan.extract.pdf_fields.MOST_PAIRS", 0)
    assert texts(read_document(path)) == ["Seller:", "Acme GmbH"]


def test_raised_ordinals_go_behind_their_numbers(tmp_path: Path) -> None:
    lines = ["This Agreement is entered into as of the 31   day of July of the year that is named"]
    pdf = PdfFile(tmp_path / "a.pdf").lines([*lines, "and it ends on the last of the days of the"])
    place = 72 + stringWidth(lines[0].partition("   ")[0], "Helvetica", 10)
    pdf.line("st", x=place, y=97, size=6).page().line("term that the parties agree.", y=100)
    assert read_document(pdf.save()).text == (
        "This Agreement is entered into as of the 31st day of July of the year that is named and "
        "it ends on the last of the days of the term that the parties agree."
    )


def noted(path: Path) -> Path:
    """The file with a struck-out passage that has a remark, and with an attached file."""
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    mark = pdfium.FPDFPage_CreateAnnot(page, pdfium.FPDF_ANNOT_STRIKEOUT)
    remark = ctypes.create_string_buffer("not agreed\0".encode("utf-16-le"))
    words = ctypes.cast(remark, pdfium.FPDF_WIDESTRING)
    pdfium.FPDFAnnot_SetStringValue(mark, b"Contents", words)
    pdfium.FPDFPage_CloseAnnot(mark)
    document.new_attachment("price\x07 list.xlsx").set_data(b"numbers")
    document.save(path)
    document.close()
    return path


def test_what_hangs_on_a_file_is_named_and_not_read(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG))
    pdf.canvas._doc.Catalog.JavaScript = "(app.alert)"
    document = read_document(noted(pdf.save()))
    assert document.text == LONG
    told = {notice.code: notice.message for notice in document.notices}
    assert set(told) == {"comments", "struck-out", "attachments", "scripts"}
    assert "page 1" in told["struck-out"]
    assert "price list.xlsx" in told["attachments"]


def test_a_portfolio_is_named(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    pdf.canvas._doc.Catalog.PageLabels = "null /Collection << /View /D >>"
    path = noted(pdf.line("This cover names the files of the portfolio.", y=100).save())
    notices = read_document(path).notices
    assert any(one.code == "portfolio" and "1 attached file" in one.message for one in notices)
    path = noted(PdfFile(tmp_path / "b.pdf").page().save())
    with pytest.raises(ReadError, match="portfolio"):
        read_document(path)


@pytest.mark.parametrize("password", ["secret", ""])
def test_a_password_stops_reading_only_if_it_is_asked_for(tmp_path: Path, password: str) -> None:
    lock = StandardEncryption(password, ownerPassword="owner")
    path = PdfFile(tmp_path / "a.pdf", encrypt=lock).line("Words", y=100).save()
    if not password:
        assert read_document(path).text == "Words"
        return
    assert read_document(path, password=password).text == "Words"
    for wrong, told in ((None, "Give its password"), ("Wr0ng!", "does not open it")):
        with pytest.raises(ReadError, match=told) as caught:
            read_document(path, password=wrong)
        assert caught.value.code == "encrypted"
        assert "Wr0ng!" not in str(caught.value)


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_file_is_read_or_refused_but_never_crashes(tmp_path: Path, keep: float) -> None:
    path = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG)).page().lines(wrapped(LONG)).save()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code in ("corrupt", "no-text")


def test_threads_may_read_at_the_same_time(tmp_path: Path) -> None:
    path = PdfFile(tmp_path / "a.pdf").lines(wrapped(LONG)).save()
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_document(path).text)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [LONG] * 8


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a  b\u00a0 c\t", "a b c"),
        ("o\ufb03ce", "office"),
        ("\u2f45\u6cd5", "方法"),
        ("co\u00adoperate\u200b", "cooperate"),
        ("１．２　定义", "１．２ 定义"),
        ("10.3.1By notice", "10.3.1 By notice"),
        ("2.4any party", "2.4 any party"),
        ("1.5mm thick", "1.5mm thick"),
        ("2024Agreement", "2024Agreement"),
    ],
)
def test_cleaning_keeps_letters_and_drops_what_is_invisible(raw: str, expected: str) -> None:
    assert clean(raw) == expected
