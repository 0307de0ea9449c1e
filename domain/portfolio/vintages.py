"""Vintage curves (账龄分析): the share of a quarter's loans that ever ran late, by age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.portfolio.exposure import share_of

LATE_DAYS = 30
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LentNote:
    """A note as it was lent, and the first day it was more than 30 days past due, if ever."""

    drawn_on: date
    principal: Decimal
    late_on: date | None


@dataclass(frozen=True, slots=True)
class Vintage:
    """What a quarter lent. `curve[k]`: the share of it that had run late k whole months on.

    Only months that all notes of the quarter have reached are shown. Range: 0 to 1, never falling.
    """

    year: int
    quarter: int
    notes: int
    principal: Decimal
    curve: tuple[Decimal, ...]


def vintages_of(lent: Iterable[LentNote], today: date) -> tuple[Vintage, ...]:
    """The quarters in order, the oldest first. Notes of one currency."""
    quarters: defaultdict[tuple[int, int], list[LentNote]] = defaultdict(list)
    for note in lent:
        quarters[note.drawn_on.year, (note.drawn_on.month + 2) // 3].append(note)
    return tuple(_vintage(key, notes, today) for key, notes in sorted(quarters.items()))


def _vintage(key: tuple[int, int], notes: list[LentNote], today: date) -> Vintage:
    principal = sum((note.principal for note in notes), _NOTHING)
    ages = min(_months(note.drawn_on, today) for note in notes)
    curve = tuple(_late_by(notes, age, principal) for age in range(ages + 1))
    return Vintage(*key, len(notes), principal, curve)


def _late_by(notes: list[LentNote], age: int, whole: Decimal) -> Decimal:
    late = (
        note.principal
        for note in notes
        if note.late_on is not None and _months(note.drawn_on, note.late_on) <= age
    )
    return share_of(sum(late, _NOTHING), whole)


def _months(start: date, end: date) -> int:
    """Whole months from one day to another; 0 where none is over."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months - (end.day < start.day), 0)
