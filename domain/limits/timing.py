"""When to apply, to ask for more or to renew (时机建议): the earliest day and its rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.limits.terms import TimingTerms
from domain.schedules.periods import months_after


class TimingKind(StrEnum):
    """What may be asked for."""

    APPLY = "apply"
    TOP_UP = "top_up"
    RENEW = "renew"


class TimingRule(StrEnum):
    """Why not earlier."""

    TODAY = "today"
    LAST_DECISION = "last_decision"
    AUDITED_STATEMENT = "audited_statement"
    ARREARS_CURED = "arrears_cured"
    ALERT_CLOSED = "alert_closed"
    LIMIT_USE = "limit_use"
    BEFORE_EXPIRY = "before_expiry"


@dataclass(frozen=True, slots=True)
class TimingFacts:
    """What is known of a customer on a day.

    `audited_years` are the years of audited statements at hand; `use_high_since_on` is the day
    since which the limit has been used above the share, without a break. None: it never was.
    """

    today: date
    audited_years: tuple[int, ...] = ()
    last_decision_on: date | None = None
    in_arrears: bool = False
    arrears_cured_on: date | None = None
    alert_open: bool = False
    alert_closed_on: date | None = None
    use_high_since_on: date | None = None
    limit_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule: the day it allows, or None where it does not allow any yet."""

    rule: TimingRule
    on: date | None


@dataclass(frozen=True, slots=True)
class Advice:
    """The earliest sensible day for one act, and the rule that determined it.

    `on` is None where a rule names no day yet; until `on`, asking is refused or pointless.
    """

    kind: TimingKind
    on: date | None
    rule: TimingRule
    reasons: tuple[Reason, ...]


def timing(facts: TimingFacts, terms: TimingTerms) -> tuple[Advice, ...]:
    """Advice for a first limit where there is none, else for more of it and for its renewal.

    More is sensible at the latest of: the last decision and its days, an audited statement of the
    last year due, arrears cured and their months, an alert closed and its days, the limit used
    above the share for its months. Source: the bank's own defaults, docs/rules/limits.md.
    """
    standing = tuple(_standing(facts, terms))
    if facts.limit_expires_on is None:
        return (_advice(TimingKind.APPLY, facts.today, standing),)
    use = Reason(TimingRule.LIMIT_USE, _after_use(facts, terms))
    before = facts.limit_expires_on - timedelta(days=terms.renewal_before_days)
    renewal = Reason(TimingRule.BEFORE_EXPIRY, before)
    undecided = tuple(each for each in standing if each.rule is not TimingRule.LAST_DECISION)
    return (
        _advice(TimingKind.TOP_UP, facts.today, (*standing, use)),
        _advice(TimingKind.RENEW, facts.today, (*undecided, renewal)),
    )


def high_since(
    used: Decimal, threshold: Decimal, changes: Iterable[tuple[date, Decimal]]
) -> date | None:
    """The day since which a limit has been used up to a threshold without a break.

    `used` is what is used now; `changes` are the steps by which it came there, newest first. None
    where it is used less now; the oldest known step's day where it never was used less.
    """
    if used < threshold:
        return None
    since = None
    for on, step in changes:
        since, used = on, used - step
        if used < threshold:
            break
    return since


def _standing(facts: TimingFacts, terms: TimingTerms) -> Iterable[Reason]:
    if facts.last_decision_on is not None:
        waits = timedelta(days=terms.after_decision_days)
        yield Reason(TimingRule.LAST_DECISION, facts.last_decision_on + waits)
    yield Reason(TimingRule.AUDITED_STATEMENT, _after_statement(facts, terms))
    if facts.in_arrears:
        yield Reason(TimingRule.ARREARS_CURED, None)
    elif facts.arrears_cured_on is not None:
        cured = months_after(facts.arrears_cured_on, terms.after_arrears_months)
        yield Reason(TimingRule.ARREARS_CURED, cured)
    if facts.alert_open:
        yield Reason(TimingRule.ALERT_CLOSED, None)
    elif facts.alert_closed_on is not None:
        waits = timedelta(days=terms.after_alert_days)
        yield Reason(TimingRule.ALERT_CLOSED, facts.alert_closed_on + waits)


def _after_statement(facts: TimingFacts, terms: TimingTerms) -> date | None:
    """Today, if the audited statement of the last year that is due is there.

    Else the day the next year's is due; an overdue one names no day.
    """
    today = facts.today
    due_this_year = date(today.year, terms.statement_month, terms.statement_day)
    is_due = today >= due_this_year
    wanted = today.year - 1 if is_due else today.year - 2
    if any(year >= wanted for year in facts.audited_years):
        return today
    return None if is_due else due_this_year


def _after_use(facts: TimingFacts, terms: TimingTerms) -> date | None:
    if facts.use_high_since_on is None:
        return None
    return months_after(facts.use_high_since_on, terms.use_months)


def _advice(kind: TimingKind, today: date, reasons: Sequence[Reason]) -> Advice:
    open_ended = next((reason for reason in reasons if reason.on is None), None)
    if open_ended is not None:
        return Advice(kind, None, open_ended.rule, tuple(reasons))
    latest, rule = today, TimingRule.TODAY
    for reason in reasons:
        if reason.on is not None and reason.on > latest:
            latest, rule = reason.on, reason.rule
    return Advice(kind, latest, rule, tuple(reasons))
