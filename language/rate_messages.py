"""What is said where a fixing or a floating rate is refused."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

RATE_MESSAGES: Mapping[str, str] = {
    "rate.no_fixing": N_("The index %(index)s has no fixing on %(day)s."),
    "rate.unknown_index": N_("The bank does not know this index."),
    "rate.unknown_fixing": N_("This fixing does not exist."),
    "rate.range": N_("A fixing is from -100 %% to 100 %% a year."),
    "rate.dates": N_("A fixing takes effect on or after its publication, until 2100 at most."),
    "rate.proposed_before": N_("A fixing of this index and day already waits for a decision."),
    "rate.decided": N_("This fixing has already been decided. A correction is a new fixing."),
    "rate.own_proposal": N_("Another person must decide a fixing you proposed."),
    "rate.index_code": N_(
        "The code is two to forty capital letters, digits and underscores, a letter first."
    ),
    "rate.index_known": N_("The bank knows an index of this code already."),
    "rate.margin_range": N_("The margin is beyond what the bank agrees to."),
    "rate.points": N_(
        "The rate floats over an index of %(index)s %%: please enter whole basis points over it."
    ),
    "rate.beyond_collar": N_("The contract's cap and floor do not allow this rate."),
    "rate.cap_below_floor": N_("The cap must not lie below the floor."),
    "rate.floating_malformed": N_("The terms of the floating rate cannot be read."),
    "rate.beyond_calendar": N_("Rates are set until 2100 only."),
}

RATE_WORDS: Mapping[str, Mapping[str, str]] = {
    "fixing_status": {
        "proposed": N_("Waits for a verdict"),
        "approved": N_("Approved"),
        "rejected": N_("Rejected"),
    },
    "repricing": {
        "1m": N_("Monthly"),
        "3m": N_("Quarterly"),
        "6m": N_("Half-yearly"),
        "12m": N_("Yearly"),
        "new_year": N_("Each 1 January"),
    },
}
RATE_FLASHES: Mapping[str, str] = {
    "rate_fixing_added": N_("The fixing is proposed; another person decides."),
    "rate_index_added": N_("The index is added."),
    "rate_decided": N_("Your verdict is recorded."),
}
