"""Every refusal as one value: its HTTP status, its code, and the findings behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.commands import Receipt
from domain.violations import (
    DutyViolation,
    Finding,
    FindingsViolation,
    LoanRuleViolation,
    ProcessUnavailable,
    StaleViolation,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a person or program is told. Nothing in it repeats what was sent."""

    status: int
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer."""


class NotFound(LoanRuleViolation):
    """It does not exist, or it is not this person's to see; nobody learns which."""

    def __init__(self) -> None:
        super().__init__("not_found")


class Forbidden(LoanRuleViolation):
    """The request may not come this way: wrong role, foreign page, undeclared route."""


# Codes whose plain meaning in HTTP is not 422.
_STATUS: Mapping[str, int] = {
    "not_found": 404,
    "case.unknown": 404,
    "draft.unknown": 404,
    "customer.unknown": 404,
    "task.unknown": 404,
    "receipt.unknown": 404,
    "refund.unknown": 404,
    "document.unknown": 404,
    "draft.submitted": 409,
    "refund.not_open": 409,
    "refund.open": 409,
    "refund.money_moved": 409,
    "suspense.not_open": 409,
    "suspense.refund_open": 409,
    "task.closed": 409,
    "task.claimed": 409,
    "task.none_open": 409,
    "task.claimed_by_another": 409,
    "task.not_open": 409,
    "task.not_yours": 403,
    "case.changed": 409,
    "case.closed": 409,
    "case.stage": 409,
    "sign_in_failed": 401,
    "too_many_attempts": 429,
    "request.media_type": 415,
    "idempotency.missing": 400,
    "change.unknown": 404,
    "change.not_open": 409,
    "change.lapsed": 409,
    "change.drawdown_under_way": 409,
    "drawdown.under_way": 409,
    "drawdown.change_under_way": 409,
    "proposal.unknown": 404,
    "proposal.decided": 409,
    "proposal.own": 403,
    "proposal.not_own": 403,
    "proposal.spoken": 403,
    "customer.busy": 409,
    "rating.moved_on": 409,
    "customer.lookalike": 409,
    "customer.compare": 409,
    "dossier.changed": 409,
    "paper.unknown": 404,
    "paper.checked": 409,
    "paper.superseded": 409,
    "customer.stopped": 409,
    "customer.locked": 409,
    "customer.standing_already": 409,
    "limit.short": 409,
    "limit.frozen": 409,
    "limit.closed": 409,
    "limit.expired": 409,
    "limit.not_yet": 409,
    "limit.known": 409,
    "limit.in_use": 409,
    "limit.standing_already": 409,
    "customer.review_overdue": 409,
    "proposal.open_already": 409,
    "alert.unknown": 404,
    "alert.closed": 409,
    "alert.risk_signature": 403,
    "covenant.unknown": 404,
    "review.unknown": 404,
    "review.done": 409,
    "review.facts_open": 409,
    "refresh.unknown": 404,
    "refresh.closed": 409,
    "ladder.unknown": 404,
    "ladder.not_open": 409,
    "notice.unknown": 404,
    "notice.not_yours": 403,
    "drawdown.frozen": 409,
    "callback.forged": 401,
    "paper.unavailable": 503,
}


def refusal_of(error: Exception) -> Refusal:
    """The refusal a raised error stands for. Anything unforeseen is a plain 500."""
    if isinstance(error, NotSignedIn):
        return Refusal(401, "session_expired", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, ProcessUnavailable):
        return Refusal(503, "engine_unavailable", headers={"Retry-After": "5"})
    if isinstance(error, FindingsViolation):
        return Refusal(422, error.code, findings=error.findings)
    if isinstance(error, LoanRuleViolation):
        return Refusal(_status_of(error), error.code, error.params)
    return Refusal(500, "http.500")


def refusal_in(receipt: Receipt) -> Refusal:
    """The refusal a receipt carries."""
    status = _by_family(receipt.code) or _STATUS.get(receipt.code, 422)
    return Refusal(status, receipt.code, receipt.params, receipt.findings)


def _status_of(error: LoanRuleViolation) -> int:
    if isinstance(error, StaleViolation):
        return 409
    if isinstance(error, DutyViolation | Forbidden):
        return 403
    return _STATUS.get(error.code, 422)


def _by_family(code: str) -> int | None:
    """A receipt has lost the violation's class on its way; its family says the same."""
    families = {"duty": 403, "stale": 409}
    return families.get(code.partition(".")[0])
