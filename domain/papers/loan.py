"""What papers are made from: whose loan it is, its contract and events, and the paper's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import Event
from domain.accounts.terms import InterestBasis
from domain.business_time import BusinessCalendar
from domain.money import Currency
from domain.papers.kinds import PaperKind
from domain.schedules.periods import WorkingDay


@dataclass(frozen=True)
class PaperLoan:
    """Who borrowed under which contract. `closed_on` is None while the case is open."""

    case_number: str
    contract_number: str
    borrower: str
    registration_number: str
    drawn_on: date
    closed_on: date | None


@dataclass(frozen=True)
class ReceiptFacts:
    """Money that arrived, as its sender told of it; `key` is its event's."""

    id: UUID
    key: str
    provider: str
    transaction_id: str
    payer: str | None
    amount: Decimal
    currency: Currency
    value_on: date


@dataclass(frozen=True)
class PaperSource:
    """A loan on the paper's day, with the account the engine answers for it."""

    loan: PaperLoan
    terms: AccountTerms
    events: tuple[Event, ...]
    account: Account
    calendar: BusinessCalendar
    working_day: WorkingDay | None
    receipt: ReceiptFacts | None = None

    @property
    def on(self) -> date:
        """The day the paper is of."""
        return self.account.as_of

    @property
    def currency(self) -> Currency:
        """The note's currency."""
        return self.terms.schedule.currency

    @property
    def as_scheduled(self) -> bool:
        """Whether interest is as the schedule says, rather than by the balance of each day."""
        return self.terms.interest_basis is InterestBasis.SCHEDULED

    def rate_on(self, day: date) -> Decimal:
        """The contract rate on a day, as the engine has it; a yearly fraction."""
        return fold(self.terms, self.events, day, self.working_day).yearly_rate

    def number(self, kind: PaperKind) -> str:
        """The paper's number: one paper, one day, one number."""
        parts = [self.loan.case_number, kind.mark, self.on.strftime("%Y%m%d")]
        if kind is PaperKind.RECEIPT_SLIP and self.receipt is not None:
            parts.append(self.receipt.id.hex[:8].upper())
        return "-".join(parts)
