"""What papers state in figures: nothing but what the account says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from domain.accounts import AccountTerms
from domain.accounts.events import Drawdown, InterestPause, Receipt, Reversal
from domain.accounts.terms import InterestBasis, LatenessTerms
from domain.day_counts import DayCount
from domain.papers import PaperKind
from domain.papers.figures import (
    arrears,
    drawn,
    interest_due,
    payoff,
    plan_totals,
    receipt_movement,
    settled,
)
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from tests.paper_sources import DRAWN, EVENTS, LENT, NEW_RATE, PAID, PAID_OFF, source_on, terms_of

RATE_CUT_PERIOD = date(2026, 3, 20)
PAUSE = InterestPause(
    key="pause", value_on=date(2026, 3, 25), recorded_on=date(2026, 3, 1), to_on=date(2026, 3, 28)
)


def _with_day_count(day_count: DayCount) -> AccountTerms:
    terms = terms_of()
    return replace(terms, schedule=replace(terms.schedule, day_count=day_count))


def test_a_plan_sums_the_accounts_rows() -> None:
    source = source_on(date(2026, 4, 20))
    totals = plan_totals(source.account)
    assert totals.principal == LENT == drawn(source.account)
    assert totals.total == sum(
        (line.owed[Bucket.PRINCIPAL] + line.owed[Bucket.INTEREST] for line in source.account.lines),
        Decimal(0),
    )


@pytest.mark.parametrize(
    "day_count", [DayCount.THIRTY_360, DayCount.ACT_360, DayCount.ACT_ACT_JAN1]
)
def test_interest_is_told_by_rate_and_its_parts_come_to_the_whole(day_count: DayCount) -> None:
    source = source_on(RATE_CUT_PERIOD, terms=_with_day_count(day_count))
    due = interest_due(source)
    first, second = due.segments
    assert (first.from_on, first.to_on) == (date(2026, 3, 15), date(2026, 4, 1))
    assert (second.from_on, second.to_on) == (date(2026, 4, 1), date(2026, 4, 15))
    assert (first.yearly_rate, second.yearly_rate) == (Decimal("0.0435"), Decimal("0.0395"))
    assert first.interest + second.interest == due.interest == due.line.owed[Bucket.INTEREST]
    assert (first.days, second.days) == (17, 14)


def test_a_part_of_interest_is_principal_times_rate_times_its_days() -> None:
    due = interest_due(source_on(RATE_CUT_PERIOD, terms=_with_day_count(DayCount.ACT_360)))
    for segment in due.segments:
        exact = segment.principal * segment.yearly_rate * segment.days / 360
        assert abs(segment.interest - exact) < Decimal("0.01")


def test_a_pause_is_a_part_without_rate_or_interest() -> None:
    due = interest_due(source_on(RATE_CUT_PERIOD, (*EVENTS, PAUSE)))
    paused = [segment for segment in due.segments if segment.interest == 0]
    assert [(segment.days, segment.yearly_rate) for segment in paused] == [(4, Decimal(0))]
    assert all(left.to_on == right.from_on for left, right in pairwise(due.segments))
    assert sum((segment.interest for segment in due.segments), Decimal(0)) == due.interest


def _tranche(day: date) -> Drawdown:
    return Drawdown(
        key=f"tranche:{day}", value_on=day, recorded_on=day, amount=Decimal("300000.00")
    )


@pytest.mark.parametrize(
    ("day_count", "days"), [(DayCount.ACT_360, 360), (DayCount.ACT_ACT_JAN1, 365)]
)
def test_what_is_drawn_within_a_period_bears_interest_from_its_day(
    day_count: DayCount, days: int
) -> None:
    events = (DRAWN, PAID, _tranche(date(2026, 3, 20)))
    due = interest_due(source_on(date(2026, 4, 10), events, terms=_with_day_count(day_count)))
    first, second = due.segments
    assert (first.to_on, second.from_on) == (date(2026, 3, 20), date(2026, 3, 20))
    assert second.principal - first.principal == Decimal("300000.00")
    assert first.interest + second.interest == due.interest
    for segment in due.segments:
        exact = segment.principal * segment.yearly_rate * segment.days / days
        assert abs(segment.interest - exact) < Decimal("0.02")


def test_every_drawdown_and_every_rate_begins_a_stretch() -> None:
    events = (*EVENTS, _tranche(date(2026, 3, 20)), _tranche(date(2026, 4, 6)))
    due = interest_due(source_on(date(2026, 4, 10), events))
    borders = [segment.from_on.isoformat() for segment in due.segments]
    assert borders == ["2026-03-15", "2026-03-20", "2026-04-01", "2026-04-06"]
    assert sum((segment.interest for segment in due.segments), Decimal(0)) == due.interest


def test_interest_that_follows_the_balance_is_told_as_one_part() -> None:
    terms = replace(terms_of(), interest_basis=InterestBasis.DAILY_BALANCE)
    due = interest_due(source_on(date(2026, 2, 20), (DRAWN, PAID), terms=terms))
    [segment] = due.segments
    assert segment.interest == due.interest


def test_arrears_are_the_accounts_open_rows_before_the_day() -> None:
    source = source_on(date(2026, 4, 20))
    late = arrears(source)
    assert [row.n for row in late.rows] == [2, 3]
    assert [row.days_past_due for row in late.rows] == [36, 5]
    assert late.rows[0].days_past_due == source.account.days_past_due
    assert late.total == sum((line.open_total for line in source.account.lines[:3]), Decimal(0))
    assert late.late_rate == Decimal("0.0395") * Decimal("1.5")
    assert late.pay_by == date(2026, 4, 27)


def test_a_row_due_today_is_not_overdue() -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        arrears(source_on(date(2026, 2, 15), (DRAWN,)))
    assert refused.value.code == "paper.nothing_overdue"


def test_lateness_without_a_price_states_no_rate() -> None:
    terms = replace(terms_of(), lateness=LatenessTerms(penalised=False))
    assert arrears(source_on(date(2026, 4, 20), terms=terms)).late_rate is None


def test_a_payoff_letter_states_what_ends_the_loan() -> None:
    source = source_on(date(2026, 5, 5))
    quote = payoff(source)
    parts = quote.principal + quote.interest + quote.penalty + quote.compound + quote.fees
    assert quote.total == parts - quote.held
    paid = Receipt(key="receipt:2", value_on=source.on, recorded_on=source.on, amount=quote.total)
    after = source_on(source.on, (*EVENTS, paid, PAID_OFF))
    assert after.account.settled
    with pytest.raises(LoanRuleViolation) as refused:
        payoff(after)
    assert refused.value.code == "paper.settled"


def test_a_certificate_needs_a_settled_account_and_a_closed_case() -> None:
    events, day = (*EVENTS, PAID_OFF), date(2026, 5, 6)
    proof = settled(source_on(day, events, closed_on=date(2026, 5, 5)))
    assert proof.paid[Bucket.PRINCIPAL] == LENT
    assert proof.last_paid_on == date(2026, 5, 5)
    for owing in (
        source_on(day, events),
        source_on(day, events, closed_on=date(2026, 5, 7)),
        source_on(day, closed_on=date(2026, 5, 5)),
    ):
        with pytest.raises(LoanRuleViolation) as refused:
            settled(owing)
        assert refused.value.code == "paper.not_settled"


def test_a_slip_is_the_engines_split_and_a_reversed_receipt_has_none() -> None:
    source = source_on(date(2026, 4, 20))
    movement = receipt_movement(source)
    parts = sum((portion.amount for portion in movement.portions), Decimal(0))
    assert parts + movement.held == movement.amount == Decimal("110000.00")
    undone = Reversal(
        key="undone", value_on=PAID.value_on, recorded_on=source.on, reversed_key=PAID.key
    )
    with pytest.raises(LoanRuleViolation) as refused:
        receipt_movement(source_on(source.on, (*EVENTS, undone)))
    assert refused.value.code == "paper.reversed"
    with pytest.raises(LoanRuleViolation) as refused:
        receipt_movement(source_on(source.on, (DRAWN, NEW_RATE)))
    assert refused.value.code == "paper.receipt"


def test_a_paper_has_one_number_a_day() -> None:
    source = source_on(date(2026, 4, 20))
    assert source.number(PaperKind.DUNNING_LETTER) == "CL20260115-000001-DL-20260420"
    assert source.number(PaperKind.RECEIPT_SLIP).startswith("CL20260115-000001-RS-20260420-")
    assert len({source.number(kind) for kind in PaperKind}) == len(PaperKind)
