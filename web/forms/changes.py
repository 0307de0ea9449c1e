"""The form of a change: which figures a kind asks for, what it starts with, how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from starlette.datastructures import FormData

from domain.accounts.events import PrepaymentChoice
from domain.changes import Change, ChangeKind
from domain.money import Currency
from domain.repayments import Bucket
from persistence.queries.change_ground import ChangeGround
from web.forms.entries import EntryReader

INSTALMENTS_MAX = 1_200
WAIVABLE = (Bucket.PENALTY, Bucket.COMPOUND, Bucket.INTEREST, Bucket.FEE)
FIELDS: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.PREPAYMENT: ("effective_on", "amount", "choice", "fee"),
    ChangeKind.PAYOFF: ("effective_on", "fee"),
    ChangeKind.EXTENSION: ("effective_on", "instalments", "guarantor_consents"),
    ChangeKind.RESTRUCTURE: (
        "effective_on",
        "first_due_on",
        "instalments",
        "yearly_rate",
        "principal_grace",
        "overdue_too",
        "guarantor_consents",
    ),
    ChangeKind.RATE_CHANGE: ("effective_on", "yearly_rate"),
    ChangeKind.PAYMENT_HOLIDAY: ("effective_on", "instalments", "interest_too"),
    ChangeKind.WAIVER: ("effective_on", "bucket", "amount"),
    ChangeKind.ACCELERATION: ("effective_on",),
    ChangeKind.MISUSE: ("effective_on", "amount"),
    ChangeKind.MISUSE_ENDED: ("effective_on", "amount"),
    ChangeKind.WRITE_OFF: ("effective_on",),
    ChangeKind.BACK_DATED_RECEIPT: ("effective_on", "amount"),
}
_DAY_RULES = ("before_drawdown", "beyond_2100", "closed_period", "money_ahead", "extension_late")
_FIELD_OF_RULE: Mapping[str, str] = {
    **{f"change.{rule}": "effective_on" for rule in (*_DAY_RULES, "receipt_not_past")},
    "change.prepayment_range": "amount",
    "change.keep_instalment_method": "choice",
    "change.prepayment_fee": "fee",
    "change.prepayment_free": "fee",
    "change.extension_cap": "instalments",
    "change.guarantor_consent": "guarantor_consents",
    "change.instalments_range": "instalments",
    "change.grace_range": "principal_grace",
    "change.first_due": "first_due_on",
    "change.rate_range": "yearly_rate",
    **dict.fromkeys(("rate.points", "rate.beyond_collar", "rate.margin_range"), "yearly_rate"),
    "change.holiday_range": "instalments",
    "change.waiver_principal": "bucket",
    "change.waiver_range": "amount",
    "change.misuse_range": "amount",
    "change.misuse_ended_range": "amount",
    "account.misuse_ended": "amount",
    "account.extension": "effective_on",
    "account.dates": "effective_on",
    "account.restructure": "first_due_on",
    "account.holiday": "instalments",
    "account.prepayment_range": "amount",
    "account.waiver_above_open": "amount",
    "amount.range": "amount",
    "amount.scale": "amount",
    "terms.date": "instalments",
    "terms.rate": "yearly_rate",
}


class ChangeReader(EntryReader):
    """Reads a change's figures; those a kind does not ask for are not read at all."""

    def kind(self) -> ChangeKind | None:
        """The kind that was chosen."""
        text = self.text("kind")
        return ChangeKind(text) if text in set(ChangeKind) else None

    def change(self, kind: ChangeKind, currency: Currency) -> Change:
        """The change. Violation: `findings`, each bound to its field."""
        figures = {name: self._figure(name, currency) for name in FIELDS[kind]}
        self.refuse_findings()
        return Change(kind=kind, **figures)  # type: ignore[arg-type] # named and read above

    def _figure(self, name: str, currency: Currency) -> object:
        if name.endswith("_on"):
            return self.day(name, must=True)
        if name in ("amount", "fee"):
            return self._money(name, currency)
        if name in ("instalments", "principal_grace"):
            return self._count(name)
        return self.percent(name, must=True) if name == "yearly_rate" else self._chosen(name)

    def _money(self, name: str, currency: Currency) -> Decimal | None:
        if name == "fee":
            return self.amount(name, currency) or Decimal(0)
        return self.amount(name, currency, must=True)

    def _count(self, name: str) -> int:
        if name == "principal_grace":
            return self.whole(name, 0, INSTALMENTS_MAX) if self.text(name) else 0
        return self.whole(name, 1, INSTALMENTS_MAX, code="change.instalments_range")

    def _chosen(self, name: str) -> object:
        if name == "choice":
            chosen = self.choice(name, tuple(PrepaymentChoice))
            return PrepaymentChoice(chosen) if chosen else None
        if name == "bucket":
            chosen = self.choice(name, WAIVABLE)
            return Bucket(chosen) if chosen else None
        return self.text(name) == "yes"


def change_reader(params: Mapping[str, str]) -> ChangeReader:
    """A reader of an address's parameters."""
    return ChangeReader(FormData(params))


def field_of_rule(code: str, kind: ChangeKind) -> str | None:
    """The entry a refused rule speaks of; None where it speaks of the loan itself."""
    field = _FIELD_OF_RULE.get(code)
    return field if field in FIELDS[kind] else None


def typed_of(change: Change) -> dict[str, str]:
    """A change as its form would hold it."""
    return {"kind": change.kind.value} | {
        name: _text(name, getattr(change, name)) for name in FIELDS[change.kind]
    }


def defaults(kind: ChangeKind, ground: ChangeGround) -> dict[str, str]:
    """What the form starts with: today, and what most such changes ask for."""
    account = ground.account
    late_on = account.as_of - timedelta(days=1)
    first_day = late_on if kind is ChangeKind.BACK_DATED_RECEIPT else ground.today
    bucket = next((one for one in WAIVABLE if account.open_amount(one, ground.today)), WAIVABLE[0])
    amounts = {
        ChangeKind.PREPAYMENT: account.held,
        ChangeKind.MISUSE: account.outstanding,
        ChangeKind.MISUSE_ENDED: account.misused,
        ChangeKind.WAIVER: account.open_amount(bucket, ground.today),
    }
    counts = {ChangeKind.EXTENSION: 3, ChangeKind.RESTRUCTURE: max(ground.ahead, 1)}
    return {
        "effective_on": first_day.isoformat(),
        "amount": _text("amount", amounts.get(kind, Decimal(0)) or None),
        "choice": PrepaymentChoice.KEEP_TERM.value,
        "fee": "0",
        "instalments": str(counts.get(kind, 1)),
        "yearly_rate": _text("yearly_rate", account.yearly_rate),
        "first_due_on": _text("first_due_on", _next_due_on(ground)),
        "principal_grace": "0",
        "overdue_too": "yes",
        "bucket": bucket.value,
    }


def _next_due_on(ground: ChangeGround) -> date | None:
    ahead = (line.due_on for line in ground.account.lines if line.due_on > ground.today)
    return next(ahead, None)


def _text(name: str, value: object) -> str:
    """A figure as a person would type it: rates in percent, a box as its own value."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if name == "yearly_rate" and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
