"""Signing in and out by program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request

from api.schemas.sessions import SignIn, Token, Who
from api.schemas.strict import body_of
from api.security import Caller
from api.strict_json import JsonBody
from doorway.admission import Public
from doorway.services import HasServices
from doorway.sessions import bearer_token, sign_in, sign_out

router = APIRouter(prefix="/sessions", tags=["sessions"])
# A program's sign-in sets no cookie, so a foreign page gains nothing by sending it.
anybody = Depends(Public(cross_site=True))


@router.post("", status_code=201, dependencies=[anybody], openapi_extra=body_of(SignIn))
async def create(
    services: HasServices, asked: Annotated[SignIn, Depends(JsonBody(SignIn))]
) -> Token:
    """Sign in; the token is sent as `Authorization: Bearer` from then on."""
    signed_in = await sign_in(services, asked.username, asked.password, datetime.now(UTC))
    return Token(token=signed_in.token, expires_at=signed_in.expires_at)


@router.get("/current")
async def current(caller: Caller) -> Who:
    """Who the token belongs to."""
    return Who(
        username=caller.username,
        name_zh=caller.name_zh,
        name_en=caller.name_en,
        roles=caller.actor.roles,
    )


@router.delete("/current", status_code=204)
async def end(request: Request, services: HasServices, _caller: Caller) -> None:
    """Sign out: the token opens nothing any more."""
    await sign_out(services, bearer_token(request), datetime.now(UTC))
