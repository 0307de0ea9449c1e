"""A change of a loan as it is asked for, and what is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.strict import Asked, Comment, Paragraph, Told
from domain.accounts.events import PrepaymentChoice
from domain.changes import Change, ChangeKind
from domain.repayments import Bucket

_FIGURE = r"^[0-9]{1,13}(\.[0-9]{1,8})?$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT_MAX = 1_200


def _figure(value: object) -> object:
    """Money and rates come as text: a JSON number has lost its cents somewhere before."""
    if isinstance(value, str) and re.fullmatch(_FIGURE.strip("^$"), value):
        return Decimal(value)
    raise PydanticCustomError("rule:figure.malformed", "rule")


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("rule:date.malformed", "rule")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("rule:date.impossible", "rule") from None


def _count(rule: str) -> Callable[[object], object]:
    """A whole number within what any schedule holds, refused by its own rule."""

    def checked(value: object) -> object:
        if type(value) is not int:
            raise PydanticCustomError("rule:integer.malformed", "rule")
        if not 0 <= value <= _COUNT_MAX:
            raise PydanticCustomError(f"rule:{rule}", "rule")
        return value

    return checked


def _counted(value: object) -> object:
    """An address holds texts only: digits there stand for a number."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,4}", value):
        return int(value)
    return value


def _said(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Figure = Annotated[
    Decimal, BeforeValidator(_figure), WithJsonSchema({"type": "string", "pattern": _FIGURE})
]
Day = Annotated[date, BeforeValidator(_day)]
Instalments = Annotated[
    int, BeforeValidator(_count("change.instalments_range")), Field(ge=0, le=_COUNT_MAX)
]
Grace = Annotated[int, BeforeValidator(_count("change.grace_range")), Field(ge=0, le=_COUNT_MAX)]
Events = Annotated[int, Field(ge=0, le=1_000_000)]


class ChangeTerms(Asked):
    """The figures of a change; a kind asks for its own."""

    kind: ChangeKind = Field(strict=False)
    effective_on: Day
    amount: Figure | None = None
    choice: PrepaymentChoice | None = Field(default=None, strict=False)
    fee: Figure = Decimal(0)
    instalments: Instalments | None = None
    yearly_rate: Figure | None = None
    first_due_on: Day | None = None
    principal_grace: Grace = 0
    bucket: Bucket | None = Field(default=None, strict=False)
    interest_too: bool = False
    overdue_too: bool = True
    guarantor_consents: bool = False

    def change(self) -> Change:
        """The change."""
        figures: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        return Change(**figures)


class TriedTerms(ChangeTerms):
    """The same figures as an address holds them."""

    instalments: Annotated[Instalments, BeforeValidator(_counted)] | None = None
    principal_grace: Annotated[Grace, BeforeValidator(_counted)] = 0
    interest_too: Annotated[bool, BeforeValidator(_said)] = False
    overdue_too: Annotated[bool, BeforeValidator(_said)] = True
    guarantor_consents: Annotated[bool, BeforeValidator(_said)] = False


class AskedDay(Asked):
    """The day a quote is for."""

    on: Day


class AskChange(Asked):
    """A proposal on the preview that was read."""

    terms: ChangeTerms
    reason: Paragraph
    seen_events: Events


class DecideOnChange(Asked):
    """A verdict on a proposal, on the preview that was read."""

    approve: bool
    comment: Comment = ""
    seen_events: Events


class TakeBack(Asked):
    """Taking back says nothing but that."""


class ChangeTold(Told):
    """A proposed change."""

    id: UUID
    kind: str
    effective_on: date
    status: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    lapses_at: datetime
    approvals: int
    quorum: int
    comment: str | None


class QuoteTold(Told):
    """What ends the loan on a day."""

    on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    fees: Decimal
    held: Decimal
    total: Decimal


class SideTold(Told):
    """A row on one side of a change."""

    due_on: date
    principal: Decimal
    interest: Decimal
    late: Decimal
    fee: Decimal
    paid: Decimal
    total: Decimal
    balance_after: Decimal


class LineTold(Told):
    """A row before and after."""

    n: int
    mark: str
    before: SideTold | None
    after: SideTold | None


class TotalsTold(Told):
    """An account in a few figures."""

    outstanding: Decimal
    interest: Decimal
    late: Decimal
    open_total: Decimal
    next_due_on: date | None
    next_open: Decimal
    last_due_on: date | None
    held: Decimal
    days_past_due: int


class PreviewTold(Told):
    """What a change does; `seen_events` goes back with the proposal or verdict."""

    seen_events: int
    lines: list[LineTold]
    before: TotalsTold
    after: TotalsTold
