"""What a reader must be told about the parties: sides unknown, shells, codes that are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from clausescan.contract import Party
from clausescan.document import Notice
from clausescan.pipeline.nationality import valid_uscc

_CREDIT_CODE = re.compile(
    r"(?:统一社会信用代码|統一社會信用代碼|(?i:unified\s+social\s+credit\s+(?:code|identifier|number)))"
    r"[^\w\n]{0,6}(?:(?i:no\.?|number)[^\w\n]{0,3})?(?P<code>[0-9A-Za-z]{15,20})(?![0-9A-Za-z])"
)
_MAINLAND = re.compile(
    r"[+]\s?86\b|\bP\.?\s?R\.?\s?C(?:hina)?\b|\bChina\b|中国"
    r"|[\u4e00-\u9fff]{2}[省市](?!场)"
)
_NOTICES = re.compile(r"(?i)\b(?:notices?|address(?:ed)?|telephone|fax|tel)\b|通知|地址|电话")
_AROUND = 240


def party_notices(parties: Sequence[Party], text: str) -> Iterator[Notice]:
    """The notices about a contract's parties.

    Args:
        parties: With their sides.
        text: The whole document.
    """
    if len(parties) < 2:
        yield Notice(
            "parties-unknown", f"Only {len(parties)} of the parties could be found by name."
        )
    for party in parties:
        if party.side == "unknown":
            yield Notice("side-unknown", _why_unknown(party))
    for match in _CREDIT_CODE.finditer(text):
        if not valid_uscc(match["code"].upper()):
            yield Notice(
                "credit-code",
                f"The unified social credit code {match['code']} is invalid or mistyped; check it "
                "in the National Enterprise Credit Information Publicity System.",
            )
    if len(parties) > 1 and all(_is_chinese(party) for party in parties):
        yield Notice(
            "no-foreign-element",
            "All parties are mainland Chinese entities, so the deal may lack the foreign element "
            "that arbitration abroad and a foreign law need; say which party is yours with "
            "--us NAME.",
        )
    for party in parties:
        if party.nationality == "HK" and _is_reached_on_the_mainland(party, parties, text):
            yield Notice(
                "beneficial-owner",
                f'"{party.name}" is a Hong Kong company that is reached on the mainland; ask who '
                "stands behind it, and whether its group is bound too.",
            )


def _why_unknown(party: Party) -> str:
    if party.nationality == "TW":
        return (
            f'"{party.name}" is from Taiwan and on neither side by itself; '
            "say which party is yours with --us NAME."
        )
    return (
        f'The draft does not tell where "{party.name}" comes from; '
        "say which party is yours with --us NAME."
    )


def _is_chinese(party: Party) -> bool:
    return party.nationality == "CN" and party.side == "chinese"


def _is_reached_on_the_mainland(party: Party, parties: Sequence[Party], text: str) -> bool:
    """Whether a notice address or telephone number near a party's name is a mainland one."""
    others = [
        re.escape(word) for one in parties if one is not party for word in (one.name, *one.aliases)
    ]
    end = re.compile("|".join([r"\n\s*\n", *others]))
    for name in (party.name, *party.aliases):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            words = end.split(text[match.end() : match.end() + _AROUND], maxsplit=1)[0]
            place = _MAINLAND.search(words)
            before = text[max(0, match.start() - 30) : match.start()]
            if place and _NOTICES.search(before + words[: place.end()]):
                return True
    return False
