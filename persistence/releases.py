"""Releasing money: conditions, two officers, the payout's intent (放款审核 / 复核)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import ApplicationFacts
from domain.commands import OpenWait, Receipt, Release
from domain.people import Hand, Role
from domain.process import CaseStatus, Stage, TaskKind, TaskOutcome, WaitReason
from domain.schedules import build_schedule
from domain.violations import DutyViolation, LoanRuleViolation, StaleViolation
from persistence.accounts import terms_if_drawn, working_day
from persistence.audit import has_taken_effect, record
from persistence.clock import business_clock, business_date, working_calendar
from persistence.commitments import refuse_badly_standing
from persistence.customer_standing import refuse_unlent
from persistence.limits import refuse_short, release, reserve
from persistence.rules import facts_of, product_of
from persistence.stages import enter_stage, locked_loan, take_hand
from persistence.tables import Contract, Drawdown, Loan, Payout, ReleaseSign, Staff
from persistence.task_ladder import close_task, open_task, task_open, wait_of

QUORUM = 2
_DAYS_TO_SETTLE = 5
_SIGNINGS = ("release.reviewed", "release.rechecked", "release.refused")
_STEPS = {
    TaskKind.RELEASE_REVIEW: (Hand.RELEASE_REVIEWER, WaitReason.RELEASE_REVIEW),
    TaskKind.RELEASE_RECHECK: (Hand.RELEASE_RECHECKER, WaitReason.RELEASE_RECHECK),
}


@dataclass(frozen=True)
class PayoutIntent:
    """A payout the bank has decided on, by its business key."""

    key: str
    drawdown: int


async def open_release(
    session: AsyncSession,
    loan_id: UUID,
    kind: TaskKind,
    drawdown: int,
    at: datetime,
    version: int,
) -> OpenWait:
    """Lay a drawdown before a release officer; the first opening starts the promise's clock."""
    loan = await locked_loan(session, loan_id)
    contract = await session.get(Contract, loan_id)
    if contract is None or contract.effective_at is None:
        raise LoanRuleViolation("release.contract_not_effective")
    if await session.get(Drawdown, (loan_id, drawdown)) is None:
        _request_drawdown(session, loan, contract, drawdown, at)
        await _promise(session, loan, at)
    task = await open_task(session, loan, kind, at, version)
    wait = _STEPS[kind][1]
    await enter_stage(session, loan, Stage.RELEASE, wait, at, version, task.due_at)
    return wait_of(task, version)


async def record_release(session: AsyncSession, command: Release, at: datetime) -> Receipt:
    """Record one release officer's signature on exactly these terms.

    Violations: `case.closed`, `task.not_open`, `task.claimed_by_another`,
    `release.refusal_comment`, `customer.stopped`, `customer.locked`,
    `release.schedule_lapsed`, `drawdown.*` of a later drawdown, `limit.*` where a limit is short,
    `duty.role`, `duty.second_hand`, `duty.own_request`, StaleViolation `release.terms_changed`.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _SIGNINGS, command.command_id):
        return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    drawdown = await session.get(Drawdown, (loan.id, command.drawdown), with_for_update=True)
    kind = await _kind_waited_for(session, loan)
    if drawdown is None or kind is None or drawdown.status != "requested":
        raise LoanRuleViolation("task.not_open")
    if drawdown.terms_sha256 != command.terms_sha256:
        raise StaleViolation("release.terms_changed")
    if not command.approve and not command.comment.strip():
        raise LoanRuleViolation("release.refusal_comment")
    hand = _STEPS[kind][0]
    if command.approve:
        await refuse_unlent(session, loan.customer_id)
        await _refuse_unfit(session, loan, drawdown, at)
    staff = await take_hand(session, loan.id, command.actor, hand, at, (Role.OPERATIONS,))
    if staff.person_id == drawdown.requester_person_id:
        raise DutyViolation("duty.own_request")
    await _finish_task(session, loan, kind, staff, at)
    action = _sign(session, command, hand, at) if command.approve else "release.refused"
    await _reserve_or_refuse(session, loan, drawdown, command, at)
    record(
        session,
        action,
        at,
        loan_id=loan.id,
        actor=command.actor,
        role=Role.OPERATIONS,
        drawdown=command.drawdown,
        terms_sha256=command.terms_sha256,
        command=command.command_id,
    )
    return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)


async def _reserve_or_refuse(
    session: AsyncSession, loan: Loan, drawdown: Drawdown, command: Release, at: datetime
) -> None:
    """The second signature approves the drawdown, and what it takes of the limits is theirs."""
    if not command.approve:
        drawdown.status = "refused"
        await release(session, loan, "release_refused", at, drawdown.number)
    elif await _both_signed(session, drawdown):
        await reserve(session, loan, drawdown, at)


async def _both_signed(session: AsyncSession, drawdown: Drawdown) -> bool:
    counting = select(func.count()).where(
        col(ReleaseSign.loan_id) == drawdown.loan_id, col(ReleaseSign.number) == drawdown.number
    )
    return (await session.execute(counting)).scalar_one() >= QUORUM


async def _finish_task(
    session: AsyncSession, loan: Loan, kind: TaskKind, staff: Staff, at: datetime
) -> None:
    """Without its open task a desk is not open, however the case's wait still reads."""
    task = await close_task(session, loan.id, kind, TaskOutcome.DONE, at, staff.id)
    if task is None:
        raise LoanRuleViolation("task.not_open")
    if task.claimed_by is not None and task.claimed_by != staff.id:
        raise LoanRuleViolation("task.claimed_by_another")


async def write_intent(
    session: AsyncSession, loan_id: UUID, number: int, at: datetime, version: int
) -> PayoutIntent:
    """Decide the payout under its business key, if and only if its authority stands.

    Violations: `case.closed`, `release.quorum`, `release.terms_changed`,
    `release.contract_not_effective`.
    """
    loan = await locked_loan(session, loan_id)
    key = f"disb:{loan_id}:{number}"
    if await session.get(Payout, key) is not None:
        return PayoutIntent(key, number)
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    drawdown = await session.get_one(Drawdown, (loan_id, number), with_for_update=True)
    await write_payout(session, loan, drawdown, at)
    await enter_stage(
        session, loan, Stage.PAYOUT, WaitReason.PAYMENT_RAIL, at, version, loan.promise_at
    )
    return PayoutIntent(key, number)


async def write_payout(session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime) -> None:
    """Write the intent to pay a signed drawdown. Violations: `release.*`."""
    contract = await session.get_one(Contract, loan.id)
    await _check_authority(session, contract, drawdown)
    payout = Payout(
        key=f"disb:{loan.id}:{drawdown.number}",
        loan_id=loan.id,
        drawdown=drawdown.number,
        amount=drawdown.amount,
        currency=drawdown.currency,
        payee_name=drawdown.payee_name,
        payee_account=drawdown.payee_account,
        payee_bank_code=drawdown.payee_bank_code,
        status="intent",
        intended_at=at,
    )
    session.add(payout)
    drawdown.status = "released"
    record(
        session,
        "payout.intended",
        at,
        loan_id=loan.id,
        subject=payout.key,
        amount=str(payout.amount),
        currency=payout.currency,
        terms_sha256=drawdown.terms_sha256,
    )


async def refuse_lapsed(session: AsyncSession, loan: Loan, amount: Decimal, at: datetime) -> None:
    """Refuse to begin a loan whose agreed days have gone by, while there is a way back.

    Money may take some days to arrive, so the schedule must still be there then.
    Violation: `release.schedule_lapsed`.
    """
    today = await business_date(session, at)
    for days in (0, _DAYS_TO_SETTLE):
        try:
            terms = await terms_if_drawn(session, loan, today + timedelta(days=days))
            is_working = await working_day(session, terms)
            build_schedule(replace(terms.schedule, principal=amount), is_working)
        except LoanRuleViolation as refused:
            raise LoanRuleViolation("release.schedule_lapsed") from refused


async def _check_authority(session: AsyncSession, contract: Contract, drawdown: Drawdown) -> None:
    if contract.effective_at is None:
        raise LoanRuleViolation("release.contract_not_effective")
    if drawdown.terms_sha256 != contract.terms_sha256:
        raise StaleViolation("release.terms_changed")
    count = select(func.count(func.distinct(col(ReleaseSign.staff_id)))).where(
        col(ReleaseSign.loan_id) == drawdown.loan_id,
        col(ReleaseSign.number) == drawdown.number,
        col(ReleaseSign.terms_sha256) == contract.terms_sha256,
    )
    if (await session.execute(count)).scalar_one() < QUORUM:
        raise DutyViolation("release.quorum")


def _request_drawdown(
    session: AsyncSession, loan: Loan, contract: Contract, number: int, at: datetime
) -> None:
    facts = facts_of(loan)
    amount = facts.repayment_plan.first_drawdown or contract.principal
    session.add(new_drawdown(facts, contract, number, amount, at))
    record(
        session,
        "drawdown.requested",
        at,
        loan_id=loan.id,
        drawdown=number,
        amount=str(amount),
        currency=contract.currency,
    )


def new_drawdown(
    facts: ApplicationFacts, contract: Contract, number: int, amount: Decimal, at: datetime
) -> Drawdown:
    """A request for money under a contract, to the payee that was agreed."""
    return Drawdown(
        loan_id=contract.loan_id,
        number=number,
        amount=amount,
        currency=contract.currency,
        payee_name=facts.payee_name,
        payee_account=facts.payee_account,
        payee_bank_code=facts.payee_bank_code or None,
        method="transfer",
        terms_sha256=contract.terms_sha256,
        status="requested",
        requested_at=at,
    )


async def _refuse_unfit(
    session: AsyncSession, loan: Loan, drawdown: Drawdown, at: datetime
) -> None:
    """Nobody signs for money that could not go out any more."""
    if loan.drawn_on is None:
        await refuse_lapsed(session, loan, drawdown.amount, at)
    else:
        await refuse_badly_standing(session, loan, at)
    await refuse_short(session, loan, drawdown, at)


async def _promise(session: AsyncSession, loan: Loan, at: datetime) -> None:
    """Money within the product's working days from the day all conditions are met."""
    product = await product_of(session, loan)
    clock, calendar = await business_clock(session), await working_calendar(session)
    met_on = clock.business_date(at)
    loan.conditions_met_at = at
    loan.promise_on = calendar.add_working_days(met_on, product.promise_working_days)
    loan.promise_at = clock.end_of(loan.promise_on)
    promise_on = loan.promise_on.isoformat()
    record(session, "conditions.met", at, loan_id=loan.id, promise_on=promise_on)


async def _kind_waited_for(session: AsyncSession, loan: Loan) -> TaskKind | None:
    """The desk a drawdown lies on. A loan in repayment waits for other things beside it."""
    if loan.stage == Stage.REPAYMENT:
        for kind in _STEPS:
            if await task_open(session, loan.id, kind) is not None:
                return kind
        return None
    waits = {wait: kind for kind, (_, wait) in _STEPS.items()}
    return waits.get(WaitReason(loan.wait_reason))


def _sign(session: AsyncSession, command: Release, hand: Hand, at: datetime) -> str:
    session.add(
        ReleaseSign(
            loan_id=command.loan_id,
            number=command.drawdown,
            hand=hand,
            staff_id=UUID(command.actor.staff_id),
            terms_sha256=command.terms_sha256,
            signed_at=at,
        )
    )
    return "release.reviewed" if hand is Hand.RELEASE_REVIEWER else "release.rechecked"
