"""An annotator's labels as this package's: mapped, dropped, or kept as new ones."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from clausescan.annotation.files import read_text
from clausescan.annotation.items import ALL, Item
from clausescan.errors import DataError, UsageError
from clausescan.pipeline.taxonomy import load_taxonomy

_NAME = re.compile(r"[^;\s](?:[^;\r\n\t]{0,78}[^;\s])?")
"""A label: no semicolon, which separates labels in tables, and on one line."""
_SHOWN = 8
"""Unknown labels that an error names."""


def label_map(settings: Iterable[str]) -> dict[str, str]:
    """What each old label becomes; "" for nothing.

    Args:
        settings: Each ``OLD=NEW``, or a TOML file of such lines (``"OLD" = "NEW"``).

    Raises:
        UsageError: A setting is neither.
        DataError: The file is wrong.
    """
    found: dict[str, str] = {}
    for setting in settings:
        old, equals, new = setting.partition("=")
        if setting.lower().endswith(".toml"):
            found |= _map_of(Path(setting))
        elif equals and old.strip():
            found[old.strip()] = new.strip()
        else:
            raise UsageError(f"--map {setting}: write OLD=NEW, or name a .toml file.")
    return found


def _map_of(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path} is no TOML: {error}") from error
    for old, new in table.items():
        if not isinstance(new, str):
            raise DataError(
                f'{path}: {old!r} must stand for one label; write "{old}" = "NEW", with quotes '
                "round names with dots."
            )
    return {old.strip(): new.strip() for old, new in table.items()}


def mapped(item: Item, table: Mapping[str, str]) -> Item:
    """An item in new labels; labels that become nothing are dropped."""
    if not table:
        return item

    def new(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in (table.get(old, old) for old in names) if name)

    spans = ((start, end, table.get(old, old)) for start, end, old in item.spans)
    return replace(
        item,
        labels=new(item.labels),
        near=new(item.near),
        known=None if item.known is None else new(item.known),
        spans=tuple(span for span in spans if span[2]),
    )


def check_labels(items: Sequence[Item], source: Path, *, new_labels: bool) -> None:
    """Refuse labels that nobody knows.

    Args:
        items: All items of a file, mapped.
        source: The file, for the message.
        new_labels: Whether labels outside the taxonomy are new ones.

    Raises:
        DataError: A label is unknown, or cannot be a label's name.
    """
    counts = Counter(name for item in items for name in _names(item))
    if bad := sorted(name for name in counts if not _NAME.fullmatch(name)):
        raise DataError(
            f"{source}: {bad[0]!r} cannot be a label's name (one line of at most 80 characters, no "
            f"semicolon). Map it: --map OLD=NEW."
        )
    unknown = sorted(set(counts) - set(load_taxonomy()), key=lambda name: (-counts[name], name))
    if unknown and not new_labels:
        shown = ", ".join(f"{_told(name)} ({counts[name]} times)" for name in unknown[:_SHOWN])
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        old = f'"{unknown[0]}=NEW"' if " " in unknown[0] else f"{unknown[0]}=NEW"
        raise DataError(
            f"{source}: unknown labels: {shown}{more}. Map each to a label of yours or ours with "
            f'--map {old} (a .toml file for many, "OLD=" to drop one), or keep them as labels of '
            "your own with --new-labels."
        )


def _names(item: Item) -> set[str]:
    names = {*item.labels, *item.near, *(item.known or ()), *(span[2] for span in item.spans)}
    return names - {ALL}


def _told(name: str) -> str:
    close = get_close_matches(name, load_taxonomy(), n=1, cutoff=0.75)
    return f"{name!r}, perhaps {close[0]!r}" if close else repr(name)
