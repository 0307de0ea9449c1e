"""The tables. Private to persistence: nobody above this floor sees a row object."""

from persistence.tables.accounts import AccountEvent
from persistence.tables.applications import Customer, Document, Draft
from persistence.tables.calendar import CalendarVersion
from persistence.tables.changes import ChangeApproval, ChangeRequest
from persistence.tables.credit import (
    ComparisonRow,
    DecisionRow,
    PolicyVersion,
    ProductVersion,
    SourceReportRow,
)
from persistence.tables.customers import (
    CustomerDocument,
    CustomerProposal,
    CustomerRating,
    CustomerWork,
    DossierEntry,
    ProposalVoice,
)
from persistence.tables.day_end import (
    AccrualSegment,
    ClosedPeriod,
    DayEndStep,
    LatenessRule,
    MisuseSegment,
    NoteStatus,
    PortfolioDay,
)
from persistence.tables.financials import FinancialStatementRow, StatementReading
from persistence.tables.limits import LimitNode, LimitUse
from persistence.tables.loans import Envelope, HandRow, Loan, StageEntry, Task
from persistence.tables.money import (
    AllocationRow,
    Collection,
    Contract,
    Drawdown,
    Instalment,
    JournalLine,
    JournalRow,
    Payout,
    Receipt,
    ReleaseSign,
    UndrawnLapse,
)
from persistence.tables.people import Staff, WebSession
from persistence.tables.proof import (
    AuditEvent,
    ClockSegment,
    HistoryExport,
    IdempotencyRecord,
    InboxEvent,
    Incident,
)
from persistence.tables.rates import RateFixing, RateIndexRow
from persistence.tables.statements import BankStatement, Refund, StatementLine
from persistence.tables.verification import (
    CustomerComparison,
    CustomerOpinion,
    CustomerSourceReport,
    CustomerVerification,
)
from persistence.tables.watch import (
    Alert,
    Covenant,
    CovenantTest,
    CustomerEvent,
    CustomerReview,
    LadderMeasure,
    Notice,
    UndrawnFreeze,
)

__all__ = [
    "AccountEvent",
    "AccrualSegment",
    "Alert",
    "AllocationRow",
    "AuditEvent",
    "BankStatement",
    "CalendarVersion",
    "ChangeApproval",
    "ChangeRequest",
    "ClockSegment",
    "ClosedPeriod",
    "Collection",
    "ComparisonRow",
    "Contract",
    "Covenant",
    "CovenantTest",
    "Customer",
    "CustomerComparison",
    "CustomerDocument",
    "CustomerEvent",
    "CustomerOpinion",
    "CustomerProposal",
    "CustomerRating",
    "CustomerReview",
    "CustomerSourceReport",
    "CustomerVerification",
    "CustomerWork",
    "DayEndStep",
    "DecisionRow",
    "Document",
    "DossierEntry",
    "Draft",
    "Drawdown",
    "Envelope",
    "FinancialStatementRow",
    "HandRow",
    "HistoryExport",
    "IdempotencyRecord",
    "InboxEvent",
    "Incident",
    "Instalment",
    "JournalLine",
    "JournalRow",
    "LadderMeasure",
    "LatenessRule",
    "LimitNode",
    "LimitUse",
    "Loan",
    "MisuseSegment",
    "NoteStatus",
    "Notice",
    "Payout",
    "PolicyVersion",
    "PortfolioDay",
    "ProductVersion",
    "ProposalVoice",
    "RateFixing",
    "RateIndexRow",
    "Receipt",
    "Refund",
    "ReleaseSign",
    "SourceReportRow",
    "Staff",
    "StageEntry",
    "StatementLine",
    "StatementReading",
    "Task",
    "UndrawnFreeze",
    "UndrawnLapse",
    "WebSession",
]
