"""The fold of an account whose interest follows the principal really owed each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.accounts.account import Account
from domain.accounts.daily import changes, money, reageing
from domain.accounts.daily.answering import account_of
from domain.accounts.daily.clock import RateClock
from domain.accounts.daily.drawing import draw
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.plan import Plan
from domain.accounts.daily.state import DailyFold, kind_of
from domain.accounts.events import (
    Acceleration,
    Charge,
    Chargeback,
    Drawdown,
    DueDateMove,
    Event,
    Extension,
    InterestPause,
    Payoff,
    RateSet,
    ReAge,
    ReAmortisation,
    Receipt,
    ReceiptKind,
    Refund,
    Reversal,
    WriteOff,
)
from domain.accounts.reversing import keys_reversed
from domain.accounts.terms import AccountTerms, Rest
from domain.schedules.periods import periods
from domain.schedules.terms import Amortisation, HolidayRule, RepaymentMethod
from domain.violations import LoanRuleViolation

_AGREED = (RateSet, InterestPause, Charge, DueDateMove, Extension)
"""What is agreed counts for the plan from the day it is recorded, even where it lies ahead."""


def fold_daily(terms: AccountTerms, events: Iterable[Event], as_of: date) -> Account:
    """The account on a day. Events count from their value date, in the order given within a day.

    Unit: the currency. Rounding: as the schedule's terms say, once an instalment.
    Violations: `event.not_offered` with the event's kind, `terms.daily_balance`,
    `account.unknown_event`, `account.dates`.
    """
    listed = sorted(events, key=lambda event: event.value_on)
    undone = keys_reversed(listed)
    fold = DailyFold(terms, empty_plan(terms))
    for event in listed:
        known_on = event.recorded_on if isinstance(event, _AGREED) else event.value_on
        if known_on > as_of or isinstance(event, Reversal):
            continue
        if event.key in undone:
            fold.move(event, getattr(event, "amount", NOTHING), undone=True)
        else:
            take(fold, event)
    money.use_held(fold, as_of)
    fold.plan.known_to = max(as_of, fold.plan.known_to)
    fold.plan.settle()
    return account_of(fold, as_of)


def empty_plan(terms: AccountTerms) -> Plan:
    """The instalments of a contract before any money went out. Violations: `terms.daily_balance`.

    Only level instalments follow a daily balance: every other method keeps its schedule.
    """
    schedule = terms.schedule
    if (
        schedule.method is not RepaymentMethod.EQUAL_INSTALMENT
        or schedule.holiday is not HolidayRule.NONE
        or schedule.interest_free
        or schedule.interest_payment_grace
    ):
        raise LoanRuleViolation("terms.daily_balance")
    rows = [
        DailyInstalment(period, interest_only=period.n <= schedule.principal_grace)
        for period in periods(schedule)
    ]
    cumulative = schedule.amortisation is Amortisation.CUMULATIVE
    return Plan(
        schedule,
        RateClock(schedule),
        rows,
        schedule.drawn_on,
        overdue_bears=terms.interest_on_overdue,
        whole_periods=terms.rest is Rest.INSTALMENT
        and (cumulative or terms.rest is terms.payoff_rest),
    )


def take(fold: DailyFold, event: Event) -> None:
    """Let one event happen. Violations: `event.not_offered` with the event's kind."""
    if not fold.plan.drawn and not isinstance(event, Drawdown):
        raise LoanRuleViolation("account.not_drawn")
    if not isinstance(event, _AGREED):
        if fold.plan.drawn:
            money.use_held(fold, event.value_on)
        fold.plan.known_to = max(fold.plan.known_to, event.value_on)
    fold.plan.settle()
    fold.taken.append(event)
    if type(event) not in _TAKE or (fold.plan.fixed and type(event) not in _ON_FIXED):
        raise LoanRuleViolation("event.not_offered", kind=kind_of(event))
    _TAKE[type(event)](fold, event)
    if isinstance(event, (Chargeback, Charge)):
        money.use_held(fold, event.value_on)


def _receive(fold: DailyFold, event: Receipt) -> None:
    fold.received += event.amount
    if event.kind is ReceiptKind.RECOVERY:
        raise LoanRuleViolation("event.not_offered", kind="recovery")
    money.lay(fold, event, event.amount, event.kind)
    if event.kind in fold.terms.refunds_interest:
        _refund_interest(fold, event)


def _refund_interest(fold: DailyFold, event: Receipt) -> None:
    """Interest the refunded money never deserved comes back too (退货退息)."""
    before = fold.plan.interest_to(event.value_on)
    after = _without_refunds(fold, event).plan.interest_to(event.value_on)
    amount = before - after - fold.interest_refunded
    if amount > 0:
        fold.interest_refunded += amount
        fold.received += amount
        back = replace(event, key=f"{event.key}/interest", amount=amount)
        money.lay(fold, back, amount, ReceiptKind.INTEREST_REFUND)


def _without_refunds(fold: DailyFold, last: Receipt) -> DailyFold:
    """The account as if what was refunded had come back on the day it went out."""
    tried = DailyFold(replace(fold.terms, refunds_interest=()), empty_plan(fold.terms))
    kinds = fold.terms.refunds_interest
    refunds = [e for e in fold.taken if isinstance(e, Receipt) and e.kind in kinds]
    left = sum((e.amount for e in refunds), NOTHING)
    for event in fold.taken:
        if event in refunds:
            continue
        take(tried, event)
        if isinstance(event, Drawdown) and left:
            part = min(left, event.amount)
            left -= part
            named = replace(last, key=f"{event.key}/back", value_on=event.value_on)
            take(tried, replace(named, amount=part, kind=ReceiptKind.REPAYMENT))
    tried.plan.known_to = max(tried.plan.known_to, last.value_on)
    return tried


_ON_FIXED = (Receipt, Payoff, Charge, Refund, Chargeback)
"""What can still happen once the rows no longer follow the balance."""

# Any: each taker asks for its own kind of event, which the key names.
_TAKE: Mapping[type[Event], Any] = {
    Drawdown: draw,
    Receipt: _receive,
    Payoff: money.pay_off,
    RateSet: changes.set_rate,
    InterestPause: changes.pause,
    Charge: money.charge,
    Refund: money.refund,
    Chargeback: money.charge_back,
    DueDateMove: changes.move_dates,
    Extension: changes.extend,
    ReAge: reageing.re_age,
    ReAmortisation: reageing.re_amortise,
    Acceleration: changes.accelerate,
    WriteOff: changes.write_off,
}
