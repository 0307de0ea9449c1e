"""What a proposal of facts or of a paper's check would change, beside what stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from domain.customers import ProposalKind
from domain.customers.dossier.entries import read_entries
from domain.customers.dossier.paper_checks import read_paper_check
from domain.violations import FindingsViolation
from doorway.services import Services
from persistence.clock import business_date
from persistence.queries.customer_documents import Paper, paper_named
from persistence.queries.customer_proposals import ProposalView
from persistence.queries.dossier import Fact, facts_named

OWN_CONTENT = frozenset({ProposalKind.FACTS, ProposalKind.DOCUMENT_CHECK})
"""Kinds whose content has a picture of its own."""


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """One item before and after; None where it was not there or will not be."""

    section: str
    item: str
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class ProposedCheck:
    """A check of a paper as it was found."""

    paper: Paper | None
    verdict: str
    seen_how: str
    seen_on: date


@dataclass(frozen=True, slots=True)
class DossierContent:
    """What the page of a proposal shows of the dossier."""

    facts: tuple[ProposedFact, ...] = ()
    check: ProposedCheck | None = None


async def dossier_content(services: Services, proposal: ProposalView) -> DossierContent:
    """The proposal's own content; empty for kinds that are none of the dossier's."""
    try:
        if proposal.kind is ProposalKind.FACTS:
            return DossierContent(facts=await _facts(services, proposal))
        if proposal.kind is ProposalKind.DOCUMENT_CHECK:
            return DossierContent(check=await _check(services, proposal))
    except FindingsViolation:  # written under rules that have changed since
        return DossierContent()
    return DossierContent()


async def _facts(services: Services, proposal: ProposalView) -> tuple[ProposedFact, ...]:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        entries = read_entries(proposal.content, today)
        replaced: Mapping[UUID, Fact] = {
            fact.id: fact
            for fact in await facts_named(
                session, proposal.customer_id, [one.replaces for one in entries if one.replaces]
            )
        }
    return tuple(
        ProposedFact(
            one.section,
            one.item,
            replaced[one.replaces].data if one.replaces and one.replaces in replaced else None,
            one.data,
            one.source,
            one.as_of,
        )
        for one in entries
    )


async def _check(services: Services, proposal: ProposalView) -> ProposedCheck:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        check = read_paper_check(proposal.content, today)
        paper = await paper_named(session, proposal.customer_id, check.document_id, today)
    return ProposedCheck(paper, check.verdict, check.seen_how, check.seen_on)
