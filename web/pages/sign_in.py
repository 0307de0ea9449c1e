"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.violations import LoanRuleViolation
from doorway import sessions
from doorway.admission import SignedInPerson, maybe_person, public
from doorway.refusals import refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from language.catalogue import Language
from persistence.queries.staff import demo_sign_ins
from persistence.seed.demo_staff import DEMO_PASSWORD
from web.printing import own_path, print_page
from web.rendering import LANGUAGE_COOKIE

router = APIRouter(include_in_schema=False)
_YEAR_SECONDS = 31_536_000


@router.get("/sign-in", dependencies=[Depends(public)])
async def ask_to_sign_in(
    request: Request,
    services: HasServices,
    person: Annotated[Person | None, Depends(maybe_person)],
) -> Response:
    """The sign-in page; who is signed in already goes on."""
    path = own_path(request.query_params.get("next"))
    if person is not None:
        return RedirectResponse(path, 303)
    return await _page(request, services, path=path)


@router.post("/sign-in", dependencies=[Depends(public)])
async def sign_in(request: Request, services: HasServices) -> Response:
    """Open a session, or say that name or password is wrong."""
    form = await request.form()
    name, password = (str(form.get(field, "")) for field in ("name", "password"))
    path = own_path(form.get("next"))
    try:
        signed_in = await sessions.sign_in(
            services, name.strip(), password, datetime.now(UTC), sessions.cookie_token(request)
        )
    except LoanRuleViolation as refused:
        status = refusal_of(refused).status
        return await _page(
            request, services, path=path, name=name[:64], error=refused.code, status_code=status
        )
    response = RedirectResponse(path, 303)
    sessions.set_session_cookie(response, signed_in, secure=services.secure)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, services: HasServices, _person: SignedInPerson) -> Response:
    """End the session."""
    await sessions.sign_out(services, sessions.cookie_token(request), datetime.now(UTC))
    response = RedirectResponse("/sign-in", 303)
    sessions.clear_session_cookie(response, secure=services.secure)
    return response


@router.post("/language", dependencies=[Depends(public)])
async def choose_language(request: Request, services: HasServices) -> Response:
    """Remember the chosen language and go back to the same page."""
    form = await request.form()
    chosen = str(form.get("language", ""))
    response = RedirectResponse(own_path(form.get("next")), 303)
    if chosen in set(Language):
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=_YEAR_SECONDS,
            samesite="lax",
            httponly=True,
            secure=services.secure,
        )
    return response


async def _page(
    request: Request,
    services: Services,
    *,
    path: str,
    name: str = "",
    error: str = "",
    status_code: int = 200,
) -> Response:
    async with services.database.reading() as session:
        demo = await demo_sign_ins(session)
    return print_page(
        request,
        "sign_in.html",
        status_code=status_code,
        name=name,
        error=error,
        next=path,
        demo=demo,
        demo_password=DEMO_PASSWORD,
    )
