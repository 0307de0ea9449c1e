"""A customer compared with all sources: as long as the slowest of them takes, and no longer.

A source that does not answer holds up nothing: after a soft limit the matrix is filled without it,
and what comes in within a day fills it again.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from activities.steps import TroubleStep
from activities.verification import (
    AskSourceStep,
    FillMatrixStep,
    OpenedVerification,
    OpenVerificationStep,
    VerificationActivities,
)
from domain.customers import Work
from workflows.options import SOURCES_SOFT_LIMIT, source_step
from workflows.steps import carried_out, reason_of, told

_NO_LOAN = UUID(int=0)


class Verifying:
    """What a customer's process knows of the sources that have not answered yet."""

    def __init__(self, customer_id: UUID) -> None:
        self._customer_id = customer_id
        self._late: asyncio.Task[None] | None = None

    @property
    def _waits_for_sources(self) -> bool:
        """Whether answers may still come in; a run that ended now would not hear them."""
        return self._late is not None and not self._late.done()

    async def _verify(self, work: Work) -> None:
        """Ask all sources at once, fill the matrix, and leave a task to those that are late."""
        if self._late is not None:
            self._late.cancel()  # a newer verification asks everyone anew
        step = OpenVerificationStep(self._customer_id, work, workflow.now())
        opened: OpenedVerification = await _carried(VerificationActivities.open_verification, step)
        verification_id = opened.asked.id
        queries = {source: _asked(verification_id, source) for source in opened.asked.sources}
        await workflow.wait(queries.values(), timeout=SOURCES_SOFT_LIMIT.total_seconds())
        await _filled(verification_id, opened.began_at)
        late = {source: query for source, query in queries.items() if not query.done()}
        if late:
            self._late = asyncio.create_task(self._hear_late(verification_id, late))

    async def _hear_late(self, verification_id: UUID, queries: dict[str, Any]) -> None:
        await asyncio.gather(
            *(self._heard(verification_id, name, query) for name, query in queries.items())
        )

    async def _heard(self, verification_id: UUID, source: str, query: Any) -> None:
        """Compare a late answer when it comes; one that never comes is a person's matter."""
        try:
            await query
        except ActivityError as failed:
            if is_cancelled_exception(failed):
                return
            name = f"ask_source:{source}:{self._customer_id}"
            reason = reason_of(failed)
            await told(TroubleStep(_NO_LOAN, name, reason, workflow.now(), is_case=False))
            return
        await _filled(verification_id, None)


def _asked(verification_id: UUID, source: str) -> Any:
    return workflow.start_activity_method(
        VerificationActivities.ask_source,
        AskSourceStep(verification_id, source, workflow.now()),
        **source_step(source),
    )


async def _filled(verification_id: UUID, began_at: datetime | None) -> None:
    step = FillMatrixStep(verification_id, began_at, workflow.now())
    await _carried(VerificationActivities.fill_matrix, step)


async def _carried(activity: Any, step: Any) -> Any:
    return await carried_out(activity, step, _NO_LOAN, is_case=False)
