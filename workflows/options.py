"""Timeouts and retries by kind of step, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType


class LocalOptions(TypedDict):
    """Options of a short step that stays inside the bank's own database."""

    start_to_close_timeout: timedelta
    local_retry_threshold: timedelta
    retry_policy: RetryPolicy


class CallOptions(TypedDict, total=False):
    """Options of a step that leaves the bank."""

    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


# What a rule refuses is refused again: no second try, a person decides.
_REFUSALS = ("LoanRuleViolation", "FindingsViolation", "DutyViolation", "StaleViolation")

# A database that is down comes back: some minutes of trying, then an incident, and on it goes.
DATABASE_STEP: LocalOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "local_retry_threshold": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        maximum_interval=timedelta(seconds=60),
        maximum_attempts=12,
        non_retryable_error_types=_REFUSALS,
    ),
}
# To say that a step fails is tried until it is said.
INCIDENT_STEP: LocalOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "local_retry_threshold": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=60)
    ),
}
REPAIR_PAUSE = timedelta(minutes=5)
# A sweep comes again in seconds: it gives up soon, so that the next one is not kept waiting.
SWEEP_STEP: LocalOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "local_retry_threshold": timedelta(seconds=10),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=3),
}
# A source may be down for a day; its report comes in late and is then compared.
SOURCE_STEP: CallOptions = {
    "start_to_close_timeout": timedelta(seconds=10),
    "schedule_to_close_timeout": timedelta(days=1),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1),
        maximum_interval=timedelta(minutes=10),
        non_retryable_error_types=_REFUSALS,
    ),
    "cancellation_type": ActivityCancellationType.TRY_CANCEL,
}
# Asking a bureau again costs money and leaves a trace, asking a public list does not.
_SOURCE_PAUSES: Mapping[str, tuple[timedelta, timedelta]] = {
    "bureau": (timedelta(seconds=5), timedelta(minutes=30)),
    "bureau_controller": (timedelta(seconds=5), timedelta(minutes=30)),
    "sanctions": (timedelta(seconds=1), timedelta(minutes=5)),
}
# The rail is asked a few times at once; after that its silence is a state of its own.
MONEY_STEP: CallOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        maximum_interval=timedelta(seconds=5),
        maximum_attempts=5,
    ),
}
# A direct debit may be asked again under its key for a day; then the borrower is simply late.
COLLECTION_STEP: CallOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "schedule_to_close_timeout": timedelta(days=1),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=10)
    ),
}
# A day of a million notes takes minutes; one that fails is tried again, and is all or nothing.
DAY_STEP: CallOptions = {
    "start_to_close_timeout": timedelta(hours=1),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1),
        maximum_interval=timedelta(seconds=60),
        maximum_attempts=5,
    ),
}
DAYS_A_RUN = 40


def source_step(source: str) -> CallOptions:
    """The options of asking one source: its own pauses between tries, a day in all."""
    first, longest = _SOURCE_PAUSES.get(source, (timedelta(seconds=1), timedelta(minutes=10)))
    policy = RetryPolicy(
        initial_interval=first, maximum_interval=longest, non_retryable_error_types=_REFUSALS
    )
    return {**SOURCE_STEP, "retry_policy": policy}


SOURCES_SOFT_LIMIT = timedelta(seconds=20)
DRAFT_LIFE = timedelta(days=180)
RAIL_POLL_FIRST = timedelta(seconds=15)
RAIL_POLL_LONGEST = timedelta(hours=1)
HISTORY_EVENTS_MAX = 3_000
ANSWERS_CARRIED = 64
