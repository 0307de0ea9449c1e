"""The fold of an account whose interest follows the principal really owed each day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext

from domain.accounts.account import Account, Movement, Portion
from domain.accounts.daily.answering import account_of
from domain.accounts.daily.clock import RateClock
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.paying import Paying, as_paid_on
from domain.accounts.daily.plan import Plan
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
    Receipt,
    ReceiptKind,
    Refund,
    Reversal,
    WriteOff,
)
from domain.accounts.terms import AccountTerms, FutureMoney, Rest
from domain.repayments import Bucket
from domain.schedules.annuity import EXACT
from domain.schedules.periods import Period, periods, stepped
from domain.schedules.terms import ScheduleTerms
from domain.violations import LoanRuleViolation

_ONE_DAY = timedelta(days=1)
_AGREED = (RateSet, InterestPause, Charge, DueDateMove, Extension)
"""What is agreed counts for the plan from the day it is recorded, even where it lies ahead."""


@dataclass
class DailyFold:
    """The working state of one fold. Private to the engine."""

    terms: AccountTerms
    plan: Plan
    held: Decimal = NOTHING
    received: Decimal = NOTHING
    refunded: Decimal = NOTHING
    accelerated_on: date | None = None
    written_off_on: date | None = None
    interest_refunded: Decimal = NOTHING
    taken: list[Event] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Let one event happen. Violations: `event.not_offered` with the event's kind."""
        if not isinstance(event, _AGREED):
            self.plan.known_to = max(self.plan.known_to, event.value_on)
        self.plan.settle()
        self.taken.append(event)
        match event:
            case Drawdown():
                self._draw(event)
            case Receipt():
                self._receive(event)
            case Payoff():
                self._pay_off(event)
            case RateSet():
                self.plan.clock.set_on.append((event.value_on, event.yearly_rate))
                self.plan.relevel(self.plan.index_on(event.value_on))
            case InterestPause():
                self.plan.clock.paused.append((event.value_on, event.to_on + _ONE_DAY))
                self.plan.settle()
            case Charge():
                self._charge(event)
            case Refund():
                self._refund(event)
            case Chargeback():
                self._charge_back(event)
            case DueDateMove():
                self._move_dates(event)
            case Extension():
                self._extend(event)
            case Acceleration():
                self._accelerate(event)
            case WriteOff():
                self.written_off_on = event.value_on
                self._move(event, self.plan.open_principal, ())
            case _:
                raise LoanRuleViolation("event.not_offered", kind=type(event).__name__)

    def _draw(self, event: Drawdown) -> None:
        plan = self.plan
        later = bool(plan.drawn)
        plan.drawn.append((event.value_on, event.amount))
        self._move(event, event.amount, ())
        self._ask_down_payment(event)
        if later and self.terms.full_term_tranches:
            self._add_full_term(event)
        else:
            plan.relevel_as_unpaid(plan.index_on(event.value_on))
        if self.held:
            held, self.held = self.held, NOTHING
            self._lay(event, held, ReceiptKind.REPAYMENT)

    def _add_full_term(self, event: Drawdown) -> None:
        """A tranche with as many instalments of its own as the first had, laid onto the plan."""
        rows, first = self.plan.rows, self.plan.index_on(event.value_on)
        self._add_rows(first + self.terms.schedule.instalments - len(rows))
        own = [DailyInstalment(row.period) for row in rows[first:]]
        alone = replace(self.plan.copied(), rows=own, drawn=[(event.value_on, event.amount)])
        whole = own[0].period
        if event.value_on > whole.start_on:
            own[0].period = replace(whole, start_on=event.value_on)
            share = Decimal((whole.due_on - event.value_on).days) / whole.days
            alone.clock.stretched = {**alone.clock.stretched, whole.due_on: share}
        alone.relevel(0)
        for row, part in zip(rows[first:], own, strict=True):
            row.level += part.level
            row.agreed_level += part.agreed_level
        self.plan.settle()

    def _ask_down_payment(self, event: Drawdown) -> None:
        schedule, rows = self.terms.schedule, self.plan.rows
        part = event.amount * schedule.down_payment_share
        if not part:
            return
        amount = schedule.rounding.instalment(part, schedule.currency)
        period = Period(0, event.value_on, event.value_on, 0)
        row = DailyInstalment(period, amount, amount, amount, down_payment=True)
        rows.insert(self.plan.index_on(event.value_on), row)

    def _receive(self, event: Receipt) -> None:
        self.received += event.amount
        if event.kind is ReceiptKind.RECOVERY:
            raise LoanRuleViolation("event.not_offered", kind="recovery")
        self._lay(event, event.amount, event.kind)
        if event.kind in self.terms.refunds_interest:
            self._refund_interest(event)

    def _refund_interest(self, event: Receipt) -> None:
        """Interest the refunded money never deserved comes back too (退货退息)."""
        before = self.plan.interest_to(event.value_on)
        after = self._without_refunds(event).plan.interest_to(event.value_on)
        amount = before - after - self.interest_refunded
        if amount > 0:
            self.interest_refunded += amount
            self.received += amount
            back = replace(event, key=f"{event.key}/interest", amount=amount)
            self._lay(back, amount, ReceiptKind.INTEREST_REFUND)

    def _without_refunds(self, last: Receipt) -> DailyFold:
        """The account as if what was refunded had come back on the day it went out."""
        tried = DailyFold(replace(self.terms, refunds_interest=()), empty_plan(self.terms))
        kinds = self.terms.refunds_interest
        refunds = [e for e in self.taken if isinstance(e, Receipt) and e.kind in kinds]
        left = sum((e.amount for e in refunds), NOTHING)
        for event in self.taken:
            if event in refunds:
                continue
            tried.take(event)
            if isinstance(event, Drawdown) and left:
                part = min(left, event.amount)
                left -= part
                named = replace(last, key=f"{event.key}/back", value_on=event.value_on)
                tried.take(replace(named, amount=part, kind=ReceiptKind.REPAYMENT))
        return tried

    def _lay(self, event: Event, amount: Decimal, kind: ReceiptKind) -> None:
        rule = self.terms.allocation_of(kind)
        paying = Paying(self.plan, event.value_on, amount, rule, self._counts_from(event), [])
        if paying.counts_from > event.value_on and self.terms.rest is Rest.DAY:
            self.plan.whole_periods = True
            if amount < self._owed_on(paying.counts_from):
                paying.counts_from, self.plan.whole_periods = event.value_on, False
        paying.run()
        self.held += paying.left
        self._move(event, amount, paying.portions(), paying.left)

    def _counts_from(self, event: Event) -> date:
        """The day advance money counts from: at a payoff, perhaps the end of the instalment."""
        if self.terms.payoff_rest is Rest.DAY:
            return event.value_on
        running = self.plan.rows[self.plan.index_on(event.value_on)].period
        return max(running.due_on, event.value_on)

    def _owed_on(self, on: date) -> Decimal:
        tried = self.plan.copied()
        tried.clock.ended_on = on
        tried.settle()
        buckets = (row.open_amount(bucket) for row in tried.rows for bucket in Bucket)
        return sum(buckets, NOTHING)

    def _pay_off(self, event: Payoff) -> None:
        self.plan.whole_periods |= self.terms.payoff_rest is Rest.INSTALMENT
        amount = self._owed_on(self._counts_from(event))
        self.received += amount
        rule = self.terms.allocation
        if rule.future is FutureMoney.HOLD:
            rule = replace(rule, future=FutureMoney.NEXT_INSTALMENT)
        paying = Paying(self.plan, event.value_on, amount, rule, self._counts_from(event), [])
        paying.run()
        self.held += paying.left
        self._move(event, amount, paying.portions(), paying.left)

    def _charge(self, event: Charge) -> None:
        rows = self.plan.rows
        row = next((row for row in rows if event.due_on <= row.period.due_on), None)
        if row is None:
            row = self._row_after_end(event.due_on)
        row.charged[event.bucket] = row.owed(event.bucket) + event.amount
        self._move(event, event.amount, ())

    def _row_after_end(self, on: date) -> DailyInstalment:
        last = self.plan.rows[-1].period
        period = replace(last, n=last.n + 1, start_on=last.due_on, due_on=on)
        self.plan.rows.append(DailyInstalment(period, extra=True))
        return self.plan.rows[-1]

    def _refund(self, event: Refund) -> None:
        self.refunded += event.amount
        beyond = max(event.amount - self.held, NOTHING)
        self.held -= event.amount - beyond
        if beyond:
            self._owe_again(event.value_on, beyond)
        self._move(event, event.amount, (), beyond - event.amount)

    def _charge_back(self, event: Chargeback) -> None:
        """What the receipt paid is owed again, principal first; what it left over is taken back."""
        self.received -= event.amount
        paid = self._paid_by(event.receipt_key)
        principal = min(event.amount, paid[Bucket.PRINCIPAL])
        interest = min(event.amount - principal, paid[Bucket.INTEREST])
        rest = event.amount - principal - interest
        from_held = min(self.held, rest)
        self.held -= from_held
        n = self._owe_again(event.value_on, principal + rest - from_held, interest)
        back = ((Bucket.PRINCIPAL, principal + rest - from_held), (Bucket.INTEREST, interest))
        portions = tuple(Portion(n, bucket, amount) for bucket, amount in back if amount)
        self._move(event, event.amount, portions, -from_held)

    def _paid_by(self, key: str) -> dict[Bucket, Decimal]:
        paid = dict.fromkeys(Bucket, NOTHING)
        for movement in self.movements:
            for portion in movement.portions if movement.key == key else ():
                paid[portion.bucket] += portion.amount
        return paid

    def _owe_again(self, on: date, principal: Decimal, interest: Decimal = NOTHING) -> int:
        """Onto the instalment in progress, or a row after the end. Returns the row's number."""
        if on > self.plan.rows[-1].period.due_on:
            self._row_after_end(on)
        index = self.plan.index_on(on)
        row = self.plan.rows[index]
        if principal:
            row.credits.append((on, principal))
        row.credited_interest += interest
        self.plan.settle()
        return index + 1

    def _move_dates(self, event: DueDateMove) -> None:
        rows, terms = self.plan.rows, self.terms.schedule
        first = next(n for n, row in enumerate(rows) if row.period.due_on >= event.from_due_on)
        for n, row in enumerate(rows[first:]):
            due = stepped(event.to_due_on, terms, n)
            start = rows[first + n - 1].period.due_on if first + n else row.period.start_on
            row.period = replace(row.period, start_on=start, due_on=due)
        moved = rows[first].period
        self.plan.clock.stretched[moved.due_on] = _whole_periods(moved, terms)
        self.plan.settle()

    def _accelerate(self, event: Acceleration) -> None:
        """Everything falls due on the day; the instalments to come fold into the one in progress."""
        plan, self.accelerated_on = self.plan, event.value_on
        if event.value_on < plan.rows[-1].period.due_on:
            index = plan.index_on(event.value_on)
            row, gone = plan.rows[index], plan.rows[index + 1 :]
            row.period = replace(row.period, due_on=event.value_on)
            row.paid_principal += sum((each.paid_principal for each in gone), NOTHING)
            row.paid_interest += sum((each.paid_interest for each in gone), NOTHING)
            row.payments += [paid for each in gone for paid in each.payments]
            row.credits += [back for each in gone for back in each.credits]
            del plan.rows[index + 1 :]
        plan.settle()
        self._move(event, plan.open_principal, ())

    def _extend(self, event: Extension) -> None:
        due = (n for n, r in enumerate(self.plan.rows) if r.period.due_on >= event.value_on)
        first = next(due, len(self.plan.rows) - 1)
        self._add_rows(event.extra_instalments)
        self.plan.relevel(first)

    def _add_rows(self, count: int) -> None:
        rows, terms = self.plan.rows, self.terms.schedule
        for n in range(len(rows) + 1, len(rows) + count + 1):
            start = rows[-1].period.due_on
            due = stepped(terms.drawn_on, terms, n)
            rows.append(DailyInstalment(Period(n, start, due, (due - start).days)))

    def _move(
        self,
        event: Event,
        amount: Decimal,
        portions: tuple[Portion, ...],
        held: Decimal = NOTHING,
    ) -> None:
        left = self.plan.open_principal
        kind = type(event).__name__.lower()
        self.movements.append(
            Movement(event.key, kind, event.value_on, amount, portions, held, left)
        )


def fold_daily(terms: AccountTerms, events: Iterable[Event], as_of: date) -> Account:
    """The account on a day. Events count from their value date, in the order given within a day.

    Unit: the currency. Rounding: as the schedule's terms say, once an instalment.
    Violations: `event.not_offered`.
    """
    listed = sorted(events, key=lambda event: event.value_on)
    undone = {event.reversed_key for event in listed if isinstance(event, Reversal)}
    fold = DailyFold(terms, empty_plan(terms))
    for event in listed:
        known_on = event.recorded_on if isinstance(event, _AGREED) else event.value_on
        if known_on <= as_of and event.key not in undone and not isinstance(event, Reversal):
            fold.take(event)
    fold.plan.known_to = max(as_of, fold.plan.known_to)
    fold.plan.settle()
    answer = account_of(terms, fold.plan, fold.movements, fold.held, as_of)
    return replace(answer, accelerated_on=fold.accelerated_on, written_off_on=fold.written_off_on)


def _whole_periods(period: Period, terms: ScheduleTerms) -> Decimal:
    """Whole periods counted back from the due date, and the rest by its share of one more."""
    whole = 0
    while stepped(period.due_on, terms, -whole - 1) >= period.start_on:
        whole += 1
    end, begin = stepped(period.due_on, terms, -whole), stepped(period.due_on, terms, -whole - 1)
    with localcontext(EXACT):
        return whole + Decimal((end - period.start_on).days) / (end - begin).days


def empty_plan(terms: AccountTerms) -> Plan:
    """The instalments of a contract before any money went out."""
    schedule = terms.schedule
    rows = [
        DailyInstalment(period, interest_only=period.n <= schedule.principal_grace)
        for period in periods(schedule)
    ]
    return Plan(
        schedule,
        RateClock(schedule),
        rows,
        schedule.drawn_on,
        overdue_bears=terms.interest_on_overdue,
        whole_periods=terms.rest is terms.payoff_rest is Rest.INSTALMENT,
    )


__all__ = ["DailyFold", "as_paid_on", "empty_plan", "fold_daily"]
