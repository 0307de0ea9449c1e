"""The deterioration ladder at work: suggested after a rating, approved by people, applied, told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers import ProposalKind, WorkKind
from domain.people import Act, Actor
from domain.scoring import GRADES
from domain.texts import clean_paragraph
from domain.violations import DutyViolation, LoanRuleViolation
from domain.watch.ladder import MeasureKind, concerns_kind
from persistence.alert_closing import id_in, refuse_second
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import add_work
from persistence.freezes import freeze_undrawn, lift_freezes_of_loan
from persistence.ladder_changes import change_of_measure, make_change
from persistence.ladder_ground import APPLIED, LadderGround, ground_of
from persistence.ladder_suggestions import SUGGESTED, suggest_move
from persistence.notices import tell_customer
from persistence.reviews import plan_periodic_review
from persistence.tables import LadderMeasure, Loan

ASKED, SET_ASIDE = "asked", "set_aside"
_CENT = Decimal("0.01")
_CHANGES = frozenset(
    {
        MeasureKind.MARGIN_STEP,
        MeasureKind.MARGIN_BACK,
        MeasureKind.FASTER_AMORTISATION,
        MeasureKind.ACCELERATE,
    }
)


async def after_rating(
    session: AsyncSession, customer_id: UUID, old_grade: str | None, new_grade: str, at: datetime
) -> int:
    """A customer was rated: what the ladder suggests, the next review, and a look at the signals.

    To be called in the transaction that rates, on the locked customer. Answers with how many
    measures are suggested.
    """
    today = await business_date(session, at)
    count = 0
    if old_grade in GRADES and new_grade in GRADES and old_grade != new_grade:
        cause = f"rating:{old_grade}>{new_grade}:{today.isoformat()}"
        count = await suggest_move(session, customer_id, old_grade, new_grade, cause, at)
    await plan_periodic_review(session, customer_id, new_grade, at)
    await add_work(session, customer_id, WorkKind.WATCH, f"rating:{new_grade}", at)
    return count


async def set_aside(
    session: AsyncSession,
    customer_id: UUID,
    measure_id: UUID,
    actor: Actor,
    reason: str,
    at: datetime,
) -> None:
    """Leave a suggestion, with a reason that stays. Only who may approve may leave one.

    Violations: `duty.role`, `ladder.unknown`, `ladder.not_open`, those of `clean_paragraph`.
    """
    if not actor.may(Act.APPROVE_WATCH):
        raise DutyViolation("duty.role")
    measure = await _suggested(session, customer_id, measure_id)
    why = clean_paragraph(reason)
    measure.status, measure.decided_at = SET_ASIDE, at
    _note(session, "ladder.set_aside", measure, at, actor=actor, reason=why)


async def _check(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    measure = await _suggested(session, proposed.customer_id, id_in(proposed.content, "measure"))
    named = {"measure": str(measure.id)}
    await refuse_second(session, proposed, ProposalKind.LADDER, named)
    if measure.loan_id is not None:
        ground = await ground_of(session, await session.get_one(Loan, measure.loan_id), at)
        await _refuse_idle(session, measure, ground)


async def _refuse_idle(session: AsyncSession, measure: LadderMeasure, ground: LadderGround) -> None:
    """Refuse what has nothing to act on any more."""
    if not concerns_kind(MeasureKind(measure.kind), ground.standing):
        raise LoanRuleViolation("ladder.no_room")
    if measure.kind in _CHANGES:
        await change_of_measure(session, measure, ground)


async def _apply(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    measure = await _suggested(session, proposed.customer_id, id_in(proposed.content, "measure"))
    measure.effective_on = await business_date(session, at)
    told: dict[str, Any] = {"clause": measure.clause}
    status = APPLIED
    if measure.loan_id is not None:
        status, more = await _apply_to_loan(session, measure, proposed, at)
        told |= more
    # only now: a measure in force counts among those the loan is judged by
    measure.status, measure.decided_at, measure.proposal_id = status, at, proposed.id
    await session.flush()
    _note(session, "ladder.applied", measure, at, proposal=proposed.id, status=measure.status)
    on = measure.effective_on.isoformat()
    template = f"measure_{measure.kind}"
    tell_customer(session, measure.customer_id, template, at, {"effective_on": on, **told})
    return () if measure.loan_id is None else (measure.loan_id,)


async def _apply_to_loan(
    session: AsyncSession, measure: LadderMeasure, proposed: Proposed, at: datetime
) -> tuple[str, Mapping[str, Any]]:
    """Bring it to its loan; answers with the measure's status and what the customer is told."""
    loan = await _loan_at_once(session, measure.loan_id or UUID(int=0))
    ground = await ground_of(session, loan, at)
    await _refuse_idle(session, measure, ground)
    told: dict[str, Any] = {"case_number": loan.case_number}
    kind = MeasureKind(measure.kind)
    if kind in _CHANGES:
        made = await make_change(session, measure, ground, proposed, at)
        measure.applied_reference = f"change:{made.request_id}"
        measure.effective_on = made.effective_on
        if made.yearly_rate is not None:
            told["rate_percent"] = f"{(made.yearly_rate * 100).normalize():f}"
        return APPLIED if made.applied else ASKED, told
    cause = f"measure:{measure.id}"
    measure.applied_reference = cause
    if kind is MeasureKind.UNFREEZE:
        await lift_freezes_of_loan(session, loan.id, at)
        return APPLIED, told
    amount = None
    if kind is MeasureKind.CUT_UNDRAWN:
        share = Decimal(measure.terms["share"])
        amount = (ground.standing.undrawn * share).quantize(_CENT, ROUND_DOWN)
        told["amount"] = f"{loan.currency} {amount:f}"
    await freeze_undrawn(session, loan.customer_id, cause, at, loan_id=loan.id, amount=amount)
    return APPLIED, told


async def _loan_at_once(session: AsyncSession, loan_id: UUID) -> Loan:
    """The loan, locked if nobody holds it: this person holds the customer, and whoever holds the
    loan may be waiting for that. Violation: `customer.busy`."""
    try:
        return await session.get_one(Loan, loan_id, with_for_update={"nowait": True})
    except OperationalError as held:
        raise LoanRuleViolation("customer.busy") from held


async def _suggested(session: AsyncSession, customer_id: UUID, measure_id: UUID) -> LadderMeasure:
    measure = await session.get(LadderMeasure, measure_id, with_for_update=True)
    if measure is None or measure.customer_id != customer_id:
        raise LoanRuleViolation("ladder.unknown")
    if measure.status != SUGGESTED:
        raise LoanRuleViolation("ladder.not_open")
    return measure


def _note(
    session: AsyncSession,
    action: str,
    measure: LadderMeasure,
    at: datetime,
    *,
    actor: Actor | None = None,
    **facts: Any,
) -> None:
    record(
        session,
        action,
        at,
        loan_id=measure.loan_id,
        subject=None if measure.loan_id else str(measure.customer_id),
        actor=actor,
        measure=measure.id,
        kind=measure.kind,
        **facts,
    )


LADDER = Effect(_check, _apply)
