"""Limits as a tree: portfolio > group > customer > facility > product (额度树).

A node's available amount = amount - outstanding - in flight - frozen. A drawdown must fit every
node from the root to its leaf, so what a customer may draw is the least of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.money import Currency
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)


class Level(StrEnum):
    """The levels of the tree, from the root down."""

    PORTFOLIO = "portfolio"
    GROUP = "group"
    CUSTOMER = "customer"
    FACILITY = "facility"
    PRODUCT = "product"

    @property
    def depth(self) -> int:
        """How far from the root; a child always lies deeper than its parent."""
        return list(Level).index(self)


class NodeState(StrEnum):
    """Whether a node gives anything."""

    ACTIVE = "active"
    FROZEN = "frozen"
    CLOSED = "closed"


class UseState(StrEnum):
    """A use from the approval of a drawdown on: reserved, then consumed or released."""

    RESERVED = "reserved"
    CONSUMED = "consumed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Node:
    """One limit. Amounts in `currency`; `frozen` is the part that may not be used for now.

    `valid_to_on` is the last day anything may be reserved; None: until it is closed.
    """

    id: UUID
    level: Level
    name: str
    amount: Decimal
    frozen: Decimal
    currency: Currency
    revolving: bool
    state: NodeState
    valid_from_on: date
    valid_to_on: date | None = None
    product_code: str | None = None
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A drawdown's use of a limit. `outstanding` is what of it is owed now."""

    amount: Decimal
    outstanding: Decimal
    state: UseState


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on one node: the sums over all uses at or under it.

    `drawn` is all that was ever drawn, `outstanding` what of it is still owed.
    """

    drawn: Decimal = _NOTHING
    outstanding: Decimal = _NOTHING
    in_flight: Decimal = _NOTHING


def load_of(uses: Iterable[Use]) -> Load:
    """The sums of some uses; released ones weigh nothing."""
    drawn = outstanding = in_flight = _NOTHING
    for use in uses:
        if use.state is UseState.RESERVED:
            in_flight += use.amount
        elif use.state is UseState.CONSUMED:
            drawn += use.amount
            outstanding += use.outstanding
    return Load(drawn, outstanding, in_flight)


def used(node: Node, load: Load) -> Decimal:
    """What is used of a node. Repaid principal can be drawn again only where it revolves."""
    taken = load.outstanding if node.revolving else max(load.drawn, load.outstanding)
    return taken + load.in_flight


def available(node: Node, load: Load, today: date) -> Decimal:
    """What a node still gives on a day; never below 0, nothing while it is frozen or not valid."""
    if _closed_for(node, today) is not None:
        return _NOTHING
    return max(node.amount - node.frozen - used(node, load), _NOTHING)


def available_on_path(path: Sequence[tuple[Node, Load]], today: date) -> Decimal:
    """What may be drawn at the end of a path: the least its nodes give. Range: a node at least."""
    return min(available(node, load, today) for node, load in path)


def refuse_above(path: Sequence[tuple[Node, Load]], amount: Decimal, today: date) -> None:
    """Refuse a drawdown that one node of the path cannot carry, by the node and the shortage.

    Violations: `limit.frozen`, `limit.expired`, `limit.not_yet`, `limit.closed`, `limit.short`.
    """
    for node, _ in path:
        code = _closed_for(node, today)
        if code is not None:
            day = node.valid_to_on if code == "limit.expired" else node.valid_from_on
            raise LoanRuleViolation(
                code, limit_level=node.level, node=node.name, day=day.isoformat() if day else ""
            )
    for node, load in path:
        left = available(node, load, today)
        if amount > left:
            raise LoanRuleViolation(
                "limit.short",
                limit_level=node.level,
                node=node.name,
                left_amount=f"{left:f}",
                short_amount=f"{amount - left:f}",
                currency=node.currency,
            )


def _closed_for(node: Node, today: date) -> str | None:
    if node.state is NodeState.CLOSED:
        return "limit.closed"
    if node.state is NodeState.FROZEN:
        return "limit.frozen"
    if today < node.valid_from_on:
        return "limit.not_yet"
    if node.valid_to_on is not None and today > node.valid_to_on:
        return "limit.expired"
    return None
