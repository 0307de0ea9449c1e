"""One proposed change: as it shows today, approved, refused or taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.changes import Change, ChangeStatus
from domain.changes.commands import DecideChange, WithdrawChange
from domain.commands import Receipt
from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.changes import made_difference
from persistence.queries.changes import (
    ApprovalView,
    ChangeView,
    approvals_of,
    change_named,
    changes_of,
    proposed_change,
)
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.changes import FIELDS, typed_of
from web.forms.entries import EntryReader
from web.pages.changes_trial import Trial, ground_of, rules_of, tried_change
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(needs(Act.PROPOSE_CHANGE))]
Approver = Annotated[Person, Depends(needs(Act.APPROVE_CHANGE))]
ANSWERS = ("approve", "reject")


@router.get("/changes")
async def list_waiting(request: Request, services: HasServices, person: Reader) -> Response:
    """Every change that waits for somebody's approval."""
    async with services.database.reading() as session:
        waiting = await changes_of(session, person.actor, datetime.now(UTC), waiting=True)
    return print_page(request, "changes/waiting.html", changes=waiting)


@router.get("/loans/{loan_id:uuid}/changes/{change_id:uuid}")
async def show_change(
    request: Request, services: HasServices, person: Reader, loan_id: UUID, change_id: UUID
) -> Response:
    """The proposal, what it would do today, and who has said what."""
    return await _print(request, services, person, loan_id, change_id)


@router.post("/loans/{loan_id:uuid}/changes/{change_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Approver, loan_id: UUID, change_id: UUID
) -> Response:
    """Approve the difference that was read, or reject it with a reason."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        approve = entries.choice("answer", ANSWERS) == "approve"
        comment = "" if approve else entries.paragraph("comment")
        seen_events = entries.whole("seen_events", 0, 1_000_000)
        entries.refuse_findings()
        return await services.process.decide_change(
            DecideChange(
                entries.token, loan_id, person.actor, change_id, approve, comment, seen_events
            )
        )

    return await _answer(
        request, services, person, (loan_id, change_id), act="change_decision", asked=(entries, ask)
    )


@router.post("/loans/{loan_id:uuid}/changes/{change_id:uuid}/withdrawal")
async def withdraw(
    request: Request, services: HasServices, person: Proposer, loan_id: UUID, change_id: UUID
) -> Response:
    """The proposer takes it back."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        return await services.process.withdraw_change(
            WithdrawChange(entries.token, loan_id, person.actor, change_id)
        )

    return await _answer(
        request,
        services,
        person,
        (loan_id, change_id),
        act="change_withdrawal",
        asked=(entries, ask),
    )


async def _answer(
    request: Request,
    services: Services,
    person: Person,
    place: tuple[UUID, UUID],
    *,
    act: str,
    asked: tuple[EntryReader, Callable[[], Awaitable[Receipt]]],
) -> Response:
    """Ask, then redirect; or print the change again with the form and why it was refused."""
    await _found(services, person, *place)
    refused = await ask_from_form(act, *asked)
    if refused is None:
        return to_page(request, f"/loans/{place[0]}/changes/{place[1]}", act)
    return await _print(request, services, person, *place, refused=refused)


async def _found(
    services: Services, person: Person, loan_id: UUID, change_id: UUID
) -> tuple[ChangeView, Change, tuple[ApprovalView, ...]]:
    async with services.database.reading() as session:
        now = datetime.now(UTC)
        view = await change_named(session, person.actor, now, loan_id, change_id)
        change = await proposed_change(session, loan_id, change_id, now)
        if view is None or change is None:
            raise NotFound
        return view, change, await approvals_of(session, person.actor, change_id)


async def _trial(services: Services, view: ChangeView, change: Change) -> Trial:
    """What an open proposal would do today, or what an applied one has done."""
    if view.status == ChangeStatus.PROPOSED:
        return await tried_change(services, change, view.loan_id)
    if view.status != ChangeStatus.APPLIED:
        return Trial()
    async with services.database.reading() as session:
        return Trial(await made_difference(session, view.id))


async def _print(
    request: Request,
    services: Services,
    person: Person,
    loan_id: UUID,
    change_id: UUID,
    *,
    refused: RefusedForm | None = None,
) -> Response:
    ground = await ground_of(services, person, loan_id)
    view, change, approvals = await _found(services, person, loan_id, change_id)
    is_open = view.status == ChangeStatus.PROPOSED
    trial = await _trial(services, view, change)
    return print_page(
        request,
        "changes/page.html",
        status_code=refused.status if refused else 200,
        ground=ground,
        change=view,
        kind=view.kind,
        fields=FIELDS[change.kind],
        values=typed_of(change),
        counts_from=change.effective_on,
        trial=trial,
        rules=rules_of(change.kind),
        approvals=approvals,
        form=refused.form if refused else ActForm(),
        is_open=is_open,
        has_role=any(role in rules_of(change.kind).approvers for role in person.actor.roles),
        may_withdraw=is_open and view.is_mine and person.may(Act.PROPOSE_CHANGE),
    )
