"""The watch list (关注名单): customers something speaks against, and what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.classification import FiveClass
from domain.customers import LendingStanding
from domain.portfolio.exposure import Exposure, notches_down, total


class WatchReason(StrEnum):
    """Why a customer is watched, the worst first."""

    BAD_CLASS = "bad_class"
    LOCKED = "locked"
    STOPPED = "stopped"
    OVERDUE = "overdue"
    MENTION = "mention"
    DOWNGRADED = "downgraded"
    WEAK_GRADE = "weak_grade"


WEAK = ("C", "D")
NOTCHES = 2


@dataclass(frozen=True, slots=True)
class Watched:
    """A customer as it stands; `grade_before` is the grade of a year ago."""

    customer_id: UUID
    name: str
    grade: str | None
    grade_before: str | None
    standing: str


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A watched customer, what it owes by currency, and why it is watched."""

    customer: Watched
    reasons: tuple[WatchReason, ...]
    days_past_due: int
    outstanding: tuple[tuple[str, Decimal], ...]


def watch_list(customers: Iterable[Watched], book: Iterable[Exposure]) -> tuple[WatchLine, ...]:
    """The customers with a reason, the worst reason first, then by name."""
    owed: dict[UUID, list[Exposure]] = {}
    for note in book:
        owed.setdefault(note.customer_id, []).append(note)
    lines = (_line(customer, owed.get(customer.customer_id, [])) for customer in customers)
    found = [line for line in lines if line.reasons]
    order = tuple(WatchReason)
    return tuple(sorted(found, key=lambda x: (order.index(x.reasons[0]), x.customer.name)))


def _line(customer: Watched, notes: list[Exposure]) -> WatchLine:
    late = max((note.days_past_due for note in notes), default=0)
    worst = max((note.five_class for note in notes), key=lambda c: c.rank, default=FiveClass.NORMAL)
    said = {
        WatchReason.BAD_CLASS: worst.is_bad,
        WatchReason.LOCKED: customer.standing == LendingStanding.LOCKED,
        WatchReason.STOPPED: customer.standing == LendingStanding.STOPPED,
        WatchReason.OVERDUE: late > 0,
        WatchReason.MENTION: worst is FiveClass.SPECIAL_MENTION and not late,
        WatchReason.DOWNGRADED: notches_down(customer.grade_before, customer.grade) >= NOTCHES,
        WatchReason.WEAK_GRADE: customer.grade in WEAK,
    }
    currencies = sorted({note.currency for note in notes})
    sums = tuple((name, total(n for n in notes if n.currency == name)) for name in currencies)
    return WatchLine(customer, tuple(why for why, holds in said.items() if holds), late, sums)
