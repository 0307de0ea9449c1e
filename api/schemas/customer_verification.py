"""A customer's verification as programs are told it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.schemas.strict import Told


class AnswerTold(Told):
    """How one source answered, or why it has not."""

    source: str
    status: str
    failure: str | None
    tries: int
    as_of: date | None
    facts: dict[str, str | None]
    latency_ms: int | None
    raw_sha256: str | None
    reported_at: datetime


class CellTold(Told):
    """One field at one source, or one hit; fractions of the declared value."""

    field: str
    source: str
    is_hit: bool
    declared: str
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: str
    disposition_id: UUID | None
    reason: str | None
    waiting_id: UUID | None


class VerificationLineTold(Told):
    """One verification in the list of all; `summary` holds counts and milliseconds."""

    id: UUID
    cause: str
    opened_at: datetime
    closed_at: datetime | None
    summary: dict[str, Any]


class VerificationTold(Told):
    """One verification, whole."""

    line: VerificationLineTold
    sources: tuple[AnswerTold, ...]
    cells: tuple[CellTold, ...]


class VerificationsTold(Told):
    """The newest verification or the one named, the list, and whether one is under way."""

    shown: VerificationTold | None
    lines: tuple[VerificationLineTold, ...]
    under_way: bool
