"""What a change would do, judged and shown; applying it is the same events, appended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.accounts import AccountTerms, fold
from domain.accounts.events import Event
from domain.changes.change import Change, events_of
from domain.changes.checks import ChangeFacts, refuse_long_extension, refuse_unlawful
from domain.changes.difference import Difference, compare
from domain.schedules import build_schedule
from domain.schedules.periods import WorkingDay

PROPOSED_KEY = "change:proposed"


@dataclass(frozen=True)
class Preview:
    """A lawful change, its events and what they do."""

    change: Change
    events: tuple[Event, ...]
    difference: Difference


@dataclass(frozen=True)
class Borrower:
    """What is known of the debtor's side that the rules on changes ask for."""

    is_micro_or_small: bool = False
    has_guarantor: bool = False
    closed_to_on: date | None = None


def _nothing(_: Sequence[Event]) -> Sequence[Event]:
    return ()


def preview(
    terms: AccountTerms,
    events: Sequence[Event],
    change: Change,
    today: date,
    borrower: Borrower | None = None,
    *,
    key: str = PROPOSED_KEY,
    working_day: WorkingDay | None = None,
    following: Callable[[Sequence[Event]], Sequence[Event]] = _nothing,
) -> Preview:
    """Judge a change and run the account with and without it, both on the same day.

    `following` says what else happens once the change's own events are known: repricings that a
    new margin makes anew.

    Violations: `change.*`, and what the fold refuses (`account.*`, `terms.*`, `amount.*`).
    """
    facts = _facts(terms, events, change, today, borrower or Borrower(), working_day)
    refuse_unlawful(change, facts)
    added = events_of(change, key, today)
    added = (*added, *following([*events, *added]))
    on = max(today, change.effective_on)
    before = fold(terms, events, on, working_day)
    after = fold(terms, [*events, *added], on, working_day)
    refuse_long_extension(change, facts, after)
    return Preview(change, added, compare(before, after))


def _facts(
    terms: AccountTerms,
    events: Sequence[Event],
    change: Change,
    today: date,
    borrower: Borrower,
    working_day: WorkingDay | None,
) -> ChangeFacts:
    """What the change is judged against, on the day it counts from where that is ahead."""
    first = build_schedule(terms.schedule, working_day)
    return ChangeFacts(
        account=fold(terms, events, max(today, change.effective_on), working_day),
        asked_on=today,
        drawn_on=terms.schedule.drawn_on,
        original_end_on=first[-1].due_on,
        is_micro_or_small=borrower.is_micro_or_small,
        has_guarantor=borrower.has_guarantor,
        closed_to_on=borrower.closed_to_on,
        method=terms.schedule.method,
    )
