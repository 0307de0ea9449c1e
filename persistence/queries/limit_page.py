"""Everything a customer's page of limits shows, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.limits import Ask, Collateral, Derivation, derive
from domain.limits.simulation import Change, Simulation, simulate
from domain.limits.timing import Advice
from domain.money import Currency
from domain.products import ProductRules
from persistence.queries.customer_ratings import CustomerRatingView, rating_in_force
from persistence.queries.customer_statements import statements_of
from persistence.queries.limit_ground import limit_case, terms_in_force
from persistence.queries.limit_timing import timing_advice
from persistence.queries.limits import LimitTree, limit_tree, open_groups
from persistence.queries.products import products_on_offer
from persistence.tables import Loan


@dataclass(frozen=True, slots=True)
class LimitPage:
    """Tree, advice and rating of a customer; `derivation` for what was asked, if it was."""

    today: date
    tree: LimitTree
    advice: tuple[Advice, ...]
    rating: CustomerRatingView | None
    products: tuple[ProductRules, ...]
    groups: tuple[tuple[UUID, str], ...]
    derivation: Derivation | None
    currency: Currency
    declared: bool
    """Whether the figures are an application's own, as nobody has verified any statement yet."""

    @property
    def currencies(self) -> Mapping[str, Currency]:
        """The currency each product is lent in."""
        return {each.code: Currency(each.currencies[0]) for each in self.products}

    @property
    def earliest(self) -> date | None:
        """The earliest day any of the advice names."""
        return min((each.on for each in self.advice if each.on is not None), default=None)


async def limit_page(
    session: AsyncSession,
    customer_id: UUID,
    today: date,
    ask: Ask | None = None,
    collateral: tuple[Collateral, ...] = (),
    product: str = "",
) -> LimitPage:
    """The page; with an `ask`, what is derived for it. Violation: `product.not_offered`."""
    products = await products_on_offer(session, today)
    tree = await limit_tree(session, customer_id, today)
    derivation = None
    currency = Currency.CNY
    if ask is not None:
        case = await limit_case(session, customer_id, ask, collateral, product, today)
        if case is not None:
            currency = case.currency
            derivation = derive(case, await terms_in_force(session, today))
    return LimitPage(
        today=today,
        tree=tree,
        advice=await timing_advice(session, customer_id, tree, today),
        rating=await rating_in_force(session, customer_id),
        products=products,
        groups=await open_groups(session),
        derivation=derivation,
        currency=currency,
        declared=not await statements_of(session, customer_id, None),
    )


async def simulated(
    session: AsyncSession,
    customer_id: UUID,
    today: date,
    asked: tuple[Ask, tuple[Collateral, ...], str],
    change: Change,
) -> Simulation | None:
    """A customer as it is and as it would be; None for one that is not rated."""
    case = await limit_case(session, customer_id, *asked, today)
    return None if case is None else simulate(case, change, await terms_in_force(session, today))


async def last_ask(session: AsyncSession, customer_id: UUID) -> tuple[str, Decimal, int] | None:
    """Product, amount and months of the customer's newest application."""
    statement = (
        select(col(Loan.product_code), col(Loan.amount), col(Loan.tenor_months))
        .where(col(Loan.customer_id) == customer_id)
        .order_by(col(Loan.submitted_at).desc(), col(Loan.id))
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])
