"""One place where raised errors become answers; each door prints them in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from domain.violations import Finding, LoanRuleViolation, ProcessUnavailable
from doorway.headers import security_headers
from doorway.refusals import NotSignedIn, Refusal, refusal_of
from doorway.services import services_of

Printer = Callable[[Request, Refusal], Response]

_log = structlog.get_logger(__name__)
# The codes of pydantic's errors that have words of their own; the rest cannot be read.
_CODES = {
    "missing": "field.required",
    "enum": "choice.unknown",
    "literal_error": "choice.unknown",
    "extra_forbidden": "unknown_field",
    "string_too_long": "text.too_long",
    "string_too_short": "field.required",
}
_LIMITS = {"max_length": "max", "min_length": "min"}
_CODE_MARK = "rule:"


def install_errors(app: FastAPI) -> None:
    """Answer every error by the printer of the path it happened on."""
    app.state.printers = {}
    for kind in (LoanRuleViolation, NotSignedIn, ProcessUnavailable):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unforeseen)


def print_errors(app: FastAPI, prefix: str, printer: Printer) -> None:
    """Print refusals on paths under `prefix` with this printer; the longest prefix wins."""
    app.state.printers[prefix] = printer


def printed(request: Request, refusal: Refusal) -> Response:
    """A refusal as the door of this path prints it."""
    printers: dict[str, Printer] = request.app.state.printers
    path = request.url.path
    fitting = [prefix for prefix in printers if path.startswith(prefix)]
    if not fitting:
        return PlainTextResponse(refusal.code, refusal.status, dict(refusal.headers))
    return printers[max(fitting, key=len)](request, refusal)


async def _answer(request: Request, error: Exception) -> Response:
    return printed(request, refusal_of(error))


async def _answer_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    findings = _once(_findings(error))
    return printed(request, Refusal(422, "request.invalid", findings=findings))


async def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = "not_found" if error.status_code == 404 else f"http.{error.status_code}"
    refusal = Refusal(error.status_code, code, headers=error.headers or {})
    return printed(request, refusal)


async def _answer_unforeseen(request: Request, error: Exception) -> Response:
    """The last resort. It runs outside the other layers, so it brings the headers itself."""
    _log.error("unforeseen", error=type(error).__name__, method=request.method)
    answer = printed(request, Refusal(500, "http.500"))
    nonce = getattr(request.state, "csp_nonce", "")
    for name, value in security_headers(nonce, secure=services_of(request).secure).items():
        answer.headers.setdefault(name, value)
    return answer


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({(found.field, found.code): found for found in findings}.values())


def _findings(error: RequestValidationError) -> Iterator[Finding]:
    """What was wrong where, without a value; a name somebody typed is a value too."""
    for wrong in error.errors():
        kind, place = wrong["type"], wrong["loc"]
        if kind == "extra_forbidden":
            place = place[:-1]
        yield Finding(_field(place), _code(kind), _params(kind, wrong.get("ctx", {})))


def _params(kind: str, context: Mapping[str, object]) -> Mapping[str, str]:
    """The rule's own figures. Pydantic's context may quote the input, so only limits are taken."""
    if kind.startswith(_CODE_MARK):
        return {name: str(value) for name, value in context.items()}
    return {to: str(context[name]) for name, to in _LIMITS.items() if name in context}


def _code(kind: str) -> str:
    """Our own validators raise errors whose type names the rule."""
    if kind.startswith(_CODE_MARK):
        return kind.removeprefix(_CODE_MARK)
    return _CODES.get(kind, "request.invalid")


def _field(place: tuple[int | str, ...]) -> str:
    """The place by our own names: the model's fields, without the part of the request."""
    return ".".join(part for part in place[1:2] if isinstance(part, str))
