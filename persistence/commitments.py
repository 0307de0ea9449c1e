"""What of an agreed amount is drawn, under way and undrawn, and what more money would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import fold
from domain.accounts.events import Drawdown as DrawdownEvent
from domain.accounts.events import Event
from domain.changes import Difference, compare
from domain.drawdowns import Commitment, refuse_request, refuse_standing
from domain.money import Currency
from domain.schedules.periods import months_after
from domain.violations import LoanRuleViolation
from persistence.account_backfill import earlier_events
from persistence.accounts import account_on, account_terms, events_of, working_day
from persistence.clock import business_date
from persistence.freezes import cut_of, refuse_frozen
from persistence.rules import product_of
from persistence.tables import Contract, Drawdown, Loan, UndrawnLapse

UNDER_WAY = ("requested", "released")
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class ShownDrawdown:
    """What a drawdown paid out today would do, and the number of events it was made from."""

    difference: Difference
    seen_events: int


async def commitment_of(session: AsyncSession, loan: Loan) -> Commitment | None:
    """How far a loan is drawn; None where it is not drawn yet or was agreed to be drawn at once.

    The terms of availability are those of the product in the version the case started with.
    """
    if loan.drawn_on is None or not drawn_in_parts(loan):
        return None
    contract = await session.get_one(Contract, loan.id)
    offer = (await product_of(session, loan)).repayment
    lapse = await session.get(UndrawnLapse, loan.id)
    rows = await drawdowns_of(session, loan.id)
    settled = [row.amount for row in rows if row.status == "settled"]
    waiting = [row.amount for row in rows if row.status in UNDER_WAY]
    return Commitment(
        currency=Currency(contract.currency),
        principal=contract.principal,
        drawn=sum(settled, _NOTHING),
        under_way=sum(waiting, _NOTHING),
        lapsed=lapse.amount if lapse else await cut_of(session, loan.id),
        lapsed_on=lapse.lapsed_on if lapse else None,
        drawdowns=len(settled) + len(waiting),
        drawdowns_max=offer.drawdowns_max,
        available_to_on=months_after(loan.drawn_on, offer.availability_months),
    )


def drawn_in_parts(loan: Loan) -> bool:
    """Whether it was agreed that only a part goes out first."""
    plan = loan.facts.get("plan")  # asked at each step of a loan: not worth reading all facts
    return bool(plan and plan.get("first_drawdown"))


async def drawdowns_of(session: AsyncSession, loan_id: UUID) -> list[Drawdown]:
    """Every request for money of a loan, in order."""
    mine = select(Drawdown).where(col(Drawdown.loan_id) == loan_id)
    return list((await session.execute(mine.order_by(col(Drawdown.number)))).scalars())


async def drawdown_under_way(session: AsyncSession, loan_id: UUID) -> Drawdown | None:
    """The drawdown that is asked for or on its way to the rail; there is one at most."""
    mine = select(Drawdown).where(
        col(Drawdown.loan_id) == loan_id, col(Drawdown.status).in_(UNDER_WAY)
    )
    return (await session.execute(mine)).scalar_one_or_none()


async def refuse_while_drawing(session: AsyncSession, loan: Loan) -> None:
    """A schedule does not change while money is on its way into it.

    Violation: `change.drawdown_under_way`.
    """
    if loan.drawn_on is not None and await drawdown_under_way(session, loan.id) is not None:
        raise LoanRuleViolation("change.drawdown_under_way")


async def preview_drawdown(
    session: AsyncSession, loan: Loan, amount: Decimal, now: datetime
) -> ShownDrawdown:
    """What a drawdown paid out today would do to the schedule.

    Violations: `account.not_drawn`, `drawdown.*`, `amount.*` and those of the engine.
    """
    terms = await account_terms(session, loan)
    known: list[Event] = await events_of(session, loan.id) or await earlier_events(session, loan)
    is_working = await working_day(session, terms)
    today = await _today(session, loan, now)
    before = fold(terms, known, today, is_working)
    refuse_request(amount, await commitment_of(session, loan), before, today)
    drawn = DrawdownEvent(key="drawdown:asked", value_on=today, recorded_on=today, amount=amount)
    after = fold(terms, [*known, drawn], today, is_working)
    return ShownDrawdown(compare(before, after), len(known))


async def refuse_badly_standing(session: AsyncSession, loan: Loan, now: datetime) -> None:
    """A loan may have gone bad while its drawdown waited. Violations: `drawdown.*`."""
    await refuse_frozen(session, loan)
    today = await _today(session, loan, now)
    refuse_standing(await account_on(session, loan.id, today), today)


async def _today(session: AsyncSession, loan: Loan, now: datetime) -> date:
    """The business day, never before what the books already hold."""
    return max(await business_date(session, now), loan.booked_to_on or loan.drawn_on or date.min)
