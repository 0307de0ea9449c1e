"""Any loan and any life of it, for the properties: every method, convention and kind of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from domain.accounts import AccountTerms, fold
from domain.accounts import events as ev
from domain.day_counts import DayCount
from domain.repayments import Bucket
from domain.schedules import CustomRow, HolidayRule, PeriodUnit, RepaymentMethod, ScheduleTerms
from domain.schedules.periods import WorkingDay
from domain.violations import LoanRuleViolation
from tests.domain.accounts.notes import DRAWN_ON, drawn, terms

PRINCIPAL = Decimal(1_200_000)
LIFE_DAYS = 900
LAST = DRAWN_ON + timedelta(days=LIFE_DAYS)
BY_DAYS = {DayCount.ACT_360: 360, DayCount.ACT_365F: 365}
DAY_COUNTS = (*BY_DAYS, DayCount.THIRTY_360, DayCount.ACT_ACT_JAN1)
UNITS = {
    PeriodUnit.MONTH: 30,
    PeriodUnit.QUARTER: 91,
    PeriodUnit.YEAR: 365,
    PeriodUnit.WEEK: 7,
}
SHARES = {3: ("0.2", "0.3", "0.5"), 4: ("0.1", "0.2", "0.3", "0.4")}
CUSTOM = (
    CustomRow(date(2026, 9, 10), Decimal(700_000)),
    CustomRow(date(2027, 3, 10), Decimal(0)),
    CustomRow(date(2027, 4, 30), Decimal(500_000)),
)
_SHAPED = (RepaymentMethod.CUSTOM, RepaymentMethod.MATURITY, RepaymentMethod.STEP_UP)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def calendar_of(loan: AccountTerms) -> WorkingDay | None:
    return weekday if loan.schedule.holiday is HolidayRule.FOLLOWING else None


@st.composite
def loans(
    draw: st.DrawFn,
    methods: Sequence[RepaymentMethod] = tuple(RepaymentMethod),
    day_counts: Sequence[DayCount] = DAY_COUNTS,
) -> AccountTerms:
    """CNY 1.2 m by any method, in any unit, with graces, a down payment, a holiday rule."""
    method = draw(st.sampled_from(methods))
    more: dict[str, Any] = {"day_count": draw(st.sampled_from(day_counts))}
    more["holiday"] = draw(st.sampled_from(HolidayRule))
    more["unit"] = draw(st.sampled_from(tuple(UNITS)))
    count = draw(st.sampled_from((3, 4, 12 if more["unit"] is PeriodUnit.WEEK else 6)))
    if method is RepaymentMethod.STEP_UP:
        count = min(count, 4)
        more["step_shares"] = tuple(Decimal(share) for share in SHARES[count])
    elif method is RepaymentMethod.CUSTOM:
        count, more["custom"] = len(CUSTOM), CUSTOM
    elif method is RepaymentMethod.BALLOON:
        more["balloon"] = Decimal(500_000)
    if method not in _SHAPED:
        more["principal_grace"] = draw(st.integers(0, 2))
    if method not in (RepaymentMethod.CUSTOM, RepaymentMethod.MATURITY):
        more["interest_payment_grace"] = draw(st.integers(0, 2))
        more["down_payment_share"] = Decimal(draw(st.sampled_from(("0", "0", "0.2"))))
    if method is not RepaymentMethod.CUSTOM:
        more["interest_free"] = draw(st.integers(0, 2))
    loan = terms(instalments=count, method=method, **more)
    if method is RepaymentMethod.INTEREST_FIRST_BULLET and draw(st.booleans()):
        loan = replace(loan, schedule=settled(loan.schedule))
    return loan


def settled(schedule: ScheduleTerms) -> ScheduleTerms:
    """Settled on the 20th of quarter ends and paid on the 21st."""
    return replace(
        schedule,
        unit=PeriodUnit.QUARTER,
        instalments=5,
        settlement_day=20,
        matures_on=date(2027, 3, 10),
    )


Named = dict[str, Any]
Maker = Callable[[st.DrawFn, Named, Decimal], ev.Event]
RATES = st.decimals("0", "0.2", places=4)
COUNTS = st.integers(1, 4)


def _restructured(draw: st.DrawFn, named: Named, _: Decimal) -> ev.Event:
    count = draw(COUNTS)
    return ev.Restructure(
        **named,
        first_due_on=named["value_on"] + timedelta(days=draw(st.integers(1, 60))),
        instalments=count,
        yearly_rate=draw(RATES),
        principal_grace=draw(st.integers(0, count - 1)),
        overdue_too=draw(st.booleans()),
    )


def _moved(draw: st.DrawFn, named: Named, _: Decimal) -> ev.Event:
    due = named["value_on"] + timedelta(days=draw(st.integers(1, 40)))
    to_on = due + timedelta(days=draw(st.integers(-9, 40)))
    return ev.DueDateMove(**named, from_due_on=due, to_due_on=to_on)


def _of_earlier(draw: st.DrawFn, named: Named, field: str, **more: Any) -> Named:
    return {**named, field: f"e{draw(st.integers(0, 4))}", **more}


SCHEDULE_EVENTS: Mapping[str, Maker] = {
    "receipt": lambda draw, named, amount: ev.Receipt(**named, amount=amount),
    "tranche": lambda draw, named, amount: ev.Drawdown(**named, amount=amount),
    "rate": lambda draw, named, _: ev.RateSet(**named, yearly_rate=draw(RATES)),
    "pause": lambda draw, named, _: ev.InterestPause(
        **named, to_on=named["value_on"] + timedelta(days=draw(st.integers(0, 40)))
    ),
    "prepayment": lambda draw, named, amount: ev.Prepayment(
        **named, amount=amount, choice=draw(st.sampled_from(ev.PrepaymentChoice))
    ),
    "extension": lambda draw, named, _: ev.Extension(**named, extra_instalments=draw(COUNTS)),
    "holiday": lambda draw, named, _: ev.PaymentHoliday(
        **named, instalments=draw(st.integers(1, 2)), interest_too=draw(st.booleans())
    ),
    "payoff": lambda draw, named, _: ev.Payoff(**named),
    "acceleration": lambda draw, named, _: ev.Acceleration(**named),
}
"""Events whose interest follows from balance, rate and days alone."""
EVENTS: Mapping[str, Maker] = {
    **SCHEDULE_EVENTS,
    "restructure": _restructured,
    "moved": _moved,
    "charge": lambda draw, named, amount: ev.Charge(
        **named,
        bucket=draw(st.sampled_from((Bucket.FEE, Bucket.PENALTY))),
        amount=min(amount, Decimal(5000)),
        due_on=named["value_on"] + timedelta(days=draw(st.integers(0, 500))),
    ),
    "waiver": lambda draw, named, amount: ev.Waiver(
        **named, bucket=draw(st.sampled_from(Bucket)), amount=min(amount, Decimal(2000))
    ),
    "misuse": lambda draw, named, amount: ev.Misuse(**named, amount=amount),
    "write-off": lambda draw, named, _: ev.WriteOff(**named),
    "refund": lambda draw, named, amount: ev.Refund(**named, amount=amount),
    "refund due": lambda draw, named, amount: ev.RefundDue(**named, amount=amount),
    "refund paid": lambda draw, named, _: ev.RefundPaid(**_of_earlier(draw, named, "due_key")),
    "refund failed": lambda draw, named, _: ev.RefundFailed(**_of_earlier(draw, named, "due_key")),
    "chargeback": lambda draw, named, amount: ev.Chargeback(
        **_of_earlier(draw, named, "receipt_key", amount=amount)
    ),
    "reversal": lambda draw, named, _: ev.Reversal(**_of_earlier(draw, named, "reversed_key")),
}


@st.composite
def lives(
    draw: st.DrawFn, loan: AccountTerms, kinds: Mapping[str, Maker] = EVENTS
) -> list[ev.Event]:
    """The drawdown and up to six events on any days, those the engine does not refuse by name."""
    events: list[ev.Event] = [drawn(loan)]
    for n in range(draw(st.integers(0, 6))):
        day = DRAWN_ON + timedelta(days=draw(st.integers(1, 480)))
        named: Named = {"key": f"e{n}", "value_on": day, "recorded_on": day}
        make = kinds[draw(st.sampled_from(tuple(kinds)))]
        tried = [*events, make(draw, named, draw(st.decimals("0.01", "400000", places=2)))]
        if allowed(loan, tried):
            events = tried
    return events


def allowed(loan: AccountTerms, events: Sequence[ev.Event]) -> bool:
    """Whether the engine takes these events; anything but a refusal by name is a failure."""
    try:
        fold(loan, events, LAST, calendar_of(loan))
    except LoanRuleViolation:
        return False
    return True


Case = tuple[AccountTerms, list[ev.Event], date]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A loan, its life and a day to look at it."""
    loan = draw(loans())
    events = draw(lives(loan))
    return loan, events, DRAWN_ON + timedelta(days=draw(st.integers(0, LIFE_DAYS)))
