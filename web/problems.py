"""How the pages say that something was refused: sign in first, or a page in plain words."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from doorway.refusals import Refusal
from language.messages import MESSAGES
from web.rendering import render

_PAGES = frozenset({403, 404, 500, 503})
_SESSION_ENDED = "session_expired"


def print_refusal(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page; a script that asked for JSON gets the status alone."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"code": refusal.code}, refusal.status, dict(refusal.headers))
    if refusal.code == _SESSION_ENDED:
        return _to_sign_in(request)
    if refusal.status in _PAGES and not _says_more(refusal):
        return render(
            request,
            "problem.html",
            status_code=refusal.status,
            headers=refusal.headers,
            status=refusal.status,
            reference="",
        )
    return render(
        request,
        "refused.html",
        status_code=refusal.status,
        headers=refusal.headers,
        refusal=refusal,
    )


def _says_more(refusal: Refusal) -> bool:
    """A forbidden act whose reason has words of its own."""
    return refusal.status == 403 and refusal.code in MESSAGES and refusal.code != "role_missing"


def _to_sign_in(request: Request) -> Response:
    if request.method != "GET":
        return RedirectResponse("/sign-in", 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?{urlencode({'next': asked})}", 303)
