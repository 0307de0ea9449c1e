"""My work: what waits for this person, what they wait for, and what moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import Act, Actor
from domain.process import WaitReason
from persistence.queries.cases import CaseLine, recent_cases
from persistence.queries.changes import ChangeView, changes_to_decide
from persistence.queries.drafts import DraftLine, open_drafts
from persistence.queries.rates import FixingView, fixings_to_decide
from persistence.queries.tasks import TaskFilters, TaskInbox, task_inbox

CUSTOMER_SIDE = (
    WaitReason.SUPPLEMENT.value,
    WaitReason.BORROWER_SIGNATURE.value,
    WaitReason.CONTRACT_SIGNATURE.value,
)


@dataclass(frozen=True, slots=True)
class Home:
    """One person's desk."""

    tasks: TaskInbox
    drafts: tuple[DraftLine, ...]
    with_customer: tuple[CaseLine, ...]
    recent: tuple[CaseLine, ...]
    changes: tuple[ChangeView, ...]
    fixings: tuple[FixingView, ...]


async def home(session: AsyncSession, actor: Actor, now: datetime) -> Home:
    """Everything the desk shows."""
    tasks = await task_inbox(session, actor, TaskFilters(), now)
    drafts = await open_drafts(session, actor, now)
    own = actor.may(Act.READ_OWN_CASES)
    waiting = await recent_cases(session, actor, now, count=10, waits=CUSTOMER_SIDE) if own else ()
    recent = await recent_cases(session, actor, now, count=8)
    changes = await changes_to_decide(session, actor, now)
    fixings = await fixings_to_decide(session, actor)
    return Home(tasks, drafts, waiting, recent, changes, fixings)
