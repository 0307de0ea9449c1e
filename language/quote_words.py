"""The words of a schedule's terms."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

QUOTE_WORDS: Mapping[str, Mapping[str, str]] = {
    "schedule_method": {
        "equal_instalment": N_("Equal instalment"),
        "equal_principal": N_("Equal principal"),
        "interest_first_bullet": N_("Interest first, bullet"),
        "maturity": N_("All at maturity"),
        "balloon": N_("Balloon"),
        "step_up": N_("Step-up"),
        "custom": N_("Agreed rows"),
        "flat": N_("Flat interest"),
    },
    "period_unit": {
        "day": N_("Day"),
        "week": N_("Week"),
        "month": N_("Month"),
        "quarter": N_("Quarter"),
        "year": N_("Year"),
    },
    "rounding_mode": {
        "half_up": N_("Up"),
        "half_even": N_("To the even cent"),
    },
    "month_end": {
        "last_day": N_("Last day of the month"),
        "first_of_next": N_("First day of the next month"),
    },
    "holiday_rule": {
        "none": N_("Stays where it is"),
        "following": N_("Next working day"),
    },
}
