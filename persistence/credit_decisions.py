"""Decisions with everything they rested on: the engine's, the reviewer's, the approver's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import score_inputs
from domain.commands import Decide, OpenWait, Receipt
from domain.customers import LendingStanding
from domain.decisions import Decision, FactValue, case_facts, decide, pricing
from domain.money import Currency
from domain.people import Hand, Role
from domain.process import CaseStatus, Stage, TaskKind, TaskOutcome, Verdict, WaitReason
from domain.products import ProductRules
from domain.schedules.document import agreed_document
from domain.schedules.plan import RepaymentPlan
from domain.scoring import Score, score
from domain.violations import LoanRuleViolation, StaleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_standing import lending_standing, refuse_unlent
from persistence.hashing import canonical_sha256
from persistence.rules import facts_of, policy_in_force, product_of
from persistence.source_reports import comparisons_of, reports_of
from persistence.stages import enter_stage, locked_loan, mark_stage, take_hand
from persistence.tables import DecisionRow, Loan, Task
from persistence.task_ladder import close_task, open_task, pause_task, resume_task, wait_of

ENGINE = "engine"


@dataclass(frozen=True)
class EngineVerdict:
    """What the engine says, as the workflow needs it."""

    verdict: Verdict
    grade: str | None
    version: int
    standing: str = ""  # of the borrower; empty in verdicts of before this was asked


@dataclass(frozen=True)
class _Desk:
    kind: TaskKind
    stage: Stage
    wait: WaitReason
    hand: Hand
    role: Role


DESKS: Mapping[Stage, _Desk] = {
    Stage.REVIEW: _Desk(
        TaskKind.REVIEW, Stage.REVIEW, WaitReason.REVIEWER, Hand.REVIEWER, Role.REVIEWER
    ),
    Stage.APPROVAL: _Desk(
        TaskKind.APPROVAL, Stage.APPROVAL, WaitReason.APPROVER, Hand.APPROVER, Role.APPROVER
    ),
}


async def rate_and_decide(
    session: AsyncSession, loan_id: UUID, at: datetime, version: int
) -> EngineVerdict:
    """Score the case and judge it by the policy in force; `version` is used for both stages.

    To whom the bank has stopped lending it declines; a locked customer's case is not judged.
    """
    loan = await locked_loan(session, loan_id)
    known = await _decision_by_command(session, loan_id, ENGINE)
    if known is not None:
        return EngineVerdict(Verdict(known.verdict), known.grade, loan.version)
    standing = await lending_standing(session, loan.customer_id)
    if standing is LendingStanding.LOCKED:
        return EngineVerdict(Verdict.DECLINE, None, loan.version, standing)
    await enter_stage(session, loan, Stage.RATING, WaitReason.BANK_WORKING, at, version)
    await session.flush()
    product, facts = await product_of(session, loan), facts_of(loan)
    today = await business_date(session, at)
    scored = score(product.model, score_inputs(facts))
    inputs = case_facts(
        product=product,
        application=facts,
        score=scored,
        reports=await reports_of(session, loan_id),
        comparisons=await comparisons_of(session, loan_id),
        today=today,
    )
    await enter_stage(session, loan, Stage.DECISION, WaitReason.BANK_WORKING, at, version + 1)
    decision = decide(await policy_in_force(session, product.policy, today), inputs)
    decision = _lendable(_priceable(decision, product, scored), standing)
    _keep_engine_decision(session, loan, decision, scored, inputs, at)
    if scored.grade is not None:
        loan.grade = scored.grade
        loan.yearly_rate = _rate(product, scored.grade)
    return EngineVerdict(decision.verdict, scored.grade, version + 1, standing)


async def open_desk(
    session: AsyncSession, loan_id: UUID, stage: Stage, at: datetime, version: int
) -> OpenWait:
    """Lay the case on the reviewer's or the approver's desk."""
    loan = await locked_loan(session, loan_id)
    desk = DESKS[stage]
    task = await open_task(session, loan, desk.kind, at, version)
    await enter_stage(session, loan, stage, desk.wait, at, version, task.due_at)
    return wait_of(task, version)


async def record_decision(session: AsyncSession, command: Decide, at: datetime) -> Receipt:
    """Record a reviewer's or an approver's verdict under the law, on locked rows.

    Violations: `duty.role`, `duty.second_hand`, `task.not_open`, `task.claimed_by_another`,
    `customer.stopped` and `customer.locked` of an approval, `decision.comment`,
    `decision.verdict`, StaleViolation `case.changed`.
    """
    loan = await locked_loan(session, command.loan_id)
    known = await _decision_by_command(session, loan.id, command.command_id)
    if known is not None:
        return _receipt(loan)
    desk = DESKS[command.stage]
    _refuse_misplaced(loan, command)
    if command.verdict is Verdict.APPROVE:
        await refuse_unlent(session, loan.customer_id)
    staff = await take_hand(session, loan.id, command.actor, desk.hand, at, (desk.role,))
    task = await _open_desk_task(session, loan.id, desk.kind)
    if task is None or task.paused_seconds_left is not None:  # the customer has the file
        raise LoanRuleViolation("task.not_open")
    if task.claimed_by is not None and task.claimed_by != staff.id:
        raise LoanRuleViolation("task.claimed_by_another")
    if command.verdict is Verdict.RETURN:
        await pause_task(session, task, "customer_has_the_file", at)
        await mark_stage(session, loan.id, returned=True)
    else:
        await close_task(session, loan.id, desk.kind, TaskOutcome.DONE, at, staff.id)
    _keep_human_decision(session, loan, command, desk, at)
    return _receipt(loan)


async def open_supplement(
    session: AsyncSession, loan_id: UUID, at: datetime, version: int
) -> OpenWait:
    """Give the file back to the customer's side: the bank's clock stands, theirs runs."""
    loan = await locked_loan(session, loan_id)
    task = await open_task(session, loan, TaskKind.SUPPLEMENT, at, version)
    loan.wait_reason = WaitReason.SUPPLEMENT
    loan.deadline_at = task.due_at
    loan.version = max(loan.version, version)
    record(session, "supplement.requested", at, loan_id=loan_id)
    return wait_of(task, version)


async def resume_desk(
    session: AsyncSession, loan_id: UUID, stage: Stage, at: datetime, version: int
) -> OpenWait:
    """Take the case up again where it was returned, with the time that was left."""
    loan = await locked_loan(session, loan_id)
    desk = DESKS[stage]
    task = await _open_desk_task(session, loan_id, desk.kind)
    if task is None:
        raise LoanRuleViolation("task.not_open")
    await resume_task(session, task, at)
    await enter_stage(session, loan, stage, desk.wait, at, version, task.due_at)
    return wait_of(task, version)


async def terms_of(session: AsyncSession, loan: Loan, product: ProductRules) -> dict[str, Any]:
    """The terms an approval, a contract and a release all bind by hash."""
    facts = facts_of(loan)
    rate = loan.yearly_rate
    schedule = await _schedule_of(session, loan, facts.repayment_plan)
    refinanced = {"refinances": facts.refinances} if facts.refinances else {}
    return (
        _floating_of(loan, product)
        | _said_of_money(product)
        | refinanced
        | {
            "schedule": schedule,
            "case": loan.case_number,
            "amount": f"{loan.amount:.2f}",
            "currency": loan.currency,
            "tenor_months": loan.tenor_months,
            "method": loan.method,
            "yearly_rate": f"{rate:.8f}" if rate is not None else None,
            "penalty_uplift": f"{product.penalty_uplift:f}",
            "payee_name": facts.payee_name,
            "payee_account": facts.payee_account,
            "payee_bank_code": facts.payee_bank_code,
        }
    )


async def _schedule_of(
    session: AsyncSession, loan: Loan, plan: RepaymentPlan
) -> dict[str, object] | None:
    """The agreed schedule, as laid from the day of submission; the drawdown lays it anew."""
    if loan.yearly_rate is None:
        return None
    asked_on = await business_date(session, loan.submitted_at)
    terms = plan.terms(loan.amount, Currency(loan.currency), loan.yearly_rate, asked_on)
    return agreed_document(terms, plan.moving_tenor_months)


def _floating_of(loan: Loan, product: ProductRules) -> dict[str, Any]:
    """What a floating product adds to the terms; the margin is what lies over the base rate."""
    if product.floating is None or loan.yearly_rate is None:
        return {}
    margin_bp = int((loan.yearly_rate - product.base_rate) * 10_000)
    return {"floating": {**product.floating, "margin_bp": margin_bp}}


def _said_of_money(product: ProductRules) -> dict[str, Any]:
    """What a product says of late money and of who is paid first; one that says nothing adds none.

    So a case approved before products could say it keeps the hash it was approved with.
    """
    said = {"lateness": product.lateness, "allocation": product.allocation}
    return {name: dict(value) for name, value in said.items() if value is not None}


def _refuse_misplaced(loan: Loan, command: Decide) -> None:
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    if loan.stage != command.stage:
        raise LoanRuleViolation("task.not_open")
    if loan.version != command.seen_version:
        raise StaleViolation("case.changed")
    if not command.comment.strip():
        raise LoanRuleViolation("decision.comment")
    if command.verdict is Verdict.REFER:
        raise LoanRuleViolation("decision.verdict")


def _priceable(decision: Decision, product: ProductRules, scored: Score) -> Decision:
    """An approval at a grade the product does not lend to is a person's question, not a price."""
    lends = scored.grade is not None and scored.grade in product.margins_by_grade
    if decision.verdict is not Verdict.APPROVE or lends:
        return decision
    return Decision(
        verdict=Verdict.REFER,
        reasons=("grade_not_lent_to",),
        matched_rule_ids=decision.matched_rule_ids,
        policy_code=decision.policy_code,
        policy_version=decision.policy_version,
    )


def _lendable(decision: Decision, standing: LendingStanding) -> Decision:
    """Nothing is approved or left to a person where the bank has stopped lending."""
    if standing is LendingStanding.OPEN:
        return decision
    return Decision(
        verdict=Verdict.DECLINE,
        reasons=("lending_stopped", *decision.reasons),
        matched_rule_ids=decision.matched_rule_ids,
        policy_code=decision.policy_code,
        policy_version=decision.policy_version,
    )


def _rate(product: ProductRules, grade: str) -> Decimal:
    """The grade's price; a grade the product does not price carries its dearest margin."""
    if grade in product.margins_by_grade:
        return pricing(product, grade)
    dearest = max(product.margins_by_grade, key=lambda name: product.margins_by_grade[name])
    return pricing(product, dearest)


def _keep_engine_decision(
    session: AsyncSession,
    loan: Loan,
    decision: Decision,
    scored: Score,
    inputs: Mapping[str, FactValue],
    at: datetime,
) -> None:
    row = DecisionRow(
        loan_id=loan.id,
        command_id=ENGINE,
        maker=ENGINE,
        verdict=decision.verdict,
        reasons=list(decision.reasons),
        decided_at=at,
        policy_code=decision.policy_code,
        policy_version=decision.policy_version,
        product_version=loan.product_version,
        model=scored.model,
        model_version=scored.model_version,
        score=scored.value,
        grade=scored.grade,
        pd=scored.pd,
        inputs={name: _spelt(value) for name, value in inputs.items()},
        matched_rules=list(decision.matched_rule_ids),
        contributions=[
            {"name": part.name, "value": f"{part.value:f}", "points": f"{part.points:f}"}
            for part in scored.contributions
        ],
    )
    session.add(row)
    record(
        session,
        "decision.made",
        at,
        loan_id=loan.id,
        verdict=decision.verdict.value,
        reasons=list(decision.reasons),
        policy=f"{decision.policy_code}/{decision.policy_version}",
        model=f"{scored.model}/{scored.model_version}",
        grade=scored.grade,
        missing=list(scored.missing),
    )


def _keep_human_decision(
    session: AsyncSession, loan: Loan, command: Decide, desk: _Desk, at: datetime
) -> None:
    row = DecisionRow(
        loan_id=loan.id,
        command_id=command.command_id,
        maker=desk.hand,
        verdict=command.verdict,
        reasons=[],
        comment=command.comment,
        staff_id=UUID(command.actor.staff_id),
        decided_at=at,
        grade=loan.grade,
        inputs={"seen_version": command.seen_version},
        matched_rules=[],
        contributions=[],
    )
    session.add(row)
    action = "review.recorded" if desk.stage is Stage.REVIEW else "approval.recorded"
    record(
        session,
        action,
        at,
        loan_id=loan.id,
        actor=command.actor,
        role=desk.role,
        verdict=command.verdict.value,
    )


async def stamp_terms(session: AsyncSession, loan: Loan, product: ProductRules) -> str:
    """Bind the newest approving decision to the hash of the terms it approves."""
    digest = canonical_sha256(await terms_of(session, loan, product))
    newest = (
        select(DecisionRow)
        .where(col(DecisionRow.loan_id) == loan.id, col(DecisionRow.verdict) == Verdict.APPROVE)
        .order_by(col(DecisionRow.id).desc())
        .limit(1)
    )
    decision = (await session.execute(newest)).scalar_one()
    decision.terms_sha256 = digest
    return digest


async def _decision_by_command(
    session: AsyncSession, loan_id: UUID, command_id: str
) -> DecisionRow | None:
    statement = select(DecisionRow).where(
        col(DecisionRow.loan_id) == loan_id,
        col(DecisionRow.command_id) == command_id,
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _open_desk_task(session: AsyncSession, loan_id: UUID, kind: TaskKind) -> Task | None:
    statement = select(Task).where(
        col(Task.loan_id) == loan_id,
        col(Task.kind) == kind,
        col(Task.closed_at).is_(None),
    )
    return (await session.execute(statement.with_for_update())).scalars().first()


def _receipt(loan: Loan) -> Receipt:
    return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)


def _spelt(value: FactValue) -> str | bool | None:
    return f"{value:f}" if isinstance(value, Decimal) else value
