"""Open debt laid over new instalments, or onto those to come, where rows bear what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.accounts import events as ev
from domain.accounts.account import Portion
from domain.accounts.debts import own_row
from domain.accounts.equal_parts import equal_parts, shared_out
from domain.accounts.money_back import Taken
from domain.accounts.reshape import earned_on
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules.periods import Period, steps_after
from domain.violations import LoanRuleViolation

_CHARGES = (Bucket.FEE, Bucket.PENALTY)
_IN_EQUAL_PARTS = (Bucket.PRINCIPAL, Bucket.INTEREST, *_CHARGES)


def re_age(running: Running, event: ev.ReAge) -> Taken:
    """Lift what is open from every row and spread it evenly over new ones.

    Where interest runs on, only principal moves, so the loan must bear none: a loan that bears
    interest by its schedule is re-aged with that interest in equal parts. Violations:
    `account.re_age` where no new instalment follows from it or the loan bears interest.
    """
    relaid = event.interest is ev.ReAgedInterest.RELAID
    known = event.instalments >= 1 and event.every >= 1 and event.first_due_on >= event.value_on
    if not known or (relaid and _bears_interest(running)):
        raise LoanRuleViolation("account.re_age")
    payable = _payable_interest(running, event.value_on)
    lifted = _lift(running, event, (Bucket.PRINCIPAL,) if relaid else _IN_EQUAL_PARTS)
    amounts = _by_bucket(lifted)
    if event.interest is ev.ReAgedInterest.EQUAL_PAYABLE:
        amounts[Bucket.INTEREST] = payable
    left_behind = _gather_paid(running, event.value_on, event.first_due_on)
    _lay(running, event, amounts, left_behind)
    return sum(amounts.values(), NOTHING), lifted, NOTHING


def re_amortise(running: Running, event: ev.ReAmortisation) -> Taken:
    """Overdue principal goes onto the rows to come in equal parts; the last takes the rest.

    Violation: `account.re_amortisation` where nothing is to come, or the loan bears interest by
    its schedule.
    """
    ahead = [r for r in running.rows if r.due_on > event.value_on and not _stands_apart(r)]
    if not ahead or _bears_interest(running):
        raise LoanRuleViolation("account.re_amortisation")
    due = [row for row in running.rows if row.due_on <= event.value_on]
    lifted = _lift_from(running, due, event.value_on, (Bucket.PRINCIPAL,))
    total, terms = _by_bucket(lifted).get(Bucket.PRINCIPAL, NOTHING), running.terms.schedule
    part = terms.rounding.amount(total / len(ahead), terms.currency)
    if terms.rounding.instalment_multiple_of:
        part = min(terms.rounding.instalment(part, terms.currency), total)
    given = NOTHING
    for row, amount in zip(ahead, equal_parts(total, len(ahead), part), strict=True):
        row.lump[Bucket.PRINCIPAL] = row.lump.get(Bucket.PRINCIPAL, NOTHING) + amount
        given += amount
        row.balance_after -= given
    return total, lifted, NOTHING


def _bears_interest(running: Running) -> bool:
    return running.terms.schedule.yearly_rate > 0 or any(rate for _, rate in running.rates.steps)


def _stands_apart(row: Row) -> bool:
    return row.apart or row.down_payment


def _payable_interest(running: Running, on: date) -> Decimal:
    """Interest earned to a day and not paid."""
    earned = paid = NOTHING
    for row in running.rows:
        owed = row.owed(Bucket.INTEREST, running.currency)
        paid += row.paid.get(Bucket.INTEREST, NOTHING)
        if row.due_on <= on:
            earned += owed
        elif row.period.start_on < on and owed:
            balance = row.balance_after + row.lump.get(Bucket.PRINCIPAL, NOTHING)
            earned += earned_on(running, row, balance, balance, on)
    return max(earned - paid, NOTHING)


def _lift(running: Running, event: ev.ReAge, buckets: Sequence[Bucket]) -> list[Portion]:
    down_payments_too = buckets == (Bucket.PRINCIPAL,)
    rows = [row for row in running.rows if down_payments_too or not row.down_payment]
    return _lift_from(running, rows, event.value_on, buckets)


def _lift_from(
    running: Running, rows: Sequence[Row], on: date, buckets: Sequence[Bucket]
) -> list[Portion]:
    """Take what is open out of rows; a row left with nothing open is done on that day."""
    numbers = {id(row): n for n, row in enumerate(running.rows, start=1)}
    lifted: list[Portion] = []
    principal = NOTHING
    for row in running.rows:
        for bucket in buckets if row in rows else ():
            part = row.open_amount(bucket, running.currency)
            if part > 0:
                row.lump[bucket] = row.lump.get(bucket, NOTHING) - part
                lifted.append(Portion(numbers[id(row)], bucket, part))
                principal += part if bucket is Bucket.PRINCIPAL else NOTHING
        row.balance_after += principal
        if row in rows and row.paid_on is None and row.open_total(running.currency) == 0:
            row.paid_on = on
    return lifted


def _by_bucket(portions: Sequence[Portion]) -> dict[Bucket, Decimal]:
    amounts: dict[Bucket, Decimal] = {}
    for portion in portions:
        amounts[portion.bucket] = amounts.get(portion.bucket, NOTHING) + portion.amount
    return amounts


def _gather_paid(running: Running, on: date, first_due_on: date) -> list[dict[Bucket, Decimal]]:
    """One row of that day for what was paid in advance; rows from the first new day on go.

    What they still owed besides (charges that do not move) comes back, row by row.
    """
    rows = [row for row in running.rows if not _stands_apart(row)]
    ahead = [row for row in rows if row.due_on >= on]
    if not ahead:
        return []
    gathered = own_row(running, _start_of_gathered(rows, on), on, {})
    gathered.apart, gathered.paid_on = False, on
    for row in ahead:
        _move_paid(row, gathered)
    before = [row for row in running.rows if row.due_on <= on and row is not gathered]
    paid = gathered.lump.get(Bucket.PRINCIPAL, NOTHING)
    standing = before[-1].balance_after if before else running.outstanding()
    gathered.balance_after = standing - paid
    gone = [row for row in ahead if row.due_on >= first_due_on]
    running.rows = [row for row in running.rows if not any(row is each for each in gone)]
    return [{bucket: row.lump.get(bucket, NOTHING) for bucket in _CHARGES} for row in gone]


def _start_of_gathered(rows: Sequence[Row], on: date) -> date:
    return next((row.period.start_on for row in rows if row.due_on > on), on)


def _move_paid(row: Row, gathered: Row) -> None:
    for bucket, amount in row.paid.items():
        row.lump[bucket] = row.lump.get(bucket, NOTHING) - amount
        gathered.lump[bucket] = gathered.lump.get(bucket, NOTHING) + amount
        gathered.paid[bucket] = gathered.paid.get(bucket, NOTHING) + amount
    gathered.paid_in_advance += row.paid_in_advance
    row.paid.clear()
    row.paid_in_advance = NOTHING


def _lay(
    running: Running,
    event: ev.ReAge,
    amounts: dict[Bucket, Decimal],
    left_behind: Sequence[dict[Bucket, Decimal]],
) -> None:
    """The new rows; charges of rows that went stay in their place."""
    terms, left = running.terms.schedule, amounts.get(Bucket.PRINCIPAL, NOTHING)
    start, due = running.rows[-1].due_on, event.first_due_on
    n = max(row.period.n for row in running.rows)
    carried = shared_out(amounts, event.instalments, terms, multiple=True)
    for place, extra in enumerate(left_behind):
        here = carried[min(place, len(carried) - 1)]
        for bucket, amount in extra.items():
            here[bucket] = here.get(bucket, NOTHING) + amount
    for place, lump in enumerate(carried, start=1):
        left -= lump.get(Bucket.PRINCIPAL, NOTHING)
        kept = {bucket: amount for bucket, amount in lump.items() if amount}
        period = Period(n + place, start, due, (due - start).days, stub=True)
        running.rows.append(Row(period, due, left, kept))
        start, due = due, steps_after(due, event.unit, event.every, terms.month_end)
