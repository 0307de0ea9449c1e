"""The interest statement (利息清单): what accrued over which days, on what balance and rate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import events as events_known
from domain.accounts.account import Account, AccountLine
from domain.accounts.earning import earned_interest
from domain.accounts.events import Drawdown, Event, Receipt, Reversal
from domain.accounts.fold import fold, shapes_what_comes, take
from domain.accounts.rates import RateTimeline
from domain.accounts.reversing import keys_reversed
from domain.accounts.rows import NOTHING
from domain.accounts.running import Running
from domain.accounts.terms import AccountTerms, InterestBasis
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.schedules.periods import WorkingDay

_DAY = timedelta(days=1)
_SHAPING = (
    events_known.Drawdown,
    events_known.RateSet,
    events_known.InterestPause,
    events_known.Prepayment,
    events_known.Payoff,
    events_known.Acceleration,
    events_known.DueDateMove,
    events_known.HolidayMove,
    events_known.Extension,
    events_known.Restructure,
    events_known.PaymentHoliday,
    events_known.ReAge,
    events_known.ReAmortisation,
)
"""What changes how contract interest runs; money that comes in on time or late does not."""

_LEANING_ON_MONEY = (
    events_known.Prepayment,
    events_known.Payoff,
    events_known.Acceleration,
    events_known.Restructure,
    events_known.ReAge,
    events_known.ReAmortisation,
    events_known.Refund,
    events_known.Chargeback,
)
"""What asks what has been paid before it."""

_ROUNDING_UNITS = 5
"""What laying rows anew may move by rounding alone, in smallest units."""


@dataclass(frozen=True)
class InterestStretch:
    """Days [from, to) with one balance and one rate, and the contract interest of them.

    Unit: the currency; the rate is a yearly fraction, 0 where none runs. A stretch of no days is
    what a change did to interest already accrued.
    """

    from_on: date
    to_on: date
    balance: Decimal
    yearly_rate: Decimal
    interest: Decimal

    @property
    def days(self) -> int:
        """Calendar days, the first counted, the last not."""
        return (self.to_on - self.from_on).days


def interest_statement(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> tuple[InterestStretch, ...]:
    """How contract interest came about, up to a day, in order.

    The stretches end where a period ends, the rate changes, a pause begins or ends, or an event
    counts; what each bears is by how much the engine's own accrual grew over it, so that they sum
    to all interest earned. Interest that follows the daily balance is told row by row.

    Unit: the currency. Rounding: HALF_UP at the end of each stretch, the next takes the rest.
    Violations: as `fold`.
    """
    given = sorted(events, key=lambda event: event.value_on)
    if terms.interest_basis is InterestBasis.DAILY_BALANCE:
        return tuple(_by_rows(fold(terms, given, as_of, working_day)))
    return tuple(_Telling(terms, _that_count(given), as_of, working_day).stretches())


def _that_count(given: Sequence[Event]) -> list[Event]:
    """The events interest follows from: receipts only where another event asks what was paid.

    A loan with thousands of receipts is told as fast as one with none.
    """
    if any(isinstance(event, _LEANING_ON_MONEY) for event in given):
        return list(given)
    received = {event.key for event in given if isinstance(event, Receipt)}
    return [
        event
        for event in given
        if event.key not in received
        and not (isinstance(event, Reversal) and event.reversed_key in received)
    ]


class _Telling:
    """One walk through an account, from border to border."""

    def __init__(
        self,
        terms: AccountTerms,
        given: Sequence[Event],
        as_of: date,
        working_day: WorkingDay | None,
    ) -> None:
        self._running = Running(terms, RateTimeline(terms.schedule))
        self._given, self._as_of, self._working_day = given, as_of, working_day
        self._undone = keys_reversed(given)
        shaping = {event.value_on for event in given if isinstance(event, _SHAPING)}
        self._days = sorted(shaping | {event.value_on for event in given[:1]})
        self._taken = 0
        self._told = NOTHING
        self._stretches: list[InterestStretch] = []

    def stretches(self) -> list[InterestStretch]:
        """Everything from the first event to the day."""
        day = min([*self._days[:1], self._as_of])
        while day < self._as_of:
            self._happen_on(day)
            border = self._next_border(day)
            self._tell(self._bare(day, border), earned_interest(self._running, border))
            day = border
        self._happen_on(self._as_of)
        self._come_to_rest()
        return self._stretches

    def _happen_on(self, day: date) -> None:
        """Let what came up to a day act; what it did to interest beyond rounding is told by itself.

        Not so a drawdown: what it adds to the period in progress belongs to the days after it.
        """
        drew = False
        while self._taken < len(self._given) and self._given[self._taken].value_on <= day:
            event = self._given[self._taken]
            take(self._running, event, self._undone, self._working_day)
            drew = drew or isinstance(event, Drawdown)
            self._taken += 1
        earned = earned_interest(self._running, day)
        if abs(earned - self._told) > self._rounding and not drew:
            self._tell(self._bare(day, day), earned)

    def _come_to_rest(self) -> None:
        """What is agreed for later days shows in the row in progress; the last stretch takes it."""
        running, day = self._running, self._as_of
        if running.rows:
            running.advance(day)
            for event in (event for event in self._given if shapes_what_comes(event, day)):
                take(running, event, self._undone, self._working_day, ahead=True)
        rest = earned_interest(running, day) - self._told
        if rest and self._stretches:
            last = self._stretches.pop()
            self._stretches.append(replace(last, interest=last.interest + rest))

    def _tell(self, bare: InterestStretch, earned: Decimal) -> None:
        interest, self._told = earned - self._told, earned
        if interest or bare.balance:
            self._stretches.append(replace(bare, interest=interest))

    @property
    def _rounding(self) -> Decimal:
        return _ROUNDING_UNITS * self._running.currency.smallest_unit

    def _next_border(self, day: date) -> date:
        running = self._running
        known = [self._as_of, *self._days[bisect_right(self._days, day) :][:1]]
        known += [row.due_on for row in running.rows]
        known += [row.period.start_on for row in running.rows]
        known += [from_on for from_on, _ in running.rates.steps]
        for first, until in running.rates.pauses:
            known += [first, until + _DAY]
        return min(border for border in known if border > day)

    def _bare(self, from_on: date, to_on: date) -> InterestStretch:
        """A stretch without its interest yet."""
        running, schedule = self._running, self._running.terms.schedule
        row = next((row for row in running.rows if row.due_on > from_on and not row.apart), None)
        paused = any(first <= from_on <= last for first, last in running.rates.pauses)
        rate = NOTHING if row is None or paused else running.rates.rate_on(from_on)
        balance = row.balance_after + row.lump.get(Bucket.PRINCIPAL, NOTHING) if row else NOTHING
        if row is not None and schedule.method is RepaymentMethod.FLAT:
            balance = running.totals.drawn
        return InterestStretch(from_on, to_on, balance, rate, NOTHING)


def _by_rows(account: Account) -> Iterator[InterestStretch]:
    for line in account.lines:
        if line.due_on <= account.as_of and line.owed.get(Bucket.INTEREST):
            yield _of_row(account, line, line.due_on, line.owed[Bucket.INTEREST])
    current = next((line for line in account.lines if line.due_on > account.as_of), None)
    if current is not None and account.accrued_interest:
        yield _of_row(account, current, account.as_of, account.accrued_interest)


def _of_row(account: Account, line: AccountLine, to_on: date, interest: Decimal) -> InterestStretch:
    balance = line.balance_after + line.owed.get(Bucket.PRINCIPAL, NOTHING)
    return InterestStretch(line.period_start_on, to_on, balance, account.yearly_rate, interest)
