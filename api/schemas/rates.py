"""Indices and fixings as programs ask for them and are told them. Rates are yearly fractions."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.changes import Day
from api.schemas.loans import NameTold
from api.schemas.strict import Asked, Code, Name, Told

_RATE = r"^-?[0-9](\.[0-9]{1,8})?$"


def _rate(value: object) -> object:
    """A rate comes as text; it may lie below zero."""
    if isinstance(value, str) and re.fullmatch(_RATE.strip("^$"), value):
        return Decimal(value)
    raise PydanticCustomError("rule:rate.range", "rule")


SignedRate = Annotated[
    Decimal, BeforeValidator(_rate), WithJsonSchema({"type": "string", "pattern": _RATE})
]


class AskIndex(Asked):
    """Another published rate."""

    code: Code
    name_zh: Annotated[Name, Field(max_length=120)]
    name_en: Annotated[Name, Field(max_length=120)]


class AskFixing(Asked):
    """A fixing for another person to decide; without `effective_on` it counts from publication."""

    index: Code
    published_on: Day
    effective_on: Day | None = None
    yearly_rate: SignedRate
    source: Annotated[Name, Field(max_length=200)]


class DecideOnFixing(Asked):
    """A verdict on another person's fixing."""

    approve: bool


class FixingInForce(Told):
    """The fixing that counts today."""

    yearly_rate: Decimal
    effective_on: date
    published_on: date


class IndexTold(Told):
    """A published rate; `newest` is None where no fixing is in force yet."""

    code: str
    name: NameTold
    newest: FixingInForce | None
    loans: int


class FixingTold(Told):
    """One fixing."""

    id: UUID
    index_code: str
    published_on: date
    effective_on: date
    yearly_rate: Decimal
    source: str
    provisional: bool
    status: str
    proposer: NameTold | None
    proposed_at: datetime
    decider: NameTold | None
    decided_at: datetime | None


class ChangedLineTold(Told):
    """An instalment whose interest a fixing changes."""

    n: int
    due_on: date
    interest_before: Decimal
    interest_after: Decimal


class RepricedLoanTold(Told):
    """One loan as it is and as it would be."""

    loan_id: UUID
    case_number: str
    currency: str
    rate_before: Decimal
    rate_after: Decimal
    difference: Decimal
    lines: tuple[ChangedLineTold, ...]


class RepricingTold(Told):
    """What a fixing would do now; `after` asks for the next loans."""

    loans: tuple[RepricedLoanTold, ...]
    followers: int
    after: UUID | None


class RatesTold(Told):
    """Every index, and the fixings that wait for a verdict."""

    indices: tuple[IndexTold, ...]
    waiting: tuple[FixingTold, ...]
