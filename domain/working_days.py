"""A year of the working calendar: which days differ from the weekly rule, read and checked.

Source: the yearly holiday notice of the State Council's General Office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.people import Actor
from domain.violations import LoanRuleViolation

YEAR_MIN, YEAR_MAX = 2000, 2100
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.|~|至)\s*(\d{4}-\d{2}-\d{2}))?", re.ASCII)
_LINES_MAX = 400


@dataclass(frozen=True)
class DecideCalendar:
    """A verdict on another person's calendar of a year."""

    command_id: str
    version_id: UUID
    actor: Actor
    approve: bool


@dataclass(frozen=True, slots=True)
class YearDays:
    """Weekdays off (休) and weekend days worked in exchange (调休) of one year, in order.

    Violations: `calendar.year`, `calendar.other_year`, `calendar.no_exception` for a weekend day
    named as off or a weekday named as worked.
    """

    year: int
    off: tuple[date, ...]
    worked: tuple[date, ...]

    def __post_init__(self) -> None:
        if not YEAR_MIN <= self.year <= YEAR_MAX:
            raise LoanRuleViolation("calendar.year")
        if any(day.year != self.year for day in (*self.off, *self.worked)):
            raise LoanRuleViolation("calendar.other_year")
        if any(_is_weekend(day) for day in self.off):
            raise LoanRuleViolation("calendar.no_exception")
        if not all(_is_weekend(day) for day in self.worked):
            raise LoanRuleViolation("calendar.no_exception")

    @classmethod
    def of(cls, year: int, off: Iterable[date], worked: Iterable[date]) -> YearDays:
        """In order, each day once."""
        return cls(year, tuple(sorted(set(off))), tuple(sorted(set(worked))))

    @property
    def exceptions(self) -> Mapping[date, bool]:
        """The days that differ from the weekly rule, and whether each is worked."""
        return {**dict.fromkeys(self.off, False), **dict.fromkeys(self.worked, True)}


def changed_days(before: YearDays | None, after: YearDays) -> tuple[tuple[date, bool], ...]:
    """The days on which the bank would work and did not, or the reverse, in order."""
    was = before.exceptions if before is not None else {}
    will = after.exceptions
    differing = sorted(day for day in {*was, *will} if was.get(day) != will.get(day))
    return tuple((day, will.get(day, not _is_weekend(day))) for day in differing)


def read_days(text: str, *, weekdays_only: bool = False) -> tuple[date, ...]:
    """Days typed one a line, or from..to; with `weekdays_only` a stretch leaves weekends out.

    Violation: `calendar.lines`.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > _LINES_MAX:
        raise LoanRuleViolation("calendar.lines")
    return tuple(day for line in lines for day in _read_line(line, weekdays_only))


def check_ahead(changed: Sequence[tuple[date, bool]], today: date) -> None:
    """What has been lived stays as it was. Violations: `calendar.past`, `calendar.unchanged`."""
    if not changed:
        raise LoanRuleViolation("calendar.unchanged")
    if changed[0][0] <= today:
        raise LoanRuleViolation("calendar.past")


def _read_line(line: str, weekdays_only: bool) -> Iterator[date]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise LoanRuleViolation("calendar.lines")
    first, last = _day(found[1]), _day(found[2] or found[1])
    if not first <= last <= first + timedelta(days=31):
        raise LoanRuleViolation("calendar.lines")
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if not (weekdays_only and found[2] and _is_weekend(day)):
            yield day


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as impossible:
        raise LoanRuleViolation("calendar.lines") from impossible


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5
