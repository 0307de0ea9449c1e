"""The level instalment with tranches, rates and pauses, against published tables."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.accounts.test_published_events import answer, missed
from tests.vectors import published

NOT_MET = {
    # it counts a tranche of a due date into the balance of that day; fineract-tranches-005 of the
    # same day does not, and the two cannot both be met
    "fineract-unit-03": (2,),
}


@pytest.mark.parametrize("case", published("fineract_unit_emi_calculator.json"))
def test_the_published_levels_come_out(case: dict[str, Any]) -> None:
    answered = answer(case)
    assert "error" not in answered
    assert missed(case, answered) == NOT_MET.get(case["id"], ())
