"""The report's wording, from ``data/report.toml``, and text made safe to print."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

_SPACE = re.compile(r"\s+")
_PIECES = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
SEVERITIES = ("critical", "high", "medium", "advisory")


@cache
def wording() -> dict[str, Any]:
    """The tables of ``data/report.toml``."""
    return tomllib.loads((files("clausescan") / "data/report.toml").read_text("utf-8"))


def word(table: str, key: str) -> str:
    """The wording for an id; the id itself, with spaces for marks, where there is none."""
    found: str | None = wording()[table].get(key)
    return found if found is not None else re.sub(r"[._]", " ", key)


def tell(attribute: str, value: str) -> str:
    """The words for the value of a clause's attribute; "a|b" gives "a, b"."""
    told = wording()["attributes"][attribute]
    values = (part.replace("seat:", "seat of ") for part in value.split("|"))
    parts = (told.get(part, told["*"]).format(clean(part)) for part in values)
    return ", ".join(parts)


def clean(text: str) -> str:
    """A draft's words on one line, without characters that steer a terminal or turn text round."""
    flat = _SPACE.sub(" ", text).strip()
    if flat.isascii() and flat.isprintable():
        return flat
    return "".join(char for char in flat if unicodedata.category(char) not in _UNSAFE)


def cells(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shorten(text: str, width: int) -> str:
    """The beginning of a text in at most `width` columns, cut between words, with "…"."""
    text = clean(text)
    if cells(text) <= width:
        return text
    kept: list[str] = []
    used = 1
    for piece in _PIECES.findall(text):
        used += cells(piece)
        if used > width:
            break
        kept.append(piece)
    short = "".join(kept).rstrip(" ,;:，；：、")
    return f"{short}…" if short else text[: max(width // 2, 1)] + "…"
