"""What workflows carry from run to run, and how they end. Add fields with defaults only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.commands import Receipt
from domain.process import CaseStatus, Stage

STATE_VERSION = 1


@dataclass(frozen=True)
class LoanState:
    """A loan's own word on where it stands."""

    stage: Stage
    status: CaseStatus
    version: int


@dataclass(frozen=True)
class LoanEnd:
    """How a loan's workflow ended."""

    status: CaseStatus
    reason: str
    version: int


@dataclass(frozen=True)
class ServicingState:
    """What a loan in repayment carries into its next run.

    `answers` are the receipts of past commands, so that a repeated key keeps its answer;
    `drawdown` is the number of the one that is under way, 0 for none.
    """

    loan_id: UUID
    version: int
    answers: Mapping[str, Receipt] = field(default_factory=dict)
    state_version: int = STATE_VERSION
    drawdown: int = 0


class CaseEnded(Exception):
    """The case's road ends here."""

    def __init__(self, status: CaseStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
