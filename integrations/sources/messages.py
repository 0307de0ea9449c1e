"""A question to a source and its answer, as the bank's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from integrations.sources.catalogue import SourceName


class ReportStatus(StrEnum):
    """Pending: asked, no facts yet. Refused: the source will not say."""

    ANSWERED = "answered"
    PENDING = "pending"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """Whom we ask about, why, and on which consent.

    `declared` holds the customer's own figures as text. Only the shipped simulator reads it, to
    answer coherently about firms that do not exist: `legal_representative`, `established_on`,
    `registered_capital`, `address`, `controller`, `revenue`, `net_profit`, `tax`, `inflow_12m`.
    An adapter to a real source must ignore it: a source that knows what was declared proves
    nothing.
    """

    registration_scheme: str
    registration_number: str
    name: str
    purpose: str
    consent_id: str | None = None
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a source stated. A fact of None means the source does not know it."""

    source: SourceName
    status: ReportStatus
    as_of: date
    facts: Mapping[str, str | None]
    raw_sha256: str
    latency_ms: int
