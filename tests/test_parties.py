"""Parties: names, aliases, roles and where they come from."""

import pytest

from clausescan.pipeline.nationality import (
    find_evidence,
    is_place,
    nationality_of,
    party_data,
    valid_uscc,
)
from clausescan.pipeline.parties import find_parties


def found(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Name, aliases and nationality of each party."""
    return [(party.name, party.aliases, party.nationality) for party in find_parties(text)]


def test_defined_terms_name_the_parties():
    text = (
        'This Agreement is made as of 1 May 2026 (the "Effective Date") by and between Nordlicht '
        'GmbH, a company with its seat in Hamburg, Germany ("Supplier"), and Ningbo Haida Trading '
        'Co., Ltd., Jiangbei District, Ningbo, China (the "Distributor").'
    )
    assert found(text) == [
        ("Nordlicht GmbH", ("Supplier",), "DE"),
        ("Ningbo Haida Trading Co., Ltd.", ("Distributor",), "CN"),
    ]


def test_labelled_blocks_name_the_parties():
    text = "甲方（许可方）：阿尔法股份公司\n地址：瑞士苏黎世\n乙方（被许可方）：苏州贝塔机械有限公司\n地址：江苏省苏州市工业园区星湖街8号\n"
    parties = find_parties(text)
    assert [(p.name, p.aliases[:2], p.role, p.nationality) for p in parties] == [
        ("阿尔法股份公司", ("甲方", "许可方"), "licensor", "CH"),
        ("苏州贝塔机械有限公司", ("乙方", "被许可方"), "licensee", "CN"),
    ]


def test_recitals_add_no_parties():
    text = (
        'Between Alpha Inc., a Delaware corporation ("Seller"), and Beta Ltd., a company organised '
        'under the laws of the PRC ("Buyer"). WHEREAS Gamma Holdings Limited ("Gamma") owns Beta.'
    )
    assert [party.aliases[0] for party in find_parties(text)] == ["Seller", "Buyer"]


def test_blank_templates_give_roles_and_no_country():
    parties = find_parties(
        "＿＿＿＿公司（以下简称甲方）与＿＿＿＿公司（以下简称乙方）订立合同如下："
    )
    assert [(p.name, p.nationality, p.confidence) for p in parties] == [
        ("甲方", "", 0.5),
        ("乙方", "", 0.5),
    ]


@pytest.mark.parametrize(
    ("name", "block", "code"),
    [
        ("Alpha Co., Ltd.", "", ""),
        ("Alpha Co., Ltd.", "a Japanese corporation", "JP"),
        ("Alpha Co., Ltd.", "organized under the laws of the People 's Republic of China", "CN"),
        ("Alpha Co., Ltd.", "organized under the laws of the Republic of China", "TW"),
        ("Alpha", "No. 258, Nanjing East Road, Taipei", "TW"),
        ("北京甲乙科技有限公司", "", "CN"),
        ("香港甲乙有限公司", "", "HK"),
        ("Alpha S.p.A.", "", "IT"),
        ("Alpha", "统一社会信用代码：91330106MA2AX2QU2C"[:9] + "91310115MA1K4B7T6N", "CN"),
    ],
)
def test_nationality_needs_evidence(name, block, code):
    assert nationality_of(find_evidence(name, block))[0] == code


def test_company_limited_and_party_order_tell_nothing():
    assert nationality_of(find_evidence("Alpha Company Limited", "")) == ("", 0.5)


@pytest.mark.parametrize(
    ("code", "valid"),
    [("91310115MA1K4B7T6N", True), ("91310115MA1K4B7T6M", False), ("9131", False), ("", False)],
)
def test_credit_codes_are_checked(code, valid):
    assert valid_uscc(code) is valid


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("between Alpha Inc. and Beta S.r.l., each a party.", ["Alpha Inc.", "Beta S.r.l."]),
        ('Alpha Limited ("A") and Beta GmbH ("B").', ["Alpha Limited", "Beta GmbH"]),
        (
            "Seller: Alpha AG\nBank: Gamma Bank AG\nBuyer: Beta Oy\nBank: Delta Bank plc",
            ["Alpha AG", "Beta Oy"],
        ),
        (
            "甲方：甲乙丙有限公司\n开户银行：中国某某银行\n乙方：和记丁戊厂",
            ["甲乙丙有限公司", "和记丁戊厂"],
        ),
        (
            'Alpha Ltd (the "Seller") of Dover, Kent and Beta Ltd (the "Buyer")',
            ["Alpha Ltd", "Beta Ltd"],
        ),
        (
            'Alpha Ltd (the "Seller") sells the goods (the "Goods") to Beta Ltd (the "Buyer")',
            ["Alpha Ltd", "Beta Ltd"],
        ),
        ("X Ltd (Seller) and Y Ltd (Buyer), both of them (China)", ["X Ltd", "Y Ltd"]),
    ],
)
def test_names_keep_the_stop_of_their_form_and_stand_alone(text, names):
    assert [party.name for party in find_parties(text)] == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "加工合同委托方：甲乙家居有限责任公司（Alba Mobiliario, S.L.），依西班牙法律设立。受托方：佛山市某某家具有限公司，住所：广东省佛山市。",
            [("委托方", "ES"), ("受托方", "CN")],
        ),
        (
            "大元化学株式会社（Daewon Chemical Co., Ltd.），依大韩民国法律成立，代表理事尹某（下称“供货商”）；\n"
            "天津某某新材料贸易有限公司，住所为天津市，法定代表人孟某（下称“分销商”）。",
            [("供货商", "KR"), ("分销商", "CN")],
        ),
        (
            "made between Alpha GmbH, of Traun, Austria, referred to below as “the Principal”, and Beta "
            "Instruments Co., Ltd. (贝塔仪器有限公司), of Guangzhou, China, referred to below as “the Agent”.",
            [("Principal", "AT"), ("Agent", "CN")],
        ),
        (
            "阿尔法光子有限公司，一家在英格兰注册成立的私人有限公司（“许可人”）；及武汉贝塔装备有限公司，一家依据中国法律成立的公司（“被许可人”）。",
            [("许可人", "GB"), ("被许可人", "CN")],
        ),
    ],
)
def test_openings_glued_to_titles_and_defined_below(text, expected):
    parties = find_parties(text)
    assert [(party.aliases[0], party.nationality) for party in parties] == expected


def test_every_name_in_the_tables_is_a_place():
    keys = ("names", "zh", "places", "zh_places")
    words = [word for row in party_data()["country"] for key in keys for word in row[key]]
    assert len(words) > 500
    assert [word for word in words if not is_place(word)] == []
    assert is_place("United\n Kingdom")
    assert not is_place("Unitedness")


def test_a_third_party_that_bears_duties_is_none_when_two_known_ones_do():
    preamble = 'Made between Alpha GmbH ("Maker") and Beta Ltd ("Dealer").\n'
    duties = "1. Maker shall sell. 2. Dealer shall buy. 3. Carrier shall sail. 4. Carrier may call."
    assert [party.name for party in find_parties(preamble + duties)] == ["Alpha GmbH", "Beta Ltd"]
    alone = "1. Maker shall sell. 2. Carrier shall sail. 3. Carrier may call."
    assert "Carrier" in [party.name for party in find_parties(preamble + alone)]
