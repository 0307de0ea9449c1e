"""What a loan's papers are made from, and the trace each printing leaves."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import fold
from domain.money import Currency
from domain.papers import PaperKind, PaperLoan, PaperSource, ReceiptFacts
from domain.papers.kinds import AS_THINGS_STAND
from domain.people import Actor
from domain.schedules.terms import YEAR_MAX
from domain.violations import LoanRuleViolation
from persistence.account_backfill import earlier_events
from persistence.account_shares import event_key_of
from persistence.accounts import account_terms, events_of, working_day
from persistence.audit import record
from persistence.clock import business_clock, business_date, working_calendar
from persistence.tables import Contract, Customer, Loan, Receipt


async def paper_source(
    session: AsyncSession,
    loan_id: UUID,
    kind: PaperKind,
    now: datetime,
    *,
    on: date | None = None,
    receipt_id: UUID | None = None,
) -> PaperSource:
    """A loan on a day, today where none is named, with the engine's account.

    Violations: `paper.not_drawn`, `paper.before_drawdown`, `change.beyond_2100`,
    `paper.future` for a fact dated ahead, `paper.receipt`, those of the engine.
    """
    loan = await session.get_one(Loan, loan_id)
    if loan.drawn_on is None:
        raise LoanRuleViolation("paper.not_drawn")
    terms = await account_terms(session, loan)
    today = await business_date(session, now)
    day = _checked_day(loan.drawn_on, kind, on or today, today)
    events = await events_of(session, loan_id) or await earlier_events(session, loan)
    is_working = await working_day(session, terms)
    account = fold(terms, events, day, is_working)
    if not account.lines:
        raise LoanRuleViolation("paper.not_drawn")
    return PaperSource(
        loan=await _loan(session, loan, loan.drawn_on),
        terms=terms,
        events=tuple(events),
        account=account,
        calendar=await working_calendar(session),
        working_day=is_working,
        receipt=await _receipt(session, loan_id, kind, receipt_id),
    )


def record_printing(
    session: AsyncSession,
    loan_id: UUID,
    actor: Actor,
    at: datetime,
    *,
    kind: PaperKind,
    language: str,
    number: str,
    sha256: str,
) -> None:
    """Note that somebody took a paper, by the hash of its bytes."""
    record(
        session,
        "paper.printed",
        at,
        loan_id=loan_id,
        subject=number,
        actor=actor,
        paper=kind.value,
        language=language,
        sha256=sha256,
    )


def _checked_day(drawn_on: date, kind: PaperKind, on: date, today: date) -> date:
    if on < drawn_on:
        raise LoanRuleViolation("paper.before_drawdown", drawn_on=str(drawn_on))
    if on.year > YEAR_MAX:
        raise LoanRuleViolation("change.beyond_2100")
    if on > today and kind in AS_THINGS_STAND:
        raise LoanRuleViolation("paper.future", today_on=str(today))
    return on


async def _loan(session: AsyncSession, loan: Loan, drawn_on: date) -> PaperLoan:
    contract = await session.get_one(Contract, loan.id)
    customer = await session.get_one(Customer, loan.customer_id)
    closed_at = loan.closed_at
    clock = await business_clock(session)
    return PaperLoan(
        case_number=loan.case_number,
        contract_number=contract.number,
        borrower=customer.name,
        registration_number=customer.registration_number,
        drawn_on=drawn_on,
        closed_on=None if closed_at is None else clock.business_date(closed_at),
    )


async def _receipt(
    session: AsyncSession, loan_id: UUID, kind: PaperKind, receipt_id: UUID | None
) -> ReceiptFacts | None:
    """The receipt a slip is of; another loan's does not exist."""
    if kind is not PaperKind.RECEIPT_SLIP:
        return None
    row = await session.get(Receipt, receipt_id) if receipt_id else None
    if row is None or row.loan_id != loan_id:
        raise LoanRuleViolation("paper.receipt")
    return ReceiptFacts(
        id=row.id,
        key=event_key_of(row),
        provider=row.provider,
        transaction_id=row.transaction_id,
        payer=row.payer_name,
        amount=row.amount,
        currency=Currency(row.currency),
        value_on=row.value_on,
    )
