"""Notes put into a book as their contracts and events make them, by the product's own writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import AccountTerms
from domain.accounts.agreed import allocation_document, lateness_document
from domain.accounts.events import Drawdown, Event, RateSet, Receipt
from domain.money import Currency
from domain.people import Role
from domain.schedules import RepaymentMethod, ScheduleTerms
from persistence.account_events import document_of
from persistence.accounts import append_events
from persistence.engine import Database
from persistence.staff_accounts import create_staff
from persistence.stages import locked_loan
from persistence.tables import Contract, Customer, Loan

START = date(2026, 1, 15)
AT = datetime(2026, 1, 15, 4, tzinfo=UTC)
Case = tuple[AccountTerms, list[Event]]


def terms(method: str = "equal_instalment", **changes: Any) -> AccountTerms:
    """A contract of a million over a year; the cent makes roundings show."""
    values: dict[str, Any] = {
        "principal": Decimal("1000000.01"),
        "currency": Currency("CNY"),
        "yearly_rate": Decimal("0.0435"),
        "method": RepaymentMethod(method),
        "drawn_on": START,
        "instalments": 12,
    }
    return AccountTerms(schedule=ScheduleTerms(**(values | changes)))


def event(kind: type[Event], on: date, recorded_on: date | None = None, **said: Any) -> Event:
    """An event named by its kind and day."""
    key = f"{kind.__name__}:{on}"
    return kind(key=key, value_on=on, recorded_on=recorded_on or on, **said)


def drawn(found: AccountTerms, *later: Event, amount: Decimal | None = None) -> Case:
    """A contract drawn on its first day, and what happened later."""
    start = event(Drawdown, START, amount=amount or found.schedule.principal)
    return found, [start, *later]


def receipt(on: date, amount: str) -> Event:
    """Money on a day."""
    return event(Receipt, on, amount=Decimal(amount))


def rate_set(on: date, rate: str, recorded_on: date | None = None) -> Event:
    """A new rate from a day on."""
    return event(RateSet, on, recorded_on, yearly_rate=Decimal(rate))


PLAIN: Mapping[str, Case] = {
    "instalments": drawn(terms()),
    "bullet": drawn(terms("interest_first_bullet")),
    "in dollars": drawn(terms("equal_principal", currency=Currency.USD)),
}


@dataclass
class NoteBook:
    """A book of notes, brought forward event by event."""

    database: Database
    cases: dict[UUID, Case] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    recorded: set[tuple[UUID, str]] = field(default_factory=set)

    async def open(self, cases: Mapping[str, Case]) -> None:
        """One firm, one officer, a loan for each case."""
        async with self.database.transaction() as session:
            staff, customer = await put_firm(session)
            for name, case in cases.items():
                loan_id = uuid4()
                contract, events = case
                await put_loan(session, loan_id, contract, customer, staff, len(self.cases))
                own = [_of_loan(loan_id, one) for one in events]
                self.cases[loan_id], self.names[loan_id] = (contract, own), name

    async def known(self, on: date) -> None:
        """Record what has been recorded by a day, each event at noon of its day."""
        for loan_id, (_, events) in self.cases.items():
            for one in self._fresh(loan_id, events, on):
                at = datetime.combine(one.recorded_on, time(4), UTC)
                async with self.database.transaction() as session:
                    loan = await locked_loan(session, loan_id)
                    await append_events(session, loan, [one], at, back_dated=True)

    def _fresh(self, loan_id: UUID, events: Iterable[Event], on: date) -> list[Event]:
        fresh = [
            one
            for one in events
            if one.recorded_on <= on and (loan_id, one.key) not in self.recorded
        ]
        self.recorded |= {(loan_id, one.key) for one in fresh}
        return fresh


def _of_loan(loan_id: UUID, one: Event) -> Event:
    """The same event under keys no other loan's event has."""
    named = ("key", "receipt_key", "reversed_key")
    keys: dict[str, Any] = {
        name: f"{loan_id}:{getattr(one, name)}" for name in named if hasattr(one, name)
    }
    return replace(one, **keys)


async def put_firm(session: AsyncSession) -> tuple[UUID, UUID]:
    """An officer and a customer."""
    staff = await create_staff(
        session,
        username="day",
        name_zh="日",
        name_en="Day",
        roles=[Role.CUSTOMER_MANAGER],
        password_hash="-",
        now=AT,
    )
    customer_id = uuid4()
    customer = Customer(
        id=customer_id,
        scheme="cn_uscc",
        registration_number=customer_id.hex[:18],
        name="测试机械",
        name_key="测试机械",
        opened_by=staff,
        opened_at=AT,
    )
    session.add(customer)
    await session.flush()
    return staff, customer_id


async def put_loan(
    session: AsyncSession,
    loan_id: UUID,
    contract: AccountTerms,
    customer: UUID,
    staff: UUID,
    number: int,
) -> None:
    """A loan in repayment whose money goes out on the first day, before any event is recorded."""
    schedule = contract.schedule
    session.add(
        Loan(
            id=loan_id,
            case_number=f"CL{number:06}",
            customer_id=customer,
            officer_id=staff,
            origin="desk",
            product_code="WC",
            product_version=1,
            amount=schedule.principal,
            currency=schedule.currency,
            tenor_months=12,
            method=schedule.method,
            facts={},
            statements={},
            stage="repayment",
            status="active",
            wait_reason="instalment_due",
            entered_at=AT,
            submitted_at=AT,
            version=1,
            drawn_on=schedule.drawn_on,
        )
    )
    await session.flush()
    session.add(
        Contract(
            loan_id=loan_id,
            number=f"C{number:06}",
            terms=_terms_of(contract),
            terms_sha256="",
            document_hashes={},
            principal=schedule.principal,
            currency=schedule.currency,
            yearly_rate=schedule.yearly_rate,
            penalty_uplift=contract.lateness.penalty_uplift,
        )
    )
    await session.flush()


def _terms_of(contract: AccountTerms) -> dict[str, Any]:
    """What a contract's row says: the schedule, late money, and who is paid first."""
    orders = (contract.allocation, contract.non_accrual_allocation)
    return {
        "schedule": document_of(contract.schedule),
        "lateness": lateness_document(contract.lateness),
        "allocation": allocation_document(*orders),
    }


async def opened(database: Database, cases: Mapping[str, Case] | None = None) -> NoteBook:
    """A book of notes drawn on the first day."""
    book = NoteBook(database)
    await book.open(cases or PLAIN)
    await book.known(START)
    return book


async def rows(database: Database, statement: str, **values: Any) -> list[Any]:
    """What a statement finds."""
    async with database.reading() as session:
        return list((await session.execute(text(statement), values)).all())


async def ledger(database: Database) -> dict[str, Decimal]:
    """The general ledger's balances, all currencies in one."""
    found = await rows(
        database, "SELECT account, sum(amount) AS amount FROM journal_line GROUP BY account"
    )
    return {row.account: row.amount for row in found}
