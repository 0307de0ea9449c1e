"""What the workflows pass to activities: always one frozen value in, one out.

`at` is the workflow's own instant, so that a replayed or time-skipped loan and its rows agree.
`version` is the case version the step may bring the row to; an older one changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.commands import Decide, ExtendDeadline, LoanStart, Release, Submit, Supplement, Withdraw
from domain.process import CaseStatus, Stage, TaskKind


@dataclass(frozen=True)
class Step:
    """A step of one case."""

    loan_id: UUID
    at: datetime
    version: int


@dataclass(frozen=True)
class SubmitStep:
    """Accept a submission."""

    start: LoanStart
    command: Submit
    at: datetime
    version: int


@dataclass(frozen=True)
class DecideStep:
    """Record a decision."""

    command: Decide
    at: datetime


@dataclass(frozen=True)
class SupplementStep:
    """Record a supplement."""

    command: Supplement
    at: datetime


@dataclass(frozen=True)
class WithdrawStep:
    """Withdraw a case."""

    command: Withdraw
    at: datetime
    version: int


@dataclass(frozen=True)
class ReleaseStep:
    """Record a release signature."""

    command: Release
    at: datetime


@dataclass(frozen=True)
class ExtendStep:
    """Extend a deadline."""

    command: ExtendDeadline
    at: datetime


@dataclass(frozen=True)
class RungStep:
    """A task reaches a rung of its ladder."""

    task_id: UUID
    rung: str
    at: datetime


@dataclass(frozen=True)
class DeskStep:
    """Open or resume a desk."""

    loan_id: UUID
    stage: Stage
    at: datetime
    version: int


@dataclass(frozen=True)
class SourceStep:
    """Ask one source."""

    loan_id: UUID
    source: str
    at: datetime


@dataclass(frozen=True)
class ReleaseDeskStep:
    """Open one of the two release desks for a drawdown."""

    loan_id: UUID
    kind: TaskKind
    drawdown: int
    at: datetime
    version: int


@dataclass(frozen=True)
class PayoutStep:
    """Act on a payout by its business key."""

    key: str
    at: datetime


@dataclass(frozen=True)
class EndStep:
    """End a case."""

    loan_id: UUID
    status: CaseStatus
    reason: str
    at: datetime
    version: int


@dataclass(frozen=True)
class NumberedStep:
    """A step about one instalment, drawdown or threshold of a case."""

    loan_id: UUID
    number: int
    at: datetime
    version: int


@dataclass(frozen=True)
class TroubleStep:
    """A step that keeps failing: its name, and the kind of its failure (never its text)."""

    loan_id: UUID
    name: str
    reason: str
    at: datetime
    is_case: bool = True  # before a submission is accepted there is no case to point to

    @property
    def incident_key(self) -> str:
        """One incident for each step of each loan."""
        return f"failing_step:{self.loan_id}:{self.name}"

    @property
    def known_loan_id(self) -> UUID | None:
        """The loan to point to, if it is a case already."""
        return self.loan_id if self.is_case else None
