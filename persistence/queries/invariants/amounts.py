"""I16: amounts are finite, in range and in their currency's scale; schedules sum exactly."""

# ruff: noqa: S608 - put together from this file's own constants, nothing typed by anybody

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.queries.invariants.findings import Checked, checked

# table, the row's name, its currency, columns above zero, columns from zero on
_OF_LOAN = "(SELECT currency FROM loan WHERE id = t.loan_id)"
_MONEY = (
    ("loan", "case_number", "currency", ("amount",), ("outstanding",)),
    ("contract", "number", "currency", ("principal",), ()),
    ("drawdown", "loan_id || '/' || number", "currency", ("amount",), ()),
    ("payout", "key", "currency", ("amount",), ()),
    ("collection", "key", "currency", ("amount",), ()),
    ("refund", "key", "currency", ("amount",), ()),
    (
        "receipt",
        "transaction_id",
        "currency",
        ("amount",),
        ("posted", "suspense", "refund_pending", "returned"),
    ),
    ("allocation", "loan_id || '/' || n", _OF_LOAN, ("amount",), ()),
    (
        "instalment",
        "loan_id || '/' || n",
        _OF_LOAN,
        (),
        (
            *("principal", "interest", "balance_after", "principal_paid", "interest_paid"),
            *("penalty_accrued", "penalty_paid", "compound_accrued", "compound_paid"),
            *("fee", "fee_paid"),
        ),
    ),
    ("journal_line", "id", "currency", (), ()),
)
_RATES = (
    ("contract", "number", ("yearly_rate", "penalty_uplift"), "1"),
    ("loan", "case_number", ("yearly_rate",), "0.36"),
)
_WHOLE = "('JPY')"  # currencies without a smaller unit; all others have two places
_COUNT = " + ".join(f"(SELECT count(*) FROM {row[0]})" for row in _MONEY)


async def amounts_are_sound(session: AsyncSession) -> Checked:
    """Nothing infinite, negative, too large or finer than the currency, in any money column."""
    return await checked(session, f"SELECT {_COUNT}", dict(_rules()))


def _rules() -> Iterator[tuple[str, str]]:
    yield "amount_unsound", "\nUNION ALL ".join([*_money_selects(), _SIGNED])
    yield "rate_unsound", "\nUNION ALL ".join(_rate_selects())
    yield "schedule_sum_differs", _SCHEDULE


def _money_selects() -> Iterator[str]:
    for table, name, currency, positive, zero_allowed in _MONEY:
        for column in (*positive, *zero_allowed):
            sign = ">" if column in positive else ">="
            sound = (
                f"t.{column} {sign} 0 AND t.{column} < 1e13 AND t.{column} = "
                f"round(t.{column}, CASE WHEN {_own(currency)} IN {_WHOLE} THEN 0 ELSE 2 END)"
            )
            yield _select(table, name, column, sound)


def _rate_selects() -> Iterator[str]:
    for table, name, columns, highest in _RATES:
        for column in columns:
            sound = f"t.{column} IS NULL OR (t.{column} >= 0 AND t.{column} <= {highest})"
            yield _select(table, name, column, sound)


def _select(table: str, name: str, column: str, sound: str) -> str:
    return (
        f"SELECT CAST('{table} ' || {name} AS text), '{column}', CAST(t.{column} AS text)"
        f" FROM {table} t WHERE ({sound}) IS NOT TRUE"
    )


def _own(currency: str) -> str:
    return f"t.{currency}" if currency == "currency" else currency


_SIGNED = """
    SELECT CAST('journal_line ' || id AS text), 'amount', CAST(amount AS text) FROM journal_line
    WHERE (amount <> 0 AND abs(amount) < 1e13
        AND amount = round(amount, CASE WHEN currency = 'JPY' THEN 0 ELSE 2 END)) IS NOT TRUE"""
_SCHEDULE = """
    SELECT s.case_number, s.lent, s.laid FROM (
        SELECT l.case_number, c.principal, sum(i.principal) AS laid,
            coalesce((SELECT sum(p.amount) FROM payout p
                WHERE p.loan_id = l.id AND p.status = 'settled'), c.principal) AS lent
        FROM instalment i JOIN loan l ON l.id = i.loan_id
        LEFT JOIN contract c ON c.loan_id = i.loan_id GROUP BY l.id, c.principal) s
    WHERE (s.laid = s.lent AND s.lent <= s.principal) IS NOT TRUE"""
