"""Norms: what binds or frees whom, with the traps of contract language."""

import re

import pytest
import spacy

import clausescan.pipeline.clauses
import clausescan.pipeline.norms
import clausescan.pipeline.parties  # noqa: F401
from clausescan.pipeline.triggers import load_lexicon

PREAMBLE_EN = (
    "This Agreement is made between Nordlicht GmbH, a company organised under the laws of Germany "
    '("Supplier"), and Ningbo Haida Co., Ltd., a company organised under the laws of the '
    'People\'s Republic of China ("Distributor").\n'
)
PREAMBLE_ZH = (
    "甲方：诺德机械有限公司，依据德国法律设立，地址：德国汉堡。\n"
    "乙方：宁波海达贸易有限公司，地址：浙江省宁波市江北区人民路1号。\n"
)


def norms_of(sentence: str, language: str = "en", *, lines: str = "") -> list[tuple[str, str]]:
    """Modality and bearer (by alias) of the norms of a sentence in a small contract."""
    nlp = spacy.blank(language)
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    preamble, number = (PREAMBLE_ZH, "第一条 ") if language == "zh" else (PREAMBLE_EN, "1. ")
    doc = nlp(preamble + number + sentence + lines)
    names = {
        party["id"]: (party["aliases"] or [party["name"]])[0]
        for party in doc.user_data["clausescan_parties"]
    }
    return [
        (norm["modality"], names.get(norm["bearer"], norm["bearer"]))
        for norm in doc.spans["norms"].attrs["norms"]
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Supplier shall deliver the Products.", [("obligation", "Supplier")]),
        ("The Distributor shall be entitled to a rebate.", [("entitlement", "Distributor")]),
        ("Supplier shall not be obliged to accept orders.", [("exemption", "Supplier")]),
        ('"Products" shall mean the goods in Annex A.', []),
        ("Distributor may not sell below list price.", [("prohibition", "Distributor")]),
        ("Distributor may only use the Marks on Products.", [("prohibition", "Distributor")]),
        ("All payments shall be made in euros.", [("obligation", "unknown")]),
        ("This Agreement shall be governed by Swiss law.", [("declaration", "unknown")]),
        ("The Products shall be delivered by Supplier.", [("obligation", "Supplier")]),
        ("All taxes shall be borne by the Distributor.", [("obligation", "Distributor")]),
        ("Neither party shall assign this Agreement.", [("prohibition", "both")]),
        ("Each party shall keep the terms secret.", [("obligation", "both")]),
        (
            "Nothing herein shall prevent Supplier from selling direct.",
            [("permission", "Supplier")],
        ),
        (
            "Supplier shall deliver the goods and shall train the staff.",
            [("obligation", "Supplier"), ("obligation", "Supplier")],
        ),
        (
            "Supplier shall pay the fee and Distributor shall issue a receipt.",
            [("obligation", "Supplier"), ("obligation", "Distributor")],
        ),
        ("Supplier hereby appoints Distributor as its agent.", [("obligation", "Supplier")]),
        (
            "If Distributor fails to pay, Supplier may terminate in its sole discretion.",
            [("discretion", "Supplier")],
        ),
        (
            "The Goods shall be deemed accepted by Distributor.",
            [("declaration", "Distributor")],
        ),
        ("Distributor, which holds the permits, shall keep them.", [("obligation", "Distributor")]),
        ("The products of Supplier shall be stored dry.", [("obligation", "unknown")]),
        (
            "In no event shall Supplier be liable for loss of profit.",
            [("exemption", "Supplier")],
        ),
        ("The liability of Supplier shall not exceed the price.", [("exemption", "Supplier")]),
        (
            "Supplier and Distributor shall meet every quarter.",
            [("obligation", "both")],
        ),
        ("Distributor's employees shall attend the training.", [("obligation", "Distributor")]),
        ("Nothing herein shall oblige Supplier to accept orders.", [("exemption", "Supplier")]),
        (
            "Nothing in this Agreement shall be construed as limiting Supplier's right to sell.",
            [("permission", "Supplier")],
        ),
        ("Neither party shall have any right to bind the other.", [("prohibition", "both")]),
        ("No party to this Agreement will be liable for loss of profit.", [("exemption", "both")]),
        ("The undersigned hereby agree to file reports.", [("obligation", "both")]),
        ("The licensee shall not challenge the patents.", [("prohibition", "both")]),
        ("Supplier shall be entitled to be paid all fees.", [("entitlement", "Supplier")]),
        ("Supplier shall have the opportunity to inspect.", [("entitlement", "Supplier")]),
        ("Distributor and end-users are responsible for data.", [("obligation", "Distributor")]),
        ("Supplier's use of the Marks shall be in good taste.", [("obligation", "unknown")]),
        ("No change of the Products may be made.", [("prohibition", "unknown")]),
        ("The goods shall not be deemed accepted.", [("declaration", "unknown")]),
        (
            "Supplier assigns, transfers and conveys to Distributor the Marks.",
            [("obligation", "Supplier")],
        ),
        ("This Annex sets out the terms under which Supplier shall deliver.", []),
        (
            "Supplier has all requisite corporate power and authority.",
            [("declaration", "Supplier")],
        ),
        ("Supplier's consent shall not be unreasonably withheld.", [("obligation", "Supplier")]),
        ("Such consent shall not be unreasonably withheld.", [("obligation", "unknown")]),
        ("Supplier shall not be unable to deliver.", [("obligation", "Supplier")]),
        ("WHEREAS, Supplier will deliver lamps;", []),
        (
            "Distributor may assign with the prior written consent of Supplier.",
            [("permission", "Distributor")],
        ),
        (
            "The price shall be determined by Supplier in its sole discretion.",
            [("discretion", "Supplier")],
        ),
        (
            "Each party agrees that this Agreement may be signed in counterparts.",
            [("permission", "both")],
        ),
        ("The Marks which are licensed by Supplier are listed in Annex A.", []),
        (
            "Licenses Freedom to operate Supplier grants to Distributor.",
            [("obligation", "Supplier")],
        ),
        ("Distributor may terminate without cause on notice.", [("permission", "Distributor")]),
    ],
)
def test_english_sentences_name_their_bearer(sentence, expected):
    assert norms_of(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("乙方应当按期付款。", [("obligation", "乙方")]),
        ("甲方不得另行指定经销商。", [("prohibition", "甲方")]),
        ("未经甲方书面同意，乙方不得转让本合同。", [("prohibition", "乙方")]),
        ("乙方有权单方解除本合同。", [("discretion", "乙方")]),
        ("甲方无需另行通知。", [("exemption", "甲方")]),
        ("一切税费由甲方承担。", [("obligation", "甲方")]),
        ("改进成果归乙方所有。", [("entitlement", "乙方")]),
        ("任何一方不得泄露商业秘密。", [("prohibition", "both")]),
        ("乙方不得不接受该价格。", [("obligation", "乙方")]),
        ("本合同应以中文签署。", [("obligation", "unknown")]),
        ("供应商名单见附件一。", []),
        ("保证金为人民币十万元。", []),
        ("甲方应向乙方支付佣金。", [("obligation", "甲方")]),
        ("如乙方逾期付款，甲方有权解除合同。", [("entitlement", "甲方")]),
        (
            "乙方应积极开拓市场，并应每月提交报告。",
            [("obligation", "乙方"), ("obligation", "乙方")],
        ),
        ("甲方授予乙方独家经销权。", [("obligation", "甲方")]),
        ("乙方得隨時終止本合約。", [("discretion", "乙方")]),
        ("合同期满后，重大事项应由总经理签署。", [("obligation", "unknown")]),
        ("乙方财务部门应每月编制报表。", [("obligation", "unknown")]),
        ("乙方人员应遵守规章。", [("obligation", "乙方")]),
        ("乙方的一切活动必须遵守法律。", [("obligation", "乙方")]),
        ("本合同的修改，须经双方协商。", [("obligation", "both")]),
        ("乙方交货后，检验费用应按月结算。", [("obligation", "unknown")]),
        ("应乙方要求，甲方应提供样品。", [("obligation", "甲方")]),
        ("双方同意成立的公司名称见附件一。", []),
        ("在发生不能预见的事件时，乙方应通知甲方。", [("obligation", "乙方")]),
        ("甲方保留拒绝全部或者部分订单的权利。", [("entitlement", "甲方")]),
        ("相应的费用由甲方承担。", [("obligation", "甲方")]),
        ("应急措施由乙方负责。", [("obligation", "乙方")]),
        ("应税产品、应收账款、反应时间和对应的应用见附件。", []),
        ("乙方无须付款。", [("exemption", "乙方")]),
        ("许可证、认可文件和可得利益见附件。", []),
        ("不可抗力期间乙方应通知甲方。", [("obligation", "乙方")]),
        ("保证人名单见附件。", []),
        ("经甲方书面同意，乙方可以转让。", [("permission", "乙方")]),
        ("有权机关批准后生效。", []),
        ("乙方的责任见附件。", []),
        ("乙方取得批准后应缴纳所得税。", [("obligation", "乙方")]),
        (
            "乙方对损失不负责，其赔偿责任以服务费为限。",
            [("exemption", "乙方"), ("exemption", "乙方")],
        ),
        (
            "双方应当友好协商；协商不成的，应当提交仲裁。",
            [("obligation", "both"), ("obligation", "both")],
        ),
        ("凡重量超过两吨的货物，应标明重量。", [("obligation", "unknown")]),
        ("乙方应在其董事中委派一名董事长。", [("obligation", "乙方")]),
        ("乙方可以解除合同，只需提前通知甲方。", [("permission", "乙方"), ("obligation", "乙方")]),
        ("任何一方转让出资额，事先都须取得同意。", [("obligation", "both")]),
        ("乙方对该款项负有连带责任。", [("obligation", "乙方")]),
        ("乙方应付款（注：当事人可以约定其他方式）。", [("obligation", "乙方")]),
    ],
)
def test_chinese_sentences_name_their_bearer(sentence, expected):
    assert norms_of(sentence, "zh") == expected


def test_list_items_inherit_subject_and_modal_of_their_lead_in():
    lines = "\n(a) promote the Products in trade journals;\n(b) send a report each month."
    assert norms_of("Distributor shall:", lines=lines) == [("obligation", "Distributor")] * 3


def test_chinese_topic_is_carried_into_the_next_sentence():
    found = norms_of("乙方应按月提交报告。应同时提交发票。", "zh")
    assert found == [("obligation", "乙方"), ("obligation", "乙方")]


def test_a_chinese_topic_may_stand_in_a_sentence_without_a_norm():
    found = norms_of("乙方在中国银行开设账户。也可在其他银行开户。", "zh")
    assert found == [("permission", "乙方")]


def test_a_line_before_a_chinese_list_names_who_is_bound():
    lines = "\n甲方责任：\n（1）办理批准手续；\n（2）提供厂房。\n乙方责任：\n（1）提供设备；\n（2）培训人员。"
    found = norms_of("各方责任如下。", "zh", lines=lines)
    assert found == [("obligation", "甲方")] * 2 + [("obligation", "乙方")] * 2


def test_a_pronoun_takes_the_bearer_of_the_sentence_before():
    found = norms_of("Distributor shall keep stock. It shall insure the stock.")
    assert found == [("obligation", "Distributor"), ("obligation", "Distributor")]


@pytest.mark.parametrize(
    ("sentence", "strength"),
    [
        ("Distributor shall use its best efforts to sell.", 0.35),
        ("Distributor shall use commercially reasonable efforts to sell.", 0.45),
        ("Distributor shall endeavour to sell.", 0.25),
        ("Distributor shall buy 500 units a year.", 1.0),
        ("Distributor shall promote the Products.", 0.9),
        ("Distributor may terminate.", 0.5),
        ("Supplier shall not sell elsewhere.", 1.0),
        ("Distributor guarantees to reach the quota.", 0.8),
        ("Distributor shall use reasonable efforts, including two fairs a year, to sell.", 0.6),
        ("The parties shall discuss the price.", 0.15),
        ("Supplier shall grant a rebate in its sole discretion.", 0.1),
        ("Supplier may in its sole discretion terminate.", 1.0),
        ("Supplier has the right to terminate.", 0.8),
        ("Supplier may assign with the prior written consent of Distributor.", 0.3),
        ("Supplier shall repair the goods, if Distributor so requests.", 0.63),
        ("乙方必须于十日内付款。", 1.0),
        ("乙方应付款。", 0.9),
        ("乙方保证达到五百台。", 0.8),
        ("乙方应以合理努力销售，包括每年参加两次展会。", 0.6),
        ("乙方应以合理努力销售。", 0.45),
        ("乙方应尽最大努力销售。", 0.35),
        ("乙方应尽力销售。", 0.25),
        ("乙方原则上应采购五百台。", 0.15),
        ("双方签署本意向书后，乙方应付款。", 0.9),
        ("甲方有权单方解除。", 1.0),
        ("甲方有权解除。", 0.8),
        ("甲方可以解除。", 0.5),
        ("经乙方书面同意，甲方可以转让。", 0.3),
        ("如乙方提出要求，甲方应提供样品。", 0.63),
    ],
)
def test_strength_follows_the_words(sentence, strength):
    language = "en" if sentence.isascii() else "zh"
    nlp = spacy.blank(language)
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    opening = PREAMBLE_EN + "1. " if language == "en" else PREAMBLE_ZH + "第一条 "
    doc = nlp(opening + sentence)
    assert [norm["strength"] for norm in doc.spans["norms"].attrs["norms"]] == [strength]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_trigger_examples_match_and_counter_examples_do_not(language):
    lexicon = load_lexicon(language)
    for rule in lexicon.rules.values():
        for example in rule["examples"]:
            assert rule["id"] in _ids(lexicon, example), example
        for example in rule["counter_examples"]:
            assert rule["id"] not in _ids(lexicon, example), example


def _ids(lexicon, text):
    found = {lexicon.rules[match.lastgroup]["id"] for match in lexicon.pattern.finditer(text)}
    assert {trigger.rule for trigger in lexicon.find(text, lexicon.plain(text))} <= found
    return found


def test_no_trigger_begins_with_a_word_that_is_no_lead():
    lexicon = load_lexicon("en")
    for rule in lexicon.rules.values():
        for example in rule["examples"]:
            for match in lexicon.pattern.finditer(example):
                lead = lexicon.lead.match(lexicon.plain(example), match.start())
                assert lead or example[match.start() - 1 : match.start()].isalnum(), example


def test_items_of_a_passive_list_name_their_agent():
    lines = "\n(a) by Supplier, on ninety days' notice;\n(b) by either party, at any time."
    found = norms_of("This Agreement may be terminated:", lines=lines)
    assert found == [("permission", "unknown"), ("permission", "Supplier"), ("permission", "both")]


def test_not_to_turns_a_promise_into_a_ban():
    lines = "\n(a) to promote the Products;\n(b) not to sell rival goods."
    found = norms_of("Distributor hereby agrees:", lines=lines)
    assert [modality for modality, _ in found] == ["obligation", "obligation", "prohibition"]


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        (
            "Neither Supplier nor any of its Affiliates shall, directly or indirectly, sell there.",
            "en",
            [("prohibition", "Supplier")],
        ),
        ("乙方将积极开拓市场。", "zh", [("obligation", "乙方")]),
        ("乙方应积极开拓市场。", "zh", [("obligation", "乙方")]),
        ("样品由甲方免费提供。", "zh", [("obligation", "甲方")]),
        ("甲方同意授予乙方独家许可。", "zh", [("obligation", "甲方")]),
    ],
)
def test_affiliates_aims_and_agents(sentence, language, expected):
    assert norms_of(sentence, language) == expected


def test_english_tables_are_in_lower_case():
    lexicon = load_lexicon("en")
    patterns = [lexicon.lead, lexicon.discretion, lexicon.condition, lexicon.exception]
    patterns += [lexicon.firm, *(modifier.pattern for modifier in lexicon.modifiers)]
    for pattern in patterns:
        assert not re.search(r"(?<!\\)[A-Z]", pattern.pattern), pattern.pattern


def test_capitals_change_no_norm():
    shouted = norms_of("Supplier SHALL NOT be Obliged to accept orders of the OTHER PARTY.")
    assert shouted == [("exemption", "Supplier")]


def test_offsets_survive_letters_that_grow_in_lower_case():
    nlp = spacy.blank("en")
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    doc = nlp(PREAMBLE_EN + "1. In İZMİR, Supplier shall deliver, IF Asked by Distributor.")
    (norm,) = doc.spans["norms"].attrs["norms"]
    assert (norm["trigger"], norm["condition"]) == ("shall", "IF Asked by Distributor")


def test_a_sentence_of_many_adverbials_is_read_at_once():
    places = "销努力在区域内" * 60
    assert norms_of(f"在区域内{places}销售产品的费用应当支付。", "zh") == [
        ("obligation", "unknown")
    ]


def test_only_the_end_of_a_very_long_head_decides():
    aside = "the lamps, " * 400
    assert norms_of(f"Subject to {aside}Supplier shall pay.") == [("obligation", "Supplier")]
    assert norms_of(f"If {aside}neither party shall pay.") == [("prohibition", "both")]


def test_a_name_in_capitals_is_found_where_the_text_goes_on_without_them():
    preamble = (
        "This Agreement is made between NORDLICHT GMBH, a company organised under the laws of "
        'Germany ("NORDLICHT"), and Ningbo Haida Co., Ltd., a company of China ("Buyer").\n'
    )
    nlp = spacy.blank("en")
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    doc = nlp(preamble + "1. Nordlicht shall deliver the lamps.")
    (norm,) = doc.spans["norms"].attrs["norms"]
    assert norm["bearer"] == doc.user_data["clausescan_parties"][0]["id"]


def test_a_norm_knows_where_its_trigger_stands():
    nlp = spacy.blank("zh")
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    doc = nlp(PREAMBLE_ZH + "第一条 乙方应付款，甲方应交货。")
    first, second = doc.spans["norms"].attrs["norms"]
    assert first["at"] < second["at"]
    assert doc.text[second["at"] :].startswith("应交货")


@pytest.mark.parametrize(
    ("sentence", "exception"),
    [
        ("Supplier shall deliver, unless Distributor is in default.", "unless Distributor"),
        ("Supplier shall not sell there, except to the key accounts.", "except to the key"),
        ("除不可抗力外，乙方应按期交货。", "除不可抗力外"),
        ("甲方不得直接销售，但附件二所列客户除外。", "除外"),
    ],
)
def test_exceptions_keep_their_words(sentence, exception):
    language = "en" if sentence.isascii() else "zh"
    nlp = spacy.blank(language)
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    opening = PREAMBLE_EN + "1. " if language == "en" else PREAMBLE_ZH + "第一条 "
    (norm,) = nlp(opening + sentence).spans["norms"].attrs["norms"]
    assert exception in norm["exception"]
