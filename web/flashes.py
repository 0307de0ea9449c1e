"""A message that travels with a redirect: its code in a short-lived cookie, never its text."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from doorway.services import services_of
from language.labels import word
from language.words import WORDS
from web.rendering import Flash, language_of

COOKIE = "corploan_flash"
_SECONDS = 60
_KIND = "flash"


def to_page(request: Request, path: str, code: str) -> RedirectResponse:
    """Post, redirect, get: go to a page and tell there what was done."""
    response = RedirectResponse(path, 303)
    secure = services_of(request).secure
    response.set_cookie(
        COOKIE, code, max_age=_SECONDS, httponly=True, samesite="lax", secure=secure
    )
    return response


def show_flash(request: Request) -> None:
    """Put the message that came along onto the page."""
    code = request.cookies.get(COOKIE, "")
    if code in WORDS[_KIND]:
        request.state.flashes = (Flash("success", word(_KIND, code, language_of(request))),)


def forget_flash(request: Request, response: Response) -> None:
    """It has been shown."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
