"""The loan's process as the bank names it: stages, ends, waits, tasks and their colours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """Where a case stands on the road from submission to payoff, in order."""

    SUBMITTED = "submitted"
    AUTHORISATION = "authorisation"
    DATA_COLLECTION = "data_collection"
    RATING = "rating"
    DECISION = "decision"
    REVIEW = "review"
    APPROVAL = "approval"
    CONTRACT = "contract"
    RELEASE = "release"
    PAYOUT = "payout"
    REPAYMENT = "repayment"
    CLOSED = "closed"


ROAD: tuple[Stage, ...] = tuple(Stage)


class CaseStatus(StrEnum):
    """How a case ended, or that it has not. Orthogonal to its stage."""

    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SETTLED = "settled"


class WaitReason(StrEnum):
    """What a case waits for. Every open case names exactly one."""

    BANK_WORKING = "bank_working"
    BORROWER_SIGNATURE = "borrower_signature"
    SOURCES = "sources"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    SUPPLEMENT = "supplement"
    CONTRACT_SIGNATURE = "contract_signature"
    RELEASE_REVIEW = "release_review"
    RELEASE_RECHECK = "release_recheck"
    PAYMENT_RAIL = "payment_rail"
    INSTALMENT_DUE = "instalment_due"
    ARREARS = "arrears"
    NOTHING = "nothing"


class TaskKind(StrEnum):
    """The human tasks of a case. A signature is a task of the borrower."""

    SIGN_AUTHORISATION = "sign_authorisation"
    REVIEW = "review"
    APPROVAL = "approval"
    SUPPLEMENT = "supplement"
    SIGN_CONTRACT = "sign_contract"
    RELEASE_REVIEW = "release_review"
    RELEASE_RECHECK = "release_recheck"


class TaskOutcome(StrEnum):
    """How a task was closed."""

    DONE = "done"
    RETURNED = "returned"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What the decision engine, a reviewer or an approver says."""

    APPROVE = "approve"
    DECLINE = "decline"
    REFER = "refer"
    RETURN = "return"


class NodeColour(StrEnum):
    """The colours of the process map (颜色节点标记); text and icon always go with them."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What is known of one stage of one case when its node is coloured."""

    entered: bool
    left: bool
    returned: bool = False
    blocked: bool = False
    overridden: bool = False
    time_left: Decimal | None = None  # fraction of the stage's time that is left; below 0 overdue


def node_colour(facts: NodeFacts) -> NodeColour:
    """Colour one node. Red before amber, and a person's override is seen over a plain pass."""
    if not facts.entered:
        return NodeColour.GREY
    if facts.blocked:
        return NodeColour.RED
    if facts.left:
        return NodeColour.PURPLE if facts.overridden else NodeColour.GREEN
    if facts.time_left is not None and facts.time_left <= 0:
        return NodeColour.RED
    if facts.returned or (facts.time_left is not None and facts.time_left < Decimal("0.2")):
        return NodeColour.AMBER
    return NodeColour.BLUE
