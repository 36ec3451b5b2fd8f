"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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
    typer.Option(
        "--playbook",
        "--rules",
        metavar="FILE",
        help="A playbook that adds to or changes the rules.",
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FOLDER", help="Label with this retrained model, not the shipped one."
    ),
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
