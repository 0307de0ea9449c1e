"""Day end comes to the engine's own figures, note by note, and books nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.accruing import accruals
from domain.accounts.events import Drawdown, Event, RateSet, Receipt
from domain.day_counts import DayCount
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules import PeriodUnit, RepaymentMethod, ScheduleTerms
from persistence.day_end.closing import STEPS, close_day, open_days
from persistence.day_end.segments import write_segments
from persistence.engine import Database

START = date(2026, 1, 15)
AT = datetime(2026, 1, 15, 4, tzinfo=UTC)
Case = tuple[AccountTerms, list[Event]]


def terms(method: str = "equal_instalment", **changes: Any) -> AccountTerms:
    values: dict[str, Any] = {
        "principal": Decimal("1000000.01"),
        "currency": Currency("CNY"),
        "yearly_rate": Decimal("0.0435"),
        "method": RepaymentMethod(method),
        "drawn_on": START,
        "instalments": 12,
    }
    return AccountTerms(schedule=ScheduleTerms(**(values | changes)))


def drawn(found: AccountTerms, *later: Event) -> Case:
    start: Event = Drawdown(
        key="draw", value_on=START, recorded_on=START, amount=found.schedule.principal
    )
    return found, [start, *later]


def receipt(on: date, amount: str) -> Receipt:
    return Receipt(key=f"r:{on}", value_on=on, recorded_on=on, amount=Decimal(amount))


def rate_set(on: date, rate: str) -> RateSet:
    return RateSet(key=f"f:{on}", value_on=on, recorded_on=on, yearly_rate=Decimal(rate))


BOOK: dict[str, Case] = {
    "untouched": drawn(terms()),
    "paid": drawn(terms("equal_principal"), receipt(date(2026, 2, 15), "86958.34")),
    "part": drawn(terms(), receipt(date(2026, 3, 1), "40000.00")),
    "late part": drawn(terms(), receipt(date(2026, 4, 20), "90000.00")),
    "bullet": drawn(terms("interest_first_bullet")),
    "at maturity": drawn(terms("maturity")),
    "flat": drawn(terms("flat")),
    "actual": drawn(terms(day_count=DayCount.ACT_365F)),
    "uneven": drawn(terms(day_count=DayCount.ACT_ACT_JAN1, unit=PeriodUnit.QUARTER)),
    "weekly": drawn(terms("equal_principal", unit=PeriodUnit.WEEK)),
    "grace": drawn(terms(principal_grace=3)),
    "floating": drawn(terms("interest_first_bullet"), rate_set(date(2026, 1, 31), "0.05")),
    "yen": drawn(terms(principal=Decimal(9000000), currency=Currency("USD"))),
}


async def put(database: Database, known_on: date) -> dict[UUID, Case]:
    """A book as its events left it: rows as the engine had them on the day of the last event."""
    found = {}
    async with database.transaction() as session:
        staff, customer = uuid4(), uuid4()
        await session.execute(
            text("""INSERT INTO staff (id, person_id, username, name_zh, name_en, roles,
                password_hash, active, failed_attempts)
                VALUES (:id, :id, 'day', '日', 'Day', '{}', 'x', true, 0)"""),
            {"id": staff},
        )
        await put_customer(session, customer, staff)
        for number, case in enumerate(BOOK.values()):
            loan_id = uuid4()
            await put_note(session, loan_id, case, (customer, staff, number), known_on)
            found[loan_id] = case
    return found


async def put_customer(session: Any, customer: UUID, staff: UUID) -> None:
    columns = await session.execute(
        text("""SELECT column_name, data_type FROM information_schema.columns
            WHERE table_name = 'customer' AND is_nullable = 'NO' AND column_default IS NULL""")
    )
    values = {name: filled(kind, name, customer, staff) for name, kind in columns}
    await insert(session, "customer", values)


def filled(kind: str, name: str, own: UUID, staff: UUID) -> Any:
    if kind == "uuid":
        return own if name == "id" else staff
    if kind == "boolean":
        return True
    if kind == "jsonb":
        return "{}"
    if "timestamp" in kind:
        return AT
    if kind == "date":
        return START
    return 1 if kind in ("integer", "numeric") else "x"


async def insert(session: Any, table: str, values: dict[str, Any]) -> None:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of the schema
    await session.execute(text(statement), values)


async def put_note(
    session: Any, loan_id: UUID, case: Case, place: tuple[UUID, UUID, int], known_on: date
) -> None:
    contract, events = case
    known = [event for event in events if event.value_on <= known_on]
    last = max(event.value_on for event in known)
    account = fold(contract, known, last)
    customer, staff, number = place
    currency = contract.schedule.currency
    await insert(
        session,
        "loan",
        {
            "id": loan_id, "case_number": f"CL{number:06}", "customer_id": customer,
            "officer_id": staff, "origin": "desk", "product_code": "WC", "product_version": 1,
            "amount": contract.schedule.principal, "currency": currency, "tenor_months": 12,
            "method": contract.schedule.method, "facts": "{}", "statements": "{}",
            "stage": "repayment", "status": "active", "wait_reason": "instalment_due",
            "entered_at": AT, "submitted_at": AT, "version": 1, "drawn_on": START,
            "outstanding": account.outstanding, "arrears_noted": 0,
        },
    )  # fmt: skip
    for line in account.lines:
        await insert(session, "instalment", row_of(loan_id, line, last))
    journal = (
        await session.execute(
            text("""INSERT INTO journal (key, kind, loan_id, business_on, posted_at)
                VALUES (:key, 'release', :loan, :on, :at) RETURNING id"""),
            {"key": f"k{number}", "loan": loan_id, "on": START, "at": AT},
        )
    ).scalar_one()
    for name, amount in account.positions.items():
        posting = {"journal_id": journal, "account": name, "amount": amount, "currency": currency}
        await insert(session, "journal_line", posting)
    await write_segments(session, loan_id, contract, known, accruals(contract, known, last))


def row_of(loan_id: UUID, line: Any, last: date) -> dict[str, Any]:
    owed, paid = line.owed, line.paid
    zero = Decimal(0)
    return {
        "loan_id": loan_id, "n": line.n, "period_start_on": line.period_start_on,
        "due_on": line.due_on, "principal": owed.get(Bucket.PRINCIPAL, zero),
        "interest": owed.get(Bucket.INTEREST, zero), "balance_after": line.balance_after,
        "principal_paid": paid.get(Bucket.PRINCIPAL, zero),
        "interest_paid": paid.get(Bucket.INTEREST, zero),
        "penalty_accrued": owed.get(Bucket.PENALTY, zero),
        "penalty_paid": paid.get(Bucket.PENALTY, zero),
        "compound_accrued": owed.get(Bucket.COMPOUND, zero),
        "compound_paid": paid.get(Bucket.COMPOUND, zero),
        "penalty_residual": zero, "compound_residual": zero, "paid_on": line.paid_on,
        "accrued_to_on": last if last > line.due_on else None, "fee": zero, "fee_paid": zero,
    }  # fmt: skip


def figures(account: Account) -> tuple[Any, ...]:
    return (
        account.outstanding,
        account.days_past_due,
        account.accrual_status.value,
        account.accrued_interest,
    )


@pytest.mark.parametrize("days", [1, 16, 17, 31, 76, 120, 200, 366])
async def test_every_note_comes_to_the_engines_figures(database: Database, days: int) -> None:
    day = START + timedelta(days=days)
    book = await put(database, day)
    closed = await close_day(database, day - timedelta(days=1))
    assert closed.difference == 0
    async with database.reading() as session:
        rows = (await session.execute(text("SELECT * FROM note_status"))).all()
    assert len(rows) == len(book)
    for row in rows:
        contract, events = book[row.loan_id]
        account = fold(contract, events, day)
        name = next(key for key, case in BOOK.items() if case == (contract, events))
        found = (row.outstanding, row.days_past_due, row.accrual_status, row.accrued_interest)
        assert found == figures(account), name
        late = account.open_amount(Bucket.PENALTY), account.open_amount(Bucket.COMPOUND)
        # two roundings of a part-paid line, one before and one after its receipt
        assert abs(row.penalty - late[0]) <= Decimal("0.01"), name
        assert abs(row.compound - late[1]) <= Decimal("0.01"), name


async def test_a_day_run_again_books_nothing_more(database: Database) -> None:
    await put(database, START)
    day = START + timedelta(days=40)
    first = await close_day(database, day)
    before = await ledger(database)
    again = await close_day(database, day)
    assert first == again
    assert await ledger(database) == before
    async with database.reading() as session:
        steps = (await session.execute(text("SELECT step, runs, ended_at FROM day_end_step"))).all()
    assert {row.step for row in steps} == set(STEPS)
    assert all(row.runs == 2 and row.ended_at for row in steps)


async def test_missed_days_are_named_one_by_one_holidays_too(database: Database) -> None:
    await put(database, START)
    at = datetime(2026, 1, 20, 4, tzinfo=UTC)
    days = await open_days(database, at, 100)
    assert days == [START + timedelta(days=n) for n in range(5)]
    await close_day(database, days[0])
    assert await open_days(database, at, 2) == days[1:3]


async def test_a_ledger_that_is_off_by_a_cent_keeps_the_day_open(database: Database) -> None:
    await put(database, START)
    async with database.transaction() as session:
        journal = (
            await session.execute(
                text("""INSERT INTO journal (key, kind, loan_id, business_on, posted_at)
                    SELECT 'stray', 'release', id, :on, :at FROM loan LIMIT 1 RETURNING id"""),
                {"on": START, "at": AT},
            )
        ).scalar_one()
        for account, amount in (("loans", "0.01"), ("clearing", "-0.01")):
            posting = {"journal_id": journal, "account": account, "amount": Decimal(amount)}
            await insert(session, "journal_line", posting | {"currency": "CNY"})
    closed = await close_day(database, START)
    assert closed.difference == Decimal("0.01")
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM closed_period"))).scalar_one() == 0
        kinds = (await session.execute(text("SELECT kind FROM incident"))).scalars().all()
    assert kinds == ["day_end_off"]


async def test_non_accrual_moves_interest_off_the_books(database: Database) -> None:
    await put(database, START)
    for day in (START + timedelta(days=60), START + timedelta(days=125)):
        assert (await close_day(database, day)).closed
    found = dict(await ledger(database))
    assert found["memo_interest"] > 0
    assert found["memo_interest"] == -found["memo_contra"]


async def ledger(database: Database) -> list[tuple[str, Decimal]]:
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT account, sum(amount) FROM journal_line GROUP BY account ORDER BY account")
        )
        return [(row[0], row[1]) for row in rows]
