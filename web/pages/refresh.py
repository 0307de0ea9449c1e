"""The customer's refresh link: what the bank holds, what the customer states, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.signing import read_refresh_token
from domain.violations import FindingsViolation, LoanRuleViolation
from domain.watch.refresh import FIELDS
from doorway.admission import public
from doorway.services import HasServices, Services
from doorway.watching import take_refresh
from persistence.queries.refresh import RefreshPage, refresh_page
from web.forms.acts import ActForm
from web.forms.entries import EntryReader
from web.forms.signing import fresh_form_key, key_holds
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])


@router.get("/refresh/{token}")
async def show_request(request: Request, services: HasServices, token: str) -> Response:
    """What is asked, and how it stands."""
    return _page(request, services, token, await _asked(services, token))


@router.post("/refresh/{token}")
async def answer_request(request: Request, services: HasServices, token: str) -> Response:
    """State the particulars, once."""
    asked = await _asked(services, token)
    if asked is None or asked.state != "open":
        return _page(request, services, token, asked, status_code=409 if asked else 404)
    entries = EntryReader(await request.form())
    form = ActForm(act="refresh", values=entries.typed)
    secret = services.secrets.session
    if not key_holds(secret, token, entries.text("form_key"), _seconds()):
        return _refused(request, services, token, asked, form, "link.form_expired")
    try:
        await take_refresh(services, asked.review_id, asked.link_number, entries.typed)
    except FindingsViolation as refused:
        told = ActForm(
            act="refresh", values=entries.typed, code="findings", findings=refused.findings
        )
        return _page(request, services, token, asked, form=told, status_code=422)
    except LoanRuleViolation as refused:
        return _refused(request, services, token, asked, form, refused.code)
    return RedirectResponse(f"/refresh/{token}", 303)


async def _asked(services: Services, token: str) -> RefreshPage | None:
    proven = read_refresh_token(services.secrets.session, token)
    if proven is None:
        return None
    async with services.database.reading() as session:
        return await refresh_page(session, *proven)


def _refused(
    request: Request,
    services: Services,
    token: str,
    asked: RefreshPage,
    form: ActForm,
    code: str,
) -> Response:
    told = ActForm(act="refresh", values=form.values, code=code)
    return _page(request, services, token, asked, form=told, status_code=422)


def _page(
    request: Request,
    services: Services,
    token: str,
    asked: RefreshPage | None,
    *,
    form: ActForm | None = None,
    status_code: int = 200,
) -> Response:
    return render(
        request,
        "watch/refresh.html",
        status_code=404 if asked is None else status_code,
        asked=asked,
        bank=services.bank_name,
        token=token,
        fields=FIELDS,
        form=form or ActForm(act="refresh", values=asked.known if asked else {}),
        form_key=fresh_form_key(services.secrets.session, token, _seconds()),
    )


def _seconds() -> int:
    return int(datetime.now(UTC).timestamp())
