"""Proposals for customers: one with its voices, a customer's list, and what waits for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import RULES, ProposalKind, ProposalStatus
from domain.people import Act, Actor
from persistence.queries.names import BilingualName
from persistence.tables import Customer, CustomerProposal, ProposalVoice, Staff

LIST_LENGTH = 100


@dataclass(frozen=True, slots=True)
class VoiceView:
    """What one person said."""

    name: BilingualName
    approve: bool
    comment: str
    spoken_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as it is shown. `may_decide` and `is_mine` are this reader's."""

    id: UUID
    customer_id: UUID
    customer_name: str
    kind: ProposalKind
    content: Mapping[str, Any]
    reason: str
    status: ProposalStatus
    proposer: BilingualName
    proposed_at: datetime
    due_at: datetime
    decided_at: datetime | None
    voices: tuple[VoiceView, ...]
    needed: int
    is_mine: bool
    may_decide: bool

    @property
    def given(self) -> int:
        """How many have approved so far."""
        return sum(voice.approve for voice in self.voices)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status is ProposalStatus.OPEN


async def proposal_named(
    session: AsyncSession, actor: Actor, proposal_id: UUID
) -> ProposalView | None:
    """One proposal; None where there is none or it is not this reader's to see."""
    if not actor.may(Act.READ_CUSTOMERS):
        return None
    found = await _views(session, actor, _rows().where(col(CustomerProposal.id) == proposal_id))
    return found[0] if found else None


async def proposals_of_customer(
    session: AsyncSession, actor: Actor, customer_id: UUID
) -> tuple[ProposalView, ...]:
    """A customer's newest proposals, open ones first."""
    statement = (
        _rows()
        .where(col(CustomerProposal.customer_id) == customer_id)
        .order_by(
            (col(CustomerProposal.status) != ProposalStatus.OPEN),
            col(CustomerProposal.proposed_at).desc(),
        )
    )
    return await _views(session, actor, statement.limit(LIST_LENGTH))


async def proposals_to_decide(session: AsyncSession, actor: Actor) -> tuple[ProposalView, ...]:
    """What waits for this reader's verdict, most urgent first."""
    kinds = [kind for kind, rule in RULES.items() if actor.may(rule.approver)]
    if not kinds or not actor.may(Act.READ_CUSTOMERS):
        return ()
    statement = (
        _rows()
        .where(
            col(CustomerProposal.status) == ProposalStatus.OPEN,
            col(CustomerProposal.kind).in_(kinds),
        )
        .order_by(col(CustomerProposal.due_at))
    )
    found = await _views(session, actor, statement.limit(LIST_LENGTH))
    return tuple(view for view in found if view.may_decide)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CustomerProposal,
            col(Customer.name),
            col(Staff.name_zh),
            col(Staff.name_en),
        )
        .join(Customer, col(Customer.id) == col(CustomerProposal.customer_id))
        .join(Staff, col(Staff.id) == col(CustomerProposal.proposed_by))
    )


async def _views(
    session: AsyncSession, actor: Actor, statement: Select[*tuple[Any, ...]]
) -> tuple[ProposalView, ...]:
    rows = (await session.execute(statement)).all()
    person = await session.get(Staff, UUID(actor.staff_id))
    voices = await _voices(session, [row[0].id for row in rows])
    return tuple(_view(row, actor, person, voices.get(row[0].id, ())) for row in rows)


def _view(
    row: Row[*tuple[Any, ...]],
    actor: Actor,
    person: Staff | None,
    spoken: Sequence[tuple[UUID, VoiceView]],
) -> ProposalView:
    proposal: CustomerProposal = row[0]
    kind = ProposalKind(proposal.kind)
    person_id = person.person_id if person else None
    spoke = any(person_id == who for who, _ in spoken)
    is_mine = proposal.proposer_person_id == person_id
    is_open = proposal.status == ProposalStatus.OPEN
    return ProposalView(
        id=proposal.id,
        customer_id=proposal.customer_id,
        customer_name=row[1],
        kind=kind,
        content=proposal.content,
        reason=proposal.reason,
        status=ProposalStatus(proposal.status),
        proposer=BilingualName(row[2], row[3]),
        proposed_at=proposal.proposed_at,
        due_at=proposal.due_at,
        decided_at=proposal.decided_at,
        voices=tuple(voice for _, voice in spoken),
        needed=RULES[kind].approvals,
        is_mine=is_mine,
        may_decide=is_open and not is_mine and not spoke and actor.may(RULES[kind].approver),
    )


async def _voices(
    session: AsyncSession, proposals: Sequence[UUID]
) -> dict[UUID, list[tuple[UUID, VoiceView]]]:
    statement = (
        select(ProposalVoice, col(Staff.name_zh), col(Staff.name_en))
        .join(Staff, col(Staff.id) == col(ProposalVoice.staff_id))
        .where(col(ProposalVoice.proposal_id).in_(proposals))
        .order_by(col(ProposalVoice.spoken_at))
    )
    found: dict[UUID, list[tuple[UUID, VoiceView]]] = {}
    for voice, zh, en in (await session.execute(statement)).all():
        view = VoiceView(BilingualName(zh, en), voice.approve, voice.comment, voice.spoken_at)
        found.setdefault(voice.proposal_id, []).append((voice.person_id, view))
    return found
