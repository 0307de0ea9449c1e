"""Money the bank holds for somebody: how long, why, and what is on its way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.people import Actor
from domain.refunds import RefundStatus
from persistence.clock import business_clock
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.paging import PageOf, page_of
from persistence.tables import Loan, Receipt, Refund, Staff

_OPEN = tuple(
    status.value
    for status in RefundStatus
    if status not in (RefundStatus.SETTLED, RefundStatus.REJECTED, RefundStatus.FAILED)
)
REFUNDS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """A receipt of which something is held or promised back. `age_days` counts business days."""

    id: UUID
    provider: str
    transaction_id: str
    amount: Decimal
    suspense: Decimal
    refund_pending: Decimal
    returned: Decimal
    currency: str
    value_on: date
    received_at: datetime
    age_days: int
    payer_name: str | None
    payer_account: str | None
    remittance: str | None
    reason: str | None
    loan_id: UUID | None
    case_number: str | None
    loan_active: bool
    refund_id: UUID | None
    refund_status: str | None

    @property
    def posted_to_loan(self) -> bool:
        """Whether a running loan's account has it, so that it can be taken out."""
        mine = self.reason in (None, "surplus") and self.refund_pending == 0
        return self.loan_active and mine and self.returned == 0

    @property
    def whole(self) -> bool:
        """Whether it belongs to no account yet, so that it can be booked to a loan."""
        return self.suspense == self.amount and self.reason not in (None, "surplus")


@dataclass(frozen=True, slots=True)
class HeldPage:
    """One page of held money, the oldest first, with what is held in each currency."""

    lines: tuple[HeldMoney, ...]
    page: PageOf
    totals: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many receipts are held, and how many refunds wait for a second person."""

    held: int
    waiting: int


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund. `is_mine`: the reader proposed it, under whichever account."""

    id: UUID
    receipt_id: UUID
    transaction_id: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    reason: str
    status: str
    case_number: str | None
    loan_id: UUID | None
    proposer: BilingualName
    proposed_at: datetime
    decider: BilingualName | None
    decided_at: datetime | None
    comment: str | None
    reference: str | None
    rail_reason: str | None
    is_mine: bool


async def held_money(session: AsyncSession, now: datetime, asked_page: int = 1) -> HeldPage:
    """Everything that is held, the oldest first."""
    held = _is_held()
    total = (await session.execute(select(func.count(col(Receipt.id))).where(held))).scalar_one()
    page = page_of(asked_page, total)
    oldest = _held().where(held).order_by(col(Receipt.received_at), col(Receipt.id))
    rows = (await session.execute(oldest.offset(page.offset).limit(page.size))).all()
    sums = await session.execute(
        select(col(Receipt.currency), func.sum(col(Receipt.suspense) + col(Receipt.refund_pending)))
        .where(held)
        .group_by(col(Receipt.currency))
        .order_by(col(Receipt.currency))
    )
    totals = tuple((currency, amount) for currency, amount in sums.all())
    return HeldPage(await _views(session, rows, now), page, totals)


async def held_item(session: AsyncSession, receipt_id: UUID, now: datetime) -> HeldMoney | None:
    """One receipt, held or not."""
    rows = (await session.execute(_held().where(col(Receipt.id) == receipt_id))).all()
    found = await _views(session, rows, now)
    return found[0] if found else None


async def refunds(session: AsyncSession, actor: Actor) -> tuple[RefundView, ...]:
    """Refunds, those that wait for somebody first, then the newest."""
    return await _refunds(session, actor, None)


async def refunds_of(
    session: AsyncSession, actor: Actor, receipt_id: UUID
) -> tuple[RefundView, ...]:
    """The refunds of one receipt."""
    return await _refunds(session, actor, receipt_id)


async def desk_counts(session: AsyncSession) -> DeskCounts:
    """What waits on the desk."""
    held = select(func.count(col(Receipt.id))).where(_is_held())
    waiting = select(func.count(col(Refund.id))).where(col(Refund.status) == RefundStatus.PROPOSED)
    return DeskCounts(
        (await session.execute(held)).scalar_one(), (await session.execute(waiting)).scalar_one()
    )


async def loan_numbered(session: AsyncSession, case_number: str) -> UUID | None:
    """The loan of a case number."""
    statement = select(col(Loan.id)).where(col(Loan.case_number) == case_number)
    return (await session.execute(statement)).scalar_one_or_none()


def _is_held() -> ColumnElement[bool]:
    return or_(col(Receipt.suspense) > 0, col(Receipt.refund_pending) > 0)


def _held() -> Select[*tuple[Any, ...]]:
    mine = and_(col(Refund.receipt_id) == col(Receipt.id), col(Refund.status).in_(_OPEN))
    return (
        select(
            Receipt,
            col(Loan.case_number),
            col(Loan.status),
            col(Refund.id),
            col(Refund.status),
        )
        .outerjoin(Loan, col(Loan.id) == col(Receipt.loan_id))
        .outerjoin(Refund, mine)
    )


async def _views(session: AsyncSession, rows: Any, now: datetime) -> tuple[HeldMoney, ...]:
    clock = await business_clock(session)
    today = clock.business_date(now)
    return tuple(_view(row, (today - clock.business_date(row[0].received_at)).days) for row in rows)


def _view(row: Any, age_days: int) -> HeldMoney:
    receipt: Receipt = row[0]
    same = {name: getattr(receipt, name) for name in _SAME}
    return HeldMoney(
        **same,
        age_days=max(age_days, 0),
        reason=receipt.suspense_reason,
        case_number=row[1],
        loan_active=row[2] == "active",
        refund_id=row[3],
        refund_status=row[4],
    )


_SAME = (
    *("id", "provider", "transaction_id", "amount", "suspense", "refund_pending", "returned"),
    "currency",
    *("value_on", "received_at", "payer_name", "payer_account", "remittance", "loan_id"),
)


async def _refunds(
    session: AsyncSession, actor: Actor, receipt_id: UUID | None
) -> tuple[RefundView, ...]:
    proposer, decider = aliased(Staff), aliased(Staff)
    me = await session.get(Staff, UUID(actor.staff_id))
    statement = (
        select(
            Refund,
            col(Receipt.transaction_id),
            col(Loan.case_number),
            col(proposer.name_zh),
            col(proposer.name_en),
            col(decider.name_zh),
            col(decider.name_en),
        )
        .join(Receipt, col(Receipt.id) == col(Refund.receipt_id))
        .join(proposer, col(proposer.id) == col(Refund.proposed_by))
        .outerjoin(decider, col(decider.id) == col(Refund.decided_by))
        .outerjoin(Loan, col(Loan.id) == col(Refund.loan_id))
        .order_by(
            (col(Refund.status) == RefundStatus.PROPOSED).desc(), col(Refund.proposed_at).desc()
        )
        .limit(REFUNDS_SHOWN)
    )
    if receipt_id is not None:
        statement = statement.where(col(Refund.receipt_id) == receipt_id)
    rows = (await session.execute(statement)).all()
    return tuple(_refund(row, me.person_id if me else None) for row in rows)


def _refund(row: Any, me: UUID | None) -> RefundView:
    refund: Refund = row[0]
    same = {name: getattr(refund, name) for name in _REFUND_SAME}
    proposer = BilingualName(row[3], row[4])
    return RefundView(
        **same,
        transaction_id=row[1],
        case_number=row[2],
        proposer=proposer,
        decider=bilingual(row[5], row[6]),
        is_mine=refund.proposer_person_id == me,
    )


_REFUND_SAME = (
    *("id", "receipt_id", "amount", "currency", "payee_name", "payee_account", "payee_bank_code"),
    *("reason", "status", "loan_id", "proposed_at", "decided_at", "comment", "reference"),
    "rail_reason",
)
