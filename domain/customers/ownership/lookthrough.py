"""The share each party has in a firm through all others (穿透持股), exact also in circles.

Unit: a fraction. Range: 0 to 1. Rounding: none.

A party's share is what reaches it of one whole when every firm on the way passes its own whole on
to its holders in their shares. Along a path the shares are multiplied, over paths they are added.
In a circle the paths never end, so their sum is the solution of a linear system over the knot's
few parties; a party of a circle is counted the first time it is reached, or it would be counted
with what it holds of itself. Where a knot is held by nobody outside it the system has no single
solution: its parties are undetermined, and a person must look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.customers.ownership.circles import knots
from domain.customers.ownership.graph import Ownership

KNOT_MAX = 40
"""A larger knot of circular holdings is left undetermined: an exact solution takes the cube."""


@dataclass(frozen=True, slots=True)
class LookThrough:
    """The effective shares by party, and the parties whose share cannot be determined."""

    shares: Mapping[str, Fraction]
    undetermined: frozenset[str] = frozenset()


def look_through(graph: Ownership, target: str) -> LookThrough:
    """The effective share of every party above the target.

    Who holds a party that is undetermined is undetermined too.
    """
    above = frozenset(graph.above(target))
    gross: dict[str, Fraction] = {}
    shares: dict[str, Fraction] = {}
    undetermined: set[str] = set()
    for knot in knots(graph, above):
        reached = _reached_from_below(graph, target, knot, gross)
        blind = any(one.held in undetermined for key in knot for one in graph.held_by(key))
        solved = None if blind or len(knot) > KNOT_MAX else _solve(graph, knot, reached)
        if solved is None:
            undetermined.update(knot)
            continue
        for key, (whole, returning) in zip(knot, solved, strict=True):
            gross[key] = whole
            shares[key] = whole / returning
    return LookThrough(shares, frozenset(undetermined))


def _reached_from_below(
    graph: Ownership, target: str, knot: Sequence[str], gross: Mapping[str, Fraction]
) -> list[Fraction]:
    """What comes to each party of a knot from the target and from parties already solved."""
    passed = {target: Fraction(1), **{key: gross[key] for key in gross if key not in knot}}
    return [
        sum(
            (one.share * passed[one.held] for one in graph.held_by(key) if one.held in passed),
            Fraction(0),
        )
        for key in knot
    ]


def _solve(
    graph: Ownership, knot: Sequence[str], reached: Sequence[Fraction]
) -> list[tuple[Fraction, Fraction]] | None:
    """For each party what reaches it over all ways, and how often one comes back to it.

    Solves (I - D) x = reached together with the inverse's diagonal. None without a solution.
    """
    size = len(knot)
    place = {key: index for index, key in enumerate(knot)}
    rows = []
    for index, key in enumerate(knot):
        row = [Fraction(index == column) for column in range(size)]
        for one in graph.held_by(key):
            if one.held in place:
                row[place[one.held]] -= one.share
        unit = [Fraction(index == column) for column in range(size)]
        rows.append([*row, reached[index], *unit])
    if not _eliminate(rows, size):
        return None
    return [(row[size], row[size + 1 + index]) for index, row in enumerate(rows)]


def _eliminate(rows: list[list[Fraction]], size: int) -> bool:
    """Gauss-Jordan in place, exact; False where the rows have no single solution."""
    for column in range(size):
        pivot = next((index for index in range(column, size) if rows[index][column]), None)
        if pivot is None:
            return False
        rows[column], rows[pivot] = rows[pivot], rows[column]
        first = rows[column][column]
        rows[column] = [value / first for value in rows[column]]
        for index in range(size):
            factor = rows[index][column]
            if index != column and factor:
                rows[index] = [
                    value - factor * above
                    for value, above in zip(rows[index], rows[column], strict=True)
                ]
    return True
