"""Printing of pages that may be reached by a redirect, and addresses that may be returned to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from web.flashes import forget_flash, show_flash
from web.rendering import render

# A path of our own: a browser reads "//host" and "/\host" as another site.
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")


def print_page(
    request: Request,
    template: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> Response:
    """Print a page with the message that came along with a redirect."""
    show_flash(request)
    response = render(request, template, status_code=status_code, headers=headers, **context)
    forget_flash(request, response)
    return response


def own_path(text: object, otherwise: str = "/") -> str:
    """A path to go to that leads nowhere but into this site."""
    return text if isinstance(text, str) and _OWN_PATH.fullmatch(text) else otherwise
