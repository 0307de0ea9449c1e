"""Whether an enterprise counts as micro or small: rules on fees protect those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.applications import ApplicationFacts
from domain.money import Currency


@dataclass(frozen=True, slots=True)
class MediumFloor:
    """What a medium enterprise has at least, all of it. None where the measure does not count.

    Unit: people; ten thousand yuan (万元).
    """

    employees: int | None = None
    revenue: int | None = None
    assets: int | None = None


_PRODUCING = MediumFloor(employees=300, revenue=2_000)
_OTHERWISE = MediumFloor(employees=100)
MEDIUM_FLOORS: Mapping[str, tuple[MediumFloor, ...]] = {
    "A": (MediumFloor(revenue=500),),
    "B": (_PRODUCING,),
    "C": (_PRODUCING,),
    "D": (_PRODUCING,),
    "E": (MediumFloor(revenue=6_000, assets=5_000),),
    "F": (MediumFloor(employees=20, revenue=5_000), MediumFloor(employees=50, revenue=500)),
    "G": (
        MediumFloor(employees=300, revenue=3_000),
        MediumFloor(employees=100, revenue=1_000),
        MediumFloor(employees=300, revenue=2_000),
    ),
    "H": (MediumFloor(employees=100, revenue=2_000),),
    "I": (MediumFloor(employees=100, revenue=1_000),),
    "K": (MediumFloor(revenue=1_000, assets=5_000), MediumFloor(employees=300, revenue=1_000)),
    "L": (MediumFloor(employees=100, assets=8_000),),
}
"""By section of GB/T 4754; a section that is split has the floors of each of its parts.

Source: 工信部联企业〔2011〕300号, article 4; sections it does not name count as "others".
"""
_UNIT = Decimal(10_000)


def is_micro_or_small(facts: ApplicationFacts) -> bool:
    """Whether the enterprise is below what a medium one has.

    Only figures that are known are judged; amounts in another currency than yuan are not. Where a
    section's parts differ the enterprise is small if it is so in any: the protection is meant.
    """
    floors = MEDIUM_FLOORS.get(facts.industry, (_OTHERWISE,))
    return any(_is_below(floor, facts) for floor in floors)


def _is_below(floor: MediumFloor, facts: ApplicationFacts) -> bool:
    sheet = facts.statements[0] if facts.statements and facts.currency == Currency.CNY else None
    pairs = (
        (facts.employees, floor.employees),
        (sheet.revenue / _UNIT if sheet else None, floor.revenue),
        (sheet.total_assets / _UNIT if sheet else None, floor.assets),
    )
    return any(has is not None and least is not None and has < least for has, least in pairs)
