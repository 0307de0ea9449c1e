"""The yearly statements a customer is watched by."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.financials import FinancialStatement
from persistence.queries.customer_statements import statements_of
from persistence.tables import Loan


async def statements_to_watch(
    session: AsyncSession, customer_id: UUID
) -> tuple[FinancialStatement, ...]:
    """The statement of each year the bank holds, newest first.

    The verified ones of the dossier count before what an application stated.
    """
    statement = (
        select(col(Loan.statements), col(Loan.currency))
        .where(col(Loan.customer_id) == customer_id)
        .order_by(col(Loan.submitted_at))
    )
    years: dict[int, FinancialStatement] = {}
    for stated, currency in (await session.execute(statement)).all():
        for year, lines in stated.items():
            figures = {
                name: figure
                for name, text in lines.items()
                if (figure := _figure(text)) is not None
            }
            years[int(year)] = FinancialStatement(int(year), currency, figures)
    years |= {held.year: held for held in await statements_of(session, customer_id, None)}
    return tuple(years[year] for year in sorted(years, reverse=True))


def _figure(text: object) -> Decimal | None:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
