"""Who is "us" and who is "them"; the caller's word wins, else the foreign side is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausescan.contract import Contract, Party
from clausescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is compared with whom.

    Attributes:
        us: Ids of the parties for whom the report is made.
        them: Ids of the parties on the other side.
        positive: The side whose burdens count as positive in scores: the foreign one, else us.
        foreign: Ids of the parties known to be foreign.
        known: Whether the sides are sure enough to score.
        nations: Whether the positive side is foreign or the other one Chinese.
        confidence: That the roles are right, 0 to 1.
    """

    us: frozenset[str]
    them: frozenset[str]
    positive: frozenset[str]
    foreign: frozenset[str]
    known: bool
    nations: bool
    confidence: float

    @property
    def negative(self) -> frozenset[str]:
        """The side whose burdens count as negative in scores."""
        return (self.us | self.them) - self.positive


def find_sides(contract: Contract, us: str = "") -> Sides:
    """Who is "us" and who is "them".

    Args:
        contract: The contract.
        us: Id of a party on our side; by default the foreign side is ours.

    Raises:
        UsageError: `us` is no party of the contract.
    """
    own = contract.party_by_id.get(us)
    if us and own is None:
        names = ", ".join(party.id for party in contract.parties)
        raise UsageError(f"there is no party {us!r}; choose one of {names or 'none'}")
    groups = {
        side: frozenset(party.id for party in contract.parties if party.side == side)
        for side in ("foreign", "chinese")
    }
    if own is not None:
        return _chosen_sides(contract, own, groups)
    if not contract.sides_known:
        return _unknown_sides(contract, groups["foreign"])
    sure = [max(p.confidence for p in contract.parties if p.side == side) for side in groups]
    foreign = groups["foreign"]
    return Sides(foreign, groups["chinese"], foreign, foreign, True, True, min(sure))


def _chosen_sides(contract: Contract, own: Party, groups: Mapping[str, frozenset[str]]) -> Sides:
    """The caller's word always wins; everybody else, but a joint venture, is the other side."""
    us = groups.get(own.side, frozenset({own.id}))
    others = {party.id for party in contract.parties if party.side != "jv"}
    them = frozenset(others - us)
    positive = them if own.side == "chinese" else us
    nations = own.side in groups
    return Sides(us, them, positive, groups["foreign"], bool(them), nations, 1.0)


def _unknown_sides(contract: Contract, foreign: frozenset[str]) -> Sides:
    ids = [party.id for party in contract.parties if party.side != "jv"]
    first = frozenset(ids[:1])
    confidence = min((party.confidence for party in contract.parties), default=0.0)
    others = frozenset(ids[1:])
    return Sides(first, others, first, foreign, False, False, min(confidence, 0.5))


def named_party(contract: Contract, text: str) -> str:
    """The party that a name or alias at the end of a text means, or ""."""
    lowered = text.removeprefix("seat:").lower()
    best, found = 0, ""
    for party in contract.parties:
        for name in (*party.aliases, party.name):
            if len(name) > best and lowered.endswith(name.lower()):
                best, found = len(name), party.id
    return found
