"""A loan drawn in parts, put into the tables: 1,200,000 of 2,000,000 have gone out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.drawdowns import RequestDrawdown
from domain.people import Actor
from domain.schedules.plan import RepaymentPlan
from persistence.commitments import preview_drawdown
from persistence.drawdowns import request_drawdown
from persistence.engine import Database
from persistence.rules import facts_to_row
from persistence.tables import Contract, Drawdown, Loan, UndrawnLapse
from tests.web.loans import facts
from tests.web.money import AMOUNT

AGREED = Decimal("2000000.00")
UNDRAWN = AGREED - AMOUNT


async def draw_in_parts(session: AsyncSession, loan_id: UUID) -> None:
    """A drawn loan as if more had been agreed than went out."""
    loan = await session.get_one(Loan, loan_id)
    contract = await session.get_one(Contract, loan_id)
    plan = RepaymentPlan(method=facts().repayment_method, tenor_months=12, first_drawdown=AMOUNT)
    loan.facts = facts_to_row(replace(facts(), amount=AGREED, plan=plan))
    loan.amount = contract.principal = AGREED
    loan.product_code = "WC_FLOATING"


async def request(database: Database, loan_id: UUID, actor: Actor, amount: str) -> None:
    """A drawdown asked for in the book, its desk not opened yet."""
    now = datetime.now(UTC)
    async with database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        shown = await preview_drawdown(session, loan, Decimal(amount), now)
        command = RequestDrawdown(
            f"asked-{amount}", loan_id, actor, Decimal(amount), shown.seen_events
        )
        assert (await request_drawdown(session, command, now)).receipt.accepted


async def stop(database: Database, loan_id: UUID, rule: str) -> None:
    """The second drawdown was stopped by a rule."""
    async with database.transaction() as session:
        row = await session.get_one(Drawdown, (loan_id, 2))
        row.status, row.stopped_for = "refused", rule


async def lapse(database: Database, loan_id: UUID) -> None:
    """What was undrawn lapsed."""
    now = datetime.now(UTC)
    async with database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        assert loan.drawn_on is not None
        session.add(
            UndrawnLapse(
                loan_id=loan_id,
                amount=UNDRAWN,
                currency="CNY",
                lapsed_on=loan.drawn_on,
                lapsed_at=now,
            )
        )
