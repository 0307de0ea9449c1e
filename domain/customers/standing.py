"""Whether the bank lends to a customer at all."""

from __future__ import annotations

from enum import StrEnum

from domain.violations import LoanRuleViolation


class LendingStanding(StrEnum):
    """Open; lending stopped (停贷: nothing new); locked (锁定: nothing moves but repayment)."""

    OPEN = "open"
    STOPPED = "stopped"
    LOCKED = "locked"


def refuse_lending(standing: str) -> None:
    """Refuse whatever would lend more. Violations: `customer.stopped`, `customer.locked`."""
    if standing != LendingStanding.OPEN:
        raise LoanRuleViolation(f"customer.{LendingStanding(standing).value}")
