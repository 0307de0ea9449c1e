"""Held money: matched to its loan, taken out of a wrong one, or given back by two persons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from api.acts import AskedAct, Body, asked_act, idempotency_key, perform
from api.schemas.acts import Accepted
from api.schemas.changes import PreviewTold
from api.schemas.lists import PageNumber
from api.schemas.money import (
    AskRefund,
    BookReceipt,
    DecideOnRefund,
    HeldPageTold,
    HeldTold,
    RefundAccepted,
    RefundTold,
    TakeReceiptOut,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.people import Act
from domain.refunds import DecideRefund, MatchReceipt, Payee, ProposeRefund, ReverseReceipt
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from persistence.queries.held_money import held_item, held_money, refunds
from persistence.suspense import ShownMoney, preview_match, preview_reversal

router = APIRouter(tags=["money in"])
Reader = Annotated[Person, Depends(api_needs(Act.MATCH_RECEIPT, Act.READ_BOARD))]
Operator = Annotated[Person, Depends(api_needs(Act.MATCH_RECEIPT))]
Booking = Annotated[AskedAct[BookReceipt], Depends(asked_act(BookReceipt, Act.MATCH_RECEIPT))]
Removal = Annotated[AskedAct[TakeReceiptOut], Depends(asked_act(TakeReceiptOut, Act.MATCH_RECEIPT))]


def _alone(shape: type[Body]) -> Callable[..., Awaitable[AskedAct[Body]]]:
    """A dependency: the caller's act on money of no loan, by the id in the path."""
    admitted, read = Depends(api_needs(Act.MATCH_RECEIPT)), Depends(JsonBody(shape))

    async def gathered(
        request: Request,
        person: Person = admitted,
        key: str = Depends(idempotency_key),
        item_id: UUID = Path(),
        body: Body = read,
    ) -> AskedAct[Body]:
        return AskedAct(request, person, key, Act.MATCH_RECEIPT, item_id, body, of_loan=False)

    return gathered


Proposal = Annotated[AskedAct[AskRefund], Depends(_alone(AskRefund))]
Verdict = Annotated[AskedAct[DecideOnRefund], Depends(_alone(DecideOnRefund))]


@router.get("/suspense")
async def index(services: HasServices, _person: Reader, page: PageNumber = 1) -> HeldPageTold:
    """All that is held or promised back, the oldest first."""
    async with services.database.reading() as session:
        return HeldPageTold.model_validate(await held_money(session, datetime.now(UTC), page))


@router.get("/suspense/{receipt_id}")
async def show(services: HasServices, _person: Reader, receipt_id: UUID) -> HeldTold:
    """One receipt."""
    async with services.database.reading() as session:
        found = await held_item(session, receipt_id, datetime.now(UTC))
    if found is None:
        raise NotFound
    return HeldTold.model_validate(found)


@router.get("/loans/{loan_id}/receipts/{receipt_id}/booking")
async def try_booking(
    services: HasServices, person: Operator, loan_id: UUID, receipt_id: UUID
) -> PreviewTold:
    """What booking held money to a loan would do; nothing is stored."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        return _told(await preview_match(session, loan_id, receipt_id, datetime.now(UTC)))


@router.post(
    "/loans/{loan_id}/receipts", response_model=Accepted, openapi_extra=body_of(BookReceipt)
)
async def book(asked: Booking) -> Response:
    """Book held money to a loan, whole, for the day it came."""
    given, process = asked.body, asked.services.process
    return await perform(
        asked,
        lambda command_id: process.match_receipt(
            MatchReceipt(
                command_id, asked.loan_id, asked.person.actor, given.receipt_id, given.seen_events
            )
        ),
    )


@router.get("/loans/{loan_id}/receipts/{receipt_id}/reversal")
async def try_reversal(
    services: HasServices, person: Operator, loan_id: UUID, receipt_id: UUID
) -> PreviewTold:
    """What the loan would be without money that was posted to it."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        return _told(await preview_reversal(session, loan_id, receipt_id, datetime.now(UTC)))


@router.post(
    "/loans/{loan_id}/receipts/{receipt_id}/reversal",
    response_model=Accepted,
    openapi_extra=body_of(TakeReceiptOut),
)
async def reverse(asked: Removal, receipt_id: UUID) -> Response:
    """Take money out of a loan; it is held until it finds its own or goes back."""
    given, process = asked.body, asked.services.process
    return await perform(
        asked,
        lambda command_id: process.reverse_receipt(
            ReverseReceipt(
                command_id,
                asked.loan_id,
                asked.person.actor,
                receipt_id,
                given.reason,
                given.seen_events,
            )
        ),
    )


@router.get("/refunds")
async def list_refunds(services: HasServices, person: Reader) -> list[RefundTold]:
    """Refunds, those that wait for somebody first."""
    async with services.database.reading() as session:
        found = await refunds(session, person.actor)
    return [RefundTold.model_validate(view) for view in found]


@router.post(
    "/suspense/{item_id}/refunds",
    status_code=201,
    response_model=RefundAccepted,
    openapi_extra=body_of(AskRefund),
)
async def propose(asked: Proposal) -> Response:
    """Ask that all that is held of a receipt goes back to its payer."""
    given, process = asked.body, asked.services.process
    payee = Payee(given.payee_name, given.payee_account, given.payee_bank_code or None)
    refund_id = uuid5(asked.loan_id, asked.command_id)
    return await perform(
        asked,
        lambda command_id: process.propose_refund(
            ProposeRefund(
                command_id, refund_id, asked.person.actor, asked.loan_id, payee, given.reason
            )
        ),
        201,
        RefundAccepted(refund_id=refund_id),
    )


@router.post(
    "/refunds/{item_id}/decision",
    response_model=RefundAccepted,
    openapi_extra=body_of(DecideOnRefund),
)
async def decide(asked: Verdict) -> Response:
    """Approve another's proposal, or reject one."""
    given, process = asked.body, asked.services.process
    return await perform(
        asked,
        lambda command_id: process.decide_refund(
            DecideRefund(
                command_id, asked.loan_id, asked.person.actor, given.approve, given.comment
            )
        ),
        told=RefundAccepted(refund_id=asked.loan_id),
    )


def _told(shown: ShownMoney) -> PreviewTold:
    difference = shown.difference
    facts = {name: getattr(difference, name) for name in ("lines", "before", "after")}
    return PreviewTold.model_validate({"seen_events": shown.seen_events, **facts})
