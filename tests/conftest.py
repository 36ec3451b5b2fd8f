"""Hand-made contracts, so that a test needs neither model nor file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

os.environ.setdefault("CLAUSESCAN_OCR", "off")  # tests that recognise text switch it on

from clausescan.contract import Clause, Contract, Label, Norm, Party, PartyEvidence, Sentence
from clausescan.document import Document, Location, blocks_of

FOREIGN = Party(
    "P1",
    "Nordlicht Pumpen GmbH",
    ("Supplier", "甲方"),
    "DE",
    "foreign",
    "supplier",
    0.95,
    (PartyEvidence("form", "GmbH", "DE", -3.0),),
)
CHINESE = Party(
    "P2",
    "Suzhou Hengrui Trading Co., Ltd.",
    ("Distributor", "乙方"),
    "CN",
    "chinese",
    "distributor",
    0.97,
    (PartyEvidence("name_place", "Suzhou", "CN", 2.0),),
)


@dataclass(frozen=True)
class Line:
    """One clause of a hand-made contract.

    `norms` are modality, bearer and strength; all belong to the one sentence of the clause.
    """

    number: str
    text: str
    labels: Sequence[str] = ()
    norms: Sequence[tuple[Any, str, float]] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    burdened: Any = "none"
    heading: str = ""
    kind: str = "clause"
    language: Any = "en"
    page: int | None = None


def build_contract(
    lines: Sequence[Line], *, parties: Sequence[Party] = (FOREIGN, CHINESE), **changes: Any
) -> Contract:
    """A contract whose text is the lines' texts, one a paragraph."""
    text = "\n".join(line.text for line in lines)
    document = Document("draft.docx", "docx", "0" * 64, text, blocks_of(text))
    clauses: list[Clause] = []
    norms: list[Norm] = []
    start = 0
    for index, line in enumerate(lines, start=1):
        location = Location(start, start + len(line.text), line.page, index)
        start += len(line.text) + 1
        own = [
            Norm(
                f"N{len(norms) + place}",
                f"C{index}",
                modality,
                bearer,
                {"P1": "P2", "P2": "P1"}.get(bearer, bearer),
                "shall",
                strength,
                "",
                "",
                bearer == "both",
                line.language,
                tuple(line.labels),
                location,
            )
            for place, (modality, bearer, strength) in enumerate(line.norms, start=1)
        ]
        norms += own
        ids = tuple(norm.id for norm in own)
        labels = tuple(Label(label, 0.9, "model") for label in line.labels)
        clauses.append(
            Clause(
                f"C{index}",
                line.number,
                line.heading,
                line.text,
                line.language,
                line.kind,
                labels,
                ids,
                dict(line.attributes),
                0.0,
                line.burdened,
                "",
                (),
                location,
                (Sentence(line.text, labels, ids, location),),
            )
        )
    settings: dict[str, Any] = {
        "languages": ("en",),
        "archetype": "distribution",
        "title": "Distribution Agreement",
        **changes,
    }
    settings |= {"parties": tuple(parties), "clauses": tuple(clauses), "norms": tuple(norms)}
    return Contract(document, **settings)


@pytest.fixture
def make_contract() -> Callable[..., Contract]:
    """The factory `build_contract`, for tests that do not import it."""
    return build_contract
