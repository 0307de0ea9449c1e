"""Fixings take two persons, stand once decided, and reprice every loan that follows them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from domain.accounts.events import Drawdown, RateSet
from domain.changes import Change, ChangeKind
from domain.people import Actor, Role
from domain.process import Stage
from domain.repayments import Bucket
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.account_backfill import ledger_of_loan
from persistence.accounts import account_on, append_events, events_of
from persistence.changes import preview_change
from persistence.clock import business_date
from persistence.engine import Database
from persistence.queries.accounts import account_page
from persistence.queries.rates import followers
from persistence.rate_preview import repricing_shown
from persistence.rates import (
    ProposedFixing,
    decide_fixing,
    fixings_of,
    next_reset,
    propose_fixing,
    take_reset,
)
from persistence.repricing import Repriced, reprice_some
from persistence.staff_accounts import create_staff
from persistence.tables import Contract, Loan
from tests.web.loans import Wanted, put_loan

NOW = datetime.now(UTC)


async def officer(
    database: Database, name: str, role: Role = Role.RISK_OFFICER, same_as: str | None = None
) -> Actor:
    async with database.transaction() as session:
        staff_id = await create_staff(
            session,
            username=name,
            name_zh=name,
            name_en=name,
            roles=[role],
            password_hash="-",
            now=NOW,
            same_person_as=UUID(same_as) if same_as else None,
        )
    return Actor(str(staff_id), (role,))


def asked(rate: str, on: date, index: str = "LPR_1Y") -> ProposedFixing:
    return ProposedFixing(
        index=index,
        published_on=on,
        effective_on=on,
        yearly_rate=Decimal(rate),
        source="announcement",
    )


async def proposed(database: Database, wanted: ProposedFixing, actor: Actor) -> UUID:
    async with database.transaction() as session:
        return await propose_fixing(session, wanted, actor, NOW)


async def decided(database: Database, fixing: UUID, actor: Actor, *, approve: bool = True) -> None:
    async with database.transaction() as session:
        await decide_fixing(session, fixing, approve=approve, actor=actor, at=NOW)


async def test_a_new_book_knows_both_published_rates(database: Database) -> None:
    async with database.reading() as session:
        known = {each.index: each.yearly_rate for each in await fixings_of(session)}
    assert known == {"LPR_1Y": Decimal("0.03"), "LPR_5Y": Decimal("0.035")}


async def test_a_fixing_counts_only_when_another_person_approves_it(database: Database) -> None:
    first, second = await officer(database, "first"), await officer(database, "second")
    twin = await officer(database, "twin", same_as=first.staff_id)
    fixing = await proposed(database, asked("0.029", date(2026, 3, 20)), first)
    for same_person in (first, twin):
        with pytest.raises(DutyViolation, match=r"rate\.own_proposal"):
            await decided(database, fixing, same_person)
    async with database.reading() as session:
        assert len(await fixings_of(session)) == 2
    await decided(database, fixing, second)
    await decided(database, fixing, second)
    async with database.reading() as session:
        assert [each.yearly_rate for each in await fixings_of(session)][-1] == Decimal("0.029")
    with pytest.raises(LoanRuleViolation, match=r"rate\.decided"):
        await decided(database, fixing, second, approve=False)


async def test_a_person_without_the_role_may_neither_propose_nor_decide(
    database: Database,
) -> None:
    manager = await officer(database, "manager", Role.CUSTOMER_MANAGER)
    with pytest.raises(DutyViolation):
        await proposed(database, asked("0.029", date(2026, 3, 20)), manager)
    first = await officer(database, "first")
    fixing = await proposed(database, asked("0.029", date(2026, 3, 20)), first)
    with pytest.raises(DutyViolation):
        await decided(database, fixing, manager)


async def test_a_decided_fixing_stands(database: Database) -> None:
    with pytest.raises(DatabaseError, match="append only"):
        async with database.transaction() as session:
            await session.execute(text("UPDATE rate_fixing SET yearly_rate = 0.01"))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (asked("0.03", date(2026, 3, 20), "NOTHING"), "rate.unknown_index"),
        (asked("10", date(2026, 3, 20)), "rate.range"),
        (asked("NaN", date(2026, 3, 20)), "rate.range"),
        (asked("0.03", date(2101, 3, 20)), "rate.dates"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    database: Database, wanted: ProposedFixing, code: str
) -> None:
    first = await officer(database, "first")
    with pytest.raises(LoanRuleViolation, match=code):
        await proposed(database, wanted, first)


async def floating_loan(database: Database) -> UUID:
    """A loan drawn 40 days ago that is repriced each month at LPR 1Y + 135 bp."""
    manager = await officer(database, "manager", Role.CUSTOMER_MANAGER)
    wanted = Wanted(stage=Stage.RELEASE, task=None, number=7)
    async with database.transaction() as session:
        loan_id = await put_loan(session, UUID(manager.staff_id), wanted)
        await session.flush()
        loan = await session.get_one(Loan, loan_id)
        loan.drawn_on = drawn_on = await business_date(session, NOW) - timedelta(days=40)
        contract = await session.get_one(Contract, loan_id)
        terms = {"index": "LPR_1Y", "margin_bp": 135, "repricing": "1m"}
        contract.terms = {"floating": terms}
        await session.flush()
        drawn = Drawdown(key="draw", value_on=drawn_on, recorded_on=drawn_on, amount=loan.amount)
        await append_events(session, loan, [drawn], NOW)
    return loan_id


async def test_a_back_dated_fixing_shows_its_difference_before_it_is_booked(
    database: Database,
) -> None:
    loan_id = await floating_loan(database)
    first, second = await officer(database, "first"), await officer(database, "second")
    async with database.reading() as session:
        effective_on = await business_date(session, NOW) - timedelta(days=30)
    fixing = await proposed(database, asked("0.02", effective_on), first)
    async with database.reading() as session:
        [shown] = await repricing_shown(session, fixing, NOW)
        before = await account_on(session, loan_id, await business_date(session, NOW))
    assert (shown.rate_before, shown.rate_after) == (Decimal("0.0435"), Decimal("0.0335"))
    assert shown.difference < 0
    await decided(database, fixing, second)
    assert await reprice_some(database, fixing, None, NOW) == Repriced(None, 1)
    assert await reprice_some(database, fixing, None, NOW) == Repriced(None, 0)
    async with database.reading() as session:
        after = await account_on(session, loan_id, await business_date(session, NOW))
        ledger = await ledger_of_loan(session, loan_id)
    told = {line.n: line.interest_after for line in shown.lines}
    booked = {line.n: line.owed.get(Bucket.INTEREST, Decimal(0)) for line in after.lines}
    assert told.items() <= booked.items()
    assert before.yearly_rate == Decimal("0.0435")
    assert ledger == dict(after.positions)


async def test_a_step_up_on_a_floating_loan_outlives_the_next_fixing(database: Database) -> None:
    """Agreed for a day before a repricing already taken: that one is made anew, and shown first."""
    loan_id = await floating_loan(database)
    first, second = await officer(database, "first"), await officer(database, "second")
    async with database.transaction() as session:
        await take_reset(session, loan_id, NOW, 9)
    async with database.reading() as session:
        loan, today = await session.get_one(Loan, loan_id), await business_date(session, NOW)
        step_up = Change(
            kind=ChangeKind.RATE_CHANGE,
            effective_on=today - timedelta(days=30),
            yearly_rate=Decimal("0.06"),
        )
        shown = await preview_change(session, loan, step_up, NOW)
    rates = [event for event in shown.preview.events if isinstance(event, RateSet)]
    assert [event.yearly_rate for event in rates] == [Decimal("0.06"), Decimal("0.06")]
    async with database.transaction() as session:
        loan = await session.get_one(Loan, loan_id)
        await append_events(session, loan, shown.preview.events, NOW, back_dated=True)
    fixing = await proposed(database, asked("0.02", today - timedelta(days=20)), first)
    async with database.reading() as session:
        [told] = await repricing_shown(session, fixing, NOW)
    assert (told.rate_before, told.rate_after) == (Decimal("0.06"), Decimal("0.05"))
    await decided(database, fixing, second)
    assert await reprice_some(database, fixing, None, NOW) == Repriced(None, 1)
    async with database.reading() as session:
        assert (await account_on(session, loan_id, today)).yearly_rate == Decimal("0.05")
        page = await account_page(session, loan_id, today, NOW)
        found = await followers(session, first, "LPR_1Y", today, 1)
    assert page.floating is not None
    assert page.margin is not None
    assert (page.floating.margin_bp, page.margin.from_on) == (300, step_up.effective_on)
    assert [(each.floating.margin_bp, each.yearly_rate) for each in found.loans] == [
        (300, Decimal("0.05"))
    ]


async def test_a_repricing_date_is_taken_once_and_the_next_one_waits(database: Database) -> None:
    loan_id = await floating_loan(database)
    async with database.reading() as session:
        loan = await session.get_one(Loan, loan_id)
        due = await next_reset(session, loan, NOW)
    assert due is not None
    assert due < NOW
    for _twice in range(2):
        async with database.transaction() as session:
            await take_reset(session, loan_id, NOW, 9)
    async with database.reading() as session:
        events = [e for e in await events_of(session, loan_id) if isinstance(e, RateSet)]
        following = await next_reset(session, loan, NOW)
    assert [event.yearly_rate for event in events] == [Decimal("0.0435")]
    assert following is not None
    assert following > NOW
