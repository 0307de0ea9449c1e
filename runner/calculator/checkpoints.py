"""The account after each entry of a case: its rows, and how each payment was split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from domain.accounts import fold
from domain.accounts.account import Account, AccountLine, Movement
from domain.accounts.events import Drawdown, Event
from domain.accounts.terms import AccountTerms
from domain.repayments import Bucket
from runner.calculator.amounts import money
from runner.calculator.happened import Moment

Row = Mapping[str, object]
_NOTHING = Decimal(0)
_INTEREST = (Bucket.INTEREST, Bucket.COMPOUND)


def checkpoints(terms: AccountTerms, moments: Sequence[Moment]) -> list[dict[str, object]]:
    """One answer after every entry from the first drawdown on."""
    events: list[Event] = []
    labels: dict[str, str] = {}
    before: dict[str, object] = {}
    answers: list[dict[str, object]] = []
    for count, moment in enumerate(moments, start=1):
        events += [one.event for one in moment.happenings]
        labels |= {one.event.key: one.label for one in moment.happenings}
        if not any(isinstance(event, Drawdown) for event in events):
            continue
        account = fold(terms, events, moment.on)
        split = {one.key: one.portions for one in account.movements}
        changed = {key for key, portions in split.items() if before.get(key, portions) != portions}
        before |= split
        answers.append(_checkpoint(count, moment.on, account, labels, changed))
    return answers


def _checkpoint(
    count: int, on: date, account: Account, labels: Mapping[str, str], changed: set[str]
) -> dict[str, object]:
    return {
        "after_events": count,
        "business_date": on.isoformat(),
        "schedule": [_row(line) for line in account.lines],
        "transactions": [
            _transaction(one, labels[one.key], replayed=one.key in changed)
            for one in account.movements
            if one.key in labels and labels[one.key] not in _NO_TRANSACTION
        ],
    }


_NO_TRANSACTION = frozenset({"Reversal", "Charge", "Pause", "Rate", "Reschedule"})


def _row(line: AccountLine) -> Row:
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
        "outstanding": money(line.open_total),
    }
    return row | ({"paid_date": line.paid_on.isoformat()} if line.paid_on else {})


def _transaction(movement: Movement, label: str, *, replayed: bool) -> Row:
    parts: dict[Bucket, Decimal] = {}
    for portion in movement.portions:
        parts[portion.bucket] = parts.get(portion.bucket, _NOTHING) + portion.amount
    return {
        "date": movement.value_on.isoformat(),
        "type": label,
        "amount": money(movement.amount),
        "principal": money(parts.get(Bucket.PRINCIPAL, _NOTHING)),
        "interest": money(_sum(parts, _INTEREST)),
        "fees": money(parts.get(Bucket.FEE, _NOTHING)),
        "penalties": money(parts.get(Bucket.PENALTY, _NOTHING)),
        "loan_balance": money(movement.balance_after),
        "reverted": movement.reversed,
        "replayed": replayed,
    }


def _sum(amounts: Mapping[Bucket, Decimal], buckets: Sequence[Bucket]) -> Decimal:
    return sum((amounts.get(bucket, _NOTHING) for bucket in buckets), _NOTHING)
