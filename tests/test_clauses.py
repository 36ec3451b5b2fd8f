"""Clauses: numbers as a person sees them, headings, inline lists, sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausescan.document import blocks_of
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.marks import read_mark
from clausescan.pipeline.sentences import split_sentences


def numbers(text: str, language: str = "en") -> list[str]:
    """Numbers of the clauses that are not headings."""
    clauses, _ = find_clauses(text, blocks_of(text), language)
    return [clause.number for clause in clauses if clause.kind != "heading"]


@pytest.mark.parametrize(
    ("text", "scheme", "printed", "value"),
    [
        ("3.2 Term", "dotted", "3.2", (3, 2)),
        ("12. Notices", "number", "12", (12,)),
        ("(b) the goods", "paren-lower", "(b)", (2,)),
        ("(iv) the goods", "paren-roman", "(iv)", (4,)),
        ("ARTICLE IV", "article", "ARTICLE IV", (4,)),
        ("Section 3.2. Term", "dotted", "3.2", (3, 2)),
        ("第十二条 保密", "zh-article", "第十二条", (12,)),
        ("（三）技术资料", "zh-paren", "(三)", (3,)),
        ("一、总则", "zh-comma", "一", (1,)),
        ("１．１ 定义", "dotted", "1.1", (1, 1)),
        ("②交付", "circled", "②", (2,)),
        ("附件三 价格", "zh-annex", "附件三", (3,)),
    ],
)
def test_marks_are_read(text, scheme, printed, value):
    mark = read_mark(text)
    assert mark is not None
    assert (mark.scheme, mark.text, mark.value) == (scheme, printed, value)


@pytest.mark.parametrize(
    "text",
    [
        "The Supplier shall",
        "3.5% of sales",
        "2026 was a good year",
        "第三方不得",
        "Exhibit 10.31 to the",
    ],
)
def test_plain_text_is_no_mark(text):
    assert read_mark(text) is None


def test_letters_hang_on_the_number_above():
    text = "3.2 Supplier shall:\n(a) deliver;\n(b) install:\n(i) the base;\n(ii) the top.\n3.3 Title passes on delivery."
    assert numbers(text) == ["3.2", "3.2(a)", "3.2(b)", "3.2(b)(i)", "3.2(b)(ii)", "3.3"]


def test_i_after_h_is_a_letter():
    items = "".join(f"({letter}) item number {letter} of this list;\n" for letter in "abcdefghij")
    assert numbers("1. The list:\n" + items)[-2:] == ["1(i)", "1(j)"]


def test_chinese_numbers_nest():
    text = "第二条 许可\n2.1 许可方应当：\n（一）交付图纸；\n（二）培训人员。\n第三条 费用\n3.1 被许可方应当付款。"
    assert numbers(text, "zh") == ["2.1", "2.1(一)", "2.1(二)", "3.1"]


def test_two_chinese_clauses_on_one_line_are_split():
    text = "1．1 甲方应当按照本合同的约定按期向乙方交付全部产品以及有关资料。1．2 乙方应当在收到产品之后三十日内向甲方支付全部货款。"
    assert numbers(text, "zh") == ["1.1", "1.2"]


def test_inline_list_of_clauses_is_split_and_short_enumeration_is_not():
    long = (
        "4. Supplier shall: (a) deliver the complete set of drawings within thirty days; "
        "(b) train the engineers of the buyer at its own works; and (c) supply all source code."
    )
    assert numbers(long) == ["4", "4(a)", "4(b)", "4(c)"]
    assert numbers("4. Colours are: (a) red; (b) blue; (c) green.") == ["4"]


def test_references_do_not_start_clauses():
    text = "5.1 As set out in Section 3.2(b) and clause 4.1, the parties shall meet. See 6.2 below."
    assert numbers(text) == ["5.1"]


def test_headings_come_down_to_their_clauses():
    text = "2. EXCLUSIVITY\n2.1 Supplier shall sell to nobody else.\n2.2 Term. It lasts two years."
    clauses, _ = find_clauses(text, blocks_of(text), "en")
    assert [clause.heading for clause in clauses] == ["EXCLUSIVITY", "EXCLUSIVITY", "Term"]


def test_table_of_contents_is_left_out():
    text = "目录\n第一章 总则\n第二章 出资\n第一章 总则\n第一条 双方成立合资公司。\n第二章 出资\n第二条 甲方出资。"
    assert numbers(text, "zh") == ["第一条", "第二条"]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Acme Inc. shall pay. Beta Co., Ltd. shall not.", "en", 2),
        ("See Section No. 5 for details. It applies.", "en", 2),
        ("The U.S. Dollar applies, e.g. for fees.", "en", 1),
        ("甲方应付款；乙方应交货。双方遵守。", "zh", 3),
    ],
)
def test_sentences(text, language, count):
    assert len(list(split_sentences(text, 0, len(text), language))) == count


@given(
    st.lists(
        st.sampled_from(
            ["1. Supplier shall pay.", "(a) deliver;", "2.1 Term. One year.", "WHEREAS it is so,",
             "第一条 甲方应当付款。", "（一）交货；", "text without number", "ARTICLE II", "  ", "o bullet"]
        ),
        max_size=25,
    ),
    st.sampled_from(["en", "zh"]),
)  # fmt: skip
def test_spans_stay_inside_their_clauses_and_in_order(lines, language):
    text = "\n".join(lines)
    clauses, sentences = find_clauses(text, blocks_of(text), language)
    for clause in clauses:
        assert 0 <= clause.start < clause.end <= len(text)
        assert text[clause.start : clause.end] == text[clause.start : clause.end].strip()
    assert [c.start for c in clauses] == sorted(c.start for c in clauses)
    for one, two in pairwise(clauses):
        assert one.end <= two.start
    for sentence in sentences:
        clause = clauses[sentence.clause]
        assert clause.start <= sentence.start < sentence.end <= clause.end


@given(st.text(max_size=60))
def test_any_text_is_segmented_without_error(text):
    find_clauses(text, blocks_of(text), "en")
    find_clauses(text, blocks_of(text), "zh")


def test_a_letter_without_numbers_is_made_of_clauses():
    text = "Letter of intent\nThe Buyer shall buy only from the Seller in China.\nThe Seller will endeavour to deliver on time."
    clauses, _ = find_clauses(text, blocks_of(text), "en")
    assert [clause.kind for clause in clauses][1:] == ["clause", "clause"]


def test_a_short_definition_is_no_heading():
    text = '1. "Territory" means Greater China.\n2. Supplier shall sell there.'
    assert numbers(text) == ["1", "2"]


def test_a_contract_on_one_line_is_cut_at_its_numbers():
    parts = [
        "This Agreement is made between A and B.",
        "1. Grant. Supplier grants Distributor the right to sell the Products in the Territory.",
        "2. Price. Distributor shall pay the price of Section 5. Supplier may not change it at all.",
        "3. Term. This Agreement shall last for two years from the date of its signature below.",
    ]
    assert numbers(" ".join(parts)) == ["", "1", "2", "3"]


def test_a_lone_figure_inside_a_paragraph_starts_nothing():
    assert numbers("4. The rooms are on floor 1. They are large. 2. Floor has none.") == ["4"]
