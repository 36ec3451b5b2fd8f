"""Component `clausescan_norms`: duties, bans, rights and freedoms, with who bears them.

One norm a trigger. Sentences that only define, recite or describe give none; a list item without
a verb of its own inherits the bearer and modality of its lead-in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from clausescan.pipeline.actors import BOTH, UNKNOWN, ActorFinder, Context, Mention, ends_with
from clausescan.pipeline.announcements import Announcements
from clausescan.pipeline.bearers_en import bearer_en
from clausescan.pipeline.bearers_zh import bearer_zh
from clausescan.pipeline.nonbinding import TAKEN_BACK, TakenBack
from clausescan.pipeline.reading import (
    NORMS_KEY,
    Reading,
    add_spans,
    as_records,
    reading_of,
)
from clausescan.pipeline.statements import is_statement, leads_statements, may_be_stated
from clausescan.pipeline.triggers import Lexicon, Trigger, load_lexicon

_SILENT_KINDS = frozenset({"heading", "title", "recital", "signature", "note"})
_INTRO = r"\W*(?:(?:subject\s+to|for|during|unless|except|without)\b[^,;]{0,120},\s*)*"
_NOT_TO = re.compile(rf"(?i){_INTRO}not\s+to\b")
_BY_AGENT = re.compile(rf"(?i){_INTRO}by\s+(?:the\s+)?")
_BY_ITSELF = re.compile(r"^\W*(?:to\s+)?[a-z]\w+")
_NEGATED = re.compile(
    r"(?i)\b(?:neither|no)\s+(?:of\s+the\s+)?(?:part(?:y|ies)|[A-Z]\w+)"
    r"(?:\s+(?:nor|or)\s+[\w ]{2,40})?(?:\s+hereto|\s+to\s+this\s+\w+)?\s*(?:,[^,]{0,60},)?\s*$"
    r"|\b(?:in|under|at)\s+no\s+(?:event|circumstances?|time|case)\s*$"
    r"|\bneither\s[^,.;]{2,60}\snor\s[^.;]{2,80}$"
    r"|(?:^|[,;:.]\s|\band\s|\bhowever,\s)no\s(?!later|less|more|fewer|event|longer|case)"
    r"(?:(?!\b(?:shall|will|may|must|is|are|has|have)\b)[^.;,]){1,100},?\s*$"
)


_NO = re.compile(r"\bno\s")
_REPORTED = re.compile(
    r"\b(?:as|which|(?<!agree )(?<!agrees )that|such|whatever)\s+(?:the\s+)?(?:\w+\s+){0,3}$"
)
_UNDER_WHICH = re.compile(
    r"\b(?:under|on|upon|by|in|to|for|at|from|through)\s+which\s+(?:the\s+)?(?:\w+\s+){1,2}$"
)
_DECIDES = re.compile(r"(?i)\s+(?:be\s+)?(?:determin|decid|select|elect|cho|fix|set)\w*\b")


_STATED = 0.3
"""Strength of what is only stated, as for "acknowledges that"."""


@dataclass(frozen=True, slots=True)
class NormRecord:
    """A norm as found in one text; bearer and counterparty are ids of that text's parties.

    Attributes:
        start: Offset of its sentence.
        end: One past it.
        clause: Index of its clause.
        sentence: Index of its sentence.
        modality: See `clausescan.contract.Modality`.
        bearer: Party id, ``both`` or ``unknown``.
        counterparty: Likewise.
        trigger: Its words.
        at: Offset of those words; -1 where they stand in a lead-in or heading.
        strength: 0 to 1.
        condition: Words of its condition, or "".
        exception: Words of its exception, or "".
        mutual: Whether it binds all parties in the same words.
        rule: Id of the trigger rule.
    """

    start: int
    end: int
    clause: int
    sentence: int
    modality: str
    bearer: str
    counterparty: str
    trigger: str
    at: int
    strength: float
    condition: str
    exception: str
    mutual: bool
    rule: str


@dataclass(frozen=True)
class _Sentence:
    """A sentence with what all its norms share."""

    index: int
    start: int
    end: int
    clause: int
    words: str
    lexicon: Lexicon

    @cached_property
    def plain(self) -> str:
        return self.lexicon.plain(self.words)

    @cached_property
    def negates(self) -> bool:
        """Whether an English subject may be negated ("neither party", "no change")."""
        words = self.plain
        return self.lexicon.language == "en" and ("neither" in words or bool(_NO.search(words)))

    @cached_property
    def condition(self) -> str:
        return self._span(self.lexicon.condition)

    @cached_property
    def exception(self) -> str:
        return self._span(self.lexicon.exception)

    def _span(self, pattern: re.Pattern[str]) -> str:
        match = pattern.search(self.plain)
        return self.words[match.start() : match.end()].strip() if match else ""


class NormFinder:
    """Finds the norms of one text."""

    def __init__(
        self,
        text: str,
        language: str,
        clauses: Sequence[Mapping[str, Any]],
        mentions: Sequence[Mapping[str, Any]],
        parties: Sequence[str],
    ) -> None:
        self._text = text
        self._language = language
        self._clauses = clauses
        self._actors = ActorFinder(mentions, language)
        self._announcements = Announcements(text, language, clauses, mentions)
        self._parties = parties
        self._lexicon: Lexicon = load_lexicon(language)
        self._taken_back = TakenBack(text, language)
        self._last: dict[int, NormRecord] = {}

    def find(self, sentences: Sequence[Mapping[str, Any]]) -> Iterator[NormRecord]:
        """Norms in reading order."""
        topic: tuple[int, str] = (-1, "")
        for index, sentence in enumerate(sentences):
            clause_index = sentence["clause"]
            clause = self._clauses[clause_index]
            if sentence["is_heading"] or clause["kind"] in _SILENT_KINDS:
                continue
            context = Context(self._lead_in(clause), topic[1] if topic[0] == clause_index else "")
            start, end = sentence["start"], sentence["end"]
            words = self._text[start:end]
            one = _Sentence(index, start, end, clause_index, words, self._lexicon)
            norms = list(self._norms(one, context))
            if norms:
                self._last[clause_index] = norms[-1]
                named = [norm.bearer for norm in norms if norm.bearer != UNKNOWN]
                topic = (clause_index, named[0] if named else context.topic)
            elif self._language == "zh" and sentences[index + 1 : index + 2]:
                goes_on = sentences[index + 1]["clause"] == clause_index
                if goes_on and (opener := self._opener(one)):
                    topic = (clause_index, opener)
            yield from norms

    def _opener(self, sentence: _Sentence) -> str:
        """The party that a sentence without a norm begins with: the topic of the next."""
        named = self._actors.find(sentence.start, sentence.end, sentence.plain)
        opens = named and not named[0].start and named[0].party != "other"
        return named[0].party if opens else ""

    def _norms(self, sentence: _Sentence, context: Context) -> Iterator[NormRecord]:
        words = sentence.words
        triggers = list(self._lexicon.find(words, sentence.plain))
        if not triggers:
            inherited = self._inherited(sentence)
            if inherited is not None:
                yield inherited
            return
        mentions = self._actors.find(sentence.start, sentence.end, sentence.plain)
        find = bearer_zh if self._language == "zh" else bearer_en
        previous: tuple[int, str] | None = None
        for position, trigger in enumerate(triggers):
            if self._is_reported(words, trigger):
                continue
            bearer = self._named(find(words, trigger, mentions, previous, context))
            stop = triggers[position + 1].start if position + 1 < len(triggers) else len(words)
            yield self._record(sentence, trigger, bearer, mentions, stop)
            previous = (trigger.end, bearer)

    def _record(
        self,
        sentence: _Sentence,
        trigger: Trigger,
        bearer: str,
        mentions: Sequence[Mention],
        stop: int,
    ) -> NormRecord:
        words, condition = sentence.words, sentence.condition
        modality, strength = self._lexicon.settle(trigger, sentence.plain, stop)
        decides = modality == "obligation" and _DECIDES.match(words, trigger.end)
        if decides and self._lexicon.discretion.search(sentence.plain, trigger.end, stop):
            modality, strength = "discretion", 1.0
        if self._language == "en" and self._states(sentence, trigger, bearer, mentions):
            modality, strength = "declaration", _STATED
            bearer = bearer if bearer != UNKNOWN else self._stater(sentence) or UNKNOWN
        elif sentence.negates and ends_with(words, _NEGATED, trigger.start):
            modality, strength = _negated(modality, strength, words[trigger.start :])
        if modality == "obligation" and self._taken_back.weakens(
            sentence.plain[trigger.start : stop]
        ):
            strength = min(strength, TAKEN_BACK)
        counterparty = self._counterparty(bearer, mentions)
        if condition and self._controlled_by(counterparty, condition, mentions, words):
            strength *= 0.7
        return NormRecord(
            sentence.start,
            sentence.end,
            sentence.clause,
            sentence.index,
            modality,
            bearer,
            counterparty,
            words[trigger.start : trigger.end].strip(),
            sentence.start + trigger.start,
            round(strength, 3),
            condition,
            sentence.exception,
            bearer == BOTH,
            trigger.rule,
        )

    def _states(
        self, sentence: _Sentence, trigger: Trigger, bearer: str, mentions: Sequence[Mention]
    ) -> bool:
        """Whether a norm in form only states something, by itself or below its lead-in."""
        stated = bearer == UNKNOWN and may_be_stated(sentence.words, trigger)
        if stated and self._stater(sentence):
            return True
        return is_statement(sentence.words, trigger, mentions)

    def _stater(self, sentence: _Sentence) -> str:
        """Who states what a list item says, if its lead-in is a statement, or ""."""
        parent = self._clauses[sentence.clause]["parent"]
        if parent < 0 or not self._clauses[parent]["lead_in"] or parent not in self._last:
            return ""
        above = self._clauses[parent]
        stated = leads_statements(self._text[above["start"] : above["end"]].rstrip())
        return self._last[parent].bearer if stated else ""

    def _inherited(self, sentence: _Sentence) -> NormRecord | None:
        """A list item's norm: its lead-in's, or the duty its heading announces."""
        clause = self._clauses[sentence.clause]
        parent = clause["parent"]
        if sentence.start != clause["start"] or (parent < 0 and self._language == "en"):
            return None
        has_lead = parent >= 0 and self._clauses[parent]["lead_in"]
        lead = self._last.get(parent) if has_lead else None
        if lead is not None:
            return self._item(sentence, lead)
        announced = self._announcements.of(clause)
        if announced is None or not (self._language == "zh" or _BY_ITSELF.match(sentence.words)):
            return None
        bearer, modality = announced
        strength = 0.9 if modality == "obligation" else 0.8
        return NormRecord(
            sentence.start, sentence.end, sentence.clause, sentence.index, modality, bearer,
            self._counterparty(bearer, ()), clause["heading"], -1, strength, sentence.condition,
            sentence.exception, bearer == BOTH, "heading",
        )  # fmt: skip

    def _item(self, sentence: _Sentence, lead: NormRecord) -> NormRecord:
        """The norm of a list item below its lead-in ("not to …", "by Vendor, if …")."""
        item = replace(
            lead,
            start=sentence.start,
            end=sentence.end,
            clause=sentence.clause,
            sentence=sentence.index,
            exception=sentence.exception,
            at=-1,
            rule="lead-in",
        )
        if _NOT_TO.match(sentence.words) and lead.modality == "obligation":
            item = replace(item, modality="prohibition", strength=1.0)
        agent = _BY_AGENT.match(sentence.words)
        if agent and lead.bearer == UNKNOWN:
            mentions = self._actors.find(sentence.start, sentence.end, sentence.plain)
            named = next((m.party for m in mentions if m.start <= agent.end()), UNKNOWN)
            item = replace(
                item,
                bearer=self._named(named),
                counterparty=self._counterparty(self._named(named), mentions),
                mutual=named == BOTH,
            )
        return item

    def _lead_in(self, clause: Mapping[str, Any]) -> str:
        """Bearer that the items of a list inherit from the words above them."""
        parent = clause["parent"]
        if parent >= 0 and self._clauses[parent]["lead_in"] and parent in self._last:
            bearer = self._last[parent].bearer
            if bearer != UNKNOWN:
                return bearer
        announced = self._announcements.of(clause)
        return announced[0] if announced else ""

    def _named(self, bearer: str) -> str:
        if not bearer.startswith("not:"):
            return bearer if bearer != "other" else UNKNOWN
        others = [party for party in self._parties if party != bearer[4:]]
        return others[0] if len(others) == 1 else UNKNOWN

    def _counterparty(self, bearer: str, mentions: Sequence[Mention]) -> str:
        if bearer in (BOTH, UNKNOWN):
            return bearer
        others = [party for party in self._parties if party != bearer]
        if len(others) == 1:
            return others[0]
        named = [mention.party for mention in mentions if mention.party in others]
        return named[0] if named else UNKNOWN

    def _controlled_by(
        self, party: str, condition: str, mentions: Sequence[Mention], words: str
    ) -> bool:
        """Whether a condition lies in the hands of the other side."""
        at = words.find(condition)
        return party not in (BOTH, UNKNOWN) and any(
            mention.party == party and at <= mention.start < at + len(condition)
            for mention in mentions
        )

    def _is_reported(self, words: str, trigger: Trigger) -> bool:
        """Whether the trigger stands in a clause about a norm ("as X may require")."""
        if trigger.rule not in ("may", "duty") or self._language == "zh":
            return False
        head = words[max(0, trigger.start - 40) : trigger.start]
        if _UNDER_WHICH.search(head):
            return True
        if trigger.rule != "may":
            return False
        return bool(_REPORTED.search(head))


class Norms:
    """Writes norms to ``doc.spans["norms"]``; ``attrs["norms"]`` holds one record a span."""

    def __init__(self, language: str, *, spans_key: str = NORMS_KEY) -> None:
        self.language = language
        self.spans_key = spans_key

    def read(self, reading: Reading) -> None:
        """Find the norms of one text."""
        parties = [party["id"] for party in reading.parties]
        finder = NormFinder(reading.text, self.language, reading.clauses, reading.mentions, parties)
        reading.norms = as_records(list(finder.find(reading.sentences)))

    def __call__(self, doc: Doc) -> Doc:
        """Find the norms of a `Doc`."""
        reading = reading_of(doc)
        self.read(reading)
        add_spans(doc, self.spans_key, reading.norms, label="modality")
        return doc


@Language.factory(
    "clausescan_norms",
    assigns=["doc.spans"],
    default_config={"spans_key": NORMS_KEY},
)
def make_norms(nlp: Language, name: str, spans_key: str) -> Norms:
    """The norm component for a pipeline's own language."""
    return Norms(nlp.lang or "en", spans_key=spans_key)


def _negated(modality: str, strength: float, rest: str) -> tuple[str, float]:
    """What "neither party" or "in no event" makes of a norm."""
    if re.match(r"\s*(?:[\w’']+\s+){0,4}?be\s+(?:liable|responsible|obliged|required)", rest):
        return "exemption", 0.8
    return (
        ("prohibition", 1.0)
        if modality in ("obligation", "permission", "entitlement")
        else (modality, strength)
    )
