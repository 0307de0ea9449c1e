"""A loan for papers to be made of: drawn, part paid, late, its rate changed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.accounts import AccountTerms, fold
from domain.accounts.events import Drawdown, Event, Payoff, RateSet, Receipt
from domain.business_time import BusinessCalendar
from domain.money import Currency
from domain.papers import PaperLoan, PaperSource, ReceiptFacts
from domain.schedules import LoanTerms, RepaymentMethod

DRAWN_ON = date(2026, 1, 15)
RATE_ON = date(2026, 4, 1)
LENT = Decimal("1200000.00")
BORROWER = "苏州华纺精密机械有限公司"
DRAWN: Event = Drawdown(key="drawdown", value_on=DRAWN_ON, recorded_on=DRAWN_ON, amount=LENT)
PAID: Event = Receipt(
    key="receipt:1",
    value_on=date(2026, 2, 16),
    recorded_on=date(2026, 2, 16),
    amount=Decimal("110000.00"),
)
NEW_RATE: Event = RateSet(
    key="rate", value_on=RATE_ON, recorded_on=date(2026, 3, 1), yearly_rate=Decimal("0.0395")
)
PAID_OFF: Event = Payoff(key="payoff", value_on=date(2026, 5, 5), recorded_on=date(2026, 5, 5))
EVENTS: tuple[Event, ...] = (DRAWN, PAID, NEW_RATE)


def terms_of(months: int = 12) -> AccountTerms:
    """A monthly loan of level instalments."""
    loan = LoanTerms(
        LENT, Currency.CNY, Decimal("0.0435"), months, RepaymentMethod.EQUAL_INSTALMENT, DRAWN_ON
    )
    return AccountTerms(schedule=loan.schedule_terms())


def source_on(
    on: date,
    events: Sequence[Event] = EVENTS,
    *,
    borrower: str = BORROWER,
    months: int = 12,
    closed_on: date | None = None,
    terms: AccountTerms | None = None,
) -> PaperSource:
    """The loan on a day."""
    agreed = terms or terms_of(months)
    return PaperSource(
        loan=PaperLoan(
            case_number="CL20260115-000001",
            contract_number="HT-2026-0001",
            borrower=borrower,
            registration_number="91320500MA1ABCDE12",
            drawn_on=DRAWN_ON,
            closed_on=closed_on,
        ),
        terms=agreed,
        events=tuple(events),
        account=fold(agreed, events, on),
        calendar=BusinessCalendar.of_days({}, frozenset()),
        working_day=None,
        receipt=ReceiptFacts(
            id=UUID(int=5 << 100),
            key="receipt:1",
            provider="rail",
            transaction_id="T-20260216-0001",
            payer=borrower,
            amount=Decimal("110000.00"),
            currency=Currency.CNY,
            value_on=date(2026, 2, 16),
        ),
    )
