"""The facts a customer is watched by, gathered from everything the bank holds of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.classification import FiveClass
from domain.financials import FinancialStatement
from domain.limits.tree import NodeState, used
from domain.scoring import GRADES
from domain.watch.covenants import CovenantState
from domain.watch.events import FLAG_OF, SOURCE_OF_FLAG, EventKind
from domain.watch.facts import FactValue, WatchFacts, merged, statement_facts
from domain.watch.ladder import notches_down
from persistence.clock import business_clock, business_date
from persistence.ladder_ground import LadderGround, grounds_of
from persistence.limit_nodes import as_node, loads_of, nodes_over
from persistence.queries.customer_ratings import rating_history
from persistence.source_facts import newest_answers
from persistence.tables import (
    Covenant,
    CovenantTest,
    CustomerEvent,
    DossierEntry,
    NoteStatus,
)
from persistence.watch_statements import statements_to_watch

EVENT_DAYS = 365
"""An event counts for a year, a source's answer as long. Unit: calendar days."""
_ABOVE_ANY = Decimal(1)
"""A claim against a firm without net worth is above any share of it."""
_EXPIRY_NAMES = ("expires_on", "valid_to_on", "valid_to", "expiry_on")
_CLASSES = tuple(FiveClass)


async def facts_to_watch(session: AsyncSession, customer_id: UUID, at: datetime) -> WatchFacts:
    """Everything known of a customer's signals now; what is not known is not there."""
    today = await business_date(session, at)
    statements = await statements_to_watch(session, customer_id)
    grounds = await grounds_of(session, customer_id, at)
    return merged(
        statement_facts(statements, today),
        await _ledger(session, customer_id, grounds),
        await _sources(session, customer_id, statements, today, at),
        await _events(session, customer_id, at),
        await _rating(session, customer_id, today),
        await _covenants(session, customer_id),
        await _papers(session, customer_id, today),
        await _use(session, customer_id),
    )


async def _ledger(
    session: AsyncSession, customer_id: UUID, grounds: Sequence[LadderGround]
) -> WatchFacts:
    """The bank's own books: they always know."""
    accounts = [ground.account for ground in grounds]
    late = max((account.days_past_due for account in accounts), default=0)
    since = max((g.today - timedelta(days=late) for g in grounds), default=None)
    classes = select(col(NoteStatus.five_class)).where(
        col(NoteStatus.customer_id) == customer_id, col(NoteStatus.outstanding) > 0
    )
    worst = max(
        (
            _CLASSES.index(FiveClass(name)) + 1
            for name in (await session.execute(classes)).scalars()
        ),
        default=1,
    )
    values: dict[str, FactValue] = {
        "days_past_due": Decimal(late),
        "class_rank": Decimal(worst),
        "misuse": any(account.misused > 0 for account in accounts),
    }
    basis = {"days_past_due": f"since {since}", "class_rank": f"class {worst}"}
    return WatchFacts(values, basis)


async def _use(session: AsyncSession, customer_id: UUID) -> WatchFacts:
    """The share in use of the customer's limit that is used most; without a limit not known."""
    own = [node for node in await nodes_over(session, customer_id) if node.customer_id is not None]
    nodes = [as_node(row) for row in own if row.amount > 0 and row.state != NodeState.CLOSED]
    loads = await loads_of(session, [node.id for node in nodes])
    shares = [used(node, loads[node.id]) / node.amount for node in nodes]
    return WatchFacts({"limit_use": max(shares)}) if shares else WatchFacts()


async def _sources(
    session: AsyncSession,
    customer_id: UUID,
    statements: Sequence[FinancialStatement],
    today: date,
    at: datetime,
) -> WatchFacts:
    """What outside sources answered within the year: the newest answer of each counts."""
    since = at - (await business_clock(session)).stretch(timedelta(days=EVENT_DAYS))
    reports = await newest_answers(session, customer_id, since)
    flags: dict[str, FactValue] = {
        flag: False for flag, source in SOURCE_OF_FLAG.items() if source in reports
    }
    values, basis = flags, {}
    overdue = _number(reports.get("bureau"), "days_past_due_elsewhere")
    arrears = _number(reports.get("tax"), "arrears")
    claims = _number(reports.get("courts"), "claim_amount")
    buyer = _number(reports.get("invoices"), "largest_customer_share")
    if buyer is not None:
        values["largest_buyer_share"], basis["largest_buyer_share"] = buyer, f"sources {today.year}"
    if overdue is not None:
        values["overdue_elsewhere"] = overdue
    if arrears is not None:
        values["tax_arrears"] = arrears
    if claims is not None:
        share = _of_net_worth(claims, statements)
        if share is not None:
            values["lawsuit_to_net_worth"] = share
    for name in ("overdue_elsewhere", "tax_arrears", "lawsuit_to_net_worth"):
        basis[name] = f"sources {today.year}"
    return WatchFacts(values, basis)


def _number(facts: Mapping[str, Any] | None, name: str) -> Decimal | None:
    """A stated figure, or None; a source that answers nonsense tells nothing."""
    try:
        value = Decimal(str((facts or {}).get(name, "")))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _of_net_worth(claims: Decimal, statements: Sequence[FinancialStatement]) -> Decimal | None:
    if claims <= 0:
        return Decimal(0)
    equity = statements[0].line("equity") if statements else None
    if equity is None:
        return None
    return claims / equity if equity > 0 else _ABOVE_ANY


async def _events(session: AsyncSession, customer_id: UUID, at: datetime) -> WatchFacts:
    """What events of the last year made true; dealing with one is closing its alert."""
    since = at - (await business_clock(session)).stretch(timedelta(days=EVENT_DAYS))
    statement = (
        select(col(CustomerEvent.kind), col(CustomerEvent.id), col(CustomerEvent.after))
        .where(
            col(CustomerEvent.customer_id) == customer_id, col(CustomerEvent.recorded_at) >= since
        )
        .order_by(col(CustomerEvent.recorded_at))
    )
    values: dict[str, FactValue] = {}
    basis: dict[str, str] = {}
    for kind, event_id, after in (await session.execute(statement)).all():
        flag = FLAG_OF.get(EventKind(kind))
        if flag is not None:
            values[flag], basis[flag] = True, f"event {event_id}"
        share = _number(after, "share_of_net_worth") if kind == EventKind.COURT_CASE else None
        if share is not None:
            values["lawsuit_to_net_worth"], basis["lawsuit_to_net_worth"] = (
                share,
                f"event {event_id}",
            )
    return WatchFacts(values, basis)


async def _rating(session: AsyncSession, customer_id: UUID, today: date) -> WatchFacts:
    """By how many notches the newest rating is below the one before it."""
    graded = [one for one in await rating_history(session, customer_id) if one.grade in GRADES]
    if not graded:
        return WatchFacts()
    new = graded[0]
    fell = 0 if len(graded) == 1 else notches_down(graded[1].grade or "", new.grade or "")
    return WatchFacts({"notches_down": Decimal(fell)}, {"notches_down": f"rating {new.id}"})


async def _covenants(session: AsyncSession, customer_id: UUID) -> WatchFacts:
    """Whether the newest test of any covenant is broken. Without covenants none is."""
    newest = (
        select(func.max(col(CovenantTest.tested_on)))
        .where(col(CovenantTest.covenant_id) == col(Covenant.id))
        .correlate(Covenant)
        .scalar_subquery()
    )
    statement = (
        select(col(CovenantTest.state), col(Covenant.id), col(CovenantTest.tested_on))
        .join(Covenant, col(Covenant.id) == col(CovenantTest.covenant_id))
        .where(col(Covenant.customer_id) == customer_id, col(CovenantTest.tested_on) == newest)
    )
    rows = (await session.execute(statement)).all()
    broken = sorted(f"{row[1]}@{row[2]}" for row in rows if row[0] == CovenantState.BREACHED)
    states = {row[0] for row in rows}
    if not broken and CovenantState.NOT_ASSESSABLE in states:
        return WatchFacts()
    return WatchFacts({"covenant_breached": bool(broken)}, {"covenant_breached": ",".join(broken)})


async def _papers(session: AsyncSession, customer_id: UUID, today: date) -> WatchFacts:
    """Days until the first paper of the dossier expires; below zero where one has."""
    statement = select(col(DossierEntry.data)).where(
        col(DossierEntry.customer_id) == customer_id, col(DossierEntry.known_to).is_(None)
    )
    expiries = [
        day
        for data in (await session.execute(statement)).scalars()
        for name in _EXPIRY_NAMES
        if (day := _day(data.get(name))) is not None
    ]
    if not expiries:
        return WatchFacts()
    first = min(expiries)
    return WatchFacts(
        {"days_to_expiry": Decimal((first - today).days)}, {"days_to_expiry": f"{first}"}
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
