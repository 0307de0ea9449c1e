"""The rows of the first drawdown, with what the contract grants on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from domain.accounts.due_dates import dates_of
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.repayments import Bucket
from domain.schedules import (
    Amortisation,
    RepaymentMethod,
    ScheduleLine,
    ScheduleTerms,
    build_schedule,
)
from domain.schedules.periods import Period, WorkingDay, periods


@dataclass(frozen=True)
class _Planned:
    """A line of the first schedule, its periods, and the interest its own period bears."""

    line: ScheduleLine
    parts: tuple[Period, ...]
    own_interest: Decimal

    def row(self) -> Row:
        line = self.line
        first = (
            self.parts[0] if len(self.parts) == 1 else Period(line.n, line.due_on, line.due_on, 1)
        )
        period = replace(first, start_on=line.period_start_on, due_on=line.due_on)
        lump = {Bucket.PRINCIPAL: line.principal, Bucket.INTEREST: line.interest}
        parts = self.parts if len(self.parts) > 1 else ()
        return Row(period, line.due_on, line.balance_after, lump, parts=parts)


def first_rows(
    running: Running, principal: Decimal, drawn_on: date, working_day: WorkingDay | None
) -> list[Row]:
    """The rows of the first drawdown, from the day the money really went out."""
    rate = running.rates.rate_on(drawn_on)
    terms = replace(
        running.terms.schedule, principal=principal, drawn_on=drawn_on, yearly_rate=rate
    )
    running.dates = dates_of(terms, working_day)
    whole = terms.amortisation is Amortisation.CUMULATIVE
    running.flat_base = principal - (NOTHING if whole else terms.down_payment)
    planned = _planned(terms, working_day)
    rows = [each.row() for each in planned]
    down = len(rows) - len([each for each in planned if each.parts])
    for row in rows[:down]:
        row.down_payment = True
    _grant(terms, rows[down:], planned[down:])
    if terms.interest_free:
        free_to = periods(terms, working_day)[terms.interest_free - 1].due_on
        running.rates.pauses.append((drawn_on, free_to - timedelta(days=1)))
    return rows


def _grant(terms: ScheduleTerms, rows: Sequence[Row], planned: Sequence[_Planned]) -> None:
    """Mark the rows without principal and those whose interest is put off (宽限期).

    Flat interest of the cumulative family is shared out over the other rows instead.
    """
    flat = terms.method is RepaymentMethod.FLAT
    shared = flat and terms.amortisation is Amortisation.CUMULATIVE
    for n, (row, each) in enumerate(zip(rows, planned, strict=True)):
        row.waits = n < terms.principal_grace
        if n < terms.interest_payment_grace and not shared:
            row.deferred, row.put_off = True, each.own_interest


@lru_cache(maxsize=64)
def _planned(terms: ScheduleTerms, working_day: WorkingDay | None) -> tuple[_Planned, ...]:
    """The first schedule and its periods, remembered: every run of an account begins with it."""
    lines = build_schedule(terms, working_day)
    own = lines
    if terms.interest_payment_grace:
        own = build_schedule(replace(terms, interest_payment_grace=0), working_day)
    down = int(bool(terms.down_payment_share))
    cut = periods(terms, working_day)
    one_row = terms.method is RepaymentMethod.MATURITY
    single = [(period,) for period in cut[: len(lines) - down]]
    spans = [()] * down + ([cut] if one_row else single)
    return tuple(
        _Planned(line, parts, each.interest)
        for line, parts, each in zip(lines, spans, own, strict=True)
    )
