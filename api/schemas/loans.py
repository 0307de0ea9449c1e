"""Cases in lists, and one case with everything known of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from api.schemas.lists import PageTold
from api.schemas.strict import Told


class NameTold(Told):
    """A name in both languages."""

    zh: str
    en: str


class ProductTold(Told):
    """A product's code and names."""

    code: str
    name_zh: str
    name_en: str


class LoanLine(Told):
    """One case in the list."""

    id: UUID
    case_number: str
    customer_name: str
    product: ProductTold
    amount: Decimal
    currency: str
    stage: str
    status: str
    wait_reason: str
    days_left: int | None
    overdue: bool
    submitted_at: datetime


class LoansTold(Told):
    """One page of cases."""

    loans: tuple[LoanLine, ...]
    page: PageTold


class FiguresTold(Told):
    """The case's figures; the rate is a yearly fraction."""

    amount: Decimal
    currency: str
    tenor_months: int
    method: str
    grade: str | None
    yearly_rate: Decimal | None
    outstanding: Decimal
    next_due_on: date | None
    drawn_on: date | None
    paid_out_at: datetime | None


class CaseTaskTold(Told):
    """A task of the case, open or closed."""

    kind: str
    role: str
    opened_at: datetime
    due_at: datetime
    overdue: bool
    paused: bool
    closed_at: datetime | None
    outcome: str | None


class DecisionTold(Told):
    """What was decided, by whom, on which versions."""

    maker: str
    name: NameTold | None
    verdict: str
    reasons: tuple[str, ...]
    comment: str | None
    decided_at: datetime
    policy_code: str | None
    policy_version: int | None
    product_version: int | None
    model: str | None
    model_version: str | None
    score: Decimal | None
    grade: str | None
    pd: Decimal | None
    matched_rules: tuple[str, ...]


class InstalmentTold(Told):
    """One line of the schedule."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    paid: Decimal
    outstanding: Decimal
    balance_after: Decimal
    status: str
    paid_on: date | None


class ReceiptPartTold(Told):
    """What part of a receipt paid what."""

    bucket: str
    number: int
    amount: Decimal


class ReceiptTold(Told):
    """Money that arrived."""

    provider: str
    transaction_id: str
    amount: Decimal
    currency: str
    value_on: date
    posted: Decimal
    suspense: Decimal
    refund_pending: Decimal
    received_at: datetime
    parts: tuple[ReceiptPartTold, ...]


class LedgerLineTold(Told):
    """One posting."""

    account: str
    debit: Decimal | None
    credit: Decimal | None
    currency: str


class JournalTold(Told):
    """One balanced journal."""

    key: str
    kind: str
    business_on: date
    posted_at: datetime
    lines: tuple[LedgerLineTold, ...]


class DrawdownTold(Told):
    """What release officers sign: the drawdown and the hash of its terms."""

    number: int
    amount: Decimal
    currency: str
    payee_name: str
    terms_sha256: str
    status: str


class LoanTold(Told):
    """One case. `version` is what a decision names as the version it was read in."""

    loan_id: UUID
    case_number: str
    customer_id: UUID
    customer_name: str
    registration_number: str
    product_name: NameTold
    figures: FiguresTold
    stage: str
    status: str
    wait_reason: str
    deadline_at: datetime | None
    entered_at: datetime
    submitted_at: datetime
    closed_at: datetime | None
    version: int
    tasks: tuple[CaseTaskTold, ...]
    decisions: tuple[DecisionTold, ...]
    drawdown: DrawdownTold | None
    schedule: tuple[InstalmentTold, ...]
    receipts: tuple[ReceiptTold, ...]
    ledger: tuple[JournalTold, ...]
