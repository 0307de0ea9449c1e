"""A change of a running loan as somebody proposes it: its kind, its day and its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.accounts import events as ev
from domain.people import Act, Role
from domain.repayments import Bucket
from domain.violations import Finding, FindingsViolation


class ChangeKind(StrEnum):
    """What can be changed while a loan runs."""

    PREPAYMENT = "prepayment"
    PAYOFF = "payoff"
    EXTENSION = "extension"
    RESTRUCTURE = "restructure"
    RATE_CHANGE = "rate_change"
    PAYMENT_HOLIDAY = "payment_holiday"
    WAIVER = "waiver"
    ACCELERATION = "acceleration"
    MISUSE = "misuse"
    MISUSE_ENDED = "misuse_ended"
    WRITE_OFF = "write_off"
    BACK_DATED_RECEIPT = "back_dated_receipt"


class ChangeStatus(StrEnum):
    """How far a proposal is."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One proposed change. Only the figures its kind needs are given (`NEEDS`).

    Unit: amounts in the note's currency, `yearly_rate` a fraction of a year, counts in
    instalments. `overdue_too`: a restructure lays overdue principal anew with the rest.
    `margin_bp` is no figure anybody gives: where the rate floats it follows from `yearly_rate`
    and the index, in basis points.
    """

    kind: ChangeKind
    effective_on: date
    amount: Decimal | None = None
    choice: ev.PrepaymentChoice | None = None
    fee: Decimal = Decimal(0)
    instalments: int | None = None
    yearly_rate: Decimal | None = None
    first_due_on: date | None = None
    principal_grace: int = 0
    bucket: Bucket | None = None
    interest_too: bool = False
    overdue_too: bool = True
    guarantor_consents: bool = False
    margin_bp: int | None = None


NEEDS: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.PREPAYMENT: ("amount", "choice"),
    ChangeKind.PAYOFF: (),
    ChangeKind.EXTENSION: ("instalments",),
    ChangeKind.RESTRUCTURE: ("first_due_on", "instalments", "yearly_rate"),
    ChangeKind.RATE_CHANGE: ("yearly_rate",),
    ChangeKind.PAYMENT_HOLIDAY: ("instalments",),
    ChangeKind.WAIVER: ("bucket", "amount"),
    ChangeKind.ACCELERATION: (),
    ChangeKind.MISUSE: ("amount",),
    ChangeKind.MISUSE_ENDED: ("amount",),
    ChangeKind.WRITE_OFF: (),
    ChangeKind.BACK_DATED_RECEIPT: ("amount",),
}
"""The figures without which a kind cannot be proposed."""

QUORUMS: Mapping[ChangeKind, int] = {
    **dict.fromkeys(ChangeKind, 1),
    ChangeKind.EXTENSION: 2,
    ChangeKind.RESTRUCTURE: 2,
    ChangeKind.WRITE_OFF: 3,
}
"""How many people besides the proposer must approve.

Source: the rules on writing off bad loans ask for a joint decision (three at least); two for a
longer or a new schedule and one for the rest are the house's own choice.
"""

BACK_DATED: frozenset[ChangeKind] = frozenset(
    {ChangeKind.BACK_DATED_RECEIPT, ChangeKind.MISUSE, ChangeKind.MISUSE_ENDED}
)
"""Kinds that keep a closed day: running the days since again is what their approval is for."""

PROPOSERS: tuple[Role, ...] = (Role.CUSTOMER_MANAGER, Role.OPERATIONS)
APPROVERS: tuple[Role, ...] = (Role.RISK_OFFICER, Role.APPROVER)
RECEIPT_APPROVERS: tuple[Role, ...] = (*APPROVERS, Role.OPERATIONS)
PROPOSE, APPROVE = Act.PROPOSE_CHANGE, Act.APPROVE_CHANGE
LAPSES_AFTER_WORKING_DAYS = 10
"""A proposal nobody decides lapses. Unit: working days. Source: the house's own choice."""


def approvers_of(kind: ChangeKind) -> tuple[Role, ...]:
    """Who may approve a kind: money found late is also operations' to check."""
    return RECEIPT_APPROVERS if kind is ChangeKind.BACK_DATED_RECEIPT else APPROVERS


def counted_from(change: Change, closed_to_on: date | None, today: date) -> Change:
    """A proposal whose day was closed while it waited counts from today instead.

    Approvals take days and the books close each night; nothing is written into a closed day. What
    is only ever found late keeps its day (`BACK_DATED`).
    """
    if change.kind in BACK_DATED or closed_to_on is None or change.effective_on > closed_to_on:
        return change
    return replace(change, effective_on=today)


def refuse_gaps(change: Change) -> None:
    """Every figure the kind needs is there. Violation: findings `field.required` by field."""
    gaps = [name for name in NEEDS[change.kind] if getattr(change, name) is None]
    if gaps:
        raise FindingsViolation([Finding(name, "field.required") for name in gaps])


@dataclass(frozen=True)
class _Dated:
    key: str
    value_on: date
    recorded_on: date

    def arguments(self) -> dict[str, str | date]:
        return {"key": self.key, "value_on": self.value_on, "recorded_on": self.recorded_on}


def events_of(change: Change, key: str, recorded_on: date) -> tuple[ev.Event, ...]:
    """What a change is to the account. `key` names its event once and for ever."""
    refuse_gaps(change)
    dated = _Dated(key, change.effective_on, recorded_on)
    return (_EVENTS[change.kind](change, dated),)


def _build(kind: type[ev.Event], **named: str) -> Callable[[Change, _Dated], ev.Event]:
    """An event whose fields come from the change's fields of the given names."""

    def built(change: Change, dated: _Dated) -> ev.Event:
        figures = {field: getattr(change, source) for field, source in named.items()}
        return kind(**dated.arguments(), **figures)  # type: ignore[arg-type]  # named above

    return built


_EVENTS: Mapping[ChangeKind, Callable[[Change, _Dated], ev.Event]] = {
    ChangeKind.PREPAYMENT: _build(ev.Prepayment, amount="amount", choice="choice", fee="fee"),
    ChangeKind.PAYOFF: _build(ev.Payoff, fee="fee"),
    ChangeKind.EXTENSION: _build(ev.Extension, extra_instalments="instalments"),
    ChangeKind.RESTRUCTURE: _build(
        ev.Restructure,
        first_due_on="first_due_on",
        instalments="instalments",
        yearly_rate="yearly_rate",
        principal_grace="principal_grace",
        overdue_too="overdue_too",
        margin_bp="margin_bp",
    ),
    ChangeKind.RATE_CHANGE: _build(ev.RateSet, yearly_rate="yearly_rate", margin_bp="margin_bp"),
    ChangeKind.PAYMENT_HOLIDAY: _build(
        ev.PaymentHoliday, instalments="instalments", interest_too="interest_too"
    ),
    ChangeKind.WAIVER: _build(ev.Waiver, bucket="bucket", amount="amount"),
    ChangeKind.ACCELERATION: _build(ev.Acceleration),
    ChangeKind.MISUSE: _build(ev.Misuse, amount="amount"),
    ChangeKind.MISUSE_ENDED: _build(ev.MisuseEnded, amount="amount"),
    ChangeKind.WRITE_OFF: _build(ev.WriteOff),
    ChangeKind.BACK_DATED_RECEIPT: _build(ev.Receipt, amount="amount"),
}
