"""Who holds how much of whom, as one graph."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from domain.customers.dossier.parties import Party

PARTIES_MAX = 300
"""More parties than this are not followed; the graph then says that it is cut off."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A direct share: `holder` has `share` of `held`, a fraction above 0 and at most 1."""

    holder: str
    held: str
    share: Fraction


@dataclass(frozen=True)
class Ownership:
    """The parties by their key, and their direct shares in each other.

    `truncated` says that more is known than was followed.
    """

    parties: Mapping[str, Party]
    holdings: tuple[Holding, ...]
    truncated: bool = False

    def holders_of(self, held: str) -> tuple[Holding, ...]:
        """Who holds a party directly, largest share first."""
        return self._holders.get(held, ())

    def held_by(self, holder: str) -> tuple[Holding, ...]:
        """What a party holds directly, largest share first."""
        return self._held.get(holder, ())

    def above(self, target: str) -> tuple[str, ...]:
        """Every party with a share in the target, directly or through others; nearest first."""
        return tuple(_reached(target, lambda key: [one.holder for one in self.holders_of(key)]))

    def below(self, source: str) -> tuple[str, ...]:
        """Every party the source has a share in, directly or through others; nearest first."""
        return tuple(_reached(source, lambda key: [one.held for one in self.held_by(key)]))

    @cached_property
    def _holders(self) -> dict[str, tuple[Holding, ...]]:
        return _sorted(self.holdings, lambda one: one.held, lambda one: one.holder)

    @cached_property
    def _held(self) -> dict[str, tuple[Holding, ...]]:
        return _sorted(self.holdings, lambda one: one.holder, lambda one: one.held)


def _sorted(
    holdings: Iterable[Holding], by: Callable[[Holding], str], then: Callable[[Holding], str]
) -> dict[str, tuple[Holding, ...]]:
    found: dict[str, list[Holding]] = defaultdict(list)
    for one in holdings:
        found[by(one)].append(one)
    return {
        key: tuple(sorted(group, key=lambda one: (-one.share, then(one))))
        for key, group in found.items()
    }


def _reached(start: str, next_of: Callable[[str], list[str]]) -> Iterable[str]:
    """Breadth first without the start; each party once, so that a circle ends."""
    seen, waiting = {start}, deque([start])
    while waiting:
        for key in next_of(waiting.popleft()):
            if key not in seen:
                seen.add(key)
                waiting.append(key)
                yield key
