"""A customer's verification as it is read: its sources, its matrix, its hits, those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import ProposalKind, ProposalStatus, WorkKind
from domain.customers.verification import COLUMNS, FIELDS, OPEN_VERDICTS, OUTSIDE
from domain.people import Act, Actor
from persistence.tables import (
    CustomerComparison,
    CustomerProposal,
    CustomerSourceReport,
    CustomerVerification,
    CustomerWork,
)

HISTORY_LENGTH = 20


@dataclass(frozen=True, slots=True)
class AnswerView:
    """How one source answered, or why it has not."""

    source: str
    status: str
    failure: str | None
    tries: int
    as_of: date | None
    facts: Mapping[str, str | None]
    latency_ms: int | None
    raw_sha256: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class CellView:
    """One field at one source, or one hit; `waiting_id` is a disposition not yet decided."""

    field: str
    source: str
    is_hit: bool
    declared: str
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: str
    disposition_id: UUID | None
    reason: str | None
    waiting_id: UUID | None

    @property
    def is_open(self) -> bool:
        """Whether it still calls for somebody to say why."""
        return self.verdict in OPEN_VERDICTS


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One field: what the customer declares, and the cell of each source that has one."""

    field: str
    declared: str
    cells: Mapping[str, CellView]


@dataclass(frozen=True, slots=True)
class VerificationLine:
    """One verification in the list of all."""

    id: UUID
    cause: str
    opened_at: datetime
    closed_at: datetime | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VerificationView:
    """One verification, whole."""

    line: VerificationLine
    sources: tuple[AnswerView, ...]
    cells: tuple[CellView, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The sources that have a cell, the usual ones first."""
        present = {cell.source for cell in self.cells if not cell.is_hit}
        return (*COLUMNS, *(name for name in OUTSIDE if name in present - set(COLUMNS)))

    @property
    def rows(self) -> tuple[MatrixRow, ...]:
        """The matrix, field by field."""
        return tuple(row for field in FIELDS if (row := self._row(field)) is not None)

    @property
    def hits(self) -> tuple[CellView, ...]:
        """What is held against the customer."""
        return tuple(cell for cell in self.cells if cell.is_hit)

    @property
    def open_cells(self) -> tuple[CellView, ...]:
        """What still calls for somebody to say why, and nobody has proposed to."""
        return tuple(cell for cell in self.cells if cell.is_open and cell.waiting_id is None)

    @property
    def proven_false(self) -> tuple[CellView, ...]:
        """What was found to be false material."""
        return tuple(cell for cell in self.cells if cell.verdict == "false_material")

    @property
    def slowest_ms(self) -> int | None:
        """How long the slowest source took that has answered."""
        return max((one.latency_ms for one in self.sources if one.latency_ms), default=None)

    def source(self, name: str) -> AnswerView | None:
        """One source's answer."""
        return next((one for one in self.sources if one.source == name), None)

    def _row(self, field: str) -> MatrixRow | None:
        cells = {
            cell.source: cell for cell in self.cells if cell.field == field and not cell.is_hit
        }
        if not cells:
            return None
        return MatrixRow(field, next(iter(cells.values())).declared, cells)


@dataclass(frozen=True, slots=True)
class CustomerVerifications:
    """What a customer's page shows: one verification, the others, and whether one is under way."""

    shown: VerificationView | None
    lines: tuple[VerificationLine, ...]
    under_way: bool


async def customer_verifications(
    session: AsyncSession, actor: Actor, customer_id: UUID, verification_id: UUID | None = None
) -> CustomerVerifications | None:
    """The newest verification or a named one; None where it is not this reader's or not there."""
    if not actor.may(Act.READ_CUSTOMERS):
        return None
    newest = (
        select(CustomerVerification)
        .where(col(CustomerVerification.customer_id) == customer_id)
        .order_by(col(CustomerVerification.opened_at).desc())
        .limit(HISTORY_LENGTH)
    )
    rows = list((await session.execute(newest)).scalars())
    named = await _named(session, customer_id, rows, verification_id)
    if named is None and verification_id is not None:
        return None
    shown = await _view(session, named) if named is not None else None
    under_way = await _under_way(session, customer_id)
    return CustomerVerifications(shown, tuple(_line(row) for row in rows), under_way)


async def _named(
    session: AsyncSession,
    customer_id: UUID,
    rows: Sequence[CustomerVerification],
    verification_id: UUID | None,
) -> CustomerVerification | None:
    if verification_id is None:
        return rows[0] if rows else None
    row = await session.get(CustomerVerification, verification_id)
    return row if row is not None and row.customer_id == customer_id else None


async def _view(session: AsyncSession, row: CustomerVerification) -> VerificationView:
    return VerificationView(_line(row), await _answers(session, row.id), await _cells(session, row))


async def _answers(session: AsyncSession, verification_id: UUID) -> tuple[AnswerView, ...]:
    statement = select(CustomerSourceReport).where(
        col(CustomerSourceReport.verification_id) == verification_id
    )
    rows = {row.source: row for row in (await session.execute(statement)).scalars()}
    order = [*OUTSIDE, *sorted(rows.keys() - set(OUTSIDE))]
    return tuple(_answer(rows[name]) for name in order if name in rows)


def _answer(row: CustomerSourceReport) -> AnswerView:
    return AnswerView(
        row.source,
        row.status,
        row.failure,
        row.tries,
        row.as_of,
        row.facts,
        row.latency_ms,
        row.raw_sha256,
        row.reported_at,
    )


async def _cells(session: AsyncSession, row: CustomerVerification) -> tuple[CellView, ...]:
    statement = (
        select(CustomerComparison, col(CustomerProposal.reason))
        .outerjoin(
            CustomerProposal, col(CustomerProposal.id) == col(CustomerComparison.disposition_id)
        )
        .where(col(CustomerComparison.verification_id) == row.id)
        .order_by(col(CustomerComparison.id))
    )
    waiting = await _waiting(session, row.customer_id)
    return tuple(
        _cell(cell, reason, waiting.get((str(row.id), cell.field, cell.source)))
        for cell, reason in (await session.execute(statement)).all()
    )


def _cell(row: CustomerComparison, reason: str | None, waiting_id: UUID | None) -> CellView:
    return CellView(
        row.field,
        row.source,
        row.is_hit,
        row.declared,
        row.found,
        row.difference,
        row.tolerance,
        row.verdict,
        row.disposition_id,
        reason,
        waiting_id,
    )


async def _waiting(session: AsyncSession, customer_id: UUID) -> dict[tuple[str, str, str], UUID]:
    """Dispositions that nobody has decided yet, by the cell they are of."""
    statement = select(CustomerProposal).where(
        col(CustomerProposal.customer_id) == customer_id,
        col(CustomerProposal.kind) == ProposalKind.DISPOSITION,
        col(CustomerProposal.status) == ProposalStatus.OPEN,
    )
    return {
        (row.content["verification"], row.content["field"], row.content["source"]): row.id
        for row in (await session.execute(statement)).scalars()
    }


async def _under_way(session: AsyncSession, customer_id: UUID) -> bool:
    waiting = select(col(CustomerWork.id)).where(
        col(CustomerWork.customer_id) == customer_id,
        col(CustomerWork.kind) == WorkKind.VERIFY,
        col(CustomerWork.done_at).is_(None),
    )
    return (await session.execute(waiting.limit(1))).first() is not None


def _line(row: CustomerVerification) -> VerificationLine:
    return VerificationLine(row.id, row.cause, row.opened_at, row.closed_at, row.summary)
