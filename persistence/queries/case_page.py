"""A whole case page: the head and the map for every tab, and the content of the chosen one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import Actor
from persistence.queries.case_detail import CaseHead, case_head
from persistence.queries.case_file import case_file
from persistence.queries.envelopes import CaseEnvelope, case_envelopes
from persistence.queries.findings_of_case import decisions, verification
from persistence.queries.ledger import ledger
from persistence.queries.money_of_case import CaseMoney, case_money
from persistence.queries.process_map import ProcessNode, process_map
from persistence.queries.schedule import schedule
from persistence.queries.timeline import timeline


class CaseTab(StrEnum):
    """The tabs of a case page."""

    OVERVIEW = "overview"
    FILE = "file"
    CHECKS = "checks"
    DECISIONS = "decisions"
    MONEY = "money"
    REPAYMENT = "repayment"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class CasePage:
    """`content` holds what the chosen tab shows, under the names its template uses."""

    tab: CaseTab
    head: CaseHead
    nodes: tuple[ProcessNode, ...]
    money: CaseMoney
    envelopes: tuple[CaseEnvelope, ...]
    content: Mapping[str, object]


async def case_page(
    session: AsyncSession, loan_id: UUID, actor: Actor, tab: CaseTab, now: datetime
) -> CasePage | None:
    """One case for one reader; None where it is not theirs to see."""
    head = await case_head(session, loan_id, actor, now)
    if head is None:
        return None
    return CasePage(
        tab=tab,
        head=head,
        nodes=await process_map(session, loan_id, now),
        money=await case_money(session, loan_id, now),
        envelopes=await case_envelopes(session, loan_id),
        content=await _content(session, loan_id, tab, now),
    )


async def _content(
    session: AsyncSession, loan_id: UUID, tab: CaseTab, now: datetime
) -> Mapping[str, object]:
    if tab is CaseTab.REPAYMENT:
        return {"schedule": await schedule(session, loan_id, now)}
    if tab not in _READERS:
        return {}
    name, read = _READERS[tab]
    return {name: await read(session, loan_id)}


_READERS: Mapping[CaseTab, tuple[str, Callable[[AsyncSession, UUID], Awaitable[object]]]] = {
    CaseTab.OVERVIEW: ("events", timeline),
    CaseTab.FILE: ("file", case_file),
    CaseTab.CHECKS: ("verification", verification),
    CaseTab.DECISIONS: ("decisions", decisions),
    CaseTab.LEDGER: ("ledger", ledger),
}
