"""What each event does to a running account. One function an event; the fold calls them by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from domain.accounts import events as ev
from domain.accounts.account import AccrualStatus, Movement, Portion
from domain.accounts.adding import (
    added_rows,
    earned_ahead,
    fresh_rows,
    in_order,
    merged_now,
    nothing_waits,
    take_out,
)
from domain.accounts.debts import add_debt, own_row, positive, settle
from domain.accounts.money_back import (
    Taken,
    charge_back,
    hold_again,
    pay_refund,
    promise_refund,
    refund,
)
from domain.accounts.opening import first_rows
from domain.accounts.prepaying import keep_instalment
from domain.accounts.reageing import re_age, re_amortise
from domain.accounts.reshape import (
    ahead,
    balance_ahead,
    earned_on,
    lay_anew,
    moved_rows,
    regular,
    take_open_principal,
)
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.accounts.tranches import down_share, is_laid_whole, lay_whole
from domain.accounts.waiting import grant_holiday
from domain.accounts.written_off import make_all_due, stop_interest
from domain.repayments import Bucket
from domain.schedules import Amortisation
from domain.schedules.periods import WorkingDay
from domain.violations import LoanRuleViolation

_STILL: Taken = (NOTHING, [], NOTHING)


def draw(running: Running, event: ev.Drawdown, working_day: WorkingDay | None = None) -> Taken:
    """The first drawdown lays the schedule, a later one is spread over what is not yet due."""
    amount = positive(running, event.amount)
    running.misused = running.misused_now()
    if not running.rows:
        running.rows = first_rows(running, amount, event.value_on, working_day)
    else:
        rows = ahead(running, event.value_on)
        if not rows:
            raise LoanRuleViolation("account.matured")
        _draw_more(running, event, rows)
    running.totals.drawn += amount
    held, running.held = running.held, NOTHING
    portions, running.held = running.pay(held, event.value_on)
    return amount, portions, running.held - held


def _draw_more(running: Running, event: ev.Drawdown, rows: Sequence[Row]) -> None:
    start = rows[0].period.start_on
    before = running.factor(rows[0], start, max(event.value_on, start))
    balance = balance_ahead(rows)
    lent = event.amount - _own_share(running, event, balance + event.amount)
    if is_laid_whole(running):
        running.flat_base += event.amount
        lay_whole(running, event.value_on, event.amount)
        return
    running.flat_base += lent
    rows[0].uncharged += lent * before
    lay_anew(running, rows, balance + lent)


def _own_share(running: Running, event: ev.Drawdown, balance: Decimal) -> Decimal:
    """The down payment of a tranche: a row of its own on the tranche's day."""
    part = down_share(running, event.amount)
    if not part:
        return NOTHING
    row = own_row(running, event.value_on, event.value_on, {Bucket.PRINCIPAL: part})
    row.balance_after, row.down_payment = balance - part, True
    return part


def receive(running: Running, event: ev.Receipt) -> Taken:
    """Money came in: it pays what is due, the rest is held."""
    amount = positive(running, event.amount)
    running.totals.received += amount
    portions, left = running.pay(amount, event.value_on, event.kind)
    running.held += left
    return amount, portions, left


def charge(running: Running, event: ev.Charge) -> Taken:
    """A fee or a lump penalty joins the instalment in whose period it falls due.

    One that falls due after the last instalment is a row of its own.
    """
    amount = positive(running, event.amount)
    row = add_debt(running, event.due_on, event.bucket, amount, by_due_day=True)
    row.charged_on.append((event.due_on, event.bucket, amount))
    return amount, [], NOTHING


def waive(running: Running, event: ev.Waiver) -> Taken:
    """The bank gives up part of what is open in one bucket, oldest instalment first."""
    left = positive(running, event.amount)
    portions: list[Portion] = []
    for n, row in enumerate(running.rows, start=1):
        part = min(left, row.open_amount(event.bucket, running.currency))
        if part > 0:
            row.pay(event.bucket, part, event.value_on, running.currency)
            portions.append(Portion(n, event.bucket, part))
            left -= part
    if left:
        raise LoanRuleViolation("account.waiver_above_open")
    waived = running.totals.waived
    waived[event.bucket] = waived.get(event.bucket, NOTHING) + event.amount
    return event.amount, portions, NOTHING


def set_rate(running: Running, event: ev.RateSet) -> Taken:
    """Another rate: what is not yet due is laid anew, the period in progress in two parts."""
    if not event.yearly_rate.is_finite() or not 0 <= event.yearly_rate <= 1:
        raise LoanRuleViolation("terms.rate")
    rows, from_on = ahead(running, event.value_on), event.value_on
    if running.terms.schedule.amortisation is Amortisation.CUMULATIVE and rows:
        # this family of conventions knows one rate an instalment: the whole period changes
        from_on = rows[0].period.start_on
    if running.rates.set(from_on, event.yearly_rate):
        lay_anew(running, rows, balance_ahead(rows))
    return _STILL


def pause_interest(running: Running, event: ev.InterestPause) -> Taken:
    """No interest for some days."""
    if event.to_on < event.value_on:
        raise LoanRuleViolation("account.dates")
    running.rates.pauses.append((event.value_on, event.to_on))
    rows = ahead(running, event.value_on)
    lay_anew(running, rows, balance_ahead(rows))
    return _STILL


def prepay(running: Running, event: ev.Prepayment) -> Taken:
    """Principal ahead of time, with the interest earned on it to that day, and a fee if agreed.

    Money held for the loan pays first; the rest counts as received with the event.
    """
    amount = positive(running, event.amount)
    rows = ahead(running, event.value_on)
    balance = balance_ahead(rows)
    if running.days_past_due(event.value_on):
        raise LoanRuleViolation("account.arrears_first")
    if not rows or amount >= balance - _paid_ahead(rows):
        raise LoanRuleViolation("account.prepayment_range")
    interest = earned_on(running, rows[0], amount, balance, event.value_on)
    lump = {Bucket.PRINCIPAL: amount, Bucket.INTEREST: interest, Bucket.FEE: event.fee}
    own = own_row(running, event.value_on, event.value_on, {b: a for b, a in lump.items() if a})
    own.balance_after = balance - amount
    # money that comes back ahead of time is first of all what went astray
    running.misused = max(running.misused_now() - amount, NOTHING)
    total = own.open_total(running.currency)
    used = min(running.held, total)
    running.held -= used
    running.totals.received += total - used
    portions = settle(running, own, event)
    _lessen(running, rows[0], (balance - amount) / balance)
    lay = lay_anew if event.choice is ev.PrepaymentChoice.KEEP_TERM else keep_instalment
    lay(running, rows, balance - amount)
    return total - used, portions, -used


def _lessen(running: Running, row: Row, left: Decimal) -> None:
    """What counts beside the balance shrinks with it. `left` is the share that stays."""
    row.uncharged *= left
    row.owed_again *= left
    running.flat_base *= left


def _paid_ahead(rows: Sequence[Row]) -> Decimal:
    return sum((row.paid.get(Bucket.PRINCIPAL, NOTHING) for row in rows), NOTHING)


def pay_off(running: Running, event: ev.Payoff) -> Taken:
    """Everything owed that day is paid; money held for the loan is used first."""
    current = merged_now(running, event.value_on)
    if event.fee:
        row = current or running.rows[-1]
        row.lump[Bucket.FEE] = row.lump.get(Bucket.FEE, NOTHING) + event.fee
    total = sum((row.open_total(running.currency) for row in running.rows), NOTHING)
    portions = [p for row in list(running.rows) for p in settle(running, row, event)]
    used = min(running.held, total)
    running.held -= used
    running.totals.received += total - used
    return total - used, portions, -used


def accelerate(running: Running, event: ev.Acceleration) -> Taken:
    """The bank declares everything due (宣布提前到期)."""
    merged_now(running, event.value_on)
    running.accelerated_on = event.value_on
    return _STILL


def move_due_dates(running: Running, event: ev.DueDateMove) -> Taken:
    """One instalment and those behind it fall due later, or earlier."""
    rows = [row for row in regular(running) if row.due_on >= event.from_due_on]
    if not rows or rows[0].due_on != event.from_due_on:
        raise LoanRuleViolation("account.no_such_due_date")
    if event.to_due_on <= rows[0].period.start_on:
        raise LoanRuleViolation("account.dates")
    moved_rows(rows, event.to_due_on - event.from_due_on, running.terms.schedule)
    if running.dates is not None:
        running.dates = running.dates.restarted(event.to_due_on)
    lay_anew(running, rows, balance_ahead(rows))
    in_order(running)
    return _STILL


def move_for_holiday(running: Running, event: ev.HolidayMove) -> Taken:
    """One instalment falls due on another day, between its neighbours; interest follows."""
    rows = ahead(running, event.value_on)
    place = next((n for n, row in enumerate(rows) if row.due_on == event.from_due_on), None)
    if place is None:
        raise LoanRuleViolation("account.no_such_due_date")
    row, behind = rows[place], rows[place + 1 :]
    latest = behind[0].due_on if behind else date.max
    if not row.period.start_on < event.to_due_on < latest or event.to_due_on <= event.value_on:
        raise LoanRuleViolation("account.dates")
    row.set_dates(row.period.start_on, event.to_due_on)
    if behind:
        behind[0].set_dates(event.to_due_on, behind[0].due_on)
    in_order(running)
    lay_anew(running, rows, balance_ahead(rows))
    return _STILL


def extend(running: Running, event: ev.Extension) -> Taken:
    """More instalments: what falls due from that day on is spread over them too (展期).

    An instalment that is paid stays as it was paid. Violation: `account.extension`.
    """
    rows = ahead(running, (event.from_due_on or event.value_on) - timedelta(days=1))
    rows = list(dropwhile(lambda row: row.paid_on is not None, rows))
    if event.extra_instalments < 1 or not rows:
        raise LoanRuleViolation("account.extension")
    balance = balance_ahead(rows)
    added = added_rows(running, event.extra_instalments)
    running.rows.extend(added)
    in_order(running)
    lay_anew(running, [*rows, *added], balance)
    return _STILL


def restructure(running: Running, event: ev.Restructure) -> Taken:
    """What is not yet due is laid over a new schedule; with `overdue_too` overdue principal too.

    Interest earned so far falls due with the first new instalment; what was due of interest,
    penalty and fees stays due as it is. Violations: `account.restructure`, `account.capitalise`.
    """
    if event.capitalise:
        raise LoanRuleViolation("account.capitalise")
    rows = ahead(running, event.value_on)
    late = take_open_principal(running, event.value_on) if event.overdue_too else NOTHING
    if event.instalments < 1 or event.first_due_on <= event.value_on or not (rows or late):
        raise LoanRuleViolation("account.restructure")
    balance = balance_ahead(rows) + late
    earned = earned_ahead(running, rows, event.value_on) if rows else NOTHING
    nothing_waits(running)
    since = rows[0].period.start_on if rows else regular(running)[-1].due_on
    fresh = fresh_rows(running, event.value_on, event.first_due_on, event.instalments)
    fresh[0].brought = earned
    for row in fresh[: event.principal_grace]:
        row.waits = True
    take_out(running, rows, fresh[0])
    if late and since < event.value_on:
        cut = own_row(running, since, event.value_on, {})
        cut.balance_after = balance
    running.rows.extend(fresh)
    in_order(running)
    running.rates.set(event.value_on, event.yearly_rate)
    running.flat_base = balance
    lay_anew(running, fresh, balance)
    return _STILL


def misuse(running: Running, event: ev.Misuse) -> Taken:
    """Money went elsewhere than agreed: the misuse rate counts on it from that day."""
    running.misused = running.misused_now() + positive(running, event.amount)
    return event.amount, [], NOTHING


def end_misuse(running: Running, event: ev.MisuseEnded) -> Taken:
    """Misused money serves its purpose again: the misuse rate no longer counts on it."""
    left = running.misused_now() - positive(running, event.amount)
    if left < 0:
        raise LoanRuleViolation("account.misuse_ended")
    running.misused = left
    return event.amount, [], NOTHING


def write_off(running: Running, event: ev.WriteOff) -> Taken:
    """The claim leaves the balance sheet and is kept beside it (账销案存)."""
    running.written_off_on = event.value_on
    if event.after is ev.AfterWriteOff.NO_INTEREST:
        stop_interest(running, event.value_on)
    if event.after is ev.AfterWriteOff.ALL_DUE:
        make_all_due(running, event.value_on)
    running.status = AccrualStatus.NON_ACCRUAL
    return running.outstanding(), [], NOTHING


APPLY: Mapping[type[ev.Event], Callable[[Running, Any], Taken]] = {
    ev.Drawdown: draw,
    ev.Receipt: receive,
    ev.Charge: charge,
    ev.Waiver: waive,
    ev.Refund: refund,
    ev.RefundDue: promise_refund,
    ev.RefundPaid: pay_refund,
    ev.RefundFailed: hold_again,
    ev.Chargeback: charge_back,
    ev.RateSet: set_rate,
    ev.InterestPause: pause_interest,
    ev.Prepayment: prepay,
    ev.Payoff: pay_off,
    ev.Acceleration: accelerate,
    ev.DueDateMove: move_due_dates,
    ev.HolidayMove: move_for_holiday,
    ev.ReAge: re_age,
    ev.ReAmortisation: re_amortise,
    ev.Extension: extend,
    ev.Restructure: restructure,
    ev.PaymentHoliday: grant_holiday,
    ev.Misuse: misuse,
    ev.MisuseEnded: end_misuse,
    ev.WriteOff: write_off,
}


def movement(running: Running, event: ev.Event, taken: Taken, kind: str) -> Movement:
    """An event as the account shows it."""
    amount, portions, held = taken
    return Movement(
        event.key, kind, event.value_on, amount, tuple(portions), held, running.outstanding()
    )
