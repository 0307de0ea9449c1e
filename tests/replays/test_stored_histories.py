"""Every stored history of a loan replays on today's code, and changed code is found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

import worker as product
from tests.replays.forgetful import ForgetfulLoan
from workflows.servicing import LoanServicingWorkflow

STORED = Path(__file__).resolve().parents[1] / "fixtures" / "histories"
HISTORIES = sorted(STORED.glob("*.json"))
PATHS = {"repaid", "referred_and_supplemented", "declined", "expired", "withdrawn", "lost_reply"}


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
