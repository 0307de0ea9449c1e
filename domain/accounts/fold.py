"""The fold: a contract and its dated events in, the account on a day out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.accounts.account import Account, Movement
from domain.accounts.applying import APPLY, draw, movement
from domain.accounts.events import Drawdown, Event, Reversal
from domain.accounts.positions import accruing_interest, positions
from domain.accounts.rates import RateTimeline
from domain.accounts.running import Running
from domain.accounts.terms import AccountTerms, InterestBasis
from domain.schedules.periods import WorkingDay
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def fold(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> Account:
    """The account at the start of a day, from everything that counts up to and on it.

    Events are taken by value date, and those of one day in the order given. An event dated later
    than `as_of` does not count yet; a reversed one never did, and shows as reversed. The same
    events in the same order always give the same account.

    Unit: the note's currency. Rounding: as the contract says. Violations: `account.*`, `terms.*`,
    `amount.*`; nothing is folded halfway.
    """
    if terms.interest_basis is not InterestBasis.SCHEDULED:
        raise LoanRuleViolation("account.interest_basis")
    counted, reversed_keys = _counted(events, as_of)
    running = Running(terms, RateTimeline(terms.schedule))
    for event in counted:
        _take(running, event, reversed_keys, working_day)
    if running.rows:
        running.advance(as_of)
    return _account(running, as_of)


def _counted(events: Iterable[Event], as_of: date) -> tuple[list[Event], set[str]]:
    given = [event for event in events if event.value_on <= as_of]
    reversed_keys = {event.reversed_key for event in given if isinstance(event, Reversal)}
    unknown = reversed_keys - {event.key for event in given}
    if unknown:
        raise LoanRuleViolation("account.unknown_event")
    return sorted(given, key=lambda event: event.value_on), reversed_keys


def _take(
    running: Running, event: Event, reversed_keys: set[str], working_day: WorkingDay | None
) -> None:
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
    if not running.rows and not isinstance(event, Drawdown):
        raise LoanRuleViolation("account.not_drawn")
    if running.rows:
        running.advance(event.value_on)
    if isinstance(event, Drawdown):
        taken = draw(running, event, working_day)
        running.on = event.value_on
    else:
        taken = APPLY[type(event)](running, event)
    running.movements.append(movement(running, event, taken, kind))


def kind_of(event: Event) -> str:
    """The event's kind as a code: DueDateMove is due_date_move."""
    return _WORD_START.sub("_", type(event).__name__).lower()


def _account(running: Running, as_of: date) -> Account:
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
    )


def folded_days(
    terms: AccountTerms, events: Sequence[Event], days: Iterable[date]
) -> tuple[Account, ...]:
    """The account on each of several days. For what-if and for pictures over time."""
    return tuple(fold(terms, events, day) for day in days)
