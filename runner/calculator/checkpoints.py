"""The account after each entry of a case: its rows, and how each payment was split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.accounts import fold
from domain.accounts.account import Account, AccountLine, Movement
from domain.accounts.events import Drawdown, Event, Reversal
from domain.accounts.terms import AccountTerms
from domain.repayments import Bucket
from domain.schedules import ScheduleLine
from runner.calculator.amounts import money
from runner.calculator.happened import CAPITALISED, DISBURSEMENT, WRITTEN_OFF, Moment

Row = Mapping[str, object]
_NOTHING = Decimal(0)
_INTEREST = (Bucket.INTEREST, Bucket.COMPOUND)


_OWED_AGAIN = frozenset({"Chargeback", "Credit Balance Refund", CAPITALISED})
_CLOSING = frozenset({"Charge-off", WRITTEN_OFF, "Contract Termination"})
"""Transactions the tables show with all that was open when they happened."""
_AS_BEFORE = frozenset({WRITTEN_OFF})
_LIFTED = frozenset({"Re-age", "Re-amortize"})
"""Transactions the tables show without a balance: what they lifted is owed anew."""
_NO_TRANSACTION = frozenset({"Reversal", "Charge", "Pause", "Rate", "Reschedule"})


def checkpoints(terms: AccountTerms, moments: Sequence[Moment]) -> list[dict[str, object]]:
    """One answer after every entry from the first drawdown on."""
    events: list[Event] = []
    answers: list[dict[str, object]] = []
    book = _Transactions()
    for count, moment in enumerate(moments, start=1):
        events += [one.event for one in moment.happenings]
        book.labels |= {one.event.key: one.label for one in moment.happenings}
        if not any(isinstance(event, Drawdown) for event in events):
            continue
        account = fold(terms, events, moment.on)
        answers.append(
            {
                "after_events": count,
                "business_date": moment.on.isoformat(),
                "schedule": [_row(line, book.given_up_on(account)) for line in account.lines],
                "transactions": book.rows(account, terms, events),
            }
        )
    return answers


@dataclass
class _Transactions:
    """Transactions from one checkpoint to the next: what was reversed keeps its old split."""

    labels: dict[str, str] = field(default_factory=dict)
    shown: dict[str, dict[str, object]] = field(default_factory=dict)
    replayed_on: set[date] = field(default_factory=set)
    """Days with a transaction that came out otherwise than before: later ones go with it."""

    def given_up_on(self, account: Account) -> date | None:
        """The day the bank closed the loan as lost: from then on it asks for nothing."""
        written_off = (
            movement.value_on
            for movement in account.movements
            if self.labels.get(movement.key) == WRITTEN_OFF and not movement.reversed
        )
        return next(written_off, None)

    def rows(self, account: Account, terms: AccountTerms, events: Sequence[Event]) -> list[Row]:
        """The rows on one day, in the order they count."""
        found: dict[str, Row] = {}
        before, self.replayed_on = _NOTHING, set()
        for movement in account.movements:
            label = self._label(movement)
            undrawn = label == DISBURSEMENT and movement.reversed
            if label not in _NO_TRANSACTION and not undrawn:
                closing = None
                if label in _CLOSING:
                    closing = fold(terms, _until(events, movement, label), movement.value_on)
                if movement.key in found:  # money held from before paid at once
                    balance = {"loan_balance": money(movement.balance_after)}
                    found[movement.key] = {**found[movement.key], **balance}
                else:
                    found[movement.key] = self._row(movement, label, closing, before)
            before = movement.balance_after
        gone = {
            key: {**row, "reverted": True}
            for key, row in self.shown.items()
            if row["type"] != DISBURSEMENT
        }
        both = gone | found
        return [both[key] for key in sorted(both, key=lambda key: (str(both[key]["date"]), key))]

    def _label(self, movement: Movement) -> str:
        if movement.key.endswith("/interest"):
            return "Interest Refund"
        return self.labels.get(movement.key, "Reversal")

    def _row(self, movement: Movement, label: str, closing: Account | None, before: Decimal) -> Row:
        known = self.shown.get(movement.key)
        if known is not None and movement.reversed:
            return known | {"reverted": True}
        figures = _figures(movement, label, closing, before)
        replayed = known is not None and (
            movement.value_on in self.replayed_on
            or any(known[name] != shown for name, shown in figures.items())
        )
        if replayed:
            self.replayed_on.add(movement.value_on)
        row: dict[str, object] = {
            "date": movement.value_on.isoformat(),
            "type": label,
            **figures,
            "reverted": movement.reversed,
            "replayed": replayed or (known is not None and known["replayed"] is True),
        }
        self.shown[movement.key] = row
        return row


def _until(events: Sequence[Event], closing: Movement, label: str) -> list[Event]:
    """What counted up to a closing transaction: itself only where it changes what is owed."""
    left_out = {closing.key} if label in _AS_BEFORE else set()
    return [
        one
        for one in events
        if one.value_on <= closing.value_on
        and one.key not in left_out
        and not (isinstance(one, Reversal) and one.reversed_key == closing.key)
    ]


def _figures(
    movement: Movement, label: str, closing: Account | None, before: Decimal
) -> dict[str, object]:
    parts: dict[Bucket, Decimal] = {}
    for portion in movement.portions if label != DISBURSEMENT else ():
        parts[portion.bucket] = parts.get(portion.bucket, _NOTHING) + portion.amount
    amount, balance = movement.amount, movement.balance_after
    if closing is not None:
        parts = {bucket: closing.open_amount(bucket) for bucket in Bucket}
        amount, balance = sum(parts.values(), _NOTHING), _NOTHING
    elif label in _LIFTED:
        balance = _NOTHING
    elif label in _OWED_AGAIN and not parts:
        parts = {Bucket.PRINCIPAL: balance - before}
    return {
        "amount": money(amount),
        "principal": money(parts.get(Bucket.PRINCIPAL, _NOTHING)),
        "interest": money(_sum(parts, _INTEREST)),
        "fees": money(parts.get(Bucket.FEE, _NOTHING)),
        "penalties": money(parts.get(Bucket.PENALTY, _NOTHING)),
        "loan_balance": money(balance),
    }


def planned_row(line: ScheduleLine) -> Row:
    """A line of the first schedule, of which nothing is paid."""
    owed = {Bucket.PRINCIPAL: line.principal, Bucket.INTEREST: line.interest}
    return _row(
        AccountLine(line.n, line.period_start_on, line.due_on, owed, {}, line.balance_after)
    )


def _row(line: AccountLine, given_up_on: date | None = None) -> Row:
    paid = sum(line.paid.values(), _NOTHING)
    row: dict[str, object] = {
        "n": line.n,
        "due_date": line.due_on.isoformat(),
        "principal": money(line.owed.get(Bucket.PRINCIPAL, _NOTHING)),
        "interest": money(_sum(line.owed, _INTEREST)),
        "fees": money(line.owed.get(Bucket.FEE, _NOTHING)),
        "penalties": money(line.owed.get(Bucket.PENALTY, _NOTHING)),
        "total": money(line.total),
        "balance_after": money(line.balance_after),
        "paid": money(paid),
        "paid_in_advance": money(line.paid_in_advance),
        "paid_late": money(line.paid_late),
        "outstanding": money(_NOTHING if given_up_on else line.open_total),
    }
    paid_on = line.paid_on or given_up_on
    return row | ({"paid_date": paid_on.isoformat()} if paid_on else {})


def _sum(amounts: Mapping[Bucket, Decimal], buckets: Sequence[Bucket]) -> Decimal:
    return sum((amounts.get(bucket, _NOTHING) for bucket in buckets), _NOTHING)
