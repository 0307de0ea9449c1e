"""What a proposed fixing would change, loan by loan, before anybody approves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import Account, fold
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from persistence.accounts import account_terms, events_of, working_day
from persistence.clock import business_date
from persistence.rates import fixing_of_row, fixings_of, floating_of, repricings
from persistence.repricing import count_followers, floating_loans
from persistence.tables import Loan, RateFixing

_NOTHING = Decimal(0)
LOANS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """An instalment whose interest the fixing changes. Unit: the loan's currency."""

    n: int
    due_on: date
    interest_before: Decimal
    interest_after: Decimal


@dataclass(frozen=True, slots=True)
class RepricedLoan:
    """One loan as it is and as it would be; rates are yearly fractions."""

    loan_id: UUID
    case_number: str
    currency: str
    rate_before: Decimal
    rate_after: Decimal
    lines: tuple[ChangedLine, ...]

    @property
    def difference(self) -> Decimal:
        """By how much all interest changes."""
        changes = (line.interest_after - line.interest_before for line in self.lines)
        return sum(changes, _NOTHING)


@dataclass(frozen=True, slots=True)
class RepricingPage:
    """The loans of one page that a fixing would reprice; `after` leads to the next page."""

    loans: tuple[RepricedLoan, ...]
    followers: int
    after: UUID | None


async def repricing_page(
    session: AsyncSession, fixing_id: UUID, at: datetime, after: UUID | None = None
) -> RepricingPage:
    """What a fixing would do now to the next loans that follow its index.

    Violation: `rate.unknown_fixing`.
    """
    row = await _fixing(session, fixing_id)
    loans = await floating_loans(session, row.index_code, after, LOANS_A_PAGE)
    shown = [await _shown(session, loan, row, at) for loan in loans]
    return RepricingPage(
        tuple(loan for loan in shown if loan is not None),
        await count_followers(session, row.index_code),
        loans[-1].id if len(loans) == LOANS_A_PAGE else None,
    )


async def repricing_shown(
    session: AsyncSession, fixing_id: UUID, at: datetime
) -> tuple[RepricedLoan, ...]:
    """All the loans a fixing would reprice now. Violation: `rate.unknown_fixing`."""
    row = await _fixing(session, fixing_id)
    shown = [
        await _shown(session, loan, row, at)
        for loan in await floating_loans(session, row.index_code)
    ]
    return tuple(loan for loan in shown if loan is not None)


async def _fixing(session: AsyncSession, fixing_id: UUID) -> RateFixing:
    row = await session.get(RateFixing, fixing_id)
    if row is None:
        raise LoanRuleViolation("rate.unknown_fixing")
    return row


async def _shown(
    session: AsyncSession, loan: Loan, row: RateFixing, at: datetime
) -> RepricedLoan | None:
    floating = await floating_of(session, loan.id)
    if floating is None or loan.drawn_on is None:
        return None
    today = max(await business_date(session, at), loan.booked_to_on or date.min)
    known = await events_of(session, loan.id)
    fixings = (*await fixings_of(session), fixing_of_row(row))
    fresh = repricings(floating, fixings, loan.drawn_on, known, today)
    if not fresh:
        return None
    terms = await account_terms(session, loan)
    is_working = await working_day(session, terms)
    before = fold(terms, known, today, is_working)
    after = fold(terms, [*known, *fresh], today, is_working)
    return RepricedLoan(
        loan.id,
        loan.case_number,
        loan.currency,
        before.yearly_rate,
        after.yearly_rate,
        _changed(before, after),
    )


def _changed(before: Account, after: Account) -> tuple[ChangedLine, ...]:
    lines = []
    for old, new in zip(before.lines, after.lines, strict=False):
        was, will = (line.owed.get(Bucket.INTEREST, _NOTHING) for line in (old, new))
        if was != will:
            lines.append(ChangedLine(new.n, new.due_on, was, will))
    return tuple(lines)
