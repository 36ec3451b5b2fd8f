"""The two-column ledger: what binds us, what binds them.

A duty or ban binds its bearer; a right or freedom binds the other side. A scope without a norm of
its own (the definition of the territory) binds whoever is bound by the exclusivity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clausescan.contract import Clause, Norm, Party
from clausescan.document import Location
from clausescan.report import Report
from clausescan.report.words import clean, shorten, wording

_DUTIES = frozenset({"obligation", "prohibition"})
_RIGHTS = frozenset({"permission", "entitlement", "discretion", "exemption"})
_SHOWN = 3
_WIDTH = 110
_SILENT = frozenset({"title", "heading", "toc", "signature", "preamble", "recital", "note"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A quote with the clause and page where it stands."""

    where: str
    page: str
    quote: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One subject of the ledger; `more_left` and `more_right` name clauses not quoted."""

    title: str
    left: tuple[Entry, ...]
    right: tuple[Entry, ...]
    more_left: str = ""
    more_right: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Which parties stand in which column.

    Attributes:
        titles: Of the columns.
        left: Party ids of the left column.
        right: Party ids of the right column.
        side: The side of the left column, as `Clause.burdened` names it; "" when not known.
    """

    titles: tuple[str, str]
    left: frozenset[str]
    right: frozenset[str]
    side: str

    @classmethod
    def of(cls, report: Report) -> Sides:
        """Ours and theirs, or Party 1 and Party 2 when the sides are not known."""
        if report.sides_known:
            sides = {party.side for party in report.parties if party.id in report.ours}
            theirs = (p.id for p in report.parties if p.side not in {*sides, "jv", "unknown"})
            return cls(
                ("OURS", "THEIRS"), frozenset(report.ours), frozenset(theirs), *sorted(sides)
            )
        ids = [party.id for party in report.parties]
        return cls(("PARTY 1", "PARTY 2"), frozenset(ids[:1]), frozenset(ids[1:2]), "")

    def column_of(self, party: Party) -> str:
        """The title of a party's column."""
        if party.id in self.left:
            return self.titles[0]
        if party.id in self.right:
            return self.titles[1]
        return "JOINT VENTURE" if party.side == "jv" else "OTHER"


@dataclass(slots=True)
class _Column:
    """Entries of one cell, the strongest of each clause."""

    found: dict[str, tuple[float, int, Entry]] = field(default_factory=dict)

    def add(self, clause: str, strength: float, place: int, entry: Entry) -> None:
        known = self.found.get(clause)
        if known is None or strength > known[0]:
            self.found[clause] = (strength, place, entry)

    def split(self) -> tuple[tuple[Entry, ...], str]:
        """The strongest few in reading order, and the other clauses' numbers."""
        ranked = sorted(self.found.values(), key=lambda item: (-item[0], item[1]))
        shown = sorted(ranked[:_SHOWN], key=lambda item: item[1])
        rest = sorted(ranked[_SHOWN:], key=lambda item: item[1])
        return tuple(item[2] for item in shown), ", ".join(item[2].where for item in rest)


def make_ledger(report: Report, sides: Sides) -> tuple[LedgerRow, ...]:
    """The rows of ``data/report.toml``, each with what binds either column."""
    groups = [(row["title"], frozenset(row["labels"])) for row in wording()["ledger"]]
    rows: list[LedgerRow] = []
    bound: tuple[bool, bool] = (True, True)
    for title, labels in groups:
        left, right = _columns(report, sides, labels, bound)
        if not rows and (left.found or right.found):
            bound = (bool(left.found), bool(right.found))
        (shown_left, more_left), (shown_right, more_right) = left.split(), right.split()
        rows.append(LedgerRow(title, shown_left, shown_right, more_left, more_right))
    return tuple(rows)


def _columns(
    report: Report, sides: Sides, labels: frozenset[str], bound: tuple[bool, bool]
) -> tuple[_Column, _Column]:
    left, right = _Column(), _Column()
    norms = {norm.id: norm for norm in report.norms}
    english: set[str] = set()
    for place, clause in sorted(enumerate(report.clauses), key=_english_first):
        # Of two texts of a clause the English one speaks; differences are the discrepancies' part.
        if clause.kind in _SILENT or (clause.language != "en" and clause.number in english):
            continue
        for sentence in clause.sentences:
            if not any(label.label in labels for label in sentence.labels):
                continue
            entry = entry_of(clause, sentence.text, sentence.location)
            own = [norms[norm_id] for norm_id in sentence.norms if norm_id in norms]
            for to_left, strength in _bindings(own, clause, sides, bound):
                (left if to_left else right).add(clause.id, strength, place, entry)
                if clause.language == "en" and clause.number:
                    english.add(clause.number)
    return left, right


def _english_first(item: tuple[int, Clause]) -> tuple[bool, int]:
    place, clause = item
    return clause.language != "en", place


def _bindings(
    norms: Sequence[Norm], clause: Clause, sides: Sides, bound: tuple[bool, bool]
) -> Iterable[tuple[bool, float]]:
    """Which columns a sentence binds (true: left), and how strongly."""
    told = False
    for norm in norms:
        if norm.modality in _DUTIES:
            told = True
            yield from _columns_of(norm.bearer, norm.strength, sides)
        elif norm.modality in _RIGHTS:
            told = True
            yield from _columns_of(_other(norm.bearer, sides), norm.strength, sides)
    if told:
        return
    ours = clause.burdened == sides.side
    one = bool(sides.side) and clause.burdened in ("foreign", "chinese")
    if ours if one else bound[0]:
        yield True, 0.5
    if not ours if one else bound[1]:
        yield False, 0.5


def _columns_of(party: str, strength: float, sides: Sides) -> Iterable[tuple[bool, float]]:
    if party in sides.left or party == "both":
        yield True, strength
    if party in sides.right or party == "both":
        yield False, strength


def _other(bearer: str, sides: Sides) -> str:
    """Some party of the column across; a right of both binds both."""
    if bearer in sides.left:
        return min(sides.right, default="unknown")
    if bearer in sides.right:
        return min(sides.left, default="unknown")
    return bearer


def entry_of(clause: Clause, quote: str, location: Location | None, width: int = _WIDTH) -> Entry:
    """A quote with its clause number and page; heading or paragraph where there is no number."""
    where = clean(clause.number)
    if not where and clause.heading:
        where = f'"{shorten(clause.heading, 30)}"'
    if not where:
        where = f"para. {clause.location.paragraph}" if clause.location.paragraph else clause.kind
    page = location.page if location is not None and location.page else clause.location.page
    return Entry(where, f"p.{page}" if page else "", shorten(quote, width))
