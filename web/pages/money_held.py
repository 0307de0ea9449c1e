"""Money held for somebody: matched to its loan, or given back by two persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.people import Act
from domain.refunds import DecideRefund, MatchReceipt, Payee, ProposeRefund
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound, refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.held_money import (
    desk_counts,
    held_item,
    held_money,
    loan_numbered,
    refunds,
    refunds_of,
)
from persistence.suspense import preview_match
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import ask_from_form
from web.forms.entries import EntryReader
from web.pages.changes_trial import Trial
from web.pages.money_in import AskedFiles
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT, Act.READ_BOARD))]
Operator = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT))]


class AskedItem(BaseModel):
    """The case a match is tried with."""

    case: Annotated[str, Field(max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What booking held money to a case would do, once one is named."""

    case_number: str = ""
    loan_id: UUID | None = None
    trial: Trial = field(default_factory=Trial)


@router.get("/money-in/held")
async def show_held(
    request: Request, services: HasServices, _person: Reader, asked: Annotated[AskedFiles, Query()]
) -> Response:
    """All that is held, the oldest first."""
    async with services.database.reading() as session:
        found = await held_money(session, datetime.now(UTC), asked.page)
        counts = await desk_counts(session)
    return print_page(request, "money/held.html", found=found, counts=counts)


@router.get("/money-in/held/{receipt_id:uuid}")
async def show_item(
    request: Request,
    services: HasServices,
    person: Reader,
    receipt_id: UUID,
    asked: Annotated[AskedItem, Query()],
) -> Response:
    """One receipt: where it could go, and what that would do."""
    tried = await _tried(services, receipt_id, asked.case.strip())
    status = 422 if tried.trial.refused else 200
    return await _print_item(request, services, person, receipt_id, tried, ActForm(), status)


@router.post("/money-in/held/{receipt_id:uuid}/match")
async def match(
    request: Request, services: HasServices, person: Operator, receipt_id: UUID
) -> Response:
    """Book it to the case whose difference was read."""
    entries = EntryReader(await request.form())
    case_number = entries.text("case").strip()

    async def ask() -> Receipt:
        seen_events = entries.whole("seen_events", 0, 1_000_000)
        entries.refuse_findings()
        loan_id = await _loan(services, case_number)
        return await services.process.match_receipt(
            MatchReceipt(entries.token, loan_id, person.actor, receipt_id, seen_events)
        )

    refused = await ask_from_form("match", entries, ask)
    if refused is None:
        return to_page(request, "/money-in/held", "receipt_matched")
    tried = await _tried(services, receipt_id, case_number)
    return await _print_item(
        request, services, person, receipt_id, tried, refused.form, refused.status
    )


@router.post("/money-in/held/{receipt_id:uuid}/refund")
async def propose(
    request: Request, services: HasServices, person: Operator, receipt_id: UUID
) -> Response:
    """Ask that it goes back to its payer."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        payee = Payee(
            entries.text("payee_name"),
            entries.text("payee_account"),
            entries.text("payee_bank_code") or None,
        )
        refund_id = uuid5(receipt_id, entries.token)
        reason = entries.paragraph("reason")
        entries.refuse_findings()
        return await services.process.propose_refund(
            ProposeRefund(entries.token, refund_id, person.actor, receipt_id, payee, reason)
        )

    refused = await ask_from_form("refund", entries, ask)
    if refused is None:
        return to_page(request, "/money-in/refunds", "refund_proposed")
    return await _print_item(
        request, services, person, receipt_id, Tried(), refused.form, refused.status
    )


@router.get("/money-in/refunds")
async def show_refunds(request: Request, services: HasServices, person: Reader) -> Response:
    """Refunds: first those that wait for a second person."""
    return await _print_refunds(request, services, person, ActForm(), 200)


@router.post("/money-in/refunds/{refund_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Operator, refund_id: UUID
) -> Response:
    """Approve another's proposal, or reject one."""
    entries = EntryReader(await request.form())
    answer = entries.choice("answer", ("approve", "reject"))

    async def ask() -> Receipt:
        entries.refuse_findings()
        return await services.process.decide_refund(
            DecideRefund(
                entries.token,
                refund_id,
                person.actor,
                answer == "approve",
                entries.text("comment").strip(),
            )
        )

    refused = await ask_from_form(f"decision-{refund_id}", entries, ask)
    if refused is None:
        told = "refund_approved" if answer == "approve" else "refund_rejected"
        return to_page(request, "/money-in/refunds", told)
    return await _print_refunds(request, services, person, refused.form, refused.status)


async def _tried(services: Services, receipt_id: UUID, case_number: str) -> Tried:
    if not case_number:
        return Tried()
    try:
        loan_id = await _loan(services, case_number)
        async with services.database.reading() as session:
            shown = await preview_match(session, loan_id, receipt_id, datetime.now(UTC))
    except FindingsViolation as refused:
        return Tried(case_number, None, Trial(findings=refused.findings))
    except LoanRuleViolation as refused:
        return Tried(case_number, None, Trial(refusal=refusal_of(refused)))
    return Tried(case_number, loan_id, Trial(shown.difference, shown.seen_events))


async def _loan(services: Services, case_number: str) -> UUID:
    async with services.database.reading() as session:
        loan_id = await loan_numbered(session, case_number)
    if loan_id is None:
        raise FindingsViolation([Finding("case", "suspense.no_such_case")])
    return loan_id


async def _print_item(
    request: Request,
    services: Services,
    person: Person,
    receipt_id: UUID,
    tried: Tried,
    form: ActForm,
    status: int,
) -> Response:
    async with services.database.reading() as session:
        item = await held_item(session, receipt_id, datetime.now(UTC))
        mine = await refunds_of(session, person.actor, receipt_id)
    if item is None:
        raise NotFound
    return print_page(
        request,
        "money/item.html",
        status_code=status,
        item=item,
        refunds=mine,
        tried=tried,
        trial=tried.trial,
        currency=item.currency,
        form=form,
        may_act=person.may(Act.MATCH_RECEIPT),
    )


async def _print_refunds(
    request: Request, services: Services, person: Person, form: ActForm, status: int
) -> Response:
    async with services.database.reading() as session:
        found = await refunds(session, person.actor)
        counts = await desk_counts(session)
    return print_page(
        request,
        "money/refunds.html",
        status_code=status,
        refunds=found,
        counts=counts,
        form=form,
        may_act=person.may(Act.MATCH_RECEIPT),
    )
