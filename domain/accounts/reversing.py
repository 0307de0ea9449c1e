"""Which events never counted, for every fold."""

from __future__ import annotations

from collections.abc import Sequence

from domain.accounts.events import Event, Reversal
from domain.violations import LoanRuleViolation


def keys_reversed(given: Sequence[Event]) -> set[str]:
    """The events that never counted.

    A reversal is valued no earlier than what it takes back: else an account on a day between the
    two would know of a mistake that nobody has made yet.
    Violations: `account.unknown_event`, `account.dates`.
    """
    valued_on = {event.key: event.value_on for event in given}
    reversals = [event for event in given if isinstance(event, Reversal)]
    for each in reversals:
        if each.reversed_key not in valued_on:
            raise LoanRuleViolation("account.unknown_event")
        if each.value_on < valued_on[each.reversed_key]:
            raise LoanRuleViolation("account.dates")
    return {each.reversed_key for each in reversals}
