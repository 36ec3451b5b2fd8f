"""Who bears a norm: subjects, what stands for them, and what only looks like one."""

import pytest
import spacy
from test_norms import PREAMBLE_EN, PREAMBLE_ZH, norms_of

ENGLISH = [
    # A party inside an aside or adverbial is passed over on the way to the subject.
    ("Supplier, upon notice from Distributor, shall deliver.", "Supplier"),
    ("Distributor, its designee or an Affiliate of Distributor shall pay.", "Distributor"),
    ("Distributor or its designee (for which Distributor is liable) shall pay.", "Distributor"),
    ("As requested by Supplier, Distributor shall report.", "Distributor"),
    # Coordinated subjects, but not two parties behind a preposition.
    ("Supplier and Distributor shall meet each year.", "both"),
    ("Contracts between Supplier and Distributor shall need a stamp.", "unknown"),
    ("It needs a deed between Supplier and Distributor, and Supplier may refuse.", "Supplier"),
    ("Goods are accepted by Supplier and Supplier shall sign.", "Supplier"),
    # Roles that either party may come to hold.
    ("The non-breaching party may claim damages.", "both"),
    ("The inspected party shall bear the cost of the audit.", "both"),
    ("The Party preparing the minutes shall send them out.", "both"),
    ("The party so affected shall give notice.", "both"),
    # Verbs in a row share one subject.
    ("Distributor further represents, warrants and agrees to keep stock.", "Distributor"),
    ("Distributor is and shall remain bound by the price list.", "Distributor"),
    # A vow about a thing binds whoever makes it.
    ("Supplier warrants that the Products will run for a year.", "Supplier"),
    ("Supplier warrants to its customers that each item will run.", "Supplier"),
    ("Supplier shall ensure that all materials shall be new.", "Supplier"),
    ("The parties agree that the records shall be kept for a year.", "both"),
    ("The Products shall run for a year.", "unknown"),
    # What is somebody's responsibility lies with him.
    ("All taxes on sales will be the sole responsibility of Distributor.", "Distributor"),
    ("All taxes on sales will be Distributor's responsibility.", "Distributor"),
    # A deed that is judged is its doer's.
    ("No waiver by any party of any right shall be effective.", "both"),
    ("Failure of Supplier to act shall not be construed as consent.", "Supplier"),
    # Only a modal has its subject behind it.
    ("In no event shall Supplier be liable.", "Supplier"),
    ("Old King Inc. hereby grants Distributor a licence.", "unknown"),
]


@pytest.mark.parametrize(("sentence", "bearer"), ENGLISH)
def test_english_bearers(sentence, bearer):
    assert norms_of(sentence)[-1][1] == bearer


CHINESE = [
    # 由 right behind the trigger names who acts, whoever stood before.
    ("双方缴付出资额之后，应由乙方聘请会计师验证。", "Party B"),
    ("培训时间，应由甲方和乙方共同商定。", "both"),
    ("未尽事宜，由双方通过友好协商解决。", "both"),
    # The clause's own subject, not the object inside it.
    ("甲方审查乙方的成果属实后，应按时付款。", "Party A"),
    ("甲方付款后，乙方未交货的，应支付违约金。", "Party B"),
    # Consent ends at 后.
    ("经有关部门批准后乙方可以销售产品。", "Party B"),
    # Whom something happens to is no subject.
    ("任何一方违约造成乙方无法经营的，应赔偿损失。", "both"),
    # Roles that either party may come to hold; the other ones together.
    ("委派方可以更换董事，但须书面通知对方。", "both"),
    ("转让出资的，其他合资方有优先购买权并应在十日内答复。", "both"),
    # 方式, 方面 and 方案 are no roles.
    ("付款方式如下，乙方应按时付款。", "Party B"),
    ("付款方式应符合约定。", "unknown"),
    ("其他方面应符合约定。", "unknown"),
    ("另一方面，乙方应付款。", "Party B"),
    ("甲方提供样品，价格由合同双方协商解决。", "both"),
    ("对“甲方”课征的税费，由“乙方”支付。", "Party B"),
    ("双方同意以可自由兑换的货币支付，乙方应照办。", "Party B"),
    # An organ that 由 names is no party, and no earlier party stands for it.
    ("总裁由甲方推荐，由董事会聘请。", "unknown"),
    # A refusal to pay.
    ("对于缺勤，甲方不支付技术服务费。", "Party A"),
    ("不能按期完工时，乙方同意：", "Party B"),
]
ALIASES = {"甲方": "Party A", "乙方": "Party B"}


@pytest.mark.parametrize(("sentence", "bearer"), CHINESE)
def test_chinese_bearers(sentence, bearer):
    found = norms_of(sentence, "zh")[-1][1]
    assert ALIASES.get(found, found) == bearer


def test_ownership_and_a_condition_are_no_right_and_no_ban():
    assert norms_of("发明创造的所有权性质如下。", "zh") == []
    assert ("prohibition", "乙方") not in norms_of("乙方不能按期交货时，应付违约金。", "zh")


def test_a_full_stop_in_full_width_ends_a_chinese_sentence():
    assert norms_of("甲方应付款．报表应附收据．", "zh") == [
        ("obligation", "甲方"),
        ("obligation", "unknown"),
    ]


def bearer_between(first, second, sentence):
    nlp = spacy.blank("en")
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    doc = nlp(f"This Agreement is made between {first} and {second}.\n1. {sentence}")
    names = {party["id"]: party["name"] for party in doc.user_data["clausescan_parties"]}
    return names.get(doc.spans["norms"].attrs["norms"][0]["bearer"])


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        # Without its legal form, and in other letters than the term.
        ('DRAGON SYSTEMS, INC. ("DRAGON")', "Dragon Systems hereby grants Buyer a licence."),
        # A term in small letters at the head of a sentence.
        ('Harbour Life Inc. ("you")', "You agree to send the lists."),
        # A term that begins with a small letter.
        ('I-ESCROW, INC. ("i-Escrow")', "i-Escrow will comply with the law."),
    ],
)
def test_names_as_the_text_goes_on_to_write_them(first, sentence):
    name = first.split(" (")[0]
    assert bearer_between(first, 'Ningbo Haida Co., Ltd. ("Buyer")', sentence) == name


STATEMENTS = [
    # A fact that somebody vouches for, against what he promises to do.
    ("Supplier warrants that the Products will not be adulterated.", "declaration", "Supplier"),
    ("Supplier confirms that it will pay and will not sue.", "prohibition", "Supplier"),
    ("A breach may cause harm.", "declaration", "unknown"),
    ("Supplier warrants that it shall replace the Products.", "obligation", "Supplier"),
    ("Supplier agrees that the Products shall be new.", "obligation", "Supplier"),
    # What papers do, against what is to be done with them.
    ("The terms of this Agreement shall prevail.", "declaration", "unknown"),
    ("Termination of this Agreement shall not act as a waiver.", "declaration", "unknown"),
    ("This Agreement shall be signed in two copies.", "obligation", "unknown"),
    # Rights and disclaimers with an adverb or a negation inside.
    ("Distributor shall also be entitled to bonuses.", "entitlement", "Distributor"),
    ("Supplier does not warrant fitness.", "exemption", "Supplier"),
]


@pytest.mark.parametrize(("sentence", "modality", "bearer"), STATEMENTS)
def test_statements_are_no_duties(sentence, modality, bearer):
    assert norms_of(sentence)[-1] == (modality, bearer)


def test_items_below_a_representation_are_facts():
    lines = (
        "\n(a) the Products will comply with the law;\n(b) Supplier shall keep records; and"
        "\n(c) disputes shall be settled by a court."
    )
    assert norms_of("Supplier represents and warrants that:", lines=lines) == [
        ("declaration", "Supplier"),
        ("declaration", "Supplier"),
        ("obligation", "Supplier"),
        ("obligation", "unknown"),
    ]


def test_chinese_entry_into_force_is_a_declaration():
    assert norms_of("本合同应自签字之日起生效。", "zh") == [("declaration", "unknown")]


def strength_of(text, language="en"):
    nlp = spacy.blank(language)
    for component in ("clausescan_clauses", "clausescan_parties", "clausescan_norms"):
        nlp.add_pipe(component)
    preamble = PREAMBLE_ZH + "第一条 " if language == "zh" else PREAMBLE_EN + "1. "
    return nlp(preamble + text).spans["norms"].attrs["norms"][0]["strength"]


@pytest.mark.parametrize(
    ("text", "language", "binds"),
    [
        ("Distributor is responsible for the sales target.", "en", True),
        (
            "Distributor is responsible for the sales target.\n2. Targets are non-binding.",
            "en",
            False,
        ),
        ("Distributor shall reach the target, which is for guidance only.", "en", False),
        # Another figure, and a duty to hand the figure over.
        ("Distributor is responsible for the target.\n2. Forecasts are not binding.", "en", True),
        ("Distributor shall send a forecast.\n2. Forecasts are not binding.", "en", True),
        ("乙方负责完成销售目标。", "zh", True),
        ("乙方负责完成销售目标。\n第二条 销售目标仅供参考，不具约束力。", "zh", False),
    ],
)
def test_a_target_declared_non_binding_later_binds_nobody(text, language, binds):
    assert (strength_of(text, language) > 0.15) is binds
