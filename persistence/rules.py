"""The versions of products and policies a case runs on, and the facts it was submitted with."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import ApplicationFacts
from domain.decisions import PolicyTable, policy_from_data
from domain.products import ProductRules, product_from_data
from domain.violations import LoanRuleViolation
from persistence.tables import Loan, PolicyVersion, ProductVersion

_FACTS = TypeAdapter(ApplicationFacts)


async def product_in_force(session: AsyncSession, code: str, today: date) -> ProductRules:
    """The newest version of a product on a day. Violation: `product.not_offered`."""
    statement = (
        select(col(ProductVersion.data))
        .where(col(ProductVersion.code) == code, col(ProductVersion.active_from) <= today)
        .order_by(col(ProductVersion.version).desc())
        .limit(1)
    )
    data = (await session.execute(statement)).scalar_one_or_none()
    if data is None:
        raise LoanRuleViolation("product.not_offered")
    return product_from_data(data)


async def product_of(session: AsyncSession, loan: Loan) -> ProductRules:
    """The product in the version the case started with."""
    return await product_rules(session, loan.product_code, loan.product_version)


async def product_rules(session: AsyncSession, code: str, version: int) -> ProductRules:
    """One product in one version. Violation: `product.not_offered`."""
    row = await session.get(ProductVersion, (code, version))
    if row is None:
        raise LoanRuleViolation("product.not_offered")
    return product_from_data(row.data)


async def policy_in_force(session: AsyncSession, code: str, today: date) -> PolicyTable:
    """The newest version of a policy on a day. Violation: `policy.unknown`."""
    statement = (
        select(col(PolicyVersion.data))
        .where(col(PolicyVersion.code) == code, col(PolicyVersion.active_from) <= today)
        .order_by(col(PolicyVersion.version).desc())
        .limit(1)
    )
    data = (await session.execute(statement)).scalar_one_or_none()
    if data is None:
        raise LoanRuleViolation("policy.unknown")
    return policy_from_data(data)


def facts_to_row(facts: ApplicationFacts) -> dict[str, Any]:
    """Facts as JSON with decimals as strings."""
    body: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    return body


def facts_of(loan: Loan) -> ApplicationFacts:
    """The facts a case was submitted with."""
    return _FACTS.validate_python(loan.facts)
