"""Putting firms of the demo book into the books: dossiers, statements, ratings, two years of them.

Statements go the way every statement goes: proposed by one person, approved by another, each at
the instant they would have been filed. Ratings and dossier entries are rows of those instants,
written by sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.financials.amounts import AmountUnit
from domain.financials.filing import FiledYear, Filing, content_of
from domain.financials.statement import FinancialStatement
from domain.identifiers import RegistrationNumber
from domain.people import Actor
from domain.scoring.rating import RatingFacts
from persistence.audit import record
from persistence.customer_effects import EFFECTS
from persistence.customer_proposals import decide, proposal_id_of, propose
from persistence.customer_ratings import rating_row
from persistence.customers import find_customer, open_customer
from persistence.tables import Customer, CustomerRating, CustomerWork, DossierEntry

_NAMESPACE = uuid5(NAMESPACE_URL, "corploan:demo-firm")
_RATED_AFTER = timedelta(days=7)
_REASON = "年度财务报表（演示数据）"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An item of a dossier as it was known from one instant on, to another if it ended."""

    section: str
    item: str
    data: Mapping[str, Any]
    source: str
    as_of: date
    known_from: datetime
    known_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewFiling:
    """Years filed together, oldest first, and the instant they were."""

    statements: Sequence[FinancialStatement]
    auditor: str
    filed_at: datetime

    @property
    def year(self) -> int:
        """The newest year."""
        return self.statements[-1].year


@dataclass(frozen=True, slots=True)
class NewFirm:
    """A firm to be put into the demo book; filings oldest first."""

    number: RegistrationNumber
    name: str
    industry: str
    established_on: date
    legal_representative: str
    filings: Sequence[NewFiling]
    entries: Sequence[NewEntry]


async def known_numbers(session: AsyncSession, firms: Sequence[NewFirm]) -> int:
    """How many of the firms have a dossier already."""
    numbers = [firm.number.value for firm in firms]
    counting = select(func.count()).where(col(Customer.registration_number).in_(numbers))
    return (await session.execute(counting)).scalar_one()


async def put_firms(
    session: AsyncSession, firms: Sequence[NewFirm], maker: Actor, checker: Actor, now: datetime
) -> int:
    """Put those in that have no dossier yet; the answer is how many these were.

    Violations: those of `open_customer`, `propose` and `decide`.
    """
    entries: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    put: list[UUID] = []
    for firm in firms:
        if await find_customer(session, firm.number) is not None:
            continue
        customer_id = await _open(session, firm, maker)
        for filed in firm.filings:
            await _file(session, customer_id, filed, maker, checker)
        entries += [_entry(customer_id, one, maker, checker) for one in firm.entries]
        ratings += _ratings(customer_id, firm.filings)
        put.append(customer_id)
    if put:
        await session.execute(insert(DossierEntry), entries)
        await session.execute(insert(CustomerRating), ratings)
        await _rated(session, put)
        record(session, "demo.firms_put", now, actor=maker, firms=len(put), synthetic="yes")
    return len(put)


async def _open(session: AsyncSession, firm: NewFirm, maker: Actor) -> UUID:
    at = min(filed.filed_at for filed in firm.filings) - timedelta(days=1)
    customer_id, _ = await open_customer(session, firm.number, firm.name, maker, at)
    values = {
        "industry": firm.industry,
        "established_on": firm.established_on,
        "legal_representative": firm.legal_representative,
    }
    await session.execute(update(Customer).where(col(Customer.id) == customer_id).values(**values))
    return customer_id


async def _file(
    session: AsyncSession, customer_id: UUID, filed: NewFiling, maker: Actor, checker: Actor
) -> None:
    """Four eyes on a filing: the checker approves it a day after it was filed."""
    years = tuple(FiledYear(one, filed.auditor if one.audited else "") for one in filed.statements)
    content = content_of(Filing(filed.statements[-1].currency, AmountUnit.ONE, years))
    command = ProposeForCustomer(
        f"demo:{filed.year}", customer_id, maker, ProposalKind.STATEMENTS, content, _REASON
    )
    await propose(session, command, filed.filed_at, EFFECTS)
    proposal_id = proposal_id_of(customer_id, command.command_id)
    approval = DecideProposal(
        f"demo:{filed.year}:approval", customer_id, checker, proposal_id, True
    )
    await decide(session, approval, filed.filed_at + timedelta(days=1), EFFECTS)


def _entry(customer_id: UUID, entry: NewEntry, maker: Actor, checker: Actor) -> dict[str, Any]:
    return {
        "id": uuid5(_NAMESPACE, f"{customer_id}/{entry.section}/{entry.item}/{entry.known_from}"),
        "customer_id": customer_id,
        "section": entry.section,
        "item": entry.item,
        "data": dict(entry.data),
        "source": entry.source,
        "as_of": entry.as_of,
        "known_from": entry.known_from,
        "known_to": entry.known_to,
        "proposed_by": UUID(maker.staff_id),
        "verified_by": UUID(checker.staff_id),
    }


def _ratings(customer_id: UUID, filings: Sequence[NewFiling]) -> list[dict[str, Any]]:
    """One rating a filing, each in force until the next."""
    found = []
    known: list[FinancialStatement] = []
    for filed in filings:
        known += filed.statements
        at, cause = filed.filed_at + _RATED_AFTER, f"statements:{filed.year}"
        newest_first = known[::-1]
        found.append(rating_row(customer_id, newest_first, RatingFacts(), cause, at, at.date()))
    for earlier, later in pairwise(found):
        earlier["superseded_at"] = later["rated_at"]
    return found


async def _rated(session: AsyncSession, customers: Sequence[UUID]) -> None:
    """The ratings that the statements ask for are there: nobody has to work them out again."""
    await session.execute(
        update(CustomerWork)
        .where(col(CustomerWork.customer_id).in_(customers), col(CustomerWork.done_at).is_(None))
        .values(done_at=col(CustomerWork.opened_at) + _RATED_AFTER, outcome="rated")
    )
