"""The one base of every body that comes in, and the texts it may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from domain.texts import clean_name, clean_paragraph
from domain.violations import Finding, FindingsViolation, LoanRuleViolation


class Asked(BaseModel):
    """A body: nothing unknown, nothing coerced, nothing changed after it was read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Told(BaseModel):
    """An answer, read from the attributes of a read model."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def by_rule(read: Callable[[str], str]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        try:
            return read(text)
        except LoanRuleViolation as violation:
            # The code and limits are the rule's own, so they may leave the house.
            params: dict[str, Any] = dict(violation.params)
            raise PydanticCustomError(f"rule:{violation.code}", "rule", params) from None

    return checked


def _optional_paragraph(text: str) -> str:
    return clean_paragraph(text) if text.strip() else ""


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Name = Annotated[str, Field(max_length=400), AfterValidator(by_rule(clean_name))]
Paragraph = Annotated[str, Field(max_length=8000), AfterValidator(by_rule(clean_paragraph))]
Comment = Annotated[str, Field(max_length=8000), AfterValidator(by_rule(_optional_paragraph))]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def asked_day(name: str, text: str) -> date:
    """A date as year-month-day. Violation: findings `date.impossible`."""
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise FindingsViolation([Finding(name, "date.impossible")]) from error


def body_of(shape: type[Asked]) -> dict[str, Any]:
    """How OpenAPI describes a body that is read after admission; `$defs` are written out."""
    schema = shape.model_json_schema()
    definitions = schema.pop("$defs", {})
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _written_out(schema, definitions)}},
        }
    }


def _written_out(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_written_out(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _written_out(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _written_out(part, definitions) for name, part in schema.items()}
