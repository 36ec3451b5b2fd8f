"""Who stands on which side in the cases that are easily got wrong, from file to report."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausescan.report import Report
from clausescan.scanner import scan

GERMAN = 'Nordlicht GmbH, a company organised under the laws of Germany ("{}")'
CHINESE = '{}, a company organised under the laws of the People\'s Republic of China (the "{}")'
BODY = ".\n1. Supply\n1.1 {0} shall deliver the Products. 1.2 {1} shall pay the price.\n"


def report_of(folder: Path, text: str) -> Report:
    """The report on a draft."""
    draft = folder / "draft.txt"
    draft.write_text(text, "utf-8")
    return scan(draft)


def sides(report: Report) -> list[tuple[str, str]]:
    """Nationality and side of each party."""
    return [(party.nationality, party.side) for party in report.parties]


def codes(report: Report) -> set[str]:
    """Codes of the warnings."""
    return {notice.code for notice in report.warnings}


def agreement(*parties: str, body: str = BODY.format("Supplier", "Buyer")) -> str:
    """A small agreement."""
    return "SUPPLY AGREEMENT\nbetween " + ", and ".join(parties) + body


def test_a_foreign_owned_company_stands_with_its_owner(tmp_path: Path) -> None:
    wfoe = (
        "Nordlicht (Suzhou) Co., Ltd., a wholly foreign-owned enterprise organised under the laws "
        'of the People\'s Republic of China ("Operator")'
    )
    buyer = CHINESE.format("Wuxi Pump Co., Ltd.", "Buyer")
    report = report_of(tmp_path, agreement(GERMAN.format("Supplier"), wfoe, buyer))
    assert sides(report) == [("DE", "foreign"), ("CN", "foreign"), ("CN", "chinese")]
    assert report.sides_known
    alone = report_of(tmp_path, agreement(wfoe, buyer))
    assert sides(alone) == [("CN", "chinese")] * 2
    assert "no-foreign-element" in codes(alone)


def test_two_chinese_parties_get_no_side_by_default(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        agreement(
            CHINESE.format("Ningbo Haida Trading Co., Ltd.", "Supplier"),
            CHINESE.format("Wuxi Pump Co., Ltd.", "Buyer"),
        ),
    )
    assert not report.sides_known
    assert report.summary.balance is None
    assert "no-foreign-element" in codes(report)
    assert report.norms


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("No. 88 Keji Road, Nanshan District, Shenzhen, China", True),
        ("telephone +86 755 1234 5678", True),
        ("No. 5 Queen's Road, Central, Hong Kong, telephone +852 1234 5678", False),
    ],
)
def test_a_hong_kong_company_on_the_mainland_is_asked_about(
    tmp_path: Path, place: str, told: bool
) -> None:
    buyer = 'Golden Harbour (Hong Kong) Limited, incorporated in Hong Kong ("Buyer")'
    notices = f"2. Notices\n2.1 Notices to Buyer go to {place}.\n"
    report = report_of(tmp_path, agreement(GERMAN.format("Supplier"), buyer) + notices)
    assert [nationality for nationality, _ in sides(report)] == ["DE", "HK"]
    assert ("beneficial-owner" in codes(report)) is told


def test_control_documents_have_no_balance(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        "EXCLUSIVE TECHNICAL SERVICES AGREEMENT\nbetween Alpha Holdings Limited, a company "
        'incorporated in the Cayman Islands ("Service Provider"), and '
        + CHINESE.format("Beijing Beta Network Technology Co., Ltd.", "Company")
        + ".\nWHEREAS the shareholders have granted an exclusive call option and pledged their "
        "equity.\n1. Services\n1.1 Service Provider shall provide exclusive technical services. "
        "1.2 The Company shall pay its profit as a service fee.\n",
    )
    assert report.document.archetype == "vie"
    assert sides(report) == [("KY", "foreign"), ("CN", "chinese")]
    assert report.summary.balance is None


def test_a_taiwanese_party_is_on_no_side_by_itself(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        "供貨合約\n賣方：臺北精密工業股份有限公司\n統一編號：12345678\n地址：臺北市信義區松高路1號\n"
        "買方：苏州贝塔机械有限公司\n地址：江苏省苏州市工业园区星湖街8号\n第一條 賣方應交付產品。\n",
    )
    assert sides(report) == [("TW", "unknown"), ("CN", "chinese")]
    assert not report.sides_known
    assert any("from Taiwan" in notice.message for notice in report.warnings)


def test_two_foreign_parties_are_scored_for_nobody(tmp_path: Path) -> None:
    italian = 'Alba S.p.A., a company organised under the laws of Italy ("Buyer")'
    report = report_of(tmp_path, agreement(GERMAN.format("Supplier"), italian))
    assert sides(report) == [("DE", "foreign"), ("IT", "foreign")]
    assert report.summary.balance is None


def test_a_joint_venture_that_signs_stands_apart(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        agreement(
            GERMAN.format("Party A"),
            CHINESE.format("Wuxi Pump Co., Ltd.", "Party B"),
            CHINESE.format("Nordlicht Wuxi Pumps Co., Ltd.", "JV Company"),
            body=".\n1. Duties\n1.1 Party A shall pay. 1.2 The JV Company shall pay a royalty.\n",
        ),
    )
    assert sides(report) == [("DE", "foreign"), ("CN", "chinese"), ("CN", "jv")]
    assert report.sides_known


def test_a_blank_template_has_roles_and_no_sides(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        "SUPPLY AGREEMENT\nThe Seller: ____________\nThe Buyer: ____________\n"
        + "1. Supply\n1.1 The Seller shall deliver the goods. The Buyer shall pay the price.\n"
        + "1.2 The Seller shall insure the goods. The Buyer shall take delivery.\n",
    )
    assert [(p.role, p.confidence) for p in report.parties] == [("supplier", 0.5), ("buyer", 0.5)]
    assert not report.sides_known


@pytest.mark.parametrize(("last", "told"), [("N", False), ("M", True)])
def test_a_wrong_credit_code_is_told(tmp_path: Path, last: str, told: bool) -> None:
    report = report_of(
        tmp_path,
        "供货合同\n甲方：阿尔法股份公司\n地址：瑞士苏黎世\n乙方：宁波海晟贸易有限公司\n"
        f"统一社会信用代码：91310115MA1K4B7T6{last}\n第一条 甲方应在三十日内交付产品。\n",
    )
    assert ("credit-code" in codes(report)) is told
    assert sides(report) == [("CH", "foreign"), ("CN", "chinese")]
