"""What the person at the terminal sees of an import: a bar while it runs, then the summary."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from language.catalogue import Language
from language.messages import message_for
from persistence.imports import Standing
from runner.import_book_file import Refusal

LINES_SHOWN = 12
_OF_THE_FILE: Mapping[str, str] = {
    "row.columns": "The line has {found} columns, the header {expected}.",
    "row.encoding": "The line is not UTF-8 text.",
    "row.quotes": "The line has an open or misplaced quotation mark.",
    "row.too_long": "The line is too long to be one of a loan file.",
    "row.duplicate": "The loan number stands in the file before (line {line}).",
    "row.differs": "The loan was imported before with other figures; what is there stays.",
    "duty.role": "The account of imported cases is closed.",
}


class Report:
    """Counts what happens to each line."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("Importing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task("", total=max(total, 0), speed="")
        self._began = self._ended = time.monotonic()
        self._done = 0
        self.decided: Counter[str] = Counter()
        self.stages: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.already = 0
        self.refusals: list[Refusal] = []

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended = time.monotonic()
        self._bar.stop()

    @property
    def per_second(self) -> float:
        """Decisions per second of the whole run."""
        seconds = max(self._ended - self._began, 0.001)
        return sum(self.decided.values()) / seconds

    def decide(self, standing: Standing) -> None:
        """A case has its verdict."""
        self.decided[standing.verdict] += 1
        where = standing.stage if standing.status == "active" else standing.status
        self.stages[standing.verdict][where] += 1
        self._step()

    def already_there(self) -> None:
        """An earlier run imported this line."""
        self.already += 1
        self._step()

    def refuse(self, *refusals: Refusal) -> None:
        """A line was not taken, for one reason or more."""
        self.refusals += refusals
        self._step()

    def print_summary(self) -> None:
        """How each line ended, then each refused line with its reasons."""
        self._console.print(self._totals())
        if self.refusals:
            self._console.print(self._reasons())

    def _step(self) -> None:
        self._done += 1
        speed = self._done / max(time.monotonic() - self._began, 0.001)
        self._bar.update(self._task, completed=self._done, speed=f"{speed:.1f}/s")

    def _totals(self) -> Table:
        table = Table(title="Import", title_justify="left")
        for heading in ("End", "Where it stands", "Lines"):
            table.add_column(heading, justify="right" if heading == "Lines" else "left")
        for verdict, stages in sorted(self.stages.items()):
            for stage, count in stages.most_common():
                table.add_row(f"accepted: {verdict}", stage, str(count))
        if self.already:
            table.add_row("imported before", "", str(self.already))
        refused = len({refusal.line for refusal in self.refusals})
        table.add_row("refused", "", str(refused))
        table.add_section()
        seconds = self._ended - self._began
        speed = f"{seconds:.1f} s, {self.per_second:.1f} decisions/s"
        table.add_row("all", speed, str(self._done))
        return table

    def _reasons(self) -> Table:
        table = Table(title="Refused", title_justify="left")
        for heading in ("Column", "Reason", "Count", "Lines"):
            table.add_column(heading, overflow="fold")
        grouped: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        for refusal in self.refusals:
            # Where the sentence names another line, each stands for itself.
            key = (refusal.column, refusal.code, _sentence(refusal))
            grouped[key].append(refusal.line)
        for (column, code, sentence), lines in sorted(grouped.items(), key=lambda pair: pair[1]):
            reason = Text(f"{sentence} ({code})")
            table.add_row(Text(column or "line"), reason, str(len(lines)), _listed(lines))
        return table


def _sentence(refusal: Refusal) -> str:
    own = _OF_THE_FILE.get(refusal.code)
    if own is not None:
        return own.format(**refusal.params)
    return message_for(refusal.code, refusal.params, Language.EN)


def _listed(lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:LINES_SHOWN])
    more = len(lines) - LINES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
