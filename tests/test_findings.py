"""Contract × playbook → findings, on contracts built by hand and on the sample drafts' gold."""

import re
from dataclasses import replace

import pytest
from hand import DISTRIBUTOR, SUPPLIER, Draft, gold_draft, gold_names, swapped

from clausescan.contract import Sentence
from clausescan.document import Location
from clausescan.errors import UsageError
from clausescan.findings import find
from clausescan.findings.burdens import read_facts
from clausescan.findings.conditions import Question, check, make_view
from clausescan.findings.rules import Condition
from clausescan.playbook import load_playbook

PLAYBOOK = load_playbook()
F, C = "P1", "P2"

GRANT = ("Supplier appoints Distributor as its exclusive distributor.", "exclusivity.grant")
EFFORTS = ("Distributor shall use its best efforts to sell.", "performance.efforts")
MINIMUM = ("Distributor shall purchase 5,000 units a year.", "performance.minimum")
CONVERT = ("If the Minimum is missed, Supplier may convert.", "performance.consequence")


def _rules(contract, **options):
    return {finding.rule for finding in find(contract, PLAYBOOK, **options) if finding.hurts_us}


def _one(contract, rule, **options):
    return next(item for item in find(contract, PLAYBOOK, **options) if item.rule == rule)


def _exclusive():
    return Draft().add(*GRANT, ("obligation", F)).add(*EFFORTS, ("obligation", C))


def _licence():
    return Draft().add(
        "Supplier grants Distributor an exclusive licence of the Technology.",
        "ip.license",
        ("obligation", F),
    )


def _exits(text):
    return Draft().add(text, "termination", ("permission", C, "may"), ("permission", F, "may"))


def _capped():
    text = "Neither party shall be liable for more than the price."
    return Draft().add(text, "liability_cap", ("exemption", "both"))


def _duty(who, other, text, label, modality="obligation"):
    return Draft().add(text.format(who=who, other=other), label, (modality, F))


@pytest.mark.parametrize(
    "name",
    gold_names(),
)
def test_gold_drafts_fire_what_a_careful_reader_says(name):
    contract, gold = gold_draft(name)
    fired = _rules(contract, texts_agree=name == "loi-bilingual")
    assert fired == set(gold["findings"])
    assert fired.isdisjoint(gold["not_findings"])


@pytest.mark.parametrize("name", gold_names())
def test_swapped_sides_move_side_neutral_findings(name):
    contract, _ = gold_draft(name)
    neutral = {rule.id for rule in PLAYBOOK.rules if not rule.only_foreign}
    before = {(item.rule, item.burdened) for item in find(contract, PLAYBOOK)}
    after = {(item.rule, item.burdened) for item in find(swapped(contract), PLAYBOOK)}
    keep = {item for item in before if item[0] in neutral}
    assert keep == {item for item in after if item[0] in neutral}


@pytest.mark.parametrize(
    ("rule", "draft"),
    [
        ("EXCL_EFFORTS_ONLY", _exclusive()),
        ("EXCL_NO_MIN", Draft().add(*GRANT, ("obligation", F))),
        ("MIN_NO_CONSEQUENCE", _exclusive().add(*MINIMUM, ("obligation", C))),
        (
            "EXCL_NATIONWIDE",
            _exclusive().add('"Territory" means Greater China.', "territory.nationwide"),
        ),
        (
            "EXCL_LOCKED",
            _exclusive().add("This Agreement has a term of ten years.", "term_renewal"),
        ),
        (
            "EXCL_LOCKED",
            _exclusive().add(
                "Distributor may extend the term by one year.", "term_renewal", ("permission", C)
            ),
        ),
        (
            "EXCL_LOCKED",
            Draft()
            .add("甲方授予乙方独家经销权。", "exclusivity.grant", ("obligation", F))
            .add("期满自动续展十年。", "term_renewal"),
        ),
        ("EXCL_ONE_WAY", Draft().add(*GRANT, ("obligation", F))),
        (
            "DOUBLE_BIND",
            Draft()
            .add(
                "Supplier shall purchase all its requirements from Distributor.",
                "exclusivity.covenant",
                ("obligation", F),
            )
            .add("Supplier shall order 500 units.", "performance.minimum", ("obligation", F)),
        ),
        (
            "TECH_BEFORE_COMMITMENT",
            Draft().add(
                "Supplier shall deliver all drawings within ten days of signing.",
                "ip.disclosure",
                ("obligation", F),
            ),
        ),
        (
            "IMPROVEMENTS_TO_C",
            Draft().add("All improvements belong to the Distributor.", "ip.improvements"),
        ),
        ("JOINT_IP_UNGOVERNED", Draft().add("项目成果由双方共有。", "ip.joint_ownership")),
        (
            "LICENSE_SURVIVES",
            Draft().add(
                "Distributor may continue to use the Technology.", "ip.survival", ("permission", C)
            ),
        ),
        (
            "LICENSE_TYPE_AMBIGUOUS",
            Draft().add("甲方授予乙方独家许可。", "ip.license", ("obligation", F)),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add(
                "Distributor shall register the marks in its own name.",
                "ip.registration",
                ("obligation", C),
            ),
        ),
        (
            "LICENSE_TYPE_AMBIGUOUS",
            _licence().add(
                "Supplier may sell in the Territory.", "exclusivity.carveout", ("permission", F)
            ),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add("商标均由乙方注册。", "ip.registration", ("obligation", C)),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add(
                "Supplier shall register the marks in the name of Distributor.",
                "ip.registration",
                ("obligation", F),
            ),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add(
                "Supplier shall not register a Chinese name.", "ip.registration", ("prohibition", F)
            ),
        ),
        (
            "REGISTRATION_LOCK_IN",
            Draft().add("产品注册证由乙方持有。", "approvals_costs", ("obligation", C)),
        ),
        (
            "TFC_ONE_WAY",
            Draft().add("Distributor may terminate at any time.", "termination", ("permission", C)),
        ),
        (
            "TFC_ONE_WAY",
            Draft()
            .add(
                "Distributor may terminate for convenience on 30 days' notice.",
                "termination",
                ("permission", C),
            )
            .add(
                "Supplier may terminate for convenience on 60 days' notice.",
                "termination",
                ("permission", F),
            ),
        ),
        (
            "AFFILIATE_GAP",
            Draft()
            .add(
                "Supplier and its Affiliates shall not sell to others.",
                "exclusivity.covenant",
                ("prohibition", F),
            )
            .add(
                "Each party may show the information to its shareholders.",
                "confidentiality",
                ("permission", "both"),
            ),
        ),
        (
            "TFC_ONE_WAY",
            _exits(
                "Distributor may terminate this Agreement for convenience by giving three months' "
                "notice, and Supplier may do so by giving twelve months' notice."
            ),
        ),
        (
            "TFC_ONE_WAY",
            _exits(
                "Upon thirty days' notice Distributor may terminate this Agreement and upon ninety "
                "days' notice Supplier may do so."
            ),
        ),
        (
            "ASSIGN_COC_ONE_WAY",
            Draft()
            .add(
                "Neither party may assign this Agreement.",
                "assignment_control",
                ("prohibition", "both"),
            )
            .add(
                "Distributor may terminate if a competitor acquires control of Supplier.",
                "termination",
                ("permission", C),
            ),
        ),
        (
            "ASSIGN_COC_ONE_WAY",
            Draft()
            .add("任何一方不得转让本合同。", "assignment_control", ("prohibition", "both"))
            .add("但乙方可以转让给关联公司。", "assignment_control", ("permission", C)),
        ),
        (
            "VOID_RISK_ADVISORY",
            Draft().add("乙方应按甲方确定的零售价格销售。", "price_volume", ("obligation", C)),
        ),
        (
            "PRICE_UNILATERAL",
            Draft().add("乙方有权调整供货价格。", "price_volume", ("entitlement", C)),
        ),
        (
            "LIABILITY_CAP_ASYM",
            _capped().add(
                "The limits of Clause 1 do not apply to the obligations of Supplier.",
                "liability_cap",
            ),
        ),
        (
            "LANGUAGE_TRAP",
            Draft().add("In case of discrepancy the Chinese text prevails.", "language"),
        ),
        (
            "FORUM_RISK",
            Draft().add("争议由乙方所在地人民法院管辖。", "dispute_law", ("obligation", "both")),
        ),
        ("FORUM_RISK", Draft().add("争议可提交仲裁，也可向法院起诉。", "dispute_law")),
        ("FORUM_RISK", Draft().add("Disputes go to arbitration in Beijing.", "dispute_law")),
        ("FORUM_RISK", Draft().add("The courts of England have jurisdiction.", "dispute_law")),
        (
            "CONF_ONE_WAY",
            Draft().add("Supplier shall keep secrets.", "confidentiality", ("obligation", F)),
        ),
        (
            "VOID_RISK_ADVISORY",
            Draft().add(
                "Distributor shall assign improvements to Supplier free of charge.",
                "ip.improvements",
                ("obligation", C),
            ),
        ),
    ],
)
def test_rule_fires(rule, draft):
    assert rule in _rules(draft.contract())


@pytest.mark.parametrize(
    ("rule", "draft"),
    [
        (
            "EXCL_EFFORTS_ONLY",
            _exclusive().add(*MINIMUM, ("obligation", C)).add(*CONVERT, ("permission", F)),
        ),
        (
            "EXCL_EFFORTS_ONLY",
            Draft()
            .add(
                "Supplier appoints Distributor on a non-exclusive basis.",
                "exclusivity.grant",
                ("obligation", F),
            )
            .add(*EFFORTS, ("obligation", C)),
        ),
        (
            "EXCL_EFFORTS_ONLY",
            Draft()
            .add(
                "Supplier shall buy all its requirements from Distributor.",
                "exclusivity.covenant",
                ("obligation", F),
            )
            .add(*EFFORTS, ("obligation", C)),
        ),
        ("EXCL_NO_MIN", _exclusive()),
        ("EXCL_NO_MIN", _exclusive().add(*MINIMUM, ("obligation", C))),
        (
            "EXCL_LOCKED",
            _exclusive()
            .add("The term is ten years.", "term_renewal")
            .add("Supplier may terminate at any time.", "termination", ("permission", F)),
        ),
        (
            "EXCL_LOCKED",
            _exclusive().add(
                "It renews automatically unless either party gives notice.", "term_renewal"
            ),
        ),
        (
            "EXCL_ONE_WAY",
            _exclusive().add(
                "Neither party shall sell rival goods.", "non_compete", ("prohibition", "both")
            ),
        ),
        (
            "EXCL_ONE_WAY",
            _exclusive().add(
                "If Distributor sells Competing Products, exclusivity ends.",
                "exclusivity.carveout",
                ("declaration", C),
            ),
        ),
        (
            "TECH_BEFORE_COMMITMENT",
            Draft()
            .add("首付款到账后五日内甲方交付技术资料。", "ip.disclosure", ("obligation", F))
            .add("乙方仅可为本合同目的使用技术资料。", "ip.retained", ("prohibition", C)),
        ),
        (
            "IMPROVEMENTS_TO_C",
            Draft().add(
                "Each party owns its improvements.", "ip.improvements", ("declaration", "both")
            ),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add(
                "Distributor shall not register any mark.", "ip.registration", ("prohibition", C)
            ),
        ),
        (
            "EXCL_ONE_WAY",
            Draft()
            .add(*GRANT, ("obligation", F))
            .add(
                "Distributor may use parts from other sources. Where they exceed a tenth of its "
                "output, Supplier may make the right non-exclusive.",
                "exclusivity.carveout",
                ("permission", C),
                ("permission", F),
            ),
        ),
        (
            "LICENSE_TYPE_AMBIGUOUS",
            _licence().add(
                "If sales fail, Supplier may make the licence non-exclusive.",
                "exclusivity.carveout",
                ("permission", F),
            ),
        ),
        (
            "LICENSE_TYPE_AMBIGUOUS",
            _licence()
            .add(
                "Supplier shall not license others or use the Technology there itself.",
                "exclusivity.covenant",
                ("prohibition", F),
            )
            .add(
                "Supplier may supply its present customers.",
                "exclusivity.carveout",
                ("permission", F),
            ),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add(
                "Supplier shall register the marks in China.", "ip.registration", ("obligation", F)
            ),
        ),
        (
            "MARKS_IN_LOCAL_NAME",
            Draft().add("商标应当仅由甲方注册。", "ip.registration", ("obligation", F)),
        ),
        (
            "TFC_ONE_WAY",
            Draft().add(
                "Either party may terminate at any time.", "termination", ("permission", "both")
            ),
        ),
        (
            "TFC_ONE_WAY",
            _exits(
                "Distributor may terminate this Agreement for convenience by giving twelve months' "
                "notice, and Supplier may do so by giving three months' notice."
            ),
        ),
        (
            "TFC_ONE_WAY",
            _exits(
                "Distributor may terminate this Agreement for convenience on 90 days' notice, and "
                "Supplier may do so by giving notice of three months."
            ),
        ),
        (
            "ASSIGN_COC_ONE_WAY",
            Draft()
            .add(
                "Neither party may assign this Agreement.",
                "assignment_control",
                ("prohibition", "both"),
            )
            .add(
                "Distributor may subcontract deliveries.", "assignment_control", ("permission", C)
            ),
        ),
        (
            "ASSIGN_COC_ONE_WAY",
            Draft().add(
                "Either party may terminate if a competitor acquires control of the other party.",
                "termination",
                ("permission", "both"),
            ),
        ),
        (
            "LIABILITY_CAP_ASYM",
            _capped().add("The limits do not apply to the duty of secrecy.", "liability_cap"),
        ),
        (
            "LIABILITY_CAP_ASYM",
            _capped()
            .add("The limits do not apply to the obligations of Supplier.", "liability_cap")
            .add("The limits do not apply to Distributor if it sells rivals.", "liability_cap"),
        ),
        (
            "FORUM_RISK",
            Draft().add(
                "All disputes go to arbitration administered by HKIAC.",
                "dispute_law",
                ("obligation", "both"),
            ),
        ),
        ("LANGUAGE_TRAP", Draft().add("The English text prevails.", "language")),
        (
            "LOI_BINDING_EXCLUSIVITY",
            _exclusive().add("Clause 1 is binding.", "binding_status"),
        ),
        (
            "PRICE_UNILATERAL",
            Draft().add(
                "Distributor shall receive a rebate of 2% of the price above 500 units.",
                "price_volume",
                ("entitlement", C),
            ),
        ),
        (
            "REGISTRATION_LOCK_IN",
            Draft().add(
                "Distributor shall apply for the trade mark in its own name and at its own cost.",
                "ip.registration approvals_costs",
                ("obligation", C),
            ),
        ),
        (
            "VOID_RISK_ADVISORY",
            Draft().add("零售价格由乙方自行决定。", "price_volume", ("obligation", C)),
        ),
        (
            "PRICE_UNILATERAL",
            Draft().add(
                "Distributor may set its resale prices in its discretion.",
                "price_volume",
                ("discretion", C),
            ),
        ),
    ],
)
def test_rule_stays_silent(rule, draft):
    assert rule not in _rules(draft.contract())


@pytest.mark.parametrize(
    ("text", "label", "modality"),
    [
        ("Each party shall keep the other's information secret.", "confidentiality", "obligation"),
        ("Neither party shall sell rival goods.", "non_compete", "prohibition"),
        ("Neither party shall sell to others.", "exclusivity.covenant", "prohibition"),
        ("Either party may terminate at any time.", "termination", "permission"),
        (
            "Each party shall bear all claims of the other.",
            "indemnity_warranty",
            "obligation",
        ),
        ("Neither party may assign this Agreement.", "assignment_control", "prohibition"),
        ("A party in delay shall pay 1% a week.", "liquidated_damages", "obligation"),
        ("Each party shall give drawings on signing.", "ip.disclosure", "obligation"),
    ],
)
def test_mutual_words_fire_nothing(text, label, modality):
    contract = Draft(archetype="").add(text, label, (modality, "both")).contract()
    assert find(contract, PLAYBOOK) == ()


def test_side_neutral_rule_names_the_party_it_hurts():
    draft = Draft().add(
        "Distributor shall buy only from Supplier.", "exclusivity.covenant", ("obligation", C)
    )
    found = [item for item in find(draft.contract(), PLAYBOOK) if item.rule == "EXCL_ONE_WAY"]
    assert [(item.burdened, item.hurts_us) for item in found] == [(C, False)]


@pytest.mark.parametrize(("force", "fires"), [(0.25, True), (0.9, False)])
def test_a_duty_to_try_counts_as_efforts_under_any_label(force, fires):
    draft = Draft()
    for text in ("Supplier shall deliver the drawings.", "Supplier shall give the recipe."):
        draft.add(text, "ip.disclosure", ("obligation", F))
    draft.add(*EFFORTS, ("obligation", C))
    draft.add("Distributor will endeavour to cut returns.", "", ("obligation", C, "will", force))
    assert ("SOFT_FOR_HARD" in _rules(draft.contract())) == fires


def test_superseded_rule_stays_silent():
    assert {"EXCL_EFFORTS_ONLY"} == _rules(_exclusive().contract()) & {
        "EXCL_EFFORTS_ONLY",
        "EXCL_NO_MIN",
    }


def test_nationwide_is_raised_beside_efforts_only():
    nationwide = ('"Territory" means all provinces of China.', "territory.nationwide")
    soft = _exclusive().add(*nationwide).contract()
    firm = _exclusive().add(*nationwide).add(*MINIMUM, ("obligation", C)).contract()
    assert _one(soft, "EXCL_NATIONWIDE").severity == "critical"
    assert _one(firm, "EXCL_NATIONWIDE").severity == "high"


def test_exclusivity_for_one_purpose_drops_a_level():
    draft = Draft().add(
        "Distributor is exclusive solely to fill Supplier's orders.",
        "exclusivity.grant",
        ("obligation", F),
    )
    assert _one(draft.contract(), "EXCL_NO_MIN").severity == "high"


@pytest.mark.parametrize("gap", [{"missing_annexes": ("Annex C",)}, {"redactions": 2}])
def test_absence_is_worth_less_when_the_file_has_gaps(gap):
    whole = _one(_exclusive().contract(), "EXCL_EFFORTS_ONLY")
    holed = _one(replace(_exclusive().contract(), **gap), "EXCL_EFFORTS_ONLY")
    assert (whole.severity, holed.severity) == ("critical", "high")
    assert any("annexes are missing" in note for note in holed.notes)


def test_finding_without_absence_keeps_its_level_when_the_file_has_gaps():
    draft = Draft().add("In case of discrepancy the Chinese text prevails.", "language")
    contract = replace(draft.contract(), missing_annexes=("Annex C",))
    assert _one(contract, "LANGUAGE_TRAP").severity == "high"


def test_minimum_in_a_missing_annex_is_unknown_not_absent():
    draft = _exclusive().add(
        "Distributor shall achieve the quota in Annex C.", "performance.minimum", ("obligation", C)
    )
    contract = replace(draft.contract(), missing_annexes=("Annex C",))
    assert {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN"}.isdisjoint(_rules(contract))


def test_absence_is_doubtful_when_a_clause_of_the_kind_names_nobody():
    sure = _one(_exclusive().contract(), "EXCL_EFFORTS_ONLY")
    text = "Purchases of 5,000 units a year are required."
    unsure = _exclusive().add(text, "performance.minimum", ("declaration", "unknown"))
    assert _one(unsure.contract(), "EXCL_EFFORTS_ONLY").confidence < 0.7 <= sure.confidence


def test_two_texts_that_say_the_same_make_one_finding():
    draft = _exclusive()
    draft.add("甲方授予乙方独家经销权。", "exclusivity.grant", ("obligation", F))
    draft.add("乙方应尽最大努力推广。", "performance.efforts", ("obligation", C))
    finding = _one(draft.contract(), "EXCL_EFFORTS_ONLY")
    assert (finding.text, finding.severity, len(finding.clauses)) == ("both", "critical", 4)


def test_finding_of_one_text_drops_a_level_when_the_other_clears_it():
    draft = _exclusive()
    draft.add("甲方授予乙方独家经销权。", "exclusivity.grant", ("obligation", F))
    draft.add("乙方应尽最大努力推广。", "performance.efforts", ("obligation", C))
    draft.add("乙方每年采购不少于一万台。", "performance.minimum", ("obligation", C))
    finding = _one(draft.contract(), "EXCL_EFFORTS_ONLY")
    assert (finding.text, finding.severity) == ("en", "high")
    assert "lowered: the other text clears it" in finding.notes


@pytest.mark.parametrize(
    ("other", "norm", "severity"),
    [
        ("双方应当按时付款。", ("obligation", "both"), "high"),
        ("任何一方可以随时解除本合同。", ("permission", "both"), "medium"),
    ],
)
def test_silence_of_the_other_text_clears_nothing(other, norm, severity):
    draft = Draft()
    draft.add("Distributor may terminate at any time.", "termination", ("permission", C))
    draft.add(other, "termination" if norm[0] == "permission" else "payment", norm)
    assert _one(draft.contract(), "TFC_ONE_WAY").severity == severity


def test_equal_texts_are_a_trap_until_they_were_compared():
    draft = Draft()
    draft.add("Both texts are equally authentic.", "language")
    draft.add("两种文本具有同等效力。", "language")
    assert "LANGUAGE_TRAP" in _rules(draft.contract())
    assert "LANGUAGE_TRAP" not in _rules(draft.contract(), texts_agree=True)


def test_recitals_and_titles_fire_nothing():
    contract = _exclusive().contract()
    recitals = tuple(replace(clause, kind="recital") for clause in contract.clauses)
    assert find(replace(contract, clauses=recitals), PLAYBOOK) == ()


def test_evidence_slices_back_to_the_source():
    contract, _ = gold_draft("distribution-en")
    for finding in find(contract, PLAYBOOK):
        for item in finding.evidence:
            place = item.location
            assert contract.document.text[place.start : place.end] == item.quote


def test_evidence_quotes_the_sentence_of_the_norm():
    contract = _exclusive().contract()
    clause = contract.clauses[0]
    sentence = Sentence("appoints Distributor", clause.labels, clause.norms, Location(9, 29))
    changed = replace(clause, sentences=(sentence,))
    contract = replace(contract, clauses=(changed, *contract.clauses[1:]))
    quotes = [item.quote for item in _one(contract, "EXCL_EFFORTS_ONLY").evidence]
    assert "appoints Distributor" in quotes


def test_finding_explains_itself():
    finding = _one(_exclusive().contract(), "EXCL_EFFORTS_ONLY")
    assert [(basis.condition, basis.clauses) for basis in finding.basis] == [
        ("we give market exclusivity", ("C1",)),
        ("they owe efforts", ("C2",)),
        ("they owe no minimum", ()),
    ]
    assert finding.missing == ("performance.consequence", "performance.minimum")


def test_our_findings_come_first_worst_first():
    contract, _ = gold_draft("oem-en")
    levels = ["critical", "high", "medium", "advisory"]
    keys = [(not item.hurts_us, levels.index(item.severity)) for item in find(contract, PLAYBOOK)]
    assert keys == sorted(keys)


def test_chinese_side_may_be_ours():
    found = find(_exclusive().contract(), PLAYBOOK, us=C)
    assert {item.burdened for item in found if not item.hurts_us} == {F}


def test_rules_of_the_foreign_side_spare_the_chinese_one():
    draft = Draft().add("争议由甲方所在地人民法院管辖。", "dispute_law")
    assert "FORUM_RISK" not in _rules(draft.contract(), us=C)


def test_two_chinese_parties_get_generic_findings_only_and_no_side():
    home = replace(SUPPLIER, side="chinese", nationality="CN")
    draft = Draft((home, DISTRIBUTOR))
    draft.add(*GRANT, ("obligation", F)).add(*EFFORTS, ("obligation", C))
    draft.add("Disputes go to arbitration in Beijing.", "dispute_law")
    found = find(draft.contract(), PLAYBOOK)
    assert {item.rule for item in found} == {"EXCL_EFFORTS_ONLY", "EXCL_ONE_WAY"}
    assert not any(item.hurts_us for item in found)
    assert all(item.confidence <= 0.5 for item in found)


def test_our_word_on_the_side_wins_over_doubt():
    unsure = tuple(replace(party, confidence=0.3) for party in (SUPPLIER, DISTRIBUTOR))
    draft = Draft(unsure).add(*GRANT, ("obligation", F)).add(*EFFORTS, ("obligation", C))
    assert _one(draft.contract(), "EXCL_EFFORTS_ONLY").confidence <= 0.5
    assert _one(draft.contract(), "EXCL_EFFORTS_ONLY", us=F).confidence > 0.7


def test_one_party_alone_has_no_findings():
    draft = Draft((SUPPLIER,)).add(*GRANT, ("obligation", F))
    assert find(draft.contract(), PLAYBOOK) == ()


def test_unknown_party_is_refused():
    with pytest.raises(UsageError, match="P9"):
        find(_exclusive().contract(), PLAYBOOK, us="P9")


def test_same_contract_same_findings():
    contract, _ = gold_draft("jv-bilingual")
    assert find(contract, PLAYBOOK) == find(contract, PLAYBOOK)


class _Counted:
    """A pattern that keeps what it was asked to search."""

    def __init__(self, source):
        self.pattern = re.compile(source)
        self.texts = []

    def search(self, text):
        self.texts.append(text)
        return self.pattern.search(text)


def test_a_text_that_many_norms_share_is_searched_once():
    long = "Supplier shall sell and shall pay and shall wait, Distributor shall read"
    norms = [("obligation", F)] * 3 + [("obligation", C)]
    contract = Draft().add(f"{long}; {long}.", GRANT[1], *norms).contract()
    facts = [fact for fact in read_facts(contract)["en"] if fact.norm]
    assert len(facts) == 4
    assert {id(fact.text) for fact in facts} == {id(facts[0].text)}
    view = make_view(contract, "en", tuple(facts))
    words = _Counted("wait")
    condition = Condition(text=words)
    for us, them in ((F, C), (C, F)):
        match = check(condition, Question(view, frozenset({us}), frozenset({them})))
        assert len(match.facts) == 4
    assert words.texts == [facts[0].text]
