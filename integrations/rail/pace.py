"""How fast the shipped rail works and misbehaves, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RailPace:
    """`overtaken_within` ends the wait of an out-of-order notice that nothing overtakes."""

    settle_delay: float = 0.5
    lost_reply_after: float = 0.2
    slow_for: float = 2.0
    late_by: float = 5.0
    overtaken_within: float = 10.0
    return_after: float = 3.0
    retry_first: float = 0.2
    retry_longest: float = 10.0
