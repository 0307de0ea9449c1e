"""What making the demo book asks of the store: is there room for it, and where its cases stand.

No process row is written here. The book's cases are made by the process itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import BusinessClock
from domain.changes import Change
from domain.customers import WorkKind
from domain.identifiers import RegistrationNumber
from domain.people import Actor
from domain.process import CaseStatus, Stage
from persistence.audit import record
from persistence.changes import preview_change
from persistence.clock import business_clock, business_date, set_pace
from persistence.customer_work import add_work
from persistence.customers import open_customer
from persistence.paced_deadlines import move_deadlines
from persistence.tables import (
    AuditEvent,
    ClockSegment,
    Collection,
    Customer,
    Draft,
    Drawdown,
    Envelope,
    Instalment,
    Loan,
    Staff,
)

REAL_DAY_SECONDS = 86_400
_BEGUN, _FINISHED = "demo.begun", "demo.finished"
_CAUSE = "demo"


@dataclass(frozen=True, slots=True)
class CaseNow:
    """Where a case stands."""

    stage: str
    status: str
    wait_reason: str
    version: int


@dataclass(frozen=True, slots=True)
class OpenEnvelope:
    """A document that waits for its signatory."""

    id: UUID
    document_sha256: str
    signer_name: str


async def is_empty(session: AsyncSession) -> bool:
    """Whether nobody has an account and no customer a dossier."""
    staff = (await session.execute(select(col(Staff.id)).limit(1))).first()
    customer = (await session.execute(select(col(Customer.id)).limit(1))).first()
    return staff is None and customer is None


async def is_unfinished(session: AsyncSession) -> bool:
    """Whether making the demo book began and was cut short."""
    statement = select(col(AuditEvent.action)).where(
        col(AuditEvent.action).in_((_BEGUN, _FINISHED))
    )
    return set((await session.execute(statement)).scalars()) == {_BEGUN}


async def begin(session: AsyncSession, now: datetime, days_ago: int) -> None:
    """Set the clock of an empty book some days back: none of those days was lived here."""
    real = BusinessClock.at_real_pace()
    past = timedelta(days=days_ago)
    session.add(
        ClockSegment(
            epoch_at=real.epoch_at, epoch_on=real.epoch_on - past, day_seconds=REAL_DAY_SECONDS
        )
    )
    record(session, _BEGUN, now)


async def arrive_today(session: AsyncSession, now: datetime, day_seconds: int) -> bool:
    """Once the book's date is the calendar's, go on at the asked pace; False before that."""
    clock, real = await business_clock(session), BusinessClock.at_real_pace()
    here, today = clock.business_date(now), real.business_date(now)
    if here < today:
        return False
    if here == today and day_seconds == REAL_DAY_SECONDS:
        session.add(
            ClockSegment(
                epoch_at=real.epoch_at, epoch_on=real.epoch_on, day_seconds=REAL_DAY_SECONDS
            )
        )
        await move_deadlines(session, now, clock.day_seconds, REAL_DAY_SECONDS)
        return True
    await set_pace(session, now, day_seconds)
    return True


async def put_on_agenda(session: AsyncSession, odd: Set[str], now: datetime) -> tuple[UUID, ...]:
    """Have every customer watched, and borrowers and odd firms (by number) verified first."""
    borrowing = select(col(Loan.customer_id)).distinct()
    statement = select(
        col(Customer.id), col(Customer.registration_number), col(Customer.id).in_(borrowing)
    ).order_by(col(Customer.id))
    customers = (await session.execute(statement)).all()
    for customer_id, number, borrows in customers:
        if borrows or number in odd:
            await add_work(session, customer_id, WorkKind.VERIFY, _CAUSE, now)
        await add_work(session, customer_id, WorkKind.WATCH, _CAUSE, now)
    return tuple(row[0] for row in customers)


def finish(session: AsyncSession, now: datetime) -> None:
    """The demo book is complete."""
    record(session, _FINISHED, now)


async def repaying(session: AsyncSession) -> tuple[UUID, ...]:
    """All cases in repayment: whose timers follow the clock."""
    statement = select(col(Loan.id)).where(
        col(Loan.stage) == Stage.REPAYMENT, col(Loan.status) == CaseStatus.ACTIVE
    )
    return tuple((await session.execute(statement)).scalars())


async def money_moves(session: AsyncSession, now: datetime) -> bool:
    """Whether an instalment is due whose direct debit was not asked, or not answered, yet."""
    answered = exists().where(
        col(Collection.loan_id) == col(Instalment.loan_id),
        col(Collection.n) == col(Instalment.n),
        col(Collection.status) != "asked",
    )
    statement = (
        select(col(Instalment.loan_id))
        .join(Loan, col(Loan.id) == col(Instalment.loan_id))
        .where(
            col(Loan.status) == CaseStatus.ACTIVE,
            col(Instalment.due_on) <= await business_date(session, now),
            col(Instalment.paid_on).is_(None),
            ~answered,
        )
    )
    return (await session.execute(statement.limit(1))).first() is not None


async def keep_draft(
    session: AsyncSession,
    draft_id: UUID,
    number: RegistrationNumber,
    name: str,
    officer: Actor,
    product_code: str,
    fields: Mapping[str, str],
    statements: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> bool:
    """Keep a draft under a fixed id; False when it is there already."""
    if await session.get(Draft, draft_id) is not None:
        return False
    customer_id, _ = await open_customer(session, number, name, officer, now)
    session.add(
        Draft(
            id=draft_id,
            customer_id=customer_id,
            officer_id=UUID(officer.staff_id),
            product_code=product_code,
            fields=dict(fields),
            statements={year: dict(lines) for year, lines in statements.items()},
            created_at=now,
            updated_at=now,
        )
    )
    record(session, "draft.opened", now, subject=str(draft_id), actor=officer, product=product_code)
    return True


async def case_now(session: AsyncSession, loan_id: UUID) -> CaseNow | None:
    """Where a case stands, if it is one."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        return None
    return CaseNow(loan.stage, loan.status, loan.wait_reason, loan.version)


async def events_seen(session: AsyncSession, loan_id: UUID, change: Change, now: datetime) -> int:
    """How many events a change's preview is made from. Violations: as the preview's."""
    loan = await session.get_one(Loan, loan_id)
    return (await preview_change(session, loan, change, now)).seen_events


async def open_envelope(session: AsyncSession, loan_id: UUID, purpose: str) -> OpenEnvelope | None:
    """The document of a purpose that waits for its signatory."""
    statement = select(Envelope).where(
        col(Envelope.loan_id) == loan_id,
        col(Envelope.purpose) == purpose,
        col(Envelope.status) == "sent",
    )
    row = (await session.execute(statement)).scalars().first()
    return OpenEnvelope(row.id, row.document_sha256, row.signer_name) if row else None


async def first_drawdown(session: AsyncSession, loan_id: UUID) -> str | None:
    """The hash of the terms the first drawdown is asked on."""
    row = await session.get(Drawdown, (loan_id, 1))
    return row.terms_sha256 if row else None
