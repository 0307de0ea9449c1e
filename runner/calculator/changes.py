"""Changes of the contract in a case as account events; one we do not offer is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict

from domain.accounts import fold
from domain.accounts.events import (
    Acceleration,
    AfterWriteOff,
    Charge,
    Chargeback,
    Drawdown,
    DueDateMove,
    Event,
    Extension,
    InterestPause,
    PaymentHoliday,
    Payoff,
    RateSet,
    ReAge,
    ReAgedInterest,
    ReAmortisation,
    ReAmortisedInterest,
    Receipt,
    Refund,
    WriteOff,
)
from domain.accounts.terms import InterestBasis
from domain.repayments import Bucket
from domain.schedules import PeriodUnit
from runner.calculator.fields import Fields, refused
from runner.calculator.happened import (
    CAPITALISED,
    REPAYMENT,
    WRITTEN_OFF,
    Happening,
    Record,
    night_before,
)

_UNITS = {
    "DAYS": PeriodUnit.DAY,
    "WEEKS": PeriodUnit.WEEK,
    "MONTHS": PeriodUnit.MONTH,
    "YEARS": PeriodUnit.YEAR,
}
_CHARGES = {"fee": Bucket.FEE, "penalty": Bucket.PENALTY}
_RE_AGED = {
    "DEFAULT": ReAgedInterest.RELAID,
    "EQUAL_AMORTIZATION_PAYABLE_INTEREST": ReAgedInterest.EQUAL_PAYABLE,
    "EQUAL_AMORTIZATION_FULL_INTEREST": ReAgedInterest.EQUAL_WHOLE,
}
_RE_AMORTISED = {
    "DEFAULT": ReAmortisedInterest.RELAID,
    "EQUAL_AMORTIZATION_INTEREST_SPLIT": ReAmortisedInterest.EQUAL_PARTS,
}
CHARGE_OFF, RE_AGE, RE_AMORTISE = "Charge-off", "Re-age", "Re-amortize"
TERMINATION = "Contract Termination"


class _Named(TypedDict):
    key: str
    value_on: date
    recorded_on: date


def _named(record: Record, value_on: date, part: str = "") -> _Named:
    return {"key": record.key() + part, "value_on": value_on, "recorded_on": record.on}


def charge(fields: Fields, record: Record) -> Sequence[Happening]:
    """A fee or a penalty of a fixed amount."""
    fields.ignore(("charge",))
    bucket, due_on = fields.choice("kind", _CHARGES), fields.day("due_date")
    value = Charge(
        **_named(record, max(min(record.on, due_on), record.schedule.drawn_on)),
        bucket=bucket,
        amount=fields.number("amount"),
        due_on=due_on,
    )
    return (Happening("Charge", value),)


def chargeback(fields: Fields, record: Record) -> Sequence[Happening]:
    """A payment is taken back: the numbered one, or the first."""
    fields.ignore(("channel",))
    paid = [event for event in record.standing(None) if isinstance(event, Receipt)]
    nth = fields.integer("payment_no", 1)
    if not 1 <= nth <= len(paid):
        raise refused("event_order", fields.place("payment_no"))
    taken = Chargeback(
        **_named(record, record.on), receipt_key=paid[nth - 1].key, amount=fields.number("amount")
    )
    return (Happening("Chargeback", taken),)


def payoff(fields: Fields, record: Record) -> Sequence[Happening]:
    """Everything owed that day is paid; interest that follows the schedule, all of it."""
    named = _named(record, fields.day("date"))
    if record.terms.interest_basis is InterestBasis.DAILY_BALANCE:
        return (Happening(REPAYMENT, Payoff(**named)),)
    account = fold(record.terms, [one.event for one in record.happenings], named["value_on"])
    owed = sum((line.open_total for line in account.lines), Decimal(0)) - account.held
    return (Happening(REPAYMENT, Receipt(**named, amount=owed)),) if owed > 0 else ()


def refund(fields: Fields, record: Record) -> Sequence[Happening]:
    """Money beyond the debt goes back."""
    named = _named(record, fields.day("date"))
    back = Refund(**named, amount=fields.number("amount"))
    return (Happening("Credit Balance Refund", back),)


def interest_pause(fields: Fields, record: Record) -> Sequence[Happening]:
    """No interest from the first to the last day."""
    from_on, to_on = night_before(fields.day("from")), night_before(fields.day("to"))
    return (Happening("Pause", InterestPause(**_named(record, from_on), to_on=to_on)),)


def rate_change(fields: Fields, record: Record) -> Sequence[Happening]:
    """Another yearly rate from a day on."""
    from_on = max(night_before(fields.day("effective_date")), record.schedule.drawn_on)
    rate = fields.percent("new_rate_percent")
    return (Happening("Rate", RateSet(**_named(record, from_on), yearly_rate=rate)),)


def reschedule(fields: Fields, record: Record) -> Sequence[Happening]:
    """A due date moved, instalments added, or another rate, from a day on."""
    from_on = fields.day("rescheduleFromDate")
    fields.ignore(("submittedOnDate",))
    events: list[Event] = []
    for key, part in (("graceOnPrincipal", "/principal"), ("graceOnInterest", "/interest")):
        if fields.has(key):
            events.append(_holiday(fields, record, key, part))
    if fields.has("adjustedDueDate"):
        named = _named(record, min(record.on, from_on), "/date")
        to_on = fields.day("adjustedDueDate")
        events.append(DueDateMove(**named, from_due_on=from_on, to_due_on=to_on))
    if fields.has("extraTerms"):
        extra = fields.integer("extraTerms")
        named = _named(record, _extended_on(record, from_on), "/term")
        events.append(Extension(**named, extra_instalments=extra, from_due_on=from_on))
    if fields.has("newInterestRate"):
        rate = fields.percent("newInterestRate")
        named = _named(record, max(night_before(from_on), record.schedule.drawn_on), "/rate")
        events.append(RateSet(**named, yearly_rate=rate))
    return tuple(Happening("Reschedule", event) for event in events)


def _holiday(fields: Fields, record: Record, key: str, part: str) -> Event:
    """Principal or interest of the next instalments waits; each waits by itself."""
    from_on = night_before(fields.day("rescheduleFromDate"))
    on_interest = key == "graceOnInterest"
    return PaymentHoliday(
        **_named(record, from_on, part),
        instalments=fields.integer(key),
        interest_too=on_interest,
        principal_too=not on_interest,
    )


def _extended_on(record: Record, from_on: date) -> date:
    """The rows of a schedule are agreed at once; a daily balance follows them in their turn."""
    effective = night_before(from_on)
    if record.terms.interest_basis is InterestBasis.DAILY_BALANCE:
        return effective
    return max(min(record.on, effective), record.schedule.drawn_on)


def re_age(fields: Fields, record: Record) -> Sequence[Happening]:
    """All that is open is laid over new instalments."""
    laid = ReAge(
        **_named(record, record.on),
        first_due_on=fields.day("startDate"),
        instalments=fields.integer("numberOfInstallments"),
        unit=fields.choice("frequencyType", _UNITS),
        every=fields.integer("frequencyNumber"),
        interest=fields.choice("reAgeInterestHandling", _RE_AGED, ReAgedInterest.RELAID),
    )
    return (Happening(RE_AGE, laid),)


def re_amortise(fields: Fields, record: Record) -> Sequence[Happening]:
    """What is overdue joins the instalments to come."""
    handling = fields.choice(
        "reAmortizationInterestHandling", _RE_AMORTISED, ReAmortisedInterest.RELAID
    )
    laid = ReAmortisation(**_named(record, record.on), interest=handling)
    return (Happening(RE_AMORTISE, laid),)


def charge_off(fields: Fields, record: Record) -> Sequence[Happening]:
    """The claim leaves the balance sheet; what the borrower owes stays."""
    named = _named(record, fields.day("date"))
    return (Happening(CHARGE_OFF, WriteOff(**named, after=record.charged_off)),)


def write_off(fields: Fields, record: Record) -> Sequence[Happening]:
    """The claim is closed as lost."""
    written = WriteOff(**_named(record, fields.day("date")), after=AfterWriteOff.FIXED)
    return (Happening(WRITTEN_OFF, written),)


def termination(fields: Fields, record: Record) -> Sequence[Happening]:
    """Everything falls due at once."""
    return (Happening(TERMINATION, Acceleration(**_named(record, record.on))),)


def capitalised_income(fields: Fields, record: Record) -> Sequence[Happening]:
    """Income of the bank that is added to the principal."""
    amount = fields.number("amount")
    drawn = Drawdown(**_named(record, fields.day("date")), amount=amount)
    return (Happening(CAPITALISED, drawn),)
