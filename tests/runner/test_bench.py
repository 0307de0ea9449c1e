"""`corploan bench` runs through on the real product and leaves no figure out. No timings here."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from runner.bench import measures
from runner.bench.measures import HistorySize

PARTS = {"run", "postgres", "rail", "sources", "worker", "web", "temporal"}


@pytest.fixture
async def bench(tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """What a small run prints, and what it keeps."""
    kept = tmp_path / "figures.json"
    loans, notes = ("--loans", "2", "--months", "1"), ("--notes", "200", "--notes", "400")
    firms = ("--firms", "30", "--firms", "60")
    said = await _benched(*loans, *notes, *firms, "--json", str(kept))
    return said, json.loads(kept.read_text(encoding="utf-8"))


async def _benched(*options: str) -> str:
    """Run it in a process of its own; what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "bench", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_a_small_run_finds_and_prints_every_figure(
    bench: tuple[str, dict[str, Any]],
) -> None:
    said, figures = bench
    memory, steps = figures.pop("memory"), figures.pop("durable_steps")
    day_ends, arithmetic = figures.pop("day_ends"), figures.pop("arithmetic")
    rating, fan_out = figures.pop("rating"), figures.pop("fan_out")
    assert [found["notes"] for found in day_ends] == [200, 400]
    re_ratings = figures.pop("re_ratings")
    assert [found["firms"] for found in re_ratings] == [30, 60]
    sizes = [figures.pop(name) for name in ("originated_loan", "bare_workflow", "instalment")]
    costs = (*day_ends, *re_ratings, arithmetic, rating, fan_out)
    for found in (figures, memory, steps, *sizes, *costs):
        assert all(math.isfinite(value) and value > 0 for value in found.values()), found
    assert set(steps) == {"local", "call", "update", "signal"}
    assert set(memory) >= PARTS
    for name in (
        "Ratio",
        "Submit to page",
        "History per instalment",
        "Resident memory of worker",
        "Ratio, whole to slowest",
    ):
        assert name in said
    assert "Start to ready, second" in said
    assert "Growth, 200 to 400 notes" in said


@pytest.mark.parametrize(("percent", "expected"), [(50, 5.0), (99, 10.0), (10, 1.0), (100, 10.0)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, expected: float) -> None:
    values = [float(value) for value in range(10, 0, -1)]
    assert measures.percentile(values, percent) == expected


def test_the_closing_run_is_shared_out_over_the_instalments() -> None:
    runs = [HistorySize(20, 4000), HistorySize(24, 5000), HistorySize(10, 1000)]
    assert measures.per_instalment(runs, 2) == HistorySize(27, 5000)


@pytest.mark.parametrize(
    ("part", "kept", "said"),
    [
        ("day-end", "day_ends", "Growth, 100 to 200 notes"),
        ("arithmetic", "arithmetic", "Events per second"),
        ("rating", "rating", "Firms rated per second"),
        ("re-rating", "re_ratings", "Growth, 30 to 60 firms"),
    ],
)
async def test_one_part_is_measured_without_the_product(
    part: str, kept: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "figures.json"
    sizes = ("--notes", "100", "--notes", "200", "--firms", "30", "--firms", "60")
    text = await _benched("--only", part, *sizes, "--json", str(file))
    assert said in text
    assert "Loans per second" not in text
    assert set(json.loads(file.read_text(encoding="utf-8"))) == {kept}
