"""Open debt laid over new instalments, or onto those to come, on a daily balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.accounts.account import Portion
from domain.accounts.daily.clock import RateClock, whole_periods
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.money import row_of_charge
from domain.accounts.daily.paying import ended_on
from domain.accounts.daily.plan import Plan
from domain.accounts.daily.state import DailyFold
from domain.accounts.equal_parts import equal_parts, shared_out
from domain.accounts.events import (
    Charge,
    ReAge,
    ReAgedInterest,
    ReAmortisation,
    ReAmortisedInterest,
)
from domain.repayments import Bucket
from domain.schedules.periods import Period, steps_after
from domain.violations import LoanRuleViolation

_CHARGES = (Bucket.FEE, Bucket.PENALTY)


def re_age(fold: DailyFold, event: ReAge) -> None:
    """The instalment in progress ends on the day, and new ones take what is open.

    Violation: `account.re_age` where no new instalment follows from it.
    """
    if event.instalments < 1 or event.every < 1 or event.first_due_on < event.value_on:
        raise LoanRuleViolation("account.re_age")
    relaid = event.interest is ReAgedInterest.RELAID
    plan, interest_runs = fold.plan, relaid and _bears_interest(fold.plan)
    amounts, lifted = _open_debt(plan, event)
    if lifted:
        maturity = plan.rows[-1].period.due_on
        waiting = _charges_ahead(fold, event.value_on) if relaid else []
        _end_on(plan, event.value_on)
        if interest_runs:
            _close(_started(plan, event.value_on), event.value_on, keep_interest=True)
            _lay_level(plan, event)
        else:
            _close(plan.rows, event.value_on, keep_interest=False)
            _lay_in_parts(plan, event, amounts)
            plan.clock.set_on.append((min(event.value_on, maturity), NOTHING))
            plan.settle()
        for charge, amount in waiting:
            _charge(fold, charge, amount)
    fold.move(event, sum((each.amount for each in lifted), NOTHING), lifted)


def re_amortise(fold: DailyFold, event: ReAmortisation) -> None:
    """What is overdue leaves its instalments and raises the level of those to come.

    Violation: `account.re_amortisation` where nothing is to come.
    """
    plan, on = fold.plan, event.value_on
    first = next((n for n, row in enumerate(plan.rows) if row.period.due_on > on), None)
    if first is None:
        raise LoanRuleViolation("account.re_amortisation")
    lifted = tuple(
        Portion(n, bucket, row.open_amount(bucket))
        for n, row in enumerate(plan.rows[:first], start=1)
        for bucket in (Bucket.PRINCIPAL, Bucket.INTEREST)
        if not row.down_payment and row.open_amount(bucket) > 0
    )
    if lifted:
        _spread_overdue(plan, event, first, lifted)
    fold.move(event, sum((each.amount for each in lifted), NOTHING), lifted)


def _spread_overdue(
    plan: Plan, event: ReAmortisation, first: int, lifted: Sequence[Portion]
) -> None:
    due = [row for row in plan.rows[:first] if not row.settled]
    ahead = plan.rows[first:]
    in_parts = event.interest is ReAmortisedInterest.EQUAL_PARTS
    _close(due, event.value_on, keep_interest=not in_parts)
    for row in plan.rows:
        row.interest_only = False
    if not _bears_interest(plan):
        _raise_levels(plan, ahead, sum((each.amount for each in lifted), NOTHING))
        return
    if in_parts:
        interest = (each.amount for each in lifted if each.bucket is Bucket.INTEREST)
        part = sum(interest, NOTHING) / len(ahead)
        for row in ahead:
            row.fixed_interest += plan.terms.rounding.amount(part, plan.terms.currency)
        _move_fees(due, ahead, plan)
    plan.relevel(first)


def _raise_levels(plan: Plan, ahead: Sequence[DailyInstalment], total: Decimal) -> None:
    """Without interest every instalment takes an equal part more, the last the rest."""
    terms = plan.terms
    part = terms.rounding.amount(total / len(ahead), terms.currency)
    if terms.rounding.instalment_multiple_of:
        part = min(terms.rounding.instalment(part, terms.currency), total)
    for row, amount in zip(ahead, equal_parts(total, len(ahead), part), strict=True):
        row.level += amount
        row.agreed_level += amount
    plan.settle()


def _bears_interest(plan: Plan) -> bool:
    return plan.terms.yearly_rate > 0 or any(rate for _, rate in plan.clock.set_on)


def _open_debt(plan: Plan, event: ReAge) -> tuple[dict[Bucket, Decimal], tuple[Portion, ...]]:
    """What is open of every kind, and where it stood; interest as far as the handling counts it."""
    whole = event.interest is ReAgedInterest.EQUAL_WHOLE
    told = plan if whole else ended_on(plan, event.value_on)
    buckets: tuple[Bucket, ...] = (Bucket.PRINCIPAL, Bucket.INTEREST)
    if event.interest is not ReAgedInterest.RELAID:
        buckets += _CHARGES
    lifted = tuple(
        Portion(n, bucket, row.open_amount(bucket))
        for n, row in enumerate(told.rows, start=1)
        for bucket in buckets
        if not row.down_payment and row.open_amount(bucket) > 0
    )
    amounts = dict.fromkeys(buckets, NOTHING)
    for portion in lifted:
        amounts[portion.bucket] += portion.amount
    return amounts, lifted


def _started(plan: Plan, on: date) -> list[DailyInstalment]:
    return [row for row in plan.rows if row.period.start_on <= on and not row.settled]


def _charges_ahead(fold: DailyFold, on: date) -> list[tuple[Charge, Decimal]]:
    """Charges that fall due after a day and are not paid, taken off their instalments."""
    waiting: list[tuple[Charge, Decimal]] = []
    for charge in (each for each in fold.taken if isinstance(each, Charge)):
        row = row_of_charge(fold.plan.rows, charge.due_on)
        amount = min(charge.amount, row.open_amount(charge.bucket)) if row else NOTHING
        if row is not None and charge.due_on > on and amount > 0:
            row.charged[charge.bucket] -= amount
            waiting.append((charge, amount))
    return waiting


def _charge(fold: DailyFold, charge: Charge, amount: Decimal) -> None:
    row = row_of_charge(fold.plan.rows, charge.due_on) or fold.plan.rows[-1]
    row.charged[charge.bucket] = row.owed(charge.bucket) + amount


def _end_on(plan: Plan, on: date) -> None:
    """The instalment in progress ends on a day and takes what those behind it were paid."""
    rows = plan.rows
    ahead = [row for row in rows if row.period.due_on >= on and not row.down_payment]
    for row in ahead[:1]:
        plan.end_row_on(row, on)
    for row in ahead[1:]:
        _take_over(ahead[0], row)
        rows.remove(row)
    plan.settle()


def _take_over(holder: DailyInstalment, row: DailyInstalment) -> None:
    """What a row was paid and owes besides moves to another."""
    holder.paid_principal += row.paid_principal
    holder.paid_interest += row.paid_interest
    holder.payments += row.payments
    holder.credits += row.credits
    holder.credited_interest += row.credited_interest
    holder.in_advance += row.in_advance
    holder.late += row.late
    for bucket, amount in row.charged.items():
        holder.charged[bucket] = holder.owed(bucket) + amount
    for bucket, amount in row.charges_paid.items():
        holder.charges_paid[bucket] = holder.already(bucket) + amount


def _close(rows: Sequence[DailyInstalment], on: date, *, keep_interest: bool) -> None:
    """Instalments ask for no more than they were paid."""
    for row in rows:
        if row.down_payment:
            continue
        if not row.settled or row.open_total:
            row.last_paid_on = on
        row.level = row.agreed_level = row.paid - row.credited - row.credited_interest
        row.interest_only = False
        row.interest_moved = row.interest_moved or not keep_interest
        row.fixed_interest = NOTHING


def _lay_in_parts(plan: Plan, event: ReAge, amounts: Mapping[Bucket, Decimal]) -> None:
    for row in plan.rows if event.interest is not ReAgedInterest.RELAID else ():
        for bucket in () if row.down_payment else _CHARGES:
            row.charged[bucket] = row.already(bucket)
    multiple = not _bears_interest(plan)
    start, due = plan.rows[-1].period.due_on, event.first_due_on
    for lump in shared_out(amounts, event.instalments, plan.terms, multiple=multiple):
        row = DailyInstalment(Period(len(plan.rows) + 1, start, due, (due - start).days))
        row.fixed_interest = lump.get(Bucket.INTEREST, NOTHING)
        row.level = row.agreed_level = row.fixed_interest + lump[Bucket.PRINCIPAL]
        row.charged = {bucket: lump[bucket] for bucket in _CHARGES if lump.get(bucket)}
        plan.rows.append(row)
        start, due = due, steps_after(due, event.unit, event.every, plan.terms.month_end)


def _lay_level(plan: Plan, event: ReAge) -> None:
    """New level instalments, agreed as over whole periods of the new frequency."""
    first_on = plan.rows[0].period.start_on
    extended = event.first_due_on == first_on
    back = 0 if extended else -event.every
    anchor = steps_after(event.first_due_on, event.unit, back, plan.terms.month_end)
    ends = [
        steps_after(event.first_due_on, event.unit, event.every * k, plan.terms.month_end)
        for k in range(int(extended), event.instalments + int(extended))
    ]
    levels = _levels(plan, event, anchor, ends)
    if extended:
        plan.rows = [r for r in plan.rows if r.down_payment or r.period.due_on > first_on]
    first = len(plan.rows)
    start = plan.rows[-1].period.due_on if plan.rows else first_on
    for due, level in zip(ends, levels, strict=True):
        period = Period(len(plan.rows) + 1, start, due, (due - start).days)
        plan.rows.append(DailyInstalment(period, level, level))
        plan.clock.stretched[due] = whole_periods(period, plan.terms)
        start = due
    plan.even_out(first)


def _levels(plan: Plan, event: ReAge, anchor: date, ends: Sequence[date]) -> list[Decimal]:
    starts = [anchor, *ends[:-1]]
    rows = [
        DailyInstalment(Period(n, start, due, (due - start).days))
        for n, (start, due) in enumerate(zip(starts, ends, strict=True), start=1)
    ]
    terms = replace(
        plan.terms,
        yearly_rate=plan.clock.contract_rate(event.value_on),
        drawn_on=anchor,
        instalments=event.instalments,
        first_due_on=None,
        matures_on=None,
        principal_grace=0,
        down_payment_share=NOTHING,
        unit=event.unit,
        every=event.every,
        rounding=replace(plan.terms.rounding, instalment_multiple_of=None),
    )
    alone = Plan(terms, RateClock(terms), rows, anchor, [(anchor, plan.open_principal)])
    alone.relevel(0)
    return [row.level for row in alone.rows]


def _move_fees(
    due: Sequence[DailyInstalment], ahead: Sequence[DailyInstalment], plan: Plan
) -> None:
    open_fees = sum((row.open_amount(Bucket.FEE) for row in due), NOTHING)
    if not open_fees:
        return
    for row in due:
        row.charged[Bucket.FEE] = row.already(Bucket.FEE)
    part = plan.terms.rounding.amount(open_fees / len(ahead), plan.terms.currency)
    for row, amount in zip(ahead, equal_parts(open_fees, len(ahead), part), strict=True):
        row.charged[Bucket.FEE] = row.owed(Bucket.FEE) + amount
