"""Two years of what happens to a firm: statements filed by everyone, trouble more for the weak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import EventKind, FirmEvent, Year
from runner.demo.synthetic.names import person_name

DAYS = 730
_FILED_AFTER = (100, 150)  # days after the year's end
_COURTS = ("江州市中级人民法院", "澜州市人民法院", "屿城区人民法院")

# Per mille in two years: for the strongest firm, and what the weakest has on top.
_LIKELY: Mapping[EventKind, tuple[int, int]] = {
    EventKind.OWNER_CHANGE: (60, 120),
    EventKind.COURT_CASE: (40, 420),
    EventKind.LICENCE_EXPIRED: (50, 80),
    EventKind.ADDRESS_CHANGE: (60, 60),
    EventKind.HEAD_CHANGE: (50, 110),
    EventKind.EQUITY_PLEDGE: (20, 220),
    EventKind.TAX_ARREARS: (5, 260),
}


def events_of(
    dice: Dice, years: Sequence[Year], quality: int, head: str, today: date
) -> tuple[FirmEvent, ...]:
    """The events of the two years up to `today`, the oldest first."""
    first = today - timedelta(days=DAYS)
    filed = (_filed(dice.of(year.statement.year), year) for year in years)
    found = [event for event in filed if first <= event.on <= today]
    for kind, (least, more) in _LIKELY.items():
        throws = dice.of(kind)
        if throws.chance("happens", least + more * (1000 - quality) // 1000):
            on = first + timedelta(days=throws.below("day", DAYS))
            found.append(FirmEvent(on, kind, _FACTS[kind](throws, head, years)))
    return tuple(sorted(found, key=lambda event: (event.on, event.kind)))


def _filed(dice: Dice, year: Year) -> FirmEvent:
    ended = year.statement.ended_on or date(year.statement.year, 12, 31)
    on = ended + timedelta(days=dice.between("filed", *_FILED_AFTER))
    facts = {"year": str(year.statement.year)}
    return FirmEvent(on, EventKind.STATEMENT_FILED, facts)


def _owner(dice: Dice, _head: str, _years: Sequence[Year]) -> dict[str, str]:
    return {
        "seller": person_name(dice, "seller"),
        "buyer": person_name(dice, "buyer"),
        "basis_points": str(dice.between("share", 500, 3000)),
    }


def _court(dice: Dice, _head: str, years: Sequence[Year]) -> dict[str, str]:
    revenue = int(years[-1].statement.lines["revenue"])
    return {
        "court": dice.pick("court", _COURTS),
        "amount": f"{revenue * dice.between('claim', 5, 80) // 1000}.00",
        "role": dice.pick("role", ("defendant", "plaintiff")),
    }


def _licence(dice: Dice, _head: str, _years: Sequence[Year]) -> dict[str, str]:
    return {"licence": dice.pick("licence", ("business_permit", "safety_permit"))}


def _address(dice: Dice, _head: str, _years: Sequence[Year]) -> dict[str, str]:
    road = dice.pick("road", ("滨江路", "科创大道", "兴业路", "迎宾大道"))
    return {"address": f"{road}{dice.between('number', 1, 399)}号"}


def _head(dice: Dice, head: str, _years: Sequence[Year]) -> dict[str, str]:
    return {"before": person_name(dice, "before"), "after": head}


def _pledge(dice: Dice, _head: str, _years: Sequence[Year]) -> dict[str, str]:
    return {"basis_points": str(dice.between("share", 1000, 6000))}


def _arrears(dice: Dice, _head: str, _years: Sequence[Year]) -> dict[str, str]:
    return {"amount": f"{dice.between('amount', 20, 900) * 1000}.00"}


_FACTS: Mapping[EventKind, Callable[[Dice, str, Sequence[Year]], dict[str, str]]] = {
    EventKind.OWNER_CHANGE: _owner,
    EventKind.COURT_CASE: _court,
    EventKind.LICENCE_EXPIRED: _licence,
    EventKind.ADDRESS_CHANGE: _address,
    EventKind.HEAD_CHANGE: _head,
    EventKind.EQUITY_PLEDGE: _pledge,
    EventKind.TAX_ARREARS: _arrears,
}
