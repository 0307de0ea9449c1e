"""What lateness costs: penalty interest (罚息) on principal, compound (复利) on interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts.misuse import heavier_by
from domain.accounts.rows import NOTHING, Row
from domain.accounts.terms import LatenessTerms
from domain.day_counts import year_fraction
from domain.money import Currency
from domain.repayments import Bucket


def late_rate(lateness: LatenessTerms, yearly_rate: Decimal) -> Decimal:
    """The yearly rate on what is overdue. What is misused too bears `heavier_by` more."""
    return yearly_rate * (1 + lateness.penalty_uplift)


def accrue_lateness(
    rows: Sequence[Row],
    misused: Sequence[Decimal],
    lateness: LatenessTerms,
    yearly_rate: Decimal,
    to_on: date,
    currency: Currency,
) -> None:
    """Run the price of lateness of every overdue row up to a day.

    Rows come in the order they fall due, with what of their open principal is misused. Counts from
    the due date; a row still within its days of grace waits, and where the grace passes unpaid,
    counts from the due date all the same. Penalty itself never compounds.
    """
    if not lateness.penalised:
        return
    rate, heavier = late_rate(lateness, yearly_rate), heavier_by(lateness, yearly_rate)
    for row, part in zip(rows, misused, strict=True):
        if row.due_on >= to_on:
            break
        if to_on > row.due_on + timedelta(days=lateness.grace_days) and row.paid_on is None:
            principal = row.open_amount(Bucket.PRINCIPAL, currency) * rate + part * heavier
            interest = row.open_amount(Bucket.INTEREST, currency) * rate
            _accrue(row, lateness, principal, interest, to_on)


def _accrue(
    row: Row, lateness: LatenessTerms, principal: Decimal, interest: Decimal, to_on: date
) -> None:
    """Add what a year of lateness costs, by the days since the row last accrued."""
    from_on = max(row.due_on, row.late_to_on or row.due_on)
    if to_on <= from_on:
        return
    share = year_fraction(lateness.day_count, from_on, to_on)
    compound = interest if lateness.compound else NOTHING
    for bucket, cost in ((Bucket.PENALTY, principal), (Bucket.COMPOUND, compound)):
        if cost > 0:
            row.late_exact[bucket] = row.late_exact.get(bucket, NOTHING) + cost * share
    row.late_to_on = to_on
