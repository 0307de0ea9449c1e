"""Taking money out of a loan it was not meant for: what that does first, then with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.people import Act
from domain.refunds import ReverseReceipt
from domain.violations import LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound, refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.held_money import HeldMoney, held_item
from persistence.suspense import preview_reversal
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import ask_from_form
from web.forms.entries import EntryReader
from web.pages.changes_trial import Trial
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Operator = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT))]


@router.get("/money-in/receipts/{receipt_id:uuid}/reversal")
async def show_reversal(
    request: Request, services: HasServices, _person: Operator, receipt_id: UUID
) -> Response:
    """What the loan is without this money."""
    item = await _item(services, receipt_id)
    return await _print(request, services, item, ActForm(), 200)


@router.post("/money-in/receipts/{receipt_id:uuid}/reversal")
async def reverse(
    request: Request, services: HasServices, person: Operator, receipt_id: UUID
) -> Response:
    """Take it out; it is held again until it finds its own loan or goes back."""
    item = await _item(services, receipt_id)
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        reason = entries.paragraph("reason")
        seen_events = entries.whole("seen_events", 0, 1_000_000)
        entries.refuse_findings()
        return await services.process.reverse_receipt(
            ReverseReceipt(
                entries.token, _loan_of(item), person.actor, item.id, reason, seen_events
            )
        )

    refused = await ask_from_form("reversal", entries, ask)
    if refused is None:
        return to_page(request, f"/money-in/held/{receipt_id}", "receipt_unposted")
    return await _print(request, services, item, refused.form, refused.status)


async def _item(services: Services, receipt_id: UUID) -> HeldMoney:
    async with services.database.reading() as session:
        item = await held_item(session, receipt_id, datetime.now(UTC))
    if item is None or item.loan_id is None:
        raise NotFound
    return item


def _loan_of(item: HeldMoney) -> UUID:
    if item.loan_id is None:
        raise NotFound
    return item.loan_id


async def _print(
    request: Request, services: Services, item: HeldMoney, form: ActForm, status: int
) -> Response:
    try:
        async with services.database.reading() as session:
            shown = await preview_reversal(session, _loan_of(item), item.id, datetime.now(UTC))
        trial = Trial(shown.difference, shown.seen_events)
    except LoanRuleViolation as refused:
        trial = Trial(refusal=refusal_of(refused))
    return print_page(
        request,
        "money/reversal.html",
        status_code=422 if trial.refused and status == 200 else status,
        item=item,
        trial=trial,
        currency=item.currency,
        form=form,
    )
