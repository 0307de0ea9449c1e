"""Held money given back to its payer (退款): who may, to whom, and the states of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.people import Actor, Role
from domain.violations import Finding, FindingsViolation

REASON_MAX = 500
_NAME_MAX = 120
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,34}")
_BANK_CODE = re.compile(r"[0-9]{12}")

OPERATORS = (Role.OPERATIONS,)
"""Who matches money, proposes a refund and approves another's proposal."""


class RefundStatus(StrEnum):
    """Where a refund stands. Settled, rejected, taken back and failed are final."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    REJECTED = "rejected"
    FAILED = "failed"


UNDER_WAY = (
    RefundStatus.APPROVED,
    RefundStatus.SENT,
    RefundStatus.ACCEPTED,
    RefundStatus.UNKNOWN,
)
"""Approved, and not ended yet: the money is the rail's matter."""


@dataclass(frozen=True)
class Payee:
    """Where the money goes."""

    name: str
    account: str
    bank_code: str | None = None


@dataclass(frozen=True)
class MatchReceipt:
    """Held money is one loan's after all. `seen_events` is what its preview was made from."""

    command_id: str
    loan_id: UUID
    actor: Actor
    receipt_id: UUID
    seen_events: int


@dataclass(frozen=True)
class ReverseReceipt:
    """Money posted to a loan was not its own: the account runs without it, the money is held."""

    command_id: str
    loan_id: UUID
    actor: Actor
    receipt_id: UUID
    reason: str
    seen_events: int


@dataclass(frozen=True)
class ProposeRefund:
    """One person asks that held money goes back."""

    command_id: str
    refund_id: UUID
    actor: Actor
    receipt_id: UUID
    payee: Payee
    reason: str


@dataclass(frozen=True)
class DecideRefund:
    """Another person approves it; anybody of the desk, its proposer too, may reject it."""

    command_id: str
    refund_id: UUID
    actor: Actor
    approve: bool
    comment: str


def checked_payee(payee: Payee, reason: str) -> Payee:
    """The payee as it is paid. Violations: findings by field."""
    account = payee.account.replace(" ", "").replace("-", "")
    cleaned = Payee(payee.name.strip(), account, (payee.bank_code or "").strip() or None)
    findings = tuple(_findings(cleaned, reason.strip()))
    if findings:
        raise FindingsViolation(findings)
    return cleaned


def _findings(payee: Payee, reason: str) -> Iterator[Finding]:
    if not payee.name:
        yield Finding("payee_name", "field.required")
    if len(payee.name) > _NAME_MAX:
        yield Finding("payee_name", "text.too_long", {"max": str(_NAME_MAX)})
    if not payee.account:
        yield Finding("payee_account", "field.required")
    elif _ACCOUNT.fullmatch(payee.account) is None:
        yield Finding("payee_account", "refund.account")
    if payee.bank_code is not None and _BANK_CODE.fullmatch(payee.bank_code) is None:
        yield Finding("payee_bank_code", "bank_code.malformed")
    if not reason:
        yield Finding("reason", "field.required")
    if len(reason) > REASON_MAX:
        yield Finding("reason", "text.too_long", {"max": str(REASON_MAX)})
