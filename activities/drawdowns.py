"""Later drawdowns of a loan in repayment: asked for, and brought from desk to desk to the rail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from activities.refusals import refusal
from activities.steps import NumberedStep
from domain.drawdowns import RequestDrawdown, RequestedDrawdown
from domain.violations import LoanRuleViolation
from persistence import drawdowns
from persistence.drawdowns import DrawdownStanding
from persistence.engine import Database


@dataclass(frozen=True)
class RequestDrawdownStep:
    """Record a request for a later drawdown."""

    command: RequestDrawdown
    at: datetime


class DrawdownActivities:
    """Writes of the drawdown slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def request_drawdown(self, step: RequestDrawdownStep) -> RequestedDrawdown:
        """Record a request, or say why it is refused."""
        try:
            async with self._database.transaction() as session:
                return await drawdowns.request_drawdown(session, step.command, step.at)
        except LoanRuleViolation as refused:
            return RequestedDrawdown(refusal(refused))

    @activity.defn
    async def take_up_drawdown(self, step: NumberedStep) -> DrawdownStanding:
        """Bring a drawdown to what it waits for next."""
        async with self._database.transaction() as session:
            return await drawdowns.take_up(
                session, step.loan_id, step.number, step.at, step.version
            )
