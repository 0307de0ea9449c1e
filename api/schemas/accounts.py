"""A loan's account on a day, as programs are told it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from api.schemas.loans import JournalTold
from api.schemas.strict import Told


class AccountRowTold(Told):
    """An instalment on the account's day."""

    n: int
    period_start_on: date
    due_on: date
    principal: Decimal
    interest: Decimal
    late: Decimal
    fee: Decimal
    paid: Decimal
    waived: Decimal
    open: Decimal
    balance_after: Decimal
    status: str
    paid_on: date | None
    down_payment: bool


class StretchTold(Told):
    """Days [from, to) with one balance and one rate, and the interest of them."""

    from_on: date
    to_on: date
    days: int
    balance: Decimal
    yearly_rate: Decimal
    interest: Decimal


class ShareTold(Told):
    """What part of an event went to which debt."""

    bucket: str
    n: int
    amount: Decimal


class PayerTold(Told):
    """The money behind a receipt."""

    receipt_id: UUID
    provider: str
    transaction_id: str


class EntryTold(Told):
    """One event as the engine took it apart; `reversed`: it never counted."""

    key: str
    kind: str
    value_on: date
    amount: Decimal
    shares: tuple[ShareTold, ...]
    held: Decimal
    balance_after: Decimal
    reversed: bool
    payer: PayerTold | None


class StandingTold(Told):
    """How the note stood after its last closed day."""

    opens_on: date
    five_class: str


class FloatingTold(Told):
    """What the contract says about a floating rate; cap and floor are yearly fractions."""

    index: str
    margin_bp: int
    repricing: str
    cap: Decimal | None
    floor: Decimal | None


class LatenessTold(Told):
    """What the contract says lateness and misuse cost; uplifts are shares of the contract rate."""

    penalty_uplift: Decimal
    misuse_uplift: Decimal
    compound: bool
    grace_days: int
    non_accrual_after_days: int


class AccountTold(Told):
    """A loan's account at the start of the day `on`; the journals are those booked by then."""

    loan_id: UUID
    case_number: str
    currency: str
    on: date
    drawn_on: date
    outstanding: Decimal
    accrued_interest: Decimal
    overdue: Decimal
    late_open: Decimal
    held: Decimal
    days_past_due: int
    next_due_on: date | None
    accrual_status: str
    yearly_rate: Decimal
    late_rate: Decimal
    misused: Decimal
    misuse_rate: Decimal
    marks: tuple[str, ...]
    standing: StandingTold | None
    floating: FloatingTold | None
    repriced_on: date | None
    lateness: LatenessTold
    paid_first: tuple[str, ...]
    paid_first_in_non_accrual: tuple[str, ...]
    rows: tuple[AccountRowTold, ...]
    statement: tuple[StretchTold, ...]
    entries: tuple[EntryTold, ...]
    journals: tuple[JournalTold, ...]
