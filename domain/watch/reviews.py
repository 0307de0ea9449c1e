"""Periodic reviews (定期重检): how often by risk, and the days on which one is reminded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.scoring import GRADES
from domain.strict_data import StrictReader
from domain.watch.signals import Colour

_CODE = "watch.malformed"


class ReviewStatus(StrEnum):
    """Planned: its time has not come. Open: the customer is asked. Submitted: the customer
    answered and the bank looks at it. Done: closed with what it found."""

    PLANNED = "planned"
    OPEN = "open"
    SUBMITTED = "submitted"
    DONE = "done"


UNDONE = (ReviewStatus.PLANNED, ReviewStatus.OPEN, ReviewStatus.SUBMITTED)


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """One version of how reviews recur. Months between reviews; reminders in calendar days from
    the due date, the first of which opens the review."""

    version: str
    effective_on: date
    months_by_grade: Mapping[str, int]
    months_unrated: int
    months_on_alert: int
    alert_colours: frozenset[Colour]
    reminder_days: tuple[int, ...]

    def months(self, grade: str | None, alerts: Collection[Colour]) -> int:
        """Months to the next review: by grade, and no more than an open grave alert allows."""
        usual = self.months_unrated if grade is None else self.months_by_grade[grade]
        alarmed = not self.alert_colours.isdisjoint(alerts)
        return min(usual, self.months_on_alert) if alarmed else usual


def plan_from_data(data: object) -> ReviewPlan:
    """Read one version strictly. Violation: `watch.malformed` with the place."""
    reader = StrictReader(data, _CODE, "reviews")
    reader.only(
        frozenset(
            {
                "version",
                "effective_on",
                "months_by_grade",
                "months_unrated",
                "months_on_alert",
                "alert_colours",
                "reminder_days",
            }
        )
    )
    cells = StrictReader(reader.raw("months_by_grade"), _CODE, "months_by_grade")
    cells.only(frozenset(GRADES))
    days = reader.raw("reminder_days")
    if not isinstance(days, list) or not days or not all(type(day) is int for day in days):
        raise reader.refuse("reminder_days", "not_a_list")
    if days != sorted(set(days)) or days[0] >= 0:
        raise reader.refuse("reminder_days", "out_of_order")
    return ReviewPlan(
        version=reader.text("version"),
        effective_on=reader.choice("effective_on", date.fromisoformat),
        months_by_grade={grade: cells.whole(grade, 1) for grade in GRADES},
        months_unrated=reader.whole("months_unrated", 1),
        months_on_alert=reader.whole("months_on_alert", 1),
        alert_colours=frozenset(Colour(name) for name in reader.texts("alert_colours")),
        reminder_days=tuple(days),
    )
