"""Norms in form that only state something: warranties of fact, and what papers do.

"Supplier warrants that the goods will run" and "(b) the site will work", below "Supplier represents
that:", tell how things are. "The terms of this Agreement shall prevail" commands nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausescan.pipeline.actors import Mention, ends_with
from clausescan.pipeline.bearers_en import is_passive, names_subject
from clausescan.pipeline.triggers import Trigger

_FACT = re.compile(
    r"\b(?:represents?|warrants?|acknowledges?|confirms?|recogni[sz]es?|certif(?:y|ies))"
    r"(?:(?!\b(?:agree|covenant|undertak|promis)\w*)[^;.:]){0,60}?\bthat\b(?P<said>[^;.]{0,200})$",
    re.IGNORECASE,
)
_OWN_ACT = re.compile(r"\b(?:it|they|he|she|we)\s+(?:\w+ly\s+)?(?:shall|will|may)\b", re.I)
_FACT_LEAD = re.compile(
    r"\b(?:represents?|warrants?|acknowledges?|confirms?|certif(?:y|ies))\b[^.;]{0,160}"
    r"(?:\b(?:that|follows?|following)\b\W*|:\s*)$",
    re.IGNORECASE,
)
_VOWS_TO_ACT = re.compile(r"\b(?:agree|covenant|undertak|promis|shall|will|must)", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:^|[,;:]\s|\bthat\s|\band\s)[^\w\"“]*(?:(?:the|this|these|such|any|all|each|no|said|other)\s+)*"
    r"(?:[\w-]+\s+){0,2}?(?:agreement|contract|section|clause|article|provisions?|terms?|headings?"
    r"|waivers?|termination|expiration|expiry|failure|delay|annex|exhibit|schedule|warrant(?:y|ies)"
    r"|representations?|certificates?|definitions?|remed(?:y|ies)|invalidity|issuance)"
    r"(?:\s+(?:of|to|in|under|by|hereof|herein|contained|set)\b[^,;.]{0,160})?\s*$",
    re.IGNORECASE,
)
_DOES = re.compile(r"\s+(?:not\s+|also\s+|\w+ly\s+)*(?:(?!be\b)[a-z]+|be\s+(?:the|an?|that)\b)")
_RULES = frozenset({"duty", "ban"})


def is_statement(sentence: str, trigger: Trigger, mentions: Sequence[Mention]) -> bool:
    """Whether an English duty or ban in form binds nobody to act.

    Args:
        sentence: Its sentence.
        trigger: Its trigger.
        mentions: Parties in the sentence, in order.
    """
    if trigger.rule not in _RULES or names_subject(sentence, trigger, mentions):
        return False
    fact = ends_with(sentence, _FACT, trigger.start)
    if fact is not None:
        return not _OWN_ACT.search(fact["said"])
    return (
        not is_passive(sentence, trigger)
        and bool(_DOES.match(sentence, trigger.end))
        and ends_with(sentence, _PAPER, trigger.start) is not None
    )


def may_be_stated(sentence: str, trigger: Trigger) -> bool:
    """Whether a list item below "represents that:" is one of the facts.

    "The plan will be carried out" is; "disputes shall be settled by …" is law, wherever it stands.
    """
    legislates = sentence[trigger.start :].casefold().startswith("shall")
    return trigger.rule in _RULES and not (legislates and is_passive(sentence, trigger))


def leads_statements(words: str) -> bool:
    """Whether the items below such a lead-in state facts: "Supplier represents that:"."""
    lead = ends_with(words, _FACT_LEAD)
    return lead is not None and not _VOWS_TO_ACT.search(lead[0])
