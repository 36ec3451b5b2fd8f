from __future__ import annotations

from pathlib import Path

import pytest
from extract_files import wrapped

from clausescan.document import Document
from clausescan.extract import read_document

LONG = (
    "The Licensor grants the Licensee the right to make and sell the Products in the Territory "
    "for the Term, and the Licensee shall pay the fees that the schedule of this Agreement names "
    "at the times and in the currency that are stated there, without any deduction or set-off."
)
CHINESE = (
    "被许可方应在每一合同年度内采购不少于五百套产品，否则许可方有权提前三十日书面通知终止独家权，"
    "但是许可方未能按照订单供货的除外，并且双方应当就不足的部分友好协商。"
)


def scan(path: Path, text: str | bytes, *, name: str = "draft.txt") -> Document:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_document(file)


def words(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("One\nTwo", "One\nTwo"),
        ("One\r\nTwo\r\n", "One\nTwo\n"),
        ("One\rTwo", "One\nTwo"),
        ("  One \u00a0 two\n\n\n", "  One \u00a0 two\n\n\n"),
        ("\ufeffOne\n", "One\n"),
    ],
)
def test_the_text_is_the_files_own_but_for_line_ends(tmp_path: Path, raw: str, text: str) -> None:
    assert scan(tmp_path, raw).text == text


@pytest.mark.parametrize(
    ("encoding", "text", "noticed"),
    [
        ("utf-8", "“Licensed” 合同", False),
        ("utf-8-sig", "“Licensed” 合同", False),
        ("utf-16", "“Licensed” 合同", True),
        ("utf-16-le", "Licensed under this Agreement", True),
        ("utf-16-be", "Licensed under this Agreement", True),
        ("gb18030", "本合同由甲乙双方签订，甲方为许可方。", True),
        ("gb18030", "Party A (甲方) and Party B (乙方) agree as follows:", True),
        ("cp1252", "The “Licensor” – Société Générale – agrees", True),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, text: str, noticed: bool) -> None:
    document = scan(tmp_path, text.encode(encoding))
    assert document.text == text
    assert [notice.code for notice in document.notices] == ["encoding"] * noticed


def test_a_line_is_a_block_where_lines_are_not_wrapped(tmp_path: Path) -> None:
    document = scan(tmp_path, f"1. {LONG}\n2. Short.\n\n  {LONG}\n")
    assert words(document) == [f"1. {LONG}", "2. Short.", LONG]
    assert [block.paragraph for block in document.blocks] == [1, 2, 3]


def wrapped_file(*paragraphs: str, width: int = 72, gap: str = "\n\n", indent: str = "") -> str:
    return gap.join(f"\n{indent}".join(wrapped(text, width)) for text in paragraphs)


@pytest.mark.parametrize("width", [60, 72, 80, 99])
def test_wrapped_lines_are_one_block(tmp_path: Path, width: int) -> None:
    paragraphs = [f"{number} {LONG} {LONG}" for number in range(1, 6)]
    document = scan(tmp_path, wrapped_file(*paragraphs, width=width))
    assert [text.replace("\n", " ") for text in words(document)] == paragraphs


def test_wrapped_clauses_without_blank_lines_are_parted_by_their_numbers(tmp_path: Path) -> None:
    paragraphs = [f"{number}. {LONG} {LONG}" for number in range(1, 6)]
    document = scan(tmp_path, wrapped_file(*paragraphs, gap="\n"))
    assert [text.replace("\n", " ") for text in words(document)] == paragraphs


def test_double_spaced_lines_are_joined(tmp_path: Path) -> None:
    text = wrapped_file(*[LONG] * 6, gap="\n\n\n").replace("\n", "\n\n")
    assert [piece.replace("\n\n", " ") for piece in words(scan(tmp_path, text))] == [LONG] * 6


def test_wrapped_chinese_is_joined_up_to_its_short_lines(tmp_path: Path) -> None:
    lines = [CHINESE[at : at + 36] for at in range(0, len(CHINESE), 36)]
    document = scan(tmp_path, "\n".join(lines * 6))
    assert [text.replace("\n", "") for text in words(document)] == [CHINESE] * 6


def test_scripts_are_parted_in_wrapped_files(tmp_path: Path) -> None:
    chinese = "\n".join([CHINESE[:36], CHINESE[36:72], CHINESE[72:]])
    text = "\n".join([wrapped_file(LONG[:220]), chinese] * 5)
    languages = [block.language for block in scan(tmp_path, text).blocks]
    assert languages == ["en", "zh"] * 5


def test_markdown_marks_are_left_out_of_blocks(tmp_path: Path) -> None:
    text = "# Licence\n\n## 1. Grant\n\n> Quoted\n\n- first\n* second\n\nPlain *text*\n"
    document = scan(tmp_path, text, name="draft.md")
    assert document.text == text
    assert [
        (block.kind, block.level, block.number, document.text[block.start : block.end])
        for block in document.blocks
    ] == [
        ("heading", 0, "", "Licence"),
        ("heading", 1, "", "1. Grant"),
        ("paragraph", None, "", "Quoted"),
        ("paragraph", None, "•", "first"),
        ("paragraph", None, "•", "second"),
        ("paragraph", None, "", "Plain *text*"),
    ]


def test_markdown_tables_are_read_cell_by_cell(tmp_path: Path) -> None:
    text = "| English | 中文 |\n|---|:---|\n| Grant | 授权 |\n\nBetween\n\n| Alone | here |\n"
    document = scan(tmp_path, text, name="draft.md")
    rows = {block.row: document.text[block.start : block.end] for block in document.blocks}
    assert rows == {
        (0, 0, 0): "English",
        (0, 0, 1): "中文",
        (0, 1, 0): "Grant",
        (0, 1, 1): "授权",
        None: "Between",
        (1, 0, 0): "Alone",
        (1, 0, 1): "here",
    }


def test_a_pipe_is_no_table_in_plain_text(tmp_path: Path) -> None:
    assert words(scan(tmp_path, "| a | b |\n---\n")) == ["| a | b |", "---"]


def test_page_numbers_and_the_footers_beside_them_are_set_apart(tmp_path):
    goods = ("pumps", "valves", "seals", "motors")
    body = [f"{n}. Supplier shall deliver the {name}." for n, name in enumerate(goods, 1)]
    lines = [
        line for n, text in enumerate(body, 1) for line in (text, str(n), f"Source: ACME, F-{n}")
    ]
    path = tmp_path / "draft.txt"
    path.write_text("\n".join(lines))
    document = read_document(path)
    kinds = [block.kind for block in document.blocks]
    assert kinds == ["paragraph", "page_number", "footer"] * 4


def test_a_few_lone_numbers_stay_text(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text("Supplier shall deliver.\n2\nBuyer shall pay.\n")
    assert {block.kind for block in read_document(path).blocks} == {"paragraph"}


@pytest.mark.parametrize("name", ["draft.txt", "draft.md"])
@pytest.mark.parametrize("line", [" ", "\t", "|", "-", "#", "|-", ": ", "1.", "(", "\\|"])
def test_endless_lines_of_one_sign_cost_no_more_than_others(
    tmp_path: Path, name: str, line: str
) -> None:
    path = tmp_path / name
    path.write_text(f"Words\n{line * 200_000}\nx\n", encoding="utf-8")
    assert read_document(path).text.startswith("Words")
