"""What every answer carries and how much a request may bring; plain ASGI, no buffering."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.bank_statements import FILE_BYTES_MAX
from domain.documents.size import SIZE_MAX_BYTES

CALLBACK_BYTES_MAX = 64 * 1024
BODY_BYTES_MAX = 1024 * 1024
UPLOAD_BYTES_MAX = SIZE_MAX_BYTES + 64 * 1024  # the file and the form around it
STATEMENT_BYTES_MAX = FILE_BYTES_MAX + 64 * 1024
STATEMENT_PATHS = ("/money-in/statements", "/api/v1/statements")
YEAR_SECONDS = 31_536_000

_UPLOAD_PATH = re.compile(
    r"/(?:api/v1/)?[a-z]+/[0-9a-f-]{36}/(?:documents(?:/[a-z_]{1,40})?|statements/readings)"
)


class SecurityHeaders:
    """Puts a fresh nonce on the request and the strict headers on its answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(nonce, secure=self.secure).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_guarded)


class BodyLimit:
    """Refuses a body that is too large, by its declared length or as it arrives."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, seen = limit_of(scope["path"]), 0
        declared = _declared_length(scope)

        async def receive_limited() -> Message:
            nonlocal seen
            if declared > limit:
                raise HTTPException(413)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


def security_headers(nonce: str, *, secure: bool) -> Mapping[str, str]:
    """The headers of every answer: own files only, no framing, no sniffing, nothing cached."""
    own = f"'self' 'nonce-{nonce}'"
    policy = (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }
    if secure:
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}"
    return headers


def limit_of(path: str) -> int:
    """How many bytes a body may have, by where it is sent."""
    if path.startswith("/callbacks/"):
        return CALLBACK_BYTES_MAX
    if path in STATEMENT_PATHS:
        return STATEMENT_BYTES_MAX
    if _UPLOAD_PATH.fullmatch(path):
        return UPLOAD_BYTES_MAX
    return BODY_BYTES_MAX


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0
