"""Who may do what: roles, acts, and the hands one case may pass through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is, one or more at a time. A role only grants, never forbids."""

    CUSTOMER_MANAGER = "customer_manager"
    REVIEWER = "reviewer"
    RISK_OFFICER = "risk_officer"
    APPROVER = "approver"
    OPERATIONS = "operations"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a person can ask of the system. Deny by default: only `GRANTS` allows."""

    OPEN_CUSTOMER = "open_customer"
    EDIT_DRAFT = "edit_draft"
    SUBMIT = "submit"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    APPROVE = "approve"
    RELEASE = "release"
    EXTEND_DEADLINE = "extend_deadline"
    MATCH_RECEIPT = "match_receipt"
    PROPOSE_CHANGE = "propose_change"
    APPROVE_CHANGE = "approve_change"
    REQUEST_DRAWDOWN = "request_drawdown"
    READ_OWN_CASES = "read_own_cases"
    READ_ALL_CASES = "read_all_cases"
    READ_BOARD = "read_board"
    READ_HISTORY = "read_history"
    READ_DAY_END = "read_day_end"
    RUN_DAY_END = "run_day_end"
    PROPOSE_RATE = "propose_rate"
    APPROVE_RATE = "approve_rate"
    MANAGE_STAFF = "manage_staff"
    KEEP_DOSSIER = "keep_dossier"
    CHECK_DOSSIER = "check_dossier"
    STOP_LENDING = "stop_lending"
    APPROVE_STOP = "approve_stop"
    APPROVE_UNLOCK = "approve_unlock"
    PROPOSE_RATING = "propose_rating"
    APPROVE_RATING = "approve_rating"
    PROPOSE_LIMIT = "propose_limit"
    APPROVE_LIMIT = "approve_limit"
    KEEP_WATCH = "keep_watch"
    APPROVE_WATCH = "approve_watch"
    READ_CUSTOMERS = "read_customers"
    READ_PORTFOLIO = "read_portfolio"


GRANTS: dict[Role, frozenset[Act]] = {
    Role.CUSTOMER_MANAGER: frozenset(
        {
            Act.OPEN_CUSTOMER,
            Act.EDIT_DRAFT,
            Act.SUBMIT,
            Act.SUPPLEMENT,
            Act.WITHDRAW,
            Act.PROPOSE_CHANGE,
            Act.REQUEST_DRAWDOWN,
            Act.READ_OWN_CASES,
            Act.KEEP_DOSSIER,
            Act.PROPOSE_RATING,
            Act.PROPOSE_LIMIT,
            Act.KEEP_WATCH,
            Act.READ_CUSTOMERS,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Act.REVIEW,
            Act.READ_ALL_CASES,
            Act.KEEP_DOSSIER,
            Act.CHECK_DOSSIER,
            Act.STOP_LENDING,
            Act.PROPOSE_RATING,
            Act.PROPOSE_LIMIT,
            Act.READ_CUSTOMERS,
        }
    ),
    Role.RISK_OFFICER: frozenset(
        {
            Act.PROPOSE_RATE,
            Act.APPROVE_RATE,
            Act.READ_DAY_END,
            Act.EXTEND_DEADLINE,
            Act.APPROVE_CHANGE,
            Act.READ_ALL_CASES,
            Act.READ_BOARD,
            Act.CHECK_DOSSIER,
            Act.STOP_LENDING,
            Act.APPROVE_STOP,
            Act.PROPOSE_RATING,
            Act.APPROVE_RATING,
            Act.PROPOSE_LIMIT,
            Act.APPROVE_LIMIT,
            Act.KEEP_WATCH,
            Act.APPROVE_WATCH,
            Act.READ_CUSTOMERS,
            Act.READ_PORTFOLIO,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Act.APPROVE_RATE,
            Act.APPROVE,
            Act.APPROVE_CHANGE,
            Act.READ_ALL_CASES,
            Act.READ_BOARD,
            Act.APPROVE_STOP,
            Act.APPROVE_UNLOCK,
            Act.APPROVE_RATING,
            Act.APPROVE_LIMIT,
            Act.APPROVE_WATCH,
            Act.READ_CUSTOMERS,
            Act.READ_PORTFOLIO,
        }
    ),
    Role.OPERATIONS: frozenset(
        {
            Act.PROPOSE_RATE,
            Act.READ_DAY_END,
            Act.RUN_DAY_END,
            Act.RELEASE,
            Act.MATCH_RECEIPT,
            Act.PROPOSE_CHANGE,
            Act.REQUEST_DRAWDOWN,
            Act.APPROVE_CHANGE,
            Act.READ_ALL_CASES,
            Act.READ_CUSTOMERS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Act.READ_DAY_END,
            Act.READ_ALL_CASES,
            Act.READ_BOARD,
            Act.READ_HISTORY,
            Act.READ_CUSTOMERS,
            Act.READ_PORTFOLIO,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Act.MANAGE_STAFF}),
}


class Hand(StrEnum):
    """A duty one person performs on one case; nobody may hold two on the same case (四眼)."""

    CUSTOMER_MANAGER = "customer_manager"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    RELEASE_REVIEWER = "release_reviewer"
    RELEASE_RECHECKER = "release_rechecker"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind an act, as the door established it. Never read from a request body."""

    staff_id: str
    roles: tuple[Role, ...]

    def may(self, act: Act) -> bool:
        """Whether any of the actor's roles grants the act."""
        return any(act in GRANTS[role] for role in self.roles)
