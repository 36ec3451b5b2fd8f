from __future__ import annotations

import pytest

from clausescan.extract.numbers import is_numbered, is_numbered_heading


@pytest.mark.parametrize(
    "text",
    [
        "1. Term", "1.1 Term", "12.3.4 Term", "1.1“Term” means", "A.1 Term", "(a) the", "(iv) the",
        "a) the", "b. the", "Article 5", "ARTICLE IV", "Section 2.1", "Schedule A", "第一条 定义",
        "第 12 条", "第三章", "一、总则", "（一）甲方", "１．２　定义", "1、定义", "附件一",
        "• item", "1.", "附件A",
    ],
)  # fmt: skip
def test_numbered_lines_are_known(text: str) -> None:
    assert is_numbered(text)


@pytest.mark.parametrize(
    "text",
    [
        "Term", "thirty (30) days", "30days", "2024Agreement", "and (a)", "第三方", "一个月", "",
        "Articles of", "Sectional", "I am", "a party", "USD 5", "(the “Fee”)", "一方",
    ],
)  # fmt: skip
def test_other_lines_are_not(text: str) -> None:
    assert not is_numbered(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5. Confidential Information", True),
        ("Article 5 Termination", True),
        ("第五条 违约责任", True),
        ("ARTICLE V", False),
        ("5.", False),
        ("Confidential Information", False),
        ("5. The Licensee shall pay the fees that are due", False),
        ("5. Products, parts,", False),
    ],
)
def test_a_number_and_a_few_words_make_a_heading(text: str, expected: bool) -> None:
    assert is_numbered_heading(text) is expected
