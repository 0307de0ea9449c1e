"""Proposals for a customer: laid before others, decided, and in force with the last approval."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import deadline
from domain.commands import Receipt
from domain.customers import (
    RULES,
    DecideProposal,
    ProposalKind,
    ProposalStatus,
    ProposeForCustomer,
    WithdrawProposal,
)
from domain.customers.content import refuse_unkeepable
from domain.people import Act, Actor
from domain.texts import clean_paragraph
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_clock, working_calendar
from persistence.customer_work import locked_customer
from persistence.tables import CustomerProposal, ProposalVoice, Staff


@dataclass(frozen=True)
class Proposed:
    """A proposal as its kind reads it."""

    id: UUID
    customer_id: UUID
    content: Mapping[str, Any]
    reason: str
    proposed_by: UUID
    decided_by: UUID | None = None


@dataclass(frozen=True)
class Effect:
    """A kind's own rules: `check` refuses a content when proposed, `apply` puts it in force.

    Both run on the locked customer. `apply` answers with the loans that must hear of it.
    """

    check: Callable[[AsyncSession, Proposed, datetime], Awaitable[None]]
    apply: Callable[[AsyncSession, Proposed, datetime], Awaitable[tuple[UUID, ...]]]


@dataclass(frozen=True)
class Decided:
    """The receipt, and the loans that must hear of what took effect."""

    receipt: Receipt
    loans: tuple[UUID, ...] = ()


Effects = Mapping[ProposalKind, Effect]


def proposal_id_of(customer_id: UUID, command_id: str) -> UUID:
    """A proposal's id follows from its command: asked twice it is the same proposal."""
    return uuid5(customer_id, command_id)


async def propose(
    session: AsyncSession, command: ProposeForCustomer, at: datetime, effects: Effects
) -> Receipt:
    """Lay a proposal before those who decide it.

    Violations: `duty.role`, `customer.unknown`, `proposal.content`, those of `clean_paragraph` on
    the reason, and those of the kind's own check.
    """
    await locked_customer(session, command.customer_id)
    proposal_id = proposal_id_of(command.customer_id, command.command_id)
    if await session.get(CustomerProposal, proposal_id) is not None:
        return _told(proposal_id)
    staff = await _staff_who_may(session, command.actor, RULES[command.kind].proposer)
    refuse_unkeepable(command.content)
    proposed = Proposed(
        proposal_id,
        command.customer_id,
        command.content,
        clean_paragraph(command.reason),
        staff.id,
    )
    await effects[command.kind].check(session, proposed, at)
    session.add(await _row(session, command, proposed, staff, at))
    await session.flush()
    record(
        session,
        "proposal.made",
        at,
        subject=str(command.customer_id),
        actor=command.actor,
        proposal=proposal_id,
        kind=command.kind.value,
        content=dict(command.content),
        reason=proposed.reason,
    )
    return _told(proposal_id)


async def decide(
    session: AsyncSession, command: DecideProposal, at: datetime, effects: Effects
) -> Decided:
    """One person's voice; the last approval needed applies it, one rejection ends it.

    Violations: `proposal.unknown`, `proposal.decided`, `duty.role`, `proposal.own`,
    `proposal.spoken` where this human being approved already under another account,
    `proposal.comment` where a rejection gives no reason, and those of the kind's own effect.
    """
    await locked_customer(session, command.customer_id)
    row = await _proposal(session, command.customer_id, command.proposal_id)
    kind = ProposalKind(row.kind)
    staff = await _staff_who_may(session, command.actor, RULES[kind].approver)
    voice = await session.get(ProposalVoice, (row.id, staff.person_id))
    if voice is not None and voice.approve == command.approve and voice.staff_id == staff.id:
        return Decided(_told(row.id))
    _refuse_voice(row, staff, voice, command)
    session.add(
        ProposalVoice(
            proposal_id=row.id,
            person_id=staff.person_id,
            staff_id=staff.id,
            approve=command.approve,
            comment=command.comment.strip(),
            spoken_at=at,
        )
    )
    await session.flush()
    if not command.approve:
        _end(session, row, ProposalStatus.REJECTED, command.actor, at)
        return Decided(_told(row.id))
    if await _approvals(session, row.id) < RULES[kind].approvals:
        _note(session, row, "proposal.supported", command.actor, at)
        return Decided(_told(row.id))
    loans = await effects[kind].apply(session, _proposed(row, staff.id), at)
    _end(session, row, ProposalStatus.APPROVED, command.actor, at)
    return Decided(_told(row.id), loans)


async def withdraw(session: AsyncSession, command: WithdrawProposal, at: datetime) -> Receipt:
    """The proposer takes it back. Violations: `proposal.unknown`, `.decided`, `.not_own`."""
    await locked_customer(session, command.customer_id)
    row = await _proposal(session, command.customer_id, command.proposal_id)
    if row.proposed_by != UUID(command.actor.staff_id):
        raise DutyViolation("proposal.not_own")
    if row.status == ProposalStatus.WITHDRAWN:
        return _told(row.id)
    if row.status != ProposalStatus.OPEN:
        raise LoanRuleViolation("proposal.decided")
    _end(session, row, ProposalStatus.WITHDRAWN, command.actor, at)
    return _told(row.id)


def _refuse_voice(
    row: CustomerProposal, staff: Staff, voice: ProposalVoice | None, command: DecideProposal
) -> None:
    if row.status != ProposalStatus.OPEN:
        raise LoanRuleViolation("proposal.decided")
    if staff.person_id == row.proposer_person_id:
        raise DutyViolation("proposal.own")
    if voice is not None:
        raise DutyViolation("proposal.spoken")
    if not command.approve and not command.comment.strip():
        raise LoanRuleViolation("proposal.comment")


async def _row(
    session: AsyncSession,
    command: ProposeForCustomer,
    proposed: Proposed,
    staff: Staff,
    at: datetime,
) -> CustomerProposal:
    clock, calendar = await business_clock(session), await working_calendar(session)
    return CustomerProposal(
        id=proposed.id,
        customer_id=command.customer_id,
        command_id=command.command_id,
        kind=command.kind,
        content=dict(command.content),
        reason=proposed.reason,
        status=ProposalStatus.OPEN,
        proposed_by=staff.id,
        proposer_person_id=staff.person_id,
        proposed_at=at,
        due_at=deadline(clock, calendar, at, RULES[command.kind].working_days),
    )


async def _proposal(
    session: AsyncSession, customer_id: UUID, proposal_id: UUID
) -> CustomerProposal:
    row = await session.get(CustomerProposal, proposal_id, with_for_update=True)
    if row is None or row.customer_id != customer_id:
        raise LoanRuleViolation("proposal.unknown")
    return row


async def _staff_who_may(session: AsyncSession, actor: Actor, act: Act) -> Staff:
    """The person's row, share-locked, if a role held at this moment grants the act."""
    staff = await session.get(Staff, UUID(actor.staff_id), with_for_update={"read": True})
    if staff is None or not staff.active:
        raise DutyViolation("duty.role")
    held = Actor(actor.staff_id, tuple(role for role in actor.roles if role in staff.roles))
    if not held.may(act):
        raise DutyViolation("duty.role")
    return staff


async def _approvals(session: AsyncSession, proposal_id: UUID) -> int:
    counting = select(func.count()).where(
        col(ProposalVoice.proposal_id) == proposal_id, col(ProposalVoice.approve).is_(True)
    )
    return (await session.execute(counting)).scalar_one()


def _end(
    session: AsyncSession,
    row: CustomerProposal,
    status: ProposalStatus,
    actor: Actor,
    at: datetime,
) -> None:
    row.status, row.decided_at = status, at
    _note(session, row, f"proposal.{status.value}", actor, at)


def _note(
    session: AsyncSession, row: CustomerProposal, action: str, actor: Actor, at: datetime
) -> None:
    record(
        session,
        action,
        at,
        subject=str(row.customer_id),
        actor=actor,
        proposal=row.id,
        kind=row.kind,
    )


def _proposed(row: CustomerProposal, decided_by: UUID) -> Proposed:
    return Proposed(row.id, row.customer_id, row.content, row.reason, row.proposed_by, decided_by)


def _told(proposal_id: UUID) -> Receipt:
    return Receipt(accepted=True, params={"proposal": str(proposal_id)})
