"""The products, policies and working calendar every book starts with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.decisions import policy_from_data
from domain.limits import terms_from_data
from domain.portfolio.policy import portfolio_policy_from_data
from domain.products import product_from_data
from persistence.calendars import seed_calendar
from persistence.rates import seed_rates
from persistence.tables import PolicyVersion, ProductVersion

SEED = Path(__file__).parent / "seed"
FIRST_DAY = date(2018, 1, 1)  # where the seeded working calendar begins


async def seed_reference_data(session: AsyncSession) -> None:
    """Load the shipped products, policies and working calendar; what is there already stays.

    Every file is read by the domain first: a malformed one stops the start, not a case later.
    """
    for data in _seed_files("products"):
        product_from_data(data)
        await session.execute(_version_row(ProductVersion, data))
    for data in _seed_files("policies"):
        policy_from_data(data)
        await session.execute(_version_row(PolicyVersion, data))
    for data in _seed_files("limits"):
        terms_from_data(data)
        await session.execute(_version_row(PolicyVersion, data))
    for data in _seed_files("portfolio"):
        portfolio_policy_from_data(data)
        await session.execute(_version_row(PolicyVersion, data))
    await seed_calendar(session)
    await seed_rates(session)


def _seed_files(folder: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((SEED / folder).glob("*.json"))]


def _version_row(table: type[Any], data: Mapping[str, Any]) -> Any:
    row = {
        "code": data["code"],
        "version": data["version"],
        "data": data,
        "active_from": FIRST_DAY,
    }
    return insert(table).values(row).on_conflict_do_nothing()
