"""What a customer's limit is derived from, as the book knows it on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.financials.statement import FinancialStatement
from domain.limits import (
    Ask,
    Collateral,
    Derivation,
    LimitCase,
    LimitTerms,
    derive,
    terms_from_data,
)
from domain.limits.tree import Level, NodeState
from domain.money import Currency
from domain.products import ProductRules
from domain.scoring import GRADES, ONE_YEAR_SCALE
from domain.strict_data import read_number
from domain.violations import LoanRuleViolation
from persistence.queries.customer_ratings import rating_in_force
from persistence.queries.customer_statements import statements_of
from persistence.queries.rates import index_named
from persistence.rules import product_in_force
from persistence.tables import LimitNode, Loan, PolicyVersion

TERMS_CODE = "grade_terms"
_NOTHING = Decimal(0)


async def terms_in_force(session: AsyncSession, today: date) -> LimitTerms:
    """The newest version of the grade table on a day. Violation: `grade_terms.unknown`."""
    statement = (
        select(col(PolicyVersion.data))
        .where(col(PolicyVersion.code) == TERMS_CODE, col(PolicyVersion.active_from) <= today)
        .order_by(col(PolicyVersion.version).desc())
        .limit(1)
    )
    data = (await session.execute(statement)).scalar_one_or_none()
    if data is None:
        raise LoanRuleViolation("grade_terms.unknown")
    return terms_from_data(data)


async def statements_at_hand(
    session: AsyncSession, customer_id: UUID
) -> tuple[FinancialStatement, ...]:
    """The customer's verified statements; else those its newest application declared."""
    verified = await statements_of(session, customer_id, None)
    if verified:
        return verified
    statement = (
        select(Loan)
        .where(col(Loan.customer_id) == customer_id)
        .order_by(col(Loan.submitted_at).desc())
        .limit(1)
    )
    loan = (await session.execute(statement)).scalar_one_or_none()
    if loan is None:
        return ()
    return tuple(
        FinancialStatement(int(year), loan.currency, _figures(lines))
        for year, lines in sorted(loan.statements.items())
    )


async def limit_case(
    session: AsyncSession,
    customer_id: UUID,
    ask: Ask,
    collateral: tuple[Collateral, ...],
    product_code: str,
    today: date,
) -> LimitCase | None:
    """Everything a derivation reads; None for a customer that is not rated. The grade's own
    probability of default stands where the rating states none.

    Violation: `product.not_offered`.
    """
    product = await product_in_force(session, product_code, today)
    rating = await rating_in_force(session, customer_id)
    if rating is None or rating.grade not in GRADES:
        return None
    return LimitCase(
        grade=rating.grade,
        pd=ONE_YEAR_SCALE.pd_of(rating.grade) if rating.pd is None else rating.pd,
        currency=Currency(product.currencies[0]),
        statements=await statements_at_hand(session, customer_id),
        ask=ask,
        base_rate=await _base_rate(session, product, today),
        collateral=collateral,
        owed_here=await _owed(session, (customer_id,)),
        group_owed=await _owed_by_the_group(session, customer_id),
        product_max=product.amount_max,
        product_tenor_max=product.tenor_max,
    )


async def derived_for(
    session: AsyncSession,
    customer_id: UUID,
    ask: Ask,
    collateral: tuple[Collateral, ...],
    product_code: str,
    today: date,
) -> Derivation | None:
    """The derivation by the table in force; None for a customer that is not rated."""
    case = await limit_case(session, customer_id, ask, collateral, product_code, today)
    return None if case is None else derive(case, await terms_in_force(session, today))


async def _base_rate(session: AsyncSession, product: ProductRules, today: date) -> Decimal:
    """The index in force, for a product that follows one; else the product's own base rate."""
    if product.floating is not None:
        index = await index_named(session, str(product.floating["index"]), today)
        if index is not None and index.newest is not None:
            return index.newest.yearly_rate
    return product.base_rate


async def _owed(session: AsyncSession, customers: tuple[UUID, ...]) -> Decimal:
    owed = select(func.coalesce(func.sum(col(Loan.outstanding)), 0)).where(
        col(Loan.customer_id).in_(customers)
    )
    total: Decimal = (await session.execute(owed)).scalar_one()
    return Decimal(total)


async def _owed_by_the_group(session: AsyncSession, customer_id: UUID) -> Decimal | None:
    """What the other members owe; None where the customer's limit hangs on no group."""
    live = (col(LimitNode.level) == Level.CUSTOMER, col(LimitNode.state) != NodeState.CLOSED)
    mine = select(col(LimitNode.parent_id)).where(col(LimitNode.customer_id) == customer_id, *live)
    group = (await session.execute(mine)).scalar_one_or_none()
    if group is None:
        return None
    others = select(col(LimitNode.customer_id)).where(
        col(LimitNode.parent_id) == group, col(LimitNode.customer_id) != customer_id, *live
    )
    members = (await session.execute(others)).scalars()
    return await _owed(session, tuple(each for each in members if each is not None))


def _figures(lines: dict[str, str]) -> dict[str, Decimal]:
    read = ((name, read_number(text)) for name, text in lines.items())
    return {name: value for name, value in read if value is not None}
