"""Every stored history of a loan replays on today's code, and changed code is found out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

import worker as product
from tests.replays.changed import ChangedLoanWorkflow
from tests.replays.forgetful import ForgetfulLoan
from workflows.servicing import LoanServicingWorkflow

_WHO_RAN = re.compile(r'"identity": "([^"]*)"')
STORED = Path(__file__).resolve().parents[1] / "fixtures" / "histories"
HISTORIES = sorted(STORED.glob("*.json"))
PATHS = {
    "repaid",
    "referred_and_supplemented",
    "declined",
    "expired",
    "withdrawn",
    "withdrawn_with_a_source_pending",
    "lost_reply",
    "paid_late",
    "changed",
    "repriced",
    "fixing",
    "calendar",
    "refund",
    "day_end",
    "drawn_in_parts",
    "locked",
    "locked_while_asked",
    "drawdown_blocked",
    "verified",
}


def _history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("loan/stored", path.read_text(encoding="utf-8"))


def _replayer(workflows: list[type[Any]]) -> Replayer:
    return Replayer(
        workflows=workflows,
        workflow_runner=product.workflow_runner(),
        data_converter=product.data_converter(),
    )


@pytest.fixture(scope="module")
def replayer() -> Replayer:
    """One replayer for all: making one costs more than a replay."""
    return _replayer(list(product.WORKFLOWS))


def test_every_path_of_the_road_is_stored() -> None:
    assert {path.stem.rsplit("-", 1)[0] for path in HISTORIES} == PATHS


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_stored_history_replays(replayer: Replayer, path: Path) -> None:
    await replayer.replay_workflow(_history(path))


async def test_changed_code_is_found_out() -> None:
    changed = _replayer([ForgetfulLoan, LoanServicingWorkflow])
    with pytest.raises(workflow.NondeterminismError):
        await changed.replay_workflow(_history(STORED / "declined-1.json"))


async def test_a_process_with_one_step_more_is_found_out() -> None:
    changed = _replayer([ChangedLoanWorkflow, LoanServicingWorkflow])
    with pytest.raises(workflow.NondeterminismError):
        await changed.replay_workflow(_history(STORED / "repaid-1.json"))


def test_a_stored_history_names_no_machine() -> None:
    for path in HISTORIES:
        assert set(_WHO_RAN.findall(path.read_text(encoding="utf-8"))) == {"worker"}, path.name


def test_the_stored_histories_are_short() -> None:
    assert max(len(_history(path).events) for path in HISTORIES) < 150
