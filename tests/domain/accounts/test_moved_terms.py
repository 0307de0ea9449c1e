"""Terms that move while a loan runs, and money that is spread over the instalments to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts import Account, AccountTerms, fold
from domain.accounts.events import (
    Drawdown,
    DueDateMove,
    Event,
    Extension,
    PaymentHoliday,
    RateSet,
    Receipt,
)
from domain.accounts.terms import (
    AllocationRule,
    FutureMoney,
    InterestBasis,
    Processing,
    every_timing,
)
from domain.repayments import Bucket
from domain.schedules import Amortisation, PeriodUnit, RepaymentMethod
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms

PRINCIPAL_FIRST = every_timing((Bucket.PENALTY, Bucket.FEE, Bucket.PRINCIPAL, Bucket.INTEREST))


def named(on: date, key: str) -> dict[str, Any]:
    return {"key": key, "value_on": on, "recorded_on": on}


def ruled(made: AccountTerms, future: FutureMoney) -> AccountTerms:
    rule = AllocationRule(PRINCIPAL_FIRST, Processing.INSTALMENT_FIRST, future)
    return replace(made, allocation=rule, non_accrual_allocation=rule)


def after(made: AccountTerms, *events: Event, on: date = DRAWN_ON) -> Account:
    return fold(made, [drawn(made), *events], on)


def paid(on: date, amount: str, key: str = "paid") -> Receipt:
    return Receipt(**named(on, key), amount=Decimal(amount))


def test_a_kind_of_debt_takes_its_share_before_the_next() -> None:
    made = ruled(terms("300", "0.07", 6), FutureMoney.REAMORTISE)
    plan = after(made).lines
    account = after(made, paid(DRAWN_ON, "300.00"))
    for before, line in zip(plan, account.lines, strict=True):
        share = min(Decimal(50), before.owed[Bucket.PRINCIPAL])
        assert line.paid[Bucket.PRINCIPAL] == share
        assert line.paid[Bucket.INTEREST] > 0
    assert sum(sum(line.paid.values()) for line in account.lines) == 300


@pytest.mark.parametrize("daily", [False, True])
def test_money_ahead_may_pay_the_instalment_in_progress_and_then_the_last(*, daily: bool) -> None:
    basis = InterestBasis.DAILY_BALANCE if daily else InterestBasis.SCHEDULED
    made = replace(ruled(terms("600", "0", 6), FutureMoney.NEXT_THEN_LAST), interest_basis=basis)
    account = after(made, paid(date(2026, 3, 20), "250.00"), on=date(2026, 3, 20))
    assert [sum(line.paid.values()) for line in account.lines] == [100, 0, 0, 0, 50, 100]


@pytest.mark.parametrize("future", [FutureMoney.NEXT_INSTALMENT, FutureMoney.HOLD])
def test_money_held_pays_a_tranche_where_money_pays_ahead(future: FutureMoney) -> None:
    made = ruled(terms("600", "0", 6), future)
    day = date(2026, 4, 1)
    more = Drawdown(**named(day, "more"), amount=Decimal(300))
    account = after(made, paid(DRAWN_ON, "700.00"), more, on=day)
    ahead = future is FutureMoney.NEXT_INSTALMENT
    assert account.held == (0 if ahead else 700)
    assert account.outstanding == (200 if ahead else 900)


def test_an_extension_says_from_which_due_date_it_counts() -> None:
    made = ruled(terms("600", "0", 6), FutureMoney.LAST_INSTALMENT)
    agreed = date(2026, 4, 1)
    longer = Extension(
        **named(agreed, "longer"), extra_instalments=2, from_due_on=date(2026, 8, 10)
    )
    account = after(made, longer, paid(date(2026, 4, 5), "30.00"), on=date(2026, 4, 5))
    assert [line.total for line in account.lines] == [100] * 4 + [50] * 4
    assert account.lines[-1].paid == {Bucket.PRINCIPAL: Decimal(30)}


def test_interest_alone_may_wait() -> None:
    made = terms(
        "4000",
        "0.12",
        4,
        RepaymentMethod.FLAT,
        amortisation=Amortisation.CUMULATIVE,
    )
    waits = PaymentHoliday(
        **named(date(2026, 5, 1), "waits"), instalments=2, interest_too=True, principal_too=False
    )
    account = after(made, waits, on=date(2026, 5, 1))
    assert [line.owed.get(Bucket.INTEREST, Decimal(0)) for line in account.lines] == [40, 0, 0, 120]
    assert {line.owed[Bucket.PRINCIPAL] for line in account.lines} == {Decimal(1000)}


def test_a_holiday_of_nothing_is_refused() -> None:
    nothing = PaymentHoliday(
        **named(DRAWN_ON, "none"), instalments=1, interest_too=False, principal_too=False
    )
    with pytest.raises(LoanRuleViolation, match=r"account\.holiday"):
        after(terms(), nothing)


@pytest.mark.parametrize("daily", [False, True])
def test_an_agreed_maturity_moves_as_far_as_a_due_date(*, daily: bool) -> None:
    made = terms(
        "300",
        "0",
        3,
        unit=PeriodUnit.DAY,
        every=15,
        matures_on=date(2026, 4, 19),
    )
    if daily:
        made = replace(made, interest_basis=InterestBasis.DAILY_BALANCE)
    move = DueDateMove(
        **named(DRAWN_ON, "move"), from_due_on=date(2026, 4, 9), to_due_on=date(2026, 4, 14)
    )
    dues = [line.due_on for line in after(made, move).lines]
    assert dues == [date(2026, 3, 25), date(2026, 4, 14), date(2026, 4, 24)]


@pytest.mark.parametrize("method", [RepaymentMethod.FLAT, RepaymentMethod.EQUAL_INSTALMENT])
def test_a_tranche_of_the_cumulative_family_is_one_schedule(method: RepaymentMethod) -> None:
    made = terms("1000", "0.12", 4, method, amortisation=Amortisation.CUMULATIVE)
    day = date(2026, 4, 20)
    more = Drawdown(**named(day, "more"), amount=Decimal(600))
    account = after(made, more, on=day)
    assert sum(line.owed[Bucket.PRINCIPAL] for line in account.lines) == 1600
    both = (Bucket.PRINCIPAL, Bucket.INTEREST)
    assert len({sum(line.owed[bucket] for bucket in both) for line in account.lines[:3]}) == 1
    first = account.lines[0]
    flat = method is RepaymentMethod.FLAT
    assert first.owed[Bucket.INTEREST] == (16 if flat else 10)
    assert first.balance_after == 1000 - first.owed[Bucket.PRINCIPAL]
    assert account.lines[-1].balance_after == 0


def waiting(*, principal_too: bool = True, interest_too: bool = False) -> PaymentHoliday:
    said = named(date(2026, 4, 15), "waits")
    return PaymentHoliday(
        **said, instalments=1, interest_too=interest_too, principal_too=principal_too
    )


def owed(account: Account, bucket: Bucket) -> list[Decimal]:
    return [line.owed.get(bucket, Decimal(0)) for line in account.lines]


def test_flat_and_cumulative_the_last_instalment_takes_the_principal_that_waited() -> None:
    made = terms("5000", "0.12", 5, RepaymentMethod.FLAT, amortisation=Amortisation.CUMULATIVE)
    account = after(made, waiting(), on=date(2026, 4, 15))
    assert owed(account, Bucket.PRINCIPAL) == [1000, 0, 1250, 1250, 1500]
    assert owed(account, Bucket.INTEREST) == [50] * 5


def test_flat_and_cumulative_interest_that_waited_comes_back_in_equal_parts() -> None:
    made = terms("5000", "0.12", 5, RepaymentMethod.FLAT, amortisation=Amortisation.CUMULATIVE)
    account = after(made, waiting(interest_too=True, principal_too=False), on=date(2026, 4, 15))
    third = Decimal("66.67")
    assert owed(account, Bucket.PRINCIPAL) == [1000] * 5
    assert owed(account, Bucket.INTEREST) == [50, 0, third, third, Decimal("66.66")]


def test_the_cumulative_level_stays_and_the_last_instalment_takes_the_rest() -> None:
    made = terms("5000", "0.12", 5, amortisation=Amortisation.CUMULATIVE)
    level = after(made).lines[0].total
    account = after(made, waiting(), on=date(2026, 4, 15))
    assert account.lines[1].owed.keys() == {Bucket.INTEREST}
    both = (Bucket.PRINCIPAL, Bucket.INTEREST)
    assert [sum(line.owed[b] for b in both) for line in account.lines[2:4]] == [level] * 2
    assert account.lines[4].total > 2 * level * Decimal("0.9")
    assert account.lines[4].balance_after == 0


@pytest.mark.parametrize("amortisation", list(Amortisation))
def test_flat_interest_runs_on_all_that_was_lent_whatever_is_laid_anew(
    amortisation: Amortisation,
) -> None:
    made = terms("6000", "0.12", 6, RepaymentMethod.FLAT, amortisation=amortisation)
    day = date(2026, 5, 10)
    half = RateSet(**named(day, "rate"), yearly_rate=Decimal("0.06"))
    account = after(made, half, on=day)
    assert owed(account, Bucket.INTEREST) == [60, 60, 30, 30, 30, 30]
