"""A later drawdown in the cumulative family: one schedule over all that was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import Amortisation, RepaymentMethod
from domain.schedules.annuity import EXACT
from domain.schedules.methods import METHODS

Lent = Sequence[tuple[date, Decimal]]


def down_share(running: Running, amount: Decimal) -> Decimal:
    """What of a drawdown is paid down on its day. Unit: the currency."""
    terms = running.terms.schedule
    if not terms.down_payment_share:
        return NOTHING
    return terms.rounding.instalment(amount * terms.down_payment_share, terms.currency)


def is_laid_whole(running: Running) -> bool:
    """Whether a tranche lays every row: nothing else may stand on the rows."""
    cumulative = running.terms.schedule.amortisation is Amortisation.CUMULATIVE
    return cumulative and not running.totals.charged_back


def lay_whole(running: Running, drawn_on: date, amount: Decimal) -> None:
    """Lay every row as if all had been drawn at first; interest runs on what was lent by then.

    Flat interest is charged on all of it in every period. Unit: the currency. Rounding: as the
    product says.
    """
    drawn = [
        (m.value_on, m.amount) for m in running.movements if m.kind == "drawdown" and not m.reversed
    ]
    drawn = [*drawn, (drawn_on, amount)]
    lent = [(day, whole - down_share(running, whole)) for day, whole in drawn]
    rows = [row for row in running.rows if not row.apart and not row.down_payment]
    _lay(running, rows, lent, sum((whole for _, whole in drawn), NOTHING))


def _lay(running: Running, rows: Sequence[Row], lent: Lent, principal_drawn: Decimal) -> None:
    schedule = running.terms.schedule
    balance = sum((amount for _, amount in lent), NOTHING)
    rate = running.rates.rate_on(rows[0].period.start_on)
    terms = replace(schedule, principal=principal_drawn, yearly_rate=rate)
    with localcontext(EXACT):
        factors = [running.rates.factor(r.period, r.period.start_on, r.due_on) for r in rows]
        parts = METHODS[schedule.method](terms, balance, factors)
    left, flat = balance, schedule.method is RepaymentMethod.FLAT
    level = parts[0].principal + parts[0].interest
    for n, (row, part) in enumerate(zip(rows, parts, strict=True), start=1):
        interest = part.interest if flat else _interest(running, row, lent, balance - left)
        principal = part.principal
        if schedule.method is RepaymentMethod.EQUAL_INSTALMENT:
            principal = left if n == len(rows) else min(max(level - interest, NOTHING), left)
        left -= principal
        row.lump[Bucket.PRINCIPAL], row.lump[Bucket.INTEREST] = principal, interest
        row.paid_on = row.paid_on if row.open_total(running.currency) == 0 else None
        later = (a for day, a in lent if n < len(rows) and day >= row.due_on)
        row.balance_after = max(left - sum(later, NOTHING), NOTHING)


def _interest(running: Running, row: Row, lent: Lent, repaid: Decimal) -> Decimal:
    """Interest of a row on what was lent by each of its days, less what was repaid before it."""
    start, due = row.period.start_on, row.due_on
    cuts = sorted({start, due, *(day for day, _ in lent if start < day < due)})
    exact = NOTHING
    for from_on, to_on in pairwise(cuts):
        drawn = sum((amount for day, amount in lent if day <= from_on), NOTHING)
        exact += max(drawn - repaid, NOTHING) * running.rates.factor(row.period, from_on, to_on)
    terms = running.terms.schedule
    return terms.rounding.amount(exact, terms.currency)
