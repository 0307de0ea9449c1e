"""Dossiers, ownership and papers as programs are told them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from api.schemas.loans import NameTold
from api.schemas.strict import Told


class FactTold(Told):
    """One item; a proposal that changes it names its `id` in `replaces`."""

    id: UUID
    section: str
    item: str
    data: Mapping[str, str]
    source: str
    as_of: date
    known_from: datetime
    known_to: datetime | None
    proposal_id: UUID | None
    proposer: NameTold
    verifier: NameTold


class MissingTold(Told):
    """Something a whole dossier has."""

    section: str
    what: str
    weight: int


class LookalikeTold(Told):
    """Another customer whose name looks the same."""

    id: UUID
    name: str
    registration_number: str


class DossierStateTold(Told):
    """The facts on a business day, and what is missing."""

    on: date
    is_past: bool
    facts: tuple[FactTold, ...]
    completeness_percent: int
    missing: tuple[MissingTold, ...]
    lookalikes: tuple[LookalikeTold, ...]


class PartyTold(Told):
    """A firm or a natural person."""

    key: str
    kind: str
    name: str


class StakeTold(Told):
    """Shares and votes as fractions; `effective` null where it cannot be determined."""

    party: PartyTold
    direct: Decimal | None
    effective: Decimal | None
    votes: Decimal | None


class OwnerTold(Told):
    """A beneficial owner and why."""

    party: PartyTold
    share: Decimal | None
    bases: tuple[str, ...]


class CircleTold(Told):
    """A circle of holdings, from holder to held."""

    key: str
    path: tuple[PartyTold, ...]
    explained: bool


class OwnershipTold(Told):
    """Who stands behind a customer."""

    stakes: tuple[StakeTold, ...]
    beneficial_owners: tuple[OwnerTold, ...]
    controller: PartyTold | None
    declared_controllers: tuple[PartyTold, ...]
    controller_differs: bool
    chain: tuple[PartyTold, ...]
    group: tuple[PartyTold, ...]
    circles: tuple[CircleTold, ...]
    unknown: Decimal
    truncated: bool


class PaperTold(Told):
    """One version of a paper and what was found of its original."""

    id: UUID
    kind: str
    version: int
    filename: str
    media_type: str
    size: int
    sha256: str
    issuer: str | None
    issued_on: date | None
    valid_to_on: date | None
    uploader: NameTold
    uploaded_at: datetime
    state: str
    expiry: str
    verdict: str | None
    original_seen: bool | None
    seen_how: str | None
    seen_on: date | None
    checker: NameTold | None
    verifier: NameTold | None
    verified_at: datetime | None


class ChecklistItemTold(Told):
    """An item of the checklist; its newest paper first."""

    kind: str
    mandatory: bool
    state: str
    papers: tuple[PaperTold, ...]


class ChecklistTold(Told):
    """The checklist of a dossier."""

    items: tuple[ChecklistItemTold, ...]


class PaperFiled(Told):
    """The paper's new version."""

    id: UUID


class DifferenceTold(Told):
    """An item that stood otherwise at the ends of two days."""

    section: str
    item: str
    before: FactTold | None
    after: FactTold | None


class HistoryTold(Told):
    """What changed between two days."""

    differences: tuple[DifferenceTold, ...]
