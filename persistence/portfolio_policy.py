"""The portfolio's policy in its versions, kept beside the other policies."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.portfolio.policy import PortfolioPolicy, portfolio_policy_from_data
from domain.violations import LoanRuleViolation
from persistence.tables import PolicyVersion

CODE = "portfolio"


async def portfolio_policy(session: AsyncSession, today: date) -> PortfolioPolicy:
    """The newest version on a day. Violation: `policy.unknown`."""
    statement = (
        select(col(PolicyVersion.data))
        .where(col(PolicyVersion.code) == CODE, col(PolicyVersion.active_from) <= today)
        .order_by(col(PolicyVersion.version).desc())
        .limit(1)
    )
    data = (await session.execute(statement)).scalar_one_or_none()
    if data is None:
        raise LoanRuleViolation("policy.unknown")
    return portfolio_policy_from_data(data)
