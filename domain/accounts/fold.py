"""The fold: a contract and its dated events in, the account on a day out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.accounts.account import Account, Movement
from domain.accounts.applying import APPLY, draw, movement
from domain.accounts.daily.folding import fold_daily
from domain.accounts.earning import accruing_interest
from domain.accounts.events import (
    Drawdown,
    DueDateMove,
    Event,
    Extension,
    HolidayMove,
    InterestPause,
    PaymentHoliday,
    RateSet,
    ReAge,
    ReAmortisation,
    Receipt,
    Restructure,
    Reversal,
)
from domain.accounts.positions import positions
from domain.accounts.rates import RateTimeline
from domain.accounts.reversing import keys_reversed
from domain.accounts.running import Running
from domain.accounts.terms import AccountTerms, InterestBasis
from domain.schedules.periods import WorkingDay
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)
SHAPING = (
    RateSet,
    InterestPause,
    DueDateMove,
    HolidayMove,
    Extension,
    Restructure,
    PaymentHoliday,
)
"""Events that move no money: agreed before their day, they show in the schedule at once."""

LIFTING = (ReAge, ReAmortisation)
"""Events whose portions are debt that was lifted from its rows, not paid."""

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def fold(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> Account:
    """The account at the start of a day, from everything that counts up to and on it.

    Events are taken by value date, and those of one day in the order given. Of events dated later
    than `as_of` only agreed changes count: they shape the rows ahead. A reversed event never
    counted, and shows as reversed. The same events in the same order always give the same account.

    Unit: the note's currency. Rounding: as the contract says. Violations: `account.*`, `terms.*`,
    `amount.*`; nothing is folded halfway.
    """
    if terms.interest_basis is InterestBasis.DAILY_BALANCE:
        return fold_daily(terms, events, as_of)
    return account_of(running_on(terms, events, as_of, working_day), as_of)


def running_on(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> Running:
    """The working state behind `fold`, for the parts of the engine that answer more than it."""
    given = sorted(events, key=lambda event: event.value_on)
    reversed_keys = keys_reversed(given)
    running = Running(terms, RateTimeline(terms.schedule))
    for event in (event for event in given if event.value_on <= as_of):
        take(running, event, reversed_keys, working_day)
    if running.rows:
        running.advance(as_of)
        for event in (event for event in given if shapes_what_comes(event, as_of)):
            take(running, event, reversed_keys, working_day, ahead=True)
    return running


def shapes_what_comes(event: Event, as_of: date) -> bool:
    """Whether an event of a later day was agreed by now and shows in the rows ahead."""
    return event.value_on > as_of and event.recorded_on <= as_of and isinstance(event, SHAPING)


def take(
    running: Running,
    event: Event,
    reversed_keys: set[str],
    working_day: WorkingDay | None,
    *,
    ahead: bool = False,
) -> None:
    """Let one event act on a running account; those of a day in the order given."""
    kind = kind_of(event)
    if event.key in reversed_keys or isinstance(event, Reversal):
        undone = not isinstance(event, Reversal)
        amount = getattr(event, "amount", _NOTHING)
        running.movements.append(
            Movement(
                event.key, kind, event.value_on, amount, (), _NOTHING, running.outstanding(), undone
            )
        )
        return
    if not running.rows and isinstance(event, RateSet):
        running.rates.set(event.value_on, event.yearly_rate)
        return
    if not running.rows and not isinstance(event, Drawdown):
        raise LoanRuleViolation("account.not_drawn")
    if running.rows and not ahead:
        running.advance(event.value_on)
    if isinstance(event, Drawdown):
        taken = draw(running, event, working_day)
        running.on = event.value_on
    else:
        taken = APPLY[type(event)](running, event)
    if not isinstance(event, Receipt):
        running.first_live = 0
    if not isinstance(event, LIFTING):
        running.count_paid(taken[1])
    running.movements.append(movement(running, event, taken, kind))


def kind_of(event: Event) -> str:
    """The event's kind as a code: DueDateMove is due_date_move."""
    return _WORD_START.sub("_", type(event).__name__).lower()


def account_of(running: Running, as_of: date) -> Account:
    """The working state as everyone else sees it."""
    currency = running.currency
    return Account(
        as_of=as_of,
        lines=tuple(row.line(n, currency) for n, row in enumerate(running.rows, start=1)),
        movements=tuple(running.movements),
        outstanding=running.outstanding(),
        accrued_interest=accruing_interest(running, as_of) if running.rows else _NOTHING,
        held=running.held,
        days_past_due=running.days_past_due(as_of),
        accrual_status=running.status,
        yearly_rate=running.rates.rate_on(as_of),
        accelerated_on=running.accelerated_on,
        written_off_on=running.written_off_on,
        positions=positions(running, as_of),
        refund_payable=running.totals.promised,
        misused=running.misused_now(),
    )


def folded_days(
    terms: AccountTerms, events: Sequence[Event], days: Iterable[date]
) -> tuple[Account, ...]:
    """The account on each of several days. For what-if and for pictures over time."""
    return tuple(fold(terms, events, day) for day in days)
