"""Migration matrices and vintage curves against figures worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.portfolio.migration import migration_of
from domain.portfolio.vintages import LentNote, vintages_of

TODAY = date(2026, 11, 28)


def test_a_matrix_counts_each_customer_once() -> None:
    matrix = migration_of(
        [("AA", "AA"), ("AA", "A"), ("AA", "D"), ("A", "AA"), (None, "B"), ("C", None)]
    )
    rows = {row.grade: row for row in matrix.rows}
    assert (rows["AA"].total, rows["AA"].counts) == (3, {"AA": 1, "A": 1, "D": 1})
    assert rows["AA"].share("A") == Decimal(1) / 3
    assert rows["C"].counts == {"unrated": 1}
    assert (rows["AAA"].total, rows["AAA"].share("AAA")) == (0, Decimal(0))
    assert (matrix.kept, matrix.down, matrix.up, matrix.appeared) == (1, 2, 1, 1)
    assert matrix.total == 5


def test_an_empty_matrix_has_all_its_rows() -> None:
    matrix = migration_of([])
    assert [row.total for row in matrix.rows] == [0] * 7
    assert matrix.total == 0


def _lent(drawn_on: date, principal: int, late_on: date | None = None) -> LentNote:
    return LentNote(drawn_on, Decimal(principal), late_on)


def test_a_vintage_rises_with_each_note_that_ran_late_and_never_falls() -> None:
    first, second = vintages_of(
        [
            _lent(date(2026, 1, 10), 300, date(2026, 3, 9)),  # one whole month on
            _lent(date(2026, 3, 20), 100, date(2026, 8, 20)),  # five
            _lent(date(2026, 3, 31), 600),
            _lent(date(2026, 8, 1), 50),
        ],
        TODAY,
    )
    assert (first.year, first.quarter, first.notes, first.principal) == (2026, 1, 3, Decimal(1000))
    late, later = Decimal("0.3"), Decimal("0.4")
    assert list(first.curve) == [Decimal(0), late, late, late, late, later, later, later]
    assert (second.quarter, second.curve) == (3, (Decimal(0),) * 4)


def test_only_months_that_every_note_of_the_quarter_has_reached_are_shown() -> None:
    (quarter,) = vintages_of(
        [_lent(date(2026, 7, 1), 10), _lent(date(2026, 9, 30), 10, date(2026, 11, 20))], TODAY
    )
    assert len(quarter.curve) == 2  # September's note is one month old
    assert quarter.curve[1] == Decimal("0.5")
