"""What the shipped simulators let in: strict shapes, small bodies, answers that echo nothing."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.middleware.base import RequestResponseEndpoint

BODY_BYTES_MAX = 65_536
_CONCEALING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class WireRefusal(Exception):
    """A request the simulator refuses: HTTP status, stable code, fields but never their values."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


class StrictModel(BaseModel):
    """No unknown keys, no coercion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _plain(text: str) -> str:
    if any(unicodedata.category(mark) in _CONCEALING for mark in text):
        raise ValueError("control or direction marks")
    return text


def _positive(text: str) -> str:
    if Decimal(text) <= 0:
        raise ValueError("not positive")
    return text


# [0-9] and not \d: the latter also takes full-width digits.
AmountText = Annotated[
    str, Field(pattern=r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"), AfterValidator(_positive)
]
CurrencyText = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
KeyText = Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{1,128}$")]
NameText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
NoteText = Annotated[str, Field(max_length=500), AfterValidator(_plain)]

Shape = TypeVar("Shape", bound=StrictModel)


async def read_body(request: Request, shape: type[Shape]) -> Shape:
    """The JSON body as `shape`, or WireRefusal."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise WireRefusal(415, "not_json")
    return parse_strictly(await _bounded(request), shape)


async def read_form(request: Request) -> dict[str, str]:
    """The filled-in text fields of a console form; blank ones are left out."""
    raw = await _bounded(request)
    try:
        return dict(parse_qsl(raw.decode(), max_num_fields=20))
    except ValueError:
        raise WireRefusal(422, "invalid", "form") from None


def parse_strictly(raw: bytes, shape: type[Shape]) -> Shape:
    """Validate before looking for duplicate keys: the validator bounds the nesting."""
    try:
        value = shape.model_validate_json(raw)
        json.loads(raw, object_pairs_hook=_no_duplicates)
    except ValidationError as wrong:
        fields = sorted({".".join(map(str, e["loc"])) or "body" for e in wrong.errors()})
        raise WireRefusal(422, "invalid", ", ".join(fields)) from None
    except ValueError:
        raise WireRefusal(422, "invalid", "duplicate keys") from None
    return value


def parse_form(fields: Mapping[str, object], shape: type[Shape]) -> Shape:
    """A console form under exactly the rules of the JSON door."""
    return parse_strictly(json.dumps(dict(fields)).encode(), shape)


def guard(app: FastAPI) -> None:
    """Refusals as JSON, strict headers, and no writes sent from another site's page."""

    async def refuse(_request: Request, refusal: Exception) -> Response:
        if not isinstance(refusal, WireRefusal):
            raise refusal
        return refusal_response(refusal)

    async def shield(request: Request, call_next: RequestResponseEndpoint) -> Response:
        origin = request.headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
        if foreign and request.method not in _SAFE_METHODS:
            response: Response = refusal_response(WireRefusal(403, "foreign_origin"))
        else:
            response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    app.add_exception_handler(WireRefusal, refuse)
    app.middleware("http")(shield)


def refusal_response(refusal: WireRefusal) -> JSONResponse:
    return JSONResponse({"code": refusal.code, "detail": refusal.detail}, refusal.status)


async def _bounded(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > BODY_BYTES_MAX:
        raise WireRefusal(413, "too_large")
    # A body without a declared length is counted as it arrives.
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES_MAX:
            raise WireRefusal(413, "too_large")
    return bytes(raw)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("duplicate keys")
    return dict(pairs)
