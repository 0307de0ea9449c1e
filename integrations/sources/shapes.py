"""The sources' messages on the wire, the same for the client and the shipped simulator."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from integrations.sources.catalogue import SourceName
from integrations.sources.messages import ReportStatus
from integrations.wire import KeyText, NameText, NoteText, StrictModel

SchemeText = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
NumberText = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]
SourceFaultKind = Literal["slow", "down", "nonsense", "contradict", "adverse"]


class QueryOrder(StrictModel):
    registration_scheme: SchemeText
    registration_number: NumberText
    name: NameText
    purpose: NameText
    consent_id: KeyText | None
    declared: Annotated[dict[KeyText, NoteText], Field(max_length=50)]


class ReportReply(StrictModel):
    source: SourceName
    status: ReportStatus
    as_of: date
    facts: dict[str, str | None]


class SourceFaultOrder(StrictModel):
    """Without a number it holds for every firm, without a count until switched off."""

    source: SourceName
    kind: SourceFaultKind
    registration_number: NumberText | None = None
    seconds: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] = 3.0
    count: Annotated[int, Field(ge=1, le=100_000)] | None = None
