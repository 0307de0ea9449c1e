"""A book that nobody tampered with passes every check."""

from __future__ import annotations

import pytest

from runner.verify import CHECKS, all_verdicts, exit_status
from tests.invariants.conftest import ProvenBook


@pytest.mark.parametrize("invariant", CHECKS)
async def test_an_honest_book_holds(proven: ProvenBook, invariant: str) -> None:
    verdict = await proven.verdict(invariant)
    assert verdict.breaks == ()
    assert verdict.unreachable is None


async def test_a_clean_check_anchors_the_chain(proven: ProvenBook) -> None:
    verdicts = [verdict async for verdict in all_verdicts(proven.equipment, replay=False)]
    assert exit_status(verdicts) == 0
    assert "I10" not in {verdict.invariant for verdict in verdicts}
    assert len(proven.equipment.anchors.read()) == 1
