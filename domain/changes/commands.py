"""What people ask of a running loan about its changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.changes.change import Change
from domain.people import Actor


@dataclass(frozen=True)
class ProposeChange:
    """A change as it was previewed.

    `seen_events` is how many events the preview was made from, `seen_on` the business day it was
    made on; without one, a day that is closed by now is refused.
    """

    command_id: str
    loan_id: UUID
    actor: Actor
    change: Change
    reason: str
    seen_events: int
    seen_on: date | None = None


@dataclass(frozen=True)
class DecideChange:
    """A verdict on a proposal, given on the preview made from `seen_events` events."""

    command_id: str
    loan_id: UUID
    actor: Actor
    change_id: UUID
    approve: bool
    comment: str
    seen_events: int


@dataclass(frozen=True)
class WithdrawChange:
    """The proposer takes a proposal back."""

    command_id: str
    loan_id: UUID
    actor: Actor
    change_id: UUID
