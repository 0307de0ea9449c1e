"""Who controls whom: a majority, held directly or through firms one controls (控制链)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from domain.customers.ownership.graph import Ownership

MAJORITY = Fraction(1, 2)
"""Control needs more than this."""


def controlled_by(graph: Ownership, party: str) -> tuple[str, ...]:
    """Every party in whose shares the party, with those it controls, has a majority.

    Each is found once, so a circle of majorities ends; the party itself is not among them.
    """
    votes: dict[str, Fraction] = {}
    controlled: list[str] = []
    waiting = [party]
    for owner in waiting:
        for one in graph.held_by(owner):
            votes[one.held] = votes.get(one.held, Fraction(0)) + one.share
            if votes[one.held] > MAJORITY and one.held != party and one.held not in controlled:
                controlled.append(one.held)
                waiting.append(one.held)
    return tuple(controlled)


def votes_in(graph: Ownership, target: str) -> Mapping[str, Fraction]:
    """The share of the target's votes each party above it commands: its own and its firms'."""
    commanded = {}
    for party in graph.above(target):
        own = {party, *controlled_by(graph, party)}
        commanded[party] = sum(
            (one.share for one in graph.holders_of(target) if one.holder in own), Fraction(0)
        )
    return commanded


def controllers_of(graph: Ownership, target: str) -> tuple[str, ...]:
    """Who controls the target and is controlled by nobody: the top of the majority chain.

    Empty without a majority, and where majorities run in a circle so that nobody is at the top.
    """
    above = graph.above(target)
    reach = {party: frozenset(controlled_by(graph, party)) for party in above}
    control = [party for party in above if target in reach[party]]
    return tuple(party for party in control if not any(party in reach[other] for other in control))


def chain_to(graph: Ownership, controller: str, target: str) -> tuple[str, ...]:
    """The firms from the controller down to the target, each under control; without the ends.

    Where the controller reaches a firm in several ways, the way of the largest share counts.
    """
    allowed = {controller, *controlled_by(graph, controller)} - {target}
    path: list[str] = []
    key = target
    while True:
        above = (one.holder for one in graph.holders_of(key) if one.holder in allowed)
        holder = next((one for one in above if one not in path), controller)
        if holder == controller:
            return tuple(reversed(path))
        path.append(holder)
        key = holder
