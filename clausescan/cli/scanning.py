"""The commands that read drafts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.options import (
    FailOn,
    Format,
    Light,
    Limit,
    Model,
    Original,
    Password,
    Quiet,
    Rules,
    Us,
)
from clausescan.cli.output import (
    FAIL_ON_MET,
    UNREAD,
    coloured,
    echo,
    say,
    terminal_width,
)

if TYPE_CHECKING:
    from clausescan.batch import Outcome
    from clausescan.report import Report

_WORST_FIRST = ("red", "grey", "amber", "green")


def scan_cli(
    draft: Annotated[
        Path,
        typer.Argument(help="A .docx, .pdf, .txt, .md, or .doc, .rtf, .odt, .html file."),
    ],
    us: Us = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="Default: as the suffix of -o says, else text."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the report to this file.")
    ] = None,
    rules: Rules = None,
    model: Model = None,
    original: Original = False,
    limit: Limit = None,
    password: Password = None,
    fail_on: FailOn = None,
    quiet: Quiet = False,
) -> None:
    """Scan one draft and print its report."""
    from clausescan.report import format_of, write_text

    chosen = form.value if form else format_of(out) if out else "text"
    report = scanned(
        draft,
        us=us,
        rules=rules,
        model=model,
        original=original,
        limit=limit,
        password=password,
    )
    if out is not None:
        write_text(out, report.render(chosen))
    elif not quiet:
        echo(_rendered(report, chosen))
    if not quiet:
        _warn(report, chosen)
    if _is_met(report.summary.light, fail_on):
        raise typer.Exit(FAIL_ON_MET)


def scanned(
    draft: Path,
    *,
    us: str | None = None,
    rules: Path | None = None,
    model: Path | None = None,
    original: bool = False,
    limit: list[str] | None = None,
    password: str | None = None,
) -> Report:
    """The report on one draft, watched so that a hanging scan ends.

    Raises:
        ScanError: The draft could not be scanned.
    """
    from clausescan.limits import limits_from
    from clausescan.scanner import ScanError, scan_many

    limits = limits_from(limit or ())
    with _watched(draft, limits.seconds):
        (report,) = scan_many(
            [draft],
            us=us,
            rules=rules,
            model=model,
            original=original,
            limits=limits,
            password=password,
        )
    if isinstance(report, ScanError):
        raise report
    return report


def batch_cli(
    source: Annotated[
        Path, typer.Argument(help="A folder of drafts, or a text file with one path a line.")
    ],
    store: Annotated[
        Path, typer.Option("--out", "-o", help="A .jsonl file, or a folder for a JSON file each.")
    ],
    us: Us = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Number of processes.")] = 1,
    rules: Rules = None,
    model: Model = None,
    original: Original = False,
    limit: Limit = None,
    password: Password = None,
    fail_on: FailOn = None,
    quiet: Quiet = False,
) -> None:
    """Scan many drafts into a store; a draft that cannot be read does not end it."""
    from tqdm import tqdm

    from clausescan.batch import find_drafts, scan_batch
    from clausescan.limits import limits_from

    limits = limits_from(limit or ())
    drafts = find_drafts(source)
    outcomes = scan_batch(
        drafts,
        store,
        us=us,
        rules=rules,
        model=model,
        original=original,
        limits=limits,
        password=password,
        jobs=jobs,
    )
    lights: Counter[str] = Counter()
    # disable=None: a bar on a terminal only.
    for outcome in tqdm(outcomes, total=len(drafts), unit="draft", disable=quiet or None):
        lights[outcome.light] += 1
        if not quiet:
            with tqdm.external_write_mode():
                _print_outcome(outcome)
    unread = lights.pop("", 0)
    if not quiet:
        counts = [f"{lights[name]} {name}" for name in _WORST_FIRST if lights[name]]
        counts += [f"{unread} not scanned"] if unread else []
        say(f"{len(drafts)} drafts: {', '.join(counts)}")
    if unread:
        raise typer.Exit(UNREAD)
    if any(_is_met(light, fail_on) for light in lights):
        raise typer.Exit(FAIL_ON_MET)


@contextmanager
def _watched(draft: Path, seconds: float) -> Iterator[None]:
    """End the program if a scan hangs where no reader can stop it by itself."""
    from clausescan.limits import GRACE

    def give_up() -> None:
        say(
            f"clausescan: {draft} could not be scanned in {seconds:g} seconds. Split it, or raise "
            "the limit seconds."
        )
        os._exit(UNREAD)

    timer = Timer(seconds + GRACE, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _rendered(report: Report, form: str) -> str:
    if form != "text":
        return report.render(form)
    return report.to_text(width=terminal_width(), colour=coloured())


def _warn(report: Report, form: str) -> None:
    """Warnings that the report on stdout does not show to a person."""
    if form == "text":
        return
    for message in dict.fromkeys(notice.message for notice in report.warnings):
        say(f"warning: {message}")


def _is_met(light: str, fail_on: Light | None) -> bool:
    return fail_on is not None and light in ("red", fail_on.value)


def _print_outcome(outcome: Outcome) -> None:
    if outcome.code:
        say(f"clausescan: {outcome.message}")
        return
    balance = "" if outcome.balance is None else f"{outcome.balance:+.0f}"
    counts = dict(outcome.findings)
    found = ", ".join(
        f"{counts[name]} {name}" for name in ("critical", "high", "medium") if name in counts
    )
    echo(
        f"{outcome.light.upper():<6} exposure {outcome.exposure or 0:3.0f}  balance {balance:>4}  "
        f"{outcome.path}  {found}"
    )
