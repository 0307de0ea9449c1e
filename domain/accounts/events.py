"""What can happen to a loan account. Each event is a dated fact; the account is their fold.

`value_on` is the day an event counts from, `recorded_on` the business day the bank learnt of it;
an event whose value date lies before the account's last day makes the whole account run again.
`key` names the event once and for ever (receipt id, change id, fixing id ...).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.repayments import Bucket
from domain.schedules.terms import PeriodUnit


class ReceiptKind(StrEnum):
    """Where money that lowers the debt comes from."""

    REPAYMENT = "repayment"
    MERCHANT_REFUND = "merchant_refund"
    PAYOUT_REFUND = "payout_refund"
    GOODWILL = "goodwill"
    RECOVERY = "recovery"
    INTEREST_REFUND = "interest_refund"


class PrepaymentChoice(StrEnum):
    """What a part prepayment shortens: the instalments or the term."""

    KEEP_TERM = "keep_term"
    KEEP_INSTALMENT = "keep_instalment"


class ReAgedInterest(StrEnum):
    """What becomes of interest where open debt is laid over new instalments."""

    RELAID = "relaid"
    """Interest runs on; what was open falls due with the first new instalments."""
    EQUAL_PAYABLE = "equal_payable"
    """Interest earned to the day comes back in equal parts, and none runs after it."""
    EQUAL_WHOLE = "equal_whole"
    """All interest to the old end comes back in equal parts, and none runs after it."""


class ReAmortisedInterest(StrEnum):
    """What becomes of overdue interest where overdue debt joins the instalments to come."""

    RELAID = "relaid"
    """It falls due with the next instalment."""
    EQUAL_PARTS = "equal_parts"
    """Every instalment to come carries an equal part of it."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """The part every event has."""

    key: str
    value_on: date
    recorded_on: date


@dataclass(frozen=True, kw_only=True)
class Drawdown(Event):
    """Money went out; the first one starts the schedule, a later one is a tranche."""

    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Receipt(Event):
    """Money came in, to be allocated in the contract's order."""

    amount: Decimal
    kind: ReceiptKind = ReceiptKind.REPAYMENT


@dataclass(frozen=True, kw_only=True)
class Reversal(Event):
    """An earlier event never counted (误记冲正, 退票): the account runs as if it had not been."""

    reversed_key: str


@dataclass(frozen=True, kw_only=True)
class Chargeback(Event):
    """A receipt was taken back later, from its own day on: the debt it paid is owed again."""

    receipt_key: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Refund(Event):
    """Money held beyond the debt was paid back to its payer."""

    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class RefundDue(Event):
    """Money held beyond the debt is promised back to its payer: it can pay nothing else now.

    `receipt_key` names the receipt whose money it is, where one is named.
    """

    amount: Decimal
    receipt_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundPaid(Event):
    """A promised refund, all of it, has left the bank."""

    due_key: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event):
    """A promised refund could not be paid: from its own day on the money is held again."""

    due_key: str


@dataclass(frozen=True, kw_only=True)
class Charge(Event):
    """A fee or a lump penalty falls due on `due_on`."""

    bucket: Bucket
    amount: Decimal
    due_on: date


@dataclass(frozen=True, kw_only=True)
class RateSet(Event):
    """The yearly rate from `value_on` (its own day included) on. A fraction, 0.0345 is 3.45 %.

    `margin_bp`: where the rate floats, the margin over its index from that day on, in basis points;
    None leaves the margin as it is.
    """

    yearly_rate: Decimal
    margin_bp: int | None = None


@dataclass(frozen=True, kw_only=True)
class InterestPause(Event):
    """No interest runs from `value_on` to `to_on`, both days included."""

    to_on: date


@dataclass(frozen=True, kw_only=True)
class Waiver(Event):
    """The bank gives up part of one bucket (减免), oldest instalment first."""

    bucket: Bucket
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Prepayment(Event):
    """Principal paid before it is due, with the interest accrued on it to that day."""

    amount: Decimal
    choice: PrepaymentChoice
    fee: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Payoff(Event):
    """Everything owed on that day is paid: principal, interest to the day, fees."""

    fee: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class DueDateMove(Event):
    """The instalment due on `from_due_on`, and those after it, move to start at `to_due_on`."""

    from_due_on: date
    to_due_on: date


@dataclass(frozen=True, kw_only=True)
class HolidayMove(Event):
    """A new working calendar moves the due date of one instalment; those behind it stay."""

    from_due_on: date
    to_due_on: date


@dataclass(frozen=True, kw_only=True)
class Extension(Event):
    """More instalments (展期): what is not yet due is spread over `extra_instalments` more.

    `from_due_on`: only what falls due from that later day on; None from the event's own day.
    """

    extra_instalments: int
    from_due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Restructure(Event):
    """Principal not yet due is laid over a new schedule (重组): instalments, rate, grace.

    `overdue_too`: overdue principal is laid anew with the rest. Interest earned so far falls due
    with the first new instalment; overdue interest, penalty and fees stay due as they are.
    `capitalise`, making them principal, is refused by name. `margin_bp`: as a `RateSet` has it.
    """

    first_due_on: date
    instalments: int
    yearly_rate: Decimal
    principal_grace: int = 0
    capitalise: bool = False
    overdue_too: bool = False
    margin_bp: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReAge(Event):
    """All that is open is laid over new instalments; the old ones keep what they were paid.

    The first falls due on `first_due_on`, each other one `every` units later.
    """

    first_due_on: date
    instalments: int
    unit: PeriodUnit
    every: int = 1
    interest: ReAgedInterest = ReAgedInterest.RELAID


@dataclass(frozen=True, kw_only=True)
class ReAmortisation(Event):
    """What is overdue joins the instalments still to come, on the dates they have."""

    interest: ReAmortisedInterest = ReAmortisedInterest.RELAID


@dataclass(frozen=True, kw_only=True)
class PaymentHoliday(Event):
    """`instalments` from the next due one on carry interest only, or nothing, and are made up.

    `principal_too` false: they carry their principal, and only their interest waits.
    """

    instalments: int
    interest_too: bool = False
    principal_too: bool = True


@dataclass(frozen=True, kw_only=True)
class Misuse(Event):
    """The money went elsewhere than agreed: from that day the misuse rate counts (挪用罚息).

    It counts on `amount`, due or not, until that is paid back ahead of time, is more than what is
    outstanding, or `MisuseEnded` says that the money serves its purpose again.
    """

    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class MisuseEnded(Event):
    """Misused money serves its purpose again (纠正挪用): its misuse rate counts no longer."""

    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Acceleration(Event):
    """The bank declares everything due on that day (宣布提前到期)."""


class AfterWriteOff(StrEnum):
    """What the borrower is asked for once the claim has left the balance sheet."""

    AS_BEFORE = "as_before"
    """The same as without it: interest runs on. The house rule."""
    FIXED = "fixed"
    """What the instalments ask for on that day, whatever is paid and when."""
    NO_INTEREST = "no_interest"
    """No interest from that day on; the instalments stay as high, so the last one asks for less."""
    ALL_DUE = "all_due"
    """Everything on that day, with the interest earned by then."""


@dataclass(frozen=True, kw_only=True)
class WriteOff(Event):
    """The claim leaves the balance sheet and is kept off it (账销案存)."""

    after: AfterWriteOff = AfterWriteOff.AS_BEFORE
