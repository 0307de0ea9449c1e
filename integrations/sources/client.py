"""The bank's side of the sources: one question, one answer that makes sense, or a failure."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import date

import httpx

from integrations.exchange import exchange, read_reply
from integrations.failures import IntegrationRefused, IntegrationUnavailable
from integrations.sources.catalogue import (
    ANSWER_SECONDS,
    FACT_SHAPES,
    REQUIRES_CONSENT,
    SourceName,
)
from integrations.sources.messages import ReportStatus, SourceQuery, SourceReport
from integrations.sources.shapes import ReportReply


class SourceClient:
    """Ask all sources side by side: each has its own time limit and its own failure."""

    def __init__(
        self,
        base_url: str,
        http: httpx.AsyncClient,
        timeouts: Mapping[SourceName, float] | None = None,
    ) -> None:
        """`timeouts` in seconds, where they differ from the catalogue's."""
        self._base = base_url.rstrip("/")
        self._http = http
        self._timeouts = {**ANSWER_SECONDS, **(timeouts or {})}

    async def query(self, source: SourceName, query: SourceQuery) -> SourceReport:
        """IntegrationUnavailable, or IntegrationRefused('consent_missing') before any call."""
        if source in REQUIRES_CONSENT and not query.consent_id:
            raise IntegrationRefused("consent_missing", source.value)
        began = time.monotonic()
        response = await exchange(
            self._http,
            "POST",
            f"{self._base}/{source.value}/reports",
            seconds=self._timeouts[source],
            json_body=_body(query),
        )
        reply = read_reply(response, ReportReply)
        _make_sense(source, reply)
        return SourceReport(
            source=source,
            status=reply.status,
            as_of=reply.as_of,
            facts=reply.facts,
            raw_sha256=hashlib.sha256(response.content).hexdigest(),
            latency_ms=round((time.monotonic() - began) * 1000),
        )


def _body(query: SourceQuery) -> dict[str, object]:
    return {
        "registration_scheme": query.registration_scheme,
        "registration_number": query.registration_number,
        "name": query.name,
        "purpose": query.purpose,
        "consent_id": query.consent_id,
        "declared": dict(query.declared),
    }


def _make_sense(source: SourceName, reply: ReportReply) -> None:
    """An answered report states every fact of its source, each in its shape."""
    if reply.source is not source:
        raise IntegrationUnavailable("nonsense", "another source answered")
    if reply.status is not ReportStatus.ANSWERED:
        return
    shapes = FACT_SHAPES[source]
    wrong = shapes.keys() ^ reply.facts.keys()
    for name in shapes.keys() & reply.facts.keys():
        value = reply.facts[name]
        if value is not None and not shapes[name].fullmatch(value):
            wrong.add(name)
    stated = reply.facts.get("established_on")
    if not wrong and stated is not None and not _is_day(stated):
        wrong.add("established_on")
    if wrong:
        raise IntegrationUnavailable("nonsense", ", ".join(sorted(wrong)))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
