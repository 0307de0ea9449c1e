"""Exported histories of closed loans: files in a folder, their hashes in the audit chain."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.audit import record
from persistence.tables import HistoryExport, Loan

_BATCH = 20


async def loans_to_export(session: AsyncSession) -> list[tuple[UUID, frozenset[str]]]:
    """Closed loans without an export, with the runs already kept."""
    kept = exists().where(col(HistoryExport.loan_id) == col(Loan.id))
    statement = (
        select(col(Loan.id))
        .where(col(Loan.closed_at).is_not(None), ~kept)
        .order_by(col(Loan.closed_at))
        .limit(_BATCH)
    )
    return [(loan_id, frozenset()) for loan_id in (await session.execute(statement)).scalars()]


async def keep(
    session: AsyncSession,
    folder: Path,
    loan_id: UUID,
    run_id: str,
    content: bytes,
    events: int,
    at: datetime,
) -> None:
    """Write one run's history to its file and its hash to the chain."""
    digest = hashlib.sha256(content).hexdigest()
    relative = Path(str(loan_id)) / f"{run_id}.json"
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    export = HistoryExport(
        loan_id=loan_id,
        run_id=run_id,
        path=str(relative),
        sha256=digest,
        events=events,
        exported_at=at,
    )
    await session.merge(export)
    record(
        session,
        "history.exported",
        at,
        loan_id=loan_id,
        subject=run_id,
        sha256=digest,
        events=events,
    )
