"""Names without legal form where the sentence that lists the parties has a place for one."""

from __future__ import annotations

import re

from clausescan.pipeline.definitions import is_role
from clausescan.pipeline.latin_names import UPPER
from clausescan.pipeline.nationality import is_place, party_data

_OPENERS = re.compile(
    r"(?i:\b(?:between|among|amongst)\b|\bgentlemen\s*[:,]|\bsirs?\s*[:,]|\bdear\s[^\n:]{2,40}:)"
    r"|\n\s*\n(?=[^\n,(]{3,60},\s+an?\s)"
)
_GLUE = re.compile(
    r"(?:[\s,;:.)\]”\"*-]|\b(?i:by|and|between|among|with|on\sthe\s(?:one|other)\s(?:hand|part))\b|&"
    r"|[(](?:\d|[ivx]+|[a-z])[)]|\b\d[.)]\s)*(?:(?:the|The|THE)\s)?"
)
_WORD = rf"(?:{UPPER}|[a-z]+\.(?=[a-z]))[\w&.’'/-]*"
_RUN = re.compile(
    rf"(?P<name>{_WORD}(?:[ ]?\n?[ ]{{1,2}}(?:(?:of|the|de|for|and|&)[ ]{{1,2}})*{_WORD})*)"
    r"(?P<degree>,\s(?:[A-Z]\.){2,4}|,\s(?:[A-Z]{2,4}|Ph\.D\.|Jr\.?)(?=\s*[,(]))?"
)
_DIRECT = re.compile(rf"\b(?:and|AND)\s+(?:the\s+)?{_RUN.pattern}[\s,]*$")
_APPOSITIVE = re.compile(
    rf"[,;]\s+(?:and\s+)?(?={UPPER})(?P<name>[^,;()\n]{{5,60}}(?:,\s[A-Z]{{2,5}})?),\s+an?\s"
)
_OWNED = re.compile(
    r"(?i)\b(?:subsidiar(?:y|ies)|division|affiliates?|successor|branch|unit|behalf|assignee|parent"
    r"|administrator|trustee|represented|owned|controlled|known|agent|member|manager|advis[eo]r"
    r"|general\s+partner)\b[\w\s,-]{0,24}?\b(?:of|to|for|by|as|in\s+interest)\s+(?:the\s+)?$"
)
_NO_NAME = re.compile(
    r"(?i)\b(?:agreement|amendment|contract|undersigned|schedule|exhibit|section)\b"
)
_MOST_WORDS = 10
_BACK = 60


def slot_name(text: str, head: int, end: int, *, follows: bool) -> tuple[int, int] | None:
    """The capitalised words at the place of a party's name.

    Args:
        text: The text.
        head: End of the definition before, or where to begin.
        end: Where the party's own definition begins.
        follows: Whether the definition before is another party's, so that a name may follow.
    """
    openers = [match.end() for match in _OPENERS.finditer(text, head, end)]
    starts = [openers[-1]] if openers else [head] if follows else []
    for start in starts:
        glue = _GLUE.match(text, start, end)
        run = _RUN.match(text, glue.end() if glue else start, end)
        if run is not None and _is_name(run["name"]):
            return run.start(), run.end()
    if not follows:
        return None
    direct = _DIRECT.search(text, max(head, end - _BACK), end)
    if direct is not None and _is_name(direct["name"]):
        return direct.span("name")
    named = [m for m in _APPOSITIVE.finditer(text, head, end) if _is_name(m["name"])]
    return named[-1].span("name") if named and " " in named[-1]["name"] else None


def is_owned(text: str, start: int) -> bool:
    """Whether a name only says whose subsidiary, division or agent the party is."""
    return bool(_OWNED.search(text[max(0, start - _BACK) : start]))


def _is_name(words: str) -> bool:
    first = words.split()[0].casefold().strip(".,")
    return not (
        first in ("the", *party_data()["words"]["never_first"])
        or is_place(words)
        or is_role(words)
        or _NO_NAME.search(words)
        or len(words) < 3
        or len(words.split()) > _MOST_WORDS
    )
