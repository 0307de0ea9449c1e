"""A loan taken through the bank's own writing: draft, case, contract, release, payout."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from domain.commands import LoanStart, Receipt, Release, Submission, Submit
from domain.process import TaskKind, Verdict
from domain.schedules import ScheduleLine
from persistence.accounts import account_terms
from persistence.contracts import open_contract
from persistence.payouts import apply_payment_state, enter_repayment
from persistence.releases import open_release, record_release, write_intent
from persistence.stages import locked_loan
from persistence.submissions import accept_submission
from persistence.tables import Contract, DecisionRow, Drawdown, Instalment, Loan
from tests.workflows.book import Book

SECRET = b"a secret of the tests"
DESKS = (("ops1", TaskKind.RELEASE_REVIEW), ("ops2", TaskKind.RELEASE_RECHECK))


@dataclass
class Booking:
    """One bank, and the instant it stands at."""

    book: Book
    at: datetime

    async def submitted(self, product: str, **fields: str) -> tuple[UUID, Submission]:
        """A draft is submitted as it is."""
        loan_id = await self.book.draft(product, **fields)
        command = Submit(str(uuid.uuid4()), loan_id, self.book.people["manager"])
        async with self.book.database.transaction() as session:
            submission = await accept_submission(session, LoanStart(loan_id), command, self.at, 1)
        return loan_id, submission

    async def contracted(self, product: str, rate: str = "0.0435", **fields: str) -> UUID:
        """A case approved at a rate, its contract signed."""
        loan_id, submission = await self.submitted(product, **fields)
        assert submission.receipt.accepted, submission.receipt.findings
        async with self.book.database.transaction() as session:
            loan = await locked_loan(session, loan_id)
            loan.yearly_rate = Decimal(rate)
            session.add(_approval(loan_id, self.at))
        async with self.book.database.transaction() as session:
            await open_contract(session, loan_id, self.at, 2, SECRET)
        async with self.book.database.transaction() as session:
            contract = await session.get_one(Contract, loan_id)
            contract.effective_at = self.at
        return loan_id

    async def signed(self, loan_id: UUID, number: int = 1) -> list[Receipt]:
        """Both officers are asked."""
        answers: list[Receipt] = []
        for version, (who, kind) in enumerate(DESKS, start=3):
            async with self.book.database.transaction() as session:
                await open_release(session, loan_id, kind, number, self.at, version)
            async with self.book.database.transaction() as session:
                drawdown = await session.get_one(Drawdown, (loan_id, number))
                command = Release(
                    str(uuid.uuid4()),
                    loan_id,
                    self.book.people[who],
                    number,
                    drawdown.terms_sha256,
                )
                answers.append(await record_release(session, command, self.at))
        return answers

    async def paid_out(self, loan_id: UUID, number: int = 1) -> None:
        """The rail settles what both officers released."""
        await self.signed(loan_id, number)
        async with self.book.database.transaction() as session:
            intent = await write_intent(session, loan_id, number, self.at, 5)
        async with self.book.database.transaction() as session:
            await apply_payment_state(session, intent.key, "settled", "REF", None, self.at)
            await enter_repayment(session, loan_id, self.at, 6)

    async def rows(self, loan_id: UUID) -> tuple[ScheduleLine, ...]:
        """The booked schedule."""
        mine = select(Instalment).where(col(Instalment.loan_id) == loan_id)
        async with self.book.database.reading() as session:
            found = (await session.execute(mine.order_by(col(Instalment.n)))).scalars().all()
            loan = await session.get_one(Loan, loan_id)
            await account_terms(session, loan)
        return tuple(
            ScheduleLine(
                row.n,
                row.period_start_on,
                row.due_on,
                row.principal,
                row.interest,
                row.balance_after,
            )
            for row in found
        )


def _approval(loan_id: UUID, at: datetime) -> DecisionRow:
    return DecisionRow(
        loan_id=loan_id,
        command_id="engine",
        maker="engine",
        verdict=Verdict.APPROVE,
        reasons=[],
        decided_at=at,
        inputs={},
        matched_rules=[],
        contributions=[],
    )
