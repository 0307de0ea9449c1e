"""Whether a request that changes something was meant by the person, not by a foreign page."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request

from doorway.refusals import Forbidden
from doorway.services import services_of

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def refuse_foreign_forms(request: Request, csrf_token: str) -> None:
    """Let an unsafe request pass only from our own page and with its session's token.

    Violation: `csrf`.
    """
    if request.method in SAFE_METHODS:
        return
    refuse_foreign_origin(request)
    sent = request.headers.get(CSRF_HEADER) or await _form_token(request)
    # Bytes, because compare_digest raises on text that is not ASCII.
    if not hmac.compare_digest(sent.encode(), csrf_token.encode()):
        raise Forbidden("csrf")


def refuse_foreign_origin(request: Request) -> None:
    """Refuse an unsafe request that a browser says comes from another site. Violation: `csrf`.

    On its own this guards the forms nobody is signed in for: signing in, one-time links.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise Forbidden("csrf")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc not in _own_hosts(request):
        raise Forbidden("csrf")


def _own_hosts(request: Request) -> set[str]:
    public = urlsplit(services_of(request).public_url).netloc
    return {public, request.headers.get("host", public)}


async def _form_token(request: Request) -> str:
    """The hidden field. The parsed form is kept, so the page's own code reads it again."""
    if not request.headers.get("content-type", "").lower().startswith(_FORM_TYPES):
        return ""
    sent = (await request.form()).get(CSRF_FIELD)
    return sent if isinstance(sent, str) else ""
