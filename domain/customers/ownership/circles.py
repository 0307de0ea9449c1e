"""Circular ownership (循环持股): parties that hold themselves through others, found and named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from domain.customers.ownership.graph import Ownership


@dataclass(frozen=True, slots=True)
class Circle:
    """A shortest circle among parties that all hold each other, from holder to held.

    `members` are all parties of the knot, `path` one circle of it, its first party not repeated.
    `key` is the same as long as the knot's members are.
    """

    key: str
    path: tuple[str, ...]
    members: frozenset[str]


def knots(graph: Ownership, among: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The parties in groups that hold each other, held parties before their holders.

    A party in no circle is a group of its own. Tarjan's algorithm without recursion; source:
    R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
    """
    return _Walk(graph, frozenset(among)).groups()


def circles(graph: Ownership, among: Iterable[str]) -> tuple[Circle, ...]:
    """Every knot of circular ownership among the parties."""
    found = []
    for group in knots(graph, among):
        path = _shortest(graph, min(group), frozenset(group)) if len(group) > 1 else ()
        if not path and any(one.holder == group[0] for one in graph.holders_of(group[0])):
            path = (group[0],)
        if path:
            found.append(Circle(_key(group), path, frozenset(group)))
    return tuple(found)


def _key(members: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(members)).encode()).hexdigest()[:32]


def _shortest(graph: Ownership, start: str, members: frozenset[str]) -> tuple[str, ...]:
    """The shortest way from a party down through its knot and back to it."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for path in waiting:
        for one in graph.held_by(path[-1]):
            if one.held == start:
                return path
            if one.held in members and one.held not in seen:
                seen.add(one.held)
                waiting.append((*path, one.held))
    return ()


class _Walk:
    """One walk from held to holder; a group is complete when its first party is left."""

    def __init__(self, graph: Ownership, among: frozenset[str]) -> None:
        self._graph = graph
        self._among = among
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: list[str] = []
        self._found: list[tuple[str, ...]] = []

    def groups(self) -> tuple[tuple[str, ...], ...]:
        for key in sorted(self._among):
            if key not in self._index:
                self._walk(key)
        return tuple(reversed(self._found))

    def _walk(self, start: str) -> None:
        stack = [(start, iter(self._enter(start)))]
        while stack:
            key, holders = stack[-1]
            following = next(holders, None)
            if following is None:
                stack.pop()
                self._leave(key, stack[-1][0] if stack else None)
            elif following not in self._index:
                stack.append((following, iter(self._enter(following))))
            elif following in self._open:
                self._low[key] = min(self._low[key], self._index[following])

    def _enter(self, key: str) -> list[str]:
        self._index[key] = self._low[key] = len(self._index)
        self._open.append(key)
        return [one.holder for one in self._graph.holders_of(key) if one.holder in self._among]

    def _leave(self, key: str, before: str | None) -> None:
        if before is not None:
            self._low[before] = min(self._low[before], self._low[key])
        if self._low[key] == self._index[key]:
            place = self._open.index(key)
            self._found.append(tuple(self._open[place:]))
            del self._open[place:]
