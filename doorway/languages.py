"""The language of one request."""

from __future__ import annotations

from starlette.requests import Request

from language.catalogue import Language, choose_language

LANGUAGE_COOKIE = "corploan_language"


def language_of(request: Request) -> Language:
    """The person's own choice, else what the browser asks for, else Chinese."""
    return choose_language(
        request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language")
    )
