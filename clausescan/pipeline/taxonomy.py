"""The labels: their ids, families, definitions and the CUAD categories behind them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from clausescan.errors import DataError

_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_KEYS = {"id", "family", "definition", "cuad", "pattern", "absence", "cue", "trace", "least"}
OWN_LEAST = 0.75
"""Probability at which a model gives somebody's own label in a contract: few sentences teach it, so
its probabilities do not reach as high as those of the labels that thousands teach."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the taxonomy.

    Attributes:
        id: ``family.leaf`` or ``family``.
        family: The part before the dot.
        definition: What a clause with the label is about.
        cuad: CUAD categories that may carry it.
        pattern: What such a sentence must show besides the category; None for nothing.
        absence: Whether a sentence without those categories is a negative.
        cue: What a sentence without it hardly shows; sentences of CUAD without a cue serve as
            negatives where CUAD itself cannot tell; None for nothing.
        trace: Words that accompany the label in a contract that holds it; None for none.
        least: Probability at which the model alone gives the label in a contract, where that for
            all labels is too strict.
    """

    id: str
    family: str
    definition: str
    cuad: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    absence: bool = False
    cue: re.Pattern[str] | None = None
    trace: re.Pattern[str] | None = None
    least: float = 1.0


@cache
def load_taxonomy() -> dict[str, Label]:
    """All labels by id, in the order of the file.

    Raises:
        DataError: The file has an unknown key.
    """
    text = files("clausescan").joinpath("data/labels.toml").read_text("utf8")
    return {label.id: label for label in map(_label, tomllib.loads(text)["label"])}


def with_own(definitions: Mapping[str, str]) -> dict[str, Label]:
    """The taxonomy with labels of somebody's own behind it.

    Args:
        definitions: What each own label means; those of the taxonomy keep their meaning.

    Raises:
        DataError: An id is no ``family`` or ``family.leaf`` in lower case, or says nothing.
    """
    taxonomy = load_taxonomy()
    for label, text in definitions.items():
        if not _ID.fullmatch(label):
            raise DataError(f"{label!r} is no id of a label; write it like secrecy.term or secrecy")
        if not text.strip():
            raise DataError(f"label {label!r} has no definition; say what such a clause is about")
    own = {
        name: Label(name, name.split(".")[0], text, least=OWN_LEAST)
        for name, text in definitions.items()
    }
    return taxonomy | {name: label for name, label in own.items() if name not in taxonomy}


def _label(data: dict[str, Any]) -> Label:
    if extra := sorted(set(data) - _KEYS):
        raise DataError(f"labels.toml: key {extra[0]!r} is unknown")
    return Label(
        id=data["id"],
        family=data["family"],
        definition=data["definition"],
        cuad=tuple(data.get("cuad", ())),
        pattern=_compiled(data.get("pattern")),
        absence=data.get("absence", False),
        cue=_compiled(data.get("cue")),
        trace=_compiled(data.get("trace")),
        least=data.get("least", 1.0),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return None if pattern is None else re.compile(pattern, re.IGNORECASE)


def _hardly(label: Label, text: str) -> bool:
    """Whether a sentence shows none of the words without which the label is hardly ever right."""
    return label.cue is not None and not label.cue.search(text)


def cuad_labels(
    text: str, categories: Collection[str], taxonomy: Iterable[Label]
) -> tuple[list[str], list[str]]:
    """Labels that a CUAD sentence carries, and labels of which it tells whether it does.

    Args:
        text: The sentence.
        categories: CUAD categories annotated on it.
        taxonomy: The labels.
    """
    carried: list[str] = []
    known: list[str] = []
    for label in taxonomy:
        if any(category in categories for category in label.cuad):
            if label.pattern is None or label.pattern.search(text):
                carried.append(label.id)
                known.append(label.id)
            elif _hardly(label, text):
                known.append(label.id)
        elif label.absence or _hardly(label, text):
            known.append(label.id)
    return carried, known
