"""Whole lives of notes: each day end comes to the engine's own figures, to the cent."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.accounts import Account, AccountTerms, fold
from domain.accounts import events as ev
from domain.accounts.account import AccrualStatus
from domain.accounts.terms import AllocationRule, LatenessTerms, every_timing
from domain.business_time import BusinessCalendar
from domain.day_counts import DayCount
from domain.ledger import LedgerAccount
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules import CustomRow, HolidayRule, PeriodUnit
from domain.schedules.periods import WorkingDay
from persistence.account_days import bring_forward
from persistence.day_end.closing import DayClosed, close_day
from persistence.engine import Database
from persistence.seed.working_calendar import calendar_rows
from tests.persistence.note_book import (
    START,
    Case,
    NoteBook,
    drawn,
    event,
    ledger,
    rate_set,
    receipt,
    rows,
    terms,
)


def day(month: int, of_month: int, year: int = 2026) -> date:
    return date(year, month, of_month)


def agreed(**lateness: Any) -> AccountTerms:
    """A contract that says itself what lateness costs."""
    return replace(terms(), lateness=LatenessTerms(**lateness))


HALF = Decimal("500000.00")
SHARES = (Decimal("0.2"), Decimal("0.3"), Decimal("0.5"))
LIVES: Mapping[str, Case] = {
    "untouched": drawn(terms()),
    "bullet": drawn(terms("interest_first_bullet")),
    "at maturity": drawn(terms("maturity")),
    "actual days": drawn(terms(day_count=DayCount.ACT_365F)),
    "actual years": drawn(terms(day_count=DayCount.ACT_ACT_JAN1, unit=PeriodUnit.QUARTER)),
    "weekly": drawn(terms("equal_principal", unit=PeriodUnit.WEEK)),
    "settled on the 20th": drawn(
        terms("interest_first_bullet", settlement_day=20, matures_on=day(1, 15, 2027))
    ),
    "moved by holidays": drawn(
        terms(holiday=HolidayRule.FOLLOWING), receipt(day(2, 24), "85000.00")
    ),
    "grace": drawn(terms(principal_grace=3)),
    "free of interest": drawn(terms(interest_free=2)),
    "balloon": drawn(terms("balloon", balloon=Decimal(400000))),
    "step up": drawn(
        terms("step_up", instalments=3, step_shares=SHARES),
        receipt(day(2, 15), "20000.00"),
    ),
    "custom": drawn(
        terms(
            "custom",
            instalments=2,
            custom=(CustomRow(day(5, 31), HALF), CustomRow(day(11, 30), HALF + Decimal("0.01"))),
        )
    ),
    "prepaid, term kept": drawn(
        terms(),
        receipt(day(2, 20), "300000.00"),
        event(
            ev.Prepayment, day(2, 20), amount=HALF / 2, choice=ev.PrepaymentChoice.KEEP_TERM
        ),
    ),
    "prepaid, instalment kept": drawn(
        terms("equal_principal"),
        receipt(day(3, 3), "400000.00"),
        event(
            ev.Prepayment, day(3, 3), amount=HALF / 2, choice=ev.PrepaymentChoice.KEEP_INSTALMENT
        ),
    ),
    "extended": drawn(
        terms(),
        receipt(day(2, 15), "85000.00"),
        event(ev.Extension, day(3, 1), extra_instalments=6),
    ),
    "floating": drawn(
        terms("interest_first_bullet"), rate_set(day(2, 1), "0.0385"), rate_set(day(5, 7), "0.05")
    ),
    "agreed steps ahead": drawn(
        terms(),
        rate_set(day(3, 10), "0.06", recorded_on=day(1, 20)),
        rate_set(day(7, 10), "0.03", recorded_on=day(1, 21)),
    ),
    "two tranches": drawn(
        terms(), event(ev.Drawdown, day(2, 5), amount=HALF), amount=HALF + Decimal("0.01")
    ),
    "misused": drawn(terms(), event(ev.Misuse, day(2, 20), amount=HALF)),
    "misused and paid on time": drawn(
        terms(),
        receipt(day(1, 20), "1100000.00"),
        event(ev.Misuse, day(2, 1), amount=HALF),
        rate_set(day(5, 7), "0.05", recorded_on=day(2, 2)),
    ),
    "misused and part paid late": drawn(
        terms("equal_principal", day_count=DayCount.ACT_360),
        event(ev.Misuse, day(2, 10), amount=Decimal("90000.01")),
        receipt(day(3, 4), "33333.33"),
        receipt(day(5, 29), "77777.77"),
    ),
    "with days of grace": drawn(
        agreed(grace_days=5),
        receipt(day(2, 18), "85000.00"),
        receipt(day(3, 23), "40000.00"),
        receipt(day(4, 17), "33333.33"),
        event(ev.Waiver, day(4, 18), bucket=Bucket.INTEREST, amount=Decimal("1.00")),
    ),
    "compound off": drawn(agreed(compound=False), receipt(day(3, 4), "33333.33")),
    "soon in non-accrual, principal first": drawn(
        agreed(non_accrual_after_days=30, penalty_uplift=Decimal("0.3")),
        receipt(day(4, 2), "90000.00"),
    ),
    "misused within days of grace": drawn(
        agreed(grace_days=10, compound=False, misuse_uplift=Decimal("0.8")),
        event(ev.Misuse, day(2, 18), amount=HALF),
        receipt(day(2, 20), "33333.33"),
        receipt(day(5, 19), "99999.99"),
    ),
    "interest before penalty": drawn(
        replace(
            terms(),
            allocation=AllocationRule(every_timing(tuple(reversed(Bucket)))),
        ),
        receipt(day(3, 4), "33333.33"),
    ),
    "misused and put right": drawn(
        terms("maturity"),
        event(ev.Misuse, day(2, 20), amount=HALF),
        event(ev.MisuseEnded, day(4, 3), amount=Decimal("123456.78")),
        event(ev.MisuseEnded, day(6, 7), amount=Decimal("376543.22")),
    ),
    "misused and prepaid": drawn(
        terms(),
        receipt(day(2, 15), "85000.00"),
        event(ev.Misuse, day(2, 20), amount=HALF),
        receipt(day(3, 10), "260000.00"),
        event(
            ev.Prepayment, day(3, 10), amount=HALF / 2, choice=ev.PrepaymentChoice.KEEP_TERM
        ),
    ),
    "misused and restructured": drawn(
        terms(),
        event(ev.Misuse, day(2, 20), amount=HALF),
        event(
            ev.Restructure, day(5, 4), first_due_on=day(6, 15), instalments=18,
            yearly_rate=Decimal("0.039"), overdue_too=True,
        ),
    ),
    "written off": drawn(terms(), event(ev.WriteOff, day(8, 1))),
    "written off while it pays": drawn(terms("maturity"), event(ev.WriteOff, day(3, 1))),
    "recovered": drawn(
        terms(), event(ev.WriteOff, day(8, 1)), receipt(day(9, 3), "123456.78")
    ),
    "part paid late": drawn(
        terms(),
        receipt(day(2, 19), "10000.01"),
        receipt(day(3, 4), "33333.33"),
        receipt(day(3, 29), "77777.77"),
        receipt(day(4, 27), "1.11"),
    ),
    "part paid in non-accrual": drawn(terms(), receipt(day(6, 3), "200000.00")),
    "cured": drawn(terms(), receipt(day(6, 20), "460000.00")),
    "held for later": drawn(terms(), receipt(day(2, 3), "250000.00")),
    "paused": drawn(terms(), event(ev.InterestPause, day(3, 2), to_on=day(3, 20))),
    "holiday of payments": drawn(terms(), event(ev.PaymentHoliday, day(2, 1), instalments=2)),
    "moved": drawn(
        terms(), event(ev.DueDateMove, day(2, 1), from_due_on=day(4, 15), to_due_on=day(4, 25))
    ),
    "restructured": drawn(
        terms(),
        event(
            ev.Restructure, day(5, 4), first_due_on=day(6, 15), instalments=18,
            yearly_rate=Decimal("0.039"), overdue_too=True,
        ),
    ),
    "restructured in the midst of a period": drawn(
        terms("interest_first_bullet"),
        event(
            ev.Restructure, day(2, 1), first_due_on=day(4, 15), instalments=12,
            yearly_rate=Decimal("0.06"), principal_grace=2,
        ),
    ),
    "interest put off": drawn(terms(interest_payment_grace=3), rate_set(day(3, 3), "0.05")),
    "interest put off, days uneven": drawn(
        terms(interest_payment_grace=2, day_count=DayCount.ACT_ACT_JAN1)
    ),
    "holiday of all": drawn(
        terms("equal_principal"),
        event(ev.PaymentHoliday, day(2, 1), instalments=2, interest_too=True),
        event(ev.Drawdown, day(3, 4), amount=HALF),
    ),
    "free of interest, then a rate": drawn(terms(interest_free=2), rate_set(day(2, 20), "0.07")),
    "at maturity, extended": drawn(
        terms("maturity", day_count=DayCount.ACT_360),
        event(ev.Extension, day(3, 1), extra_instalments=3),
        rate_set(day(5, 5), "0.05"),
    ),
    "waived": drawn(
        terms(), event(ev.Waiver, day(4, 9), bucket=Bucket.PENALTY, amount=Decimal("100.00"))
    ),
    "interest waived": drawn(
        terms(), event(ev.Waiver, day(4, 9), bucket=Bucket.INTEREST, amount=Decimal("500.00"))
    ),
    "accelerated": drawn(terms(), event(ev.Acceleration, day(5, 20))),
    "paid off": drawn(terms(), receipt(day(4, 2), "1100000.00"), event(ev.Payoff, day(4, 2))),
    "charged": drawn(
        terms(),
        event(
            ev.Charge, day(2, 2), bucket=Bucket.FEE, amount=Decimal("88.88"), due_on=day(2, 15)
        ),
    ),
    "returned": drawn(
        terms(),
        receipt(day(2, 15), "85000.00"),
        event(
            ev.Chargeback, day(3, 5), receipt_key="Receipt:2026-02-15", amount=Decimal("85000.00")
        ),
    ),
    "never counted": drawn(
        terms(),
        receipt(day(2, 15), "85000.00"),
        event(
            ev.Reversal, day(2, 15), recorded_on=day(3, 5), reversed_key="Receipt:2026-02-15"
        ),
    ),
    "back-dated": drawn(
        terms(),
        event(ev.Receipt, day(2, 16), recorded_on=day(4, 6), amount=Decimal("90000.00")),
    ),
    "in dollars": drawn(terms("flat", currency=Currency.USD), receipt(day(3, 17), "50000.00")),
}  # fmt: skip
DAYS = [
    START + timedelta(days=n)
    for n in (1, 16, 18, 31, 32, 46, 54, 59, 60, 76, 90, 100, 122, 125, 160, 200, 232, 280, 366)
]


async def day_ended(book: NoteBook, opens_on: date) -> DayClosed:
    at = datetime.combine(opens_on, time(4), UTC)
    await bring_forward(book.database, opens_on, at)
    return await close_day(book.database, opens_on - timedelta(days=1))


def figures(account: Account) -> dict[str, Any]:
    positions = account.positions
    of_notes = (LedgerAccount.INTEREST_RECEIVABLE, LedgerAccount.MEMO_INTEREST)
    on_books, off_books = (positions.get(name, Decimal(0)) for name in of_notes)
    return {
        "outstanding": account.outstanding,
        "days_past_due": account.days_past_due,
        "accrual_status": account.accrual_status,
        "accrued_interest": account.accrued_interest,
        "earned": on_books + off_books,
        "penalty": account.open_amount(Bucket.PENALTY),
        "compound": account.open_amount(Bucket.COMPOUND),
    }


async def noted(book: NoteBook, opens_on: date) -> dict[str, dict[str, Any]]:
    found = await rows(
        book.database,
        "SELECT *, interest_due + accrued_interest AS earned FROM note_status"
        " WHERE opens_on = :day",
        day=opens_on,
    )
    return {
        book.names[row.loan_id]: {name: getattr(row, name) for name in figures(ANY)}
        | {"accrual_status": AccrualStatus(row.accrual_status)}
        for row in found
    }


CALENDAR = BusinessCalendar.of_days(
    {row.day: row.is_working for row in calendar_rows()}, provisional_years=frozenset()
)
ANY = fold(*drawn(terms()), START)


def working_day_of(contract: AccountTerms) -> WorkingDay | None:
    follows = contract.schedule.holiday is HolidayRule.FOLLOWING
    return CALENDAR.is_working if follows else None


def by_engine(book: NoteBook, opens_on: date) -> dict[str, dict[str, Any]]:
    found = {}
    for loan_id, (contract, events) in book.cases.items():
        told = [one for one in events if one.recorded_on <= opens_on]
        account = fold(contract, told, opens_on, working_day_of(contract))
        found[book.names[loan_id]] = figures(account)
    return found


async def differences(book: NoteBook, opens_on: date) -> dict[tuple[str, str], tuple[Any, Any]]:
    """What day end says otherwise than the engine, by note and figure."""
    found = await noted(book, opens_on)
    return {
        (name, what): (found.get(name, {}).get(what), value)
        for name, values in by_engine(book, opens_on).items()
        for what, value in values.items()
        if found.get(name, {}).get(what) != value
    }


async def test_every_life_comes_to_the_engines_figures_each_day(database: Database) -> None:
    book = NoteBook(database)
    await book.open(LIVES)
    for opens_on in DAYS:
        await book.known(opens_on)
        closed = await day_ended(book, opens_on)
        assert closed == DayClosed(opens_on - timedelta(days=1), len(LIVES), Decimal("0.00"))
        assert await differences(book, opens_on) == {}, opens_on
    before = await ledger(database)
    assert (await day_ended(book, DAYS[-1])).closed
    assert await ledger(database) == before, "a day run again books nothing more"
    assert await differences(book, DAYS[-1]) == {}


async def test_a_note_nobody_has_touched_runs_by_its_own_contract(database: Database) -> None:
    """Imported books have rows and a contract, and nothing else: day end makes their rules."""
    late = {"grace_days": 5, "compound": False, "non_accrual_after_days": 30}
    book = NoteBook(database)
    await book.open({"own terms": drawn(agreed(**late)), "house terms": drawn(terms())})
    await book.known(START)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM lateness_rule"))
        await session.execute(text("DELETE FROM accrual_segment"))
    for opens_on in (START + timedelta(days=n) for n in (20, 36, 37, 62, 63, 90)):
        assert (await close_day(database, opens_on - timedelta(days=1))).closed
        assert await differences(book, opens_on) == {}, opens_on


@pytest.mark.parametrize("days", [17, 76, 200])
async def test_hundreds_of_amounts_round_as_the_engine_rounds(
    database: Database, days: int
) -> None:
    chance = random.Random(days)
    opens_on = START + timedelta(days=days)
    book = NoteBook(database)
    await book.open({str(number): _any_life(chance, opens_on) for number in range(120)})
    await book.known(opens_on)
    assert (await day_ended(book, opens_on)).closed
    assert await differences(book, opens_on) == {}


def _any_life(chance: random.Random, until: date) -> Case:
    """Round figures, so that many an amount ends in half a cent; some money on some days."""
    principal = Decimal(chance.randrange(1, 4000) * 250)
    rate = Decimal(chance.randrange(1, 144)) / 400
    method = chance.choice(("equal_instalment", "equal_principal", "interest_first_bullet"))
    span = (until - START).days
    days = sorted({chance.randrange(1, span + 1) for _ in range(chance.randrange(4))})
    money = (principal * chance.randrange(1, 40) / 200 for _ in days)
    received = [
        receipt(START + timedelta(days=each), str(round(amount, 2)))
        for each, amount in zip(days, money, strict=True)
    ]
    return drawn(terms(method, principal=principal, yearly_rate=rate), *received)
