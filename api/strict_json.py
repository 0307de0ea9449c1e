"""JSON as the doors take it: UTF-8, finite numbers, no key twice, no hidden characters."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from domain.violations import LoanRuleViolation

DEPTH_MAX = 32


class UnreadableJson(LoanRuleViolation):
    """The body is not JSON by our rules: `request.not_json`, `duplicate_field`, ..."""


def read_json(raw: bytes) -> Any:
    """The value of a body. Violations: `request.not_json`, `duplicate_field`, `text.control`."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise UnreadableJson("request.not_json") from error
    _refuse_hidden(value, DEPTH_MAX)
    return value


Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class JsonBody(Generic[Shape]):
    """A dependency that reads the body as `shape`, after whoever sends it was admitted."""

    shape: type[Shape]

    async def __call__(self, request: Request) -> Shape:
        return parse_as(self.shape, await raw_json(request))


async def raw_json(request: Request) -> bytes:
    """The body's bytes. Violation: `request.media_type` unless it is declared as JSON."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise LoanRuleViolation("request.media_type")
    return await request.body()


def parse_as(shape: type[Shape], raw: bytes) -> Shape:
    """Read and validate a body; what is wrong is told by our own field names only."""
    read_json(raw)
    try:
        return shape.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        placed = [{**wrong, "loc": _place(shape, wrong)} for wrong in found]
        raise RequestValidationError(placed) from None


def _place(shape: type[BaseModel], wrong: Mapping[str, Any]) -> tuple[str, ...]:
    """The innermost field of ours that an error lies in; names the caller made up are left out."""
    inner: Any = shape
    own = ""
    for part in wrong["loc"]:
        fields = getattr(inner, "model_fields", {})
        if part not in fields:
            break
        own, inner = part, fields[part].annotation
    unknown = ("",) if wrong["type"] == "extra_forbidden" else ()
    return ("body", *((own,) if own else ()), *unknown)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise UnreadableJson("duplicate_field")
    return dict(pairs)


def _refuse_constant(_name: str) -> float:
    """NaN and the infinities are no JSON."""
    raise UnreadableJson("request.not_json")


def _finite(text: str) -> float:
    """1e400 is JSON, but no number of ours."""
    value = float(text)
    if not math.isfinite(value):
        raise UnreadableJson("request.not_json")
    return value


def _refuse_hidden(value: Any, depth: int) -> None:
    """NUL and half a surrogate pair cannot be stored, wherever they stand."""
    if depth == 0:
        raise UnreadableJson("request.not_json")
    if isinstance(value, str):
        if any(char == "\0" or 0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise UnreadableJson("text.control")
    elif isinstance(value, dict | list):
        for part in _parts(value):
            _refuse_hidden(part, depth - 1)


def _parts(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return [*value, *value.values()] if isinstance(value, dict) else value
