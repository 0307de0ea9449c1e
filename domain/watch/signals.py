"""The early-warning catalogue (预警信号): what counts as a signal, how grave, whose, by when.

The catalogue is data under a version; a signal's condition is a comparison of named facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.people import Role
from domain.strict_data import StrictReader
from domain.watch.facts import FACTS, FactKind, FactValue, WatchFacts

_CODE = "watch.malformed"


class Colour(StrEnum):
    """How grave a signal is, the gravest first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def gravity(self) -> int:
        """4 for red to 1 for blue."""
        return 4 - tuple(Colour).index(self)


class Assessment(StrEnum):
    """What looking at one signal came to. A gap in the facts is never a clear result."""

    FIRES = "fires"
    CLEAR = "clear"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one fact: `above` and `below` exclude their bound, the others include it.

    A flag is compared with `wanted`. Unit: the fact's own.
    """

    fact: str
    above: Decimal | None = None
    at_least: Decimal | None = None
    up_to: Decimal | None = None
    wanted: bool | None = None

    def holds(self, value: FactValue) -> bool:
        """Whether a value meets every bound given."""
        if isinstance(value, bool) or self.wanted is not None:
            return value is self.wanted
        return (
            (self.above is None or value > self.above)
            and (self.at_least is None or value >= self.at_least)
            and (self.up_to is None or value <= self.up_to)
        )


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal of the catalogue.

    `actual`: it tells of a default that happened, not of one that may. `freezes_undrawn`: while
    it stands, nothing undrawn is paid out. `ladder` names the rung of the deterioration ladder it
    proposes. `evidence` names what its closure must prove. `working_days` is its owner's time.
    """

    id: str
    colour: Colour
    actual: bool
    conditions: tuple[Condition, ...]
    source: str
    owner: Role
    working_days: int
    freezes_undrawn: bool
    evidence: str
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One signal looked at: its result, the facts it fired on, or those that are missing."""

    signal: Signal
    result: Assessment
    fired_on: Mapping[str, FactValue]
    basis: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignalCatalogue:
    """One version of the catalogue."""

    version: str
    effective_on: date
    signals: tuple[Signal, ...]

    def named(self, signal_id: str) -> Signal | None:
        """The signal of an id."""
        return next((each for each in self.signals if each.id == signal_id), None)


def assess(catalogue: SignalCatalogue, facts: WatchFacts) -> tuple[Reading, ...]:
    """Look at every signal. One whose facts are not all known and that does not fire on the
    known ones is not assessable, with what is missing.
    """
    return tuple(_read(signal, facts) for signal in catalogue.signals)


def _read(signal: Signal, facts: WatchFacts) -> Reading:
    known = {c.fact: facts.values[c.fact] for c in signal.conditions if c.fact in facts.values}
    fired = {c.fact: known[c.fact] for c in signal.conditions if _fires(c, known)}
    missing = tuple(sorted({c.fact for c in signal.conditions} - set(known)))
    if fired:
        basis = ";".join(f"{name}:{facts.basis.get(name, '')}" for name in sorted(fired))
        return Reading(signal, Assessment.FIRES, fired, basis, missing)
    result = Assessment.NOT_ASSESSABLE if missing else Assessment.CLEAR
    return Reading(signal, result, {}, "", missing)


def _fires(condition: Condition, known: Mapping[str, FactValue]) -> bool:
    return condition.fact in known and condition.holds(known[condition.fact])


def catalogue_from_data(data: object) -> SignalCatalogue:
    """Read one version strictly. Violation: `watch.malformed` with the place."""
    reader = StrictReader(data, _CODE, "catalogue")
    reader.only(frozenset({"version", "effective_on", "signals"}))
    rows = reader.raw("signals")
    if not isinstance(rows, list) or not rows:
        raise reader.refuse("signals", "not_a_list")
    signals = tuple(_signal(row, n) for n, row in enumerate(rows))
    if len({signal.id for signal in signals}) < len(signals):
        raise reader.refuse("signals", "repeated")
    effective_on = reader.choice("effective_on", date.fromisoformat)
    return SignalCatalogue(reader.text("version"), effective_on, signals)


_REQUIRED = frozenset(
    {
        "id",
        "colour",
        "actual",
        "any",
        "source",
        "owner",
        "working_days",
        "freezes_undrawn",
        "evidence",
    }
)


def _signal(data: object, n: int) -> Signal:
    reader = StrictReader(data, _CODE, f"signals[{n}]")
    reader.only(_REQUIRED, frozenset({"ladder"}))
    rows = reader.raw("any")
    if not isinstance(rows, list) or not rows:
        raise reader.refuse("any", "not_a_list")
    return Signal(
        id=reader.text("id"),
        colour=reader.choice("colour", Colour),
        actual=reader.flag("actual"),
        conditions=tuple(_condition(row, f"signals[{n}].any") for row in rows),
        source=reader.text("source"),
        owner=reader.choice("owner", Role),
        working_days=reader.whole("working_days", 1),
        freezes_undrawn=reader.flag("freezes_undrawn"),
        evidence=reader.text("evidence"),
        ladder=reader.text("ladder") if reader.has("ladder") else None,
    )


def _condition(data: object, where: str) -> Condition:
    reader = StrictReader(data, _CODE, where)
    reader.only(frozenset({"fact"}), frozenset({"above", "at_least", "up_to", "is"}))
    fact = reader.text("fact")
    kind = FACTS.get(fact)
    if kind is None or (kind is FactKind.FLAG) != reader.has("is"):
        raise reader.refuse("fact", "unknown_choice")
    if kind is FactKind.FLAG:
        return Condition(fact, wanted=reader.flag("is"))
    if not any(reader.has(name) for name in ("above", "at_least", "up_to")):
        raise reader.refuse("fact", "missing")
    return Condition(
        fact, _bound(reader, "above"), _bound(reader, "at_least"), _bound(reader, "up_to")
    )


def _bound(reader: StrictReader, name: str) -> Decimal | None:
    return reader.number(name) if reader.has(name) else None
