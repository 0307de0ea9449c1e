"""Comparing a customer with all sources: each asked on its own, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from temporalio import activity

from activities.sources import query_of, report_of
from domain.customers import Work
from domain.verification import SourceStatus
from integrations.failures import IntegrationRefused, IntegrationUnavailable
from integrations.sources.catalogue import SourceName
from integrations.sources.client import SourceClient
from persistence import customer_verification
from persistence.customer_verification import VerificationAsked
from persistence.engine import Database
from persistence.source_reports import Report

PURPOSE = "customer_verification"


@dataclass(frozen=True)
class OpenVerificationStep:
    """Begin a verification."""

    customer_id: UUID
    work: Work
    at: datetime


@dataclass(frozen=True)
class OpenedVerification:
    """A verification and the sources to ask; `began_at` is the clock's instant on the wall."""

    asked: VerificationAsked
    began_at: datetime


@dataclass(frozen=True)
class AskSourceStep:
    """Ask one source about a customer."""

    verification_id: UUID
    source: str
    at: datetime


@dataclass(frozen=True)
class FillMatrixStep:
    """Compare what is known; `began_at` only with the first comparison, to measure it."""

    verification_id: UUID
    began_at: datetime | None
    at: datetime


class VerificationActivities:
    """Queries and writes of the customer's verification."""

    def __init__(self, database: Database, client: SourceClient) -> None:
        self._database = database
        self._client = client

    @activity.defn
    async def open_verification(self, step: OpenVerificationStep) -> OpenedVerification:
        """Every source stands as pending from here on."""
        began_at = datetime.now(UTC)
        async with self._database.transaction() as session:
            asked = await customer_verification.open_verification(
                session, step.customer_id, step.work, step.at
            )
        return OpenedVerification(asked, began_at)

    @activity.defn
    async def ask_source(self, step: AskSourceStep) -> str:
        """Ask one source and keep its answer, or why there is none.

        Raises IntegrationUnavailable to be tried again.
        """
        async with self._database.reading() as session:
            subject = await customer_verification.subject_of_verification(
                session, step.verification_id
            )
        failure = None
        try:
            answer = await self._client.query(SourceName(step.source), query_of(subject, PURPOSE))
        except IntegrationRefused as refused:
            failure = refused.code[:40]
            report = Report(step.source, SourceStatus.REFUSED, None, {}, None, None)
        except IntegrationUnavailable as unavailable:
            await self._note(step, unavailable.reason)
            raise
        else:
            report = report_of(answer)
        async with self._database.transaction() as session:
            await customer_verification.keep_answer(
                session, step.verification_id, report, failure, step.at
            )
        return report.status

    @activity.defn
    async def fill_matrix(self, step: FillMatrixStep) -> int:
        """Compare; the answer is how many sources are pending."""
        took_ms = None
        if step.began_at is not None:
            took_ms = round((datetime.now(UTC) - step.began_at).total_seconds() * 1000)
        async with self._database.transaction() as session:
            return await customer_verification.fill_matrix(
                session, step.verification_id, took_ms, step.at
            )

    async def _note(self, step: AskSourceStep, reason: str) -> None:
        async with self._database.transaction() as session:
            await customer_verification.keep_failure(
                session, step.verification_id, step.source, reason, step.at
            )
