"""The drawdowns of a loan as people read them: who asked, what came of each, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.drawdowns import Commitment
from domain.violations import LoanRuleViolation
from persistence.commitments import ShownDrawdown, commitment_of, preview_drawdown
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import Drawdown, Loan, Payout, Staff


@dataclass(frozen=True, slots=True)
class DrawdownLine:
    """One request for money. `requester` is None where the process itself asked.

    `status` is the drawdown's own; `reason` is the rail's for a rejection, `stopped_for` the code
    of the rule that stopped it.
    """

    number: int
    amount: Decimal
    currency: str
    status: str
    requested_at: datetime
    requester: BilingualName | None
    settled_at: datetime | None
    reference: str | None
    reason: str | None
    stopped_for: str | None


@dataclass(frozen=True, slots=True)
class LoanDrawdowns:
    """How far a loan is drawn; `commitment` is None where it was agreed to be drawn at once."""

    commitment: Commitment | None
    lines: tuple[DrawdownLine, ...]

    def may_be_asked(self, today: date) -> bool:
        """Whether a further drawdown may be asked for today, as far as the agreement goes."""
        found = self.commitment
        return found is not None and found.is_open(today) and not found.under_way


async def loan_drawdowns(session: AsyncSession, loan_id: UUID) -> LoanDrawdowns:
    """Every drawdown of a loan, the newest first."""
    loan = await session.get_one(Loan, loan_id)
    paid = and_(
        col(Payout.loan_id) == col(Drawdown.loan_id), col(Payout.drawdown) == col(Drawdown.number)
    )
    statement = (
        select(Drawdown, Payout, col(Staff.name_zh), col(Staff.name_en))
        .outerjoin(Payout, paid)
        .outerjoin(Staff, col(Staff.id) == col(Drawdown.requested_by))
        .where(col(Drawdown.loan_id) == loan_id)
        .order_by(col(Drawdown.number).desc())
    )
    rows = (await session.execute(statement)).all()
    lines = tuple(_line(row[0], row[1], bilingual(row[2], row[3])) for row in rows)
    return LoanDrawdowns(await commitment_of(session, loan), lines)


async def shown_drawdown(
    session: AsyncSession, loan_id: UUID, amount: Decimal, now: datetime
) -> ShownDrawdown:
    """What a drawdown would do today. Violations: `case.unknown` and those of the preview."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    return await preview_drawdown(session, loan, amount, now)


def _line(drawdown: Drawdown, payout: Payout | None, name: BilingualName | None) -> DrawdownLine:
    return DrawdownLine(
        number=drawdown.number,
        amount=drawdown.amount,
        currency=drawdown.currency,
        status=drawdown.status,
        requested_at=drawdown.requested_at,
        requester=name,
        settled_at=payout.settled_at if payout else None,
        reference=payout.reference if payout else None,
        reason=payout.reason if payout else None,
        stopped_for=drawdown.stopped_for,
    )
