"""Watching customers, as programs are told of it and ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.loans import NameTold
from api.schemas.strict import Asked, Code, Paragraph, Told
from domain.watch.events import FIELDS_MAX, EventKind
from domain.watch.signals import Colour

Fields = Annotated[dict[str, str], Field(max_length=FIELDS_MAX)]


class AlertTold(Told):
    """An alert. `days_left` in working days, below zero when overdue."""

    id: UUID
    customer_id: UUID
    customer_name: str
    signal_id: str
    colour: Colour
    signal_colour: Colour
    actual: bool
    freezes_undrawn: bool
    evidence_wanted: str
    params: dict[str, Any]
    owner_role: str
    owner: NameTold | None
    opened_at: datetime
    last_seen_at: datetime
    merged_count: int
    due_at: datetime
    days_left: int
    overdue: bool
    level: int
    action: str | None
    evidence: str | None
    closed_at: datetime | None


class AlertsTold(Told):
    """Alerts, open and most urgent first."""

    alerts: tuple[AlertTold, ...]


class AlertBoardTold(Told):
    """Open alerts of all customers: what happened apart from what may happen."""

    actual: tuple[AlertTold, ...]
    possible: tuple[AlertTold, ...]
    counts: Mapping[Colour, int]
    overdue: int


class SignalTold(Told):
    """A signal as it stands now: fires, clear or not_assessable, with the facts it misses."""

    id: str
    colour: Colour
    result: str
    missing: tuple[str, ...]


class SignalsTold(Told):
    """Every signal of the catalogue in force."""

    signals: tuple[SignalTold, ...]


class TestTold(Told):
    """A covenant on one of its dates."""

    tested_on: date
    state: str
    value: Decimal | None
    statement_year: int | None


class CovenantTold(Told):
    """A covenant with its tests, newest first."""

    id: UUID
    kind: str
    ratio: str | None
    bound: Decimal | None
    every_months: int
    first_test_on: date
    grace_days: int
    waived_to_on: date | None
    state: str
    tests: tuple[TestTold, ...]


class CovenantsTold(Told):
    """A customer's covenants."""

    covenants: tuple[CovenantTold, ...]


class MeasureTold(Told):
    """A measure of the deterioration ladder."""

    id: UUID
    loan_id: UUID | None
    case_number: str | None
    old_grade: str | None
    new_grade: str | None
    rung: str
    kind: str
    clause: str
    terms: dict[str, Any]
    status: str
    due_at: datetime
    effective_on: date | None
    change_id: str | None


class MeasuresTold(Told):
    """What the ladder suggested for a customer, undecided first."""

    measures: tuple[MeasureTold, ...]


class AskAction(Asked):
    """What is being done about an alert."""

    action: Paragraph


class AskEvent(Asked):
    """Something that happened to a customer; the same reference of a source is the same event."""

    kind: EventKind
    source: Code
    reference: Annotated[str, Field(pattern=r"^[!-~]{1,120}$")]
    happened_on: str
    before: Fields = Field(default_factory=dict)
    after: Fields = Field(default_factory=dict)


class EventTold(Told):
    """The event's own id."""

    event_id: UUID
