"""What every page of a customer has: its head, its tabs, and asking the customer's process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind, ProposeForCustomer
from doorway.refusals import NotFound
from doorway.services import Services
from doorway.sessions import Person
from language.catalogue import N_
from persistence.queries.customer_head import CustomerHead, customer_head
from web.forms.entries import EntryReader
from web.printing import print_page

TABS: tuple[tuple[str, str], ...] = (
    ("", N_("Overview")),
    ("/dossier", N_("Dossier")),
    ("/ownership", N_("Ownership")),
    ("/papers", N_("Documents")),
    ("/statements", N_("Financial statements")),
    ("/verification", N_("Verification")),
    ("/rating", N_("Rating")),
    ("/limits", N_("Credit limit")),
    ("/watch", N_("Watch")),
    ("/proposals", N_("Four eyes")),
    ("/history", N_("History")),
)
"""The tabs of a customer's pages: the address behind the customer's own, and the label."""


async def head_of(services: Services, person: Person, customer_id: UUID) -> CustomerHead:
    """The head, or NotFound."""
    async with services.database.reading() as session:
        head = await customer_head(session, person.actor, customer_id)
    if head is None:
        raise NotFound
    return head


def print_customer(
    request: Request,
    template: str,
    head: CustomerHead,
    tab: str,
    *,
    status_code: int = 200,
    **context: Any,
) -> Response:
    """Print one of a customer's pages; `tab` is the address of the current one."""
    here = f"/customers/{head.id}"
    return print_page(
        request,
        template,
        status_code=status_code,
        head=head,
        here=here,
        tab=tab,
        tabs=TABS,
        **context,
    )


@dataclass(frozen=True)
class Asking:
    """A proposal read from a form, ready to be asked of the customer's process."""

    services: Services
    person: Person
    customer_id: UUID
    entries: EntryReader

    async def propose(
        self, kind: ProposalKind, content: Mapping[str, Any], reason: str = "reason"
    ) -> Receipt:
        """Ask for it; `reason` names the entry that says why. Violation: `findings`."""
        why = self.entries.paragraph(reason)
        self.entries.refuse_findings()
        command = ProposeForCustomer(
            self.entries.token, self.customer_id, self.person.actor, kind, content, why
        )
        return await self.services.process.propose_for_customer(command)
