"""What people ask of a loan's process, and what they are told.

Every command carries the caller's idempotency key as `command_id`: the same key gets the same
answer, also after the process has moved to a new run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.people import Actor
from domain.process import Stage, Verdict
from domain.violations import Finding


@dataclass(frozen=True)
class LoanStart:
    """The workflow's input: which application, and who starts it."""

    loan_id: UUID
    origin: str = "desk"


@dataclass(frozen=True)
class Submit:
    """An officer presses Submit on a draft."""

    command_id: str
    loan_id: UUID
    actor: Actor


@dataclass(frozen=True)
class Decide:
    """A reviewer's recommendation or an approver's decision.

    `seen_version` is the case version the person read; another one is refused as stale.
    """

    command_id: str
    loan_id: UUID
    actor: Actor
    stage: Stage
    verdict: Verdict
    comment: str
    seen_version: int


@dataclass(frozen=True)
class Supplement:
    """The customer's side answers a return; the case goes back to the stage that asked."""

    command_id: str
    loan_id: UUID
    actor: Actor
    note: str


@dataclass(frozen=True)
class Release:
    """A release officer's signature (放款审核 or 复核), or a refusal to sign, on one drawdown."""

    command_id: str
    loan_id: UUID
    actor: Actor
    drawdown: int
    terms_sha256: str
    approve: bool = True
    comment: str = ""


@dataclass(frozen=True)
class Withdraw:
    """The customer withdraws before any money has left."""

    command_id: str
    loan_id: UUID
    actor: Actor
    reason: str


@dataclass(frozen=True)
class ExtendDeadline:
    """A superior gives the open task more working days, with a reason."""

    command_id: str
    loan_id: UUID
    actor: Actor
    working_days: int
    reason: str


@dataclass(frozen=True)
class Receipt:
    """The answer to a command: accepted, or refused with the rule's code and findings."""

    accepted: bool
    case_number: str | None = None
    version: int = 0
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Submission:
    """The answer to a submission and what the process needs to plan the road."""

    receipt: Receipt
    needs_authorisation: bool = False
    sources: tuple[str, ...] = ()
    product: str = ""
    amount_band: str = ""


@dataclass(frozen=True)
class OpenWait:
    """A wait of the process as the database knows it: its ladder of instants.

    All instants are aware UTC. `task_id` is the open task's, `version` the case's.
    """

    task_id: UUID
    version: int
    remind_at: datetime
    due_at: datetime
    next_level_at: datetime
    lapse_at: datetime


@dataclass(frozen=True)
class InboxFact:
    """One provider event that had its effect: its kind and what it was about."""

    kind: str
    reference: str
    outcome: str
