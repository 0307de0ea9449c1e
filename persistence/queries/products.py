"""What the bank lends today, and what its products are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.products import ProductRules, product_from_data
from persistence.tables import ProductVersion


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product's name in both languages."""

    code: str
    name_zh: str
    name_en: str


async def products_on_offer(session: AsyncSession, today: date) -> tuple[ProductRules, ...]:
    """The newest version in force of every product, by code."""
    statement = (
        select(col(ProductVersion.data))
        .ext(distinct_on(col(ProductVersion.code)))
        .where(col(ProductVersion.active_from) <= today)
        .order_by(col(ProductVersion.code), col(ProductVersion.version).desc())
    )
    return tuple(product_from_data(data) for data in (await session.execute(statement)).scalars())


async def product_names(session: AsyncSession) -> Mapping[str, ProductName]:
    """The latest names of every product there ever was, by code."""
    data = col(ProductVersion.data)
    statement = (
        select(col(ProductVersion.code), data["name_zh"].astext, data["name_en"].astext)
        .ext(distinct_on(col(ProductVersion.code)))
        .order_by(col(ProductVersion.code), col(ProductVersion.version).desc())
    )
    rows = (await session.execute(statement)).all()
    return {row[0]: ProductName(row[0], row[1], row[2]) for row in rows}
