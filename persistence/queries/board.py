"""The live board: every open case by stage, the ones about to breach, and the totals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import fraction_left
from domain.people import Actor
from domain.process import ROAD, CaseStatus, NodeFacts, Stage, WaitReason, node_colour
from persistence.queries.deadlines import DayCounter, day_counter
from persistence.queries.products import ProductName, product_names
from persistence.queries.visibility import visible_to
from persistence.tables import Customer, Loan

CARDS_PER_COLUMN = 30
FORECAST_LENGTH = 10
_ACTIVE = col(Loan.status) == CaseStatus.ACTIVE.value
_CLOCK_STOPPED = (WaitReason.SUPPLEMENT.value, WaitReason.INSTALMENT_DUE.value)


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One open case. `days_left` in working days to its deadline."""

    id: UUID
    case_number: str
    customer_name: str
    amount: Decimal
    currency: str
    stage: str
    wait_reason: str
    colour: str
    entered_at: datetime
    deadline_at: datetime | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One stage: how many cases are in it, and the most urgent of them."""

    stage: str
    count: int
    cards: tuple[BoardCard, ...]

    @property
    def more(self) -> int:
        """How many cases the column has beyond its cards."""
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """Open cases of one currency: how many, what was asked, what is outstanding."""

    currency: str
    count: int
    amount: Decimal
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Board:
    """The whole book at one moment."""

    columns: tuple[BoardColumn, ...]
    forecast: tuple[BoardCard, ...]
    forecast_count: int
    overdue_count: int
    totals: tuple[CurrencyTotal, ...]
    ended: tuple[tuple[str, int], ...]
    products: tuple[ProductName, ...]
    product: str | None


async def board(session: AsyncSession, actor: Actor, product: str | None, now: datetime) -> Board:
    """The open cases this reader may see, of one product or of all."""
    shown = _shown(actor, product)
    counter = await day_counter(session, now)
    breaching = and_(shown, _ACTIVE, _breaching(now))
    forecast = _cards().where(breaching).order_by(col(Loan.deadline_at)).limit(FORECAST_LENGTH)
    near = (await session.execute(forecast)).all()
    breaches, overdue = (await session.execute(_urgency_counts(breaching, now))).one()
    return Board(
        columns=await _columns(session, shown, counter),
        forecast=tuple(_card(row, counter) for row in near),
        forecast_count=breaches,
        overdue_count=overdue,
        totals=await _totals(session, shown),
        ended=await _ended(session, shown),
        products=tuple((await product_names(session)).values()),
        product=product,
    )


def _shown(actor: Actor, product: str | None) -> ColumnElement[bool]:
    if product is None:
        return visible_to(actor)
    return and_(visible_to(actor), col(Loan.product_code) == product)


def _breaching(now: datetime) -> ColumnElement[bool]:
    """Less than a fifth of the stage's time is left, or none; a stopped clock breaches nothing."""
    left = extract("epoch", col(Loan.deadline_at) - now)
    whole = extract("epoch", col(Loan.deadline_at) - col(Loan.entered_at))
    return and_(left * 5 < whole, col(Loan.wait_reason).not_in(_CLOCK_STOPPED))


def _urgency_counts(breaching: ColumnElement[bool], now: datetime) -> Select[int, int]:
    overdue = func.count().filter(col(Loan.deadline_at) <= now)
    return select(func.count(), overdue).select_from(Loan).where(breaching)


def _cards() -> Select[*tuple[Any, ...]]:
    return select(
        col(Loan.id),
        col(Loan.case_number),
        col(Customer.name),
        col(Loan.amount),
        col(Loan.currency),
        col(Loan.stage),
        col(Loan.wait_reason),
        col(Loan.entered_at),
        col(Loan.deadline_at),
    ).join_from(Loan, Customer, col(Customer.id) == col(Loan.customer_id))


async def _columns(
    session: AsyncSession, shown: ColumnElement[bool], counter: DayCounter
) -> tuple[BoardColumn, ...]:
    counting = select(col(Loan.stage), func.count()).where(shown, _ACTIVE)
    grouped = (await session.execute(counting.group_by(col(Loan.stage)))).all()
    counts = {row[0]: row[1] for row in grouped}
    cards = await _urgent_cards(session, shown, counter)
    road = (stage for stage in ROAD if stage is not Stage.CLOSED)
    return tuple(
        BoardColumn(stage.value, counts.get(stage.value, 0), tuple(cards[stage.value]))
        for stage in road
    )


async def _urgent_cards(
    session: AsyncSession, shown: ColumnElement[bool], counter: DayCounter
) -> dict[str, list[BoardCard]]:
    """The first cards of every column in one query, ranked within their stage."""
    urgency = (col(Loan.deadline_at).asc().nulls_last(), col(Loan.id))
    rank = func.row_number().over(partition_by=col(Loan.stage), order_by=urgency)
    ranked = select(col(Loan.id), rank.label("rank")).where(shown, _ACTIVE).subquery()
    first = select(ranked.c.id).where(ranked.c.rank <= CARDS_PER_COLUMN)
    statement = _cards().where(col(Loan.id).in_(first)).order_by(*urgency)
    cards: defaultdict[str, list[BoardCard]] = defaultdict(list)
    for row in (await session.execute(statement)).all():
        cards[row.stage].append(_card(row, counter))
    return cards


def _card(row: Row[*tuple[Any, ...]], counter: DayCounter) -> BoardCard:
    stopped = row.wait_reason in _CLOCK_STOPPED
    due_at = None if stopped else row.deadline_at
    left = fraction_left(row.entered_at, due_at, counter.now) if due_at else None
    facts = NodeFacts(
        entered=True,
        left=False,
        returned=row.wait_reason == WaitReason.SUPPLEMENT,
        blocked=row.wait_reason == WaitReason.ARREARS,
        time_left=left,
    )
    return BoardCard(
        id=row.id,
        case_number=row.case_number,
        customer_name=row.name,
        amount=row.amount,
        currency=row.currency,
        stage=row.stage,
        wait_reason=row.wait_reason,
        colour=node_colour(facts).value,
        entered_at=row.entered_at,
        deadline_at=due_at,
        days_left=counter.days_left(due_at) if due_at else None,
    )


async def _totals(session: AsyncSession, shown: ColumnElement[bool]) -> tuple[CurrencyTotal, ...]:
    sums = (func.count(), func.sum(col(Loan.amount)), func.sum(col(Loan.outstanding)))
    statement = select(col(Loan.currency), *sums).where(shown, _ACTIVE)
    grouped = statement.group_by(col(Loan.currency)).order_by(col(Loan.currency))
    return tuple(CurrencyTotal(*row) for row in (await session.execute(grouped)).all())


async def _ended(session: AsyncSession, shown: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    """How many cases ended in each way."""
    statement = select(col(Loan.status), func.count()).where(shown, ~_ACTIVE)
    grouped = statement.group_by(col(Loan.status)).order_by(col(Loan.status))
    return tuple((row[0], row[1]) for row in (await session.execute(grouped)).all())
