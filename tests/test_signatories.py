"""Parties without a legal form, in one another's brackets, or known by their signatures alone."""

from __future__ import annotations

import pytest

from clausescan.pipeline.parties import find_parties
from clausescan.pipeline.signatures import signers


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Name and aliases of each party."""
    return [(party.name, party.aliases) for party in find_parties(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'between concertroom.com ("Promoter") of Hull and Ada Lindqvist("Individual") of Bath.',
            [("concertroom.com", ("Promoter",)), ("Ada Lindqvist", ("Individual",))],
        ),
        (
            "between Ostmark Film, a division of Ostmark Holding, Inc. (“Ostmark”), and Pella AG "
            "(“Licensee”).",
            [("Ostmark Film", ("Ostmark",)), ("Pella AG", ("Licensee",))],
        ),
        (
            "Ladies and Gentlemen:\n\nUpper Valley Holdings, a mutual holding company (the "
            "“MHC”), and Upper Valley Bank, a savings bank (the “Bank”), confirm their agreement "
            "with Kern & Sohn, L.P. (the “Agent”).",
            [
                ("Upper Valley Holdings", ("MHC",)),
                ("Upper Valley Bank", ("Bank",)),
                ("Kern & Sohn, L.P.", ("Agent",)),
            ],
        ),
        (
            "between Alpha Financial Corp, a/k/a A-Path FX, a Delaware corporation (“Licensor”), "
            "and Beta Works LLC d/b/a Beta Motors (“Licensee”).",
            [
                ("Alpha Financial Corp", ("Licensor", "A-Path FX")),
                ("Beta Works LLC", ("Licensee", "Beta Motors")),
            ],
        ),
        (
            "between Alpha Inc. (“Alpha”), and Beta Retail, Inc. (“Beta”) and Gamma Group, LLC "
            "(“Gamma” and collectively with Beta, the “Agent”).",
            [
                ("Alpha Inc.", ("Alpha",)),
                ("Beta Retail, Inc.", ("Beta",)),
                ("Gamma Group, LLC", ("Gamma", "Agent")),
            ],
        ),
        (
            "between Alpha Inc. (“Provider”), and Beta Pte, Ltd., a company of Singapore, and "
            "Gamma Industries Ltd, a company of Israel (each and both of them “Recipient”).",
            [
                ("Alpha Inc.", ("Provider",)),
                ("Beta Pte, Ltd.", ("Recipient",)),
                ("Gamma Industries Ltd", ()),
            ],
        ),
    ],
)
def test_a_name_at_the_place_of_a_party_needs_no_legal_form(text, expected):
    assert found(text) == expected


def test_defined_things_and_bodies_are_no_parties():
    text = (
        'between Alpha GmbH ("Alpha") and Beta Ltd ("Beta"). WHEREAS Alpha shows films on a '
        'Video-on-Demand ("VOD") basis for the Coastal League ("Coastal"); '
        'Alpha pays a royalty (the "Royalty") under a Statement of Work ("SOW").\n'
        "1. The Steering Committee shall meet. The Steering Committee shall report."
    )
    assert found(text) == [("Alpha GmbH", ("Alpha",)), ("Beta Ltd", ("Beta",))]


def test_where_all_sign_the_signatories_are_the_parties():
    text = (
        "JOINT FILING STATEMENT\n\nThe undersigned hereby agree that this statement is filed for "
        "each of them.\n\nDated: 8 April 2026\n\nALPHA CAPITAL LP\n\nBy: /s/ Ann Oak Ann Oak Chief "
        "Financial Officer BETA MANAGEMENT, INC.\n\nBy: Gamma Holdings, LLC, its general partner\n"
        "By: /s/ Ann Oak\n"
    )
    assert [name for name, _ in found(text)] == ["ALPHA CAPITAL LP", "BETA MANAGEMENT, INC."]


def test_a_consortium_is_all_those_on_whose_behalf_somebody_signs():
    names = [f"{letter} Telecom" for letter in "ABCDEFGHIJKL"]
    text = "made among the Parties signatory hereto.\n1. Each Party shall pay.\n" * 2
    text += "IN WITNESS WHEREOF the Parties have signed.\n\n"
    text += "".join(f"For and on behalf of  {name}\n\n-------\n\n" for name in names)
    assert [name for name, _ in found(text)] == names


def test_the_signature_page_gives_a_term_its_full_name():
    text = (
        (
            '1. "Fleet" means the vans that SEV keeps for DCL. SEV shall keep them. SEV shall wash '
            "them. DCL shall pay. DCL shall call.\n" + "2. Vans are washed.\n" * 20
        )
        + "IN WITNESS WHEREOF signed.\n\nSEV GROUP LIMITED\n\nBy: ____\n\nDAIRY CREST LIMITED\n\nBy: ____"
    )
    parties = found(text)
    assert ("SEV GROUP LIMITED", ("SEV",)) in [(name, aliases[:1]) for name, aliases in parties]


def test_who_signs_for_whom_is_no_signatory():
    text = "IN WITNESS WHEREOF\n\nAlpha, L.P.\nBy: Beta LLC, its general partner\nBy: /s/ A. Oak"
    assert [text[start:end] for start, end in signers(text)] == ["Alpha, L.P."]


@pytest.mark.parametrize(("signs", "count"), [(True, 3), (False, 2)])
def test_a_party_that_a_late_clause_introduces_must_sign(signs, count):
    text = (
        'between Alpha GmbH (the "Supplier") and Beta Ltd (the "Buyer").\n1. Duties\n1.1 The Supplier '
        "shall deliver. The Buyer shall pay.\n"
        + "1.2 Goods are packed.\n"
        * 500
        + '9. Guarantee\n9.1 Gamma Heavy Ltd, of Wuxi, China (the "Guarantor"), guarantees payment.\n'
        "IN WITNESS WHEREOF\n\nAlpha GmbH\nBy: ____\n\nBeta Ltd\nBy: ____\n"
        + ("\nGAMMA HEAVY LTD\nBy: ____\n" if signs else "")
    )
    parties = found(text)
    assert len(parties) == count
    assert (("Gamma Heavy Ltd", ("Guarantor",)) in parties) is signs
