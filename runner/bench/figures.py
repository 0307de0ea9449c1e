"""The figures, for a person as a table and for a program as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from runner.bench.arithmetic import Arithmetic
from runner.bench.day_end import DayEndCost, rows_of
from runner.bench.fan_out import FanOut
from runner.bench.measures import HistorySize
from runner.bench.rating import RatingCost
from runner.bench.re_rating import ReRatingCost, rows_of_re_rating


@dataclass(frozen=True)
class Figures:
    """Everything one run of the benchmark found. Seconds and bytes unless a name says else."""

    loans: int
    at_once: int
    processors: int
    loans_per_second: float
    bare_workflows_per_second: float
    durable_steps: dict[str, int]
    submit_to_page_p50: float
    submit_to_page_p99: float
    originated_loan: HistorySize
    instalment: HistorySize
    bare_workflow: HistorySize
    memory: dict[str, int]
    first_start: float
    second_start: float
    day_ends: tuple[DayEndCost, ...]
    arithmetic: Arithmetic
    rating: RatingCost
    fan_out: FanOut
    re_ratings: tuple[ReRatingCost, ...]

    @property
    def ratio(self) -> float:
        """How much slower a loan is than the bare engine: 1 would be no slower."""
        return self.bare_workflows_per_second / self.loans_per_second


def write_json(figures: Figures, path: Path) -> None:
    """Keep the figures for another program."""
    write_data(asdict(figures) | {"ratio": figures.ratio}, path)


def write_data(data: Mapping[str, object], path: Path) -> None:
    """Keep some of the figures."""
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def print_table(rows: Iterable[tuple[str, str]], console: Console) -> None:
    """Show figures."""
    table = Table("Figure", "Value", title="corploan bench")
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)


def rows_of_all(figures: Figures) -> Iterator[tuple[str, str]]:
    yield "Loans, at once, processors", f"{figures.loans}, {figures.at_once}, {figures.processors}"
    yield "Loans per second, submission to payout", f"{figures.loans_per_second:.2f}"
    yield "Bare workflows per second", f"{figures.bare_workflows_per_second:.2f}"
    yield "Ratio, bare to loans", f"{figures.ratio:.2f}"
    steps = ", ".join(f"{count} {kind}" for kind, count in figures.durable_steps.items())
    yield "Durable steps of each", steps
    p50, p99 = figures.submit_to_page_p50 * 1000, figures.submit_to_page_p99 * 1000
    yield "Submit to page, p50 and p99", f"{p50:.0f} ms, {p99:.0f} ms"
    yield "History per originated loan", _size(figures.originated_loan)
    yield "History per bare workflow", _size(figures.bare_workflow)
    yield "History per instalment", _size(figures.instalment)
    for part, resident in figures.memory.items():
        yield f"Resident memory of {part}", f"{resident / 1024**2:.0f} MiB"
    yield "Start to ready, first", f"{figures.first_start:.1f} s"
    yield "Start to ready, second", f"{figures.second_start:.1f} s"
    yield from rows_of(figures.day_ends)
    yield from figures.fan_out.rows()
    yield from figures.arithmetic.rows()
    yield from figures.rating.rows()
    yield from rows_of_re_rating(figures.re_ratings)


def _size(size: HistorySize) -> str:
    return f"{size.events:.0f} events, {size.bytes / 1024:.1f} KiB"
