"""Reading a scorecard's artefact, strictly: a card with one wrong cell is refused whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from domain.scoring.grades import DEFAULTED, GRADES, MasterScale
from domain.scoring.ratios import RATIOS
from domain.scoring.scaling import Scaling
from domain.scoring.scorecard import Characteristic, Scorecard
from domain.strict_data import StrictReader, read_number
from domain.violations import LoanRuleViolation

MALFORMED = "scorecard.malformed"
HORIZON_MONTHS = 12
_ONE, _ROUNDED = Decimal(1), Decimal("0.0001")
_KEYS = frozenset(
    {
        *("id", "version", "kind", "scaling", "base_points", "gaps_max", "characteristics"),
        *("master_scale", "calibration", "reference", "metrics", "provenance"),
    }
)
_CHARACTERISTIC = frozenset(
    {
        *("ratio", "formula", "coefficient", "bounds", "points", "woe", "population"),
        *("gap_points", "core"),
    }
)


def scorecard_from_data(data: object) -> Scorecard:
    """The card an artefact holds. Violations: `scorecard.malformed` with the place."""
    card = StrictReader(data, MALFORMED, "")
    card.only(_KEYS)
    if card.text("kind") != "woe_scorecard":
        raise card.refuse("kind", "unknown_choice")
    scaling = StrictReader(card.raw("scaling"), MALFORMED, "scaling")
    scaling.only(frozenset({"base", "odds", "pdo"}))
    scale, pds = _scale(card.raw("master_scale"))
    return Scorecard(
        id=card.text("id"),
        version=card.text("version"),
        scaling=Scaling(*(scaling.whole(key, 1) for key in ("base", "odds", "pdo"))),
        base_points=card.number("base_points"),
        gaps_max=card.whole("gaps_max"),
        characteristics=_characteristics(card.raw("characteristics")),
        scale=scale,
        pd_by_grade=pds,
    )


def _characteristics(raw: object) -> tuple[Characteristic, ...]:
    if not isinstance(raw, list) or not raw:
        raise _refused("characteristics", "not_a_list")
    found = tuple(_characteristic(item, f"characteristics[{n}]") for n, item in enumerate(raw))
    if len({characteristic.ratio.name for characteristic in found}) != len(found):
        raise _refused("characteristics", "repeated")
    return found


def _characteristic(raw: object, where: str) -> Characteristic:
    cells = StrictReader(raw, MALFORMED, where)
    cells.only(_CHARACTERISTIC)
    ratio = RATIOS.get(cells.text("ratio"))
    if ratio is None:
        raise cells.refuse("ratio", "unknown_choice")
    bounds = _numbers(cells, "bounds")
    points, population = _numbers(cells, "points"), _numbers(cells, "population")
    if not len(points) == len(population) == len(bounds) + 1:
        raise cells.refuse("points", "not_one_a_bin")
    if any(low >= high for low, high in pairwise(bounds)):
        raise cells.refuse("bounds", "not_rising")
    rising = points if ratio.higher_is_safer else points[::-1]
    if any(low > high for low, high in pairwise(rising)):
        raise cells.refuse("points", "not_monotone")
    if min(population) < 0 or abs(sum(population, -_ONE)) > _ROUNDED:
        raise cells.refuse("population", "not_shares")
    gap = cells.number("gap_points")
    return Characteristic(ratio, bounds, points, population, gap, cells.flag("core"))


def _scale(raw: object) -> tuple[MasterScale, Mapping[str, Decimal]]:
    """Upper bounds of the probability, rising from grade to grade, and each grade's own."""
    cells = StrictReader(raw, MALFORMED, "master_scale")
    cells.only(frozenset({"version", "grades"}))
    rows = cells.raw("grades")
    if not isinstance(rows, list):
        raise _refused("master_scale.grades", "not_a_list")
    read = [StrictReader(row, MALFORMED, f"master_scale.grades[{n}]") for n, row in enumerate(rows)]
    for row in read:
        row.only(frozenset({"grade", "pd_max", "pd"}))
    limits = tuple((row.text("grade"), row.number("pd_max")) for row in read)
    if tuple(grade for grade, _ in limits) != GRADES[:-1]:
        raise _refused("master_scale.grades", "unknown_choice")
    if any(one >= other for (_, one), (_, other) in pairwise(limits)):
        raise _refused("master_scale.grades", "not_rising")
    own = {row.text("grade"): row.number("pd") for row in read}
    last = (DEFAULTED, Decimal(1))
    scale = MasterScale(cells.text("version"), HORIZON_MONTHS, (*limits, last))
    return scale, own | {DEFAULTED: Decimal(1)}


def _numbers(cells: StrictReader, key: str) -> tuple[Decimal, ...]:
    raw = cells.raw(key)
    values = [read_number(cell) for cell in raw] if isinstance(raw, Sequence) else [None]
    numbers = tuple(value for value in values if value is not None)
    if len(numbers) != len(values):
        raise cells.refuse(key, "not_numbers")
    return numbers


def _refused(where: str, problem: str) -> LoanRuleViolation:
    return LoanRuleViolation(MALFORMED, where=where, problem=problem)
