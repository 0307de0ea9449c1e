"""Whatever happened to a loan, each of its papers is a sheet or a refusal by name."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import fold
from domain.accounts.events import (
    Acceleration,
    Charge,
    Drawdown,
    Event,
    Extension,
    InterestPause,
    Misuse,
    MisuseEnded,
    PaymentHoliday,
    Payoff,
    Prepayment,
    PrepaymentChoice,
    RateSet,
    Receipt,
    Restructure,
    Waiver,
    WriteOff,
)
from domain.papers import PaperKind, PaperSource
from domain.papers.figures import interest_due
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from language.catalogue import Language
from language.messages import MESSAGES
from language.papers import sheet_of
from tests.paper_sources import DRAWN, DRAWN_ON, source_on, terms_of
from tests.properties import examples

KINDS: tuple[tuple[type[Event], dict[str, Any]], ...] = (
    (Receipt, {"amount": Decimal("90000.00")}),
    (Receipt, {"amount": Decimal("500000.00")}),
    (Drawdown, {"amount": Decimal("300000.00")}),
    (RateSet, {"yearly_rate": Decimal("0.0615")}),
    (Waiver, {"bucket": Bucket.PENALTY, "amount": Decimal("0.01")}),
    (Prepayment, {"amount": Decimal("80000.00"), "choice": PrepaymentChoice.KEEP_INSTALMENT}),
    (Payoff, {}),
    (Extension, {"extra_instalments": 3}),
    (PaymentHoliday, {"instalments": 2}),
    (Misuse, {"amount": Decimal("50000.00")}),
    (MisuseEnded, {"amount": Decimal("20000.00")}),
    (Acceleration, {}),
    (WriteOff, {}),
)


def _dated(day: date, key: str) -> list[Event]:
    """Events that name another day besides their own."""
    same: dict[str, Any] = {"key": key, "value_on": day, "recorded_on": day}
    later = day + timedelta(days=40)
    return [
        InterestPause(**same, to_on=day + timedelta(days=9)),
        Charge(**same, bucket=Bucket.FEE, amount=Decimal("120.00"), due_on=later),
        Restructure(**same, first_due_on=later, instalments=6, yearly_rate=Decimal("0.05")),
    ]


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """What the engine takes of up to eight events on any days of a loan's life."""
    taken: list[Event] = [DRAWN]
    last = DRAWN_ON + timedelta(days=800)
    for n in range(draw(st.integers(0, 8))):
        day = DRAWN_ON + timedelta(days=draw(st.integers(0, 420)))
        named: dict[str, Any] = {"key": f"receipt:{n}", "value_on": day, "recorded_on": day}
        offered = [kind(**named, **rest) for kind, rest in KINDS] + _dated(day, f"receipt:{n}")
        event = draw(st.sampled_from(offered))
        with suppress(LoanRuleViolation):
            fold(terms_of(), [*taken, event], last)
            taken.append(event)
    return taken


def _source(events: list[Event], days: int) -> PaperSource:
    on = DRAWN_ON + timedelta(days=days)
    return source_on(on, events, closed_on=on)


@examples(150)
@given(lives(), st.integers(0, 500), st.sampled_from(Language))
def test_every_life_of_a_loan_has_its_papers(
    events: list[Event], days: int, language: Language
) -> None:
    source = _source(events, days)
    refused = {_refusal(kind, source, language) for kind in PaperKind} - {None}
    assert all(code.startswith("paper.") and code in MESSAGES for code in refused if code)


def _refusal(kind: PaperKind, source: PaperSource, language: Language) -> str | None:
    """None where there is a sheet."""
    try:
        assert sheet_of(kind, source, "Bank", language).blocks
    except LoanRuleViolation as refused:
        return refused.code
    return None


@examples(150)
@given(lives(), st.integers(0, 500))
def test_the_stretches_of_interest_cover_the_period_and_come_to_the_whole(
    events: list[Event], days: int
) -> None:
    with suppress(LoanRuleViolation):
        due = interest_due(_source(events, days))
        assert due.segments[0].from_on == due.line.period_start_on
        assert due.segments[-1].to_on == due.line.due_on
        assert sum((segment.interest for segment in due.segments), Decimal(0)) == due.interest
        assert all(segment.days >= 0 for segment in due.segments)
