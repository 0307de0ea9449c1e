"""From draft to case, and what the customer's side may still do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.amount_bands import amount_band
from domain.applications import ApplicationFacts, DraftCheck, check_draft
from domain.commands import LoanStart, Receipt, Submission, Submit, Supplement, Withdraw
from domain.customers import refuse_lending
from domain.documents import DocumentFacts
from domain.people import Hand, Role
from domain.process import CaseStatus, Stage, TaskKind, TaskOutcome, WaitReason
from domain.products import ProductRules
from domain.violations import DutyViolation, Finding, LoanRuleViolation
from persistence.audit import has_taken_effect, record
from persistence.clock import business_date
from persistence.customer_work import locked_customer
from persistence.reviews import refuse_overdue_review
from persistence.rules import facts_to_row, product_in_force
from persistence.stages import end_case, locked_loan, take_hand, take_role
from persistence.tables import Customer, Document, Draft, Envelope, Loan, StageEntry
from persistence.task_ladder import close_open_tasks, close_task

MOVABLE_UNTIL_MONEY = frozenset(Stage) - {Stage.PAYOUT, Stage.REPAYMENT, Stage.CLOSED}


async def accept_submission(
    session: AsyncSession, start: LoanStart, command: Submit, at: datetime, version: int
) -> Submission:
    """Turn a complete draft into a case with a number; a draft with gaps stays a draft.

    Violations: `case.unknown`, `duty.role`, `customer.stopped`, `customer.locked`.
    """
    draft = await session.get(Draft, command.loan_id, with_for_update=True)
    if draft is None or str(draft.officer_id) != command.actor.staff_id:
        raise LoanRuleViolation("case.unknown")
    today = await business_date(session, at)
    loan = await session.get(Loan, command.loan_id)
    product = await product_in_force(session, draft.product_code, today)
    if loan is not None:
        return _submitted(loan, product)
    if Role.CUSTOMER_MANAGER not in command.actor.roles:
        raise DutyViolation("duty.role")
    refuse_lending((await locked_customer(session, draft.customer_id)).standing)
    await refuse_overdue_review(session, draft.customer_id, at)
    check = await checked_draft(session, draft, product, today_at=at)
    if check.facts is None:
        refusal = Receipt(accepted=False, code="findings", findings=check.findings)
        return Submission(refusal)
    loan = await _new_case(session, draft, check, product, start, at, version)
    await session.flush()
    await take_hand(
        session, loan.id, command.actor, Hand.CUSTOMER_MANAGER, at, (Role.CUSTOMER_MANAGER,)
    )
    record(
        session,
        "loan.submitted",
        at,
        loan_id=loan.id,
        actor=command.actor,
        case_number=loan.case_number,
        amount=str(loan.amount),
        currency=loan.currency,
        product=f"{loan.product_code}/{loan.product_version}",
    )
    return _submitted(loan, product)


async def checked_draft(
    session: AsyncSession, draft: Draft, product: ProductRules, today_at: datetime
) -> DraftCheck:
    """Judge a stored draft by the rules of the day."""
    today = await business_date(session, today_at)
    documents = await _newest_documents(session, draft.id)
    check = check_draft(draft.fields, draft.statements, documents, product, today)
    if check.facts is None or await _repays_a_loan(session, draft.customer_id, check.facts):
        return check
    unknown = Finding("refinances", "refinances.unknown")
    return replace(check, facts=None, findings=(*check.findings, unknown))


async def _repays_a_loan(session: AsyncSession, customer: UUID, facts: ApplicationFacts) -> bool:
    """Whether the loan it is to repay, if any, is a running one of the same borrower."""
    if not facts.refinances:
        return True
    named = select(col(Loan.id)).where(
        col(Loan.case_number) == facts.refinances,
        col(Loan.customer_id) == customer,
        col(Loan.status) == CaseStatus.ACTIVE,
        col(Loan.drawn_on).is_not(None),
    )
    return (await session.execute(named)).scalar_one_or_none() is not None


async def resubmit(session: AsyncSession, command: Supplement, at: datetime) -> Receipt:
    """Record the customer's supplement. Violations: `duty.role`, `supplement.not_asked`."""
    loan = await locked_loan(session, command.loan_id)
    if str(loan.officer_id) != command.actor.staff_id:
        raise DutyViolation("duty.role")
    if await has_taken_effect(session, loan.id, ("supplement.received",), command.command_id):
        return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
    await take_role(session, command.actor, (Role.CUSTOMER_MANAGER,))
    done = TaskOutcome.DONE
    staff_id = UUID(command.actor.staff_id)
    task = await close_task(session, loan.id, TaskKind.SUPPLEMENT, done, at, staff_id)
    if task is None:
        raise LoanRuleViolation("supplement.not_asked")
    task.note = command.note
    record(
        session,
        "supplement.received",
        at,
        loan_id=loan.id,
        actor=command.actor,
        command=command.command_id,
    )
    return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)


async def withdraw(session: AsyncSession, command: Withdraw, at: datetime, version: int) -> Receipt:
    """End a case at the customer's wish, before money has left.

    Violations: `duty.role`, `case.closed`, `withdraw.too_late`.
    """
    loan = await locked_loan(session, command.loan_id)
    if str(loan.officer_id) != command.actor.staff_id:
        raise DutyViolation("duty.role")
    if await has_taken_effect(session, loan.id, ("withdrawal.requested",), command.command_id):
        return Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
    await take_role(session, command.actor, (Role.CUSTOMER_MANAGER,))
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    if loan.stage not in MOVABLE_UNTIL_MONEY:
        raise LoanRuleViolation("withdraw.too_late")
    record(
        session,
        "withdrawal.requested",
        at,
        loan_id=loan.id,
        actor=command.actor,
        command=command.command_id,
    )
    await unwind(session, loan, CaseStatus.WITHDRAWN, "customer_withdrew", at, version)
    return Receipt(accepted=True, case_number=loan.case_number, version=version)


async def unwind(
    session: AsyncSession,
    loan: Loan,
    status: CaseStatus,
    reason: str,
    at: datetime,
    version: int,
) -> None:
    """End a case and take back what hangs on it: open tasks, envelopes still out."""
    await close_open_tasks(session, loan.id, at)
    statement = select(Envelope).where(
        col(Envelope.loan_id) == loan.id,
        col(Envelope.status) == "sent",
    )
    for envelope in (await session.execute(statement)).scalars():
        envelope.status = "voided"
        record(session, "envelope.voided", at, loan_id=loan.id, subject=envelope.purpose)
    await end_case(session, loan, status, reason, at, version)


async def _new_case(
    session: AsyncSession,
    draft: Draft,
    check: DraftCheck,
    product: ProductRules,
    start: LoanStart,
    at: datetime,
    version: int,
) -> Loan:
    facts = check.facts
    if facts is None:
        raise AssertionError("a case is only made of a complete draft")
    today = await business_date(session, at)
    number = (await session.execute(text("SELECT nextval('case_number_seq')"))).scalar_one()
    loan = Loan(
        id=draft.id,
        case_number=f"CL{today:%Y%m%d}-{number:06d}",
        customer_id=draft.customer_id,
        officer_id=draft.officer_id,
        origin=start.origin,
        product_code=product.code,
        product_version=product.version,
        amount=facts.amount,
        currency=facts.currency,
        tenor_months=facts.tenor_months,
        method=facts.repayment_method,
        facts=facts_to_row(facts),
        statements=draft.statements,
        stage=Stage.SUBMITTED,
        status=CaseStatus.ACTIVE,
        wait_reason=WaitReason.BANK_WORKING,
        entered_at=at,
        submitted_at=at,
        version=version,
    )
    draft.submitted_at = at
    session.add(loan)
    entry = StageEntry(loan_id=loan.id, stage=Stage.SUBMITTED, version=version, entered_at=at)
    session.add(entry)
    await _enrich_customer(session, draft.customer_id, facts.legal_representative, facts.industry)
    return loan


async def _enrich_customer(
    session: AsyncSession, customer_id: UUID, legal_representative: str, industry: str
) -> None:
    customer = await session.get(Customer, customer_id)
    if customer is not None:
        customer.legal_representative = legal_representative or customer.legal_representative
        customer.industry = industry or customer.industry


async def _newest_documents(session: AsyncSession, draft_id: UUID) -> list[DocumentFacts]:
    statement = (
        select(Document)
        .ext(distinct_on(col(Document.kind)))
        .where(col(Document.draft_id) == draft_id)
        .order_by(col(Document.kind), col(Document.version).desc())
    )
    rows = (await session.execute(statement)).scalars()
    return [
        DocumentFacts(
            kind=row.kind,
            filename=row.filename,
            media_type=row.media_type,
            size=row.size,
            pages=row.pages,
            sha256=row.sha256,
        )
        for row in rows
    ]


def _submitted(loan: Loan, product: ProductRules) -> Submission:
    receipt = Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
    return Submission(
        receipt,
        product.needs_authorisation,
        product.sources,
        product=product.code,
        amount_band=amount_band(loan.amount),
    )
