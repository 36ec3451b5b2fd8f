"""The contract in one sentence; the same words for the same figures, no hedging."""

from __future__ import annotations

from collections.abc import Sequence

from clausescan.contract import Contract
from clausescan.findings import Finding
from clausescan.findings.sides import Sides
from clausescan.findings.weights import load_weights


def write_verdict(
    contract: Contract,
    findings: Sequence[Finding],
    sides: Sides,
    balance: float | None,
    *,
    unread: bool,
) -> str:
    """One sentence: who is bound, by what, and how many findings stand against us.

    Args:
        contract: The contract.
        findings: All findings, worst first.
        sides: Who is compared with whom.
        balance: -100 to 100, positive where the positive side is bound; None if not known.
        unread: Whether too much of the file was not read to rely on it.
    """
    if balance is None:
        return "Cannot say who is who: name our side and scan again."
    counts = _counts(findings)
    ours = [finding for finding in findings if finding.hurts_us]
    worst = "; ".join(
        f"{item.title[0].lower()}{item.title[1:]}"
        for item in ours[:2]
        if item.severity in ("critical", "high")
    )
    start = _binding(contract, sides, balance)
    tail = f": {worst}" if worst else ""
    gap = " Parts of the file were not read." if unread else ""
    return f"{start}{tail}; {counts}.{gap}"


def _binding(contract: Contract, sides: Sides, balance: float) -> str:
    limit = load_weights().light["amber_balance"]
    bound = sides.positive if balance > 0 else sides.negative
    name = contract.party_by_id[min(bound)].name if bound else ""
    if abs(balance) >= limit:
        return f"Binds mainly {name}"
    return f"Binds {name} somewhat more" if abs(balance) >= limit / 3 else "Binds both sides alike"


def _counts(findings: Sequence[Finding]) -> str:
    ours = [finding.severity for finding in findings if finding.hurts_us]
    critical, high, medium = (ours.count(name) for name in ("critical", "high", "medium"))
    parts = [f"{n} {word}" for n, word in ((critical, "critical"), (high, "high")) if n]
    parts = parts or ([f"{medium} medium"] if medium else [])
    total = critical + high or medium
    if not parts:
        return "no findings against us"
    return f"{' and '.join(parts)} finding{'s' if total > 1 else ''} against us"
