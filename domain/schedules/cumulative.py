"""The cumulative family: instalments by the closed formula, flat interest over the whole term.

Source: the published tables of the cumulative engine; its level instalment looks at the name of the
period alone (a month of thirty days), its interest at the days the convention counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.schedules.annuity import AnnuityRow, equal_instalment, rows_of
from domain.schedules.interest import nominal_years
from domain.schedules.parts import filled, rows_from_parts
from domain.schedules.terms import ScheduleTerms

_NOTHING = Decimal(0)
Rows = tuple[AnnuityRow, ...]


def equal_instalment_rows(terms: ScheduleTerms, balance: Decimal, rates: Sequence[Decimal]) -> Rows:
    """Level instalments, never re-balanced; periods free of interest do not make them smaller."""
    level = cumulative_level(terms, balance, len(rates))
    return rows_of(balance, rates, level, terms.rounding, terms.currency)


def cumulative_level(terms: ScheduleTerms, balance: Decimal, count: int) -> Decimal:
    """The level instalment of `count` periods. Unit: the currency. Rounding: the product's."""
    nominal = [terms.yearly_rate * nominal_years(terms)] * count
    return equal_instalment(balance, nominal, terms.rounding, terms.currency)


def flat_rows(
    terms: ScheduleTerms,
    balance: Decimal,
    rates: Sequence[Decimal],
    *,
    base: Decimal | None = None,
    principal_grace: int = 0,
    interest_grace: int = 0,
) -> Rows:
    """Interest on the whole original principal, a down payment included, in equal parts.

    `base` is that principal where it is no longer the terms' own.

    Rows that pay none, by a grace or because they are free of interest, leave it to the others in
    equal parts. The roundings of principal and of interest fall into the last row. Where the
    instalment is a multiple, both parts are rounded to it and the principal takes the difference.
    """
    count = len(rates)
    bearing = terms.principal if base is None else base
    whole = terms.rounding.interest(bearing, sum(rates, _NOTHING), terms.currency)
    pays = [n >= interest_grace and rate > 0 for n, rate in enumerate(rates)]
    each = terms.rounding.amount(whole / (sum(pays) or 1), terms.currency)
    shares = filled(whole, each, sum(pays)) if any(pays) else []
    interest = [shares.pop(0) if paying else _NOTHING for paying in pays]
    part = terms.rounding.instalment(balance / (count - principal_grace), terms.currency)
    multiple = terms.rounding.multiple
    principal = [
        _NOTHING if n < principal_grace else part + multiple(cost) - cost
        for n, cost in enumerate(each * paying for paying in pays)
    ]
    return rows_from_parts(balance, principal, interest)


def until_repaid(rows: Rows) -> Rows:
    """The rows up to the one that repays the last of it; nothing is due after that."""
    last = next((n for n, row in enumerate(rows, start=1) if not row.balance_after), len(rows))
    return rows if any(row.interest for row in rows[last:]) else rows[:last]
