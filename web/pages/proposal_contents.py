"""What a proposal puts in force, shown as what it is: kinds with a picture of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from domain.customers import ProposalKind
from domain.financials.amounts import AmountUnit
from domain.financials.filing import filing_of
from domain.financials.readings import StatementSource
from doorway.services import Services
from persistence.queries.customer_proposals import ProposalView
from persistence.queries.customer_statements import statements_of
from web.pages.statement_sheet import StatementSheet, sheet_of


@dataclass(frozen=True, slots=True)
class ProposedStatements:
    """Statements beside the years in force when they were proposed; those it restates."""

    sheet: StatementSheet | None
    unit: AmountUnit
    source: StatementSource
    reading_id: str | None
    auditors: Mapping[int, str]
    restated: tuple[int, ...]


async def _statements(services: Services, proposal: ProposalView) -> ProposedStatements:
    filing = filing_of(proposal.content)
    async with services.database.reading() as session:
        known = await statements_of(session, proposal.customer_id, proposal.proposed_at)
    filed = {each.year for each in filing.statements}
    return ProposedStatements(
        sheet=sheet_of(filing.statements, known),
        unit=filing.unit,
        source=filing.source,
        reading_id=str(filing.reading_id) if filing.reading_id else None,
        auditors={each.statement.year: each.auditor for each in filing.years},
        restated=tuple(sorted(each.year for each in known if each.year in filed)),
    )


_SHOWN: Mapping[ProposalKind, Callable[[Services, ProposalView], Awaitable[object]]] = {
    ProposalKind.STATEMENTS: _statements,
}


async def content_shown(services: Services, proposal: ProposalView) -> object | None:
    """What the kind's own template shows; None for kinds of plain values only."""
    show = _SHOWN.get(proposal.kind)
    return await show(services, proposal) if show else None
