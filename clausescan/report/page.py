"""What a negotiator reads first, before it gets a shape: the lines of page one as records.

The text and Markdown reports lay out the same page. All words of the draft are cleaned here.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from clausescan.contract import Clause, Party
from clausescan.document import Recognised
from clausescan.findings import Finding
from clausescan.report import Report
from clausescan.report.ledger import Entry, LedgerRow, Sides, entry_of, make_ledger
from clausescan.report.words import SEVERITIES, clean, shorten, tell, word

DISCLAIMER = "This report is a reading aid for negotiators, not legal advice."
LANGUAGES = {"en": "English", "zh": "Chinese"}
FORMAT_NAMES = {"pdf": "PDF", "txt": "plain text", "md": "Markdown"}
FORMAT_NAMES |= dict.fromkeys(("docx", "docm", "dotx", "dotm", "doc", "dot"), "Word")
FORMAT_NAMES |= {"rtf": "RTF", "odt": "OpenDocument", "html": "HTML", "htm": "HTML"}
_QUOTES = 4
_QUOTE_WIDTH = 300
_EXITS = ("term.years", "renewal", "renewal.optout", "survival")
_FORUM = ("law", "forum.kind", "forum.body", "forum.place", "prevails")
_RIGHTS = frozenset({"permission", "entitlement", "discretion"})


_MOST_SURE = 99
"""Per cent: evidence in a draft never proves where a party comes from."""


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Who a party is, and why the report thinks so."""

    column: str
    name: str
    facts: str
    reasons: str


@dataclass(frozen=True, slots=True)
class FindingItem:
    """A finding as it is told."""

    severity: str
    title: str
    rule: str
    note: str
    evidence: tuple[Entry, ...]
    more: str
    missing: str
    why: str
    ask_en: str
    ask_zh: str
    clears: str
    level: str


@dataclass(frozen=True, slots=True)
class Page:
    """Page one.

    Attributes:
        light: ``red``, ``amber``, ``green`` or ``grey``.
        title: Of the contract, or the file's name.
        source: File, format, size, languages and kind of deal.
        unknown: What to do when the sides are not known; empty when they are.
        assumed: That the foreign side was taken as ours; empty when the caller said it.
        parties: Who is who.
        verdict: One sentence.
        scores: Balance and exposure with their scales.
        standing: How one-sided it is among real contracts.
        columns: Titles of the ledger's two columns.
        ledger: Who is bound to what.
        counts: Number of findings that hurt us by severity, and of those that hurt them.
        findings: Those that hurt us first, worst first.
        missing: What the draft lacks.
        exits: Term, renewal and ways out: what, how, where.
        forum: Language, law and forum: what, where.
        coverage: What was read and what was not.
        warnings: Of the scan.
    """

    light: str
    title: str
    source: str
    unknown: tuple[str, ...]
    assumed: str
    parties: tuple[PartyLine, ...]
    verdict: str
    scores: str
    standing: str
    columns: tuple[str, str]
    ledger: tuple[LedgerRow, ...]
    counts: str
    findings: tuple[FindingItem, ...]
    missing: tuple[str, ...]
    exits: tuple[tuple[str, str, str], ...]
    forum: tuple[tuple[str, str], ...]
    coverage: tuple[str, ...]
    warnings: tuple[str, ...]


def make_page(report: Report) -> Page:
    """Page one of a report."""
    sides = Sides.of(report)
    return Page(
        light=report.summary.light,
        title=shorten(report.document.title, 70) or clean(report.document.path),
        source=_source(report),
        unknown=() if report.sides_known else _unknown(report),
        assumed=_assumed(report),
        parties=_party_lines(report, sides),
        verdict=clean(report.summary.verdict),
        scores=_scores(report),
        standing=_standing(report),
        columns=sides.titles,
        ledger=make_ledger(report, sides),
        counts=_counts(report),
        findings=tuple(_finding_item(report, finding) for finding in report.findings),
        missing=_missing(report.findings),
        exits=_exits(report),
        forum=_forum(report),
        coverage=_coverage(report),
        warnings=tuple(dict.fromkeys(clean(notice.message) for notice in report.warnings)),
    )


def _source(report: Report) -> str:
    document = report.document
    size = f"{document.pages} pages, " if document.pages > 1 else ""
    languages = " and ".join(LANGUAGES.get(code, code) for code in document.languages)
    parts = (
        clean(document.path),
        FORMAT_NAMES.get(document.format, document.format),
        f"{size}{document.words:,} words",
        languages,
        document.archetype.upper() if len(document.archetype) < 4 else document.archetype,
    )
    return " · ".join(part for part in parts if part)


def _unknown(report: Report) -> tuple[str, ...]:
    lines = ["The draft does not tell which side is yours, so nothing is scored. Say it with:"]
    lines += [_command(report, party) for party in report.parties]
    if not report.parties:
        lines.append(_command(report, None))
    return tuple(lines)


def _command(report: Report, party: Party | None) -> str:
    name = clean(party.name).replace('"', "") if party else "NAME"
    return f'clausescan scan {shlex.quote(clean(report.document.path))} --us "{name}"'


def _assumed(report: Report) -> str:
    if report.us or not report.sides_known:
        return ""
    return "Assumed: the foreign party is ours. If not, name yours with --us."


def _party_lines(report: Report, sides: Sides) -> tuple[PartyLine, ...]:
    lines = [_party_line(party, sides) for party in report.parties]
    return tuple(sorted(lines, key=lambda line: _place(line.column, sides.titles)))


def _place(column: str, titles: tuple[str, str]) -> int:
    return titles.index(column) if column in titles else len(titles)


def _party_line(party: Party, sides: Sides) -> PartyLine:
    aliases = ", ".join(f'"{clean(alias)}"' for alias in party.aliases[:3])
    name = clean(party.name) + (f" ({aliases})" if aliases else "")
    country = word("countries", party.nationality) if party.nationality else "country not told"
    sure = f"{min(round(100 * party.confidence), _MOST_SURE)}% sure"
    facts = ", ".join(part for part in (party.role.replace("-", " "), country, sure) if part)
    strongest = sorted(party.evidence, key=lambda item: -abs(item.weight))
    reasons = dict.fromkeys(
        f'{word("reasons", item.reason)} "{shorten(item.quote, 40)}"' for item in strongest
    )
    return PartyLine(sides.column_of(party), name, facts, ", ".join(list(reasons)[:3]))


def _scores(report: Report) -> str:
    summary = report.summary
    exposure = f"Exposure {round(summary.exposure)} of 100"
    if summary.balance is None or not report.sides_known:
        return f"Balance not scored · {exposure}" if report.sides_known else ""
    balance = round(summary.balance)
    foreign = {party.id for party in report.parties if party.side == "foreign"}
    positive, negative = ("us", "them") if foreign & set(report.ours) else ("them", "us")
    return f"Balance {balance:+d} (+100 binds only {positive}, -100 only {negative}) · {exposure}"


def _standing(report: Report) -> str:
    standing = report.summary.standing
    if standing is None or not report.sides_known:
        return ""
    kind = f"{standing.kind} contracts" if standing.kind else "contracts of all kinds"
    share = "all" if standing.share == 1 else f"{standing.share:.0%} of"
    return f"More one-sided than {share} {standing.contracts} {kind} in US filings"


def _counts(report: Report) -> str:
    known = report.sides_known
    ours = [item.severity for item in report.findings if item.hurts_us or not known]
    told = [f"{ours.count(name)} {name}" for name in SEVERITIES if name in ours]
    theirs = len(report.findings) - len(ours)
    return ", ".join(told + ([f"{theirs} that hurt them"] if theirs else []))


def _finding_item(report: Report, finding: Finding) -> FindingItem:
    clauses = {clause.id: clause for clause in report.clauses}
    entries = list(
        dict.fromkeys(
            entry_of(clauses[item.clause], item.quote, item.location, _QUOTE_WIDTH)
            for item in finding.evidence
            if item.clause in clauses
        )
    )
    told = {entry.where for entry in entries[:_QUOTES]}
    others = dict.fromkeys(entry.where for entry in entries[_QUOTES:] if entry.where not in told)
    return FindingItem(
        severity=finding.severity,
        title=clean(finding.title),
        rule=_rule_note(report, finding),
        note=_note(report, finding),
        evidence=tuple(entries[:_QUOTES]),
        more=", ".join(others),
        missing=", ".join(word("labels", label) for label in finding.missing),
        why=clean(finding.why),
        ask_en=clean(finding.ask.get("en", "")),
        ask_zh=clean(finding.ask.get("zh", "")),
        clears=clean(finding.clears),
        level="; ".join(clean(note) for note in finding.notes),
    )


def _note(report: Report, finding: Finding) -> str:
    """Whom a finding hurts, when that is not us or not known to be us."""
    hurt = next((party for party in report.parties if party.id == finding.burdened), None)
    if hurt is None or (report.sides_known and finding.hurts_us):
        return ""
    return f"hurts {called(hurt)}"


def _rule_note(report: Report, finding: Finding) -> str:
    """The rule's id, and the text that it fired in when only in one of two."""
    if finding.text in LANGUAGES and len(report.document.languages) > 1:
        return f"{finding.rule}, in the {LANGUAGES[finding.text]} text only"
    return finding.rule


def called(party: Party) -> str:
    """The short name of a party: its first alias, in Latin letters if there is one."""
    latin = (alias for alias in party.aliases if alias.isascii())
    return clean(next(latin, "") or next(iter(party.aliases), party.name))


def _missing(findings: Iterable[Finding]) -> tuple[str, ...]:
    rules: dict[str, dict[str, None]] = {}
    for finding in findings:
        for label in finding.missing:
            rules.setdefault(label, {})[finding.rule] = None
    return tuple(f"{word('labels', label)} ({', '.join(ids)})" for label, ids in rules.items())


def _told_once(report: Report) -> list[Clause]:
    """Clauses with attributes; of two texts of a clause, the English one."""
    stating = [clause for clause in report.clauses if clause.attributes]
    english = {clause.number for clause in stating if clause.language == "en"}
    return [item for item in stating if item.language == "en" or item.number not in english]


def _exits(report: Report) -> tuple[tuple[str, str, str], ...]:
    rows: dict[tuple[str, str, str], None] = {}
    for clause in _told_once(report):
        where = entry_of(clause, "", clause.location).where
        for name in _EXITS:
            if name in clause.attributes:
                title = {"term.years": "Term", "survival": "After"}.get(name, "Renewal")
                rows[title, tell(name, clause.attributes[name]), where] = None
        ground = clause.attributes.get("termination.ground")
        notice = clause.attributes.get("termination.notice_days")
        if ground or notice:
            rows["End", _ending(report, clause, ground or "", notice or ""), where] = None
    order = ("Term", "Renewal", "End", "After")
    return tuple(sorted(rows, key=lambda row: order.index(row[0])))


def _ending(report: Report, clause: Clause, ground: str, notice: str) -> str:
    parties = {party.id: called(party) for party in report.parties}
    names = {**parties, "both": "either party"}
    norms = (norm for norm in report.norms if norm.clause == clause.id and norm.modality in _RIGHTS)
    who = dict.fromkeys(names[norm.bearer] for norm in norms if norm.bearer in names)
    parts = [tell("termination.ground", ground)] if ground else []
    parts += [f"right of {' and '.join(who)}"] if who else []
    parts += [tell("termination.notice_days", notice)] if notice else []
    return ", ".join(parts)


def _forum(report: Report) -> tuple[tuple[str, str], ...]:
    rows: dict[tuple[str, str], None] = {}
    for clause in _told_once(report):
        told = [tell(name, clause.attributes[name]) for name in _FORUM if name in clause.attributes]
        if told:
            rows["; ".join(told), entry_of(clause, "", clause.location).where] = None
    return tuple(rows)


def _coverage(report: Report) -> tuple[str, ...]:
    coverage = report.document.coverage
    lines = []
    if coverage.pages_total:
        lines.append(f"{coverage.pages_read} of {coverage.pages_total} pages read")
    else:
        lines.append(f"all {report.document.words:,} words read")
    if coverage.ocr_pages:
        told = f"{coverage.ocr_pages} of them by text recognition (OCR)"
        sure = _sure(coverage.recognised)
        lines.append(f"{told}; how sure: {sure}" if sure else told)
    lines += [f"not read: {clean(part)}" for part in coverage.unread]
    if coverage.redactions:
        lines.append(f"{coverage.redactions} places blacked out")
    if coverage.missing_annexes:
        names = ", ".join(clean(name) for name in coverage.missing_annexes)
        lines.append(f"cited but not in the file: {names}")
    lines.append(f"{coverage.norms_unassigned} of {coverage.norms} duties and rights name no party")
    return tuple(lines)


def _sure(pages: Iterable[Recognised]) -> str:
    """``page 2–4 97%, 5 61%``: how sure of each page, those alike that follow each other in one."""
    runs: list[tuple[int, int, str]] = []
    for one in pages:
        first, last, sure = runs[-1] if runs else (0, 0, "")
        if f"{one.confidence:.0%}" == sure and one.page == last + 1:
            runs[-1] = (first, one.page, sure)
        else:
            runs.append((one.page, one.page, f"{one.confidence:.0%}"))
    told = [
        f"{first}–{last} {sure}" if last > first else f"{first} {sure}"
        for first, last, sure in runs
    ]
    return f"page {', '.join(told)}" if told else ""
