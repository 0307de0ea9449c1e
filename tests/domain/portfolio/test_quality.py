"""Non-performing share, portfolio at risk, classes, concentration: by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.portfolio.concentration import Standing, concentrations
from domain.portfolio.exposure import notches_down, quality_of
from tests.domain.portfolio.notes_of_book import BOOK, an_id, note
from tests.domain.portfolio.test_portfolio_policy import shipped


def test_bad_classes_and_late_balances_by_all_principal() -> None:
    quality = quality_of(BOOK)
    assert quality.outstanding == 1_000_000
    assert quality.npl_ratio == Decimal("0.2")  # substandard and loss
    assert quality.par_30 == Decimal("0.3")  # 31 and 120 days, each with its whole balance
    shares = {part.code: (part.notes, part.share) for part in quality.classes}
    assert shares["normal"] == (1, Decimal("0.6"))
    assert shares["doubtful"] == (0, Decimal(0))


def test_thirty_days_are_not_yet_at_risk() -> None:
    assert quality_of([note("a", "100", days_past_due=30)]).par_30 == 0


def test_an_empty_book_has_no_ratio_to_fear() -> None:
    quality = quality_of([])
    assert (quality.npl_ratio, quality.par_30, quality.notes) == (Decimal(0), Decimal(0), 0)


def test_members_of_a_dimension_the_largest_first_against_their_own_limit() -> None:
    first, second = concentrations(BOOK, "industry", shipped())
    assert (first.member, first.share, first.limit) == ("C", Decimal("0.9"), Decimal("0.45"))
    assert (first.customers, first.notes, first.standing) == (2, 3, Standing.OVER)
    assert (second.member, second.share, second.standing) == ("F", Decimal("0.1"), Standing.WITHIN)


def test_a_firm_of_its_own_is_in_no_group_and_an_unknown_region_is_named() -> None:
    assert [one.member for one in concentrations(BOOK, "group", shipped())] == ["云帆系"]
    assert {one.member for one in concentrations(BOOK, "region", shipped())} == {
        *("32", "44", "unknown")
    }


def test_one_customers_notes_count_together() -> None:
    largest = concentrations(BOOK, "customer", shipped())[0]
    assert (largest.member, largest.outstanding) == (str(an_id("a")), Decimal(700_000))


@pytest.mark.parametrize(
    ("amount", "standing"), [("199", "within"), ("200", "near"), ("250", "near"), ("251", "over")]
)
def test_amber_begins_at_eighty_percent_of_the_limit_and_the_limit_itself_holds(
    amount: str, standing: str
) -> None:
    rest = str(1000 - int(amount))
    book = [note("x", amount, industry="G"), note("y", rest, industry="A")]
    found = {one.member: one.standing for one in concentrations(book, "industry", shipped())}
    assert found["G"] == standing


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [("AAA", "A", 2), ("A", "AAA", -2), (None, "C", 0), ("B", None, 0), ("AA", "AA", 0)],
)
def test_notches(before: str | None, now: str | None, lost: int) -> None:
    assert notches_down(before, now) == lost
