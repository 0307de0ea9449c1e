"""Five-class by sets follows the rule of the domain: floors, upgrades, exemption, contagion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.accounts import events as ev
from domain.classification import FiveClass, floor_of, with_contagion
from domain.money import Currency
from persistence.engine import Database
from tests.persistence.note_book import (
    AT,
    START,
    Case,
    NoteBook,
    drawn,
    event,
    opened,
    receipt,
    rows,
    terms,
)
from tests.persistence.test_day_end_lives import day_ended

FIRST_DUE = date(2026, 2, 15)
CURED_ON = date(2026, 6, 20)
CURED_AND_HELD = receipt(CURED_ON, "1100000.00")
NORMAL, MENTION, SUBSTANDARD = "normal", "special_mention", "substandard"


async def classes(book: NoteBook, opens_on: date) -> Mapping[str, str]:
    """The notes' own classes after the day before has ended."""
    await book.known(opens_on)
    assert (await day_ended(book, opens_on)).closed
    found = await rows(book.database, "SELECT loan_id, own_class FROM note_status")
    return {book.names[row.loan_id]: row.own_class for row in found}


async def own_classes(
    database: Database, case: Case, days: list[date], terms_too: str = "{}"
) -> list[str]:
    """One note's own class on each of several days."""
    book = await opened(database, {"note": case})
    async with database.transaction() as session:
        agreed = "UPDATE contract SET terms = terms || CAST(:more AS jsonb)"
        await session.execute(text(agreed), {"more": terms_too})
    return [(await classes(book, each))["note"] for each in days]


async def test_the_floor_follows_days_past_due_on_each_border(database: Database) -> None:
    borders = (0, 1, 90, 91, 270, 271, 360, 361)
    days = [FIRST_DUE + timedelta(days=late) for late in borders]
    found = await own_classes(database, drawn(terms()), days)
    assert found == [floor_of(late) for late in borders]


async def test_a_bad_note_is_upgraded_after_six_months_and_two_periods(database: Database) -> None:
    days = [CURED_ON, date(2026, 7, 20), date(2026, 12, 19), date(2026, 12, 20)]
    case = drawn(terms(instalments=24), CURED_AND_HELD)
    bad_on = date(2026, 6, 19)
    found = await own_classes(database, case, [bad_on, *days])
    assert found == [SUBSTANDARD, SUBSTANDARD, SUBSTANDARD, SUBSTANDARD, NORMAL]


async def test_two_periods_count_where_six_months_have_fewer(database: Database) -> None:
    """Paid twice a year, half a year holds one period."""
    case = drawn(
        terms("equal_principal", every=6, instalments=6), receipt(date(2026, 11, 20), "999999.00")
    )
    days = [date(2026, 11, 19), date(2027, 5, 21), date(2027, 7, 20), date(2028, 1, 17)]
    found = await own_classes(database, case, days)
    assert found == [SUBSTANDARD, SUBSTANDARD, SUBSTANDARD, NORMAL]


async def test_a_restructured_note_is_watched_for_a_year_and_again_after_a_miss(
    database: Database,
) -> None:
    relief = event(
        ev.Restructure,
        date(2026, 2, 10),
        first_due_on=date(2026, 3, 15),
        instalments=30,
        yearly_rate=Decimal("0.039"),
    )
    paid = receipt(date(2026, 3, 1), "700000.00")
    days = [date(2026, 2, 11), date(2027, 3, 14), date(2027, 3, 15)]
    case = drawn(terms(instalments=24), relief, paid)
    assert await own_classes(database, case, days) == [MENTION, MENTION, NORMAL]


async def test_misuse_and_refinancing_are_never_normal(database: Database) -> None:
    misused = event(ev.Misuse, START + timedelta(days=3), amount=Decimal(1000))
    day = START + timedelta(days=5)
    assert await own_classes(database, drawn(terms(), misused), [day]) == [MENTION]


async def test_money_that_repays_another_loan_is_never_normal(database: Database) -> None:
    day = START + timedelta(days=5)
    told = '{"refinances": "CL20250101-000001"}'
    assert await own_classes(database, drawn(terms()), [day], told) == [MENTION]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("asked", [NORMAL, NORMAL, MENTION]), ("failed", [MENTION, MENTION, MENTION])],
)
async def test_a_debit_nobody_answered_is_forgiven_for_a_week(
    database: Database, status: str, expected: list[str]
) -> None:
    book = await opened(database, {"note": drawn(terms())})
    [loan_id] = book.cases
    async with database.transaction() as session:
        await session.execute(
            text("""INSERT INTO collection
                (key, loan_id, n, amount, currency, due_on, status, asked_at)
                VALUES ('coll', :loan, 1, 1, 'CNY', :due, :status, :at)"""),
            {"loan": loan_id, "due": FIRST_DUE, "status": status, "at": AT},
        )
    days = [FIRST_DUE + timedelta(days=late) for late in (1, 7, 8)]
    assert [(await classes(book, each))["note"] for each in days] == expected


async def test_one_bad_note_in_ten_infects_the_rest_of_its_debtor(database: Database) -> None:
    """Two debts of one firm: the small one turns bad, is more than a tenth, and is cured."""
    small = terms(principal=Decimal(125000), instalments=24)
    money = receipt(date(2026, 2, 15), "980000.00")
    book = await opened(
        database,
        {
            "small": drawn(small, receipt(CURED_ON, "120000.00")),
            "large": drawn(terms(), money),
            "in dollars": drawn(terms("maturity", currency=Currency.USD)),
        },
    )
    for opens_on in (date(2026, 5, 15), date(2026, 6, 19), date(2026, 6, 21), date(2026, 12, 21)):
        await classes(book, opens_on)
        found = await rows(
            database,
            "SELECT loan_id, outstanding, own_class, five_class FROM note_status"
            " WHERE currency = 'CNY'",
        )
        expected = with_contagion([(FiveClass(row.own_class), row.outstanding) for row in found])
        assert [row.five_class for row in found] == list(expected), opens_on
        own = {book.names[row.loan_id]: row.own_class for row in found}
        infected = {book.names[row.loan_id]: row.five_class for row in found}
        if opens_on == date(2026, 6, 19):
            assert (own["large"], infected["large"]) == (NORMAL, SUBSTANDARD)
        if opens_on in (date(2026, 5, 15), date(2026, 12, 21)):
            assert infected["large"] == NORMAL, "not before its time, and not for ever"
    [dollars] = await rows(database, "SELECT five_class FROM note_status WHERE currency = 'USD'")
    assert dollars.five_class == NORMAL
