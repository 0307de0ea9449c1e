"""A book with limits: set under four eyes, and drawdowns that ask for their share of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlmodel import col

from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.limits.tree import Load
from persistence.clock import business_date
from persistence.customer_effects import EFFECTS
from persistence.customer_proposals import decide, propose
from persistence.engine import Database
from persistence.limit_nodes import loads_of
from persistence.limits import consume, follow_outstanding, release, reserve
from persistence.queries.invariants.limits import limits_hold
from persistence.tables import (
    Customer,
    CustomerRating,
    Drawdown,
    LimitNode,
    LimitUse,
    Loan,
    ReleaseSign,
)
from tests.workflows.book import Book

D = Decimal
STATEMENT = {
    "receivables": "25000000",
    "prepayments": "5000000",
    "inventory": "20000000",
    "current_assets": "60000000",
    "total_assets": "130000000",
    "short_term_debt": "8000000",
    "payables": "15000000",
    "advances_received": "3000000",
    "current_liabilities": "45000000",
    "long_term_debt": "10000000",
    "total_liabilities": "60000000",
    "equity": "70000000",
    "retained_earnings": "30000000",
    "revenue": "120000000",
    "cost_of_sales": "95000000",
    "depreciation": "4000000",
    "ebit": "14000000",
    "interest_expense": "1500000",
    "tax": "3000000",
    "net_profit": "9500000",
}
ASK = {"amount": "9000000.00", "tenor_months": 12, "growth": "0.10"}


@dataclass
class LimitBook:
    """Customers, their limits and the drawdowns that use them."""

    book: Book
    database: Database
    today: date
    loans: int = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def customer(self, name: str, industry: str | None = None) -> UUID:
        """One more customer."""
        customer_id = uuid4()
        async with self.database.transaction() as session:
            session.add(
                Customer(
                    id=customer_id,
                    scheme="other",
                    registration_number=name,
                    name=name,
                    name_key=name,
                    industry=industry,
                    opened_by=UUID(self.book.people["manager"].staff_id),
                    opened_at=self.now(),
                )
            )
        return customer_id

    async def proposed(
        self,
        content: Mapping[str, Any],
        customer_id: UUID | None = None,
        kind: ProposalKind = ProposalKind.LIMIT_EXCEPTION,
    ) -> UUID:
        """A proposal of the customer manager."""
        command = ProposeForCustomer(
            str(uuid4()),
            customer_id or self.book.customer_id,
            self.book.people["manager"],
            kind,
            content,
            "年度授信",
        )
        async with self.database.transaction() as session:
            receipt = await propose(session, command, self.now(), EFFECTS)
        return UUID(receipt.params["proposal"])

    async def approved_once(self, proposal: UUID) -> None:
        """The first approval."""
        await self.approved(proposal, voices=("risk",))

    async def approved(
        self,
        proposal: UUID,
        customer_id: UUID | None = None,
        voices: tuple[str, ...] = ("risk", "approver"),
    ) -> None:
        """One person's approval after another's."""
        for who in voices:
            command = DecideProposal(
                str(uuid4()),
                customer_id or self.book.customer_id,
                self.book.people[who],
                proposal,
                approve=True,
            )
            async with self.database.transaction() as session:
                await decide(session, command, self.now(), EFFECTS)

    async def set_limit(
        self, level: str, amount: str, customer_id: UUID | None = None, **changes: Any
    ) -> UUID:
        """A limit in force, set as an exception by two approvers; the node's id."""
        content = {**self.content(level, amount), **changes}
        proposal = await self.proposed(content, customer_id)
        await self.approved(proposal, customer_id)
        return proposal

    async def act(self, act: str, node: UUID, customer_id: UUID | None = None, **more: Any) -> None:
        """An act on a limit, approved."""
        content = {"act": act, "node": str(node), **more}
        await self.approved(await self.proposed(content, customer_id), customer_id)

    def content(self, level: str, amount: str) -> dict[str, Any]:
        return {
            "act": "set",
            "level": level,
            "name": f"{level} limit",
            "amount": amount,
            "currency": "CNY",
            "revolving": True,
            "valid_from_on": self.today.isoformat(),
            "valid_to_on": (self.today + timedelta(days=365)).isoformat(),
        }

    async def rated(self, grade: str, customer_id: UUID | None = None) -> None:
        """A rating in force instead of the one before."""
        customer = customer_id or self.book.customer_id
        async with self.database.transaction() as session:
            mine = col(CustomerRating.customer_id) == customer
            await session.execute(
                update(CustomerRating).where(mine).values(superseded_at=self.now())
            )
            session.add(
                CustomerRating(
                    id=uuid4(),
                    customer_id=customer,
                    cause="test",
                    rated_at=self.now(),
                    rated_on=self.today,
                    valid_to_on=self.today + timedelta(days=365),
                    method="test",
                    model="test",
                    grade=grade,
                    model_grade=grade,
                    detail={},
                    challenger={},
                )
            )

    async def loan(
        self,
        customer_id: UUID | None = None,
        product: str = "WC_ONE_OFF",
        currency: str = "CNY",
        outstanding: str = "0.00",
    ) -> UUID:
        """A loan whose contract is signed and whose money waits for its officers."""
        loan_id, now = uuid4(), self.now()
        self.loans += 1
        year = self.today.year - 1
        async with self.database.transaction() as session:
            session.add(
                Loan(
                    id=loan_id,
                    case_number=f"CL20260101-{self.loans:06}",
                    customer_id=customer_id or self.book.customer_id,
                    officer_id=UUID(self.book.people["manager"].staff_id),
                    origin="desk",
                    product_code=product,
                    product_version=1,
                    amount=D("5000000.00"),
                    currency=currency,
                    tenor_months=12,
                    method="equal_instalment",
                    facts={},
                    statements={str(year): STATEMENT, str(year - 1): STATEMENT},
                    stage="release",
                    status="active",
                    wait_reason="release_recheck",
                    entered_at=now,
                    submitted_at=now,
                    version=1,
                    outstanding=D(outstanding),
                )
            )
        return loan_id

    async def drawdown(self, loan_id: UUID, amount: str, number: int = 1) -> None:
        """A request for money."""
        async with self.database.transaction() as session:
            loan = await session.get_one(Loan, loan_id)
            session.add(
                Drawdown(
                    loan_id=loan_id,
                    number=number,
                    amount=D(amount),
                    currency=loan.currency,
                    payee_name="收款人",
                    payee_account="6222020200112233445",
                    method="transfer",
                    terms_sha256=hashlib.sha256(b"terms").hexdigest(),
                    status="requested",
                    requested_at=self.now(),
                )
            )

    async def signed_twice(self, loan_id: UUID, number: int = 1) -> None:
        """Both release officers' signatures, as rows."""
        async with self.database.transaction() as session:
            for who, hand in (("ops1", "release_reviewer"), ("ops2", "release_rechecker")):
                session.add(
                    ReleaseSign(
                        loan_id=loan_id,
                        number=number,
                        hand=hand,
                        staff_id=UUID(self.book.people[who].staff_id),
                        terms_sha256=hashlib.sha256(b"terms").hexdigest(),
                        signed_at=self.now(),
                    )
                )

    async def reserved(
        self, loan_id: UUID, number: int = 1, database: Database | None = None
    ) -> None:
        """What the second signature does."""
        async with (database or self.database).transaction() as session:
            loan = await session.get_one(Loan, loan_id, with_for_update=True)
            drawdown = await session.get_one(Drawdown, (loan_id, number), with_for_update=True)
            await reserve(session, loan, drawdown, self.now())

    async def asked(self, amount: str, customer_id: UUID | None = None, **loan: str) -> UUID:
        """A loan with one drawdown, reserved."""
        loan_id = await self.loan(customer_id, **loan)
        await self.drawdown(loan_id, amount)
        await self.reserved(loan_id)
        return loan_id

    async def paid(self, loan_id: UUID, number: int = 1) -> None:
        """What a settled payout does."""
        now = self.now()
        async with self.database.transaction() as session:
            loan = await session.get_one(Loan, loan_id, with_for_update=True)
            drawdown = await session.get_one(Drawdown, (loan_id, number))
            drawdown.status = "settled"
            await consume(session, loan, number, now)
            loan.outstanding += drawdown.amount
            await follow_outstanding(session, loan, now)

    async def owed(self, loan_id: UUID, outstanding: str) -> None:
        """What a receipt, or a reversed one, does."""
        async with self.database.transaction() as session:
            loan = await session.get_one(Loan, loan_id, with_for_update=True)
            loan.outstanding = D(outstanding)
            await follow_outstanding(session, loan, self.now())

    async def given_back(self, loan_id: UUID, reason: str = "payout_rejected") -> None:
        """What a rejected payout does."""
        async with self.database.transaction() as session:
            loan = await session.get_one(Loan, loan_id, with_for_update=True)
            drawdown = await session.get_one(Drawdown, (loan_id, 1))
            drawdown.status = "rejected"
            await release(session, loan, reason, self.now(), 1)

    async def node(self, node_id: UUID) -> LimitNode:
        async with self.database.reading() as session:
            return await session.get_one(LimitNode, node_id)

    async def load(self, node_id: UUID) -> Load:
        async with self.database.reading() as session:
            return (await loads_of(session, [node_id]))[node_id]

    async def use(self, loan_id: UUID, number: int = 1) -> LimitUse:
        async with self.database.reading() as session:
            return await session.get_one(LimitUse, (loan_id, number))

    async def uses(self) -> list[LimitUse]:
        async with self.database.reading() as session:
            return list((await session.execute(select(LimitUse))).scalars())

    async def breaks(self) -> set[str]:
        async with self.database.reading() as session:
            return {found.code for found in (await limits_hold(session)).breaks}


async def open_limit_book(database: Database) -> LimitBook:
    """A book with its staff, one customer and nothing lent."""
    book = Book(database)
    await book.open()
    async with database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    return LimitBook(book, database, today)
