"""Money keeps its currency, its scale and its range."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Currency, CurrencyMismatch, Money, parse_amount, round_half_up
from domain.violations import LoanRuleViolation

CENTS = st.decimals(min_value="-1e12", max_value="1e12", places=2)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("0", Currency.CNY, "0.00"),
        ("0.5", Currency.CNY, "0.50"),
        ("1200000.05", Currency.USD, "1200000.05"),
        ("9999999999999.99", Currency.EUR, "9999999999999.99"),
        ("500", Currency.JPY, "500"),
    ],
)
def test_a_plain_amount_is_read_exactly(text: str, currency: Currency, amount: str) -> None:
    read = parse_amount(text, currency)
    assert str(read) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("+1", "-1", "01", "00", ".5", "1.", "1.2.3", "1e3", "1E3", "1,000", "1_000", "0x10"),
        *("NaN", "Infinity", "true", "１００", "٣", "1.٥"),
        "",
        " 1",
        "1 ",
        "1\n",
        "1\x00",
    ],
)
def test_anything_but_a_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        parse_amount(text, Currency.CNY)
    assert refused.value.code == "amount.format"


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1.234", Currency.CNY, "amount.scale"),
        ("1.000", Currency.CNY, "amount.scale"),
        ("1.5", Currency.JPY, "amount.scale"),
        ("20000000000000", Currency.CNY, "amount.range"),
        ("9" * 5000, Currency.CNY, "amount.range"),
    ],
)
def test_an_amount_too_fine_or_too_large_is_refused(
    text: str, currency: Currency, code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        parse_amount(text, currency)
    assert refused.value.code == code
    assert text not in refused.value.params.values()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", Currency.CNY, "1.01"),
        ("-1.005", Currency.CNY, "-1.01"),
        ("1.004999", Currency.CNY, "1.00"),
        ("2.5", Currency.JPY, "3"),
        ("3.5", Currency.JPY, "4"),
    ],
)
def test_a_tie_is_rounded_away_from_zero(amount: str, currency: Currency, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_money_is_always_finite(amount: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"amount\.format"):
        Money(Decimal(amount), Currency.CNY)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("0.001", Currency.CNY, "amount.scale"),
        ("1E-400", Currency.CNY, "amount.scale"),
        ("0.1", Currency.JPY, "amount.scale"),
        ("1E+13", Currency.CNY, "amount.range"),
        ("-1E+13", Currency.CNY, "amount.range"),
        ("1E+400", Currency.CNY, "amount.range"),
    ],
)
def test_money_refuses_what_its_currency_cannot_hold(
    amount: str, currency: Currency, code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        Money(Decimal(amount), currency)
    assert refused.value.code == code


def test_money_is_written_in_the_scale_of_its_currency() -> None:
    assert str(Money(Decimal("1E+2"), Currency.CNY).amount) == "100.00"
    assert str(Money(Decimal("100.00"), Currency.JPY).amount) == "100"
    assert str(Money(Decimal("-0"), Currency.CNY).amount) == "0.00"


def test_currencies_never_mix() -> None:
    yuan, dollar = Money(Decimal(1), Currency.CNY), Money(Decimal(1), Currency.USD)
    for act in (
        lambda: yuan + dollar,
        lambda: yuan - dollar,
        lambda: yuan < dollar,
        lambda: yuan >= dollar,
    ):
        with pytest.raises(CurrencyMismatch):
            act()
    assert yuan != dollar


@given(CENTS, CENTS)
def test_adding_and_taking_away_again_changes_nothing(a: Decimal, b: Decimal) -> None:
    left, right = Money(a, Currency.CNY), Money(b, Currency.CNY)
    assert left + right - right == left
    assert left - right == -(right - left)
    assert left - left == Money.zero(Currency.CNY)
    assert (left <= right) == (a <= b)


def test_a_sum_beyond_the_range_is_refused() -> None:
    largest = Money(Decimal("9999999999999.99"), Currency.CNY)
    with pytest.raises(LoanRuleViolation, match=r"amount\.range"):
        _ = largest + Money(Decimal("0.01"), Currency.CNY)


@given(CENTS.filter(lambda amount: amount >= 0))
def test_every_amount_is_read_back_as_it_is_written(amount: Decimal) -> None:
    written = f"{abs(amount):.2f}"
    assert parse_amount(written, Currency.CNY) == amount
