"""Drawdowns of a loan: how far it is drawn, what one more would do, and asking for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.drawdowns import RequestDrawdown
from domain.money import Currency
from domain.people import Act
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.change_ground import ChangeGround
from persistence.queries.drawdowns import LoanDrawdowns, loan_drawdowns, shown_drawdown
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import ask_from_form
from web.forms.entries import EntryReader
from web.pages.changes_trial import Trial, ground_of, named_findings
from web.printing import print_page
from web.rendering import language_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Requester = Annotated[Person, Depends(needs(Act.REQUEST_DRAWDOWN))]
_OF_AMOUNT = frozenset({"drawdown.above_undrawn", "amount.range", "amount.scale", "amount.format"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The page's form: what was typed, what it would do, and the request that came back."""

    values: Mapping[str, str] = field(default_factory=dict)
    trial: Trial = field(default_factory=Trial)
    form: ActForm = field(default_factory=ActForm)
    status: int = 200


@router.get("/loans/{loan_id:uuid}/drawdowns")
async def show_drawdowns(
    request: Request, services: HasServices, person: Reader, loan_id: UUID
) -> Response:
    """What is drawn and undrawn; with an amount, what drawing it would do. Nothing is stored."""
    ground = await _ground(services, person, loan_id)
    asked = Asked()
    if "amount" in request.query_params:
        reader = EntryReader(FormData(request.query_params))
        trial = await _tried(services, reader, ground)
        asked = Asked(reader.typed, trial, status=422 if trial.refused else 200)
    return await _printed(request, services, person, ground, asked)


@router.post("/loans/{loan_id:uuid}/drawdowns")
async def request_drawdown(
    request: Request, services: HasServices, person: Requester, loan_id: UUID
) -> Response:
    """Ask for exactly the drawdown that was read."""
    entries = EntryReader(await request.form())
    ground = await _ground(services, person, loan_id)

    async def ask() -> Receipt:
        amount = entries.amount("amount", Currency(ground.currency), must=True)
        seen_events = entries.whole("seen_events", 0, 1_000_000)
        entries.refuse_findings()
        command = RequestDrawdown(
            entries.token, loan_id, person.actor, amount or Decimal(0), seen_events
        )
        return await services.process.request_drawdown(command)

    refused = await ask_from_form("drawdown", entries, ask)
    if refused is None:
        return to_page(request, f"/loans/{loan_id}/drawdowns", "drawdown_requested")
    trial = await _tried(services, EntryReader(await request.form()), ground)
    asked = Asked(entries.typed, trial, refused.form, refused.status)
    return await _printed(request, services, person, ground, asked)


async def _ground(services: Services, person: Person, loan_id: UUID) -> ChangeGround:
    ground = await ground_of(services, person, loan_id)
    if ground is None:
        raise LoanRuleViolation("change.not_drawn")
    return ground


async def _tried(services: Services, reader: EntryReader, ground: ChangeGround) -> Trial:
    """What the typed amount would do, or why there is none."""
    try:
        amount = reader.amount("amount", Currency(ground.currency), must=True) or Decimal(0)
        reader.refuse_findings()
        async with services.database.reading() as session:
            shown = await shown_drawdown(session, ground.loan_id, amount, datetime.now(UTC))
    except FindingsViolation as refused:
        return Trial(findings=refused.findings)
    except LoanRuleViolation as refused:
        if refused.code in _OF_AMOUNT:
            return Trial(findings=(Finding("amount", refused.code, refused.params),))
        return Trial(refusal=refusal_of(refused))
    return Trial(shown.difference, shown.seen_events)


async def _printed(
    request: Request, services: Services, person: Person, ground: ChangeGround, asked: Asked
) -> Response:
    async with services.database.reading() as session:
        found: LoanDrawdowns = await loan_drawdowns(session, ground.loan_id)
    return print_page(
        request,
        "drawdowns/page.html",
        status_code=asked.status,
        ground=ground,
        found=found,
        may_ask=ground.active and found.may_be_asked(ground.today),
        may_request=person.may(Act.REQUEST_DRAWDOWN),
        values=asked.values,
        trial=asked.trial,
        summary=named_findings(asked.trial.findings, language_of(request)),
        form=asked.form,
    )
