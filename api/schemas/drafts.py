"""Application drafts: entries travel as typed, and are judged by `check`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.strict import Asked, Code, Told

Entry = Annotated[str, Field(max_length=8000)]


class OpenDraft(Asked):
    """Whose application, for which product."""

    customer_id: UUID
    product_code: Code


class SaveDraft(Asked):
    """Entries to keep; those not named stay. Statements are by year, then by line."""

    fields: dict[str, Entry] = Field(default_factory=dict, max_length=100)
    statements: dict[str, dict[str, Entry]] = Field(default_factory=dict, max_length=12)


class DraftOpened(Told):
    """The draft's id, which becomes the loan's."""

    id: UUID


class DraftSaved(Told):
    """The version the draft has now."""

    version: int


class DocumentFiled(Told):
    """The document's id."""

    id: UUID


class CustomerOfDraft(Told):
    """Whose draft it is."""

    id: UUID
    scheme: str
    registration_number: str
    name: str


class DocumentFactsTold(Told):
    """What the file is."""

    kind: str
    filename: str
    media_type: str
    size: int
    pages: int | None
    sha256: str


class DocumentTold(Told):
    """The newest version of one document."""

    id: UUID
    version: int
    facts: DocumentFactsTold
    uploaded_at: datetime


class DraftTold(Told):
    """A draft as it stands."""

    id: UUID
    customer: CustomerOfDraft
    product_code: str
    fields: Mapping[str, str]
    statements: Mapping[str, Mapping[str, str]]
    documents: tuple[DocumentTold, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


class FindingTold(Told):
    """One gap or error, bound to its field."""

    field: str
    code: str
    message: str
    link: str


class CheckTold(Told):
    """What is missing or wrong today, and how much is there."""

    complete: bool
    completeness_percent: int
    findings: tuple[FindingTold, ...]
    warnings: tuple[FindingTold, ...]
