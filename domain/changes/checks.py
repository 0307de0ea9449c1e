"""What the law and the house refuse of a change, each by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.accounts import Account
from domain.accounts.events import PrepaymentChoice
from domain.accounts.prepaying import KEEPS_INSTALMENT
from domain.changes.change import Change, ChangeKind, refuse_gaps
from domain.repayments import Bucket
from domain.schedules import RepaymentMethod
from domain.violations import LoanRuleViolation

HOUSE_RATE_CAP = Decimal("0.36")
"""Yearly fraction. Source: the product rule for what the bank books."""
PREPAYMENT_FEE_CAP = Decimal("0.03")
"""Share of the prepaid principal. Source: market practice 0 to 3 %."""
LAST_DAY = date(2100, 12, 31)
_DATED_AHEAD = frozenset(
    {
        ChangeKind.EXTENSION,
        ChangeKind.RESTRUCTURE,
        ChangeKind.RATE_CHANGE,
        ChangeKind.PAYMENT_HOLIDAY,
    }
)
_AFTER_WRITE_OFF = frozenset({ChangeKind.BACK_DATED_RECEIPT, ChangeKind.PAYOFF})
"""The claim is kept: money on it may still come in."""
_WAIVABLE = frozenset({Bucket.INTEREST, Bucket.PENALTY, Bucket.COMPOUND, Bucket.FEE})


@dataclass(frozen=True)
class ChangeFacts:
    """What a change is judged against: the account before it and the contract's own dates.

    `original_end_on` is the last due date as first agreed; `closed_to_on` the last closed day of
    the books, before which nothing may be dated.
    """

    account: Account
    asked_on: date
    drawn_on: date
    original_end_on: date
    is_micro_or_small: bool = False
    has_guarantor: bool = False
    closed_to_on: date | None = None
    method: RepaymentMethod = RepaymentMethod.EQUAL_INSTALMENT


def refuse_unlawful(change: Change, facts: ChangeFacts) -> None:
    """Refuse a change no approval could allow. Raises LoanRuleViolation `change.*`."""
    refuse_gaps(change)
    _refuse_state(change, facts)
    _refuse_day(change, facts)
    check = _CHECKS.get(change.kind)
    if check is not None:
        check(change, facts)


def refuse_long_extension(change: Change, facts: ChangeFacts, after: Account) -> None:
    """The legal cap on the extended term. Violation: `change.extension_cap` with the last day.

    Source: General Rules on Loans, art. 12: short loans by no more than their term, medium ones by
    half of it, long ones by three years, all extensions together.
    """
    if change.kind is not ChangeKind.EXTENSION:
        return
    latest = extension_limit_on(facts.drawn_on, facts.original_end_on)
    if after.lines[-1].due_on > latest:
        raise LoanRuleViolation("change.extension_cap", latest=latest.isoformat())


def extension_limit_on(drawn_on: date, original_end_on: date) -> date:
    """The last day a loan may be extended to. Terms of whole months; ends of months kept."""
    months = (original_end_on.year - drawn_on.year) * 12 + original_end_on.month - drawn_on.month
    if original_end_on.day > drawn_on.day:
        months += 1
    if months <= 12:
        return _months_after(original_end_on, months)
    if months <= 60:
        return _months_after(original_end_on, months // 2)
    return _months_after(original_end_on, 36)


def _months_after(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _refuse_state(change: Change, facts: ChangeFacts) -> None:
    if not facts.account.lines:
        raise LoanRuleViolation("change.not_drawn")
    receipt = change.kind is ChangeKind.BACK_DATED_RECEIPT
    if facts.account.settled and not receipt:
        raise LoanRuleViolation("change.settled")
    if facts.account.written_off_on is not None and change.kind not in _AFTER_WRITE_OFF:
        raise LoanRuleViolation("change.written_off")


def _refuse_day(change: Change, facts: ChangeFacts) -> None:
    if change.effective_on < facts.drawn_on:
        raise LoanRuleViolation("change.before_drawdown", drawn_on=facts.drawn_on.isoformat())
    if change.effective_on > LAST_DAY:
        raise LoanRuleViolation("change.beyond_2100")
    if facts.closed_to_on is not None and change.effective_on <= facts.closed_to_on:
        raise LoanRuleViolation("change.closed_period", closed_to=facts.closed_to_on.isoformat())
    if change.effective_on > facts.asked_on and change.kind not in _DATED_AHEAD:
        raise LoanRuleViolation("change.money_ahead")


def _prepayment(change: Change, facts: ChangeFacts) -> None:
    amount = change.amount or Decimal(0)
    if not 0 < amount < facts.account.outstanding:
        most = str(facts.account.outstanding)
        raise LoanRuleViolation("change.prepayment_range", outstanding=most)
    keeps = change.choice is PrepaymentChoice.KEEP_INSTALMENT
    if keeps and facts.method not in KEEPS_INSTALMENT:
        raise LoanRuleViolation("change.keep_instalment_method")
    _refuse_fee(change, facts, amount)


def _payoff(change: Change, facts: ChangeFacts) -> None:
    _refuse_fee(change, facts, facts.account.outstanding)


def _refuse_fee(change: Change, facts: ChangeFacts, base: Decimal) -> None:
    """Micro and small borrowers prepay free. Source: the regulators' notice of 2020 on fees."""
    if change.fee < 0 or change.fee > base * PREPAYMENT_FEE_CAP:
        raise LoanRuleViolation("change.prepayment_fee", most="3")
    if change.fee and facts.is_micro_or_small:
        raise LoanRuleViolation("change.prepayment_free")


def _extension(change: Change, facts: ChangeFacts) -> None:
    if facts.asked_on >= facts.account.lines[-1].due_on:
        raise LoanRuleViolation("change.extension_late")
    if not 1 <= (change.instalments or 0) <= 1_200:
        raise LoanRuleViolation("change.instalments_range")
    if facts.has_guarantor and not change.guarantor_consents:
        raise LoanRuleViolation("change.guarantor_consent")


def _restructure(change: Change, facts: ChangeFacts) -> None:
    _rate(change, facts)
    count = change.instalments or 0
    if not 1 <= count <= 1_200:
        raise LoanRuleViolation("change.instalments_range")
    if not 0 <= change.principal_grace < count:
        raise LoanRuleViolation("change.grace_range")
    if change.first_due_on is None or not change.effective_on < change.first_due_on <= LAST_DAY:
        raise LoanRuleViolation("change.first_due")
    if facts.has_guarantor and not change.guarantor_consents:
        raise LoanRuleViolation("change.guarantor_consent")


def _rate(change: Change, _: ChangeFacts) -> None:
    rate = change.yearly_rate
    if rate is None or not rate.is_finite() or not 0 <= rate <= HOUSE_RATE_CAP:
        raise LoanRuleViolation("change.rate_range", most="36")


def _holiday(change: Change, facts: ChangeFacts) -> None:
    ahead = [line for line in facts.account.lines if line.due_on > change.effective_on]
    if not 1 <= (change.instalments or 0) < len(ahead):
        raise LoanRuleViolation("change.holiday_range", ahead=str(max(len(ahead) - 1, 0)))


def _waiver(change: Change, facts: ChangeFacts) -> None:
    if change.bucket not in _WAIVABLE:
        raise LoanRuleViolation("change.waiver_principal")
    still_open = facts.account.open_amount(change.bucket, facts.account.as_of)
    if not 0 < (change.amount or Decimal(0)) <= still_open:
        raise LoanRuleViolation("change.waiver_range", open=str(still_open))


def _misuse(change: Change, facts: ChangeFacts) -> None:
    if not 0 < (change.amount or Decimal(0)) <= facts.account.outstanding:
        raise LoanRuleViolation("change.misuse_range", outstanding=str(facts.account.outstanding))


def _misuse_ended(change: Change, facts: ChangeFacts) -> None:
    if not 0 < (change.amount or Decimal(0)) <= facts.account.misused:
        raise LoanRuleViolation("change.misuse_ended_range", misused=str(facts.account.misused))


def _late_receipt(change: Change, facts: ChangeFacts) -> None:
    if (change.amount or Decimal(0)) <= 0:
        raise LoanRuleViolation("amount.range")
    if change.effective_on >= facts.asked_on:
        raise LoanRuleViolation("change.receipt_not_past")


_CHECKS: Mapping[ChangeKind, Callable[[Change, ChangeFacts], None]] = {
    ChangeKind.PREPAYMENT: _prepayment,
    ChangeKind.PAYOFF: _payoff,
    ChangeKind.EXTENSION: _extension,
    ChangeKind.RESTRUCTURE: _restructure,
    ChangeKind.RATE_CHANGE: _rate,
    ChangeKind.PAYMENT_HOLIDAY: _holiday,
    ChangeKind.WAIVER: _waiver,
    ChangeKind.MISUSE: _misuse,
    ChangeKind.MISUSE_ENDED: _misuse_ended,
    ChangeKind.BACK_DATED_RECEIPT: _late_receipt,
}
