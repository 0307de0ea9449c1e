"""Chance that is none: each throw follows from the seed and the name of what is thrown for.

A throw for one purpose never moves another, so a further figure of a firm leaves the rest of the
book as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

_RANGE = 2**64
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Dice:
    """Throws for one thing, named by its path from the seed on."""

    path: str

    def of(self, name: object) -> Dice:
        """The throws for a part of it."""
        return Dice(f"{self.path}/{name}")

    def throw(self, name: str) -> int:
        """A whole number from 0 to 2^64 - 1, all alike."""
        told = hashlib.blake2b(f"{self.path}:{name}".encode(), digest_size=8).digest()
        return int.from_bytes(told)

    def below(self, name: str, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        return self.throw(name) * bound // _RANGE

    def between(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible."""
        return low + self.below(name, high - low + 1)

    def chance(self, name: str, per_mille: int) -> bool:
        """Whether something happens that does so many times in a thousand."""
        return self.below(name, 1000) < per_mille

    def pick(self, name: str, among: Sequence[Choice]) -> Choice:
        """One of them."""
        return among[self.below(name, len(among))]
