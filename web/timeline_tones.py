"""The colour of a step on the timeline, by what its action says; the sentence says it too."""

from __future__ import annotations

from collections.abc import Mapping

from domain.process import NodeColour

_ENDINGS: Mapping[str, NodeColour] = {
    "overdue": NodeColour.RED,
    "timed_out": NodeColour.RED,
    "declined": NodeColour.RED,
    "refused": NodeColour.RED,
    "rejected": NodeColour.RED,
    "failed": NodeColour.RED,
    "expired": NodeColour.RED,
    "cancelled": NodeColour.RED,
    "stopped": NodeColour.RED,
    "blocked": NodeColour.RED,
    "reminded": NodeColour.AMBER,
    "escalated": NodeColour.AMBER,
    "next_level": NodeColour.AMBER,
    "unknown": NodeColour.AMBER,
    "pending": NodeColour.AMBER,
    "suspense": NodeColour.AMBER,
    "extended": NodeColour.AMBER,
    "submitted": NodeColour.GREEN,
    "signed": NodeColour.GREEN,
    "answered": NodeColour.GREEN,
    "met": NodeColour.GREEN,
    "reviewed": NodeColour.GREEN,
    "rechecked": NodeColour.GREEN,
    "settled": NodeColour.GREEN,
    "effective": NodeColour.GREEN,
    "posted": NodeColour.GREEN,
    "drawn": NodeColour.GREEN,
    "approved": NodeColour.GREEN,
    "applied": NodeColour.GREEN,
    "lapsed": NodeColour.AMBER,
    "proposed": NodeColour.BLUE,
    "recorded": NodeColour.BLUE,
    "made": NodeColour.BLUE,
    "received": NodeColour.BLUE,
}
_WHOLE: Mapping[str, NodeColour] = {
    "supplement.requested": NodeColour.AMBER,
    "incident.opened": NodeColour.AMBER,
}


def tone_of(action: str) -> str:
    """The colour's name; grey for what is neither good nor bad."""
    family, _, ending = action.partition(".")
    if family == "refused":
        return NodeColour.RED.value
    return _WHOLE.get(action, _ENDINGS.get(ending, NodeColour.GREY)).value
