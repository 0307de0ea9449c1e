"""What people do on a case page: decide, supplement, withdraw, release, extend a deadline.

Each form is read into a command, asked of the process, and answered by a redirect; a refusal
comes back on the form with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Decide, ExtendDeadline, Receipt, Release, Supplement, Withdraw
from domain.people import Act
from domain.process import Stage, Verdict
from domain.violations import Finding, FindingsViolation
from doorway.admission import needs
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from doorway.uploads import stored_document
from language.words import WORDS
from persistence.queries.case_page import CaseTab
from persistence.queries.money_of_case import drawdown_of
from persistence.supplements import add_supplement_document
from web.flashes import to_page
from web.forms.asking import ask_from_form
from web.forms.entries import EntryReader
from web.pages.case import print_case

router = APIRouter(include_in_schema=False)

Decider = Annotated[Person, Depends(needs(Act.REVIEW, Act.APPROVE))]
Supplementer = Annotated[Person, Depends(needs(Act.SUPPLEMENT))]
Withdrawer = Annotated[Person, Depends(needs(Act.WITHDRAW))]
Releaser = Annotated[Person, Depends(needs(Act.RELEASE))]
Extender = Annotated[Person, Depends(needs(Act.EXTEND_DEADLINE))]

VERDICTS = (Verdict.APPROVE.value, Verdict.DECLINE.value, Verdict.RETURN.value)
DOCUMENT_KINDS = tuple(WORDS["document_kind"])
STAGES = (Stage.REVIEW.value, Stage.APPROVAL.value)


@router.post("/cases/{loan_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Decider, loan_id: UUID
) -> Response:
    """A reviewer's opinion or an approver's decision on the version that was read."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        command = Decide(
            command_id=entries.token,
            loan_id=loan_id,
            actor=person.actor,
            stage=Stage(entries.choice("stage", STAGES) or Stage.REVIEW),
            verdict=Verdict(entries.choice("verdict", VERDICTS) or Verdict.RETURN),
            comment=entries.paragraph("comment"),
            seen_version=entries.whole("seen_version", 0, 1_000_000),
        )
        entries.refuse_findings()
        return await services.process.decide(command)

    return await _answer(
        request, services, person, loan_id, act="decision", entries=entries, ask=ask
    )


@router.post("/cases/{loan_id:uuid}/supplement")
async def supplement(
    request: Request, services: HasServices, person: Supplementer, loan_id: UUID
) -> Response:
    """The customer's side has answered; the clock runs again."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        note = entries.paragraph("note")
        entries.refuse_findings()
        return await services.process.supplement(
            Supplement(entries.token, loan_id, person.actor, note)
        )

    return await _answer(
        request, services, person, loan_id, act="supplement", entries=entries, ask=ask
    )


@router.post("/cases/{loan_id:uuid}/documents")
async def add_document(
    request: Request, services: HasServices, person: Supplementer, loan_id: UUID
) -> Response:
    """One more document while a supplement is asked for."""
    form = await request.form()
    entries = EntryReader(form)

    async def ask() -> Receipt:
        kind = entries.choice("kind", DOCUMENT_KINDS)
        upload = _uploaded(form)
        if upload is None:
            raise FindingsViolation([Finding("file", "document.required")])
        entries.refuse_findings()
        facts = await stored_document(services, kind, upload)
        async with services.database.transaction() as session:
            now = datetime.now(UTC)
            await add_supplement_document(session, loan_id, person.actor, facts, now)
        return Receipt(accepted=True)

    return await _answer(
        request, services, person, loan_id, act="document", entries=entries, ask=ask
    )


@router.post("/cases/{loan_id:uuid}/withdrawal")
async def withdraw(
    request: Request, services: HasServices, person: Withdrawer, loan_id: UUID
) -> Response:
    """The customer withdraws."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        reason = entries.paragraph("reason")
        entries.refuse_findings()
        return await services.process.withdraw(
            Withdraw(entries.token, loan_id, person.actor, reason)
        )

    return await _answer(
        request, services, person, loan_id, act="withdrawal", entries=entries, ask=ask
    )


@router.post("/cases/{loan_id:uuid}/release")
async def release(
    request: Request, services: HasServices, person: Releaser, loan_id: UUID
) -> Response:
    """A release officer signs the drawdown whose amount they typed, or refuses with a reason."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        approve = entries.choice("answer", ("release", "refuse")) == "release"
        number = entries.whole("drawdown", 1, 1000)
        comment = "" if approve else entries.paragraph("comment")
        if approve:
            async with services.database.reading() as session:
                entries.same_amount("amount", await drawdown_of(session, loan_id, number))
        entries.refuse_findings()
        digest = entries.text("terms_sha256")
        return await services.process.release(
            Release(entries.token, loan_id, person.actor, number, digest, approve, comment)
        )

    return await _answer(
        request, services, person, loan_id, act="release", entries=entries, ask=ask
    )


@router.post("/cases/{loan_id:uuid}/deadline")
async def extend(
    request: Request, services: HasServices, person: Extender, loan_id: UUID
) -> Response:
    """More working days for the open task."""
    entries = EntryReader(await request.form())

    async def ask() -> Receipt:
        days = entries.whole("working_days", 1, 60, code="deadline.days")
        reason = entries.paragraph("extension_reason")
        entries.refuse_findings()
        return await services.process.extend_deadline(
            ExtendDeadline(entries.token, loan_id, person.actor, days, reason)
        )

    return await _answer(
        request, services, person, loan_id, act="deadline", entries=entries, ask=ask
    )


async def _answer(
    request: Request,
    services: Services,
    person: Person,
    loan_id: UUID,
    *,
    act: str,
    entries: EntryReader,
    ask: Callable[[], Awaitable[Receipt]],
) -> Response:
    """Ask, then redirect; or print the case again with the form and why it was refused."""
    await refuse_unseen(services, person, loan_id)
    refused = await ask_from_form(act, entries, ask)
    if refused is None:
        return to_page(request, f"/cases/{loan_id}", act)
    return await print_case(
        request,
        services,
        person,
        loan_id,
        tab=CaseTab.OVERVIEW,
        form=refused.form,
        status_code=refused.status,
    )


def _uploaded(form: FormData) -> UploadFile | None:
    sent = form.get("file")
    return sent if isinstance(sent, UploadFile) and sent.filename else None
