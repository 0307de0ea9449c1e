"""What a person has to look at: incidents by kind, and money held in suspense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.queries.names import BilingualName, bilingual
from persistence.queries.paging import PAGE_SIZE, PageOf, page_of
from persistence.tables import Incident, Loan, Receipt, Staff

SUSPENSE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class IncidentFilters:
    """What the page shows; None is every kind."""

    kind: str | None = None
    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident; `detail` holds ids, codes and amounts, never personal data."""

    id: UUID
    kind: str
    loan_id: UUID | None
    case_number: str | None
    detail: Mapping[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    closed_by: BilingualName | None
    closing_note: str | None


@dataclass(frozen=True, slots=True)
class SuspenseReceipt:
    """Money the bank holds without knowing yet what it pays."""

    id: UUID
    provider: str
    transaction_id: str
    case_number: str | None
    loan_id: UUID | None
    payer_name: str | None
    remittance: str | None
    value_on: date
    received_at: datetime
    amount: Decimal
    suspense: Decimal
    currency: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Incidents:
    """One page of incidents, the kinds there are, and the receipts held."""

    lines: tuple[IncidentLine, ...]
    page: PageOf
    kinds: tuple[tuple[str, int], ...]
    suspense: tuple[SuspenseReceipt, ...]
    filters: IncidentFilters


async def incidents(session: AsyncSession, filters: IncidentFilters) -> Incidents:
    """The incidents the filters ask for, newest first, and all money in suspense."""
    shown = and_(_open_or_closed(filters.closed), _of_kind(filters.kind))
    counting = select(func.count()).select_from(Incident).where(shown)
    page = page_of(filters.page, (await session.execute(counting)).scalar_one())
    statement = (
        select(Incident, col(Loan.case_number), col(Staff.name_zh), col(Staff.name_en))
        .outerjoin(Loan, col(Loan.id) == col(Incident.loan_id))
        .outerjoin(Staff, col(Staff.id) == col(Incident.closed_by))
        .where(shown)
        .order_by(col(Incident.opened_at).desc(), col(Incident.id))
    )
    rows = (await session.execute(statement.limit(PAGE_SIZE).offset(page.offset))).all()
    return Incidents(
        lines=tuple(_line(row) for row in rows),
        page=page,
        kinds=await _kinds(session, filters.closed),
        suspense=await _suspense(session),
        filters=filters,
    )


def _open_or_closed(closed: bool) -> ColumnElement[bool]:
    return col(Incident.closed_at).is_not(None) if closed else col(Incident.closed_at).is_(None)


def _of_kind(kind: str | None) -> ColumnElement[bool]:
    return true() if kind is None else col(Incident.kind) == kind


async def _kinds(session: AsyncSession, closed: bool) -> tuple[tuple[str, int], ...]:
    statement = select(col(Incident.kind), func.count()).where(_open_or_closed(closed))
    grouped = statement.group_by(col(Incident.kind)).order_by(col(Incident.kind))
    return tuple((row[0], row[1]) for row in (await session.execute(grouped)).all())


async def _suspense(session: AsyncSession) -> tuple[SuspenseReceipt, ...]:
    statement = (
        select(Receipt, col(Loan.case_number))
        .outerjoin(Loan, col(Loan.id) == col(Receipt.loan_id))
        .where(col(Receipt.suspense) > 0)
        .order_by(col(Receipt.received_at).desc())
        .limit(SUSPENSE_LENGTH)
    )
    return tuple(_held(row) for row in (await session.execute(statement)).all())


def _line(row: Row[*tuple[Any, ...]]) -> IncidentLine:
    incident: Incident = row[0]
    return IncidentLine(
        id=incident.id,
        kind=incident.kind,
        loan_id=incident.loan_id,
        case_number=row[1],
        detail=incident.detail,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        closed_by=bilingual(row[2], row[3]),
        closing_note=incident.closing_note,
    )


def _held(row: Row[*tuple[Any, ...]]) -> SuspenseReceipt:
    receipt: Receipt = row[0]
    same = {
        name: getattr(receipt, name)
        for name in SuspenseReceipt.__slots__
        if name not in {"case_number", "reason"}
    }
    return SuspenseReceipt(case_number=row[1], reason=receipt.suspense_reason, **same)
