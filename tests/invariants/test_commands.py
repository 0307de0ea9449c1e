"""The two commands as a person runs them: their words, their exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config import Settings
from language.catalogue import Language
from runner import proof_report
from runner import replay as replay_command
from tests.conftest import free_port
from tests.invariants.conftest import ProvenBook
from tests.invariants.tampered import AnotherOrder
from workflows.servicing import LoanServicingWorkflow


@pytest.fixture
def settings(proven: ProvenBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The frozen book as an installation sees it; its rail is away."""
    engine = proven.equipment.engine().service_client.config.target_host
    monkeypatch.setenv("CORPLOAN_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", proven.frozen.replace("+psycopg", ""))
    monkeypatch.setenv("TEMPORAL_ADDRESS", engine)
    monkeypatch.setenv("CORPLOAN_RAIL_URL", f"http://127.0.0.1:{free_port()}")
    return Settings.from_environment()


async def test_a_loan_that_holds(
    proven: ProvenBook, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    name = await proven.name_of(proven.repaying)
    assert await replay_command.replay(settings, name, Language.EN) == 0
    said = capsys.readouterr().out
    assert "HOLDS" in said
    assert "DOES NOT HOLD" not in said
    assert "Submitted the loan application" in said
    assert await replay_command.replay(settings, str(proven.settled), Language.ZH) == 0
    assert "成立 HOLDS" in capsys.readouterr().out


async def test_a_loan_that_does_not_hold(
    proven: ProvenBook,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed = (AnotherOrder, LoanServicingWorkflow)
    monkeypatch.setattr(replay_command.replayed, "__defaults__", (changed,))
    name = await proven.name_of(proven.repaying)
    assert await replay_command.replay(settings, name, Language.EN) == 1
    assert "DOES NOT HOLD: " in capsys.readouterr().out


async def test_a_loan_that_is_not_there(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await replay_command.replay(settings, "CL20200101-000001", Language.EN) == 2
    assert "There is no loan CL20200101-000001" in capsys.readouterr().out


async def test_the_books_are_told_line_by_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await proof_report.verify(settings, Language.EN, as_json=False, replay=False)
    said = capsys.readouterr().out
    assert "✓ I1  Every journal and the ledger sum to zero" in said
    assert "? I3" in said
    assert "the payment rail cannot be reached" in said
    assert "✗ I15" in said  # this home has no documents
    assert status == 1


async def test_the_books_are_told_to_another_program(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await proof_report.verify(settings, Language.EN, as_json=True, replay=True)
    told = json.loads(capsys.readouterr().out)
    items = {item["id"]: item for item in told["invariants"]}
    assert status == 1
    assert not told["clean"]
    assert items["I10"]["holds"]
    assert items["I3"]["unreachable"] == "rail"
    assert {found["code"] for found in items["I15"]["breaks"]} == {"document_lost"}


async def test_a_database_that_is_away_is_said_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    away = Settings.from_environment()
    assert await proof_report.verify(away, Language.EN, as_json=False, replay=False) == 2
    assert await replay_command.replay(away, "CL1", Language.EN) == 2
    assert "Cannot reach the database." in capsys.readouterr().out
