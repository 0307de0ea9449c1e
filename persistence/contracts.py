"""The loan contract: made from approved terms, bound by their hash, effective when signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.agreement_annex import AgreedTerms, annex
from domain.agreements import EnvelopePurpose
from domain.commands import OpenWait
from domain.enterprise_size import is_micro_or_small
from domain.process import Stage, TaskKind, WaitReason
from domain.products import ProductRules
from domain.schedules import RepaymentMethod
from domain.violations import LoanRuleViolation
from persistence.accounts import terms_if_drawn
from persistence.audit import record
from persistence.clock import business_date
from persistence.credit_decisions import stamp_terms, terms_of
from persistence.customer_standing import unlent_reason
from persistence.envelopes import customer_name, send_envelope
from persistence.rates import floating_of
from persistence.rules import facts_of, product_of
from persistence.stages import enter_stage, locked_loan
from persistence.tables import Contract, Document, Loan, RateIndexRow
from persistence.task_ladder import open_task, wait_of


async def open_contract(
    session: AsyncSession, loan_id: UUID, at: datetime, version: int, secret: bytes
) -> OpenWait | None:
    """Draw up the contract once and send it; None where the bank does not lend to the customer."""
    loan = await locked_loan(session, loan_id)
    if await unlent_reason(session, loan.customer_id) is not None:
        return None
    product = await product_of(session, loan)
    task = await open_task(session, loan, TaskKind.SIGN_CONTRACT, at, version)
    contract = await session.get(Contract, loan_id)
    if contract is None:
        contract = await _draw_up(session, loan, product, at)
    blanks = await _blanks(session, loan, product, contract)
    purpose = EnvelopePurpose.CONTRACT
    envelope = await send_envelope(
        session, loan, purpose, blanks, task.lapse_at, at, version, secret
    )
    contract.document_hashes = {
        **contract.document_hashes,
        "contract": envelope.document_sha256,
    }
    await enter_stage(
        session, loan, Stage.CONTRACT, WaitReason.CONTRACT_SIGNATURE, at, version, task.due_at
    )
    return wait_of(task, version)


async def _draw_up(
    session: AsyncSession, loan: Loan, product: ProductRules, at: datetime
) -> Contract:
    if loan.yearly_rate is None:
        raise LoanRuleViolation("contract.no_rate")
    contract = Contract(
        loan_id=loan.id,
        number=f"HT-{loan.case_number}",
        terms=await terms_of(session, loan, product),
        terms_sha256=await stamp_terms(session, loan, product),
        document_hashes=await _document_hashes(session, loan.id),
        principal=loan.amount,
        currency=loan.currency,
        yearly_rate=loan.yearly_rate,
        penalty_uplift=product.penalty_uplift,
    )
    session.add(contract)
    digest = contract.terms_sha256
    record(session, "contract.drawn_up", at, loan_id=loan.id, terms_sha256=digest)
    return contract


async def _document_hashes(session: AsyncSession, loan_id: UUID) -> dict[str, Any]:
    """The hash of every document the approval was given on, newest version of each kind."""
    statement = (
        select(col(Document.kind), col(Document.sha256))
        .where(col(Document.draft_id) == loan_id)
        .order_by(col(Document.kind), col(Document.version))
    )
    return {row[0]: row[1] for row in (await session.execute(statement)).all()}


async def _blanks(
    session: AsyncSession, loan: Loan, product: ProductRules, contract: Contract
) -> dict[str, str]:
    facts = facts_of(loan)
    return {
        "contract_number": contract.number,
        "case_number": loan.case_number,
        "customer": await customer_name(session, loan),
        "currency": loan.currency,
        "amount": f"{loan.amount:,.2f}",
        "rate_percent": f"{contract.yearly_rate * 100:.4f}",
        "tenor_months": str(loan.tenor_months),
        "method": _METHOD_NAMES[loan.method],
        "purpose": facts.purpose,
        "refinances": f"\n借新还旧 Repays the loan: {facts.refinances}" if facts.refinances else "",
        "payee_name": facts.payee_name,
        "payee_account": facts.payee_account,
        "penalty_percent": f"{product.penalty_uplift * 100:.2f}",
        "terms_sha256": contract.terms_sha256,
        "rate_note": _FLOATS if "floating" in contract.terms else "",
        "annex": annex(await _agreed(session, loan, product, contract)),
    }


async def _agreed(
    session: AsyncSession, loan: Loan, product: ProductRules, contract: Contract
) -> AgreedTerms:
    """The contract as the engine will read it, as it was laid when it was asked for."""
    facts = facts_of(loan)
    terms = await terms_if_drawn(session, loan, await business_date(session, loan.submitted_at))
    floating = await floating_of(session, loan.id)
    index = await session.get(RateIndexRow, floating.index) if floating else None
    return AgreedTerms(
        plan=facts.repayment_plan,
        method=_METHOD_NAMES[loan.method],
        currency=loan.currency,
        instalments=terms.schedule.instalments,
        yearly_rate=contract.yearly_rate,
        lateness=terms.lateness,
        allocation=terms.allocation,
        non_accrual_allocation=terms.non_accrual_allocation,
        prepays_free=is_micro_or_small(facts),
        drawdowns=product.repayment.drawdowns_max,
        availability_months=product.repayment.availability_months,
        floating=floating,
        index_zh=index.name_zh if index else "",
        index_en=index.name_en if index else "",
    )


_FLOATS = " (浮动,见附件 floating, see the annex)"
_METHOD_NAMES: Mapping[str, str] = {
    RepaymentMethod.EQUAL_INSTALMENT: "等额本息 equal instalments",
    RepaymentMethod.EQUAL_PRINCIPAL: "等额本金 equal principal",
    RepaymentMethod.INTEREST_FIRST_BULLET: "先息后本 interest first, bullet",
    RepaymentMethod.MATURITY: "利随本清 interest and principal at maturity",
    RepaymentMethod.BALLOON: "气球贷 level instalments and a balloon",
    RepaymentMethod.STEP_UP: "阶梯还款 shares of principal in steps",
    RepaymentMethod.CUSTOM: "按约定还款表 agreed rows",
    RepaymentMethod.FLAT: "按原始本金计息 flat interest on the first principal",
}
