"""Later drawdowns of a booked loan (分次提款): what is undrawn, until when, and who is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.accounts import Account
from domain.accounts.account import AccrualStatus
from domain.commands import Receipt
from domain.money import Currency, checked_amount
from domain.people import Actor, Role
from domain.violations import LoanRuleViolation

REQUESTERS: tuple[Role, ...] = (Role.CUSTOMER_MANAGER, Role.OPERATIONS)
DAYS_TO_SETTLE = 5
"""Money may take some days to arrive: an instalment must still be ahead then."""


@dataclass(frozen=True)
class RequestDrawdown:
    """Asks for a later drawdown of a loan, to the agreed payee, as it was previewed today.

    `seen_events` is how many events of the account the preview was made from.
    """

    command_id: str
    loan_id: UUID
    actor: Actor
    amount: Decimal
    seen_events: int


@dataclass(frozen=True)
class RequestedDrawdown:
    """The answer to a request, and the number of the drawdown that is under way by it."""

    receipt: Receipt
    number: int = 0


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the bank agreed to lend in parts, and how far it went. Amounts in `currency`.

    `under_way` is asked for and not yet paid out; `lapsed` was undrawn when the availability
    period ended. `available_to_on` is the last day on which a drawdown may be asked for, and
    `drawdowns` counts those paid out or under way.
    """

    currency: Currency
    principal: Decimal
    drawn: Decimal
    under_way: Decimal
    lapsed: Decimal
    lapsed_on: date | None
    drawdowns: int
    drawdowns_max: int
    available_to_on: date

    @property
    def undrawn(self) -> Decimal:
        """What may still be asked for."""
        return self.principal - self.drawn - self.under_way - self.lapsed

    def is_open(self, today: date) -> bool:
        """Whether anything may still be asked for on a day."""
        in_time = today <= self.available_to_on and self.lapsed_on is None
        return in_time and self.undrawn > 0 and self.drawdowns < self.drawdowns_max


def refuse_request(
    amount: Decimal, commitment: Commitment | None, account: Account, today: date
) -> None:
    """Refuse a drawdown that is not within what was agreed, or of a loan that does not stand well.

    Violations: `drawdown.*`, `amount.*`.
    """
    if commitment is None:
        raise LoanRuleViolation("drawdown.drawn_at_once")
    if commitment.under_way:
        raise LoanRuleViolation("drawdown.under_way")
    refuse_standing(account, today)
    if today > commitment.available_to_on or commitment.lapsed_on is not None:
        latest = commitment.available_to_on.isoformat()
        raise LoanRuleViolation("drawdown.availability_ended", latest=latest)
    if commitment.drawdowns >= commitment.drawdowns_max:
        raise LoanRuleViolation("drawdown.count", most=str(commitment.drawdowns_max))
    asked, undrawn = checked_amount(amount, commitment.currency), commitment.undrawn
    if not 0 < asked <= undrawn:
        raise LoanRuleViolation(
            "drawdown.above_undrawn", undrawn_amount=f"{max(undrawn, Decimal(0)):f}"
        )


def refuse_standing(account: Account, today: date) -> None:
    """Refuse new money to a loan that is late or ended, whatever was agreed.

    Judged when it is asked for, at each signature and once more before it is paid.
    Violations: `drawdown.*`.
    """
    if account.settled:
        raise LoanRuleViolation("drawdown.repaid")
    if account.written_off_on is not None:
        raise LoanRuleViolation("drawdown.written_off")
    if account.accelerated_on is not None:
        raise LoanRuleViolation("drawdown.accelerated")
    if account.accrual_status is AccrualStatus.NON_ACCRUAL:
        raise LoanRuleViolation("drawdown.non_accrual")
    if account.days_past_due:
        raise LoanRuleViolation("drawdown.arrears", days=str(account.days_past_due))
    if account.misused:
        raise LoanRuleViolation("drawdown.misused")
    if max(line.due_on for line in account.lines) <= today + timedelta(days=DAYS_TO_SETTLE):
        raise LoanRuleViolation("drawdown.matures")
