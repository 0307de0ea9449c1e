"""Measures of the ladder that change a loan: they go through the machinery of every change.

One more approval than the ladder's own where the kind of change asks for it; else the approval of
the measure is the approval of the change, and its event is appended in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from domain.changes import Change, ChangeKind, ChangeStatus
from domain.changes.change import LAPSES_AFTER_WORKING_DAYS, QUORUMS
from domain.people import Actor, Role
from domain.rates import next_repricing
from domain.violations import LoanRuleViolation
from domain.watch.ladder import MeasureKind
from persistence.account_events import document_of
from persistence.accounts import account_on, append_events, events_of
from persistence.audit import record
from persistence.changes import ShownChange, difference_sha256, preview_change
from persistence.clock import business_clock, working_calendar
from persistence.commitments import refuse_while_drawing
from persistence.customer_proposals import Proposed
from persistence.ladder_ground import LadderGround
from persistence.rates import floating_now, floating_of, index_now
from persistence.tables import ChangeApproval, ChangeRequest, LadderMeasure, Staff

_BASIS_POINT = Decimal("0.0001")


@dataclass(frozen=True)
class MadeChange:
    """The change a measure became: its request, whether it is in force, and from which day."""

    request_id: UUID
    applied: bool
    effective_on: date
    yearly_rate: Decimal | None = None


async def change_of_measure(
    session: AsyncSession, measure: LadderMeasure, ground: LadderGround
) -> Change:
    """The change of the loan a measure means today.

    Violations: `ladder.no_period` where no period is ahead, `ladder.no_room` where cap, floor or
    schedule leave nothing to change.
    """
    kind = MeasureKind(measure.kind)
    if kind is MeasureKind.ACCELERATE:
        return Change(kind=ChangeKind.ACCELERATION, effective_on=ground.today)
    if kind is MeasureKind.FASTER_AMORTISATION:
        return _faster(ground)
    step = int(measure.terms["bp"])
    return await _repriced(session, ground, -step if kind is MeasureKind.MARGIN_BACK else step)


def _faster(ground: LadderGround) -> Change:
    """Half the instalments that are left, from the next due date, at the rate of today."""
    ahead = [line for line in ground.account.lines if line.due_on > ground.today]
    count = (len(ahead) + 1) // 2
    if count >= len(ahead):
        raise LoanRuleViolation("ladder.no_room")
    return Change(
        kind=ChangeKind.RESTRUCTURE,
        effective_on=ground.today,
        first_due_on=ahead[0].due_on,
        instalments=count,
        yearly_rate=ground.account.yearly_rate,
    )


async def _repriced(session: AsyncSession, ground: LadderGround, step_bp: int) -> Change:
    """A new margin from the next repricing; at a fixed rate a new rate from the next period."""
    loan, today = ground.loan, ground.today
    floating = await floating_of(session, loan.id)
    if floating is None or loan.drawn_on is None:
        on = next((line.due_on for line in ground.account.lines if line.due_on > today), None)
        if on is None or on >= ground.account.lines[-1].due_on:
            raise LoanRuleViolation("ladder.no_period")
        before = (await account_on(session, loan.id, on)).yearly_rate
        after = max(before + step_bp * _BASIS_POINT, Decimal(0))
    else:
        taken = [e.value_on for e in await events_of(session, loan.id) if e.key[:7] == "fixing:"]
        on = next_repricing(floating, loan.drawn_on, max([today, *taken]))
        if on >= ground.account.lines[-1].due_on:
            raise LoanRuleViolation("ladder.no_period")
        now = await floating_now(session, loan, on) or floating
        index_rate = await index_now(session, loan, on)
        before = now.over(index_rate)
        after = replace(now, margin_bp=now.margin_bp + step_bp).over(index_rate)
    if after == before:
        raise LoanRuleViolation("ladder.no_room")
    return Change(kind=ChangeKind.RATE_CHANGE, effective_on=on, yearly_rate=after)


async def make_change(
    session: AsyncSession,
    measure: LadderMeasure,
    ground: LadderGround,
    proposed: Proposed,
    at: datetime,
) -> MadeChange:
    """Turn an approved measure into its change; in force at once where one approval is enough.

    Violations: `change.*`, `ladder.*`.
    """
    loan = ground.loan
    await refuse_while_drawing(session, loan)
    change = await change_of_measure(session, measure, ground)
    request_id = uuid5(loan.id, f"ladder:{measure.id}")
    shown = await preview_change(session, loan, change, at, f"change:{request_id}")
    proposer = await session.get_one(Staff, proposed.proposed_by)
    request = ChangeRequest(
        id=request_id,
        loan_id=loan.id,
        kind=change.kind,
        effective_on=change.effective_on,
        terms=document_of(change),
        reason=proposed.reason,
        status=ChangeStatus.PROPOSED,
        account_version=shown.seen_events,
        difference_sha256=difference_sha256(shown.preview.difference),
        proposed_by=proposer.id,
        proposer_person_id=proposer.person_id,
        proposed_at=at,
        lapses_at=await _lapse_instant(session, at),
    )
    session.add(request)
    await session.flush()
    _note(session, "change.proposed", request, measure, _actor(proposer), at)
    applied = QUORUMS[change.kind] == 1
    if applied:
        await _apply(session, ground, request, measure, shown, proposed, at)
    return MadeChange(request_id, applied, change.effective_on, change.yearly_rate)


async def _apply(
    session: AsyncSession,
    ground: LadderGround,
    request: ChangeRequest,
    measure: LadderMeasure,
    shown: ShownChange,
    proposed: Proposed,
    at: datetime,
) -> None:
    approver = await session.get_one(Staff, proposed.decided_by)
    actor = _actor(approver)
    session.add(
        ChangeApproval(
            change_id=request.id,
            person_id=approver.person_id,
            staff_id=approver.id,
            account_version=shown.seen_events,
            difference_sha256=request.difference_sha256,
            approved_at=at,
        )
    )
    _note(session, "change.approved", request, measure, actor, at)
    await append_events(session, ground.loan, shown.preview.events, at, actor=actor)
    request.status, request.decided_by, request.decided_at = ChangeStatus.APPLIED, approver.id, at
    record(session, "change.applied", at, loan_id=ground.loan.id, subject=str(request.id))


def _note(
    session: AsyncSession,
    action: str,
    request: ChangeRequest,
    measure: LadderMeasure,
    actor: Actor,
    at: datetime,
) -> None:
    record(
        session,
        action,
        at,
        loan_id=request.loan_id,
        subject=str(request.id),
        actor=actor,
        kind=request.kind,
        difference_sha256=request.difference_sha256,
        command=f"ladder:{measure.id}",
    )


def _actor(staff: Staff) -> Actor:
    return Actor(str(staff.id), tuple(Role(role) for role in staff.roles))


async def _lapse_instant(session: AsyncSession, at: datetime) -> datetime:
    clock, calendar = await business_clock(session), await working_calendar(session)
    day = calendar.add_working_days(clock.business_date(at), LAPSES_AFTER_WORKING_DAYS)
    return clock.instant_of(day)
