"""The report for a terminal: page one in one column, at any width from 60 columns.

rich measures Chinese characters as two columns wide and leaves colours out where none are wanted.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich.box import Box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from clausescan.report import Report
from clausescan.report.ledger import Entry
from clausescan.report.page import DISCLAIMER, FindingItem, Page, make_page
from clausescan.report.words import cells

MIN_WIDTH = 60
_MARGIN = 8
"""Columns for clause numbers and titles beside a finding; 第十二条 just fits."""

_BARS = Box("    \n  │ \n ─┼ \n  │ \n    \n    \n  │ \n    \n")
"""Lines between the columns and under the titles, no frame."""

_LIGHTS = {"red": "bold white on red", "amber": "bold black on yellow",
           "green": "bold black on green", "grey": "bold white on bright_black"}  # fmt: skip
_SEVERITIES = {"critical": "bold red", "high": "bold yellow", "medium": "bold cyan",
               "advisory": "bold"}  # fmt: skip


def render_text(report: Report, *, width: int = 100, colour: bool = False) -> str:
    """The report as text.

    Args:
        report: What the scan found.
        width: Columns; a Chinese character takes two.
        colour: Whether to add terminal colours.
    """
    return render_parts(_parts(make_page(report)), width=width, colour=colour)


def render_parts(parts: Iterable[RenderableType], *, width: int, colour: bool) -> str:
    """Renderables as text, and strings as they are.

    Args:
        parts: What stands below each other.
        width: Columns; a Chinese character takes two.
        colour: Whether to add terminal colours.
    """
    target = io.StringIO()
    console = Console(
        file=target,
        width=max(width, MIN_WIDTH),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        if isinstance(part, str):
            target.write(f"{part}\n")
        else:
            console.print(part)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"


def _parts(page: Page) -> Iterator[RenderableType]:
    """Renderables, and strings that stand as they are: a command is copied, so never folded."""
    yield _title(page)
    yield Text(page.source, style="dim")
    yield ""
    if page.unknown:
        yield Text(page.unknown[0], style="bold")
        yield from (f"    {command}" for command in page.unknown[1:])
        yield ""
    yield _parties(page)
    if page.assumed:
        yield Text(page.assumed, style="dim")
    yield ""
    if page.verdict:
        yield Text(page.verdict, style="bold")
    if page.scores:
        yield Text(page.scores)
    if page.standing:
        yield Text(page.standing)
    yield from heading("WHO IS BOUND")
    yield _ledger(page)
    yield from heading(f"FINDINGS: {page.counts}" if page.counts else "FINDINGS: none")
    for number, finding in enumerate(page.findings, start=1):
        yield from [""] if number > 1 else []
        yield _finding(number, finding)
    yield from _closing(page)


def _title(page: Page) -> Text:
    return Text.assemble(
        (f" {page.light.upper()} ", _LIGHTS.get(page.light, "bold")), "  ", (page.title, "bold")
    )


def heading(title: str) -> Iterator[RenderableType]:
    """A title with a line behind it."""
    yield ""
    yield Rule(Text(title, style="bold"), align="left", characters="─", style="dim")


def _grid(*widths: int | None) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=False)
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    return grid


def _parties(page: Page) -> Table:
    grid = _grid(max((len(party.column) for party in page.parties), default=0), None)
    for party in page.parties:
        grid.add_row(Text(party.column, style="bold"), Text(party.name))
        told = "; ".join(part for part in (party.facts, party.reasons) if part)
        grid.add_row("", Text(told, style="dim"))
    return grid


def _ledger(page: Page) -> Table:
    table = Table(box=_BARS, expand=True, show_edge=False, pad_edge=False, border_style="dim")
    table.add_column("", width=11)
    table.add_column(Text(f"BOUND: {page.columns[0]}", style="bold"), ratio=1, overflow="fold")
    table.add_column(Text(f"BOUND: {page.columns[1]}", style="bold"), ratio=1, overflow="fold")
    for row in page.ledger:
        table.add_row(
            Text(row.title, style="bold"),
            _cell(row.left, row.more_left),
            _cell(row.right, row.more_right),
        )
    return table


def _cell(entries: tuple[Entry, ...], more: str) -> RenderableType:
    if not entries:
        return Text("–", style="dim")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for entry in entries:
        where, quote = _placed(entry, entry.quote)
        grid.add_row(where, Text(quote))
    if more:
        grid.add_row("", Text(f"also {more}", style="dim"))
    return grid


def _placed(entry: Entry, quote: str) -> tuple[Text, str]:
    """A clause's number for the margin, or in the quote's line where it is too long for that."""
    if cells(entry.where) <= _MARGIN:
        return Text(entry.where, style="bold"), quote
    return Text(), f"{entry.where}: {quote}"


def _finding(number: int, item: FindingItem) -> RenderableType:
    head = Text.assemble(
        f"{number:>2} ",
        (item.severity.upper(), _SEVERITIES.get(item.severity, "bold")),
        "  ",
        (item.title, "bold"),
        f" ({item.note})" if item.note else "",
    )
    grid = _grid(_MARGIN, None)
    for entry in item.evidence:
        where, quote = _placed(entry, f"“{entry.quote}”")
        page = f" ({entry.page})" if entry.page else ""
        grid.add_row(where, Text.assemble(quote, (page, "dim")))
    for title, words in (
        ("also", item.more),
        ("Lacks", item.missing),
        ("Why", item.why),
        ("Ask", item.ask_en),
        ("", item.ask_zh),
        ("Clears", item.clears),
        ("Level", item.level),
        ("Rule", item.rule),
    ):
        if words:
            grid.add_row(Text(title, style="dim"), Text(words))
    block = Table.grid()
    block.add_row(head)
    block.add_row(Padding(grid, (0, 0, 0, 3)))
    return block


def _closing(page: Page) -> Iterator[RenderableType]:
    rows = [("Missing", line) for line in page.missing]
    rows += [(title, f"{told} ({where})") for title, told, where in page.exits]
    rows += [("Forum", f"{told} ({where})") for told, where in page.forum]
    yield from heading("MISSING, EXIT, LANGUAGE AND FORUM")
    yield _facts(rows) if rows else Text("nothing found", style="dim")
    yield from heading("WHAT THIS REPORT SPEAKS OF")
    yield _facts([("Coverage", line) for line in page.coverage]
                 + [("Warning", line) for line in page.warnings])  # fmt: skip
    yield ""
    yield Text(DISCLAIMER, style="dim")


def _facts(rows: list[tuple[str, str]]) -> Table:
    """Two columns, each title once."""
    grid = _grid(8, None)
    last = ""
    for title, told in rows:
        grid.add_row(Text(title if title != last else "", style="bold"), Text(told))
        last = title
    return grid
