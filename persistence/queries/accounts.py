"""One loan's account on a day: key figures, rows, what happened, and how interest came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, AccountLine, Movement
from domain.accounts.accruing import fold_and_accruals
from domain.accounts.agreed import order_of
from domain.accounts.events import Event, Reversal
from domain.accounts.statement import InterestStretch, interest_statement
from domain.accounts.terms import LatenessTerms
from domain.drawdowns import Commitment
from domain.rates import (
    FloatingRate,
    MarginStep,
    floating_on,
    margin_steps,
    next_repricing,
    step_on,
)
from domain.repayments import Bucket
from domain.schedules.terms import YEAR_MAX
from domain.violations import LoanRuleViolation
from persistence.account_backfill import earlier_events
from persistence.account_shares import event_key_of
from persistence.accounts import account_terms, events_of, working_day
from persistence.clock import business_date
from persistence.commitments import commitment_of
from persistence.queries.day_end import NoteStanding, note_standing
from persistence.queries.names import BilingualName
from persistence.rates import floating_of
from persistence.tables import Customer, Loan, RateIndexRow, Receipt

NOTHING = Decimal(0)
_LATE = (Bucket.PENALTY, Bucket.COMPOUND)
_MARKED = ("misuse", "restructure", "extension", "payment_holiday", "waiver", "prepayment")
"""Events that a badge beside the account tells of."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An instalment on the account's day. Amounts in the currency; `late` is penalty and compound.

    `waived` is what of it the bank gave up; it is inside `paid`. `status` is a code.
    """

    n: int
    period_start_on: date
    due_on: date
    principal: Decimal
    interest: Decimal
    late: Decimal
    fee: Decimal
    paid: Decimal
    waived: Decimal
    open: Decimal
    balance_after: Decimal
    status: str
    paid_on: date | None
    down_payment: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What part of an entry went to which debt of which instalment."""

    bucket: str
    n: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """The money behind a receipt's entry, as its provider named it."""

    receipt_id: UUID
    provider: str
    transaction_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One event as the engine took it apart. `held` went to suspense, or came from it below zero.

    `reversed`: it never counted; `balance_after` is the principal owed after it.
    """

    key: str
    kind: str
    value_on: date
    amount: Decimal
    shares: tuple[Share, ...]
    held: Decimal
    balance_after: Decimal
    reversed: bool
    payer: Payer | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A loan's account at the start of the day `on`, from what is known now.

    `standing` is what the last closed day made of the note. `late_rate` is what overdue money
    bears, `misuse_rate` what misused money does: yearly fractions. `marks` are codes of what sets
    the account apart from a plain one. `commitment` is how far a loan is drawn today that was
    agreed to be drawn in parts.
    """

    loan_id: UUID
    case_number: str
    customer_name: str
    currency: str
    status: str
    today: date
    on: date
    drawn_on: date
    account: Account
    late_rate: Decimal
    misuse_rate: Decimal
    rows: tuple[AccountRow, ...]
    entries: tuple[AccountEntry, ...]
    statement: tuple[InterestStretch, ...]
    marks: tuple[str, ...]
    standing: NoteStanding | None
    floating: FloatingRate | None
    margin: MarginStep | None
    index_name: BilingualName | None
    repriced_on: date | None
    commitment: Commitment | None
    lateness: LatenessTerms
    paid_first: tuple[Bucket, ...]
    paid_first_in_non_accrual: tuple[Bucket, ...]
    """The contract's orders of allocation."""

    @property
    def overdue(self) -> Decimal:
        """All that is open on instalments past their due date."""
        return sum((row.open for row in self.rows if row.due_on < self.on), NOTHING)

    @property
    def late_open(self) -> Decimal:
        """Penalty and compound interest still owed."""
        return sum((self.account.open_amount(bucket) for bucket in _LATE), NOTHING)

    @property
    def next_due(self) -> AccountRow | None:
        """The first instalment due on the day or later with anything open."""
        return next((row for row in self.rows if row.due_on >= self.on and row.open), None)

    @property
    def interest_earned(self) -> Decimal:
        """The sum of the interest statement."""
        return sum((stretch.interest for stretch in self.statement), NOTHING)


async def account_page(
    session: AsyncSession, loan_id: UUID, on: date | None, now: datetime
) -> AccountPage:
    """A drawn loan's account on a day, today where none is named.

    Violations: `account.not_drawn`, `account.before_drawdown`, `account.beyond_2100`.
    """
    loan = await session.get_one(Loan, loan_id)
    terms = await account_terms(session, loan)
    drawn_on = terms.schedule.drawn_on if loan.drawn_on is None else loan.drawn_on
    today = max(await business_date(session, now), drawn_on)
    day = _checked_day(on or today, drawn_on)
    events = await events_of(session, loan_id) or await earlier_events(session, loan)
    is_working = await working_day(session, terms)
    account, runs_on = fold_and_accruals(terms, events, day, is_working)
    floating, steps = await floating_of(session, loan_id), margin_steps(events)
    return AccountPage(
        loan_id=loan_id,
        case_number=loan.case_number,
        customer_name=(await session.get_one(Customer, loan.customer_id)).name,
        currency=loan.currency,
        status=loan.status,
        today=today,
        on=day,
        drawn_on=drawn_on,
        account=account,
        late_rate=runs_on.late_rate,
        misuse_rate=account.yearly_rate * (1 + terms.lateness.misuse_uplift),
        rows=_rows(account),
        entries=_entries(account, await _payers(session, loan_id)),
        statement=interest_statement(terms, events, day, is_working),
        marks=tuple(_marks(account, events)),
        standing=await note_standing(session, loan_id),
        floating=floating_on(floating, steps, day) if floating else None,
        margin=step_on(steps, day) if floating else None,
        index_name=await _index_name(session, floating),
        repriced_on=next_repricing(floating, drawn_on, day) if floating else None,
        commitment=await commitment_of(session, loan),
        lateness=terms.lateness,
        paid_first=order_of(terms.allocation),
        paid_first_in_non_accrual=order_of(terms.non_accrual_allocation),
    )


async def _index_name(session: AsyncSession, floating: FloatingRate | None) -> BilingualName | None:
    row = await session.get(RateIndexRow, floating.index) if floating else None
    return BilingualName(row.name_zh, row.name_en) if row else None


def _checked_day(on: date, drawn_on: date) -> date:
    if on < drawn_on:
        raise LoanRuleViolation("account.before_drawdown", drawn_on=str(drawn_on))
    if on.year > YEAR_MAX:
        raise LoanRuleViolation("account.beyond_2100")
    return on


def _rows(account: Account) -> tuple[AccountRow, ...]:
    waived: defaultdict[int, Decimal] = defaultdict(Decimal)
    for move in (move for move in account.movements if move.kind == "waiver" and not move.reversed):
        for part in move.portions:
            waived[part.n] += part.amount
    return tuple(_row(line, account.as_of, waived[line.n]) for line in account.lines)


def _row(line: AccountLine, on: date, waived: Decimal) -> AccountRow:
    owed, paid = line.owed, sum(line.paid.values(), NOTHING)
    return AccountRow(
        n=line.n,
        period_start_on=line.period_start_on,
        due_on=line.due_on,
        principal=owed.get(Bucket.PRINCIPAL, NOTHING),
        interest=owed.get(Bucket.INTEREST, NOTHING),
        late=sum((owed.get(bucket, NOTHING) for bucket in _LATE), NOTHING),
        fee=owed.get(Bucket.FEE, NOTHING),
        paid=paid,
        waived=waived,
        open=line.open_total,
        balance_after=line.balance_after,
        status=_status(line, paid, on),
        paid_on=line.paid_on,
        down_payment=line.down_payment,
    )


def _status(line: AccountLine, paid: Decimal, on: date) -> str:
    """A row that asks for nothing is settled when its day comes."""
    if line.open_total == 0 and (paid or line.due_on <= on):
        return "paid"
    if line.open_total and line.due_on < on:
        return "overdue"
    if paid > 0:
        return "partial"
    return "due" if line.due_on == on else "planned"


def _entries(account: Account, payers: Mapping[str, Payer]) -> tuple[AccountEntry, ...]:
    """The newest first."""
    return tuple(_entry(move, payers.get(move.key)) for move in reversed(account.movements))


def _entry(move: Movement, payer: Payer | None) -> AccountEntry:
    return AccountEntry(
        key=move.key,
        kind=move.kind,
        value_on=move.value_on,
        amount=move.amount,
        shares=tuple(Share(part.bucket, part.n, part.amount) for part in move.portions),
        held=move.held,
        balance_after=move.balance_after,
        reversed=move.reversed,
        payer=payer,
    )


def _marks(account: Account, events: list[Event]) -> Iterator[str]:
    """What the head of the account says in badges, the gravest first."""
    if account.written_off_on is not None:
        yield "written_off"
    if account.accelerated_on is not None:
        yield "accelerated"
    if account.accrual_status.value == "non_accrual":
        yield "non_accrual"
    counted = {move.kind for move in account.movements if not move.reversed}
    counted -= set() if account.misused else {"misuse"}
    yield from (kind for kind in _MARKED if kind in counted)
    if any(isinstance(event, Reversal) and event.value_on <= account.as_of for event in events):
        yield "reversal"
    if account.settled:
        yield "settled"


async def _payers(session: AsyncSession, loan_id: UUID) -> dict[str, Payer]:
    mine = select(Receipt).where(col(Receipt.loan_id) == loan_id)
    return {
        event_key_of(row): Payer(row.id, row.provider, row.transaction_id, row.payer_name)
        for row in (await session.execute(mine)).scalars()
    }
