"""Four eyes on a customer (双人复核): one person proposes, others decide, approval takes effect.

Whatever changes what the bank holds to be true of a customer, or what it will lend, comes this
way: the kinds differ only in who may propose, who may approve, and how many of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.people import Act, Actor


class ProposalKind(StrEnum):
    """What is proposed."""

    FACTS = "facts"
    STATEMENTS = "statements"
    DOCUMENT_CHECK = "document_check"
    DISPOSITION = "disposition"
    OPINION = "opinion"
    STOP_LENDING = "stop_lending"
    LOCK = "lock"
    UNLOCK = "unlock"
    RATING_OVERRIDE = "rating_override"
    LIMIT = "limit"
    LIMIT_EXCEPTION = "limit_exception"
    COVENANT = "covenant"
    COVENANT_WAIVER = "covenant_waiver"
    ALERT_DOWNGRADE = "alert_downgrade"
    ALERT_CLOSURE = "alert_closure"
    LADDER = "ladder"


class ProposalStatus(StrEnum):
    """Where a proposal stands; only an open one can be decided."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposalRule:
    """Who may propose, who may approve, how many of these, and within how many working days."""

    proposer: Act
    approver: Act
    approvals: int = 1
    working_days: int = 5


RULES: Mapping[ProposalKind, ProposalRule] = {
    ProposalKind.FACTS: ProposalRule(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER),
    ProposalKind.STATEMENTS: ProposalRule(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER),
    ProposalKind.DOCUMENT_CHECK: ProposalRule(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER),
    ProposalKind.DISPOSITION: ProposalRule(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER),
    ProposalKind.OPINION: ProposalRule(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER),
    ProposalKind.STOP_LENDING: ProposalRule(Act.STOP_LENDING, Act.APPROVE_STOP, working_days=1),
    ProposalKind.LOCK: ProposalRule(Act.STOP_LENDING, Act.APPROVE_STOP, working_days=1),
    ProposalKind.UNLOCK: ProposalRule(Act.STOP_LENDING, Act.APPROVE_UNLOCK),
    ProposalKind.RATING_OVERRIDE: ProposalRule(Act.PROPOSE_RATING, Act.APPROVE_RATING, 2),
    ProposalKind.LIMIT: ProposalRule(Act.PROPOSE_LIMIT, Act.APPROVE_LIMIT),
    ProposalKind.LIMIT_EXCEPTION: ProposalRule(Act.PROPOSE_LIMIT, Act.APPROVE_LIMIT, 2),
    ProposalKind.COVENANT: ProposalRule(Act.KEEP_WATCH, Act.APPROVE_WATCH),
    ProposalKind.COVENANT_WAIVER: ProposalRule(Act.KEEP_WATCH, Act.APPROVE_WATCH),
    ProposalKind.ALERT_DOWNGRADE: ProposalRule(Act.KEEP_WATCH, Act.APPROVE_WATCH),
    ProposalKind.ALERT_CLOSURE: ProposalRule(Act.KEEP_WATCH, Act.APPROVE_WATCH),
    ProposalKind.LADDER: ProposalRule(Act.KEEP_WATCH, Act.APPROVE_WATCH, working_days=3),
}


@dataclass(frozen=True)
class ProposeForCustomer:
    """Lay something before those who decide it; `content` is JSON of the kind's own shape."""

    command_id: str
    customer_id: UUID
    actor: Actor
    kind: ProposalKind
    content: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class DecideProposal:
    """Approve or reject another person's proposal."""

    command_id: str
    customer_id: UUID
    actor: Actor
    proposal_id: UUID
    approve: bool
    comment: str = ""


@dataclass(frozen=True)
class WithdrawProposal:
    """The proposer takes it back."""

    command_id: str
    customer_id: UUID
    actor: Actor
    proposal_id: UUID
