"""How the check of the books is told on a terminal, or as JSON for another program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from config import Settings
from language.catalogue import Language
from language.proofs import break_text, invariant_title, party_text, saying
from persistence.queries.invariants.findings import Break
from runner.engine_checks import Tick
from runner.verify import Verdict, all_verdicts, equipped, exit_status

BREAKS_SHOWN = 20


async def verify(settings: Settings, language: Language, *, as_json: bool, replay: bool) -> int:
    """Check everything, tell it, and return the exit status."""
    console = Console(highlight=False, stderr=as_json)
    verdicts = []
    with _bar(console) as bar:
        async with equipped(settings) as equipment:
            ticks = _ticks(bar, language)
            async for verdict in all_verdicts(equipment, replay=replay, tick=ticks):
                verdicts.append(verdict)
                if not as_json:
                    _tell(console, verdict, language)
    if as_json:
        Console(highlight=False, soft_wrap=True).out(json.dumps(_body(verdicts, language)))
    else:
        _conclude(console, verdicts, language)
    return exit_status(verdicts)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _ticks(bar: Progress, language: Language) -> Callable[[str], Tick]:
    def tick_of(invariant: str) -> Tick:
        title = f"{invariant} {invariant_title(invariant, language)}"
        for old in bar.task_ids:
            bar.remove_task(old)
        task = bar.add_task(title, total=None)

        def tick(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return tick

    return tick_of


def _tell(console: Console, verdict: Verdict, language: Language) -> None:
    mark, style = _mark(verdict)
    title = invariant_title(verdict.invariant, language)
    line = Text.assemble(
        (f"{mark} ", style),
        f"{verdict.invariant:<4}{title}  ",
        (f"{verdict.count:,}  {verdict.seconds:.2f} s", "dim"),
    )
    console.print(line, soft_wrap=True)
    if verdict.unreachable is not None:
        party = party_text(verdict.unreachable, language)
        console.print(Text("    " + saying("unreachable", language, party=party)), soft_wrap=True)
    for found in verdict.breaks[:BREAKS_SHOWN]:
        console.print(Text("    " + _sentence(found, language)), soft_wrap=True)
    left = len(verdict.breaks) - BREAKS_SHOWN
    if left > 0:
        console.print(Text("    " + saying("more", language, count=left)))


def _mark(verdict: Verdict) -> tuple[str, str]:
    if verdict.breaks:
        return "✗", "red"
    return ("?", "yellow") if verdict.unreachable is not None else ("✓", "green")


def _sentence(found: Break, language: Language) -> str:
    detail = f" ({found.detail})" if found.detail else ""
    return f"{found.subject}: {break_text(found.code, language)}{detail}"


def _conclude(console: Console, verdicts: list[Verdict], language: Language) -> None:
    status = exit_status(verdicts)
    broken = sum(1 for verdict in verdicts if verdict.breaks)
    name = {0: "clean", 1: "broken", 2: "incomplete"}[status]
    style = {0: "green", 1: "red", 2: "yellow"}[status]
    console.print(Text(saying(name, language, count=broken), style))


def _body(verdicts: list[Verdict], language: Language) -> dict[str, Any]:
    return {
        "clean": exit_status(verdicts) == 0,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "invariants": [_item(verdict, language) for verdict in verdicts],
    }


def _item(verdict: Verdict, language: Language) -> dict[str, Any]:
    return {
        "id": verdict.invariant,
        "title": invariant_title(verdict.invariant, language),
        "holds": not verdict.breaks and verdict.unreachable is None,
        "unreachable": verdict.unreachable,
        "count": verdict.count,
        "seconds": round(verdict.seconds, 3),
        "breaks": [
            {
                "code": found.code,
                "subject": found.subject,
                "detail": found.detail,
                "text": _sentence(found, language),
            }
            for found in verdict.breaks
        ],
    }
