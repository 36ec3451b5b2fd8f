"""How one-sided a contract is among real contracts of its kind; the figures are in a data file.

``benchmarks/background.py`` measures them: the balance of every contract of CUAD's training set
that has two parties, once for each of them as ours. Only the size of the balance counts; for
whom it leans is the contract's own business.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a balance stands among real contracts.

    Attributes:
        kind: Kind of deal, as `Source.archetype`; "" for all kinds together.
        contracts: Number of contracts that it is compared with.
        share: Share of them that are more even, 0 to 1.
    """

    kind: str
    contracts: int
    share: float


@dataclass(frozen=True, slots=True)
class Background:
    """Sizes of the balance of real contracts of one kind.

    Attributes:
        contracts: Their number.
        sizes: Quantiles of the size, in equal steps from the smallest to the largest.
    """

    contracts: int
    sizes: tuple[float, ...]

    def share_below(self, size: float) -> float:
        """Share of contracts whose balance is smaller, with a line between two quantiles."""
        place = bisect_left(self.sizes, size)
        if place == 0:
            return 0.0
        if place == len(self.sizes):
            return 1.0
        low, high = self.sizes[place - 1 : place + 1]
        return (place - 1 + (size - low) / (high - low)) / (len(self.sizes) - 1)


def find_standing(archetype: str, balance: float) -> Standing:
    """Where a balance stands among contracts of an archetype, or of all where these are few.

    Args:
        archetype: Kind of deal, or "".
        balance: -100 to 100.
    """
    backgrounds = load_backgrounds()
    kind = archetype if archetype in backgrounds else ""
    background = backgrounds[kind]
    return Standing(kind, background.contracts, round(background.share_below(abs(balance)), 2))


@cache
def load_backgrounds() -> Mapping[str, Background]:
    """The figures of the package, by kind of deal; "" has all."""
    data = tomllib.loads(files("clausescan").joinpath("data/background.toml").read_text("utf8"))
    return {
        item["kind"]: Background(item["contracts"], tuple(item["sizes"]))
        for item in data["background"]
    }
