"""`corploan replay LOAN`: a loan's recorded history in the bank's words, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import InterfaceError, OperationalError
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError

from config import Settings
from language.catalogue import Language
from language.formats import instant_text
from language.labels import role_label
from language.proofs import break_text, party_text, saying
from language.sentences import sentence_for
from persistence.engine import Database
from persistence.queries.history import HistoryLink, history
from persistence.queries.invariants.cases import StoredHistory, find_case, stored_histories
from runner.engine_checks import first_line
from runner.histories import HistoryChanged, fetch, read_stored, runs_of, todays_replayer
from runner.strict_replay import Difference, StrictReplay, record_of
from runner.verify import engine_or_none
from worker import WORKFLOWS


@dataclass(frozen=True, slots=True)
class ReplayedRun:
    """One run of the chain after its replay. Both None: it holds."""

    run_id: str
    events: int
    failure: str | None = None
    difference: Difference | None = None

    @property
    def holds(self) -> bool:
        return self.failure is None and self.difference is None


async def replayed(
    histories: Iterable[WorkflowHistory], workflows: Iterable[type] = WORKFLOWS
) -> list[ReplayedRun]:
    """Replay each run on the given code, strictly."""
    return [await _replayed(one, list(workflows)) for one in histories]


async def _replayed(recorded: WorkflowHistory, workflows: list[type]) -> ReplayedRun:
    record = record_of(recorded)
    replayer = todays_replayer(workflows, [StrictReplay(record)])
    result = await replayer.replay_workflow(recorded, raise_on_replay_failure=False)
    failure = first_line(result.replay_failure) if result.replay_failure is not None else None
    difference = record.differences[0] if record.differences else None
    return ReplayedRun(recorded.run_id, len(recorded.events), failure, difference)


async def recorded_runs(
    client: Client | None, loan_id: UUID, folder: Path, stored: Iterable[StoredHistory]
) -> list[WorkflowHistory]:
    """Every run of the chain: from the engine, and where it holds none from the exports.

    Raises HistoryChanged where an exported file is lost or was changed.
    """
    kept = [await read_stored(folder, item) for item in stored]
    if client is None:
        return kept
    live = [await fetch(client, run) for run in await runs_of(client, loan_id)]
    known = {one.run_id for one in live}
    return [*(one for one in kept if one.run_id not in known), *live]


async def replay(settings: Settings, name: str, language: Language) -> int:
    """Tell a loan's history and whether today's code would take the same steps."""
    console = Console(highlight=False)
    database = Database(settings.sqlalchemy_url, pool_size=2)
    try:
        return await _told(console, database, settings, name, language)
    except (OperationalError, InterfaceError):
        return _refused(console, saying("no_party", language, party=_party("database", language)))
    except RPCError:
        return _refused(console, saying("no_party", language, party=_party("temporal", language)))
    finally:
        await database.close()


async def _told(
    console: Console, database: Database, settings: Settings, name: str, language: Language
) -> int:
    async with database.reading() as session:
        case = await find_case(session, name)
        if case is None:
            return _refused(console, saying("unknown_loan", language, loan=name))
        links = (await history(session, case.loan_id, length=None)).links
        stored = await stored_histories(session, case.loan_id)
    client = await engine_or_none(settings)
    if client is None and not stored:
        return _refused(console, saying("no_party", language, party=_party("temporal", language)))
    for link in links:
        _say(console, step_text(link, language))
    try:
        runs = await recorded_runs(client, case.loan_id, settings.home / "histories", stored)
    except HistoryChanged as changed:
        difference = f"{break_text('stored_history_changed', language)} ({changed})"
        return _conclude(console, difference, language)
    if not runs:
        return _refused(console, saying("no_history", language))
    return _judged(console, await replayed(runs), links, language)


def _judged(
    console: Console, runs: list[ReplayedRun], links: tuple[HistoryLink, ...], language: Language
) -> int:
    for number, run in enumerate(runs, start=1):
        mark = "✓" if run.holds else "✗"
        _say(console, f"{mark} {saying('run', language, number=number, events=run.events)}")
    broken = next((link for link in links if not link.holds), None)
    if broken is not None:
        text = f"{break_text('chain_row_changed', language)} ({broken.sequence})"
        return _conclude(console, text, language)
    failed = next((run for run in runs if not run.holds), None)
    if failed is not None:
        return _conclude(console, difference_text(failed, language), language)
    events = sum(run.events for run in runs)
    _say(console, saying("holds", language, runs=len(runs), events=events), "green")
    return 0


def difference_text(run: ReplayedRun, language: Language) -> str:
    """The first thing that differs, in one line."""
    if run.difference is None:
        return f"{run.run_id}: {run.failure}"
    found = run.difference
    said = saying("differs", language, what=found.what, recorded=found.recorded, today=found.today)
    return f"{run.run_id}: {said}"


def step_text(link: HistoryLink, language: Language) -> str:
    """Who did what when, as the timeline tells it."""
    who = link.name.text(language) if link.name else saying("process", language)
    role = f" ({role_label(link.role, language)})" if link.role else ""
    when = instant_text(link.at, language)
    return f"{when}  {who}{role}  {sentence_for(link.action, link.facts, language)}"


def _conclude(console: Console, difference: str, language: Language) -> int:
    _say(console, saying("does_not_hold", language, difference=difference), "red")
    return 1


def _refused(console: Console, text: str) -> int:
    _say(console, text, "yellow")
    return 2


def _party(name: str, language: Language) -> str:
    return party_text(name, language)


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style), soft_wrap=True)
