"""Proposals for a customer as programs make, decide and are told them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.loans import NameTold
from api.schemas.strict import Asked, Comment, Paragraph, Told
from domain.customers import ProposalKind, ProposalStatus

CONTENT_ENTRIES_MAX = 60


class AskProposal(Asked):
    """Something to lay before others; `content` has the kind's own shape."""

    kind: ProposalKind
    content: Annotated[dict[str, Any], Field(max_length=CONTENT_ENTRIES_MAX)]
    reason: Paragraph


class DecideOnProposal(Asked):
    """A verdict on another person's proposal; a rejection says why."""

    approve: bool
    comment: Comment = ""


class VoiceTold(Told):
    """What one person said."""

    name: NameTold
    approve: bool
    comment: str
    spoken_at: datetime


class ProposalTold(Told):
    """A proposal with its voices."""

    id: UUID
    customer_id: UUID
    kind: ProposalKind
    content: dict[str, Any]
    reason: str
    status: ProposalStatus
    proposer: NameTold
    proposed_at: datetime
    due_at: datetime
    decided_at: datetime | None
    voices: tuple[VoiceTold, ...]
    needed: int


class ProposalsTold(Told):
    """A customer's newest proposals, open ones first."""

    proposals: tuple[ProposalTold, ...]
