"""Changes of a running loan: what was asked, what one would do, and proposing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.changes import ChangeKind
from domain.changes.commands import ProposeChange
from domain.commands import Receipt
from domain.money import Currency
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.change_ground import ChangeGround
from persistence.queries.changes import changes_of
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import ask_from_form
from web.forms.changes import FIELDS, ChangeReader, change_reader, defaults
from web.pages.changes_trial import Trial, ground_of, named_findings, rules_of, tried
from web.printing import print_page
from web.rendering import language_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(needs(Act.PROPOSE_CHANGE))]


@dataclass(frozen=True, slots=True)
class Asked:
    """One change being asked for: its form's entries, what they would do, and its proposal."""

    ground: ChangeGround
    kind: ChangeKind
    values: Mapping[str, str]
    trial: Trial
    form: ActForm


@router.get("/loans/{loan_id:uuid}/changes")
async def list_changes(
    request: Request, services: HasServices, person: Reader, loan_id: UUID
) -> Response:
    """The loan's changes, newest first, and the kinds that can be asked for."""
    ground = await ground_of(services, person, loan_id)
    async with services.database.reading() as session:
        changes = await changes_of(session, person.actor, datetime.now(UTC), loan_id)
    return print_page(
        request,
        "changes/list.html",
        ground=ground,
        loan_id=loan_id,
        changes=changes,
        kinds=tuple(ChangeKind) if ground and ground.active else (),
        may_propose=person.may(Act.PROPOSE_CHANGE),
    )


@router.get("/loans/{loan_id:uuid}/changes/new")
async def show_new(
    request: Request, services: HasServices, person: Reader, loan_id: UUID
) -> Response:
    """The form of one kind; once it has a date, what the change would do. Nothing is stored."""
    reader = change_reader(request.query_params)
    kind, ground = _kind(reader), _drawn(await ground_of(services, person, loan_id))
    filled = "effective_on" in request.query_params
    trial = await tried(services, reader, kind, ground) if filled else Trial()
    values = reader.typed if filled else {**defaults(kind, ground), **reader.typed}
    asked = Asked(ground, kind, values, trial, ActForm())
    return _print_new(request, person, asked, 422 if trial.refused else 200)


@router.post("/loans/{loan_id:uuid}/changes")
async def propose(
    request: Request, services: HasServices, person: Proposer, loan_id: UUID
) -> Response:
    """Lay the change that was read before those who approve it."""
    entries = ChangeReader(await request.form())
    kind, ground = _kind(entries), _drawn(await ground_of(services, person, loan_id))

    async def ask() -> Receipt:
        reason = entries.paragraph("reason")
        seen_events = entries.whole("seen_events", 0, 1_000_000)
        change = entries.change(kind, Currency(ground.currency))
        seen_on = entries.day("seen_on")
        entries.refuse_findings()
        return await services.process.propose_change(
            ProposeChange(
                entries.token, loan_id, person.actor, change, reason, seen_events, seen_on
            )
        )

    refused = await ask_from_form("proposal", entries, ask)
    if refused is None:
        return to_page(request, f"/loans/{loan_id}/changes", "change_proposed")
    trial = await tried(services, ChangeReader(await request.form()), kind, ground)
    asked = Asked(ground, kind, entries.typed, trial, refused.form)
    return _print_new(request, person, asked, refused.status)


def _print_new(request: Request, person: Person, asked: Asked, status: int) -> Response:
    return print_page(
        request,
        "changes/new.html",
        status_code=status,
        ground=asked.ground,
        kind=asked.kind.value,
        fields=FIELDS[asked.kind],
        values=asked.values,
        trial=asked.trial,
        summary=named_findings(asked.trial.findings, language_of(request)),
        rules=rules_of(asked.kind),
        form=asked.form,
        may_propose=person.may(Act.PROPOSE_CHANGE),
    )


def _kind(reader: ChangeReader) -> ChangeKind:
    kind = reader.kind()
    if kind is None:
        raise LoanRuleViolation("change.kind_unknown")
    return kind


def _drawn(ground: ChangeGround | None) -> ChangeGround:
    if ground is None:
        raise LoanRuleViolation("change.not_drawn")
    return ground
