"""Customer dossiers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.lists import PageTold
from api.schemas.strict import Asked, Name, Told
from domain.identifiers import RegistrationScheme


class OpenCustomer(Asked):
    """A registration number and the firm's name.

    `different_from` names customers whose names look alike and who were compared: without them
    the answer is 409, with their ids.
    """

    scheme: RegistrationScheme = RegistrationScheme.CN_USCC
    registration_number: Annotated[str, Field(min_length=1, max_length=60)]
    name: Name
    different_from: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()


class CustomerOpened(Told):
    """The dossier; `created` is false when the number had one already."""

    id: UUID
    created: bool


class CustomerTold(Told):
    """One customer in a list; the counts are of the cases the caller may see."""

    id: UUID
    name: str
    scheme: str
    registration_number: str
    open_cases: int
    cases: int
    opened_at: datetime


class CustomersTold(Told):
    """One page of customers."""

    customers: tuple[CustomerTold, ...]
    page: PageTold


class DossierCase(Told):
    """A case of the customer."""

    id: UUID
    case_number: str
    stage: str
    status: str


class DossierTold(Told):
    """One customer."""

    id: UUID
    name: str
    scheme: str
    registration_number: str
    legal_representative: str | None
    industry: str | None
    established_on: date | None
    opened_at: datetime
    cases: tuple[DossierCase, ...]
