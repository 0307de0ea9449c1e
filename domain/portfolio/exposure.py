"""One note as the portfolio sees it, and how good the book is as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.classification import FiveClass
from domain.scoring import GRADES

_NOTHING = Decimal(0)
UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A note on a day, with whose it is. Amounts in the note's own currency.

    `grade_then` is the customer's grade when the note was drawn, `grade` today's; None: not rated.
    `undrawn` is what may still be drawn under its contract.
    `falls_due`: (day, principal due on it), not yet paid, by day.
    """

    loan_id: UUID
    customer_id: UUID
    currency: str
    outstanding: Decimal
    days_past_due: int = 0
    five_class: FiveClass = FiveClass.NORMAL
    undrawn: Decimal = _NOTHING
    yearly_rate: Decimal = _NOTHING
    industry: str | None = None
    region: str | None = None
    group: str | None = None
    grade: str | None = None
    grade_then: str | None = None
    drawn_on: date | None = None
    falls_due: tuple[tuple[date, Decimal], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book: how many notes and how much. `share` of the whole, 0 to 1."""

    code: str
    notes: int
    outstanding: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the book of one currency is. Ratios are fractions of the outstanding principal.

    `npl_ratio`: notes in the three bad classes (不良率). `par_30`: notes any day more than 30 past
    due, with their whole balance (PAR30). Both 0 for an empty book. Rounding: none.
    """

    notes: int
    outstanding: Decimal
    bad: Decimal
    late_30: Decimal
    classes: tuple[Part, ...]

    @property
    def npl_ratio(self) -> Decimal:
        """Bad principal by all principal."""
        return share_of(self.bad, self.outstanding)

    @property
    def par_30(self) -> Decimal:
        """Principal of notes more than 30 days past due by all principal."""
        return share_of(self.late_30, self.outstanding)


def quality_of(book: Iterable[Exposure]) -> Quality:
    """The quality of notes of one currency."""
    notes = tuple(book)
    whole = total(notes)
    classes = tuple(
        part_of(found.value, [note for note in notes if note.five_class is found], whole)
        for found in FiveClass
    )
    return Quality(
        len(notes),
        whole,
        total(note for note in notes if note.five_class.is_bad),
        total(note for note in notes if note.days_past_due > 30),
        classes,
    )


def part_of(code: str, notes: Iterable[Exposure], whole: Decimal) -> Part:
    """A named part of a book with so much outstanding."""
    found = tuple(notes)
    amount = total(found)
    return Part(code, len(found), amount, share_of(amount, whole))


def total(notes: Iterable[Exposure]) -> Decimal:
    """The principal of notes of one currency."""
    return sum((note.outstanding for note in notes), _NOTHING)


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """A part of a whole as a fraction; 0 of nothing."""
    return part / whole if whole else _NOTHING


def notches_down(before: str | None, now: str | None) -> int:
    """How many grades were lost; below 0 where some were won, 0 where either is not known."""
    if before not in GRADES or now not in GRADES:
        return 0
    return GRADES.index(now) - GRADES.index(before)
