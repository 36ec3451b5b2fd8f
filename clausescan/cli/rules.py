"""The commands about rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.options import Rules
from clausescan.cli.output import echo

if TYPE_CHECKING:
    from clausescan.findings.rules import Rule

rules_app = typer.Typer(no_args_is_help=True, help="Look at the rules, or check your own.")


@rules_app.command("list")
def rules_list_cli(rules: Rules = None) -> None:
    """List the rules, worst first."""
    from clausescan.findings.rules import SEVERITIES
    from clausescan.playbook import load_playbook

    for rule in sorted(
        load_playbook(rules).rules, key=lambda rule: SEVERITIES.index(rule.severity)
    ):
        echo(f"{rule.severity:<9} {rule.id:<26} {rule.title}")


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
    echo(_told(rule))


@rules_app.command("check")
def rules_check_cli(
    file: Annotated[Path, typer.Argument(help="A playbook: .toml, .yaml or .json.")],
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", metavar="FOLDER", help="A retrained model whose labels it may use."
        ),
    ] = None,
) -> None:
    """Check a playbook of your own, and scan the examples of its rules."""
    from clausescan.errors import DataError
    from clausescan.miniatures import broken_examples
    from clausescan.pipeline.labels import own_labels
    from clausescan.playbook import judged_rules, load_playbook

    own = load_playbook(file, frozenset() if model is None else frozenset(own_labels(model)))
    names = judged_rules(file)
    broken = [str(item) for item in broken_examples(own, names, path=file, model=model)]
    if broken:
        raise DataError("\n".join(f"{file.name}: {problem}" for problem in broken))
    tried = sum(
        len(rule.examples) + len(rule.counter_examples) for rule in own.rules if rule.id in names
    )
    proved = f" Its {tried} examples do as they should." if tried else ""
    echo(f"{file} is good; with it there are {len(own.rules)} rules.{proved}")


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
