"""How interest and lateness run on each note, kept where day end can add them up by sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import AccountTerms
from domain.accounts.accruing import AccrualPiece, Accruals, MisusePiece
from domain.accounts.events import Event, Restructure
from domain.day_counts import DayCount
from persistence.tables import AccrualSegment, LatenessRule, MisuseSegment
from persistence.tables.columns import as_kept

_NAMES = ("n", "from_on", "to_on", "earned_before", "per_day")
_PIECE = tuple(AccrualSegment.__table__.c[name] for name in _NAMES)  # type: ignore[attr-defined] # SQLModel gives each its table
_PIECE_KEY = tuple_(col(AccrualSegment.loan_id), col(AccrualSegment.from_on), col(AccrualSegment.n))
_MISUSE = ("n", "from_on", "to_on", "counts_after")
_YEAR_DAYS = {DayCount.ACT_365F: 365, DayCount.ACT_364: 364}


async def write_segments(
    session: AsyncSession,
    loan_id: UUID,
    terms: AccountTerms,
    events: Sequence[Event],
    runs_on: Accruals,
) -> None:
    """Restate how a note runs from a day on; call it whenever its events have changed."""
    await _write_pieces(session, loan_id, runs_on.pieces)
    await _write_misuse(session, loan_id, runs_on.misused)
    lateness = terms.lateness
    rule = {
        "late_rate": runs_on.late_rate if lateness.penalised else 0,
        "year_days": _YEAR_DAYS.get(lateness.day_count, 360),
        "compound": lateness.compound,
        "grace_days": lateness.grace_days,
        "non_accrual_after_days": lateness.non_accrual_after_days,
        "misused": bool(runs_on.misused),
        "written_off": runs_on.written_off,
        "non_accrual": runs_on.non_accrual,
        "anew_on": runs_on.anew_on,
        "restructured_on": _first_new_due_date(events),
    }
    statement = insert(LatenessRule).values(loan_id=loan_id, **rule)
    await session.execute(statement.on_conflict_do_update(index_elements=["loan_id"], set_=rule))


async def _write_pieces(
    session: AsyncSession, loan_id: UUID, pieces: Sequence[AccrualPiece]
) -> None:
    """Bring the pieces to what they are now; most events leave most of them as they stand."""
    standing = select(*_PIECE).where(col(AccrualSegment.loan_id) == loan_id)
    before = {tuple(row) for row in (await session.execute(standing)).all()}
    now = {
        (each.n, each.from_on, each.to_on, as_kept(each.earned_before), as_kept(each.per_day))
        for each in pieces
    }
    gone = [(loan_id, from_on, n) for n, from_on, *_ in before - now]
    if gone:
        await session.execute(delete(AccrualSegment).where(_PIECE_KEY.in_(gone)))
    rows = [dict(zip(_NAMES, each, strict=True)) | {"loan_id": loan_id} for each in now - before]
    if rows:
        await session.execute(insert(AccrualSegment), rows)


async def _write_misuse(
    session: AsyncSession, loan_id: UUID, pieces: Sequence[MisusePiece]
) -> None:
    """Few notes are misused, and of those each event moves every piece: all are written anew."""
    await session.execute(delete(MisuseSegment).where(col(MisuseSegment.loan_id) == loan_id))
    rows = [
        {name: getattr(each, name) for name in _MISUSE}
        | {"loan_id": loan_id, "per_day": as_kept(each.per_day)}
        for each in pieces
    ]
    if rows:
        await session.execute(insert(MisuseSegment), rows)


def _first_new_due_date(events: Sequence[Event]) -> date | None:
    found = [event.first_due_on for event in events if isinstance(event, Restructure)]
    return found[-1] if found else None
