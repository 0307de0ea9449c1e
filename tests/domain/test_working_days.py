"""A year's days off and worked weekends: read, checked, compared; due dates that follow them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import fold
from domain.accounts.events import HolidayMove
from domain.accounts.holidays import holiday_moves
from domain.schedules import HolidayRule, RepaymentMethod
from domain.violations import LoanRuleViolation
from domain.working_days import YearDays, changed_days, check_ahead, read_days
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms

FESTIVAL = tuple(date(2027, 2, day) for day in (8, 9, 10, 11, 12))
WORKED = (date(2027, 2, 14),)


def test_days_are_read_one_a_line_or_as_a_stretch_without_its_weekends() -> None:
    typed = "2027-02-08..2027-02-12\n\n 2027-04-05 \n2027-05-01至2027-05-04"
    read = read_days(typed, weekdays_only=True)
    assert read == (*FESTIVAL, date(2027, 4, 5), date(2027, 5, 3), date(2027, 5, 4))


@pytest.mark.parametrize(
    "typed",
    [
        "tomorrow",
        "2027-02-30",
        "2027-02-12..2027-02-08",
        "２０２７-02-08",
        "2027-01-01..2028-01-01",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"calendar\.lines"):
        read_days(typed)


@pytest.mark.parametrize(
    ("year", "off", "worked", "code"),
    [
        (1999, (), (), "calendar.year"),
        (2026, FESTIVAL, (), "calendar.other_year"),
        (2027, WORKED, (), "calendar.no_exception"),
        (2027, (), FESTIVAL, "calendar.no_exception"),
    ],
)
def test_a_year_that_cannot_be_is_refused_by_name(
    year: int, off: tuple[date, ...], worked: tuple[date, ...], code: str
) -> None:
    with pytest.raises(LoanRuleViolation, match=code):
        YearDays.of(year, off, worked)


def test_only_days_that_really_change_are_told_and_none_that_has_come() -> None:
    before = YearDays.of(2027, FESTIVAL[:3], ())
    after = YearDays.of(2027, FESTIVAL[1:], WORKED)
    changed = changed_days(before, after)
    assert changed == (
        (FESTIVAL[0], True),
        (FESTIVAL[3], False),
        (FESTIVAL[4], False),
        (WORKED[0], True),
    )
    check_ahead(changed, date(2027, 2, 7))
    with pytest.raises(LoanRuleViolation, match=r"calendar\.past"):
        check_ahead(changed, FESTIVAL[0])
    with pytest.raises(LoanRuleViolation, match=r"calendar\.unchanged"):
        check_ahead(changed_days(after, after), date(2027, 1, 1))


def calendar(off: frozenset[date]) -> object:
    return lambda day: day.weekday() < 5 and day not in off


DAYS_OFF = st.frozensets(
    st.integers(1, 420).map(lambda n: DRAWN_ON + timedelta(days=n)), max_size=40
)
METHODS = st.sampled_from(
    [
        RepaymentMethod.EQUAL_INSTALMENT,
        RepaymentMethod.EQUAL_PRINCIPAL,
        RepaymentMethod.INTEREST_FIRST_BULLET,
    ]
)


@given(DAYS_OFF, DAYS_OFF, METHODS)
def test_a_note_moved_by_a_new_calendar_is_the_note_drawn_under_it(
    old: frozenset[date], new: frozenset[date], method: RepaymentMethod
) -> None:
    before, after = calendar(old), calendar(new)
    loan = terms(method=method, holiday=HolidayRule.FOLLOWING)
    planned = fold(loan, [drawn(loan)], DRAWN_ON, before)  # type: ignore[arg-type]
    dues = [line.due_on for line in planned.lines]
    moves = holiday_moves(loan.schedule, dues, before, after)  # type: ignore[arg-type]
    events = [
        HolidayMove(
            key=f"move:{a}", value_on=DRAWN_ON, recorded_on=DRAWN_ON, from_due_on=a, to_due_on=b
        )
        for a, b in moves
    ]
    moved = fold(loan, [drawn(loan), *events], DRAWN_ON, before)  # type: ignore[arg-type]
    fresh = fold(loan, [drawn(loan)], DRAWN_ON, after)  # type: ignore[arg-type]
    assert moved.lines == fresh.lines


def test_a_loan_that_minds_no_day_off_never_moves() -> None:
    loan = terms()
    dues = [line.due_on for line in fold(loan, [drawn(loan)], DRAWN_ON).lines]
    assert holiday_moves(loan.schedule, dues, lambda _: True, lambda day: day.day != 10) == ()


def test_a_due_date_that_is_not_ahead_cannot_move() -> None:
    loan = terms(holiday=HolidayRule.FOLLOWING)
    event = HolidayMove(
        key="move",
        value_on=date(2026, 5, 1),
        recorded_on=date(2026, 5, 1),
        from_due_on=date(2026, 4, 10),
        to_due_on=date(2026, 5, 12),
    )
    with pytest.raises(LoanRuleViolation, match=r"account\.no_such_due_date"):
        fold(loan, [drawn(loan), event], date(2026, 5, 1), lambda day: day.weekday() < 5)
