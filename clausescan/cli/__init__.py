"""The commands: each parses, calls the function of the same purpose, prints and exits.

Exit codes: 0 done, 1 ``--fail-on`` met, 2 wrong usage, 3 a file could not be read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from clausescan.cli.corpus import corpus_app
from clausescan.cli.explaining import explain_cli
from clausescan.cli.learning import evaluate_cli, train_cli
from clausescan.cli.output import DONE, UNREAD, USAGE, echo, say
from clausescan.cli.rules import rules_app
from clausescan.cli.scanning import batch_cli, scan_cli
from clausescan.errors import ClausescanError, ModelError
from clausescan.version import VERSION

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
app.command("scan")(scan_cli)
app.command("batch")(batch_cli)
app.command("explain")(explain_cli)
app.command("train")(train_cli)
app.command("evaluate")(evaluate_cli)
app.add_typer(corpus_app, name="corpus")
app.add_typer(rules_app, name="rules")


@app.callback(invoke_without_command=True)
def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        echo(f"clausescan {VERSION}")
        raise typer.Exit(DONE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; errors become one sentence on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(args=None if arguments is None else list(arguments), prog_name="clausescan")
    except ClausescanError as error:
        say(f"clausescan: {error}")
        sys.exit(_code_of(error))


def _code_of(error: ClausescanError) -> int:
    """Wrong usage, unless the error is about what stands in a file."""
    about_file = isinstance(error, ModelError) or getattr(error, "code", "usage") != "usage"
    return UNREAD if about_file else USAGE
