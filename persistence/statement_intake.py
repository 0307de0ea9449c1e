"""Taking a statement file in: each line once, by the road every provider's event takes.

A line is money only by its inbox event: the loan's process posts it in its order, and what no
process will take up the sweep ends. The file's own lines are evidence and never change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.bank_statements import BankLine, LineKind, LineState, ReadLine, ReadStatement
from domain.business_time import BusinessClock
from domain.people import Actor
from persistence.audit import record
from persistence.clock import business_clock
from persistence.hashing import text_sha256
from persistence.statement_matching import Lookup, Match, lookup
from persistence.statement_references import Known, known_references
from persistence.tables import BankStatement, InboxEvent, StatementLine

PROVIDER = "statement"
_STATEMENTS = UUID("a1c9f5ce-52a7-5b6e-9e3a-6f0f4ab2c7d4")
_INTAKE_LOCK = 7_202_602
_SAID = (
    *("kind", "reference", "amount", "currency", "value_on"),
    *("payer_name", "payer_account", "remittance"),
)


@dataclass(frozen=True)
class StatementFile:
    """The file itself: its bytes' hash, its name, and the door it came through."""

    sha256: str
    filename: str
    size: int
    door: str


@dataclass(frozen=True)
class Intake:
    """What taking a file in came to. `loans` have something new in their inbox."""

    statement_id: UUID
    new: bool
    counts: dict[str, int]
    loans: tuple[UUID, ...] = ()


async def take_in(
    session: AsyncSession,
    file: StatementFile,
    read: ReadStatement,
    actor: Actor | None,
    at: datetime,
) -> Intake:
    """Take a file in, once: the same bytes again find what was made of them the first time.

    Files are taken in one after the other, so that two that overlap never race for a line.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_INTAKE_LOCK)))
    statement_id = uuid5(_STATEMENTS, file.sha256)
    if await session.get(BankStatement, statement_id) is not None:
        return Intake(statement_id, False, await _counts(session, statement_id))
    session.add(_statement(statement_id, file, read, actor, at))
    await session.flush()
    rows = await _judged(session, statement_id, read.lines)
    session.add_all(rows)
    clock = await business_clock(session)
    taken = [row for row in rows if row.state == LineState.TAKEN]
    session.add_all(_event(row, clock, at) for row in taken)
    counts = _counted(rows)
    record(
        session,
        "statement.taken",
        at,
        subject=str(statement_id),
        actor=actor,
        sha256=file.sha256,
        lines=counts,
    )
    loans = dict.fromkeys(row.loan_id for row in taken if row.loan_id is not None)
    return Intake(statement_id, True, counts, tuple(loans))


def event_id_of(kind: str, reference: str) -> str:
    """The inbox event of a line, the same for every file the line stands in."""
    return "line-" + text_sha256(f"{kind}|{reference}")[:40]


async def _judged(
    session: AsyncSession, statement_id: UUID, lines: Sequence[ReadLine]
) -> list[StatementLine]:
    readable = [each.line for each in lines if each.line is not None]
    found, known = await lookup(session, readable), await known_references(session, readable)
    return [
        _row(statement_id, position, each, found, known)
        for position, each in enumerate(lines, start=1)
    ]


def _row(
    statement_id: UUID, position: int, read: ReadLine, found: Lookup, known: Known
) -> StatementLine:
    row = StatementLine(
        statement_id=statement_id,
        position=position,
        number=read.number,
        state=LineState.PASSED_OVER if read.passed_over else LineState.REFUSED,
        reason=read.code or None,
        params=dict(read.params),
    )
    if read.line is not None:
        returned = read.line.kind is LineKind.RETURN
        _fill(row, read.line, Match() if returned else found.match(read.line), known)
    return row


def _fill(row: StatementLine, line: BankLine, match: Match, known: Known) -> None:
    state, reason = known.judged(line, match)
    row.state, row.reason = state, reason or match.hold
    row.loan_id, row.matched_by = match.loan_id, match.by
    for name in _SAID:
        setattr(row, name, getattr(line, name))
    row.end_to_end = line.original or line.end_to_end
    more = {"debit_key": match.debit_key, "return_reason": line.reason}
    row.params = {name: text for name, text in more.items() if text}


def _event(row: StatementLine, clock: BusinessClock, at: datetime) -> InboxEvent:
    """The line as its inbox event: one a reference, for ever."""
    returned = row.kind == LineKind.RETURN
    kind = "receipt.returned" if returned else "receipt.posted"
    event_id = event_id_of(str(row.kind), str(row.reference))
    body: dict[str, Any] = {"event_id": event_id, "kind": kind, "data": _data(row, clock)}
    body |= {"loan_id": str(row.loan_id) if row.loan_id else None, "occurred_at": at.isoformat()}
    return InboxEvent(
        provider=PROVIDER,
        event_id=event_id,
        kind=kind,
        loan_id=row.loan_id,
        raw=json.dumps(body, ensure_ascii=False, sort_keys=True).encode(),
        body=body,
        received_at=at,
    )


def _data(row: StatementLine, clock: BusinessClock) -> dict[str, Any]:
    value_on = row.value_on
    if value_on is None:  # a taken line has all its parts
        raise ValueError("a taken line without its day")
    data: dict[str, Any] = {
        "transaction_id": row.reference,
        "amount": str(row.amount),
        "currency": row.currency,
        "value_on": value_on.isoformat(),
        "value_at": clock.instant_of(value_on).isoformat(),
        "payer_name": row.payer_name,
        "payer_account": row.payer_account,
        "remittance": row.remittance,
        "statement_id": str(row.statement_id),
        "line": row.number,
    }
    if row.kind == LineKind.RETURN:
        return {**data, "original": row.end_to_end, "reason": row.params.get("return_reason")}
    return {**data, "collection_key": row.params.get("debit_key"), "hold": row.reason}


def _statement(
    statement_id: UUID,
    file: StatementFile,
    read: ReadStatement,
    actor: Actor | None,
    at: datetime,
) -> BankStatement:
    return BankStatement(
        id=statement_id,
        sha256=file.sha256,
        filename=file.filename,
        size=file.size,
        format=read.format,
        account=read.account,
        name=read.name,
        lines=len(read.lines),
        door=file.door,
        taken_by=UUID(actor.staff_id) if actor else None,
        taken_at=at,
    )


def _counted(rows: Sequence[StatementLine]) -> dict[str, int]:
    states = [row.state for row in rows]
    return {state.value: states.count(state) for state in LineState}


async def _counts(session: AsyncSession, statement_id: UUID) -> dict[str, int]:
    statement = (
        select(col(StatementLine.state), func.count())
        .where(col(StatementLine.statement_id) == statement_id)
        .group_by(col(StatementLine.state))
    )
    found = {row[0]: row[1] for row in (await session.execute(statement)).all()}
    return {state.value: found.get(state, 0) for state in LineState}
