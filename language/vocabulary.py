"""The bank's words for the codes of the process and of people."""

from __future__ import annotations

from collections.abc import Mapping

from domain.people import Act, Hand, Role
from domain.process import (
    CaseStatus,
    NodeColour,
    Stage,
    TaskKind,
    TaskOutcome,
    Verdict,
    WaitReason,
)
from language.catalogue import N_

STAGES: Mapping[str, str] = {
    Stage.SUBMITTED: N_("Submitted"),
    Stage.AUTHORISATION: N_("Credit authorisation"),
    Stage.DATA_COLLECTION: N_("Facts collected"),
    Stage.RATING: N_("Rating"),
    Stage.DECISION: N_("Decision"),
    Stage.REVIEW: N_("Review"),
    Stage.APPROVAL: N_("Approval"),
    Stage.CONTRACT: N_("Contract"),
    Stage.RELEASE: N_("Release review"),
    Stage.PAYOUT: N_("Disbursement"),
    Stage.REPAYMENT: N_("Repayment"),
    Stage.CLOSED: N_("Closed"),
}
STATUSES: Mapping[str, str] = {
    CaseStatus.ACTIVE: N_("In progress"),
    CaseStatus.DECLINED: N_("Declined"),
    CaseStatus.WITHDRAWN: N_("Withdrawn"),
    CaseStatus.EXPIRED: N_("Expired"),
    CaseStatus.CANCELLED: N_("Cancelled"),
    CaseStatus.SETTLED: N_("Settled"),
}
WAITS: Mapping[str, str] = {
    WaitReason.BANK_WORKING: N_("The bank is working on it"),
    WaitReason.BORROWER_SIGNATURE: N_("Waiting for the borrower to sign the credit authorisation"),
    WaitReason.SOURCES: N_("Waiting for the sources to answer"),
    WaitReason.REVIEWER: N_("Waiting for a reviewer"),
    WaitReason.APPROVER: N_("Waiting for an approver"),
    WaitReason.SUPPLEMENT: N_("Waiting for a supplement; the clock is stopped"),
    WaitReason.CONTRACT_SIGNATURE: N_("Waiting for the borrower to sign the loan contract"),
    WaitReason.RELEASE_REVIEW: N_("Waiting for the release review"),
    WaitReason.RELEASE_RECHECK: N_("Waiting for the second release officer"),
    WaitReason.PAYMENT_RAIL: N_("Waiting for the payment to settle"),
    WaitReason.INSTALMENT_DUE: N_("Waiting for the next instalment to fall due"),
    WaitReason.ARREARS: N_("Overdue: waiting for the borrower to pay"),
    WaitReason.NOTHING: N_("Nothing left to do"),
}
TASKS: Mapping[str, str] = {
    TaskKind.SIGN_AUTHORISATION: N_("Sign the credit authorisation"),
    TaskKind.REVIEW: N_("Review the case"),
    TaskKind.APPROVAL: N_("Approve or decline the case"),
    TaskKind.SUPPLEMENT: N_("Send the supplement"),
    TaskKind.SIGN_CONTRACT: N_("Sign the loan contract"),
    TaskKind.RELEASE_REVIEW: N_("Review the release"),
    TaskKind.RELEASE_RECHECK: N_("Recheck the release"),
}
OUTCOMES: Mapping[str, str] = {
    TaskOutcome.DONE: N_("Done"),
    TaskOutcome.RETURNED: N_("Returned for a supplement"),
    TaskOutcome.TIMED_OUT: N_("Timed out"),
    TaskOutcome.CANCELLED: N_("Cancelled"),
}
VERDICTS: Mapping[str, str] = {
    Verdict.APPROVE: N_("Approve"),
    Verdict.DECLINE: N_("Decline"),
    Verdict.REFER: N_("Refer to a person"),
    Verdict.RETURN: N_("Return for a supplement"),
}
ROLES: Mapping[str, str] = {
    Role.CUSTOMER_MANAGER: N_("Customer manager"),
    Role.REVIEWER: N_("Reviewer"),
    Role.RISK_OFFICER: N_("Risk officer"),
    Role.APPROVER: N_("Authorised approver"),
    Role.OPERATIONS: N_("Operations officer"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
HANDS: Mapping[str, str] = {
    Hand.CUSTOMER_MANAGER: N_("Customer manager of the case"),
    Hand.REVIEWER: N_("Reviewer of the case"),
    Hand.APPROVER: N_("Approver of the case"),
    Hand.RELEASE_REVIEWER: N_("First release officer"),
    Hand.RELEASE_RECHECKER: N_("Second release officer"),
}
COLOURS: Mapping[str, str] = {
    NodeColour.GREY: N_("Not started"),
    NodeColour.BLUE: N_("Working"),
    NodeColour.GREEN: N_("Passed"),
    NodeColour.AMBER: N_("Needs attention"),
    NodeColour.RED: N_("Blocked or overdue"),
    NodeColour.PURPLE: N_("Overridden"),
}
ACTS: Mapping[str, str] = {
    Act.OPEN_CUSTOMER: N_("Open a customer dossier"),
    Act.EDIT_DRAFT: N_("Fill an application draft"),
    Act.SUBMIT: N_("Submit the application"),
    Act.SUPPLEMENT: N_("Send a supplement"),
    Act.WITHDRAW: N_("Withdraw the application"),
    Act.REVIEW: N_("Give a review opinion"),
    Act.APPROVE: N_("Decide as authorised approver"),
    Act.RELEASE: N_("Release the loan"),
    Act.EXTEND_DEADLINE: N_("Extend a deadline"),
    Act.PROPOSE_RATE: N_("Propose a fixing"),
    Act.APPROVE_RATE: N_("Decide a fixing"),
    Act.MATCH_RECEIPT: N_("Match a receipt"),
    Act.PROPOSE_CHANGE: N_("Propose a change of a loan"),
    Act.REQUEST_DRAWDOWN: N_("Request a later drawdown"),
    Act.APPROVE_CHANGE: N_("Approve a change of a loan"),
    Act.READ_DAY_END: N_("Read the day end"),
    Act.RUN_DAY_END: N_("Run a day end again"),
    Act.READ_OWN_CASES: N_("Read own cases"),
    Act.READ_ALL_CASES: N_("Read all cases"),
    Act.READ_BOARD: N_("See the board"),
    Act.READ_HISTORY: N_("Read recorded histories"),
    Act.MANAGE_STAFF: N_("Manage staff"),
    Act.KEEP_DOSSIER: N_("Keep customer dossiers"),
    Act.CHECK_DOSSIER: N_("Approve facts of a dossier"),
    Act.STOP_LENDING: N_("Propose to stop lending or to lock a customer"),
    Act.APPROVE_STOP: N_("Approve a stop or a lock"),
    Act.APPROVE_UNLOCK: N_("Approve that lending goes on"),
    Act.PROPOSE_RATING: N_("Propose an override of a rating"),
    Act.APPROVE_RATING: N_("Approve an override of a rating"),
    Act.PROPOSE_LIMIT: N_("Propose a credit limit"),
    Act.APPROVE_LIMIT: N_("Approve a credit limit"),
    Act.KEEP_WATCH: N_("Watch customers"),
    Act.APPROVE_WATCH: N_("Approve what watching proposes"),
    Act.READ_CUSTOMERS: N_("Read customer dossiers"),
    Act.READ_PORTFOLIO: N_("Read the portfolio"),
}
