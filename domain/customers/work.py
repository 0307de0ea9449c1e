"""What the bank has to do for a customer, one piece at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class WorkKind(StrEnum):
    """The kinds of work a customer's process carries out by itself."""

    VERIFY = "verify"
    RATE = "rate"
    WATCH = "watch"
    REVIEW = "review"


@dataclass(frozen=True)
class Work:
    """A piece of work that is due, and what caused it."""

    id: UUID
    kind: WorkKind
    cause: str


@dataclass(frozen=True)
class Agenda:
    """What is due now, and else the instant at which the next piece is."""

    work: Work | None = None
    next_at: datetime | None = None
