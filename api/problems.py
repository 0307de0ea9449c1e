"""Refusals as RFC 9457 problem+json, in the caller's language and without the caller's values."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.violations import Finding
from doorway.languages import language_of
from doorway.refusals import Refusal
from doorway.services import services_of
from language.catalogue import Language
from language.messages import message_for

MEDIA_TYPE = "application/problem+json"


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = MEDIA_TYPE


def print_problem(request: Request, refusal: Refusal) -> Response:
    """The answer to a refused request; `link` leads to the field on the page where there is one."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": f"urn:corploan:problem:{refusal.code}",
        "title": message_for(refusal.code, refusal.params, language),
        "status": refusal.status,
        "code": refusal.code,
    }
    if refusal.findings:
        page = _page_of_draft(request)
        body["errors"] = [_error(finding, page, language) for finding in refusal.findings]
    headers = {
        "Content-Language": language.value,
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
        **refusal.headers,
    }
    return ProblemResponse(body, refusal.status, headers)


def _error(finding: Finding, page: str | None, language: Language) -> dict[str, str]:
    error = {
        "field": finding.field,
        "code": finding.code,
        "message": message_for(finding.code, finding.params, language),
    }
    if page is not None:
        error["link"] = f"{page}#field-{finding.field}"
    return error


def _page_of_draft(request: Request) -> str | None:
    """Where a person would correct what a program was refused. The path's id may be anything."""
    try:
        draft_id = UUID(str(request.path_params.get("draft_id", "")))
    except ValueError:
        return None
    return f"{services_of(request).public_url}/drafts/{draft_id}"
