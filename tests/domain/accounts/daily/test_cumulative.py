"""A daily balance whose instalments keep their interest: early money is principal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import Drawdown, Event, Payoff, RateSet, Receipt
from domain.accounts.terms import (
    AllocationRule,
    EarlyMoney,
    FutureMoney,
    InterestBasis,
    Processing,
    Rest,
    every_timing,
)
from domain.day_counts import DayCount
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.schedules import Amortisation
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms
from tests.properties import examples

PRINCIPAL = Decimal(120_000)
NOTHING = Decimal(0)
INTEREST_FIRST = AllocationRule(
    every_timing((Bucket.PENALTY, Bucket.FEE, Bucket.INTEREST, Bucket.PRINCIPAL)),
    Processing.INSTALMENT_FIRST,
    FutureMoney.NEXT_INSTALMENT,
)


def loan(early: EarlyMoney = EarlyMoney.LOWER_INSTALMENTS, rest: Rest = Rest.DAY) -> AccountTerms:
    made = terms(
        "120000", "0.12", 6, day_count=DayCount.ACT_365F, amortisation=Amortisation.CUMULATIVE
    )
    return replace(
        made,
        interest_basis=InterestBasis.DAILY_BALANCE,
        allocation=INTEREST_FIRST,
        non_accrual_allocation=INTEREST_FIRST,
        early_money=early,
        rest=rest,
    )


def paid(on: date, amount: Decimal, key: str = "paid") -> Receipt:
    return Receipt(key=key, value_on=on, recorded_on=on, amount=amount)


def after(made: AccountTerms, *events: Event, on: date) -> Account:
    return fold(made, [drawn(made), *events], on)


def test_the_level_counts_every_month_as_thirty_days() -> None:
    lines = after(loan(), on=DRAWN_ON).lines
    monthly = Decimal("0.12") * 30 / 365
    level = PRINCIPAL * monthly / (1 - (1 + monthly) ** -6)
    assert {line.total for line in lines[:-1]} == {level.quantize(Decimal("0.01"))}


def test_early_money_is_principal_and_the_interest_stays_due() -> None:
    before = after(loan(), on=DRAWN_ON).lines
    day = date(2026, 3, 31)
    account = after(loan(), paid(day, before[0].total), on=day)
    first, second = account.lines[:2]
    assert first.owed[Bucket.PRINCIPAL] == first.paid[Bucket.PRINCIPAL] == before[0].total
    assert first.open_total == first.owed[Bucket.INTEREST] < before[0].owed[Bucket.INTEREST]
    assert second.total < before[1].total
    assert len(account.lines) == 6


def test_money_on_time_beyond_the_level_lowers_or_saves_what_follows() -> None:
    before = after(loan(), on=DRAWN_ON).lines
    day, amount = before[0].due_on, before[0].total + 40_000
    lower = after(loan(), paid(day, amount), on=day)
    fewer = after(loan(EarlyMoney.FEWER_INSTALMENTS), paid(day, amount), on=day)
    assert lower.lines[0].total == fewer.lines[0].total == amount
    assert len(lower.lines) == 6
    assert lower.lines[1].total < before[1].total
    assert len(fewer.lines) == 4
    assert fewer.lines[1].total == before[1].total


def test_money_beyond_the_level_may_be_taken_off_the_next_instalments() -> None:
    before = after(loan(), on=DRAWN_ON).lines
    day, beyond = before[0].due_on, Decimal(30_000)
    made = loan(EarlyMoney.NEXT_INSTALMENTS)
    account = after(made, paid(day, before[0].total + beyond), on=day)
    second, third, fourth = account.lines[1:4]
    assert Bucket.PRINCIPAL not in second.owed
    assert 0 < third.owed[Bucket.PRINCIPAL] < before[2].owed[Bucket.PRINCIPAL]
    assert fourth.total == before[3].total
    assert len(account.lines) == 6


def test_with_a_rest_of_a_whole_instalment_early_money_counts_from_its_due_date() -> None:
    before = after(loan(), on=DRAWN_ON).lines
    day = date(2026, 3, 31)
    account = after(loan(rest=Rest.INSTALMENT), paid(day, before[0].total), on=day)
    assert account.lines[0].owed == account.lines[0].paid == before[0].owed
    assert account.lines[1].total == before[1].total


def test_a_tranche_is_one_level_over_all_that_was_drawn() -> None:
    day = date(2026, 5, 1)
    more = Drawdown(key="more", value_on=day, recorded_on=day, amount=Decimal(60_000))
    account = after(loan(), more, on=day)
    assert len({line.total for line in account.lines[:-1]}) == 1
    assert account.lines[0].owed[Bucket.INTEREST] == Decimal("1223.01")
    assert account.outstanding == PRINCIPAL + 60_000


def test_a_rate_counts_for_the_whole_instalment_it_comes_in() -> None:
    day = date(2026, 5, 20)
    rate = RateSet(key="rate", value_on=day, recorded_on=day, yearly_rate=NOTHING)
    account = after(loan(), rate, on=day)
    assert Bucket.INTEREST not in account.lines[2].owed
    assert account.lines[2].total < account.lines[1].total


@pytest.mark.parametrize("early", list(EarlyMoney))
def test_a_payoff_ends_the_loan_on_its_day(early: EarlyMoney) -> None:
    day = date(2026, 5, 1)
    account = after(loan(early), Payoff(key="off", value_on=day, recorded_on=day), on=day)
    assert account.settled
    assert account.outstanding == 0
    assert account.lines[-1].due_on == day


@examples(100)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.decimals("0.01", "70000", places=2)), max_size=5),
    st.sampled_from(list(EarlyMoney)),
    st.sampled_from(list(Rest)),
)
def test_no_cent_is_lost_whenever_money_comes(
    receipts: list[tuple[int, Decimal]], early: EarlyMoney, rest: Rest
) -> None:
    events = [
        paid(DRAWN_ON + timedelta(days=days), amount, f"r{n}")
        for n, (days, amount) in enumerate(receipts)
    ]
    account = after(loan(early, rest), *events, on=DRAWN_ON + timedelta(days=300))
    paid_in_all = sum((sum(line.paid.values(), NOTHING) for line in account.lines), NOTHING)
    assert sum((e.amount for e in events), NOTHING) == paid_in_all + account.held
    principal = sum((line.owed.get(Bucket.PRINCIPAL, NOTHING) for line in account.lines), NOTHING)
    assert principal == PRINCIPAL
    assert account.outstanding == account.open_amount(Bucket.PRINCIPAL)
    assert account.positions.get(LedgerAccount.LOANS, NOTHING) == account.outstanding
    assert sum(account.positions.values(), NOTHING) == 0
    for line in account.lines:
        for bucket in Bucket:
            assert 0 <= line.paid.get(bucket, NOTHING) <= line.owed.get(bucket, NOTHING)
