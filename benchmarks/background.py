"""How one-sided real contracts are: ``python benchmarks/background.py CUAD [--write]``.

Scans every contract of CUAD's training set (CC BY 4.0, The Atticus Project) that has two parties,
once for each of them. The two balances must be opposite, so that nothing leans to a side by itself.
``--write`` puts quantiles of their size, by kind of deal, into ``clausescan/data/background.toml``.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from clausescan import scan
from clausescan.errors import ClausescanError
from clausescan.report import Report

DATA = Path(__file__).parents[1] / "clausescan" / "data" / "background.toml"
FEWEST = 20
"""Contracts of a kind below which it is compared with all kinds."""
STEPS = 20
HEAD = """\
# How one-sided real contracts are: quantiles of the size of the balance, from the smallest to the
# largest, by kind of deal; "" is all kinds. Written by benchmarks/background.py from the training
# contracts of CUAD (CC BY 4.0, The Atticus Project): mostly United States filings, few with China.
"""


def balances(folder: Path) -> Iterator[tuple[str, float, float]]:
    """For each contract with two parties its kind and the balance for either as ours."""
    for path in sorted(folder.joinpath("txt").iterdir()):
        try:
            names = [party.name for party in scan(path).parties]
            if len(names) != 2:
                continue
            reports = [scan(path, us=name) for name in names]
        except ClausescanError as error:
            print(error)
            continue
        values = [_for_us(one) for one in reports]
        if reports[0].ours != reports[1].ours and None not in values:
            yield reports[0].document.archetype, values[0] or 0.0, values[1] or 0.0


def _for_us(report: Report) -> float | None:
    """The balance, positive where our side is bound; in reports, where the foreign one is."""
    foreign = {party.id for party in report.parties if party.side == "foreign"}
    balance = report.summary.balance
    return balance if balance is None or not foreign or foreign & {*report.ours} else -balance


def main() -> None:
    """Print the symmetry and the quantiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = list(balances(options.cuad))
    both = [value for _, *pair in found for value in pair]
    uneven = sum(abs(first + second) > 1 for _, first, second in found)
    for kind, first, second in found:
        if abs(first + second) > 1:
            print("not opposite:", kind, first, second)
    print(
        f"{len(found)} contracts; mean balance {statistics.fmean(both):+.2f}, not opposite {uneven}"
    )
    sizes = defaultdict(list)
    for kind, first, _ in found:
        for name in {"", kind}:
            sizes[name].append(abs(first))
    parts = [HEAD]
    for kind, values in sorted(sizes.items()):
        if len(values) >= FEWEST:
            steps = np.quantile(values, np.linspace(0, 1, STEPS + 1)).round(1).tolist()
            print(kind or "all", len(values), steps)
            parts.append(
                f'[[background]]\nkind = "{kind}"\ncontracts = {len(values)}\nsizes = {steps}\n'
            )
    if options.write:
        DATA.write_text("\n".join(parts), "utf8")


if __name__ == "__main__":
    main()
