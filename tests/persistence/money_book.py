"""A book with loans in repayment and the road money takes to them, without the engine."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import col
from temporalio.testing import ActivityEnvironment

from activities.inbox import InboxActivities
from activities.steps import Step
from domain.accounts.events import Drawdown
from domain.people import Actor
from integrations.statements import FileReader
from persistence.accounts import append_events
from persistence.clock import business_date
from persistence.engine import Database
from persistence.queries.invariants.accounts import accounts_tie_out
from persistence.queries.invariants.inbox import events_take_effect_once
from persistence.queries.invariants.journals import journals_balance
from persistence.queries.invariants.receipts import receipts_are_kept
from persistence.statement_intake import Intake, StatementFile, take_in
from persistence.tables import ClosedPeriod, Contract, Loan, Receipt, StatementLine
from tests.workflows.book import Book

PRINCIPAL = Decimal("1200000.00")
DRAWN_DAYS_AGO = 40


@dataclass
class MoneyBook:
    """Loans, statement files, and the steps that give money its effect."""

    book: Book
    database: Database
    today: date
    loans: int = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def lent(self, currency: str = "CNY") -> UUID:
        """A loan in repayment with one instalment due ten days ago."""
        loan_id, now = uuid4(), datetime.now(UTC)
        self.loans += 1
        drawn_on = self.today - timedelta(days=DRAWN_DAYS_AGO)
        async with self.database.transaction() as session:
            session.add(self._loan(loan_id, drawn_on, currency, now))
            await session.flush()
            session.add(_contract(loan_id, currency, now))
            await session.flush()
            loan = await session.get_one(Loan, loan_id)
            drawn = Drawdown(
                key=f"disb:{loan_id}:1", value_on=drawn_on, recorded_on=drawn_on, amount=PRINCIPAL
            )
            await append_events(session, loan, [drawn], now, back_dated=True)
        return loan_id

    async def taken(
        self, content: bytes, actor: Actor | None = None, name: str = "statement.csv"
    ) -> Intake:
        """Take a file in, as the desk does."""
        digest = hashlib.sha256(content).hexdigest()
        file = StatementFile(digest, name, len(content), "desk")
        read = FileReader().read(content)
        async with self.database.transaction() as session:
            return await take_in(
                session, file, read, actor or self.book.people["ops1"], datetime.now(UTC)
            )

    async def posted(self, *loans: UUID) -> None:
        """The loans look into their inbox, and the sweep ends what is nobody's."""
        inbox, later = InboxActivities(self.database), datetime.now(UTC) + timedelta(seconds=30)
        for loan_id in loans:
            await ActivityEnvironment().run(inbox.read_inbox, Step(loan_id, datetime.now(UTC), 2))
        await ActivityEnvironment().run(inbox.sweep_inbox, Step(UUID(int=0), later, 0))

    async def case_number(self, loan_id: UUID) -> str:
        return (await self.book.loan(loan_id)).case_number

    async def receipts(self) -> list[Receipt]:
        rows: list[Receipt] = await self.book.all_of(Receipt)
        return sorted(rows, key=lambda row: row.transaction_id)

    async def lines(self, intake: Intake) -> list[StatementLine]:
        statement = (
            select(StatementLine)
            .where(col(StatementLine.statement_id) == intake.statement_id)
            .order_by(col(StatementLine.position))
        )
        async with self.database.reading() as session:
            return list((await session.execute(statement)).scalars())

    async def held(self) -> dict[str, str | None]:
        """Why each transaction is held."""
        return {
            row.transaction_id: row.suspense_reason for row in await self.receipts() if row.suspense
        }

    async def breaks(self) -> Counter[str]:
        """What the invariants of money find broken."""
        later = datetime.now(UTC) + timedelta(seconds=5)
        async with self.database.reading() as session:
            found = [
                await receipts_are_kept(session),
                await journals_balance(session),
                await accounts_tie_out(session),
                await events_take_effect_once(session, later),
            ]
        return Counter(one.code for check in found for one in check.breaks)

    async def closed_to(self, last: date) -> None:
        """Days up to one are closed."""
        now = datetime.now(UTC)
        async with self.database.transaction() as session:
            session.add(
                ClosedPeriod(business_on=last, closed_at=now, difference=Decimal(0), notes=0)
            )

    async def closed(self, loan_id: UUID) -> None:
        """The case has ended."""
        async with self.database.transaction() as session:
            loan = await session.get_one(Loan, loan_id)
            loan.status = "settled"

    def _loan(self, loan_id: UUID, drawn_on: date, currency: str, now: datetime) -> Loan:
        return Loan(
            id=loan_id,
            case_number=f"CL20260101-{self.loans:06}",
            customer_id=self.book.customer_id,
            officer_id=UUID(self.book.people["manager"].staff_id),
            origin="desk",
            product_code="WC_ONE_OFF",
            product_version=1,
            amount=PRINCIPAL,
            currency=currency,
            tenor_months=12,
            method="equal_instalment",
            facts={},
            statements={},
            stage="repayment",
            status="active",
            wait_reason="instalment_due",
            entered_at=now,
            submitted_at=now,
            version=1,
            drawn_on=drawn_on,
            paid_out_at=now,
        )


def _contract(loan_id: UUID, currency: str, now: datetime) -> Contract:
    return Contract(
        loan_id=loan_id,
        number=f"HT-{loan_id.hex[:8]}",
        terms={},
        terms_sha256="a" * 64,
        document_hashes={},
        principal=PRINCIPAL,
        currency=currency,
        yearly_rate=Decimal("0.0435"),
        penalty_uplift=Decimal("0.5"),
        effective_at=now,
    )


async def open_money_book(database: Database) -> MoneyBook:
    """A book with its staff and nothing lent yet."""
    book = Book(database)
    await book.open()
    async with database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    return MoneyBook(book, database, today)


def rows_of(today: date, *rows: tuple[str, str, str]) -> bytes:
    """A CSV file: reference, amount and remittance of each line, in yuan, of today."""
    return csv_of([(number, today, amount, "CNY", "", text) for number, amount, text in rows])


def csv_of(rows: Sequence[tuple[Any, ...]]) -> bytes:
    head = "reference,value_date,amount,currency,payer_account,remittance"
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)]).encode()
