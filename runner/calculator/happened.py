"""What happened to a loan in a case, translated one entry after the other into account events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import fold
from domain.accounts.events import AfterWriteOff, Drawdown, Event, Receipt, ReceiptKind, Reversal
from domain.accounts.terms import AccountTerms, AllocationRule
from domain.repayments import Bucket
from domain.schedules import ScheduleTerms
from runner.calculator.account_terms import FUTURE, RECEIPT_KINDS
from runner.calculator.fields import Fields, refused

DISBURSEMENT, REPAYMENT, DOWN_PAYMENT = "Disbursement", "Repayment", "Down Payment"
CAPITALISED, WRITTEN_OFF = "Capitalized Income", "Close (as written-off)"
_NIGHT_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Happening:
    """One event with the name the tables give its transaction."""

    label: str
    event: Event


@dataclass(frozen=True)
class Moment:
    """One entry of the case: the business day it was recorded on, and what follows from it."""

    on: date
    happenings: tuple[Happening, ...]


class Record:
    """All that happened so far, so that later entries can name earlier ones."""

    def __init__(
        self,
        terms: AccountTerms,
        *,
        pays_down: bool,
        charged_off: AfterWriteOff = AfterWriteOff.FIXED,
    ) -> None:
        self.terms = terms
        self.charged_off = charged_off
        self.pays_down = pays_down
        self.on = terms.schedule.drawn_on
        self.moments: list[Moment] = []

    @property
    def schedule(self) -> ScheduleTerms:
        """The terms of the schedule the loan started with."""
        return self.terms.schedule

    @property
    def happenings(self) -> Iterator[Happening]:
        """Everything so far, in the order it was recorded."""
        return (one for moment in self.moments for one in moment.happenings)

    def key(self) -> str:
        """A name for the next entry's event."""
        return f"e{len(self.moments) + 1:05d}"

    def recorded(self, label: str | None) -> list[Event]:
        """Events of a label, or all money events, reversed ones included."""
        return [
            one.event
            for one in self.happenings
            if (one.label == label if label else isinstance(one.event, (Receipt, Drawdown)))
        ]

    def standing(self, label: str | None, on: date | None = None) -> list[Event]:
        """Events of a label, or all money events, that count from a day and were not reversed."""
        gone = {
            one.event.reversed_key for one in self.happenings if isinstance(one.event, Reversal)
        }
        return [
            event
            for event in self.recorded(label)
            if event.key not in gone and (on is None or event.value_on == on)
        ]


Translation = Callable[[Fields, Record], Sequence[Happening]]


def nothing(fields: Fields, record: Record) -> Sequence[Happening]:
    """An entry that moves no money and changes no rule of the loan."""
    fields.ignore(("date", "amount", "name", "value", "product", "future_installment_rule"))
    fields.ignore(("transaction_type",))
    return ()


def disburse(fields: Fields, record: Record) -> Sequence[Happening]:
    """Money goes out; an automatic down payment comes back the same day."""
    key, on, amount = record.key(), fields.day("date"), fields.number("amount")
    drawn = Happening(
        DISBURSEMENT, Drawdown(key=key, value_on=on, recorded_on=record.on, amount=amount)
    )
    share = record.schedule.down_payment_share
    if not (record.pays_down and share):
        return (drawn,)
    part = record.schedule.rounding.instalment(amount * share, record.schedule.currency)
    part = min(part, _open_on(on, record, drawn.event))
    return (drawn, _received(f"{key}/down", on, record, part, DOWN_PAYMENT)) if part else (drawn,)


def _open_on(on: date, record: Record, drawn: Event) -> Decimal:
    """Principal open that falls due on a day: money held may have paid a down payment already."""
    account = fold(record.terms, [*(one.event for one in record.happenings), drawn], on)
    lines = (line for line in account.lines if line.due_on == on)
    return sum((line.open_amount(Bucket.PRINCIPAL) for line in lines), Decimal(0))


def _received(
    key: str,
    on: date,
    record: Record,
    amount: Decimal,
    label: str,
    kind: ReceiptKind = ReceiptKind.REPAYMENT,
) -> Happening:
    receipt = Receipt(key=key, value_on=on, recorded_on=record.on, amount=amount, kind=kind)
    return Happening(label, receipt)


_RECEIPTS: Mapping[str, tuple[str, ReceiptKind]] = {
    "REPAYMENT": (REPAYMENT, ReceiptKind.REPAYMENT),
    "MERCHANT_ISSUED_REFUND": ("Merchant Issued Refund", ReceiptKind.MERCHANT_REFUND),
    "PAYOUT_REFUND": ("Payout Refund", ReceiptKind.PAYOUT_REFUND),
    "GOODWILL_CREDIT": ("Goodwill Credit", ReceiptKind.GOODWILL),
    "INTEREST_PAYMENT_WAIVER": ("Interest Payment Waiver", ReceiptKind.REPAYMENT),
}


def repayment(fields: Fields, record: Record) -> Sequence[Happening]:
    """The borrower pays."""
    fields.ignore(("channel",))
    amount = fields.number("amount")
    return (_received(record.key(), fields.day("date"), record, amount, REPAYMENT),)


def transaction(fields: Fields, record: Record) -> Sequence[Happening]:
    """Money of a named kind comes in."""
    fields.ignore(("channel",))
    label, kind = fields.choice("transaction_type", _RECEIPTS)
    amount = fields.number("amount")
    return (_received(record.key(), fields.day("date"), record, amount, label, kind),)


def undo_repayment(fields: Fields, record: Record) -> Sequence[Happening]:
    """A repayment never counted: the nth of all, in the order they were recorded.

    The entry's date is the day the table was taken for, not always the day of that repayment.
    """
    found, nth = record.recorded(REPAYMENT), fields.integer("nth", 1)
    if 1 <= nth <= len(found):
        fields.day("date")
        return (reversal(record, found[nth - 1]),)
    return _undone(fields, record, REPAYMENT)


def undo_transaction(fields: Fields, record: Record) -> Sequence[Happening]:
    """A transaction, by its name or only by its place of that day, never counted."""
    named = fields.has("transaction_type")
    return _undone(fields, record, fields.text("transaction_type") if named else None)


def _undone(fields: Fields, record: Record, label: str | None) -> Sequence[Happening]:
    nth, on = fields.integer("nth", 1), fields.day("date")
    for found in (record.standing(label, on), record.recorded(label)):
        if 1 <= nth <= len(found) and found[nth - 1].value_on == on:
            return (reversal(record, found[nth - 1]),)
    raise refused("event_order", fields.place("nth"))


def undo_last(label: str) -> Translation:
    """The last event of a label never counted."""

    def undo(fields: Fields, record: Record) -> Sequence[Happening]:
        found = record.standing(label)
        if not found:
            raise refused("event_order", fields.place("type"))
        return (reversal(record, found[-1]),)

    return undo


def reversal(record: Record, event: Event) -> Happening:
    """The event that takes another one back."""
    return Happening(
        "Reversal",
        Reversal(
            key=record.key(),
            value_on=event.value_on,
            recorded_on=record.on,
            reversed_key=event.key,
        ),
    )


def night_before(day: date) -> date:
    """The tables give a day the night before it, we the night after it (算头不算尾)."""
    return day - _NIGHT_BEFORE


def with_product_rules(terms: AccountTerms, entries: Sequence[Fields]) -> AccountTerms:
    """Rules of the product set before the loan starts; set later, they are for other loans."""
    own = dict(terms.receipt_allocation)
    for entry in entries:
        kind = entry.text("type")
        if kind == "disburse":
            break
        if kind != "set_product_allocation":
            continue
        future = entry.choice("future_installment_rule", FUTURE)
        name = entry.text("transaction_type")
        if name == "DEFAULT":
            terms = replace(terms, allocation=replace(terms.allocation, future=future))
            continue
        receipt = entry.choice("transaction_type", RECEIPT_KINDS)
        rule: AllocationRule = own.get(receipt, terms.allocation)
        own[receipt] = replace(rule, future=future)
    return replace(terms, receipt_allocation=tuple(own.items()))
