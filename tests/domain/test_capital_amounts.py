"""Amounts in words: published examples, and a reader that knows nothing of the writer."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capital_amounts import chinese_capitals, english_words
from domain.money import Currency
from domain.violations import LoanRuleViolation

# Source: the examples of 支付结算办法 附一 (正确填写票据的基本规定), and their neighbours.
CAPITALS = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0": "零元整",
    "0.05": "伍分",
    "0.5": "伍角",
    "0.53": "伍角叁分",
    "10.05": "壹拾元零伍分",
    "17": "壹拾柒元整",
    "1000000.00": "壹佰万元整",
    "1000100.10": "壹佰万零壹佰元零壹角",
    "10001000": "壹仟万壹仟元整",
    "100000000": "壹亿元整",
    "100005000": "壹亿零伍仟元整",
    "100050000": "壹亿零伍万元整",
    "1000000000000": "壹万亿元整",
    "1000100000001.01": "壹万零壹亿零壹元零壹分",
    "9000000000000000.99": "玖仟万亿元零玖角玖分",
}
ENGLISH = {
    "1200000": "Renminbi one million two hundred thousand yuan only",
    "10.05": "Renminbi ten yuan and five fen only",
    "0": "Renminbi zero yuan only",
    "0.5": "Renminbi zero yuan and fifty fen only",
    "16409.02": "Renminbi sixteen thousand four hundred nine yuan and two fen only",
    "1000000000021": "Renminbi one trillion twenty-one yuan only",
}
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999999999.99"), places=2)
DIGITS = "零壹贰叁肆伍陆柒捌玖"
NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)
ENGLISH_NUMBERS = dict(zip(NUMBER_WORDS, (*range(20), *range(20, 100, 10)), strict=True))
ENGLISH_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


@pytest.mark.parametrize(("amount", "said"), CAPITALS.items())
def test_capitals_follow_the_published_rules(amount: str, said: str) -> None:
    assert chinese_capitals(Decimal(amount)) == "人民币" + said


@pytest.mark.parametrize(("amount", "said"), ENGLISH.items())
def test_english_words(amount: str, said: str) -> None:
    assert english_words(Decimal(amount)) == said


@given(AMOUNTS)
def test_whoever_reads_the_capitals_finds_the_same_amount(amount: Decimal) -> None:
    said = chinese_capitals(amount)
    assert said.startswith("人民币")
    assert read_capitals(said.removeprefix("人民币")) == amount
    assert "零零" not in said
    assert said.endswith(("整", "角", "分"))


@given(AMOUNTS)
def test_whoever_reads_the_english_words_finds_the_same_amount(amount: Decimal) -> None:
    words = english_words(amount).split()
    assert (words[0], words[-1]) == ("Renminbi", "only")
    whole, _, cents = " ".join(words[1:-1]).partition(" yuan")
    fen = read_english(cents.removeprefix(" and ").removesuffix(" fen")) if cents else 0
    assert read_english(whole) + Decimal(fen) / 100 == amount


@given(AMOUNTS)
def test_an_independent_writer_says_the_same_but_for_zeros_it_may_leave_out(
    amount: Decimal,
) -> None:
    theirs = cn2an.an2cn(f"{amount:f}", "rmb")
    assert _without_zeros(chinese_capitals(amount)) == "人民币" + _without_zeros(theirs)


def _without_zeros(said: str) -> str:
    return said if said.endswith("零元整") else said.replace("零", "")


def test_other_currencies_say_their_own_name() -> None:
    assert chinese_capitals(Decimal("10.05"), Currency.USD) == "美元壹拾元零伍分"
    assert english_words(Decimal("10.01"), Currency.USD) == "US dollars ten and one cent only"
    assert english_words(Decimal(3), Currency.JPY) == "Japanese yen three only"
    assert chinese_capitals(Decimal(1200), Currency.JPY) == "日元壹仟贰佰元整"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-0.01", "amount.range"),
        ("1E16", "amount.range"),
        ("NaN", "amount.range"),
        ("Infinity", "amount.range"),
        ("0.005", "amount.scale"),
    ],
)
def test_what_has_no_words_is_refused(amount: str, code: str) -> None:
    for write in (chinese_capitals, english_words):
        with pytest.raises(LoanRuleViolation) as refused:
            write(Decimal(amount))
        assert refused.value.code == code


def read_capitals(said: str) -> Decimal:
    """Adds up what each place says; by hand, unlike the writer from the left."""
    whole, yuan, rest = said.rpartition("元")
    total = Decimal(read_places(whole) if yuan else 0)
    rest = rest.removeprefix("零").removesuffix("整")
    while rest:
        total += DIGITS.index(rest[0]) * {"角": Decimal("0.1"), "分": Decimal("0.01")}[rest[1]]
        rest = rest[2:]
    return total


def read_places(said: str) -> int:
    total = section = digit = 0
    for mark in said:
        if mark in DIGITS:
            digit = DIGITS.index(mark)
        elif mark in "仟佰拾":
            section += digit * {"仟": 1000, "佰": 100, "拾": 10}[mark]
            digit = 0
        elif mark == "万":
            total += (section + digit) * 10**4
            section = digit = 0
        else:
            total = (total + section + digit) * 10**8
            section = digit = 0
    return total + section + digit


def read_english(said: str) -> int:
    total = section = 0
    for word in said.replace("-", " ").split():
        if word == "hundred":
            section *= 100
        elif word in ENGLISH_UNITS:
            total += section * ENGLISH_UNITS[word]
            section = 0
        else:
            section += ENGLISH_NUMBERS[word]
    return total + section
