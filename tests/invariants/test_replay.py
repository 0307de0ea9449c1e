"""A loan's history holds on today's code, and a change of that code is found out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from language.catalogue import Language
from persistence import history_exports
from persistence.queries.history import history
from persistence.queries.invariants.cases import find_case, stored_histories
from runner.engine_checks import Known, histories_replay
from runner.histories import HistoryChanged
from runner.replay import ReplayedRun, difference_text, recorded_runs, replayed, step_text
from tests.invariants.conftest import ProvenBook
from tests.invariants.tampered import AnotherInput, AnotherOrder
from worker import WORKFLOWS
from workflows.loan import LoanWorkflow
from workflows.servicing import LoanServicingWorkflow


async def _replay(
    proven: ProvenBook, loan_id: UUID, workflows: Sequence[type] = WORKFLOWS
) -> list[ReplayedRun]:
    given = proven.equipment
    runs = await recorded_runs(given.engine(), loan_id, given.histories, [])
    return await replayed(runs, workflows)


async def test_every_run_of_a_loan_holds(proven: ProvenBook) -> None:
    for loan_id, runs in ((proven.settled, 2), (proven.repaying, 2), (proven.withdrawn, 1)):
        found = await _replay(proven, loan_id)
        assert [difference_text(run, Language.EN) for run in found if not run.holds] == []
        assert len(found) >= runs


async def test_code_that_takes_other_steps_does_not_hold(proven: ProvenBook) -> None:
    found = await _replay(proven, proven.repaying, (AnotherOrder, LoanServicingWorkflow))
    assert [run.holds for run in found] == [False, True]
    assert "ondeterminis" in (found[0].failure or "")


async def test_code_that_asks_for_something_else_does_not_hold(proven: ProvenBook) -> None:
    found = await _replay(proven, proven.repaying, (AnotherInput, LoanServicingWorkflow))
    assert found[0].failure is None
    difference = found[0].difference
    assert difference is not None
    assert difference.what == "input of query_source"
    assert str(proven.repaying) in difference.recorded
    assert difference.what in difference_text(found[0], Language.EN)


async def test_the_check_of_all_histories_finds_changed_code(proven: ProvenBook) -> None:
    given, known = proven.equipment, await proven.equipment.known()
    changed = (AnotherOrder, LoanServicingWorkflow)
    found = await histories_replay(given.engine(), known, given.histories, _no_tick, changed)
    named = {item.subject.split()[0] for item in found.breaks}
    assert found.count >= 5
    assert f"loan/{proven.repaying}" in named


async def test_the_check_of_all_histories_replays_customers_too(proven: ProvenBook) -> None:
    customer = proven.world.book.customer_id
    await proven.world.process.look_at_customer(customer)
    given, known = proven.equipment, await proven.equipment.known()
    without = (LoanWorkflow, LoanServicingWorkflow)
    found = await histories_replay(given.engine(), known, given.histories, _no_tick, without)
    assert {item.subject.split()[0] for item in found.breaks} == {f"customer/{customer}"}
    whole = await histories_replay(given.engine(), known, given.histories, _no_tick)
    assert whole.breaks == ()


async def test_an_exported_history_serves_when_the_engine_has_none(proven: ProvenBook) -> None:
    given = proven.equipment
    [recorded] = await recorded_runs(given.engine(), proven.withdrawn, given.histories, [])
    content, events = recorded.to_json().encode(), len(recorded.events)
    async with given.database.transaction() as session:
        await history_exports.keep(
            session,
            given.histories,
            proven.withdrawn,
            recorded.run_id,
            content,
            events,
            recorded.events[0].event_time.ToDatetime(tzinfo=None).astimezone(),
        )
    async with given.database.reading() as session:
        stored = await stored_histories(session, proven.withdrawn)
    runs = await recorded_runs(None, proven.withdrawn, given.histories, stored)
    assert [run.holds for run in await replayed(runs)] == [True]
    (given.histories / stored[0].path).write_bytes(content + b" ")
    with pytest.raises(HistoryChanged):
        await recorded_runs(None, proven.withdrawn, given.histories, stored)
    known = Known({}, (), stored)
    found = await histories_replay(given.engine(), known, given.histories, _no_tick)
    assert {item.code for item in found.breaks} == {"stored_history_changed"}


async def test_a_loan_is_found_by_its_number_and_its_id(proven: ProvenBook) -> None:
    number = await proven.name_of(proven.repaying)
    async with proven.equipment.database.reading() as session:
        for name in (number, number.lower(), str(proven.repaying)):
            case = await find_case(session, name)
            assert case is not None
            assert case.loan_id == proven.repaying
        assert await find_case(session, "CL20200101-000000") is None


async def test_the_steps_are_told_in_the_banks_words(proven: ProvenBook) -> None:
    async with proven.equipment.database.reading() as session:
        links = (await history(session, proven.repaying, length=None)).links
    told = [step_text(link, Language.EN) for link in links]
    assert any("ops1 (Operations" in line and "Reviewed the release" in line for line in told)
    assert any("The process" in line and "was disbursed" in line for line in told)
    assert not any("A step of the process was recorded" in line for line in told)


def _no_tick(_done: int, _total: int) -> None:
    return None
