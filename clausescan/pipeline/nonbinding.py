"""Figures that a contract takes back: a target somebody answers for, declared non-binding later."""

from __future__ import annotations

import re

TAKEN_BACK = 0.15
"""Strength of a duty to reach what binds nobody, as of a statement of intent."""

_NOUNS = {
    "en": r"\b(?P<noun>targets?|goals?|quotas?|objectives?|forecasts?|projections?)\b",
    "zh": r"(?P<noun>目标|指标|任务量?|预测|销售计划)",
}
_TAKEN = {
    "en": (
        r"[^.;]{0,80}?\b(?:is|are|shall|will|being|constitutes?)\b[^.;]{0,40}?"
        r"(?:\bnot\s+(?:\w+ly\s+)?binding|\bnon-?binding|\bindicative\b|\bno\s+(?:\w+\s+)?(?:obligation|commitment)"
        r"|\b(?:guidance|planning|information|orientation|reference)\s+(?:purposes\s+)?only"
        r"|\bnot\s+(?:be\s+|constitute\s+)*(?:an?\s+)?(?:obligation|commitment|guarantee))"
    ),
    "zh": (
        r"[^。；]{0,24}(?:不具(?:有|备)?(?:法律)?(?:的)?约束力|[无没]有?约束力|仅供参考|仅作参考"
        r"|仅为参考|不构成[^。；]{0,16}(?:义务|承诺|保证))"
    ),
}
_REACHES = {
    "en": re.compile(
        r"\b(?:responsible|liable|answerable|accountable)\s+for\b|\b(?:achieve|reach|meet|attain|fulfil|satisfy)"
    ),
    "zh": re.compile(r"负责|达到|达成|完成|实现|保证"),
}


class TakenBack:
    """The figures of one text that it says bind nobody."""

    def __init__(self, text: str, language: str) -> None:
        self._noun = re.compile(_NOUNS[language], re.IGNORECASE)
        self._reaches = _REACHES[language]
        taken = re.compile(_NOUNS[language] + _TAKEN[language], re.IGNORECASE)
        self._nouns = {_plain(match["noun"]) for match in taken.finditer(text)}

    def weakens(self, reach: str) -> bool:
        """Whether a duty is to reach such a figure.

        Args:
            reach: A sentence from the duty's trigger to the next one; English in lower case.
        """
        return bool(
            self._nouns
            and self._reaches.search(reach)
            and any(_plain(match["noun"]) in self._nouns for match in self._noun.finditer(reach))
        )


def _plain(noun: str) -> str:
    return noun.casefold().rstrip("s")
