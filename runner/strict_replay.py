"""Strict replay: the engine compares the order of steps, this compares what was in them.

The engine's own replay passes when an activity is called with another input or a run ends with
another answer. Here the inputs of activities, the answers to people, what a run hands on and how
it ends are held against the history. The inputs of local steps are not recorded by the engine.
"""

# ruff: noqa: A002 - the engine names the arguments of its interceptors

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ContinueAsNewInput,
    ExecuteWorkflowInput,
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing today's code does otherwise than the history says."""

    what: str
    recorded: str
    today: str


@dataclass
class Record:
    """What one run's history says was asked, answered and handed on."""

    activities: list[tuple[str, str]] = field(default_factory=list)
    updates: dict[str, str] = field(default_factory=dict)
    end: tuple[str, str] | None = None
    differences: list[Difference] = field(default_factory=list)
    asked: int = 0

    def compare(self, what: str, recorded: str, today: str) -> None:
        """Note a difference."""
        if recorded != today:
            self.differences.append(Difference(what, recorded, today))

    def compare_activity(self, name: str, today: str) -> None:
        """Hold the next activity of the code against the next one of the history."""
        self.asked += 1
        if self.asked > len(self.activities):
            return  # the history ends before this call was recorded
        recorded_name, recorded = self.activities[self.asked - 1]
        self.compare(f"activity {self.asked}", recorded_name, name)
        self.compare(f"input of {name}", recorded, today)


def record_of(history: WorkflowHistory) -> Record:
    """Read a run's history."""
    record = Record()
    for event in history.events:
        if event.HasField("activity_task_scheduled_event_attributes"):
            asked = event.activity_task_scheduled_event_attributes
            record.activities.append((asked.activity_type.name, _read(asked.input.payloads)))
        if event.HasField("workflow_execution_update_completed_event_attributes"):
            answered = event.workflow_execution_update_completed_event_attributes
            if answered.outcome.HasField("success"):
                answer = _read(answered.outcome.success.payloads)
                record.updates[answered.meta.update_id] = answer
        if event.HasField("workflow_execution_completed_event_attributes"):
            ended = event.workflow_execution_completed_event_attributes
            record.end = ("result", _read(ended.result.payloads))
        if event.HasField("workflow_execution_continued_as_new_event_attributes"):
            onward = event.workflow_execution_continued_as_new_event_attributes
            record.end = ("next run", _read(onward.input.payloads))
    return record


class StrictReplay(Interceptor):
    """Watches one replay against its record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """The watching class, bound to this record."""
        return type("Watch", (_Inbound,), {"record": self._record})


class _Inbound(WorkflowInboundInterceptor):
    record: Record

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        watched = _Outbound(outbound)
        watched.record = self.record
        super().init(watched)

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        result = await super().execute_workflow(input)
        _compare_end(self.record, "result", [result])
        return result

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        answer = await super().handle_update_handler(input)
        recorded = self.record.updates.get(input.id)
        if recorded is not None:
            self.record.compare(f"answer to {input.update}", recorded, _written([answer]))
        return answer


class _Outbound(WorkflowOutboundInterceptor):
    record: Record

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        self.record.compare_activity(input.activity, _written(input.args))
        return super().start_activity(input)

    def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:
        _compare_end(self.record, "next run", input.args)
        super().continue_as_new(input)


def _compare_end(record: Record, kind: str, values: Sequence[Any]) -> None:
    if record.end is not None:
        record.compare("end", record.end[0], kind)
        record.compare(kind, record.end[1], _written(values))


def _written(values: Sequence[Any]) -> str:
    return _read(workflow.payload_converter().to_payloads(values))


def _read(payloads: Sequence[Payload]) -> str:
    return json.dumps([_value(payload) for payload in payloads], sort_keys=True)


def _value(payload: Payload) -> Any:
    if payload.metadata.get("encoding") == b"json/plain":
        return json.loads(payload.data)
    return payload.data.hex() or None
