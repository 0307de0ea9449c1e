"""I6: disbursed less repaid is outstanding, and interest recomputes to the cent.

The schedule is worked out here once more in another way than the product's: the level payment
from the sum of the monthly discount factors instead of the closed formula.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.accounts import accounts_tie_out
from persistence.queries.invariants.findings import Break, Checked, checked

_COUNT = "SELECT count(*) FROM loan"
_RULES = {
    "outstanding_differs": """
        SELECT l.case_number, l.outstanding, sum(i.principal - i.principal_paid) FROM loan l
        LEFT JOIN instalment i ON i.loan_id = l.id
        GROUP BY l.id
        HAVING l.outstanding <> coalesce(sum(i.principal - i.principal_paid), 0)""",
    "schedule_principal_differs": """
        SELECT l.case_number, p.amount, sum(i.principal) FROM loan l
        JOIN (SELECT loan_id, sum(amount) AS amount FROM payout WHERE status = 'settled'
            GROUP BY loan_id) p ON p.loan_id = l.id
        LEFT JOIN instalment i ON i.loan_id = l.id
        GROUP BY l.id, p.amount HAVING coalesce(sum(i.principal), 0) <> p.amount""",
    "outstanding_not_in_ledger": """
        SELECT l.case_number, l.outstanding, x.lent FROM loan l
        LEFT JOIN (
            SELECT j.loan_id, sum(y.amount) AS lent FROM journal j
            JOIN journal_line y ON y.journal_id = j.id AND y.account = 'loans'
            GROUP BY j.loan_id) x ON x.loan_id = l.id
        WHERE l.outstanding <> coalesce(x.lent, 0)""",
}
_LINES = text("""
    SELECT l.case_number, l.method, l.currency, l.drawn_on, l.tenor_months,
        c.principal AS lent, c.yearly_rate, i.n, i.period_start_on, i.due_on,
        i.principal, i.interest, i.balance_after
    FROM instalment i JOIN loan l ON l.id = i.loan_id
    LEFT JOIN contract c ON c.loan_id = l.id
    WHERE NOT EXISTS (SELECT 1 FROM account_event e WHERE e.loan_id = l.id
        AND (e.kind = ANY(:reshaping) OR (e.kind = 'drawdown' AND e.seq > 1)))
    AND l.method = ANY(:methods)
    AND ((c.terms -> 'schedule') IS NULL OR (c.terms -> 'schedule') @> CAST(:plain AS jsonb))
    AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.loan_id = l.id AND p.status = 'settled'
        AND p.amount <> c.principal)
    ORDER BY i.loan_id, i.n""")
_RESHAPING = [
    *("rate_set", "interest_pause", "prepayment", "payoff", "due_date_move"),
    *("holiday_move", "extension", "restructure", "payment_holiday", "acceleration"),
    *("re_age", "re_amortisation"),
]
"""Events after which a schedule is another one; the account's own check judges those."""
_METHODS = ["equal_instalment", "equal_principal", "interest_first_bullet"]
_PLAIN = {
    "unit": "month",
    "every": 1,
    "first_due_on": None,
    "settlement_day": None,
    "day_count": "30/360",
    "month_end": "last_day",
    "holiday": "none",
    "principal_grace": 0,
    "interest_payment_grace": 0,
    "interest_free": 0,
    "down_payment_share": "0",
    "rounding": {"mode": "half_up", "instalment_multiple_of": None, "rebalance": False},
}
"""Schedules simple enough to be told twice: here without the engine that laid them."""
_PLACES = {"JPY": Decimal(1)}
_CENT = Decimal("0.01")
_FINE = Context(prec=60)


async def notes_stand(session: AsyncSession) -> Checked:
    """Outstanding equals what the schedule and the ledger say; each schedule recomputes."""
    sums = await checked(session, _COUNT, _RULES)
    breaks: list[Break] = []
    asked = {"reshaping": _RESHAPING, "methods": _METHODS, "plain": json.dumps(_PLAIN)}
    rows = await session.stream(_LINES.execution_options(yield_per=5000), asked)
    lines: list[Any] = []
    async for row in rows:
        if lines and lines[0].case_number != row.case_number:
            breaks += judged(lines)
            lines = []
        lines.append(row)
    breaks += judged(lines)
    return sums + Checked(0, tuple(breaks)) + await accounts_tie_out(session)


def judged(lines: Sequence[Any]) -> list[Break]:
    """The break of one schedule, if any line is not what the terms come to."""
    if not lines:
        return []
    head = lines[0]
    if head.lent is None or head.drawn_on is None or not head.lent.is_finite():
        return [Break("schedule_without_terms", head.case_number)]
    expected = list(recomputed(head))
    found = [
        (x.n, x.period_start_on, x.due_on, x.principal, x.interest, x.balance_after) for x in lines
    ]
    if found == expected:
        return []
    wrong = next((f[0] for f, e in zip(found, expected, strict=False) if f != e), len(expected))
    return [Break("schedule_does_not_recompute", head.case_number, str(wrong))]


def recomputed(terms: Any) -> Iterator[tuple[int, date, date, Decimal, Decimal, Decimal]]:
    """Number, from, due, principal, interest, balance of each month, from the terms alone."""
    unit = _PLACES.get(terms.currency, _CENT)
    balance, level = terms.lent, _level(terms, unit)
    part = (terms.lent / terms.tenor_months).quantize(unit, ROUND_HALF_UP)
    for n in range(1, terms.tenor_months + 1):
        interest = (balance * terms.yearly_rate / 12).quantize(unit, ROUND_HALF_UP)
        principal = balance if n == terms.tenor_months else min(level - interest, balance)
        if terms.method != "equal_instalment" and n < terms.tenor_months:
            principal = part if terms.method == "equal_principal" else Decimal(0)
        balance -= principal
        yield (
            n,
            _months_on(terms.drawn_on, n - 1),
            _months_on(terms.drawn_on, n),
            principal,
            interest,
            balance,
        )


def _level(terms: Any, unit: Decimal) -> Decimal:
    with localcontext(_FINE):
        discount = 1 / (1 + terms.yearly_rate / 12)
        factor, total = Decimal(1), Decimal(0)
        for _ in range(terms.tenor_months):
            factor *= discount
            total += factor
        level: Decimal = (terms.lent / total).quantize(unit, ROUND_HALF_UP)
        return level


def _months_on(start: date, months: int) -> date:
    year, month = start.year, start.month + months
    while month > 12:
        year, month = year + 1, month - 12
    return date(year, month, min(start.day, monthrange(year, month)[1]))
