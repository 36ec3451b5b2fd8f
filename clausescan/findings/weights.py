"""How clauses are weighed: ``data/weights.toml`` as records."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Override:
    """Where the subject of a norm says more than its verb about who is worse off.

    Attributes:
        id: Name.
        labels: The norm carries one of these; empty for any.
        modality: Kinds of norm; ``verbless`` is a clause without one. Empty for any.
        attributes: Facts that must be stated; ``*`` for any value, ``x*`` for a beginning.
        without: Facts that must not be stated.
        trigger: Pattern of the trigger's words, or None.
        side: ``bearer``, ``counterparty``, ``none``, ``grantor``, ``against:ATTRIBUTE``,
            ``on:ATTRIBUTE``, or ``others``: all but the only party that is named behind the verb.
    """

    id: str
    labels: frozenset[str]
    modality: frozenset[str]
    attributes: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[str, ...]]
    trigger: re.Pattern[str] | None
    side: str


@dataclass(frozen=True, slots=True)
class Group:
    """Labels that are netted against each other, with their weight in the balance."""

    id: str
    weight: float
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange: who gives one of ``gives`` should get something of each part of ``takes``."""

    id: str
    gives: frozenset[str]
    takes: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """All figures of the file; each is explained there."""

    version: str
    expected_factor: float
    unpaired_factor: float
    pair_strength: float
    saturation: float
    plain_materiality: float
    verbless_strength: float
    light: Mapping[str, float]
    exposure: Mapping[str, float]
    groups: tuple[Group, ...]
    group_of: Mapping[str, str]
    materiality: Mapping[str, float]
    pairs: tuple[Pair, ...]
    modality: Mapping[str, str]
    overrides: tuple[Override, ...]
    subjectless: tuple[Override, ...]
    roles: Mapping[str, frozenset[str]]
    default_role: Mapping[str, str]


_MATERIALITY = {"core": 1.0, "commercial": 0.6, "boilerplate": 0.3}


@cache
def load_weights() -> Weights:
    """The weights of the package."""
    data = tomllib.loads(files("clausescan").joinpath("data/weights.toml").read_text("utf8"))
    groups = tuple(
        Group(item["id"], item["weight"], frozenset(item["labels"])) for item in data["group"]
    )
    return Weights(
        version=data["version"],
        expected_factor=data["expected_factor"],
        unpaired_factor=data["unpaired_factor"],
        pair_strength=data["pair_strength"],
        saturation=data["saturation"],
        plain_materiality=data["plain_materiality"],
        verbless_strength=data["verbless_strength"],
        light=data["light"],
        exposure=data["exposure"],
        groups=groups,
        group_of={label: group.id for group in groups for label in group.labels},
        materiality={
            label: _MATERIALITY[level]
            for level, labels in data["materiality"].items()
            for label in labels
        },
        pairs=tuple(_pair(item) for item in data["pair"]),
        modality=data["modality"],
        overrides=tuple(_override(item) for item in data["override"]),
        subjectless=tuple(_override(item) for item in data["subjectless"]),
        roles={name: frozenset(roles) for name, roles in data["roles"].items()},
        default_role={
            label: item["role"] for item in reversed(data["default"]) for label in item["labels"]
        },
    )


def _pair(item: Mapping[str, Any]) -> Pair:
    takes = tuple(frozenset(labels) for labels in item["takes"])
    return Pair(item["id"], frozenset(item["gives"]), takes)


def _override(item: Mapping[str, Any]) -> Override:
    trigger = item.get("trigger")
    return Override(
        id=item["id"],
        labels=frozenset(item.get("labels", ())),
        modality=frozenset(item.get("modality", ())),
        attributes=_values(item.get("attributes", {})),
        without=_values(item.get("without", {})),
        trigger=re.compile(trigger, re.IGNORECASE) if trigger else None,
        side=item["side"],
    )


def _values(item: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(value) if isinstance(value, list) else (value,) for name, value in item.items()
    }
