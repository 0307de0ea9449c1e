"""A note in repayment: the next dated step, and the direct debit an instalment asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class StepKind(StrEnum):
    """What a note's workflow does next."""

    DUE = "due"
    ARREARS = "arrears"
    SETTLED = "settled"
    RESET = "reset"
    """A floating rate's repricing date."""
    AVAILABILITY = "availability"
    """The last day on which more may be drawn is over."""


@dataclass(frozen=True)
class NextStep:
    """The next dated step of a note: at which instant, and which instalment or threshold."""

    kind: StepKind
    at: datetime
    number: int


@dataclass(frozen=True)
class Billing:
    """A direct debit to ask of the rail, or nothing where nothing is open."""

    key: str
    amount: Decimal
    currency: str
    due_on: date
    n: int
