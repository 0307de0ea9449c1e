"""The last years of every customer at once, for what looks at the whole book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.financials.statement import FinancialStatement

YEARS = 3
_NEWEST = """
SELECT customer_id, year, currency, lines, audited, ended_on FROM (
  SELECT f.*, row_number() OVER (PARTITION BY customer_id ORDER BY year DESC) AS place
  FROM financial_statement f WHERE known_to IS NULL
    AND (CAST(:ids AS uuid[]) IS NULL OR customer_id = ANY(:ids))) newest
WHERE place <= :years ORDER BY customer_id, year
"""


@dataclass(frozen=True, slots=True)
class BookOfStatements:
    """The last years in force of each customer that filed any, oldest first, and their names."""

    years: Mapping[UUID, tuple[FinancialStatement, ...]]
    names: Mapping[UUID, str]


async def book_of_statements(session: AsyncSession) -> BookOfStatements:
    """Every customer's last years; at most three each."""
    years = await statements_by_customer(session, None)
    statement = text(
        "SELECT id, name FROM customer WHERE id IN (SELECT customer_id FROM financial_statement)"
    )
    names = {row.id: row.name for row in (await session.execute(statement)).all()}
    return BookOfStatements(years, names)


async def statements_by_customer(
    session: AsyncSession, customers: Sequence[UUID] | None
) -> dict[UUID, tuple[FinancialStatement, ...]]:
    """The last years of some customers, or of all, oldest first; at most three each."""
    years: defaultdict[UUID, list[FinancialStatement]] = defaultdict(list)
    asked = {"years": YEARS, "ids": None if customers is None else list(customers)}
    for row in (await session.execute(text(_NEWEST), asked)).all():
        lines = {name: Decimal(amount) for name, amount in row.lines.items()}
        one = FinancialStatement(row.year, row.currency, lines, row.audited, row.ended_on)
        years[row.customer_id].append(one)
    return {key: tuple(found) for key, found in years.items()}
