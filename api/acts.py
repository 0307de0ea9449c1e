"""One act on a loan's process: seen, keyed, asked, answered, and noted when it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Path
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from api.schemas.acts import Accepted
from api.schemas.strict import Asked, Told
from api.security import api_needs
from api.strict_json import JsonBody
from domain.commands import Receipt
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.audit import note_refusal
from doorway.errors import printed
from doorway.refusals import Refusal, refusal_in, refusal_of
from doorway.services import Services, services_of
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from persistence.idempotency import keep_answer, reserve_key

_RECEIPT = TypeAdapter(Receipt)
KEY_PATTERN = r"^[A-Za-z0-9:._-]{8,80}$"


def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(pattern=KEY_PATTERN, description="The same key gets the same answer."),
    ] = None,
) -> str:
    """The caller's key. Violation: `idempotency.missing`."""
    if idempotency_key is None:
        raise LoanRuleViolation("idempotency.missing")
    return idempotency_key


Key = Annotated[str, Depends(idempotency_key)]
Body = TypeVar("Body", bound=Asked)


def command_id_of(person: Person, key: str) -> str:
    """The command's own key: a caller's key is the caller's, and two may choose the same one."""
    return hashlib.sha256(f"{person.actor.staff_id}:{key}".encode()).hexdigest()[:40]


@dataclass(frozen=True)
class AskedAct(Generic[Body]):
    """Who asks what of which loan, under which key; money of no loan stands under its own id."""

    request: Request
    person: Person
    key: str
    act: Act
    loan_id: UUID
    body: Body
    of_loan: bool = True

    @property
    def services(self) -> Services:
        return services_of(self.request)

    @property
    def staff_id(self) -> UUID:
        return UUID(self.person.actor.staff_id)

    @property
    def command_id(self) -> str:
        """The key the process knows the act by."""
        return command_id_of(self.person, self.key)

    @property
    def body_sha256(self) -> str:
        return hashlib.sha256(self.body.model_dump_json().encode()).hexdigest()


def asked_act(
    shape: type[Body], act: Act, *others: Act
) -> Callable[..., Awaitable[AskedAct[Body]]]:
    """A dependency: the caller's act on the path's loan, admitted first and its body read then.

    With `others`, whoever may do any of them is admitted; `act` is the one that is noted.
    """
    admitted, read = Depends(api_needs(act, *others)), Depends(JsonBody(shape))

    # In this order: a stranger learns nothing of what else is missing.
    async def gathered(
        request: Request,
        person: Person = admitted,
        key: str = Depends(idempotency_key),
        loan_id: UUID = Path(),
        body: Body = read,
    ) -> AskedAct[Body]:
        return AskedAct(request, person, key, act, loan_id, body)

    return gathered


async def perform(
    asked: AskedAct[Body],
    ask: Callable[[str], Awaitable[Receipt]],
    status: int = 200,
    told: Told | None = None,
) -> Response:
    """Ask the process once per key; a repeat gets the kept answer, another body is refused.

    `told` is the answer of an act that is not a case's.
    """
    # A draft is the process's to know.
    if asked.of_loan and asked.act is not Act.SUBMIT:
        await refuse_unseen(asked.services, asked.person, asked.loan_id)
    try:
        receipt = await _answered(asked, ask)
    except LoanRuleViolation as violation:
        refusal = refusal_of(violation)
    else:
        if receipt.accepted and told is not None:
            return Response(told.model_dump_json(), status, media_type="application/json")
        if receipt.accepted:
            return _accepted(asked, receipt, status)
        refusal = refusal_in(receipt)
    await _note(asked, refusal)
    return printed(asked.request, refusal)


async def _answered(asked: AskedAct[Body], ask: Callable[[str], Awaitable[Receipt]]) -> Receipt:
    database, now = asked.services.database, datetime.now(UTC)
    route = asked.request.url.path
    async with database.transaction() as session:
        given = await reserve_key(session, asked.staff_id, asked.key, route, asked.body_sha256, now)
    if given is not None:
        return _RECEIPT.validate_python(given.answer)
    receipt = await ask(asked.command_id)
    async with database.transaction() as session:
        status = 200 if receipt.accepted else refusal_in(receipt).status
        answer = _RECEIPT.dump_python(receipt, mode="json")
        await keep_answer(session, asked.staff_id, asked.key, status, answer, datetime.now(UTC))
    return receipt


def _accepted(asked: AskedAct[Body], receipt: Receipt, status: int) -> Response:
    told = Accepted(loan_id=asked.loan_id, case_number=receipt.case_number, version=receipt.version)
    headers = {"Location": f"/api/v1/loans/{asked.loan_id}"} if status == 201 else None
    return Response(told.model_dump_json(), status, headers, media_type="application/json")


async def _note(asked: AskedAct[Body], refusal: Refusal) -> None:
    await note_refusal(
        asked.services,
        asked.person,
        asked.act,
        refusal.code,
        now=datetime.now(UTC),
        loan_id=asked.loan_id if asked.of_loan else None,
    )
