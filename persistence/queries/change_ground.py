"""What a change of a loan starts from: its account today, and the limits of law and books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import Account
from domain.accounts.events import PrepaymentChoice
from domain.accounts.prepaying import KEEPS_INSTALMENT
from domain.changes.checks import extension_limit_on
from domain.enterprise_size import is_micro_or_small
from domain.process import CaseStatus
from domain.rates import FloatingRate
from domain.schedules import RepaymentMethod, build_schedule
from persistence.accounts import account_on, account_terms, closed_to, working_day
from persistence.clock import business_date
from persistence.queries.names import BilingualName
from persistence.rates import floating_now, index_now
from persistence.rules import facts_of
from persistence.tables import Customer, Loan, Staff


@dataclass(frozen=True, slots=True)
class ChangeGround:
    """A drawn loan as it stands before a change. Amounts in `currency`.

    `extension_limit_on` is the last day the law lets it run to, all extensions together.
    """

    loan_id: UUID
    case_number: str
    customer_name: str
    officer: BilingualName
    currency: str
    active: bool
    today: date
    drawn_on: date
    original_end_on: date
    extension_limit_on: date
    closed_to_on: date | None
    has_guarantor: bool
    is_micro_or_small: bool
    account: Account
    method: RepaymentMethod
    floating: FloatingRate | None = None
    index_rate: Decimal | None = None
    """Where the rate floats: the margin of today, and the index as the loan has it."""

    @property
    def prepayment_choices(self) -> tuple[PrepaymentChoice, ...]:
        """What a part prepayment can shorten here: not every method has instalments to keep."""
        if self.method in KEEPS_INSTALMENT:
            return tuple(PrepaymentChoice)
        return (PrepaymentChoice.KEEP_TERM,)

    @property
    def ahead(self) -> int:
        """Instalments that are not due yet."""
        return sum(line.due_on > self.today for line in self.account.lines)

    @property
    def open_total(self) -> Decimal:
        """All that is still owed, due or not."""
        return sum((line.open_total for line in self.account.lines), Decimal(0))


async def change_ground(session: AsyncSession, loan_id: UUID, now: datetime) -> ChangeGround | None:
    """The ground of a loan's changes; None where nothing has been drawn."""
    loan = await session.get_one(Loan, loan_id)
    if loan.drawn_on is None:
        return None
    today = max(await business_date(session, now), loan.drawn_on)
    terms = await account_terms(session, loan)
    first = build_schedule(terms.schedule, await working_day(session, terms))
    facts = facts_of(loan)
    customer = await session.get_one(Customer, loan.customer_id)
    officer = await session.get_one(Staff, loan.officer_id)
    floating = await floating_now(session, loan, today)
    return ChangeGround(
        loan_id=loan_id,
        case_number=loan.case_number,
        customer_name=customer.name,
        officer=BilingualName(officer.name_zh, officer.name_en),
        currency=loan.currency,
        active=loan.status == CaseStatus.ACTIVE,
        today=today,
        drawn_on=loan.drawn_on,
        original_end_on=first[-1].due_on,
        extension_limit_on=extension_limit_on(loan.drawn_on, first[-1].due_on),
        closed_to_on=await closed_to(session),
        has_guarantor=bool(facts.guaranteed_amount),
        is_micro_or_small=is_micro_or_small(facts),
        account=await account_on(session, loan_id, today),
        method=terms.schedule.method,
        floating=floating,
        index_rate=await index_now(session, loan, today) if floating else None,
    )
