"""Chinese lines of PDFs whose marks, letters and blanks the file keeps in another order."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from extract_files import PdfFile, paragraph, word_file

from clausescan.document import Document
from clausescan.extract import office, read_document

SONG, TIMES = "STSong-Light", "Times-Roman"
QUOTE = 4.44
"""Width of a quotation mark of Times at 10 points; a Chinese character is 10 points wide."""


def defined(pdf: PdfFile, *, y: float = 100.0, marks_first: bool = True) -> PdfFile:
    """A definition as LibreOffice prints it: all Chinese in one object, both marks in another."""
    chinese: list[str | float] = ["乙方：某公司（以下简称", QUOTE, "乙方", QUOTE, "），依法设立。"]
    marks: list[str | float] = ["“", 20.0, "”"]
    if marks_first:
        pdf.shifted(marks, x=182, y=y, font=TIMES)
    pdf.shifted(chinese, y=y, font=SONG)
    if not marks_first:
        pdf.shifted(marks, x=182, y=y, font=TIMES)
    return pdf


def sliced(document: Document) -> list[str]:
    return [document.text[line.start : line.end] for line in document.blocks[0].lines]


@pytest.mark.parametrize("marks_first", [True, False])
def test_marks_of_another_font_stand_where_they_are_shown(
    tmp_path: Path, marks_first: bool
) -> None:
    pdf = defined(PdfFile(tmp_path / "a.pdf"), marks_first=marks_first)
    pdf.line("下一行在此。", y=114, font=SONG)
    document = read_document(pdf.save())
    assert sliced(document) == ["乙方：某公司（以下简称“乙方”），依法设立。", "下一行在此。"]
    box = document.blocks[0].lines[0].box
    assert box is not None
    assert (round(box[0]), round(box[2])) == (72, 281)


def test_a_line_that_begins_with_a_mark_has_its_box(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").shifted(["“", 20.0, "”"], y=100, font=TIMES)
    pdf.shifted(["产品", QUOTE, "指全部产品"], x=72 + QUOTE, y=100, font=SONG)
    document = read_document(pdf.save())
    assert document.text == "“产品”指全部产品"
    box = document.blocks[0].lines[0].box
    assert box is not None
    assert (round(box[0]), round(box[2])) == (72, 151)


def test_marks_go_to_their_cells(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf")
    for y in (90, 110, 130):
        pdf.canvas.line(60, 842 - y, 400, 842 - y)
    for x in (60, 140, 400):
        pdf.canvas.line(x, 842 - 90, x, 842 - 130)
    defined(pdf, y=124)
    for x, word in ((72, "简称"), (150, "全称")):
        pdf.line(word, x=x, y=104, font=SONG)
    document = read_document(pdf.save())
    cells = [document.text[block.start : block.end] for block in document.blocks]
    assert cells == ["简称", "全称", "乙方：某公司（", "以下简称“乙方”），依法设立。"]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([*" ".join("有效期内甲方应当").replace(" ", "\t")], "有效期内甲方应当"),
        (["姓名：陆某", 30.0, "签字："], "姓名：陆某 签字："),
        (["第一条", 2.5, "产品的定义"], "第一条 产品的定义"),
    ],
)
def test_blanks_between_chinese_characters(
    tmp_path: Path, pieces: list[str | float], expected: str
) -> None:
    spaced: list[str | float] = [2.2 if piece == "\t" else piece for piece in pieces]
    pdf = PdfFile(tmp_path / "a.pdf").shifted(spaced, y=100, font=SONG)
    assert read_document(pdf.save()).text == expected


@pytest.mark.parametrize(("gap", "expected"), [(2.2, "街12号"), (12.0, "街 12 号")])
def test_air_round_latin_letters_is_no_blank(tmp_path: Path, gap: float, expected: str) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").shifted(["街", 2 * gap + 10, "号"], y=100, font=SONG)
    pdf.line("12", x=82 + gap, y=100, font=TIMES)
    assert read_document(pdf.save()).text == expected


def test_in_english_words_a_narrow_blank_stays(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("Registered as", x=202, y=100, font=TIMES)
    pdf.line("深", x=261, y=100, font=SONG).line("DGY 2003", x=273.4, y=100, font=TIMES)
    pdf.line("某公司名下之软件一种", x=72, y=100, font=SONG)
    assert read_document(pdf.save()).text == "某公司名下之软件一种 Registered as 深 DGY 2003"


def test_a_blank_behind_a_clause_number_stays(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("1.3", y=100, font=TIMES)
    pdf.line("产品指全部产品", x=87, y=100, font=SONG)
    assert read_document(pdf.save()).text == "1.3 产品指全部产品"


def test_a_blank_that_the_next_letter_covers_is_none(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").shifted(["街 ", -2.5, "号"], y=100, font=SONG)
    assert read_document(pdf.save()).text == "街号"


def test_two_rows_that_come_close_are_not_mixed(tmp_path: Path) -> None:
    pdf = PdfFile(tmp_path / "a.pdf").line("上面一行文字", y=100, font=SONG)
    pdf.line("下面一行文字", x=77, y=108, font=SONG)
    text = read_document(pdf.save()).text
    assert "上面一行文字" in text
    assert "下面一行文字" in text


LONG = "本合同自双方授权代表签字并加盖公章之日起生效并在合同期限内对双方均有约束力，任何一方"
"""A line that fills its column; its second half goes on in the next."""


def blocks(path: Path, lines: list[str], *, step: float = 14.0) -> list[str]:
    pdf = PdfFile(path / "a.pdf").lines([*lines, *[LONG] * 4], font=SONG, step=step)
    document = read_document(pdf.save())
    return [document.text[block.start : block.end] for block in document.blocks]


def test_a_chinese_line_with_room_left_ends_its_paragraph(tmp_path: Path) -> None:
    lines = ["甲方：北京某某科技有限公司", "法定代表人：王某某", "通讯地址：北京市海淀区"]
    assert blocks(tmp_path, lines)[:3] == lines


def test_a_number_that_found_no_room_goes_on_with_the_line(tmp_path: Path) -> None:
    lines = [LONG[:-6], "91310115MA8N3E5L0K不得擅自解除。"]
    assert blocks(tmp_path, lines)[0] == "".join(lines)


def test_a_full_line_goes_on_with_a_number_in_brackets(tmp_path: Path) -> None:
    lines = [LONG, "（30）日内通知另一方。"]
    assert blocks(tmp_path, lines)[0] == "".join(lines)


def test_a_full_line_goes_on_where_lines_stand_further_apart_than_paragraphs(
    tmp_path: Path,
) -> None:
    short = [f"双方确认第{number}项。" for number in "甲乙丙丁戊己庚辛"]
    pdf = PdfFile(tmp_path / "a.pdf").lines(short, y=100, step=22, font=SONG)
    for top in (300, 352, 404):
        pdf.line(LONG, y=top, font=SONG).line("不得转让。", y=top + 30, font=SONG)
    document = read_document(pdf.save())
    found = [document.text[block.start : block.end] for block in document.blocks]
    assert found == [*short, *[LONG + "不得转让。"] * 3]


def test_a_page_of_short_lines_is_judged_by_the_margin_of_the_others(tmp_path: Path) -> None:
    names = ["目录", "１）定义", "２）公司名称、法定地址", "３）宗旨、经营范围", "４）不可抗力"]
    pdf = PdfFile(tmp_path / "a.pdf").lines(names, font=SONG, step=14).page()
    document = read_document(pdf.lines([LONG] * 5, font=SONG, step=14).save())
    assert [document.text[block.start : block.end] for block in document.blocks][:5] == names


def test_lines_of_a_drawn_table_stay_lines(tmp_path: Path) -> None:
    lines = ["┌────┬────┐", "│甲方│公章│", "└────┴────┘"]
    assert blocks(tmp_path, lines)[:3] == lines


def has_chinese_fonts() -> bool:
    lister = shutil.which("fc-list")
    return lister is not None and bool(subprocess.check_output([lister, ":lang=zh"], timeout=60))


@pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")
@pytest.mark.skipif(not has_chinese_fonts(), reason="no Chinese font is installed")
def test_what_libreoffice_prints_says_what_the_word_file_says(tmp_path: Path) -> None:
    texts = [
        "甲方：某某化妆品简化股份公司（Aubelline S.A.S.，以下简称“甲方”），注册地址为制革街12号。",
        "乙方：上海某某贸易有限公司（以下简称“乙方”），统一社会信用代码91310115MA8N3E5L0K，注册"
        "地址为上海市浦东新区某路366号12层，法定代表人顾某某。",
        "“产品”指甲方以“AUBELLINE”品牌生产的护肤品、彩妆和香氛产品。",
    ]
    fonts = (
        '<w:rFonts w:ascii="DejaVu Serif" w:hAnsi="DejaVu Serif" w:eastAsia="Noto Sans CJK SC"/>'
    )
    body = [paragraph(text, run_properties=fonts) for text in texts]
    source = word_file(tmp_path / "a.docx", "".join(body))
    command = [office.soffice() or "", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}"]
    command += ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = read_document(tmp_path / "a.pdf")
    assert printed.text.replace("\n", "") == "".join(texts)
