"""One HTTP exchange with an outside party, its failures sorted into our two kinds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from integrations.failures import IntegrationRefused, IntegrationUnavailable

Reply = TypeVar("Reply", bound=BaseModel)
_TRY_AGAIN = frozenset({408, 425, 429})


async def exchange(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    seconds: float,
    json_body: Mapping[str, object] | None = None,
    params: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Answers 2xx, 3xx and 4xx; everything else is IntegrationUnavailable.

    `seconds` bounds the whole exchange: httpx alone would bound each read of a dribbling answer.
    """
    try:
        async with asyncio.timeout(seconds):
            response = await http.request(
                method, url, json=json_body, params=params, timeout=seconds, follow_redirects=False
            )
    except (TimeoutError, httpx.TimeoutException) as late:
        raise IntegrationUnavailable("timeout") from late
    except (httpx.DecodingError, httpx.RemoteProtocolError) as garbled:
        raise IntegrationUnavailable("nonsense", type(garbled).__name__) from garbled
    except httpx.TransportError as lost:
        raise IntegrationUnavailable("unreachable", type(lost).__name__) from lost
    if response.status_code >= 500 or response.status_code in _TRY_AGAIN:
        raise IntegrationUnavailable("server_error", str(response.status_code))
    return response


def read_reply(response: httpx.Response, shape: type[Reply]) -> Reply:
    """The answer as `shape`; a refusal or an answer that makes no sense raises."""
    if 400 <= response.status_code < 500:
        code, detail = refusal_of(response)
        raise IntegrationRefused(code, detail)
    if not response.is_success:
        raise IntegrationUnavailable("nonsense", f"status {response.status_code}")
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as wrong:
        # The answer's content stays out of the message: it may hold personal data.
        fields = ", ".join(sorted({".".join(map(str, e["loc"])) for e in wrong.errors()}))
        raise IntegrationUnavailable("nonsense", fields) from None


def refusal_of(response: httpx.Response) -> tuple[str, str]:
    """Code and detail of a refusal; a body we do not know gives `http_<status>`."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict) and isinstance(body.get("code"), str):
        return body["code"], str(body.get("detail", ""))
    return f"http_{response.status_code}", ""
