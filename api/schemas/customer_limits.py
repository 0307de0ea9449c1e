"""Limits as programs are told them: a derivation, a simulation, the tree. Shares are fractions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.changes import Figure
from api.schemas.strict import Asked, Code, Told
from domain.limits import Ask, Collateral
from domain.limits.settings import TENOR_MAX
from domain.limits.simulation import Change
from domain.scoring import GRADES, ONE_YEAR_SCALE

COLLATERAL_MAX = 20
_SHARE = r"^-?[0-9]{1,2}(\.[0-9]{1,6})?$"


def _share(least: int, most: int) -> Callable[[object], object]:
    """A share comes as text, as a fraction; it may lie below zero."""

    def read(value: object) -> object:
        if isinstance(value, str) and re.fullmatch(_SHARE.strip("^$"), value):
            share = Decimal(value)
            if least <= share * 100 <= most:
                return share
        limits = {"min": str(least), "max": str(most)}
        raise PydanticCustomError("rule:share.range", "rule", limits)

    return read


def _grade(value: object) -> object:
    if isinstance(value, str) and value in GRADES:
        return value
    raise PydanticCustomError("rule:choice.unknown", "rule")


_TEXT = WithJsonSchema({"type": "string", "pattern": _SHARE})
Growth = Annotated[Decimal, BeforeValidator(_share(-100, 1000)), _TEXT]
Points = Annotated[Decimal, BeforeValidator(_share(-100, 100)), _TEXT]
Months = Annotated[int, Field(ge=1, le=TENOR_MAX)]
Grade = Annotated[str, BeforeValidator(_grade)]


class AskCollateral(Asked):
    """A thing pledged or mortgaged, at its eligible value."""

    kind: Code
    value: Figure


class AskLimit(Asked):
    """What a limit is derived for. What is left out is taken from the statements."""

    product: Code
    amount: Figure
    tenor_months: Months
    growth: Growth | None = None
    own: Figure | None = None
    loans_elsewhere: Figure | None = None
    other: Figure = Decimal(0)
    upkeep: Figure | None = None
    collateral: Annotated[
        list[AskCollateral], Field(max_length=COLLATERAL_MAX, default_factory=list)
    ]

    def terms(self) -> tuple[Ask, tuple[Collateral, ...], str]:
        """Ask, collateral and product as the domain reads them."""
        ask = Ask(
            self.amount,
            self.tenor_months,
            self.growth,
            self.own,
            self.loans_elsewhere,
            self.other,
            self.upkeep,
        )
        pledged = tuple(Collateral(each.kind, each.value) for each in self.collateral)
        return ask, pledged, self.product


class AskSimulation(AskLimit):
    """The case as it is, and what would be different."""

    grade: Grade | None = None
    sales_share: Growth = Decimal(0)
    margin_points: Points = Decimal(0)
    new_amount: Figure | None = None
    new_tenor_months: Months | None = None

    def change(self) -> Change:
        """What would be different, as the domain reads it."""
        return Change(
            grade=self.grade,
            pd=ONE_YEAR_SCALE.pd_of(self.grade) if self.grade else None,
            sales_share=self.sales_share,
            margin_points=self.margin_points,
            ask_amount=self.new_amount,
            ask_months=self.new_tenor_months,
        )


class InputTold(Told):
    """A figure a line was derived from."""

    name: str
    value: Decimal
    unit: str
    origin: str
    year: int | None


class LineTold(Told):
    """A cap; without an amount `problem` says why, and a person decides."""

    name: str
    amount: Decimal | None
    binding: bool
    problem: str | None
    missing: tuple[str, ...]
    inputs: tuple[InputTold, ...]


class TenorTold(Told):
    """A cap on the tenor."""

    name: str
    months: int
    binding: bool


class PartTold(Told):
    """A part of the price."""

    part: str
    rate: Decimal
    inputs: tuple[tuple[str, Decimal], ...]


class RateTold(Told):
    """The price and what held it."""

    lines: tuple[PartTold, ...]
    cost: Decimal
    floor: Decimal
    ceiling: Decimal
    rate: Decimal
    bound: str
    short_of_cost: Decimal


class DerivationTold(Told):
    """A derivation. `limit` is null where a person has to decide."""

    grade: str
    terms_version: int
    limit: Decimal | None
    at_most: Decimal
    refused: str | None
    binding: tuple[str, ...]
    lines: tuple[LineTold, ...]
    tenor_months: int | None
    tenors: tuple[TenorTold, ...]
    rates: RateTold | None


class ComparedTold(Told):
    """A cap before and after."""

    name: str
    before: Decimal | None
    after: Decimal | None


class SimulationTold(Told):
    """A case as it is and as it would be."""

    before: DerivationTold
    after: DerivationTold
    lines: tuple[ComparedTold, ...]


class LimitTold(Told):
    """One limit and what lies on it."""

    id: UUID
    parent_id: UUID | None
    level: str
    name: str
    state: str
    amount: Decimal
    frozen: Decimal
    outstanding: Decimal
    in_flight: Decimal
    used: Decimal
    available: Decimal
    currency: str
    revolving: bool
    valid_from_on: date
    valid_to_on: date | None
    product_code: str | None
    exception: bool
    derived_amount: Decimal | None
    excess_reason: str | None
    version: int


class FlyingTold(Told):
    """A drawdown that is approved and not yet paid out."""

    loan_id: UUID
    case_number: str
    drawdown: int
    amount: Decimal
    currency: str
    reserved_at: datetime


class ReasonTold(Told):
    """A rule of timing and the day it allows."""

    rule: str
    on: date | None


class AdviceTold(Told):
    """The earliest sensible day for one act, and the rule that determined it."""

    kind: str
    on: date | None
    rule: str
    reasons: tuple[ReasonTold, ...]


class LimitsTold(Told):
    """A customer's limits from the root down, what is in flight, and when to ask."""

    nodes: tuple[LimitTold, ...]
    flying: tuple[FlyingTold, ...]
    available: Decimal | None
    advice: tuple[AdviceTold, ...]
