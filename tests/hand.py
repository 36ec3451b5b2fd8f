"""Contracts built by hand: clauses with given labels and norms, no pipeline."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

from clausescan.contract import Clause, Contract, Label, Norm, Party
from clausescan.document import Document, Location, blocks_of, language_of
from clausescan.findings.attributes import find_archetype, find_attributes

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"

SUPPLIER = Party("P1", "Nordlicht GmbH", ("Supplier", "甲方"), "DE", "foreign", "supplier", 0.9, ())
DISTRIBUTOR = Party(
    "P2", "宁波海晟有限公司", ("Distributor", "乙方"), "CN", "chinese", "distributor", 0.9, ()
)
PARTIES = (SUPPLIER, DISTRIBUTOR)

_SOFT = (
    (r"best efforts|utmost|最大努力", 0.35),
    (r"reasonable efforts", 0.45),
    (r"endeavou?r|积极|争取|力争|尽力|practicable", 0.25),
    (r"in principle|原则上|intend", 0.15),
)
_RIGHTS = {"permission": 0.5, "entitlement": 0.8, "discretion": 1.0, "exemption": 0.8}


def strength(text, modality):
    """A rough strength on the scale of the norms stage."""
    if modality in _RIGHTS:
        return _RIGHTS[modality]
    soft = [value for pattern, value in _SOFT if re.search(pattern, text, re.IGNORECASE)]
    return min(soft) if soft else (1.0 if modality == "prohibition" else 0.9)


class Draft:
    """Collects clauses and makes a contract of them."""

    def __init__(self, parties=PARTIES, archetype="distribution", **more):
        self.parties, self.archetype, self.more = parties, archetype, more
        self.clauses, self.norms, self.text = [], [], ""

    def add(self, text, labels="", *norms, score=0.95, language="", number="", pair=""):
        """Add a clause; each norm is (modality, bearer) or (modality, bearer, quote, strength)."""
        names = tuple(labels.split())
        language = language or language_of(text)
        start = len(self.text)
        self.text += text + "\n"
        location = Location(start, start + len(text))
        number = number or str(len(self.clauses) + 1)
        clause = f"C{len(self.clauses) + 1}"
        made = [
            self._norm(f"N{len(self.norms) + index}", clause, text, names, location, *norm)
            for index, norm in enumerate(norms, start=1)
        ]
        self.norms += made
        self.clauses.append(
            Clause(
                clause,
                number,
                "",
                text,
                language,
                "clause",
                tuple(Label(name, score, "hand") for name in names),
                tuple(norm.id for norm in made),
                find_attributes(text, language, set(names)),
                0.0,
                "none",
                pair,
                (),
                location,
            )
        )
        return self

    def _norm(self, name, clause, text, labels, location, modality, bearer, quote="", force=None):
        others = [party.id for party in self.parties if party.id != bearer]
        one = bearer not in ("both", "unknown") and len(others) == 1
        return Norm(
            name,
            clause,
            modality,
            bearer,
            others[0] if one else bearer if bearer == "both" else "unknown",
            quote,
            strength(text, modality) if force is None else force,
            "",
            "",
            bearer == "both",
            language_of(text),
            labels,
            location,
        )

    def contract(self):
        """The contract, with its document."""
        document = Document("hand.txt", "txt", "0", self.text, blocks_of(self.text))
        languages = tuple(dict.fromkeys(clause.language for clause in self.clauses))
        return Contract(
            document,
            languages,
            self.archetype,
            self.more.pop("title", ""),
            tuple(self.parties),
            tuple(self.clauses),
            tuple(self.norms),
            **self.more,
        )


def gold_names():
    """Sample drafts with gold; those named ``test-`` are kept for the final evaluation."""
    names = sorted(path.name.removesuffix(".gold.json") for path in DRAFTS.glob("*.gold.json"))
    return [name for name in names if not name.startswith("test-")]


def gold_draft(name):
    """A sample draft as a contract with gold labels and norms, and its gold record."""
    gold = json.loads((DRAFTS / f"{name}.gold.json").read_text("utf8"))
    source = tomllib.loads((DRAFTS / "src" / f"{name}.toml").read_text("utf8"))
    parties = [
        Party(
            f"P{i}",
            p["name"],
            tuple(p["aliases"]),
            p["nationality"],
            p["side"],
            p["role"],
            0.95,
            (),
        )
        for i, p in enumerate(gold["parties"], start=1)
    ]
    ids = {alias: party.id for party in parties for alias in (party.aliases[0], party.name)}
    blocks = [block for block in source["block"] if block["kind"] == "clause"]
    texts = [b.get("en") or b.get("zh") for b in blocks][:12]
    draft = Draft(parties, find_archetype(source["title"], *texts), title=source["title"])
    rows = iter(gold["clauses"])
    row = next(rows)
    for block in blocks:
        if row is None or not row["number"].endswith(block["number"]):
            continue
        _add_gold(draft, block, row, ids)
        row = next(rows, None)
    return draft.contract(), gold


def _add_gold(draft, block, row, ids):
    base = len(draft.clauses) + 1
    languages = [language for language in ("en", "zh") if block.get(language)]
    for index, language in enumerate(languages):
        # Gold norms follow the English text; one Chinese clause allows what the English forbids.
        turned = language == "zh" and len(languages) == 2 and _allows(block)
        norms = [
            (
                "permission" if turned else norm["modality"],
                ids.get(norm["bearer"], norm["bearer"]),
                norm["quote"],
            )
            for norm in row["norms"]
        ]
        pair = f"C{base + 1 - index}" if len(languages) == 2 else ""
        draft.add(
            block[language],
            "" if turned else " ".join(row["labels"]),
            *norms,
            language=language,
            number=row["number"],
            pair=pair,
        )


def _allows(block):
    return "shall not" in block["en"] and "可以" in block["zh"] and "不得" not in block["zh"]


def swapped(contract):
    """The same contract with the sides of its parties exchanged."""
    other = {"foreign": "chinese", "chinese": "foreign"}
    parties = tuple(replace(p, side=other.get(p.side, p.side)) for p in contract.parties)
    return replace(contract, parties=parties)
