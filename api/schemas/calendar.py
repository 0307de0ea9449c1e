"""The working calendar as programs ask for it and are told it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.changes import Day
from api.schemas.loans import NameTold
from api.schemas.strict import Asked, Name, Told

Days = Annotated[tuple[Day, ...], Field(max_length=366)]


class AskYear(Asked):
    """A year's days for another person to decide: all weekdays off and weekend days worked."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    off: Days
    worked: Days
    official: bool
    source: Annotated[Name, Field(max_length=200)]


class DecideOnYear(Asked):
    """A verdict on another person's year."""

    approve: bool


class DaysTold(Told):
    """The days of a year that differ from the weekly rule."""

    off: tuple[date, ...]
    worked: tuple[date, ...]


class VersionTold(Told):
    """One version of a year."""

    id: UUID
    year: int
    number: int
    days: DaysTold
    official: bool
    source: str
    status: str
    effective_on: date | None
    proposer: NameTold | None
    proposed_at: datetime
    decider: NameTold | None
    decided_at: datetime | None


class CalendarTold(Told):
    """The version that rules each year, and what people proposed last."""

    years: tuple[VersionTold, ...]
    newest: tuple[VersionTold, ...]
