"""An act between two of a loan's runs is asked again; a loan that has ended says so."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import Receipt, Withdraw
from domain.people import Actor, Role
from workflows.commands import LoanProcess

GONE = RPCError("no such run", RPCStatusCode.NOT_FOUND, b"")


@dataclass
class Engine:
    """A client of one loan whose runs answer in turn."""

    answers: list[Receipt | RPCError]
    status: WorkflowExecutionStatus
    asked: list[str] = field(default_factory=list)

    def get_workflow_handle(self, _identifier: str) -> Any:
        return self

    async def execute_update(self, _name: str, _command: Any, **given: Any) -> Receipt:
        self.asked.append(given["id"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, RPCError):
            raise answer
        return answer

    async def describe(self) -> Any:
        return SimpleNamespace(status=self.status)


def process_of(engine: Engine) -> LoanProcess:
    async def connected() -> Any:
        return engine

    return LoanProcess(connected, "queue")


def withdrawal() -> Withdraw:
    actor = Actor(str(uuid.uuid4()), (Role.CUSTOMER_MANAGER,))
    return Withdraw("once", uuid.uuid4(), actor, "reason")


async def test_an_act_between_two_runs_is_asked_again_under_its_own_key() -> None:
    engine = Engine([GONE, GONE, Receipt(accepted=True)], WorkflowExecutionStatus.RUNNING)
    assert (await process_of(engine).withdraw(withdrawal())).accepted
    assert engine.asked == ["withdraw:once"] * 3


async def test_a_loan_that_has_ended_says_so_at_once() -> None:
    engine = Engine([GONE], WorkflowExecutionStatus.COMPLETED)
    answer = await process_of(engine).withdraw(withdrawal())
    assert (answer.accepted, answer.code, len(engine.asked)) == (False, "case.closed", 1)


@pytest.mark.parametrize("code", ["case.closed", "duty.role"])
async def test_what_the_loan_itself_refuses_is_not_asked_again(code: str) -> None:
    engine = Engine([Receipt(accepted=False, code=code)], WorkflowExecutionStatus.RUNNING)
    assert (await process_of(engine).withdraw(withdrawal())).code == code
    assert len(engine.asked) == 1
