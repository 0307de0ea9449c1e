"""What a customer has declared, and on which consent the bureau may be asked about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.agreements import EnvelopePurpose, EnvelopeStatus
from domain.applications.facts import Statement
from domain.customers.verification import IDENTITY
from domain.process import CaseStatus
from domain.strict_data import read_number
from domain.violations import LoanRuleViolation
from persistence.queries.customer_statements import statements_of
from persistence.rules import facts_of
from persistence.tables import Customer, DossierEntry, Envelope, Loan

CONTROLLERS = "controllers"
YEAR, ORIGIN, APPLICATION = "statement_year", "figures_from", "application"
CONSENT_VALID = timedelta(days=365)
"""A written consent is commonly given for a year at most. Source: the bank's consent text."""
_DAYS = ("established_on",)
_AMOUNTS = ("registered_capital", "revenue", "net_profit", "total_assets", "equity", "tax")
_FIGURES = ("revenue", "net_profit", "total_assets", "equity")


async def declared_by(session: AsyncSession, customer: Customer) -> dict[str, str]:
    """The customer's own values by the matrix's fields, as texts.

    A verified fact of the dossier goes before what the customer was opened with; the figures are
    those of its newest application, and without one those of its newest yearly statements, with
    their year. Whoever borrows claims to be in business.
    """
    known: dict[str, Any] = {
        "name": customer.name,
        "legal_representative": customer.legal_representative,
        "established_on": customer.established_on,
        "licence_status": "active",
    }
    known |= await _figures(session, customer.id)
    known |= await _facts(session, customer.id)
    return {name: _text(value) for name, value in known.items() if value not in (None, "")}


def typed(declared: dict[str, Any]) -> dict[str, object]:
    """Declared texts as the values the matrix compares: days as days, amounts as Decimals."""
    return {name: _typed(name, str(text)) for name, text in declared.items()}


async def consent_for(session: AsyncSession, customer_id: UUID, at: datetime) -> UUID | None:
    """The newest authorisation signed for a running loan that is still young enough, or None."""
    statement = (
        select(col(Envelope.id))
        .join(Loan, col(Loan.id) == col(Envelope.loan_id))
        .where(
            col(Loan.customer_id) == customer_id,
            col(Loan.status) == CaseStatus.ACTIVE,
            col(Envelope.purpose) == EnvelopePurpose.AUTHORISATION,
            col(Envelope.status) == EnvelopeStatus.SIGNED,
            col(Envelope.signed_at) > at - CONSENT_VALID,
        )
        .order_by(col(Envelope.signed_at).desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _figures(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """The newest yearly figures the customer states, their year, and where it states them."""
    applied = await _applied_with(session, customer_id)
    if applied is not None:
        stated = {name: getattr(applied, name) for name in _FIGURES}
        return {**stated, YEAR: applied.year, ORIGIN: APPLICATION}
    held = await statements_of(session, customer_id, None)
    if not held:
        return {}
    stated = {name: held[0].line(name) for name in (*_FIGURES, "tax")}
    return {**stated, YEAR: held[0].year, ORIGIN: "statements"}


async def _applied_with(session: AsyncSession, customer_id: UUID) -> Statement | None:
    """The newest statement an application of the customer came with."""
    statement = (
        select(Loan)
        .where(col(Loan.customer_id) == customer_id)
        .order_by(col(Loan.submitted_at).desc())
        .limit(1)
    )
    loan = (await session.execute(statement)).scalar_one_or_none()
    return facts_of(loan).latest_statement if loan is not None and loan.facts else None


async def _facts(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Verified facts of the dossier."""
    statement = select(DossierEntry).where(
        col(DossierEntry.customer_id) == customer_id,
        col(DossierEntry.section).in_((IDENTITY, CONTROLLERS)),
        col(DossierEntry.known_to).is_(None),
    )
    rows = (await session.execute(statement.order_by(col(DossierEntry.known_from)))).scalars()
    found: dict[str, Any] = {}
    for row in rows:
        if row.section == IDENTITY:
            found |= row.data
        else:
            found["controller"] = row.data.get("controller_name")
    return found


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _typed(name: str, text: str) -> object:
    if name in _DAYS:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise LoanRuleViolation("date.malformed") from error
    return read_number(text) if name in _AMOUNTS else text
