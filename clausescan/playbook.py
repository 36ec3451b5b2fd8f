"""The rules as records: read from TOML, checked, and merged with those of a user.

A rule holds when all conditions of ``when`` hold and none of ``unless``. "us" is the side that the
rule hurts, "them" the other one; the engine asks each rule for both sides.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from clausescan.errors import DataError
from clausescan.findings.attributes import archetypes, known_attributes
from clausescan.findings.rules import (
    COMPUTED,
    MODALITIES,
    SEVERITIES,
    SIDES,
    Condition,
    Playbook,
    Rule,
    Severity,
    Source,
)

_RULE_KEYS = frozenset(
    [
        "id",
        "title",
        "severity",
        "group",
        "for",
        "archetypes",
        "supersedes",
        "why",
        "clears",
        "sources",
        "ask",
        "when",
        "unless",
        "raise",
        "lower",
        "examples",
        "counter_examples",
        "disabled",
    ]
)
_RULE_NEEDS = ("title", "severity", "group", "why", "clears", "sources", "ask", "when")
_CONDITION_KEYS = frozenset(
    [
        "say",
        "labels",
        "all_labels",
        "burdens",
        "bearer",
        "modality",
        "strength_min",
        "strength_max",
        "attributes",
        "without",
        "absent",
        "count_min",
        "count_max",
        "same_clause",
        "text",
        "title",
        "archetypes",
        "roles",
        "rules",
        "computed",
        "with",
        "any",
        "all",
    ]
)


_JUDGING = frozenset(["when", "unless", "for", "archetypes", "examples", "counter_examples"])
"""What decides whether an example does as its rule says."""


def load_playbook(path: Path | None = None, labels: frozenset[str] = frozenset()) -> Playbook:
    """The package's rules, with those of a user's file added, overridden or disabled by id.

    Args:
        path: A ``.toml``, ``.yaml``, ``.yml`` or ``.json`` file with a list ``rule``. A rule with a
            known id changes only the keys that it gives; ``disabled = true`` takes it out.
        labels: Labels besides those of the taxonomy that rules may ask for.

    Raises:
        DataError: The file cannot be read, or a rule has an unknown key, label, attribute,
            severity, archetype or computed condition; the message names file, rule and key.
    """
    if path is None:
        return _package_playbook()
    own = _read_user(path)
    merged = {item["id"]: (dict(item), "playbook.toml") for item in _package_data()["rule"]}
    for item in _items(own, path.name):
        name = item["id"]
        merged[name] = ({**merged.get(name, ({}, ""))[0], **item}, path.name)
    kept = [(item, source) for item, source in merged.values() if not item.get("disabled")]
    rules = tuple(_rule(item, source, labels) for item, source in kept)
    return Playbook(_checked(rules, path.name), f"{_package_data()['version']}+{path.name}")


def judged_rules(path: Path) -> frozenset[str]:
    """Ids of the rules for which a user's file says when they fire or gives examples.

    Raises:
        DataError: The file cannot be read.
    """
    items = _items(_read_user(path), path.name)
    return frozenset(item["id"] for item in items if not _JUDGING.isdisjoint(item))


@cache
def known_labels() -> frozenset[str]:
    """Ids of the taxonomy."""
    text = files("clausescan").joinpath("data/labels.toml").read_text("utf8")
    return frozenset(item["id"] for item in tomllib.loads(text)["label"])


@cache
def known_roles() -> frozenset[str]:
    """Commercial roles that parties are found to have; ``""`` where none is known."""
    text = files("clausescan").joinpath("data/parties.toml").read_text("utf8")
    return frozenset(item["role"] for item in tomllib.loads(text)["role"]) | {""}


@cache
def _package_data() -> dict[str, Any]:
    return tomllib.loads(files("clausescan").joinpath("data/playbook.toml").read_text("utf8"))


@cache
def _package_playbook() -> Playbook:
    data = _package_data()
    rules = tuple(_rule(item, "playbook.toml") for item in _items(data, "playbook.toml"))
    return Playbook(_checked(rules, "playbook.toml"), data["version"])


def _read_user(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf8")
        if path.suffix == ".toml":
            data: Any = tomllib.loads(text)
        elif path.suffix == ".json":
            data = json.loads(text)
        elif path.suffix in (".yaml", ".yml"):
            import srsly  # comes with spaCy; only needed for this format

            data = srsly.yaml_loads(text)
        else:
            raise DataError(f"{path.name}: a playbook must be .toml, .yaml or .json")
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: the playbook cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise DataError(f"{path.name}: a playbook must hold a list named 'rule'")
    return cast(dict[str, Any], data)


def _items(data: Mapping[str, Any], file: str) -> list[dict[str, Any]]:
    items = data.get("rule")
    if extra := sorted(set(data) - {"rule", "version"}):
        raise DataError(f"{file}: key {extra[0]!r} is unknown; rules stand in [[rule]]")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise DataError(f"{file}: a playbook must hold a list named 'rule'")
    for item in items:
        if not isinstance(item.get("id"), str):
            raise DataError(f"{file}: a rule lacks the key 'id'")
    ids = [item["id"] for item in items]
    if twice := next((name for name in ids if ids.count(name) > 1), ""):
        raise DataError(f"{file}: rule {twice}: key 'id' occurs twice")
    return items


def _checked(rules: Sequence[Rule], file: str) -> tuple[Rule, ...]:
    """The rules, if those that they name exist; a rule that was disabled may still be named."""
    ids = {rule.id for rule in rules} | {item["id"] for item in _package_data()["rule"]}
    for rule in rules:
        named = [("supersedes", rule.supersedes)]
        named += [("rules", item.rules) for item in (*rule.raises, *rule.lowers)]
        for key, names in named:
            if unknown := sorted(names - ids):
                raise _Reader(file, rule.id).fail(key, f"names no rule: {unknown[0]}")
    return tuple(rules)


class _Reader:
    """Checks the keys of one rule; every complaint names file, rule and key."""

    def __init__(self, file: str, rule: str, labels: frozenset[str] = frozenset()) -> None:
        self.where = f"{file}: rule {rule}"
        self.labels = known_labels() | labels

    def fail(self, key: str, problem: str) -> DataError:
        return DataError(f"{self.where}: key {key!r} {problem}")

    def keys(self, item: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in item:
            if key not in known:
                raise self.fail(key, "is unknown")

    def one_of(self, key: str, value: Any, known: Any) -> str:
        if value not in known:
            raise self.fail(key, f"has the unknown value {value!r}")
        return str(value)

    def some_of(self, key: str, values: Any, known: Any) -> frozenset[str]:
        if not isinstance(values, list):
            raise self.fail(key, "must be a list")
        return frozenset(self.one_of(key, value, known) for value in values)

    def regex(self, key: str, source: str | None) -> re.Pattern[str] | None:
        try:
            return re.compile(source, re.IGNORECASE) if source else None
        except re.error as error:
            raise self.fail(key, f"is no regular expression: {error}") from error

    def number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fail(key, "must be a number")
        return float(value)

    def text(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise self.fail(key, "must be a text")
        return value

    def limit(self, key: str, value: Any) -> int | None:
        return None if value is None else int(self.number(key, value))

    def test(self, key: str, value: Any) -> str:
        """A wanted value of an attribute: a word, ``x*``, ``>n`` or ``<=n``."""
        text = self.text(key, str(value))
        if text[0] in "<>" and not re.fullmatch(r"[<>]=?\d+(?:\.\d+)?", text):
            raise self.fail(key, f"compares with no number: {text}")
        return text

    def facts(self, key: str, item: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        if not isinstance(item, dict):
            raise self.fail(key, "must be a table")
        facts = {}
        for name, value in item.items():
            self.one_of(key, name, known_attributes())
            values = value if isinstance(value, list) else [value]
            facts[name] = tuple(self.test(key, item) for item in values)
            if not values:
                raise self.fail(key, f"gives no value for {name}")
        return facts

    def conditions(self, key: str, items: Any) -> tuple[Condition, ...]:
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.fail(key, "must be a list of conditions")
        return tuple(self.condition(item) for item in items)

    def condition(self, item: Mapping[str, Any]) -> Condition:
        self.keys(item, _CONDITION_KEYS)
        return Condition(
            say=item.get("say", ""),
            labels=self.some_of("labels", item.get("labels", []), self.labels),
            all_labels=self.some_of("all_labels", item.get("all_labels", []), self.labels),
            burdens=self.one_of("burdens", item.get("burdens", ""), SIDES | {""}),
            bearer=self.one_of("bearer", item.get("bearer", ""), SIDES | {""}),
            modality=self.some_of("modality", item.get("modality", []), MODALITIES),
            strength_min=self.number("strength_min", item.get("strength_min", 0.0)),
            strength_max=self.number("strength_max", item.get("strength_max", 1.0)),
            attributes=self.facts("attributes", item.get("attributes", {})),
            without=self.facts("without", item.get("without", {})),
            absent=bool(item.get("absent", False)),
            count_min=int(self.number("count_min", item.get("count_min", 1))),
            count_max=self.limit("count_max", item.get("count_max")),
            same_clause=bool(item.get("same_clause", False)),
            text=self.regex("text", item.get("text")),
            title=self.regex("title", item.get("title")),
            archetypes=self.some_of("archetypes", item.get("archetypes", []), archetypes()),
            roles=self.some_of("roles", item.get("roles", []), known_roles()),
            rules=frozenset(item.get("rules", [])),
            computed=self.one_of("computed", item.get("computed", ""), {*COMPUTED, ""}),
            parameters={
                name: self.number("with", value) for name, value in item.get("with", {}).items()
            },
            any=self.conditions("any", item.get("any", [])),
            all=self.conditions("all", item.get("all", [])),
        )


def _rule(item: Mapping[str, Any], file: str, labels: frozenset[str] = frozenset()) -> Rule:
    reader = _Reader(file, item["id"], labels)
    reader.keys(item, _RULE_KEYS)
    for key in _RULE_NEEDS:
        if key not in item:
            raise reader.fail(key, "is missing")
    if not isinstance(item["ask"], dict) or set(item["ask"]) != {"en", "zh"}:
        raise reader.fail("ask", "must give 'en' and 'zh'")
    return Rule(
        id=item["id"],
        title=reader.text("title", item["title"]),
        severity=cast(Severity, reader.one_of("severity", item["severity"], SEVERITIES)),
        group=reader.text("group", item["group"]),
        only_foreign=reader.one_of("for", item.get("for", "any"), {"any", "foreign"}) == "foreign",
        archetypes=reader.some_of("archetypes", item.get("archetypes", []), archetypes()),
        supersedes=frozenset(item.get("supersedes", [])),
        why=reader.text("why", item["why"]),
        clears=reader.text("clears", item["clears"]),
        sources=tuple(_source(reader, source) for source in item["sources"]),
        ask=dict(item["ask"]),
        when=reader.conditions("when", item["when"]),
        unless=reader.conditions("unless", item.get("unless", [])),
        raises=reader.conditions("raise", item.get("raise", [])),
        lowers=reader.conditions("lower", item.get("lower", [])),
        examples=_drafts(reader, "examples", item.get("examples", [])),
        counter_examples=_drafts(reader, "counter_examples", item.get("counter_examples", [])),
    )


def _source(reader: _Reader, item: Any) -> Source:
    if not isinstance(item, dict) or set(item) != {"text", "date"}:
        raise reader.fail("sources", "must give 'text' and 'date' each")
    return Source(str(item["text"]), str(item["date"]))


def _drafts(reader: _Reader, key: str, items: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(items, list) or not all(isinstance(item, list) for item in items):
        raise reader.fail(key, "must be a list of drafts, each a list of clauses")
    return tuple(tuple(map(str, item)) for item in items)
