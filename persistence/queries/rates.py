"""Indices, their fixings with the people behind them, and the loans that follow them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.people import Act, Actor
from domain.rates import Fixing, FloatingRate, fixing_on, floating_from_data, next_repricing
from domain.violations import LoanRuleViolation
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.paging import PageOf, page_of
from persistence.queries.visibility import visible_to
from persistence.rates import FixingStatus, fixings_of
from persistence.repricing import count_followers, follows
from persistence.tables import (
    AccountEvent,
    Contract,
    Customer,
    Loan,
    RateFixing,
    RateIndexRow,
    Staff,
)


@dataclass(frozen=True, slots=True)
class IndexView:
    """A published rate. `newest` counts today; None where no fixing is in force yet."""

    code: str
    name: BilingualName
    newest: Fixing | None
    loans: int


@dataclass(frozen=True, slots=True)
class FixingView:
    """One fixing. `is_mine`: the reader proposed it, under whichever account."""

    id: UUID
    index_code: str
    index_name: BilingualName
    published_on: date
    effective_on: date
    yearly_rate: Decimal
    source: str
    provisional: bool
    status: str
    proposer: BilingualName | None
    proposed_at: datetime
    is_mine: bool
    decider: BilingualName | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class FollowerView:
    """A loan that follows an index: what counts of its rate today, and when it is repriced."""

    loan_id: UUID
    case_number: str
    customer_name: str
    floating: FloatingRate
    yearly_rate: Decimal
    repriced_on: date


@dataclass(frozen=True, slots=True)
class Followers:
    """One page of the loans that follow an index."""

    loans: tuple[FollowerView, ...]
    page: PageOf


async def indices(session: AsyncSession, today: date) -> tuple[IndexView, ...]:
    """Every index, with the fixing that counts today."""
    rows = (await session.execute(select(RateIndexRow).order_by(col(RateIndexRow.code)))).scalars()
    known = await fixings_of(session)
    return tuple([await _index(session, row, known, today) for row in rows])


async def index_named(session: AsyncSession, code: str, today: date) -> IndexView | None:
    """One index; None where the bank knows none of this code."""
    row = await session.get(RateIndexRow, code)
    return None if row is None else await _index(session, row, await fixings_of(session), today)


async def fixings(
    session: AsyncSession,
    actor: Actor,
    *,
    index: str | None = None,
    waiting: bool = False,
    most: int = 200,
) -> tuple[FixingView, ...]:
    """Fixings, the newest first day first: of one index, or those that wait for a verdict."""
    statement = _fixings().order_by(
        col(RateFixing.effective_on).desc(), col(RateFixing.proposed_at).desc()
    )
    if index is not None:
        statement = statement.where(col(RateFixing.index_code) == index)
    if waiting:
        statement = statement.where(col(RateFixing.status) == FixingStatus.PROPOSED)
    me = await _person_of(session, actor)
    rows = (await session.execute(statement.limit(most))).all()
    return tuple(_fixing(row, me) for row in rows)


async def fixings_to_decide(session: AsyncSession, actor: Actor) -> tuple[FixingView, ...]:
    """What waits for this person's verdict: fixings that others proposed."""
    if not actor.may(Act.APPROVE_RATE):
        return ()
    waiting = await fixings(session, actor, waiting=True)
    return tuple(fixing for fixing in waiting if not fixing.is_mine)


async def fixing_named(session: AsyncSession, actor: Actor, fixing_id: UUID) -> FixingView | None:
    """One fixing."""
    row = (await session.execute(_fixings().where(col(RateFixing.id) == fixing_id))).one_or_none()
    return None if row is None else _fixing(row, await _person_of(session, actor))


async def repriced_by(session: AsyncSession, fixing_id: UUID) -> int:
    """How many loans have taken a fixing."""
    key = col(AccountEvent.key).startswith(f"fixing:{fixing_id}:", autoescape=True)
    counted = select(func.count(col(AccountEvent.loan_id).distinct())).where(key)
    loans: int = (await session.execute(counted)).scalar_one()
    return loans


async def followers(
    session: AsyncSession, actor: Actor, index: str, today: date, page: int
) -> Followers:
    """The live loans of an index that the reader may see."""
    joined = select(
        Loan, Contract, Customer, _newest(today, "yearly_rate"), _newest(today, "margin_bp")
    ).join(Contract, col(Contract.loan_id) == col(Loan.id))
    joined = joined.join(Customer, col(Customer.id) == col(Loan.customer_id)).where(
        visible_to(actor), *follows(index)
    )
    counted = select(func.count()).select_from(joined.with_only_columns(col(Loan.id)).subquery())
    shown = page_of(page, (await session.execute(counted)).scalar_one())
    rows = joined.order_by(col(Loan.case_number)).offset(shown.offset).limit(shown.size)
    found = [
        _follower(loan, contract, customer, rate, margin, today)
        for loan, contract, customer, rate, margin in (await session.execute(rows)).all()
    ]
    return Followers(tuple(found), shown)


async def _index(
    session: AsyncSession, row: RateIndexRow, known: tuple[Fixing, ...], today: date
) -> IndexView:
    try:
        newest = fixing_on(row.code, known, today)
    except LoanRuleViolation:  # an index the bank has just come to know
        newest = None
    name = BilingualName(row.name_zh, row.name_en)
    return IndexView(row.code, name, newest, await count_followers(session, row.code))


def _newest(today: date, figure: str) -> Any:
    """What the newest event that says a figure of the rate says, up to a day; None where none."""
    said = col(AccountEvent.body)[figure].astext
    return (
        select(said)
        .where(
            col(AccountEvent.loan_id) == col(Loan.id),
            col(AccountEvent.kind).in_(("rate_set", "restructure")),
            col(AccountEvent.value_on) <= today,
            said.is_not(None),
        )
        .order_by(col(AccountEvent.value_on).desc(), col(AccountEvent.seq).desc())
        .limit(1)
        .scalar_subquery()
    )


def _follower(
    loan: Loan,
    contract: Contract,
    customer: Customer,
    rate: str | None,
    margin: str | None,
    today: date,
) -> FollowerView:
    floating = floating_from_data(contract.terms["floating"])
    if margin is not None:
        floating = replace(floating, margin_bp=int(margin))
    drawn_on = loan.drawn_on or today
    return FollowerView(
        loan_id=loan.id,
        case_number=loan.case_number,
        customer_name=customer.name,
        floating=floating,
        yearly_rate=Decimal(rate) if rate else contract.yearly_rate,
        repriced_on=next_repricing(floating, drawn_on, max(today, drawn_on)),
    )


def _fixings() -> Select[*tuple[Any, ...]]:
    proposer: Any = aliased(Staff)
    decider: Any = aliased(Staff)
    return (
        select(
            RateFixing,
            col(RateIndexRow.name_zh).label("index_zh"),
            col(RateIndexRow.name_en).label("index_en"),
            proposer.name_zh.label("proposer_zh"),
            proposer.name_en.label("proposer_en"),
            decider.name_zh.label("decider_zh"),
            decider.name_en.label("decider_en"),
        )
        .join(RateIndexRow, col(RateIndexRow.code) == col(RateFixing.index_code))
        .outerjoin(proposer, proposer.id == col(RateFixing.proposed_by))
        .outerjoin(decider, decider.id == col(RateFixing.decided_by))
    )


def _fixing(row: Row[*tuple[Any, ...]], me: UUID | None) -> FixingView:
    fixing: RateFixing = row[0]
    return FixingView(
        id=fixing.id,
        index_code=fixing.index_code,
        index_name=BilingualName(row.index_zh, row.index_en),
        published_on=fixing.published_on,
        effective_on=fixing.effective_on,
        yearly_rate=fixing.yearly_rate,
        source=fixing.source,
        provisional=fixing.provisional,
        status=fixing.status,
        proposer=bilingual(row.proposer_zh, row.proposer_en),
        proposed_at=fixing.proposed_at,
        is_mine=me is not None and fixing.proposed_person == me,
        decider=bilingual(row.decider_zh, row.decider_en),
        decided_at=fixing.decided_at,
    )


async def _person_of(session: AsyncSession, actor: Actor) -> UUID | None:
    staff = await session.get(Staff, UUID(actor.staff_id))
    return staff.person_id if staff else None
