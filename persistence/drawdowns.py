"""Later drawdowns of a booked loan: asked for, released by two officers, paid out, or lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.changes import ChangeStatus
from domain.commands import OpenWait, Receipt
from domain.drawdowns import REQUESTERS, Commitment, RequestDrawdown, RequestedDrawdown
from domain.people import Hand
from domain.process import CaseStatus, TaskKind, TaskOutcome
from domain.violations import LoanRuleViolation, StaleViolation
from persistence.audit import has_taken_effect, record
from persistence.clock import business_clock, business_date
from persistence.commitments import (
    commitment_of,
    drawdown_under_way,
    preview_drawdown,
    refuse_badly_standing,
)
from persistence.customer_standing import refuse_unlent, unlent_reason
from persistence.freezes import refuse_frozen
from persistence.limits import release
from persistence.payouts import next_drawdown
from persistence.releases import new_drawdown, write_payout
from persistence.rules import facts_of
from persistence.stages import locked_loan, take_role
from persistence.tables import ChangeRequest, Contract, Drawdown, Loan, ReleaseSign, UndrawnLapse
from persistence.task_ladder import close_task, open_task, task_open, wait_of

_REQUESTED = ("drawdown.requested",)
_DESKS = (
    (Hand.RELEASE_REVIEWER, TaskKind.RELEASE_REVIEW),
    (Hand.RELEASE_RECHECKER, TaskKind.RELEASE_RECHECK),
)


@dataclass(frozen=True)
class DrawdownStanding:
    """What a drawdown waits for: a release officer, the rail's word on a key, or nothing more."""

    wait: OpenWait | None = None
    key: str | None = None


async def request_drawdown(
    session: AsyncSession, command: RequestDrawdown, at: datetime
) -> RequestedDrawdown:
    """Ask for a later drawdown of a loan; two release officers decide on it.

    Violations: `case.closed`, `duty.role`, `customer.stopped`, `customer.locked`,
    `account.not_drawn`, `drawdown.*`, `amount.*`, StaleViolation `stale.account`.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _REQUESTED, command.command_id):
        under_way = await drawdown_under_way(session, loan.id)
        return RequestedDrawdown(_done(loan), under_way.number if under_way else 0)
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    staff = await take_role(session, command.actor, REQUESTERS)
    await refuse_unlent(session, loan.customer_id)
    await refuse_frozen(session, loan)
    shown = await preview_drawdown(session, loan, command.amount, at)
    await _refuse_open_change(session, loan.id, at)
    if shown.seen_events != command.seen_events:
        raise StaleViolation("stale.account")
    contract = await session.get_one(Contract, loan.id)
    number = await next_drawdown(session, loan.id)
    asked = new_drawdown(facts_of(loan), contract, number, command.amount, at)
    asked.requested_by, asked.requester_person_id = staff.id, staff.person_id
    session.add(asked)
    record(
        session,
        "drawdown.requested",
        at,
        loan_id=loan.id,
        actor=command.actor,
        drawdown=number,
        amount=str(asked.amount),
        currency=asked.currency,
        command=command.command_id,
    )
    return RequestedDrawdown(_done(loan), number)


async def take_up(
    session: AsyncSession, loan_id: UUID, number: int, at: datetime, version: int
) -> DrawdownStanding:
    """Bring a drawdown to what it waits for next: its desk opened, or its payout decided.

    The books alone say where it stands, so whoever comes back finds the same place. One whose
    loan has gone bad since it was signed, or whose borrower the bank has stopped lending to at
    whatever moment, is stopped, by the rule's name, before anything is sent.
    """
    loan = await locked_loan(session, loan_id)
    loan.version = max(loan.version, version)
    drawdown = await session.get_one(Drawdown, (loan_id, number), with_for_update=True)
    if drawdown.status == "requested" and not await _stopped(session, loan, drawdown, at):
        kind = await _next_desk(session, drawdown)
        if kind is not None:
            open_now = await task_open(session, loan_id, kind)
            task = open_now or await open_task(session, loan, kind, at, version)
            return DrawdownStanding(wait=wait_of(task, version))
        await _release(session, loan, drawdown, at)
    if drawdown.status == "released":
        return DrawdownStanding(key=f"disb:{loan_id}:{number}")
    return DrawdownStanding()


async def lapse_undrawn(session: AsyncSession, loan_id: UUID, at: datetime, version: int) -> None:
    """The availability period is over: what is undrawn cannot be drawn any more."""
    loan = await locked_loan(session, loan_id)
    loan.version = max(loan.version, version)
    commitment = await commitment_of(session, loan)
    today = await business_date(session, at)
    if commitment is None or not may_lapse(commitment) or today <= commitment.available_to_on:
        return
    lapse = UndrawnLapse(
        loan_id=loan_id,
        amount=commitment.undrawn,
        currency=commitment.currency,
        lapsed_on=today,
        lapsed_at=at,
    )
    session.add(lapse)
    record(
        session,
        "undrawn.lapsed",
        at,
        loan_id=loan_id,
        amount=str(lapse.amount),
        currency=lapse.currency,
        available_to=commitment.available_to_on.isoformat(),
    )


def may_lapse(commitment: Commitment) -> bool:
    """Whether the end of availability is still to be noted; it waits for what is under way."""
    return commitment.lapsed_on is None and not commitment.under_way and commitment.undrawn > 0


async def lapse_instant(session: AsyncSession, loan: Loan) -> datetime | None:
    """When what is undrawn lapses: with the day after the last on which it may be asked for."""
    commitment = await commitment_of(session, loan)
    if commitment is None or not may_lapse(commitment):
        return None
    clock = await business_clock(session)
    return clock.instant_of(commitment.available_to_on + timedelta(days=1))


async def _next_desk(session: AsyncSession, drawdown: Drawdown) -> TaskKind | None:
    mine = select(col(ReleaseSign.hand)).where(
        col(ReleaseSign.loan_id) == drawdown.loan_id, col(ReleaseSign.number) == drawdown.number
    )
    signed = set((await session.execute(mine)).scalars())
    return next((kind for hand, kind in _DESKS if hand not in signed), None)


async def _release(session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime) -> None:
    """Both have signed: decide the payout, if the loan still stands as it must."""
    try:
        await refuse_badly_standing(session, loan, at)
    except LoanRuleViolation as refused:
        _stop(session, drawdown, refused.code, at)
        await release(session, loan, "drawdown_stopped", at, drawdown.number)
        return
    await write_payout(session, loan, drawdown, at)


async def _stopped(session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime) -> bool:
    """Take a drawdown off its desk where the bank does not lend to the borrower any more."""
    refused = await unlent_reason(session, loan.customer_id)
    if refused is None:
        return False
    for _, kind in _DESKS:
        await close_task(session, loan.id, kind, TaskOutcome.CANCELLED, at)
    _stop(session, drawdown, refused, at)
    await release(session, loan, "drawdown_stopped", at, drawdown.number)
    return True


def _stop(session: AsyncSession, drawdown: Drawdown, code: str, at: datetime) -> None:
    drawdown.status, drawdown.stopped_for = "refused", code
    record(
        session,
        "drawdown.blocked" if code.startswith("customer.") else "drawdown.stopped",
        at,
        loan_id=drawdown.loan_id,
        drawdown=drawdown.number,
        reason=code,
    )


async def _refuse_open_change(session: AsyncSession, loan_id: UUID, at: datetime) -> None:
    """A proposal shows what it would do to the schedule as it is. Violation: named."""
    waiting = select(col(ChangeRequest.id)).where(
        col(ChangeRequest.loan_id) == loan_id,
        col(ChangeRequest.status) == ChangeStatus.PROPOSED,
        col(ChangeRequest.lapses_at) > at,
    )
    if (await session.execute(waiting.limit(1))).first() is not None:
        raise LoanRuleViolation("drawdown.change_under_way")


def _done(loan: Loan) -> Receipt:
    return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
