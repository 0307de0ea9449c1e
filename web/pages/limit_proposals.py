"""What a proposal on a limit would do, as its page shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.customers import ProposalKind
from domain.limits.settings import setting_from_content
from domain.strict_data import read_number
from doorway.services import Services
from persistence.clock import business_date
from persistence.queries.customer_proposals import ProposalView
from persistence.queries.limits import limit_named

_KINDS = (ProposalKind.LIMIT, ProposalKind.LIMIT_EXCEPTION)


async def limit_proposal(services: Services, proposal: ProposalView) -> dict[str, Any]:
    """Setting, node and derived amount of a proposal on a limit; nothing for another kind."""
    if proposal.kind not in _KINDS:
        return {"setting": None}
    setting = setting_from_content(proposal.content)
    node = None
    if setting.node is not None:
        async with services.database.reading() as session:
            today = await business_date(session, datetime.now(UTC))
            node = await limit_named(session, setting.node, today)
    derived: Decimal | None = read_number(proposal.content.get("derived_amount"))
    return {"setting": setting, "node": node, "derived": derived}
