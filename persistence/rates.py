"""Fixings of rate indices: proposed, decided by another person, and brought to every loan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Event
from domain.people import Act, Actor
from domain.rates import (
    LAST_YEAR,
    RATE_MAX,
    Fixing,
    FloatingRate,
    agreed_margin,
    floating_from_data,
    floating_on,
    index_rate_on,
    margin_steps,
    next_repricing,
    rate_events,
)
from domain.texts import clean_name
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.accounts import append_events, events_of
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.stages import locked_loan
from persistence.tables import Contract, Loan, RateFixing, RateIndexRow, Staff


class FixingStatus(StrEnum):
    """How far a fixing has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class ProposedFixing:
    """What a person proposes. `yearly_rate` is a fraction."""

    index: str
    published_on: date
    effective_on: date
    yearly_rate: Decimal
    source: str


_INDEX_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_SEEDED = (
    ("LPR_1Y", "一年期贷款市场报价利率", "Loan prime rate, 1 year", Decimal("0.03")),
    ("LPR_5Y", "五年期以上贷款市场报价利率", "Loan prime rate, over 5 years", Decimal("0.035")),
)
_SEEDED_ON = date(2025, 5, 20)
_SEEDED_AT = datetime(2025, 5, 20, 1, tzinfo=UTC)
_SEED_IDS = {
    "LPR_1Y": UUID("5f0c4f1e-52d7-4b35-9a54-6a50a2b0c101"),
    "LPR_5Y": UUID("5f0c4f1e-52d7-4b35-9a54-6a50a2b0c105"),
}


async def seed_rates(session: AsyncSession) -> None:
    """The indices and the fixings a book starts with, marked provisional: later ones are unknown.

    Source: National Interbank Funding Center, loan prime rate of 20 May 2025.
    """
    for code, name_zh, name_en, yearly_rate in _SEEDED:
        index = {"code": code, "name_zh": name_zh, "name_en": name_en}
        await session.execute(insert(RateIndexRow).values(index).on_conflict_do_nothing())
        fixing = {
            "id": _SEED_IDS[code],
            "index_code": code,
            "published_on": _SEEDED_ON,
            "effective_on": _SEEDED_ON,
            "yearly_rate": yearly_rate,
            "source": "seed",
            "provisional": True,
            "status": FixingStatus.APPROVED.value,
            "proposed_at": _SEEDED_AT,
            "decided_at": _SEEDED_AT,
        }
        await session.execute(insert(RateFixing).values(fixing).on_conflict_do_nothing())


async def add_index(
    session: AsyncSession, code: str, name_zh: str, name_en: str, actor: Actor, at: datetime
) -> None:
    """Let the bank know another published rate.

    Violations: `rate.index_code`, `rate.index_known`, `text.*`.
    """
    _refuse_without(actor, Act.PROPOSE_RATE)
    if _INDEX_CODE.fullmatch(code) is None:
        raise LoanRuleViolation("rate.index_code")
    row = {"code": code, "name_zh": clean_name(name_zh), "name_en": clean_name(name_en)}
    added = insert(RateIndexRow).values(row).on_conflict_do_nothing()
    done = await session.execute(added.returning(col(RateIndexRow.code)))
    if done.scalar_one_or_none() is None:
        raise LoanRuleViolation("rate.index_known")
    record(session, "rate.index_added", at, subject=code, actor=actor)


async def propose_fixing(
    session: AsyncSession, asked: ProposedFixing, actor: Actor, at: datetime
) -> UUID:
    """Propose a fixing; it counts once another person approves it.

    Violations: `rate.unknown_index`, `rate.range`, `rate.dates`, `rate.proposed_before`.
    """
    _refuse_without(actor, Act.PROPOSE_RATE)
    if await session.get(RateIndexRow, asked.index) is None:
        raise LoanRuleViolation("rate.unknown_index")
    if not asked.yearly_rate.is_finite() or abs(asked.yearly_rate) > RATE_MAX:
        raise LoanRuleViolation("rate.range")
    if asked.effective_on < asked.published_on or asked.effective_on.year > LAST_YEAR:
        raise LoanRuleViolation("rate.dates")
    row = {
        "id": uuid4(),
        "index_code": asked.index,
        "published_on": asked.published_on,
        "effective_on": asked.effective_on,
        "yearly_rate": asked.yearly_rate,
        "source": asked.source,
        "provisional": False,
        "status": FixingStatus.PROPOSED.value,
        "proposed_by": UUID(actor.staff_id),
        "proposed_person": await _person_of(session, actor),
        "proposed_at": at,
    }
    added = insert(RateFixing).values(row).on_conflict_do_nothing().returning(col(RateFixing.id))
    fixing_id = (await session.execute(added)).scalar_one_or_none()
    if fixing_id is None:
        raise LoanRuleViolation("rate.proposed_before")
    subject = str(fixing_id)
    record(
        session,
        "rate.fixing_proposed",
        at,
        subject=subject,
        actor=actor,
        index=asked.index,
        effective_on=asked.effective_on,
        yearly_rate=asked.yearly_rate,
    )
    return fixing_id


async def decide_fixing(
    session: AsyncSession, fixing_id: UUID, *, approve: bool, actor: Actor, at: datetime
) -> None:
    """Approve or reject a fixing. What follows for loans is `persistence.repricing`.

    Deciding the same again changes nothing.
    Violations: `rate.unknown_fixing`, `rate.decided`, `rate.own_proposal`.
    """
    _refuse_without(actor, Act.APPROVE_RATE)
    fixing = await session.get(RateFixing, fixing_id, with_for_update=True)
    if fixing is None:
        raise LoanRuleViolation("rate.unknown_fixing")
    decision = FixingStatus.APPROVED if approve else FixingStatus.REJECTED
    if fixing.status == decision:
        return
    if fixing.status != FixingStatus.PROPOSED:
        raise LoanRuleViolation("rate.decided")
    person = await _person_of(session, actor)
    if person == fixing.proposed_person:
        raise DutyViolation("rate.own_proposal")
    fixing.status, fixing.decided_at = decision.value, at
    fixing.decided_by, fixing.decided_person = UUID(actor.staff_id), person
    await session.flush()
    record(session, f"rate.fixing_{decision.value}", at, subject=str(fixing_id), actor=actor)


async def take_reset(session: AsyncSession, loan_id: UUID, at: datetime, version: int) -> None:
    """A repricing date came: the account takes the index's newest fixing from that day on."""
    loan = await locked_loan(session, loan_id)
    loan.version = max(loan.version, version)
    floating = await floating_of(session, loan_id)
    if floating is not None and loan.drawn_on is not None:
        await reprice_loan(session, loan, floating, await fixings_of(session), at, None)


async def next_reset(session: AsyncSession, loan: Loan, at: datetime) -> datetime | None:
    """When a note is next repriced; None for a fixed rate or a loan not drawn."""
    floating = await floating_of(session, loan.id)
    if floating is None or loan.drawn_on is None:
        return None
    clock = await business_clock(session)
    taken = [e.value_on for e in await events_of(session, loan.id) if e.key.startswith("fixing:")]
    return clock.instant_of(
        next_repricing(floating, loan.drawn_on, max(taken, default=loan.drawn_on))
    )


async def floating_of(session: AsyncSession, loan_id: UUID) -> FloatingRate | None:
    """What a loan's contract says about a floating rate; None where its rate is fixed."""
    contract = await session.get(Contract, loan_id)
    said = contract.terms.get("floating") if contract else None
    return None if said is None else floating_from_data(said)


async def floating_now(session: AsyncSession, loan: Loan, on: date) -> FloatingRate | None:
    """A loan's floating rate with the margin that counts on a day; None where it is fixed."""
    floating = await floating_of(session, loan.id)
    if floating is None:
        return None
    return floating_on(floating, margin_steps(await events_of(session, loan.id)), on)


async def fixings_of(session: AsyncSession) -> tuple[Fixing, ...]:
    """All approved fixings, a correction after what it corrects."""
    approved = select(RateFixing).where(col(RateFixing.status) == FixingStatus.APPROVED)
    order = approved.order_by(col(RateFixing.decided_at), col(RateFixing.id))
    return tuple(fixing_of_row(row) for row in (await session.execute(order)).scalars())


async def reprice_loan(
    session: AsyncSession,
    loan: Loan,
    floating: FloatingRate,
    fixings: Sequence[Fixing],
    at: datetime,
    actor: Actor | None,
) -> bool:
    """Append what the fixings do to a loan up to today; whether that was anything new."""
    if loan.drawn_on is None:
        return False
    today = await business_date(session, at)
    known = await events_of(session, loan.id)
    fresh = repricings(floating, fixings, loan.drawn_on, known, today)
    if fresh:
        await append_events(session, loan, fresh, at, back_dated=True, actor=actor)
    return bool(fresh)


def repricings(
    floating: FloatingRate,
    fixings: Sequence[Fixing],
    drawn_on: date,
    known: Sequence[Event],
    today: date,
) -> list[Event]:
    """What the repricing dates up to today do to an account that it has not taken yet."""
    keys = {event.key for event in known}
    asked = rate_events(floating, fixings, drawn_on, today, today, margin_steps(known))
    return [event for event in asked if event.key not in keys]


async def margin_of(
    session: AsyncSession, loan: Loan, yearly_rate: Decimal, on: date
) -> int | None:
    """The margin that a new rate from a day on means, in basis points; None where it is fixed.

    Violations: as `agreed_margin`.
    """
    floating = await floating_of(session, loan.id)
    if floating is None:
        return None
    index_rate = await index_now(session, loan, on)
    return agreed_margin(floating, index_rate, yearly_rate).margin_bp


async def index_now(session: AsyncSession, loan: Loan, on: date) -> Decimal:
    """The index as a drawn floating loan has it on a day."""
    contract, fixings = await session.get_one(Contract, loan.id), await fixings_of(session)
    floating = floating_from_data(contract.terms["floating"])
    return index_rate_on(floating, fixings, loan.drawn_on or on, contract.yearly_rate, on)


def _refuse_without(actor: Actor, act: Act) -> None:
    if not actor.may(act):
        raise DutyViolation("duty.role")


async def _person_of(session: AsyncSession, actor: Actor) -> UUID:
    return (await session.get_one(Staff, UUID(actor.staff_id))).person_id


def fixing_of_row(row: RateFixing) -> Fixing:
    """The fixing a row stands for."""
    return Fixing(str(row.id), row.index_code, row.published_on, row.effective_on, row.yearly_rate)
