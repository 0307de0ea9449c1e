"""A change of a loan as it is asked for, and what is told of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.strict import Asked, Comment, Paragraph, Told
from domain.accounts.events import PrepaymentChoice
from domain.changes import Change, ChangeKind
from domain.repayments import Bucket
from domain.violations import Finding, FindingsViolation

Figure = Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,8})?$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Count = Annotated[int, Field(ge=0, le=1_200)]


class ChangeTerms(Asked):
    """The figures of a change; a kind asks for its own."""

    kind: ChangeKind = Field(strict=False)
    effective_on: Day
    amount: Figure | None = None
    choice: PrepaymentChoice | None = Field(default=None, strict=False)
    fee: Figure = "0"
    instalments: Count | None = None
    yearly_rate: Figure | None = None
    first_due_on: Day | None = None
    principal_grace: Count = 0
    bucket: Bucket | None = Field(default=None, strict=False)
    interest_too: bool = False
    guarantor_consents: bool = False

    def change(self) -> Change:
        """The change. Violation: findings `date.impossible`."""
        return Change(
            kind=self.kind,
            effective_on=_day("effective_on", self.effective_on),
            amount=Decimal(self.amount) if self.amount else None,
            choice=self.choice,
            fee=Decimal(self.fee),
            instalments=self.instalments,
            yearly_rate=Decimal(self.yearly_rate) if self.yearly_rate else None,
            first_due_on=_day("first_due_on", self.first_due_on) if self.first_due_on else None,
            principal_grace=self.principal_grace,
            bucket=self.bucket,
            interest_too=self.interest_too,
            guarantor_consents=self.guarantor_consents,
        )


class AskChange(Asked):
    """A proposal on the preview that was read."""

    terms: ChangeTerms
    reason: Paragraph
    seen_events: Annotated[int, Field(ge=0, le=1_000_000)]


class DecideOnChange(Asked):
    """A verdict on a proposal, on the preview that was read."""

    approve: bool
    comment: Comment = ""
    seen_events: Annotated[int, Field(ge=0, le=1_000_000)]


class TakeBack(Asked):
    """Taking back says nothing but that."""


class ChangeTold(Told):
    """A proposed change."""

    id: UUID
    kind: str
    effective_on: date
    status: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    lapses_at: datetime
    approvals: int
    quorum: int
    comment: str | None


class QuoteTold(Told):
    """What ends the loan on a day."""

    on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    fees: Decimal
    held: Decimal
    total: Decimal


class SideTold(Told):
    """A row on one side of a change."""

    due_on: date
    principal: Decimal
    interest: Decimal
    late: Decimal
    fee: Decimal
    paid: Decimal
    total: Decimal
    balance_after: Decimal


class LineTold(Told):
    """A row before and after."""

    n: int
    mark: str
    before: SideTold | None
    after: SideTold | None


class TotalsTold(Told):
    """An account in a few figures."""

    outstanding: Decimal
    interest: Decimal
    late: Decimal
    open_total: Decimal
    next_due_on: date | None
    next_open: Decimal
    last_due_on: date | None
    held: Decimal
    days_past_due: int


class PreviewTold(Told):
    """What a change does; `seen_events` goes back with the proposal or verdict."""

    seen_events: int
    lines: list[LineTold]
    before: TotalsTold
    after: TotalsTold


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FindingsViolation([Finding(name, "date.impossible")]) from error
