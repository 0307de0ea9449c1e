"""The deterioration ladder (恶化阶梯): what a lower grade proposes to the loans concerned.

Nothing here takes effect by itself: each measure is proposed, approved by another person, told to
the customer and then applied. Easing after a recovery needs the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.scoring import GRADES
from domain.strict_data import StrictReader

_CODE = "watch.malformed"
_BP_MAX = 500


class MeasureKind(StrEnum):
    """What may be proposed. The first group is of one loan, the second of the customer."""

    MARGIN_STEP = "margin_step"
    CUT_UNDRAWN = "cut_undrawn"
    FREEZE_UNDRAWN = "freeze_undrawn"
    FASTER_AMORTISATION = "faster_amortisation"
    ACCELERATE = "accelerate"
    MARGIN_BACK = "margin_back"
    UNFREEZE = "unfreeze"
    REVIEW = "review"
    EXTRA_COLLATERAL = "extra_collateral"
    EXIT_PLAN = "exit_plan"
    OFFSET = "offset"
    LITIGATION = "litigation"


OF_A_LOAN = frozenset(
    {
        MeasureKind.MARGIN_STEP,
        MeasureKind.CUT_UNDRAWN,
        MeasureKind.FREEZE_UNDRAWN,
        MeasureKind.FASTER_AMORTISATION,
        MeasureKind.ACCELERATE,
        MeasureKind.MARGIN_BACK,
        MeasureKind.UNFREEZE,
    }
)
OF_UNDRAWN = frozenset({MeasureKind.CUT_UNDRAWN, MeasureKind.FREEZE_UNDRAWN})
_STRONGER = {MeasureKind.FREEZE_UNDRAWN: MeasureKind.CUT_UNDRAWN}
"""A frozen commitment needs no cut."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `bp` in basis points, `share` a fraction of what is undrawn, `days` calendar.

    `clause` names the clause of the contract that allows it.
    """

    kind: MeasureKind
    clause: str
    bp: int = 0
    share: Decimal = Decimal(0)
    days: int = 0


@dataclass(frozen=True, slots=True)
class Rung:
    """When its measures are proposed: by how many notches the grade fell (below zero: rose), or
    by the grade it fell to."""

    id: str
    measures: tuple[Measure, ...]
    notches_from: int | None = None
    notches_to: int | None = None
    grade_at_most: str | None = None

    def reached(self, old: str, new: str) -> bool:
        """Whether a move from one grade to another comes to this rung."""
        fell = notches_down(old, new)
        if self.grade_at_most is not None:
            floor = GRADES.index(self.grade_at_most)
            return GRADES.index(old) < floor <= GRADES.index(new)
        if self.notches_from is None or self.notches_to is None:
            return False
        return self.notches_from <= fell <= self.notches_to


@dataclass(frozen=True, slots=True)
class Ladder:
    """One version of the ladder."""

    version: str
    effective_on: date
    rungs: tuple[Rung, ...]

    def named(self, rung_id: str) -> Rung | None:
        """The rung of an id."""
        return next((rung for rung in self.rungs if rung.id == rung_id), None)


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """What of a loan decides which measures concern it."""

    outstanding: Decimal
    undrawn: Decimal
    instalments_left: int
    is_accelerated: bool = False
    frozen: bool = False
    stepped_bp: int = 0
    """Basis points that earlier measures added and nobody took back."""


def notches_down(old: str, new: str) -> int:
    """By how many notches a grade fell; below zero where it rose."""
    return GRADES.index(new) - GRADES.index(old)


def measures_for(ladder: Ladder, old: str, new: str) -> tuple[tuple[str, Measure], ...]:
    """Every measure a move from one grade to another proposes, with its rung, weaker ones left
    out where a stronger one covers them."""
    found = [(r.id, m) for r in ladder.rungs if r.reached(old, new) for m in r.measures]
    covered = {_STRONGER[m.kind] for _, m in found if m.kind in _STRONGER}
    return tuple((rung, m) for rung, m in found if m.kind not in covered)


def concerns(measure: Measure, loan: LoanStanding) -> bool:
    """Whether a measure of a loan has anything to act on."""
    return concerns_kind(measure.kind, loan)


def concerns_kind(kind: MeasureKind, loan: LoanStanding) -> bool:
    """Whether a kind of measure has anything to act on at a loan."""
    if kind in OF_UNDRAWN:
        return loan.undrawn > 0 and not loan.frozen
    if kind is MeasureKind.UNFREEZE:
        return loan.frozen
    if loan.outstanding <= 0:
        return False
    if kind is MeasureKind.MARGIN_BACK:
        return loan.stepped_bp > 0
    if kind is MeasureKind.FASTER_AMORTISATION:
        return loan.instalments_left > 1 and not loan.is_accelerated
    return kind is not MeasureKind.ACCELERATE or not loan.is_accelerated


def ladder_from_data(data: object) -> Ladder:
    """Read one version strictly. Violation: `watch.malformed` with the place."""
    reader = StrictReader(data, _CODE, "ladder")
    reader.only(frozenset({"version", "effective_on", "rungs"}))
    rows = reader.raw("rungs")
    if not isinstance(rows, list) or not rows:
        raise reader.refuse("rungs", "not_a_list")
    rungs = tuple(_rung(row, n) for n, row in enumerate(rows))
    return Ladder(reader.text("version"), reader.choice("effective_on", date.fromisoformat), rungs)


def _rung(data: object, n: int) -> Rung:
    reader = StrictReader(data, _CODE, f"rungs[{n}]")
    by_notches = frozenset({"notches_from", "notches_to"})
    reader.only(frozenset({"id", "measures"}), by_notches | {"grade_at_most"})
    rows = reader.raw("measures")
    if not isinstance(rows, list) or not rows:
        raise reader.refuse("measures", "not_a_list")
    has_grade = reader.has("grade_at_most")
    if has_grade == reader.has("notches_from") or has_grade == reader.has("notches_to"):
        raise reader.refuse("notches_from", "missing")
    if has_grade and reader.text("grade_at_most") not in GRADES:
        raise reader.refuse("grade_at_most", "unknown_choice")
    return Rung(
        reader.text("id"),
        tuple(_measure(row, f"rungs[{n}].measures") for row in rows),
        None if has_grade else reader.whole("notches_from", -len(GRADES)),
        None if has_grade else reader.whole("notches_to", -len(GRADES)),
        reader.text("grade_at_most") if has_grade else None,
    )


def _measure(data: object, where: str) -> Measure:
    reader = StrictReader(data, _CODE, where)
    reader.only(frozenset({"kind", "clause"}), frozenset({"bp", "share", "days"}))
    kind = reader.choice("kind", MeasureKind)
    if (kind is MeasureKind.MARGIN_STEP) != reader.has("bp"):
        raise reader.refuse("bp", "missing")
    bp = reader.whole("bp", 1) if reader.has("bp") else 0
    if bp > _BP_MAX:
        raise reader.refuse("bp", "too_large")
    share = reader.number("share") if reader.has("share") else Decimal(0)
    if (kind is MeasureKind.CUT_UNDRAWN) != (0 < share <= 1):
        raise reader.refuse("share", "out_of_range")
    days = reader.whole("days", 1) if reader.has("days") else 0
    return Measure(kind, reader.text("clause"), bp, share, days)
