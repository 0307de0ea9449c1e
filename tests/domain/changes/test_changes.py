"""Changes of a running loan: what is refused by name, what each does, and what others got wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import AccountTerms, fold
from domain.accounts.events import Drawdown, Event, Misuse, PrepaymentChoice, Receipt
from domain.accounts.prepaying import KEEPS_INSTALMENT
from domain.changes import Change, ChangeKind, Preview, payoff_quote, preview
from domain.changes.change import QUORUMS, counted_from
from domain.changes.checks import ChangeFacts, extension_limit_on, refuse_unlawful
from domain.changes.difference import LineMark
from domain.changes.whatif import Borrower
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules import LoanTerms, RepaymentMethod
from domain.violations import FindingsViolation, LoanRuleViolation

DRAWN_ON = date(2026, 1, 15)
LOAN = LoanTerms(
    Decimal(1_200_000),
    Currency.CNY,
    Decimal("0.0435"),
    12,
    RepaymentMethod.EQUAL_INSTALMENT,
    DRAWN_ON,
)
TERMS = AccountTerms(schedule=LOAN.schedule_terms())
DRAWN = Drawdown(key="draw", value_on=DRAWN_ON, recorded_on=DRAWN_ON, amount=LOAN.principal)


def paid(key: str, on: date, amount: Decimal, recorded_on: date | None = None) -> Receipt:
    return Receipt(key=key, value_on=on, recorded_on=recorded_on or on, amount=amount)


def three_paid() -> list[Event]:
    lines = fold(TERMS, [DRAWN], DRAWN_ON).lines[:3]
    return [DRAWN, *(paid(f"r{line.n}", line.due_on, line.total) for line in lines)]


def shown(
    change: Change, today: date, events: list[Event] | None = None, borrower: Borrower | None = None
) -> Preview:
    return preview(TERMS, three_paid() if events is None else events, change, today, borrower)


def refused(change: Change, today: date, borrower: Borrower | None = None) -> str:
    with pytest.raises(LoanRuleViolation) as caught:
        shown(change, today, borrower=borrower)
    return caught.value.code


TODAY, END = date(2026, 4, 20), date(2027, 1, 15)
PREPAY = Change(
    kind=ChangeKind.PREPAYMENT,
    effective_on=TODAY,
    amount=Decimal(300_000),
    choice=PrepaymentChoice.KEEP_TERM,
)
EXTEND = Change(kind=ChangeKind.EXTENSION, effective_on=TODAY, instalments=6)
ANEW = Change(
    kind=ChangeKind.RESTRUCTURE,
    effective_on=TODAY,
    first_due_on=date(2026, 5, 15),
    instalments=12,
    yearly_rate=Decimal("0.04"),
)
WAIVE = Change(kind=ChangeKind.WAIVER, effective_on=TODAY, bucket=Bucket.PENALTY, amount=Decimal(1))
HOLIDAY = Change(kind=ChangeKind.PAYMENT_HOLIDAY, effective_on=TODAY, instalments=2)
LATE_MONEY = Change(
    kind=ChangeKind.BACK_DATED_RECEIPT, effective_on=date(2026, 4, 1), amount=Decimal(100)
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(PREPAY, amount=Decimal(0)), "change.prepayment_range"),
        (replace(PREPAY, amount=Decimal("904867.08")), "change.prepayment_range"),
        (replace(PREPAY, fee=Decimal("9000.01")), "change.prepayment_fee"),
        (replace(PREPAY, effective_on=date(2026, 4, 21)), "change.money_ahead"),
        (replace(PREPAY, effective_on=date(2026, 1, 14)), "change.before_drawdown"),
        (replace(EXTEND, effective_on=date(2101, 1, 1)), "change.beyond_2100"),
        (replace(EXTEND, instalments=0), "change.instalments_range"),
        (replace(EXTEND, instalments=13), "change.extension_cap"),
        (replace(ANEW, instalments=0), "change.instalments_range"),
        (replace(ANEW, yearly_rate=Decimal(10)), "change.rate_range"),
        (replace(ANEW, first_due_on=TODAY), "change.first_due"),
        (replace(ANEW, principal_grace=12), "change.grace_range"),
        (replace(HOLIDAY, instalments=9), "change.holiday_range"),
        (WAIVE, "change.waiver_range"),
        (replace(WAIVE, bucket=Bucket.PRINCIPAL), "change.waiver_principal"),
        (replace(LATE_MONEY, effective_on=TODAY), "change.receipt_not_past"),
    ],
)
def test_what_no_approval_could_allow_is_refused_by_name(change: Change, code: str) -> None:
    assert refused(change, TODAY) == code


def test_the_debtor_side_counts() -> None:
    free = replace(PREPAY, fee=Decimal(1))
    assert refused(free, TODAY, Borrower(is_micro_or_small=True)) == "change.prepayment_free"
    guaranteed = Borrower(has_guarantor=True)
    assert refused(EXTEND, TODAY, guaranteed) == "change.guarantor_consent"
    assert shown(replace(EXTEND, guarantor_consents=True), TODAY, borrower=guaranteed)
    closed = Borrower(closed_to_on=TODAY)
    assert refused(EXTEND, TODAY, closed) == "change.closed_period"


def test_misuse_is_ended_by_no_more_than_there_is() -> None:
    found_on = date(2026, 3, 1)
    found = Misuse(key="m", value_on=found_on, recorded_on=found_on, amount=Decimal(500))
    ended = Change(kind=ChangeKind.MISUSE_ENDED, effective_on=TODAY, amount=Decimal(500))
    events = [*three_paid(), found]
    assert shown(ended, TODAY, events).events[0].value_on == TODAY
    with pytest.raises(LoanRuleViolation, match=r"change\.misuse_ended_range"):
        shown(replace(ended, amount=Decimal("500.01")), TODAY, events)


def test_an_extension_is_asked_for_before_the_last_due_date() -> None:
    late = date(2027, 1, 15)
    assert refused(replace(EXTEND, effective_on=late), late) == "change.extension_late"


def test_a_missing_figure_is_named() -> None:
    with pytest.raises(FindingsViolation) as caught:
        shown(replace(PREPAY, amount=None), TODAY)
    assert [finding.field for finding in caught.value.findings] == ["amount"]


def test_a_settled_or_written_off_loan_takes_no_change() -> None:
    off = Change(kind=ChangeKind.WRITE_OFF, effective_on=TODAY)
    written_off = [*three_paid(), *shown(off, TODAY).events]
    with pytest.raises(LoanRuleViolation, match=r"change\.written_off"):
        shown(PREPAY, TODAY, written_off)
    assert shown(LATE_MONEY, TODAY, written_off), "the claim is kept: money may still come in"
    quote = payoff_quote(TERMS, three_paid(), TODAY)
    gone = [*three_paid(), *shown(Change(kind=ChangeKind.PAYOFF, effective_on=TODAY), TODAY).events]
    assert quote.total > 0
    assert fold(TERMS, gone, TODAY).settled
    with pytest.raises(LoanRuleViolation, match=r"change\.settled"):
        shown(PREPAY, TODAY, gone)


@pytest.mark.parametrize(
    ("months", "latest"),
    [
        (12, date(2028, 1, 15)),
        (36, date(2030, 7, 15)),
        (60, date(2033, 7, 15)),
        (72, date(2035, 1, 15)),
    ],
)
def test_the_legal_caps_on_extensions(months: int, latest: date) -> None:
    end = date(2026 + months // 12, 1, 15)
    assert extension_limit_on(DRAWN_ON, end) == latest


def test_prepaying_in_part_keeps_the_term_or_the_instalment() -> None:
    """The house's worked example: 300,000 prepaid after three instalments."""
    on_due_day = replace(PREPAY, effective_on=date(2026, 4, 15))
    kept_term = shown(on_due_day, date(2026, 4, 15)).difference
    regular = [line.after for line in kept_term.lines if line.after][-9:]
    assert {line.total for line in regular[:-1] if line} == {Decimal("68431.47")}
    keep = replace(on_due_day, choice=PrepaymentChoice.KEEP_INSTALMENT)
    kept_instalment = shown(keep, date(2026, 4, 15)).difference
    removed = [line for line in kept_instalment.lines if line.mark is LineMark.REMOVED]
    assert len(removed) == 3


def test_the_instalment_kept_is_the_one_before_and_the_last_is_not_the_larger() -> None:
    """Peers' thread 1444 (issue 1423): keeping the instalment, the last payment grew."""
    keep = replace(PREPAY, choice=PrepaymentChoice.KEEP_INSTALMENT)
    difference = shown(keep, TODAY).difference
    ahead = [line for line in difference.lines if line.after and line.after.due_on > TODAY]
    totals = [line.after.total for line in ahead if line.after]
    level = next(line.before.total for line in ahead if line.before)
    assert totals[0] == level
    assert totals[-1] <= level


@pytest.mark.parametrize("method", RepaymentMethod)
def test_only_a_method_with_instalments_can_keep_them(method: RepaymentMethod) -> None:
    keep = replace(PREPAY, choice=PrepaymentChoice.KEEP_INSTALMENT)
    facts = ChangeFacts(fold(TERMS, three_paid(), TODAY), TODAY, DRAWN_ON, END, method=method)
    if method in KEEPS_INSTALMENT:
        refuse_unlawful(keep, facts)
        return
    with pytest.raises(LoanRuleViolation) as caught:
        refuse_unlawful(keep, facts)
    assert caught.value.code == "change.keep_instalment_method"
    refuse_unlawful(PREPAY, facts)


@pytest.mark.parametrize("method", ["interest_first_bullet", "maturity", "flat"])
def test_keeping_the_instalment_of_a_loan_without_any_is_refused(method: str) -> None:
    terms = replace(TERMS, schedule=replace(TERMS.schedule, method=RepaymentMethod(method)))
    keep = replace(PREPAY, choice=PrepaymentChoice.KEEP_INSTALMENT, effective_on=DRAWN_ON)
    with pytest.raises(LoanRuleViolation) as caught:
        preview(terms, [DRAWN], keep, DRAWN_ON)
    assert caught.value.code == "change.keep_instalment_method"


@pytest.mark.parametrize("overdue_too", [True, False])
def test_a_restructure_takes_overdue_principal_along_unless_told_not_to(overdue_too: bool) -> None:
    """Two instalments are late: their principal is laid anew, their interest stays due."""
    day = date(2026, 3, 20)
    anew = replace(ANEW, effective_on=day, overdue_too=overdue_too)
    late = [line for line in fold(TERMS, [DRAWN], day).lines if line.due_on <= day]
    difference = shown(anew, day, [DRAWN]).difference
    due = [line.after for line in difference.lines if line.after and line.after.due_on <= day]
    assert [line.interest for line in due][:2] == [line.owed[Bucket.INTEREST] for line in late]
    still_due = sum((line.principal for line in due), Decimal(0))
    overdue = sum((line.owed[Bucket.PRINCIPAL] for line in late), Decimal(0))
    assert still_due == (0 if overdue_too else overdue)
    assert Change(kind=ChangeKind.RESTRUCTURE, effective_on=day).overdue_too


def test_a_short_first_period_after_a_restructure_costs_its_days_only() -> None:
    """Peers' thread 1081: the first instalment charged a full month for three days."""
    soon = replace(ANEW, effective_on=date(2026, 4, 15), first_due_on=date(2026, 4, 18))
    difference = shown(soon, date(2026, 4, 15)).difference
    first = next(line.after for line in difference.lines if line.after and line.mark == "added")
    assert first.due_on == date(2026, 4, 18)
    day = difference.after.outstanding * Decimal("0.04") / 360
    assert day * 3 - 1 < first.interest < day * 3 + 1


def test_a_restructure_has_the_instalments_it_names() -> None:
    """Peers' threads 1449 and 1452: a rounded instalment made eleven rows of twelve."""
    difference = shown(ANEW, TODAY).difference
    ahead = [line.after for line in difference.lines if line.after and line.after.due_on > TODAY]
    assert len(ahead) == 12
    assert difference.after.last_due_on == date(2027, 4, 15)
    assert sum((line.principal for line in ahead), Decimal(0)) == difference.after.outstanding


def test_money_found_late_takes_back_the_penalty_and_only_that() -> None:
    """Peers' thread 1150 and 587: penal interest lost, faulty demands after a back-dated receipt.

    Two instalments unpaid; the first one's money is found later with its true date. What stays is
    exactly the account on which it had arrived in time, lateness of the other one included.
    """
    lines = fold(TERMS, [DRAWN], DRAWN_ON).lines
    today = date(2026, 4, 1)
    found = Change(
        kind=ChangeKind.BACK_DATED_RECEIPT, effective_on=lines[0].due_on, amount=lines[0].total
    )
    shown_late = preview(TERMS, [DRAWN], found, today)
    in_time = fold(TERMS, [DRAWN, paid("x", lines[0].due_on, lines[0].total)], today)
    after = fold(TERMS, [DRAWN, *shown_late.events], today)
    assert after.lines == in_time.lines
    assert after.positions == in_time.positions
    difference = shown_late.difference
    assert difference.before.late > difference.after.late > 0
    assert difference.before.days_past_due > difference.after.days_past_due > 0
    assert sum((posting.amount for posting in difference.postings), Decimal(0)) == 0


def test_nothing_changes_where_nothing_is_changed() -> None:
    same = Change(kind=ChangeKind.RATE_CHANGE, effective_on=TODAY, yearly_rate=LOAN.yearly_rate)
    due_before = shown(same, TODAY).difference.lines[:3]
    assert {line.mark for line in due_before} == {LineMark.SAME}


def test_a_payoff_is_quoted_for_any_date_and_its_parts_add_up() -> None:
    for day in (TODAY, date(2026, 6, 30), date(2027, 3, 1)):
        quote = payoff_quote(TERMS, three_paid(), day)
        parts = quote.principal + quote.interest + quote.penalty + quote.compound + quote.fees
        assert parts == quote.total + quote.held
        assert quote.principal == Decimal("904867.08")
        assert fold(TERMS, three_paid(), day).outstanding == quote.principal


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_has_a_quorum(kind: ChangeKind) -> None:
    assert QUORUMS[kind] >= 1
    assert QUORUMS[ChangeKind.WRITE_OFF] == 3


@pytest.mark.parametrize(
    ("kind", "closed_to_on", "counts_from"),
    [
        (ChangeKind.PAYOFF, None, date(2026, 3, 2)),
        (ChangeKind.PAYOFF, date(2026, 3, 1), date(2026, 3, 2)),
        (ChangeKind.PAYOFF, date(2026, 3, 2), date(2026, 3, 4)),
        (ChangeKind.BACK_DATED_RECEIPT, date(2026, 3, 3), date(2026, 3, 2)),
        (ChangeKind.MISUSE, date(2026, 3, 3), date(2026, 3, 2)),
        (ChangeKind.MISUSE_ENDED, date(2026, 3, 3), date(2026, 3, 2)),
    ],
)
def test_a_proposal_whose_day_is_closed_counts_from_today(
    kind: ChangeKind, closed_to_on: date | None, counts_from: date
) -> None:
    change = Change(kind=kind, effective_on=date(2026, 3, 2), amount=Decimal(1))
    counted = counted_from(change, closed_to_on, date(2026, 3, 4))
    assert counted == replace(change, effective_on=counts_from)
