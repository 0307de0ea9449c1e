"""Statement files and what became of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.bank_statements import LineKind, LineState
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.paging import PageOf, page_of
from persistence.statement_intake import PROVIDER, event_id_of
from persistence.tables import BankStatement, InboxEvent, Loan, Receipt, Staff, StatementLine

LINES_A_PAGE = 100
_SURPLUS = (None, "surplus")


@dataclass(frozen=True, slots=True)
class StatementView:
    """A file in the list, with how many of its lines came to what when it was taken in."""

    id: UUID
    filename: str
    format: str
    account: str | None
    name: str | None
    sha256: str
    door: str
    taken_by: BilingualName | None
    taken_at: datetime
    lines: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line, and what it has come to by now. `reason` is a code of its state."""

    number: int
    state: str
    reason: str | None
    params: Mapping[str, str]
    kind: str | None
    reference: str | None
    amount: Decimal | None
    currency: str | None
    value_on: date | None
    payer_name: str | None
    payer_account: str | None
    remittance: str | None
    loan_id: UUID | None
    case_number: str | None
    matched_by: str | None
    receipt_id: UUID | None

    @property
    def code(self) -> str:
        """The code of its sentence."""
        return self.reason or ""


@dataclass(frozen=True, slots=True)
class Statements:
    """One page of files, newest first."""

    files: tuple[StatementView, ...]
    page: PageOf


@dataclass(frozen=True, slots=True)
class StatementDetail:
    """A file and one page of its lines."""

    file: StatementView
    lines: tuple[LineView, ...]
    page: PageOf
    state: str | None


async def statements(session: AsyncSession, asked_page: int = 1) -> Statements:
    """The files taken in, newest first."""
    total = (await session.execute(select(func.count(col(BankStatement.id))))).scalar_one()
    page = page_of(asked_page, total)
    rows = await session.execute(_files().offset(page.offset).limit(page.size))
    return Statements(await _views(session, rows.all()), page)


async def statement_detail(
    session: AsyncSession, statement_id: UUID, state: str | None = None, asked_page: int = 1
) -> StatementDetail | None:
    """One file with its lines in its own order."""
    rows = (await session.execute(_files().where(col(BankStatement.id) == statement_id))).all()
    if not rows:
        return None
    [file] = await _views(session, rows)
    mine = [col(StatementLine.statement_id) == statement_id]
    if state is not None:
        mine.append(col(StatementLine.state) == state)
    total = (
        await session.execute(select(func.count(col(StatementLine.id))).where(and_(*mine)))
    ).scalar_one()
    page = page_of(asked_page, total, LINES_A_PAGE)
    found = await session.execute(
        select(StatementLine, col(Loan.case_number))
        .outerjoin(Loan, col(Loan.id) == col(StatementLine.loan_id))
        .where(and_(*mine))
        .order_by(col(StatementLine.position))
        .offset(page.offset)
        .limit(page.size)
    )
    lines = await _lines(session, found.all())
    return StatementDetail(file, lines, page, state)


async def statement_lines(session: AsyncSession, statement_id: UUID) -> tuple[LineView, ...]:
    """Every line of a file."""
    found = await session.execute(
        select(StatementLine, col(Loan.case_number))
        .outerjoin(Loan, col(Loan.id) == col(StatementLine.loan_id))
        .where(col(StatementLine.statement_id) == statement_id)
        .order_by(col(StatementLine.position))
    )
    return await _lines(session, found.all())


def _files() -> Select[*tuple[Any, ...]]:
    return (
        select(BankStatement, col(Staff.name_zh), col(Staff.name_en))
        .outerjoin(Staff, col(Staff.id) == col(BankStatement.taken_by))
        .order_by(col(BankStatement.taken_at).desc())
    )


async def _views(session: AsyncSession, rows: Sequence[Any]) -> tuple[StatementView, ...]:
    ids = [row[0].id for row in rows]
    counted = await session.execute(
        select(col(StatementLine.statement_id), col(StatementLine.state), func.count())
        .where(col(StatementLine.statement_id).in_(ids))
        .group_by(col(StatementLine.statement_id), col(StatementLine.state))
    )
    counts: dict[UUID, dict[str, int]] = {each: dict.fromkeys(LineState, 0) for each in ids}
    for statement_id, state, count in counted.all():
        counts[statement_id][state] = count
    return tuple(_view(row, counts[row[0].id]) for row in rows)


def _view(row: Any, counts: Mapping[str, int]) -> StatementView:
    file: BankStatement = row[0]
    return StatementView(
        id=file.id,
        filename=file.filename,
        format=file.format,
        account=file.account,
        name=file.name,
        sha256=file.sha256,
        door=file.door,
        taken_by=bilingual(row[1], row[2]),
        taken_at=file.taken_at,
        lines=file.lines,
        counts={str(state): count for state, count in counts.items()},
    )


async def _lines(session: AsyncSession, rows: Sequence[Any]) -> tuple[LineView, ...]:
    taken = [row[0] for row in rows if row[0].state == LineState.TAKEN]
    events, receipts = await _events(session, taken), await _receipts(session, taken)
    return tuple(_line(row[0], row[1], events, receipts) for row in rows)


async def _events(session: AsyncSession, lines: Sequence[StatementLine]) -> Mapping[str, str]:
    """How the inbox events of taken lines ended; those that wait are left out."""
    ids = [event_id_of(str(line.kind), str(line.reference)) for line in lines]
    rows = await session.execute(
        select(col(InboxEvent.event_id), col(InboxEvent.outcome)).where(
            col(InboxEvent.provider) == PROVIDER,
            col(InboxEvent.event_id).in_(ids),
            col(InboxEvent.processed_at).is_not(None),
        )
    )
    return {event_id: outcome or "" for event_id, outcome in rows.all()}


async def _receipts(
    session: AsyncSession, lines: Sequence[StatementLine]
) -> Mapping[str, tuple[Receipt, str | None]]:
    numbers = [line.reference for line in lines if line.kind != LineKind.RETURN]
    rows = await session.execute(
        select(Receipt, col(Loan.case_number))
        .outerjoin(Loan, col(Loan.id) == col(Receipt.loan_id))
        .where(col(Receipt.provider) == PROVIDER, col(Receipt.transaction_id).in_(numbers))
    )
    return {row[0].transaction_id: (row[0], row[1]) for row in rows.all()}


def _line(
    line: StatementLine,
    case_number: str | None,
    events: Mapping[str, str],
    receipts: Mapping[str, tuple[Receipt, str | None]],
) -> LineView:
    receipt, number = receipts.get(line.reference or "", (None, None))
    state, reason = line.state, line.reason
    if line.state == LineState.TAKEN:
        outcome = events.get(event_id_of(str(line.kind), str(line.reference)))
        state, reason = _come_to(outcome, receipt)
    same = {name: getattr(line, name) for name in _SAME}
    return LineView(
        **same,
        state=state,
        reason=reason,
        params={str(name): str(text) for name, text in line.params.items()},
        loan_id=receipt.loan_id if receipt else line.loan_id,
        case_number=number if receipt else case_number,
        receipt_id=receipt.id if receipt else None,
    )


_SAME = (
    *("number", "kind", "reference", "amount", "currency", "value_on", "payer_name"),
    *("payer_account", "remittance", "matched_by"),
)


def _come_to(outcome: str | None, receipt: Receipt | None) -> tuple[str, str | None]:
    """What a taken line is by now: told by its receipt, or by how its event ended."""
    if outcome is None:
        return "waiting", None
    if receipt is not None:
        return _state_of(receipt)
    if outcome in ("returned", "duplicate"):
        return outcome, None
    return "unmatched", outcome.removeprefix("refused:")


def _state_of(receipt: Receipt) -> tuple[str, str | None]:
    if receipt.returned == receipt.amount:
        return "returned", None
    if receipt.suspense == receipt.amount and receipt.suspense_reason not in _SURPLUS:
        return "held", receipt.suspense_reason
    return "posted", receipt.suspense_reason
