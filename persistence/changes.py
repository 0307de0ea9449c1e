"""Changes of running loans: proposed, decided by enough people, applied with the last approval."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

import rfc8785
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, fold
from domain.accounts.events import Event
from domain.changes import (
    Change,
    ChangeKind,
    ChangeStatus,
    Difference,
    PayoffQuote,
    Preview,
    compare,
    payoff_quote,
    preview,
)
from domain.changes.change import (
    BACK_DATED,
    LAPSES_AFTER_WORKING_DAYS,
    PROPOSERS,
    QUORUMS,
    approvers_of,
    counted_from,
)
from domain.changes.checks import LAST_DAY
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.changes.whatif import Borrower
from domain.commands import Receipt
from domain.enterprise_size import is_micro_or_small
from domain.process import CaseStatus
from domain.violations import DutyViolation, LoanRuleViolation, StaleViolation
from persistence.account_backfill import earlier_events
from persistence.account_events import document_of, of_document
from persistence.accounts import account_terms, append_events, closed_to, events_of, working_day
from persistence.audit import has_taken_effect, record
from persistence.clock import business_clock, business_date, working_calendar
from persistence.commitments import refuse_while_drawing
from persistence.rates import fixings_of, floating_of, margin_of, repricings
from persistence.rules import facts_of
from persistence.stages import locked_loan, take_role
from persistence.tables import ChangeApproval, ChangeRequest, Loan, Staff

_ACTIONS = ("change.proposed", "change.approved", "change.rejected", "change.withdrawn")


@dataclass(frozen=True)
class ShownChange:
    """A preview and the number of events it was made from."""

    preview: Preview
    seen_events: int


async def preview_change(
    session: AsyncSession, loan: Loan, change: Change, now: datetime, key: str = "change:proposed"
) -> ShownChange:
    """What a change would do today. Violations: as `domain.changes.preview`."""
    terms = await account_terms(session, loan)
    events = await events_of(session, loan.id) or await earlier_events(session, loan)
    today = await business_date(session, now)
    shown = preview(
        terms,
        events,
        await _with_margin(session, loan, change),
        today,
        await _borrower(session, loan, change),
        key=key,
        working_day=await working_day(session, terms),
        following=await _repricing_anew(session, loan, max(today, loan.booked_to_on or today)),
    )
    return ShownChange(shown, len(events))


async def _with_margin(session: AsyncSession, loan: Loan, change: Change) -> Change:
    """Where the rate floats, a new rate is a new margin: the next repricing keeps it."""
    if change.yearly_rate is None:
        return change
    margin = await margin_of(session, loan, change.yearly_rate, change.effective_on)
    return replace(change, margin_bp=margin)


async def _repricing_anew(
    session: AsyncSession, loan: Loan, today: date
) -> Callable[[Sequence[Event]], Sequence[Event]]:
    """Repricings already taken that a margin agreed for an earlier day makes anew."""
    floating = await floating_of(session, loan.id)
    fixings = await fixings_of(session) if floating else ()

    def made(events: Sequence[Event]) -> Sequence[Event]:
        if floating is None or loan.drawn_on is None:
            return ()
        fresh = repricings(floating, fixings, loan.drawn_on, events, today)
        taken = {event.value_on for event in events if event.key.startswith("fixing:")}
        return [event for event in fresh if event.value_on in taken]

    return made


async def quote_payoff(session: AsyncSession, loan_id: UUID, on: date) -> PayoffQuote:
    """What ends a loan on a day.

    Violations: `case.unknown`, `change.before_drawdown`, `change.beyond_2100`, `account.*`.
    """
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    if on > LAST_DAY:
        raise LoanRuleViolation("change.beyond_2100")
    terms = await account_terms(session, loan)
    events = await events_of(session, loan_id) or await earlier_events(session, loan)
    if any(event.value_on > on for event in events[:1]):
        raise LoanRuleViolation("change.before_drawdown", drawn_on=str(loan.drawn_on))
    return payoff_quote(terms, events, on, working_day=await working_day(session, terms))


async def propose_change(session: AsyncSession, command: ProposeChange, at: datetime) -> Receipt:
    """Lay a change before those who approve it.

    Violations: `case.closed`, `duty.role`, `change.*`, StaleViolation `stale.account`.
    While a drawdown is under way: `change.drawdown_under_way`.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _ACTIONS, command.command_id):
        return _done(loan)
    _refuse_closed(loan)
    await refuse_while_drawing(session, loan)
    staff = await take_role(session, command.actor, PROPOSERS)
    shown = await preview_change(session, loan, await _judged(session, command, at), at)
    if shown.seen_events != command.seen_events:
        raise StaleViolation("stale.account")
    if not command.reason.strip():
        raise LoanRuleViolation("change.reason")
    request = ChangeRequest(
        id=uuid5(loan.id, command.command_id),
        loan_id=loan.id,
        kind=command.change.kind,
        effective_on=command.change.effective_on,
        terms=document_of(command.change),
        reason=command.reason,
        status=ChangeStatus.PROPOSED,
        account_version=shown.seen_events,
        difference_sha256=difference_sha256(shown.preview.difference),
        proposed_by=staff.id,
        proposer_person_id=staff.person_id,
        proposed_at=at,
        lapses_at=await _lapse_instant(session, at),
    )
    session.add(request)
    _note(session, "change.proposed", request, command, at)
    return _done(loan)


async def decide_change(session: AsyncSession, command: DecideChange, at: datetime) -> Receipt:
    """Approve a proposal as it now shows, or reject it; the last approval applies it.

    Violations: `case.closed`, `change.unknown`, `change.not_open`, `change.lapsed`,
    `change.comment`, `duty.role`, `duty.own_proposal`, `duty.approved_before`,
    `change.*` where it is no longer lawful, StaleViolation `stale.account`.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _ACTIONS, command.command_id):
        return _done(loan)
    _refuse_closed(loan)
    request = await _open_request(session, loan, command.change_id, at)
    staff = await take_role(session, command.actor, approvers_of(ChangeKind(request.kind)))
    if staff.person_id == request.proposer_person_id:
        raise DutyViolation("duty.own_proposal")
    if not command.approve:
        return _rejected(session, loan, request, staff, command, at)
    await refuse_while_drawing(session, loan)
    key = f"change:{request.id}"
    change = await standing_change(session, change_of(request), at)
    shown = await preview_change(session, loan, change, at, key)
    if shown.seen_events != command.seen_events:
        raise StaleViolation("stale.account")
    await _approve(session, request, staff, shown, at)
    _note(session, "change.approved", request, command, at)
    if await _approvals(session, request, shown.seen_events) >= QUORUMS[ChangeKind(request.kind)]:
        account = await append_events(
            session, loan, shown.preview.events, at, back_dated=True, actor=command.actor
        )
        _refuse_without_money(ChangeKind(request.kind), account, key)
        request.effective_on = change.effective_on
        _close(request, ChangeStatus.APPLIED, staff, at)
        record(session, "change.applied", at, loan_id=loan.id, subject=str(request.id))
    return _done(loan)


def _refuse_without_money(kind: ChangeKind, account: Account, key: str) -> None:
    """A prepayment takes effect with money that is here: what it takes is held for the loan.

    Raised inside the transaction, so that nothing of the change is kept.
    """
    if kind not in (ChangeKind.PREPAYMENT, ChangeKind.PAYOFF):
        return
    if any(one.amount > 0 for one in account.movements if one.key.startswith(key)):
        raise LoanRuleViolation("change.money_not_here")


async def withdraw_change(session: AsyncSession, command: WithdrawChange, at: datetime) -> Receipt:
    """The proposer takes it back. Violations: `change.not_open`, `duty.not_proposer`."""
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _ACTIONS, command.command_id):
        return _done(loan)
    request = await _open_request(session, loan, command.change_id, at)
    staff = await take_role(session, command.actor, PROPOSERS)
    if staff.person_id != request.proposer_person_id:
        raise DutyViolation("duty.not_proposer")
    _close(request, ChangeStatus.WITHDRAWN, staff, at)
    _note(session, "change.withdrawn", request, command, at)
    return _done(loan)


async def _judged(session: AsyncSession, command: ProposeChange, at: datetime) -> Change:
    """A day that was open when the change was previewed may close before it is proposed."""
    if command.seen_on is None or command.change.effective_on < command.seen_on:
        return command.change
    return await standing_change(session, command.change, at)


async def standing_change(session: AsyncSession, change: Change, now: datetime) -> Change:
    """A proposal as it counts if it were approved now."""
    today = await business_date(session, now)
    return counted_from(change, await closed_to(session), today)


async def made_difference(session: AsyncSession, change_id: UUID) -> Difference | None:
    """What an applied change did on the day it was applied; None for one that is not."""
    request = await session.get_one(ChangeRequest, change_id)
    loan = await session.get_one(Loan, request.loan_id)
    events = await events_of(session, loan.id)
    place = next((n for n, event in enumerate(events) if event.key == f"change:{change_id}"), None)
    if place is None:
        return None
    terms = await account_terms(session, loan)
    is_working = await working_day(session, terms)
    on = max(events[place].recorded_on, events[place].value_on)
    before = fold(terms, events[:place], on, is_working)
    own = [event for event in events[place:] if event.key.endswith(f"change:{change_id}")]
    return compare(before, fold(terms, [*events[:place], *own], on, is_working))


def change_of(request: ChangeRequest) -> Change:
    """The change a row stands for."""
    return of_document(Change, request.terms)


def difference_sha256(difference: Difference) -> str:
    """The hash of what was shown."""
    return hashlib.sha256(rfc8785.dumps(document_of(difference))).hexdigest()


async def _borrower(session: AsyncSession, loan: Loan, change: Change) -> Borrower:
    """What is found late may lie in a closed period: its approval is what re-runs the books."""
    closed = None if change.kind in BACK_DATED else await closed_to(session)
    facts = facts_of(loan)
    return Borrower(
        is_micro_or_small=is_micro_or_small(facts),
        has_guarantor=bool(facts.guaranteed_amount),
        closed_to_on=closed,
    )


async def _open_request(
    session: AsyncSession, loan: Loan, change_id: UUID, at: datetime
) -> ChangeRequest:
    request = await session.get(ChangeRequest, change_id, with_for_update=True)
    if request is None or request.loan_id != loan.id:
        raise LoanRuleViolation("change.unknown")
    if request.status != ChangeStatus.PROPOSED:
        raise LoanRuleViolation("change.not_open")
    if request.lapses_at <= at:
        raise LoanRuleViolation("change.lapsed")
    return request


async def _approve(
    session: AsyncSession, request: ChangeRequest, staff: Staff, shown: ShownChange, at: datetime
) -> None:
    """Nobody approves twice; an account that moved on needs everybody's approval again."""
    held = await session.get(ChangeApproval, (request.id, staff.person_id))
    if held is not None and held.account_version == shown.seen_events:
        raise DutyViolation("duty.approved_before")
    approval = ChangeApproval(
        change_id=request.id,
        person_id=staff.person_id,
        staff_id=staff.id,
        account_version=shown.seen_events,
        difference_sha256=difference_sha256(shown.preview.difference),
        approved_at=at,
    )
    await session.merge(approval)
    await session.flush()


async def _approvals(session: AsyncSession, request: ChangeRequest, seen_events: int) -> int:
    statement = select(col(ChangeApproval.person_id)).where(
        col(ChangeApproval.change_id) == request.id,
        col(ChangeApproval.account_version) == seen_events,
    )
    return len((await session.execute(statement)).all())


def _rejected(
    session: AsyncSession,
    loan: Loan,
    request: ChangeRequest,
    staff: Staff,
    command: DecideChange,
    at: datetime,
) -> Receipt:
    if not command.comment.strip():
        raise LoanRuleViolation("change.comment")
    _close(request, ChangeStatus.REJECTED, staff, at)
    request.comment = command.comment
    _note(session, "change.rejected", request, command, at)
    return _done(loan)


def _close(request: ChangeRequest, status: ChangeStatus, staff: Staff, at: datetime) -> None:
    request.status, request.decided_by, request.decided_at = status, staff.id, at


def _note(
    session: AsyncSession,
    action: str,
    request: ChangeRequest,
    command: ProposeChange | DecideChange | WithdrawChange,
    at: datetime,
) -> None:
    record(
        session,
        action,
        at,
        loan_id=request.loan_id,
        subject=str(request.id),
        actor=command.actor,
        kind=request.kind,
        difference_sha256=request.difference_sha256,
        command=command.command_id,
    )


def _refuse_closed(loan: Loan) -> None:
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")


async def _lapse_instant(session: AsyncSession, at: datetime) -> datetime:
    clock, calendar = await business_clock(session), await working_calendar(session)
    day = calendar.add_working_days(clock.business_date(at), LAPSES_AFTER_WORKING_DAYS)
    return clock.instant_of(day)


def _done(loan: Loan) -> Receipt:
    return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
