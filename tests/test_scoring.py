"""Balance, exposure and light: worked figures and the invariants as properties."""

from dataclasses import replace

import pytest
from hand import DISTRIBUTOR, PARTIES, SUPPLIER, Draft, gold_draft, gold_names, swapped
from hypothesis import given, settings
from hypothesis import strategies as st

from clausescan.contract import Contract
from clausescan.findings import find
from clausescan.findings.burdens import read_facts
from clausescan.findings.weights import load_weights
from clausescan.playbook import known_labels, load_playbook
from clausescan.scoring import find_balance, find_exposure, score_clauses, summarise

PLAYBOOK = load_playbook()
F, C = "P1", "P2"

NORMS = st.tuples(
    st.sampled_from(sorted(known_labels())),
    st.sampled_from(["obligation", "prohibition", "permission", "entitlement", "exemption"]),
    st.sampled_from([F, C, "both", "unknown"]),
    st.sampled_from([0.1, 0.25, 0.35, 0.45, 0.6, 0.8, 0.9, 1.0]),
)
CONTRACTS = st.lists(NORMS, min_size=1, max_size=12)
# Roles set expectations of the trade; they move with the party, so the swap leaves them out.
PLAIN = tuple(replace(party, role="") for party in PARTIES)


def _contract(norms, parties=PLAIN, archetype=""):
    draft = Draft(parties, archetype)
    for index, (label, modality, bearer, force) in enumerate(norms):
        draft.add(f"Words {index} of {label}.", label, (modality, bearer, "", force))
    return draft.contract()


def _exchanged(contract):
    """The same text with the two parties exchanged in every norm."""
    other = {F: C, C: F}
    norms = tuple(
        replace(
            norm,
            bearer=other.get(norm.bearer, norm.bearer),
            counterparty=other.get(norm.counterparty, norm.counterparty),
        )
        for norm in contract.norms
    )
    return replace(contract, norms=norms)


def _with(contract, label, modality, bearer, text="Added words."):
    more = Draft(contract.parties, contract.archetype)
    more.clauses, more.norms = list(contract.clauses), list(contract.norms)
    more.text = contract.document.text
    return more.add(text, label, (modality, bearer, "", 0.9)).contract()


def _duplicated(contract, index):
    clause = contract.clauses[index]
    twins = tuple(
        replace(contract.norm_by_id[name], id=f"{name}x", clause="CX") for name in clause.norms
    )
    twin = replace(clause, id="CX", norms=tuple(norm.id for norm in twins))
    return replace(contract, clauses=(*contract.clauses, twin), norms=(*contract.norms, *twins))


def test_worked_example_of_the_specification():
    draft = Draft()
    draft.add("A", "exclusivity.grant", ("obligation", F, "", 1.0))
    draft.add("B", "performance.efforts", ("obligation", C, "", 0.35))
    draft.add("D", "ip.disclosure", ("obligation", F, "", 1.0))
    draft.add("E", "confidentiality", ("obligation", "both", "", 0.9))
    draft.add("G", "termination", ("entitlement", C, "", 0.8))
    assert find_balance(draft.contract()) == pytest.approx(26, abs=0.5)


def test_empty_contract_is_balanced():
    assert find_balance(Draft().contract()) == 0.0


@given(CONTRACTS)
@settings(max_examples=60, deadline=None)
def test_exchanging_the_parties_flips_the_sign(norms):
    contract = _contract(norms)
    assert find_balance(_exchanged(contract)) == pytest.approx(-find_balance(contract), abs=0.11)


@given(CONTRACTS)
@settings(max_examples=60, deadline=None)
def test_exchanging_the_parties_flips_every_clause(norms):
    contract = _contract(norms)
    other = {"foreign": "chinese", "chinese": "foreign"}
    before = score_clauses(contract).clauses
    after = score_clauses(_exchanged(contract)).clauses
    assert [item.score for item in after] == [-item.score for item in before]
    assert [item.burdened for item in after] == [
        other.get(item.burdened, item.burdened) for item in before
    ]


@given(CONTRACTS)
@settings(max_examples=40, deadline=None)
def test_mutual_words_everywhere_give_zero(norms):
    contract = _contract([(label, kind, "both", force) for label, kind, _, force in norms])
    assert find_balance(contract) == 0.0
    assert all(clause.score == 0.0 for clause in score_clauses(contract).clauses)


@given(
    CONTRACTS,
    st.sampled_from(sorted(known_labels())),
    st.sampled_from(["obligation", "permission"]),
)
@settings(max_examples=80, deadline=None)
def test_a_mutual_clause_never_raises_the_balance(norms, label, modality):
    contract = _contract(norms)
    added = _with(contract, label, modality, "both")
    assert abs(find_balance(added)) <= abs(find_balance(contract)) + 0.11


@given(CONTRACTS, st.integers(0, 11))
@settings(max_examples=60, deadline=None)
def test_a_repeated_clause_changes_nothing(norms, index):
    contract = _contract(norms)
    again = _duplicated(contract, index % len(contract.clauses))
    assert find_balance(again) == find_balance(contract)


@given(CONTRACTS)
@settings(max_examples=40, deadline=None)
def test_boilerplate_moves_less_than_one(norms):
    contract = _contract(norms)
    added = _with(contract, "", "obligation", C, "Distributor shall send notices by courier.")
    assert abs(find_balance(added) - find_balance(contract)) < 1


@given(CONTRACTS, st.sampled_from(["", "distribution", "oem", "licence", "loi", "jv"]))
@settings(max_examples=60, deadline=None)
def test_figures_stay_in_their_ranges(norms, archetype):
    contract = _contract(norms, PARTIES, archetype)
    summary = summarise(contract, find(contract, PLAYBOOK))
    assert -100 <= summary.balance <= 100
    assert 0 <= summary.exposure <= 100
    assert all(-1 <= clause.score <= 1 for clause in score_clauses(contract).clauses)


@pytest.mark.parametrize("name", gold_names())
def test_deleting_a_clearing_clause_never_lowers_exposure(name):
    """A clause that binds only the other side, deleted, leaves us no safer."""
    contract, _ = gold_draft(name)
    scored = score_clauses(contract)
    start = find_exposure(find(contract, PLAYBOOK))
    paid = {"payout", "performance.minimum", "performance.efforts", "confidentiality"}
    for clause in scored.clauses:
        triggers = paid & {item.label for item in clause.labels}
        if clause.burdened == "chinese" and not triggers:
            kept = tuple(item for item in contract.clauses if item.id != clause.id)
            shorter = replace(contract, clauses=kept)
            assert find_exposure(find(shorter, PLAYBOOK)) >= start


@pytest.mark.parametrize("name", gold_names())
def test_gold_drafts_get_their_light(name):
    contract, gold = gold_draft(name)
    assert summarise(contract, find(contract, PLAYBOOK)).light == gold["light"]


@pytest.mark.parametrize("name", gold_names())
def test_whom_a_clause_burdens_agrees_with_gold(name):
    contract, gold = gold_draft(name)
    wanted = {row["number"]: row["burdened"] for row in gold["clauses"]}
    clauses = score_clauses(contract).clauses
    right = sum(clause.burdened == wanted[clause.number] for clause in clauses)
    assert right >= 0.85 * len(clauses)


@pytest.mark.parametrize(
    ("text", "label", "norm", "burdened"),
    [
        ("Supplier shall deliver.", "", ("obligation", F), "foreign"),
        ("Distributor shall buy 500 units.", "performance.minimum", ("obligation", C), "chinese"),
        ("Distributor may return goods.", "", ("permission", C), "foreign"),
        ("Distributor is the exclusive agent.", "exclusivity.grant", ("obligation", C), "foreign"),
        ("Distributor may set its resale prices.", "price_volume", ("permission", C), "none"),
        ("Distributor shall pay 120 days after receipt.", "payment", ("obligation", C), "foreign"),
        ("Distributor shall pay in advance.", "payment", ("obligation", C), "chinese"),
        ("乙方以乙方名义注册商标。", "ip.registration", ("obligation", C), "foreign"),
        (
            "Supplier shall register marks in its own name.",
            "ip.registration",
            ("obligation", F),
            "chinese",
        ),
        ("争议由乙方所在地人民法院管辖。", "dispute_law", ("obligation", "both"), "foreign"),
        (
            "Improvements belong to the Distributor.",
            "ip.improvements",
            ("declaration", C),
            "foreign",
        ),
        (
            "The royalty shall be deemed accepted.",
            "payout",
            ("declaration", F, "deemed"),
            "foreign",
        ),
        ("This Agreement lasts two years.", "term_renewal", ("declaration", "both"), "none"),
        ("Each party shall pay its taxes.", "approvals_costs", ("obligation", "both"), "both"),
        ("The goods shall be packed.", "", ("obligation", "unknown"), "unknown"),
    ],
)
def test_who_is_worse_off(text, label, norm, burdened):
    contract = Draft().add(text, label, norm).contract()
    assert score_clauses(contract).clauses[0].burdened == burdened


def test_grant_without_a_verb_burdens_the_giver():
    contract = Draft().add("独家经销权，期限十年。", "exclusivity.grant").contract()
    assert score_clauses(contract).clauses[0].burdened == "foreign"


def test_permit_held_by_a_named_party_burdens_the_other_without_a_verb():
    text = "产品注册，由乙方以自身名义办理并持有。"
    contract = Draft().add(text, "approvals_costs").contract()
    assert score_clauses(contract).clauses[0].burdened == "foreign"
    assert "REGISTRATION_LOCK_IN" in {item.rule for item in find(contract, PLAYBOOK)}


def test_words_of_neither_party_are_mutual_though_no_subject_was_found():
    text = "Neither party nor any of its Affiliates shall sell rival goods."
    contract = Draft().add(text, "non_compete", ("prohibition", "unknown")).contract()
    assert score_clauses(contract).clauses[0].burdened == "both"


def test_expected_burden_weighs_less():
    norm = ("payment", "obligation", C, 0.9)
    trade = find_balance(
        _contract([norm, ("payout", "obligation", F, 0.9)], PARTIES, "distribution")
    )
    plain = find_balance(_contract([norm, ("payout", "obligation", F, 0.9)], PARTIES, ""))
    assert trade > plain


def test_minimum_without_consequence_counts_half():
    grant = ("exclusivity.grant", "obligation", F, 1.0)
    minimum = ("performance.minimum", "obligation", C, 1.0)
    consequence = ("performance.consequence", "obligation", C, 1.0)
    bare = find_balance(_contract([grant, minimum]))
    paired = find_balance(_contract([grant, minimum, consequence]))
    assert bare > 15 > paired


def test_one_clause_in_two_groups_counts_in_each():
    contract = (
        Draft().add("A", "exclusivity.grant ip.license", ("obligation", F, "", 1.0)).contract()
    )
    assert find_balance(contract) == pytest.approx(39.3, abs=0.1)


def test_exposure_counts_only_what_hurts_us():
    contract = Draft().add("A", "exclusivity.covenant", ("prohibition", C)).contract()
    findings = find(contract, PLAYBOOK)
    assert any(not item.hurts_us for item in findings)
    assert find_exposure([item for item in findings if not item.hurts_us]) == 0.0


def test_exposure_of_the_worked_example():
    contract, _ = gold_draft("distribution-en")
    finding = find(contract, PLAYBOOK)[0]
    levels = ["critical", "critical", "critical", "high"]
    findings = [replace(finding, severity=level, confidence=0.9) for level in levels]
    assert find_exposure(findings) == pytest.approx(84, abs=0.5)


def test_advisory_findings_are_never_scored():
    contract, _ = gold_draft("distribution-en")
    finding = replace(find(contract, PLAYBOOK)[0], severity="advisory")
    assert find_exposure([finding]) == 0.0


@pytest.mark.parametrize(
    ("change", "light"),
    [
        ({"pages": 10, "pages_read": 6}, "grey"),
        ({"pages": 10, "pages_read": 7}, "red"),
    ],
)
def test_unread_pages_turn_the_light_grey(change, light):
    contract, _ = gold_draft("distribution-en")
    contract = replace(contract, document=replace(contract.document, **change))
    assert summarise(contract, find(contract, PLAYBOOK)).light == light


def test_unknown_sides_are_not_scored():
    unsure = (SUPPLIER, replace(DISTRIBUTOR, side="unknown", confidence=0.4))
    contract = Draft(unsure).add("A", "exclusivity.grant", ("obligation", F)).contract()
    summary = summarise(contract, find(contract, PLAYBOOK))
    assert (summary.balance, summary.exposure, summary.light) == (None, 0.0, "grey")
    assert score_clauses(contract).clauses[0].burdened == "unknown"


def test_our_word_on_the_side_lets_it_score():
    unsure = (SUPPLIER, replace(DISTRIBUTOR, side="unknown", confidence=0.4))
    contract = Draft(unsure).add("A", "exclusivity.grant", ("obligation", F)).contract()
    assert find_balance(contract, us=F) > 0
    assert score_clauses(contract, us=F).clauses[0].burdened == "foreign"


def test_chinese_side_as_ours_keeps_the_sign_of_the_balance():
    contract, _ = gold_draft("distribution-en")
    assert find_balance(contract, us=C) == find_balance(contract)
    assert summarise(contract, find(contract, PLAYBOOK, us=C), us=C).light != "red"


def test_burdens_on_a_joint_venture_are_nobodys():
    venture = replace(DISTRIBUTOR, id="P3", aliases=("JV Company",), side="jv")
    contract = Draft((*PARTIES, venture)).add("A", "payment", ("obligation", "P3")).contract()
    assert score_clauses(contract).clauses[0].burdened == "none"


def test_verdict_names_the_bound_side_and_counts():
    contract, _ = gold_draft("distribution-en")
    verdict = summarise(contract, find(contract, PLAYBOOK)).verdict
    assert verdict == (
        "Binds mainly Falkenrath Verpackungstechnik GmbH: exclusive right against efforts only; "
        "exclusive for the whole country; 6 critical and 10 high findings against us."
    )


def test_verdict_of_a_fair_draft():
    contract, _ = gold_draft("distribution-balanced-en")
    verdict = summarise(contract, find(contract, PLAYBOOK)).verdict
    assert verdict == "Binds both sides alike; no findings against us."


def test_shared_facts_give_the_same_figures():
    contract, _ = gold_draft("jv-bilingual")
    facts = read_facts(contract)
    findings = find(contract, PLAYBOOK, facts=facts)
    assert findings == find(contract, PLAYBOOK)
    assert summarise(contract, findings, facts=facts) == summarise(contract, findings)
    assert score_clauses(contract, facts=facts) == score_clauses(contract)


def test_every_label_has_a_group_and_a_weight():
    weights = load_weights()
    assert set(weights.group_of) == set(weights.materiality) == set(known_labels())


def test_scoring_returns_a_new_contract():
    contract, _ = gold_draft("oem-en")
    scored = score_clauses(contract)
    assert isinstance(scored, Contract)
    assert all(clause.score == 0.0 for clause in contract.clauses)


def test_swapped_sides_flip_the_gold_drafts():
    contract, _ = gold_draft("oem-en")
    assert find_balance(swapped(contract)) == -find_balance(contract)
