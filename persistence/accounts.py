"""A loan account as the book keeps it: its events are the truth, everything else follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.accruing import Accruals, fold_and_accruals
from domain.accounts.agreed import allocation_from_data, lateness_from_data
from domain.accounts.events import Event
from domain.accounts.fold import SHAPING, kind_of
from domain.money import Currency
from domain.people import Actor
from domain.schedules import HolidayRule, LoanTerms, RepaymentMethod, ScheduleTerms
from domain.schedules.document import drawn_from_document
from domain.schedules.periods import WorkingDay
from domain.violations import LoanRuleViolation
from persistence.account_backfill import check_backfill, earlier_events, ledger_of_loan
from persistence.account_events import body_of, event_of
from persistence.account_journals import event_journals, opening_journals, time_journals
from persistence.account_rows import show_account
from persistence.audit import record
from persistence.clock import business_date, working_calendar
from persistence.day_end.shares import restate_note
from persistence.instalments import instalments_of
from persistence.journals import book_all
from persistence.limits import follow_outstanding
from persistence.tables import AccountEvent, ClosedPeriod, Contract, Loan

_CODE = "contract.malformed"
_TOLD_BY_THEIR_MONEY = ("drawdown", "receipt", "reversal")
"""Events whose payout or receipt has an audit event of its own."""


async def account_terms(session: AsyncSession, loan: Loan) -> AccountTerms:
    """The contract as the engine reads it.

    A contract whose terms hold no schedule of their own is a monthly one of the house.
    Raises LoanRuleViolation `account.not_drawn`.
    """
    if loan.drawn_on is None:
        raise LoanRuleViolation("account.not_drawn")
    return await terms_if_drawn(session, loan, loan.drawn_on)


async def terms_if_drawn(session: AsyncSession, loan: Loan, drawn_on: date) -> AccountTerms:
    """The contract as the engine reads it, were its first money to go out on a day.

    Violations: `schedule.malformed`, `contract.malformed`, `terms.*` where an agreed day lies
    before that day.
    """
    contract = await session.get_one(Contract, loan.id)
    document = contract.terms.get("schedule")
    if document is None:
        schedule = _house_schedule(loan, contract, drawn_on)
    else:
        schedule = drawn_from_document(document, drawn_on)
    said = contract.terms
    lateness = lateness_from_data(said.get("lateness", {}), contract.penalty_uplift, _CODE)
    accrual, non_accrual = allocation_from_data(said.get("allocation", {}), _CODE)
    return AccountTerms(
        schedule=schedule,
        lateness=lateness,
        allocation=accrual,
        non_accrual_allocation=non_accrual,
    )


async def events_of(session: AsyncSession, loan_id: UUID) -> list[Event]:
    """Everything that happened to a loan's money, in the order it was recorded."""
    mine = select(AccountEvent).where(col(AccountEvent.loan_id) == loan_id)
    rows = (await session.execute(mine.order_by(col(AccountEvent.seq)))).scalars()
    return [event_of(row.kind, row.key, row.value_on, row.recorded_on, row.body) for row in rows]


async def account_on(session: AsyncSession, loan_id: UUID, as_of: date) -> Account:
    """The account at the start of a day, past or to come, from the events known now."""
    loan = await session.get_one(Loan, loan_id)
    terms = await account_terms(session, loan)
    events = await events_of(session, loan_id) or await earlier_events(session, loan)
    return fold(terms, events, as_of, await working_day(session, terms))


async def append_events(
    session: AsyncSession,
    loan: Loan,
    events: Sequence[Event],
    at: datetime,
    *,
    back_dated: bool = False,
    actor: Actor | None = None,
    on: date | None = None,
) -> Account:
    """Record events and bring ledger, instalments, allocations and the loan's row to what follows.

    Time comes first: what accrued up to today is its own journal. Then each event's, and what a
    re-run changes beside it, by opposite entries dated today. An event whose key is recorded
    already changes nothing. No events at all just brings the book to today, or to the day `on`.

    Violations: `account.period_closed` for a value date in a closed day unless `back_dated` says
    that people approved the re-run or that the day is the money's own; those of the engine.
    """
    await session.execute(select(col(Loan.id)).where(col(Loan.id) == loan.id).with_for_update())
    terms = await account_terms(session, loan)
    is_working = await working_day(session, terms)
    known = await _known(session, loan, terms, is_working, at)
    fresh = _not_in(known, events)
    if not back_dated:
        await _refuse_closed(session, fresh)
    floor = loan.booked_to_on or date.min
    moving = (event.value_on for event in fresh if not isinstance(event, SHAPING))
    today = max(on or await business_date(session, at), floor, *moving)
    booked, runs_on = _folded(terms, tuple(known), floor, is_working) if known else (None, None)
    running = booked
    if known and floor < today:
        running, runs_on = _folded(terms, tuple(known), today, is_working)
    after = running
    if fresh or after is None or runs_on is None:
        after, runs_on = _folded(terms, (*known, *fresh), today, is_working)
    journals = (
        *time_journals(loan.id, booked, running, terms.schedule.currency),
        *event_journals(loan.id, running, after, fresh, len(known), terms.schedule.currency),
    )
    await book_all(session, journals, at, loan.id)
    _record(session, loan, fresh, len(known), at, actor)
    loan.booked_to_on = today
    await show_account(session, loan, after, runs_on, [*known, *fresh], at)
    await follow_outstanding(session, loan, at)
    await restate_note(session, loan.id, terms, [*known, *fresh], runs_on, today, at)
    return after


@lru_cache(maxsize=32)
def _folded(
    terms: AccountTerms, events: tuple[Event, ...], as_of: date, is_working: WorkingDay | None
) -> tuple[Account, Accruals]:
    """A fold, remembered: the account after one step is the account before the next."""
    return fold_and_accruals(terms, events, as_of, is_working)


async def _known(
    session: AsyncSession,
    loan: Loan,
    terms: AccountTerms,
    is_working: WorkingDay | None,
    at: datetime,
) -> list[Event]:
    """The recorded events; those of a loan drawn before any were kept are recorded first."""
    known = await events_of(session, loan.id)
    if known or not await instalments_of(session, loan.id):
        return known
    known = await earlier_events(session, loan)
    today = await business_date(session, at)
    account = fold(terms, known, today, is_working)
    await check_backfill(session, loan, account, at)
    standing = await ledger_of_loan(session, loan.id)
    opening = opening_journals(loan.id, standing, account, terms.schedule.currency)
    await book_all(session, tuple(opening), at, loan.id)
    _record(session, loan, known, 0, at, None)
    loan.booked_to_on = today
    return known


async def closed_to(session: AsyncSession) -> date | None:
    """The last day that is closed, or None."""
    statement = select(func.max(col(ClosedPeriod.business_on)))
    last: date | None = (await session.execute(statement)).scalar_one()
    return last


async def working_day(session: AsyncSession, terms: AccountTerms) -> WorkingDay | None:
    """What the engine asks about days off; nothing where the contract moves no due date.

    As known on the day of drawdown: a later calendar reaches a note by an event of its account.
    """
    if terms.schedule.holiday is HolidayRule.NONE:
        return None
    return (await working_calendar(session, terms.schedule.drawn_on)).is_working


def _house_schedule(loan: Loan, contract: Contract, drawn_on: date) -> ScheduleTerms:
    return LoanTerms(
        principal=contract.principal,
        currency=Currency(contract.currency),
        yearly_rate=contract.yearly_rate,
        tenor_months=loan.tenor_months,
        method=RepaymentMethod(loan.method),
        drawn_on=drawn_on,
    ).schedule_terms()


def _not_in(known: Sequence[Event], events: Sequence[Event]) -> list[Event]:
    """The events not recorded yet. The same key with other words is another's mistake."""
    by_key = {event.key: event for event in known}
    fresh: list[Event] = []
    for event in events:
        before = by_key.get(event.key)
        if before is None:
            by_key[event.key] = event
            fresh.append(event)
        elif replace(before, recorded_on=event.recorded_on) != event:
            raise LoanRuleViolation("account.event_differs", key=event.key)
    return fresh


async def _refuse_closed(session: AsyncSession, events: Sequence[Event]) -> None:
    last = await closed_to(session)
    early = [event for event in events if last is not None and event.value_on <= last]
    if early:
        raise LoanRuleViolation("account.period_closed", last=str(last))


def _record(
    session: AsyncSession,
    loan: Loan,
    events: Sequence[Event],
    known: int,
    at: datetime,
    actor: Actor | None,
) -> None:
    staff = UUID(actor.staff_id) if actor else None
    for seq, event in enumerate(events, start=known + 1):
        session.add(
            AccountEvent(
                loan_id=loan.id,
                seq=seq,
                key=event.key,
                kind=kind_of(event),
                value_on=event.value_on,
                recorded_on=event.recorded_on,
                body=body_of(event),
                recorded_at=at,
                actor=staff,
            )
        )
        if kind_of(event) in _TOLD_BY_THEIR_MONEY:
            continue
        record(
            session,
            "account.changed",
            at,
            loan_id=loan.id,
            subject=event.key,
            actor=actor,
            kind=kind_of(event),
            value_on=event.value_on.isoformat(),
        )
