"""Business dates, working days, deadlines and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_time import (
    SHANGHAI,
    BusinessCalendar,
    BusinessClock,
    TaskDeadlines,
    deadline,
    fraction_left,
    remaining,
)

REAL = BusinessClock.at_real_pace()
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FAST = REAL.repaced(START, 2)

# The parts of the 2026 notice that the deadlines below cross.
NOTICE = BusinessCalendar(
    non_working_weekdays=frozenset(
        [date(2026, 2, d) for d in (16, 17, 18, 19, 20, 23)]
        + [date(2026, 5, d) for d in (1, 4, 5)]
        + [date(2026, 10, d) for d in (1, 2, 5, 6, 7)]
    ),
    working_weekends=frozenset(
        [date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 10, 10)]
    ),
    provisional_years=frozenset({2027}),
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis takes naive bounds and adds the zone itself
DATES = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(1969, 12, 31, 15, 59, tzinfo=UTC), date(1969, 12, 31)),
        (datetime(2026, 3, 2, 0, 0, tzinfo=SHANGHAI), date(2026, 3, 2)),
    ],
)
def test_at_the_real_pace_the_date_changes_at_midnight_in_shanghai(
    now: datetime, day: date
) -> None:
    assert REAL.business_date(now) == day


def test_at_two_seconds_a_day_a_month_passes_in_a_minute() -> None:
    first = FAST.business_date(START)
    assert FAST.business_date(START + timedelta(seconds=60)) == first + timedelta(days=30)
    assert FAST.stretch(timedelta(days=30)) == timedelta(seconds=60)
    assert REAL.stretch(timedelta(days=30)) == timedelta(days=30)
    assert REAL.stretch(timedelta(days=40_000)) == timedelta(days=40_000)


@given(INSTANTS, st.sampled_from([1, 2, 7, 60, 3600, 86_400, 100_000]))
def test_an_instant_lies_within_its_business_date(offset_at: datetime, pace: int) -> None:
    clock = BusinessClock(datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), pace)
    now = clock.epoch_at + (offset_at - datetime(2035, 1, 1, tzinfo=UTC)) * pace // 86_400
    day = clock.business_date(now)
    assert clock.instant_of(day) <= now < clock.end_of(day)
    assert clock.end_of(day) == clock.instant_of(day + timedelta(days=1))


@given(
    st.timedeltas(timedelta(0), timedelta(days=1000)),
    st.integers(1, 200_000),
    st.integers(1, 200_000),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_a_change_of_pace_never_takes_the_date_back(
    since: timedelta, pace: int, next_pace: int, later: timedelta
) -> None:
    before = REAL.repaced(START, pace)
    now = START + before.stretch(since)
    after = before.repaced(now, next_pace)
    assert after.business_date(now) == before.business_date(now)
    assert after.business_date(now + after.stretch(later)) >= before.business_date(now)


def test_a_change_of_pace_keeps_the_share_of_the_day_that_is_over() -> None:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)
    clock = REAL.repaced(noon, 2)
    assert clock.end_of(date(2026, 3, 2)) - noon == timedelta(seconds=1)


def test_a_clock_refuses_a_naive_epoch_and_a_day_of_no_length() -> None:
    with pytest.raises(ValueError, match="aware"):
        BusinessClock(datetime(2026, 1, 1), date(2026, 1, 1))  # noqa: DTZ001 naive on purpose
    with pytest.raises(ValueError, match="second"):
        BusinessClock(START, date(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 4, 30), 1, date(2026, 5, 6)),
        (date(2026, 4, 30), 2, date(2026, 5, 7)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 2, date(2026, 10, 9)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 2, 15), 1, date(2026, 2, 24)),
        (date(2026, 2, 15), 0, date(2026, 2, 24)),
        (date(2026, 2, 14), 0, date(2026, 2, 14)),
    ],
)
def test_working_days_are_counted_over_holidays_and_swap_days(
    day: date, n: int, expected: date
) -> None:
    assert NOTICE.add_working_days(day, n) == expected


@given(DATES, st.integers(1, 60))
def test_counting_forward_and_counting_between_agree(day: date, n: int) -> None:
    end = NOTICE.add_working_days(day, n)
    assert NOTICE.is_working(end)
    assert NOTICE.working_days_between(day, end) == n
    assert NOTICE.working_days_between(end, day) == -n


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        NOTICE.add_working_days(date(2026, 3, 2), -1)


def test_a_year_without_a_notice_is_provisional() -> None:
    assert NOTICE.is_provisional(date(2027, 1, 4))
    assert not NOTICE.is_provisional(date(2026, 12, 31))


def test_a_calendar_is_built_from_marked_days() -> None:
    marked = {date(2026, 2, 14): True, date(2026, 2, 16): False, date(2026, 2, 21): False}
    calendar = BusinessCalendar.of_days(marked, frozenset())
    assert calendar.working_weekends == {date(2026, 2, 14)}
    assert calendar.non_working_weekdays == {date(2026, 2, 16)}


def test_a_deadline_is_the_end_of_the_nth_working_day() -> None:
    opened_at = datetime(2026, 2, 13, 20, 0, tzinfo=SHANGHAI)
    assert deadline(REAL, NOTICE, opened_at, 2) == datetime(2026, 2, 25, tzinfo=SHANGHAI)
    assert deadline(REAL, NOTICE, opened_at, 0) == datetime(2026, 2, 14, tzinfo=SHANGHAI)


def test_at_a_fast_pace_a_deadline_comes_in_seconds() -> None:
    # 2026-03-02 is a Monday, 17:30 in Shanghai: 6.5 of 24 hours are left of the first day.
    wait = deadline(FAST, NOTICE, START, 3) - START
    assert wait == timedelta(seconds=6) + timedelta(seconds=2) * 65 / 240


def test_the_ladder_stands_at_80_100_150_and_200_percent() -> None:
    ladder = TaskDeadlines.of(START, START + timedelta(hours=10))
    assert ladder == TaskDeadlines(
        remind_at=START + timedelta(hours=8),
        due_at=START + timedelta(hours=10),
        next_level_at=START + timedelta(hours=15),
        lapse_at=START + timedelta(hours=20),
    )


def test_a_pause_moves_the_whole_ladder() -> None:
    due_at, pause = START + timedelta(hours=10), timedelta(hours=3)
    moved = TaskDeadlines.of(START, due_at).shifted(pause)
    assert moved == TaskDeadlines.of(START + pause, due_at + pause)


def test_a_task_is_due_after_it_is_opened() -> None:
    with pytest.raises(ValueError, match="due after"):
        TaskDeadlines.of(START, START)


def test_time_left_when_the_clock_stops_is_never_negative() -> None:
    assert remaining(START, START + timedelta(hours=1)) == timedelta(hours=1)
    assert remaining(START, START - timedelta(hours=1)) == timedelta(0)


@pytest.mark.parametrize(("hours", "left"), [(0, "1"), (8, "0.2"), (10, "0"), (15, "-0.5")])
def test_the_share_of_time_left_falls_from_one_through_zero(hours: int, left: str) -> None:
    now = START + timedelta(hours=hours)
    assert fraction_left(START, START + timedelta(hours=10), now) == Decimal(left)
