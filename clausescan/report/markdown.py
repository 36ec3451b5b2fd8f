"""The report as Markdown: page one with headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausescan.report import Report
from clausescan.report.ledger import Entry
from clausescan.report.page import DISCLAIMER, FindingItem, Page, make_page

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+])")


def render_markdown(report: Report) -> str:
    """The report as Markdown; nothing in a draft's words acts as markup."""
    return "\n".join(_lines(make_page(report))) + "\n"


def escape(text: str) -> str:
    """A text that Markdown shows as it is."""
    safe = _MARKS.sub(r"\\\1", text)
    return _LINE_START.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", safe)


def _lines(page: Page) -> Iterator[str]:
    yield f"# {page.light.upper()}: {escape(page.title)}"
    yield ""
    yield escape(page.source)
    yield ""
    if page.unknown:
        yield f"**{escape(page.unknown[0])}**"
        yield ""
        yield from (f"    {command}" for command in page.unknown[1:])
        yield ""
    yield from _parties(page)
    yield from (f"{escape(line)}\n" for line in (page.assumed,) if line)
    yield from (f"**{escape(line)}**\n" for line in (page.verdict,) if line)
    yield from (f"{escape(line)}\n" for line in (page.scores, page.standing) if line)
    yield from _ledger(page)
    yield f"## Findings: {page.counts or 'none'}"
    yield ""
    for number, finding in enumerate(page.findings, start=1):
        yield from _finding(number, finding)
    yield from _closing(page)


def _parties(page: Page) -> Iterator[str]:
    for party in page.parties:
        told = "; ".join(part for part in (party.facts, party.reasons) if part)
        yield f"- **{party.column}**: {escape(party.name)}. {escape(told)}"
    yield ""


def _ledger(page: Page) -> Iterator[str]:
    yield "## Who is bound"
    yield ""
    yield f"| | Bound: {page.columns[0]} | Bound: {page.columns[1]} |"
    yield "|---|---|---|"
    for row in page.ledger:
        left, right = _cell(row.left, row.more_left), _cell(row.right, row.more_right)
        yield f"| {row.title} | {left} | {right} |"
    yield ""


def _cell(entries: tuple[Entry, ...], more: str) -> str:
    lines = [f"**{escape(entry.where)}** {escape(entry.quote)}" for entry in entries]
    lines += [f"also {escape(more)}"] if more else []
    return "<br>".join(lines) or "–"


def _finding(number: int, item: FindingItem) -> Iterator[str]:
    note = f" ({escape(item.note)})" if item.note else ""
    yield f"### {number}. {item.severity}: {escape(item.title)}{note}"
    yield ""
    for entry in item.evidence:
        where = ", ".join(part for part in (entry.where, entry.page) if part)
        yield f"> **{escape(where)}** “{escape(entry.quote)}”"
        yield ">"
    yield ""
    for title, words in (
        ("Also", item.more),
        ("Lacks", item.missing),
        ("Why", item.why),
        ("Ask", item.ask_en),
        ("Ask (ZH)", item.ask_zh),
        ("Clears", item.clears),
        ("Level", item.level),
        ("Rule", item.rule),
    ):
        if words:
            yield f"- **{title}**: {escape(words)}"
    yield ""


def _closing(page: Page) -> Iterator[str]:
    yield "## Missing, exit, language and forum"
    yield ""
    yield from (f"- **Missing**: {escape(line)}" for line in page.missing)
    for title, told, where in page.exits:
        yield f"- **{title}**: {escape(told)} ({escape(where)})"
    for told, where in page.forum:
        yield f"- **Forum**: {escape(told)} ({escape(where)})"
    yield ""
    yield "## What this report speaks of"
    yield ""
    yield from (f"- {escape(line)}" for line in page.coverage)
    yield from (f"- **Warning**: {escape(line)}" for line in page.warnings)
    yield ""
    yield DISCLAIMER
