"""I7, I8 and I10: what the engine says of each loan, beside what the books say."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from persistence.queries.invariants.cases import CaseInTheBooks, StoredHistory
from persistence.queries.invariants.findings import Break, Checked
from runner.histories import (
    FAILING,
    HistoryChanged,
    Run,
    customer_runs,
    loan_runs,
    read_stored,
    todays_replayer,
)
from worker import WORKFLOWS
from workflows.commands import workflow_id
from workflows.states import LoanEnd, LoanState

ASKED_AT_ONCE = 8
_ANSWER_WITHIN = timedelta(seconds=10)
_SILENT = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED)
Tick = Callable[[int, int], None]
Cases = Mapping[UUID, CaseInTheBooks]


@dataclass(frozen=True)
class Known:
    """What the books know when the engine is asked."""

    cases: Cases
    drafts: Collection[UUID]
    stored: Sequence[StoredHistory]

    @cached_property
    def exported(self) -> frozenset[UUID]:
        """Cases whose history lies outside the engine."""
        return frozenset(item.loan_id for item in self.stored)


async def workflows_live(client: Client, known: Known) -> Checked:
    """Each case has exactly one workflow, running or ended as the case is; none is failing."""
    runs = await loan_runs(client)
    breaks = [
        Break(code, case.case_number)
        for case in known.cases.values()
        if (code := _life_break(case, runs.get(case.loan_id, []), known)) is not None
    ]
    strangers = set(runs) - set(known.cases) - set(known.drafts)
    breaks += [
        Break("workflow_without_case", str(loan_id))
        for loan_id in sorted(strangers)
        if any(run.status is WorkflowExecutionStatus.RUNNING for run in runs[loan_id])
    ]
    breaks += [Break("workflow_failing", item.id) async for item in client.list_workflows(FAILING)]
    return Checked(len(known.cases), tuple(breaks))


def _life_break(case: CaseInTheBooks, runs: list[Run], known: Known) -> str | None:
    last = [run for run in runs if not run.went_on]
    is_open = case.status == "active"
    if not last:
        kept = not is_open and case.loan_id in known.exported
        return None if kept else "workflow_missing"
    if len(last) > 1:
        return "workflow_twice"
    running = last[0].status is WorkflowExecutionStatus.RUNNING
    if is_open:
        return None if running else "workflow_ended_early"
    completed = last[0].status is WorkflowExecutionStatus.COMPLETED
    return None if completed else "workflow_not_ended"


async def read_model_agrees(client: Client, known: Known, tick: Tick) -> Checked:
    """Stage, status and version of each open case, and the end of each closed one."""
    limit = asyncio.Semaphore(ASKED_AT_ONCE)
    done = 0

    async def judge(case: CaseInTheBooks) -> Break | None:
        nonlocal done
        async with limit:
            found = await _state_break(client, case, known)
        done += 1
        tick(done, len(known.cases))
        return found

    found = await _together(judge(case) for case in known.cases.values())
    return Checked(len(known.cases), tuple(item for item in found if item is not None))


async def _together(asking: Iterable[Awaitable[Break | None]]) -> list[Break | None]:
    tasks = [asyncio.ensure_future(item) for item in asking]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _state_break(client: Client, case: CaseInTheBooks, known: Known) -> Break | None:
    try:
        if case.status == "active":
            return _open_break(case, await _asked_state(client, case.loan_id))
        return _closed_break(case, await _asked_end(client, case.loan_id))
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError, WorkflowFailureError):
        return Break("state_unanswered", case.case_number)
    except RPCError as error:
        if error.status in _SILENT:
            raise
        gone = error.status is RPCStatusCode.NOT_FOUND and case.loan_id in known.exported
        return None if gone else Break("state_unanswered", case.case_number)


async def _asked_state(client: Client, loan_id: UUID) -> LoanState:
    handle = client.get_workflow_handle(workflow_id(loan_id))
    state: LoanState = await handle.query(
        "state", result_type=LoanState, rpc_timeout=_ANSWER_WITHIN
    )
    return state


async def _asked_end(client: Client, loan_id: UUID) -> LoanEnd:
    handle = client.get_workflow_handle(workflow_id(loan_id), result_type=LoanEnd)
    end: LoanEnd = await handle.result(rpc_timeout=_ANSWER_WITHIN)
    return end


def _open_break(case: CaseInTheBooks, state: LoanState) -> Break | None:
    books = f"{case.stage}/{case.status}/{case.version}"
    process = f"{state.stage}/{state.status}/{state.version}"
    if books == process:
        return None
    return Break("read_model_differs", case.case_number, f"{books} {process}")


def _closed_break(case: CaseInTheBooks, end: LoanEnd) -> Break | None:
    books = f"{case.status}/{case.closed_reason}/{case.version}"
    process = f"{end.status}/{end.reason}/{end.version}"
    if books == process:
        return None
    return Break("read_model_differs", case.case_number, f"{books} {process}")


async def histories_replay(
    client: Client,
    known: Known,
    folder: Path,
    tick: Tick,
    workflows: Iterable[type] = WORKFLOWS,
) -> Checked:
    """One replayer over each history of a loan or customer the engine holds, and each exported."""
    loans = [run for loan in (await loan_runs(client)).values() for run in loan]
    runs = [(workflow_id(run.loan_id), run.run_id) for run in loans]
    runs += await customer_runs(client)
    stored = list(known.stored)
    total, count, breaks = len(runs) + len(stored), 0, list[Break]()
    source = _every_history(client, runs, stored, folder, breaks)
    async with todays_replayer(workflows).workflow_replay_iterator(source) as results:
        async for result in results:
            count += 1
            tick(count, total)
            if result.replay_failure is not None:
                name = f"{result.history.workflow_id} {result.history.run_id}"
                breaks.append(
                    Break("history_does_not_replay", name, first_line(result.replay_failure))
                )
    return Checked(total, tuple(breaks))


async def _every_history(
    client: Client,
    runs: list[tuple[str, str]],
    stored: list[StoredHistory],
    folder: Path,
    breaks: list[Break],
) -> AsyncIterator[WorkflowHistory]:
    for identifier, run_id in runs:
        yield await client.get_workflow_handle(identifier, run_id=run_id).fetch_history()
    for item in stored:
        try:
            yield await read_stored(folder, item)
        except HistoryChanged:
            breaks.append(Break("stored_history_changed", f"loan/{item.loan_id} {item.run_id}"))


def first_line(failure: BaseException) -> str:
    """What went wrong, in one line."""
    return (str(failure).splitlines() or [type(failure).__name__])[0][:300]
