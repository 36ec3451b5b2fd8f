"""Cross-references: which clauses and annexes a norm's sentence points to."""

import pytest

import clausescan
from clausescan.pipeline.references import _key

PREAMBLE = (
    "This Agreement is made between Nordlicht GmbH, a company organised under the laws of Germany "
    '("Supplier"), and Ningbo Haida Co., Ltd., a company organised under the laws of the '
    'People\'s Republic of China ("Distributor").\n'
)
ENGLISH = """1. Orders
1.1 Supplier shall deliver the goods{}.
5. Price
5.1 Distributor shall pay in euros.
5.2 Distributor shall pay:
(a) on delivery; and
(b) at the place of delivery.
Article VI. Term
6.1 This Agreement runs for two years.
Annex A
Supplier shall use the forms in this annex.
"""
CHINESE = """甲方：诺德机械有限公司，依据德国法律设立。
乙方：宁波海达贸易有限公司，地址：浙江省宁波市江北区人民路1号。
第一条 甲方应{}交货。
第五条 价格
（一）乙方应付款。
第十二条 乙方应保密。
附件一：价目表
甲方应按本表供货。
"""


def refers(tmp_path, text):
    """Numbers of the clauses that the first norm refers to, or names of missing annexes."""
    path = tmp_path / "draft.txt"
    path.write_text(text, "utf-8")
    report = clausescan.scan(path)
    numbers = {clause.id: clause.number for clause in report.clauses}
    return [numbers.get(name, name) for name in report.norms[0].refers]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        (" subject to Clause 5.2", ["5.2"]),
        (" under Section 5.2(b)", ["5.2(b)"]),
        # A place that is only a line of its clause.
        (" under Section 5.1(c)", ["5.1"]),
        (" under Sections 5.1 and 6.1", ["5.1", "6.1"]),
        (" in Clauses 5 to 6", ["5", "Article VI"]),
        (" under Article VI", ["Article VI"]),
        (" under Article 6", ["Article VI"]),
        (" as set out in Annex A", ["Annex A"]),
        # No clause of this contract.
        (" under Section 5.2 of the Companies Act", []),
        (" under Section 9.9", []),
        (" under Section 5.2 of this Agreement", ["5.2"]),
        # An annex that is not in the file.
        (" as set out in Annex C", ["Annex C"]),
    ],
)
def test_english_references(tmp_path, words, expected):
    assert refers(tmp_path, PREAMBLE + ENGLISH.format(words)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("依本合同第五条", ["第五条"]),
        ("依第五条第一款", ["第五条(一)"]),
        ("依第12条", ["第十二条"]),
        ("按附件一", ["附件一"]),
        ("按附件1", ["附件一"]),
        ("依《民法典》第五条", []),
        ("依外汇管理条例的第五条", []),
        ("依本合同规定的第五条", ["第五条"]),
        ("按附件三", ["附件三"]),
    ],
)
def test_chinese_references(tmp_path, words, expected):
    assert refers(tmp_path, CHINESE.format(words)) == expected


def test_missing_annexes_are_named_once(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text(PREAMBLE + ENGLISH.format(" as set out in Annex C and in Annex A"), "utf-8")
    report = clausescan.scan(path)
    assert report.document.coverage.missing_annexes == ("Annex C",)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("3.2(b)", ("3", ".2", "(b)")),
        ("Article IV", ("4",)),
        ("3(iv)", ("3", "(iv)")),
        ("第五条（一）", ("5", "(1)")),
        ("第１４．０７条", ("14", ".7")),
    ],
)
def test_numbers_are_read_level_by_level(number, key):
    assert _key(number) == key
