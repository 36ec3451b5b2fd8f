"""Whom a norm leaves worse off where its subject does not say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand import PARTIES, Draft

from clausescan.findings.burdens import read_facts

PLAIN = tuple(replace(party, role="") for party in PARTIES)
BOTH_FOREIGN = tuple(replace(party, side="foreign") for party in PLAIN)
BOTH_CHINESE = tuple(replace(party, side="chinese") for party in PLAIN)


def burdened(text: str, labels: str, *norm: str, parties: tuple = PLAIN) -> set[str]:
    draft = Draft(parties)
    draft.add(text, labels, *([norm] if norm else []))
    facts = read_facts(draft.contract())["en"]
    return {party for fact in facts for party in fact.burdened}


@pytest.mark.parametrize("parties", [PLAIN, BOTH_FOREIGN, BOTH_CHINESE])
def test_a_right_burdens_the_other_party_wherever_it_comes_from(parties: tuple) -> None:
    text = "Distributor may terminate at any time."
    assert burdened(text, "termination", "permission", "P2", "may", parties=parties) == {"P1"}


@pytest.mark.parametrize(
    ("text", "trigger", "bound"),
    [
        ("All rides shall be booked with Distributor and with nobody else.", "shall", {"P1"}),
        ("No other shop shall be supplied than that of Distributor.", "shall", {"P1"}),
        ("Each Item shall be repaired exclusively by Distributor.", "shall", {"P1"}),
        ("All rides shall be booked at one counter.", "shall", set()),
        ("Supplier and Distributor agree that no third shop shall be opened.", "shall", set()),
        ("The Distributor's crew, whoever they are, shall book no other ride.", "shall", set()),
    ],
)
def test_exclusivity_without_a_subject_binds_whom_it_does_not_name(
    text: str, trigger: str, bound: set[str]
) -> None:
    assert burdened(text, "exclusivity.covenant", "obligation", "unknown", trigger) == bound


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Goods may be sold to Distributor by whoever likes.", "permission"),
        ("A non-exclusive license shall be given to Distributor.", "obligation"),
    ],
)
def test_a_freedom_or_a_plain_licence_shuts_nobody_out(text: str, modality: str) -> None:
    trigger = "may" if modality == "permission" else "shall"
    assert burdened(text, "exclusivity.grant", modality, "unknown", trigger) == set()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("The limits do not apply to the obligations of Supplier.", {"P1"}),
        ("The cap does not apply to Distributor.", {"P2"}),
        ("The limits do not apply to claims for secrecy.", set()),
    ],
)
def test_a_limit_lifted_for_one_party_burdens_that_party(text: str, bound: set[str]) -> None:
    assert burdened(text, "liability_cap") == bound


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Taxes are for the account of Supplier.", {"P1"}),
        ("Permits are obtained at the risk of Distributor.", {"P2"}),
        ("Taxes are paid at the rate of the day.", set()),
    ],
)
def test_costs_without_a_verb_of_duty_burden_whom_they_name(text: str, bound: set[str]) -> None:
    assert burdened(text, "approvals_costs") == bound


def test_other_duties_without_a_subject_bind_nobody() -> None:
    text = "All rides shall be paid to Distributor."
    assert burdened(text, "audit_reporting", "obligation", "unknown", "shall") == set()


def test_what_a_missed_minimum_costs_burdens_the_one_who_pays() -> None:
    text = "If the Minimum is missed, Distributor shall pay the shortfall within 30 days."
    labels = "performance.consequence payment"
    assert burdened(text, labels, "obligation", "P2", "shall") == {"P2"}
