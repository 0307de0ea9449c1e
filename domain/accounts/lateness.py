"""What lateness costs: penalty interest (罚息) on principal, compound (复利) on interest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts.rows import NOTHING, Row
from domain.accounts.terms import LatenessTerms
from domain.day_counts import year_fraction
from domain.money import Currency
from domain.repayments import Bucket


def late_rate(lateness: LatenessTerms, yearly_rate: Decimal, *, misused: bool) -> Decimal:
    """The yearly rate on what is late: overdue or misused, the heavier, never both."""
    uplift = lateness.penalty_uplift
    if misused:
        uplift = max(uplift, lateness.misuse_uplift)
    return yearly_rate * (1 + uplift)


def accrue_lateness(
    rows: Iterable[Row],
    lateness: LatenessTerms,
    rate: Decimal,
    to_on: date,
    currency: Currency,
) -> None:
    """Run the price of lateness of every overdue row up to a day.

    Rows come in the order they fall due. Counts from the due date; a row still within its days
    of grace waits, and where the grace
    passes unpaid, counts from the due date all the same. Penalty itself never compounds.
    """
    if not lateness.penalised:
        return
    for row in rows:
        if row.due_on >= to_on:
            break
        if to_on > row.due_on + timedelta(days=lateness.grace_days) and row.paid_on is None:
            _accrue(row, lateness, rate, to_on, currency)


def _accrue(
    row: Row, lateness: LatenessTerms, rate: Decimal, to_on: date, currency: Currency
) -> None:
    from_on = max(row.due_on, row.late_to_on or row.due_on)
    if to_on <= from_on:
        return
    share = rate * year_fraction(lateness.day_count, from_on, to_on)
    principal = row.open_amount(Bucket.PRINCIPAL, currency)
    interest = row.open_amount(Bucket.INTEREST, currency) if lateness.compound else NOTHING
    for bucket, base in ((Bucket.PENALTY, principal), (Bucket.COMPOUND, interest)):
        if base > 0:
            row.late_exact[bucket] = row.late_exact.get(bucket, NOTHING) + base * share
    row.late_to_on = to_on
