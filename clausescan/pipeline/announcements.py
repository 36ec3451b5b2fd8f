"""What a heading announces for all that stands below it: "Obligations of Party B", 甲方责任."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

_DUTY_HEADING_EN = re.compile(
    r"(?i)obligations?|duties|undertakings?|responsibilit|covenants?|shall"
)
_RIGHT_HEADING_EN = re.compile(r"(?i)\brights?\b|\bpowers?\b")
_DUTY_HEADING_ZH = re.compile(r"义务|責任|责任|義務|承诺|应")
_RIGHT_HEADING_ZH = re.compile(r"权利|權利|有权")
_LONGEST_HEADING = 60


class Announcements:
    """The headings of one text that name who is bound below them."""

    def __init__(
        self,
        text: str,
        language: str,
        clauses: Sequence[Mapping[str, Any]],
        mentions: Sequence[Mapping[str, Any]],
    ) -> None:
        self._text = text
        self._language = language
        self._clauses = clauses
        self._mentions = mentions
        self._headings: dict[str, tuple[str, str] | None] = {}

    def of(self, clause: Mapping[str, Any]) -> tuple[str, str] | None:
        """Bearer and modality that a heading announces: "Obligations of Party B", 甲方责任."""
        parent = clause["parent"]
        texts = [clause["heading"]]
        if parent >= 0:
            above = self._clauses[parent]
            texts.append(self._text[above["start"] : above["end"]][:_LONGEST_HEADING])
        found = next(filter(None, map(self._announced_by, texts)), None)
        return found or self._above(clause)

    def _above(self, clause: Mapping[str, Any]) -> tuple[str, str] | None:
        """What the line before a Chinese list announces, where it is no parent of the items."""
        return self._lines.get(clause["start"]) if self._language == "zh" else None

    @cached_property
    def _lines(self) -> dict[int, tuple[str, str]]:
        """By the start of each clause, what the last line before it announces (甲方责任：)."""
        current: tuple[str, str] | None = None
        found = {}
        for clause in self._clauses:
            line = self._text[clause["start"] : clause["end"]].strip()
            if clause["kind"] != "clause" or clause["number"].endswith(("条", "章", "节")):
                current = None
            if len(line) <= _LONGEST_HEADING and line.endswith(("：", ":")):
                current = self._announced_by(line)
            elif current:
                found[clause["start"]] = current
        return found

    def _announced_by(self, text: str) -> tuple[str, str] | None:
        """What one heading announces; many clauses stand below the same."""
        if text not in self._headings:
            duty, right = (
                (_DUTY_HEADING_ZH, _RIGHT_HEADING_ZH)
                if self._language == "zh"
                else (_DUTY_HEADING_EN, _RIGHT_HEADING_EN)
            )
            binds = duty.search(text)
            named = ""
            if len(text) <= _LONGEST_HEADING and (binds or right.search(text)):
                named = self._party_in(text)
            modality = "obligation" if binds else "entitlement"
            self._headings[text] = (named, modality) if named else None
        return self._headings[text]

    def _party_in(self, text: str) -> str:
        found = {party for name, party in self._names if name in text}
        return found.pop() if len(found) == 1 else ""

    @cached_property
    def _names(self) -> set[tuple[str, str]]:
        """Every way in which the text names a party, with the party."""
        words = ((self._text[item["start"] : item["end"]], item) for item in self._mentions)
        return {
            (name.removeprefix("the ").removeprefix("The "), str(item["party"]))
            for name, item in words
        }
