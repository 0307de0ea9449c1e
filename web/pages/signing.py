"""The signatory's one-time link: read the document, sign it or refuse.

The answer is an event of the built-in signing provider: signed with its key and sent to the same
callback door, over HTTP, that an outside provider uses. Nothing here touches the case itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

import httpx
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.signing import token_sha256
from domain.texts import name_key
from doorway.admission import public
from doorway.services import HasServices, Services
from persistence.queries.envelopes import PROVIDER, EnvelopePage, envelope_by_token, event_id
from web.forms.entries import EntryReader
from web.forms.signing import fresh_form_key, key_holds
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])
SIGNATURE_HEADER = "X-Corploan-Signature"
_TOKEN = re.compile("[0-9a-f]{64}")


@router.get("/sign/{token}")
async def show_document(request: Request, services: HasServices, token: str) -> Response:
    """The document and where it stands."""
    envelope = await _envelope(services, token)
    return _page(request, services, token, envelope)


@router.post("/sign/{token}")
async def answer_document(request: Request, services: HasServices, token: str) -> Response:
    """Sign or refuse, once."""
    envelope = await _envelope(services, token)
    if envelope is None or envelope.state != "open":
        return _page(request, services, token, envelope, status_code=409 if envelope else 404)
    entries = EntryReader(await request.form())
    answer = entries.choice("answer", ("signed", "declined"))
    code = _refusal(services, token, envelope, entries, answer)
    if code:
        return _page(request, services, token, envelope, entries=entries, code=code)
    if not await _delivered(request, services, envelope, answer):
        code = "link.not_delivered"
        return _page(request, services, token, envelope, entries=entries, code=code)
    return RedirectResponse(f"/sign/{token}", 303)


async def _envelope(services: Services, token: str) -> EnvelopePage | None:
    if _TOKEN.fullmatch(token) is None:
        return None
    async with services.database.reading() as session:
        return await envelope_by_token(session, token_sha256(token), datetime.now(UTC))


def _refusal(
    services: Services, token: str, envelope: EnvelopePage, entries: EntryReader, answer: str
) -> str:
    """Why an answer is not taken; empty when it is."""
    if not key_holds(services.secrets.session, token, entries.text("form_key"), _seconds()):
        return "link.form_expired"
    if answer == "declined":
        return ""
    if answer != "signed":
        return "choice.unknown"
    if entries.text("consent") != "yes":
        return "consent.required"
    same = name_key(entries.text("signer_name")) == name_key(envelope.signer_name)
    return "" if same else "signer.differs"


async def _delivered(
    request: Request, services: Services, envelope: EnvelopePage, answer: str
) -> bool:
    """Send the event as the outside world would: raw bytes, signed, to the callback door."""
    raw = json.dumps(_event(envelope, answer), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: _signature(services.secrets.callbacks[PROVIDER], raw, _seconds()),
    }
    transport = httpx.ASGITransport(app=request.app)
    async with httpx.AsyncClient(transport=transport, base_url=services.public_url) as client:
        received = await client.post(f"/callbacks/{PROVIDER}", content=raw, headers=headers)
    return received.is_success


def _event(envelope: EnvelopePage, answer: str) -> dict[str, object]:
    data: dict[str, object] = {
        "envelope_id": str(envelope.id),
        "document_sha256": envelope.document_sha256,
    }
    if answer == "signed":
        name = hashlib.sha256(envelope.signer_name.encode()).hexdigest()
        data |= {"signer_name_sha256": name, "consent": True}
    return {
        "event_id": event_id(envelope.id, answer),
        "kind": f"envelope.{answer}",
        "loan_id": str(envelope.loan_id),
        "occurred_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "data": data,
    }


def _signature(secret: bytes, raw: bytes, at: int) -> str:
    """The convention of every shipped provider: HMAC-SHA256 over the second and the bytes."""
    digest = hmac.new(secret, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _seconds() -> int:
    return int(datetime.now(UTC).timestamp())


def _page(
    request: Request,
    services: Services,
    token: str,
    envelope: EnvelopePage | None,
    *,
    entries: EntryReader | None = None,
    code: str = "",
    status_code: int = 200,
) -> Response:
    shown_status = 422 if code else 404 if envelope is None else status_code
    return render(
        request,
        "signing/page.html",
        status_code=shown_status,
        envelope=envelope,
        state=envelope.state if envelope else "unknown",
        bank=services.bank_name,
        token=token,
        form_key=fresh_form_key(services.secrets.session, token, _seconds()),
        signer_name=entries.text("signer_name") if entries else "",
        code=code,
    )
