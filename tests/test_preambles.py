"""Parties of sixty invented openings: all of them, none besides, with their terms and sides."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from clausescan.contract import Party
from clausescan.document import blocks_of
from clausescan.pipeline.assemble import assign_sides
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.parties import find_parties

PREAMBLES = tomllib.loads((Path(__file__).parent / "data" / "preambles.toml").read_text("utf-8"))[
    "preamble"
]


def bare(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name).casefold()


def parties_of(preamble: dict[str, Any]) -> list[Party]:
    """The parties of an opening, with their sides."""
    text = preamble["text"].strip()
    clauses, _ = find_clauses(text, blocks_of(text), preamble["language"])
    return list(
        assign_sides(
            [
                Party(
                    found.id, found.name, found.aliases, found.nationality, "unknown",
                    found.role, found.confidence, (),
                )
                for found in find_parties(text, [asdict(clause) for clause in clauses])
            ],
            None,
        )
    )  # fmt: skip


def party_of(expected: dict[str, Any], parties: list[Party]) -> Party | None:
    """The party found under one of the names expected."""
    names = {bare(name) for name in (expected["name"], *expected.get("also", ()))}
    return next((party for party in parties if bare(party.name) in names), None)


def failures(preamble: dict[str, Any]) -> list[tuple[str, str, object]]:
    """What is wrong with the parties of an opening: kind, name, what was found."""
    parties = parties_of(preamble)
    wrong: list[tuple[str, str, object]] = []
    matched = []
    for expected in preamble["parties"]:
        party = party_of(expected, parties)
        if party is None:
            wrong.append(("missing", expected["name"], ""))
            continue
        matched.append(party)
        terms = {bare(alias) for alias in (*party.aliases, party.name)}
        wrong += [
            ("alias", alias, party.aliases)
            for alias in expected["aliases"]
            if bare(alias) not in terms
        ]
        if party.side not in expected["side"].split(" or "):
            wrong.append(("side", party.name, party.side))
        if expected["nationality"] not in ("", party.nationality):
            wrong.append(("nationality", party.name, party.nationality))
    wrong += [("extra", party.name, party.aliases) for party in parties if party not in matched]
    return wrong


@pytest.mark.parametrize("preamble", PREAMBLES, ids=lambda preamble: preamble["id"])
def test_parties_of_an_opening(preamble):
    assert failures(preamble) == []
