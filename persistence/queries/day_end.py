"""Day ends with their steps, the book on its last closed day, and how one note stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.classification import FiveClass
from persistence.day_end.closing import STEPS
from persistence.tables import ClosedPeriod, DayEndStep, NoteStatus, PortfolioDay

DAYS_SHOWN = 14
AGEINGS = ("current", "1-30", "31-60", "61-90", "91-180", "181-360", "361+")


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of one day: state is waiting, running or done."""

    step: str
    state: str
    rows: int
    seconds: Decimal | None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day end. `difference` None while the day is open."""

    business_on: date
    steps: tuple[StepView, ...]
    difference: Decimal | None
    notes: int | None
    closed_at: datetime | None
    last: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state == "done" for step in self.steps)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the book. `share` of the currency's whole, 0 to 100."""

    code: str
    notes: int
    outstanding: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The book of one currency on one closed day, by class and by ageing."""

    business_on: date
    currency: str
    notes: int
    outstanding: Decimal
    accrued_interest: Decimal
    non_accrual: Decimal
    classes: tuple[Share, ...]
    ageing: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """How one note stood after its last closed day."""

    opens_on: date
    days_past_due: int
    accrual_status: str
    five_class: str
    own_class: str


async def note_standing(session: AsyncSession, loan_id: UUID) -> NoteStanding | None:
    """The badges of a case; None before its first day end."""
    row = await session.get(NoteStatus, loan_id)
    if row is None:
        return None
    return NoteStanding(
        row.opens_on, row.days_past_due, row.accrual_status, row.five_class, row.own_class
    )


async def day_ends(session: AsyncSession) -> tuple[DayView, ...]:
    """The last days, the newest first."""
    days = select(col(DayEndStep.business_on)).distinct()
    newest = days.order_by(col(DayEndStep.business_on).desc()).limit(DAYS_SHOWN)
    asked = list((await session.execute(newest)).scalars())
    steps = select(DayEndStep).where(col(DayEndStep.business_on).in_(asked))
    by_day: defaultdict[date, dict[str, DayEndStep]] = defaultdict(dict)
    for row in (await session.execute(steps)).scalars():
        by_day[row.business_on][row.step] = row
    periods = select(ClosedPeriod).where(col(ClosedPeriod.business_on).in_(asked))
    closed = {row.business_on: row for row in (await session.execute(periods)).scalars()}
    last = max(closed, default=None)
    return tuple(_day(day, by_day[day], closed.get(day), day == last) for day in asked)


def _day(
    day: date, steps: dict[str, DayEndStep], closed: ClosedPeriod | None, last: bool
) -> DayView:
    return DayView(
        day,
        tuple(_step(name, steps.get(name)) for name in STEPS),
        closed.difference if closed else None,
        closed.notes if closed else None,
        closed.closed_at if closed else None,
        last,
    )


def _step(name: str, row: DayEndStep | None) -> StepView:
    if row is None:
        return StepView(name, "waiting", 0, None)
    if row.ended_at is None:
        return StepView(name, "running", 0, None)
    milliseconds = int((row.ended_at - row.started_at).total_seconds() * 1000)
    return StepView(name, "done", row.rows, Decimal(milliseconds) / 1000)


async def portfolios(session: AsyncSession) -> tuple[Portfolio, ...]:
    """The book on its last snapshot, one value a currency."""
    newest = select(func.max(col(PortfolioDay.business_on))).scalar_subquery()
    rows = select(PortfolioDay).where(col(PortfolioDay.business_on) == newest)
    by_currency: defaultdict[str, list[PortfolioDay]] = defaultdict(list)
    for row in (await session.execute(rows)).scalars():
        by_currency[row.currency].append(row)
    return tuple(_portfolio(name, found) for name, found in sorted(by_currency.items()))


def _portfolio(currency: str, rows: list[PortfolioDay]) -> Portfolio:
    return Portfolio(
        rows[0].business_on,
        currency,
        sum(row.notes for row in rows),
        _outstanding(rows),
        sum((row.accrued_interest for row in rows), Decimal(0)),
        _outstanding([row for row in rows if row.accrual_status == "non_accrual"]),
        tuple(
            _share(found.value, [row for row in rows if row.five_class == found.value], rows)
            for found in FiveClass
        ),
        tuple(_share(name, [row for row in rows if row.ageing == name], rows) for name in AGEINGS),
    )


def _share(code: str, part: list[PortfolioDay], rows: list[PortfolioDay]) -> Share:
    whole = _outstanding(rows) or Decimal(1)
    amount = _outstanding(part)
    percent = (amount * 100 / whole).quantize(Decimal("0.1"))
    return Share(code, sum(row.notes for row in part), amount, percent)


def _outstanding(rows: list[PortfolioDay]) -> Decimal:
    return sum((row.outstanding for row in rows), Decimal(0))
