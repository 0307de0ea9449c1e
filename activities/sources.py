"""Asking the sources: each on its own, all at once."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import activity

from activities.steps import SourceStep, Step
from domain.verification import SourceStatus
from integrations.failures import IntegrationRefused
from integrations.sources.catalogue import SourceName
from integrations.sources.client import SourceClient
from integrations.sources.messages import SourceQuery, SourceReport
from persistence import source_reports
from persistence.engine import Database
from persistence.source_reports import Report, Subject

_LOAN_DECISION = "loan_decision"


@dataclass(frozen=True)
class Asked:
    """The sources a product asks."""

    sources: tuple[str, ...]


class SourceActivities:
    """Queries of the verification slice."""

    def __init__(self, database: Database, client: SourceClient) -> None:
        self._database = database
        self._client = client

    @activity.defn
    async def open_collection(self, step: Step) -> Asked:
        """Enter data collection."""
        async with self._database.transaction() as session:
            names = await source_reports.open_collection(
                session, step.loan_id, step.at, step.version
            )
            return Asked(names)

    @activity.defn
    async def query_source(self, step: SourceStep) -> str:
        """Ask one source and keep its answer. Raises IntegrationUnavailable to be tried again."""
        async with self._database.reading() as session:
            subject = await source_reports.subject_of(session, step.loan_id)
        source = SourceName(step.source)
        try:
            answer = await self._client.query(source, query_of(subject, _LOAN_DECISION))
        except IntegrationRefused as refused:
            report = Report(step.source, SourceStatus.REFUSED, None, {}, None, None)
            activity.logger.warning("source %s refused: %s", step.source, refused.code)
        else:
            report = report_of(answer)
        async with self._database.transaction() as session:
            await source_reports.store_report(
                session, step.loan_id, report, subject.consent_id, step.at
            )
        return report.status

    @activity.defn
    async def close_collection(self, step: Step) -> int:
        """Fill the verification matrix; the answer is how many sources are pending."""
        async with self._database.transaction() as session:
            return await source_reports.close_collection(session, step.loan_id, step.at)


def query_of(subject: Subject, purpose: str) -> SourceQuery:
    """What a source is asked about a firm, and why."""
    return SourceQuery(
        registration_scheme=subject.scheme,
        registration_number=subject.registration_number,
        name=subject.name,
        purpose=purpose,
        consent_id=subject.consent_id,
        declared=subject.declared,
    )


def report_of(answer: SourceReport) -> Report:
    """A source's answer as it is stored."""
    return Report(
        source=answer.source,
        status=SourceStatus(answer.status),
        as_of=answer.as_of,
        facts=dict(answer.facts),
        raw_sha256=answer.raw_sha256,
        latency_ms=answer.latency_ms,
    )
