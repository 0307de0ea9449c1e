"""Yearly statements of a customer as programs file them and are told them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.loans import NameTold
from api.schemas.strict import Asked, Paragraph, Told
from domain.financials.amounts import AmountUnit
from domain.financials.checks import Weight
from domain.financials.filing import YEARS_MAX
from domain.financials.ratios import RatioKind, Reason
from domain.financials.readings import StatementSource

LINES_MAX = 60
Figure = Annotated[str, Field(max_length=60)]
LineName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class AskYear(Asked):
    """One year; `lines` are decimal texts in the filing's unit, a line left out is not stated."""

    year: Annotated[int, Field(ge=0, le=9999)]
    lines: Annotated[dict[LineName, Figure], Field(max_length=LINES_MAX)]
    audited: bool = False
    auditor: Annotated[str, Field(max_length=400)] = ""
    ended_on: Annotated[str, Field(max_length=10)] = ""


class AskStatements(Asked):
    """Years to lay before a second person; `reading_id` names the file they were read from."""

    currency: Annotated[str, Field(max_length=3)]
    unit: Annotated[str, Field(max_length=12)] = AmountUnit.ONE.value
    years: Annotated[tuple[AskYear, ...], Field(min_length=1, max_length=YEARS_MAX)]
    reading_id: UUID | None = None
    reason: Paragraph


class FindingTold(Told):
    """What a person has to weigh, or what is wrong."""

    year: int
    line: str
    code: str
    weight: Weight
    message: str


class RatioTold(Told):
    """A ratio, or why it cannot be had and for want of which lines."""

    name: str
    kind: RatioKind
    formula: str
    value: Decimal | None
    reason: Reason | None
    lines: tuple[str, ...]
    averaged: bool


class YearTold(Told):
    """A year in force; amounts in the currency, whatever unit the statements were in."""

    year: int
    ended_on: date | None
    currency: str
    unit: AmountUnit
    audited: bool
    auditor: str
    lines: dict[str, Decimal]
    balances: bool | None
    ratios: tuple[RatioTold, ...]
    source: StatementSource
    reading_id: UUID | None
    proposal_id: UUID
    proposer: NameTold
    approver: NameTold
    filed_at: datetime
    known_from: datetime
    known_to: datetime | None


class StatementsTold(Told):
    """The years in force, newest first, and what is to be looked at in them."""

    years: tuple[YearTold, ...]
    findings: tuple[FindingTold, ...]


class FigureTold(Told):
    """One figure of a file in the file's own unit, its place, its row, and other figures there."""

    year: int
    line: str
    stated: Decimal
    place: str
    row: str
    others: tuple[tuple[str, Decimal], ...]


class ReadingTold(Told):
    """What a file was read as: nothing rests on it until it is filed and approved."""

    id: UUID
    source: StatementSource
    filename: str
    sha256: str
    unit: AmountUnit | None
    currency: str | None
    years: tuple[int, ...]
    audited: dict[int, bool]
    auditors: dict[int, str]
    figures: tuple[FigureTold, ...]
