"""What people ask of a loan's process, and what they are told."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.strict import Asked, Comment, Paragraph, Sha256, Told
from domain.process import Stage, Verdict

WholeNumber = Annotated[int, Field(ge=1, le=1_000_000)]


class SubmitDraft(Asked):
    """Submitting says nothing but that."""


class GiveDecision(Asked):
    """A recommendation at `review` or a decision at `approval`, on the version that was read."""

    stage: Literal[Stage.REVIEW, Stage.APPROVAL]
    verdict: Literal[Verdict.APPROVE, Verdict.DECLINE, Verdict.RETURN]
    comment: Comment = ""
    seen_version: Annotated[int, Field(ge=0, le=2_000_000_000)]


class GiveSupplement(Asked):
    """The customer's side answers a return."""

    note: Paragraph


class SignRelease(Asked):
    """A release officer's signature on one drawdown, or the refusal to sign."""

    drawdown: WholeNumber
    terms_sha256: Sha256
    approve: bool
    comment: Comment = ""


class AskWithdrawal(Asked):
    """The customer withdraws."""

    reason: Paragraph


class GiveTime(Asked):
    """More working days for the open task."""

    working_days: Annotated[int, Field(ge=1, le=60)]
    reason: Paragraph


class Accepted(Told):
    """The act was done. The same key gets this same answer again."""

    loan_id: UUID
    case_number: str | None
    version: int


class TaskClaimed(Told):
    """The case the task belongs to."""

    loan_id: UUID
