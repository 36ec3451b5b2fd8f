"""The commands: each parses, calls the function of the same purpose, prints and exits.

Exit codes: 0 done, 1 ``--fail-on`` met, 2 wrong usage, 3 a file could not be read. Text goes to
stdout, progress and warnings to stderr.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.errors import ClausescanError, ModelError
from clausescan.version import VERSION

if TYPE_CHECKING:
    from clausescan.batch import Outcome
    from clausescan.evaluation import Scores
    from clausescan.findings.rules import Rule
    from clausescan.report import Report

DONE, FAIL_ON_MET, USAGE, UNREAD = 0, 1, 2, 3
MAX_WIDTH = 120
_WORST_FIRST = ("red", "grey", "amber", "green")

app = typer.Typer(
    name="clausescan",
    help="Says who is bound by a draft contract with a Chinese partner, to what, and what is "
    "missing.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(no_args_is_help=True, help="Look at the rules, or check your own.")
app.add_typer(rules_app, name="rules")


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"
    md = "md"


class Light(StrEnum):
    """From which traffic light on a scan counts as failed."""

    red = "red"
    amber = "amber"


class Plain(StrEnum):
    """How figures are written."""

    text = "text"
    json = "json"


Us = Annotated[
    str | None,
    typer.Option("--us", metavar="NAME", help="Our party, by name or alias; default: the foreign."),
]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="A playbook that adds to or changes the rules."),
]
Original = Annotated[
    bool,
    typer.Option("--original", help="Read the text before tracked changes, not after them."),
]
Password = Annotated[
    str | None,
    typer.Option(
        "--password",
        metavar="WORD",
        envvar="CLAUSESCAN_PASSWORD",
        help="What opens an encrypted PDF; the variable keeps it out of the list of processes.",
    ),
]
FailOn = Annotated[
    Light | None,
    typer.Option("--fail-on", help="Exit with 1 at this traffic light or a worse one."),
]
Limit = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="Change what one file may cost, as pages=5000; may be given again.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No report, progress or warnings.")]


@app.callback(invoke_without_command=True)
def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        _print(f"clausescan {VERSION}")
        raise typer.Exit(DONE)


@app.command("scan")
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
    original: Original = False,
    limit: Limit = None,
    password: Password = None,
    fail_on: FailOn = None,
    quiet: Quiet = False,
) -> None:
    """Scan one draft and print its report."""
    from clausescan.limits import limits_from
    from clausescan.report import format_of, write_text
    from clausescan.scanner import ScanError, scan_many

    chosen = form.value if form else format_of(out) if out else "text"
    limits = limits_from(limit or ())
    with _watched(draft, limits.seconds):
        (report,) = scan_many(
            [draft], us=us, rules=rules, original=original, limits=limits, password=password
        )
    if isinstance(report, ScanError):
        raise report
    if out is not None:
        write_text(out, report.render(chosen))
    elif not quiet:
        _print(_rendered(report, chosen))
    if not quiet:
        _warn(report, chosen)
    if _is_met(report.summary.light, fail_on):
        raise typer.Exit(FAIL_ON_MET)


@app.command("batch")
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
        _say(f"{len(drafts)} drafts: {', '.join(counts)}")
    if unread:
        raise typer.Exit(UNREAD)
    if any(_is_met(light, fail_on) for light in lights):
        raise typer.Exit(FAIL_ON_MET)


@app.command("train")
def train_cli(
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the new model.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="Model to start from; default: the shipped one.")
    ] = None,
    held_out: Annotated[
        float, typer.Option("--held-out", min=0, max=0.9, help="Share of documents to score on.")
    ] = 0.2,
    form: Annotated[Plain, typer.Option("--format", "-f", help="Of the scores.")] = Plain.text,
) -> None:
    """Retrain the labels on your own clauses; prints the scores before and after."""
    from clausescan.training import train

    scores = train(corpus, out=out, base=base, held_out=held_out)
    if form is Plain.json:
        _print(json.dumps(scores.to_dict(), indent=2))
        return
    _print(f"Trained {len(scores.trained)} labels on {scores.documents[0]} documents.")
    if scores.before and scores.after:
        _print(f"Scored on {scores.documents[1]} other documents, before → after:")
        _print(_scores_table(scores.after, scores.before))


@app.command("evaluate")
def evaluate_cli(
    model: Annotated[Path, typer.Argument(help="Folder of a model.")],
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    form: Annotated[Plain, typer.Option("--format", "-f", help="Of the scores.")] = Plain.text,
) -> None:
    """Score a model on annotated clauses."""
    from clausescan.evaluation import evaluate

    scores = evaluate(model, corpus)
    _print(json.dumps(scores.to_dict(), indent=2) if form is Plain.json else _scores_table(scores))


@rules_app.command("list")
def rules_list_cli(rules: Rules = None) -> None:
    """List the rules, worst first."""
    from clausescan.findings.rules import SEVERITIES
    from clausescan.playbook import load_playbook

    for rule in sorted(
        load_playbook(rules).rules, key=lambda rule: SEVERITIES.index(rule.severity)
    ):
        _print(f"{rule.severity:<9} {rule.id:<26} {rule.title}")


@rules_app.command("show")
def rules_show_cli(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="A rule's id, see rules list.")],
    rules: Rules = None,
) -> None:
    """Show a rule: what it looks for, why, what to ask for, what clears it."""
    from clausescan.playbook import load_playbook

    playbook = load_playbook(rules)
    rule = playbook.rule(rule_id.upper())
    if rule is None:
        raise typer.BadParameter(f"there is no rule {rule_id}; see 'clausescan rules list'.")
    _print(_told(rule))


@rules_app.command("check")
def rules_check_cli(
    file: Annotated[Path, typer.Argument(help="A playbook: .toml, .yaml or .json.")],
) -> None:
    """Check a playbook of your own."""
    from clausescan.playbook import load_playbook

    own = load_playbook(file)
    _print(f"{file} is good; with it there are {len(own.rules)} rules.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; errors become one sentence on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(args=None if arguments is None else list(arguments), prog_name="clausescan")
    except ClausescanError as error:
        _say(f"clausescan: {error}")
        sys.exit(_code_of(error))


def _code_of(error: ClausescanError) -> int:
    """Wrong usage, unless the error is about what stands in a file."""
    about_file = isinstance(error, ModelError) or getattr(error, "code", "usage") != "usage"
    return UNREAD if about_file else USAGE


@contextmanager
def _watched(draft: Path, seconds: float) -> Iterator[None]:
    """End the program if a scan hangs where no reader can stop it by itself."""
    from clausescan.limits import GRACE

    def give_up() -> None:
        _say(
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


def _print(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _rendered(report: Report, form: str) -> str:
    if form != "text":
        return report.render(form)
    width = min(shutil.get_terminal_size((100, 24)).columns, MAX_WIDTH)
    return report.to_text(width=width, colour=sys.stdout.isatty())


def _warn(report: Report, form: str) -> None:
    """Warnings that the report on stdout does not show to a person."""
    if form == "text":
        return
    for message in dict.fromkeys(notice.message for notice in report.warnings):
        _say(f"warning: {message}")


def _is_met(light: str, fail_on: Light | None) -> bool:
    return fail_on is not None and light in ("red", fail_on.value)


def _print_outcome(outcome: Outcome) -> None:
    if outcome.code:
        _say(f"clausescan: {outcome.message}")
        return
    balance = "" if outcome.balance is None else f"{outcome.balance:+.0f}"
    counts = dict(outcome.findings)
    found = ", ".join(
        f"{counts[name]} {name}" for name in ("critical", "high", "medium") if name in counts
    )
    _print(
        f"{outcome.light.upper():<6} exposure {outcome.exposure or 0:3.0f}  balance {balance:>4}  "
        f"{outcome.path}  {found}"
    )


def _scores_table(scores: Scores, before: Scores | None = None) -> str:
    lines = [f"{'label':<26} {'n':>5} {'P':>6} {'R':>6} {'F1':>6}" + ("  F1 before" * bool(before))]
    rows = [("all", scores.micro, before.micro if before else None)]
    rows += [
        (name, score, before.labels.get(name) if before else None)
        for name, score in sorted(scores.labels.items())
    ]
    for name, score, old in rows:
        line = f"{name:<26} {score.positives:>5} {score.precision:>6.3f} {score.recall:>6.3f}"
        lines.append(f"{line} {score.f1:>6.3f}" + (f" {old.f1:>10.3f}" if old else ""))
    return "\n".join(lines)


def _told(rule: Rule) -> str:
    from clausescan.findings.rules import describe

    lines = [f"{rule.id}  {rule.severity}", rule.title, "", f"Why     {rule.why}"]
    for title, conditions in (
        ("When", rule.when),
        ("Unless", rule.unless),
        ("Raised", rule.raises),
        ("Lowered", rule.lowers),
    ):
        lines += [f"{title:<7} {describe(condition)}" for condition in conditions]
    lines += [f"Clears  {rule.clears}", f"Ask     {rule.ask['en']}", f"        {rule.ask['zh']}"]
    lines += [f"Source  {source.text} ({source.date})" for source in rule.sources]
    return "\n".join(lines)
