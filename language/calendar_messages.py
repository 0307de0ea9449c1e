"""What is said where a year of the working calendar is refused or done."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

CALENDAR_MESSAGES: Mapping[str, str] = {
    "calendar.year": N_("The calendar reaches from 2000 to 2100."),
    "calendar.other_year": N_("All days must lie in the year itself."),
    "calendar.no_exception": N_(
        "Only Monday to Friday can be off, and only Saturday and Sunday can be worked instead."
    ),
    "calendar.lines": N_("Please enter one day a line as 2027-02-08, or a stretch of days."),
    "calendar.past": N_("Days that have come stay as they were."),
    "calendar.unchanged": N_("Nothing differs from the calendar that rules now."),
    "calendar.proposed_before": N_("A version of this year already waits for a decision."),
    "calendar.unknown": N_("This version does not exist."),
    "calendar.decided": N_("This version has already been decided. A correction is a new one."),
    "calendar.own_proposal": N_("Another person must decide a year you proposed."),
}
CALENDAR_FLASHES: Mapping[str, str] = {
    "calendar_proposed": N_("The year is proposed; another person decides."),
    "calendar_decided": N_("Your verdict is recorded."),
}
