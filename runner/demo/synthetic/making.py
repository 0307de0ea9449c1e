"""Making a book of synthetic firms from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    organisation_check_character,
    uscc_check_character,
)
from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import Fraud, Oddity, SyntheticFirm
from runner.demo.synthetic.happenings import events_of
from runner.demo.synthetic.names import (
    DIVISIONS,
    GROUP_WORD,
    PLACES,
    TRADES_BY_WEIGHT,
    Trade,
    brand,
    company_name,
    person_name,
)
from runner.demo.synthetic.relations import MEMBERS, Owner, Place, holdings_of, place_of
from runner.demo.synthetic.sheets import years_of

SEED = "corploan-2026"
YEARS = 3
FRAUD_EVERY = 29
LOOK_ALIKE = (60, 61)
"""The second of these has the first one's name in full-width letters: two firms, one look."""
_LETTERS = ("ABC", "ＡＢＣ")
_ORGANISATION = "MA1N"
# Yuan of assets at the opening, from and to, for each size; small firms are the most.
_SIZES = (
    ("micro", 350, 1_500_000, 9_000_000),
    ("small", 350, 9_000_000, 60_000_000),
    ("medium", 220, 60_000_000, 400_000_000),
    ("large", 80, 400_000_000, 4_000_000_000),
)
_BASE_36 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def synthetic_firms(count: int, today: date, seed: str = SEED) -> tuple[SyntheticFirm, ...]:
    """So many firms with the three years that are filed by `today`.

    The same arguments give the same firms, to the last byte; more firms leave the first ones as
    they are. Chance: none, see `Dice`.
    """
    return tuple(_firms(count, today, Dice(seed)))


def _firms(count: int, today: date, dice: Dice) -> Iterator[SyntheticFirm]:
    for serial in range(count):
        yield _firm(dice, serial, today)


def registration_number(dice: Dice, serial: int) -> RegistrationNumber:
    """A unified social credit code of a kind that is given to enterprises, with both checks."""
    organisation = _ORGANISATION + _in_base(serial, 4)
    check = organisation_check_character(organisation)
    code = f"91{_division(dice, serial)}{organisation}{check}"
    return RegistrationNumber(RegistrationScheme.CN_USCC, code + uscc_check_character(code))


def _in_base(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(_BASE_36))
        digits = _BASE_36[digit] + digits
    return digits


def _division(dice: Dice, serial: int) -> str:
    return _own(dice, serial).pick("division", DIVISIONS)


def _own(dice: Dice, serial: int) -> Dice:
    return dice.of(f"firm {serial}")


def _trade(dice: Dice, serial: int) -> Trade:
    return _own(dice, serial).pick("trade", TRADES_BY_WEIGHT)


def _name(dice: Dice, serial: int) -> str:
    """Firms of a group share the brand of their parent, each in a place of its own."""
    place = place_of(serial)
    first = serial - place.member if place.member is not None else serial
    throws = _own(dice, first)
    of = brand(first)
    where = PLACES[(throws.below("place", len(PLACES)) + (place.member or 0)) % len(PLACES)]
    if serial in LOOK_ALIKE:
        throws, of = _own(dice, LOOK_ALIKE[0]), brand(LOOK_ALIKE[0])
        where = throws.pick("place", PLACES)
        return company_name(where, of + _LETTERS[LOOK_ALIKE.index(serial)], "电子元件")
    if place.member == 0 and not place.is_one_person and not place.is_ring:
        return company_name(where, of, GROUP_WORD)
    word = _own(dice, serial).pick("word", _trade(dice, serial).words)
    return company_name(where, of, word)


def _members(dice: Dice, serial: int, place: Place) -> tuple[Owner, ...]:
    if place.member is None:
        return ()
    first = serial - place.member
    serials = range(first, first + MEMBERS)
    return tuple(Owner(_name(dice, one), registration_number(dice, one)) for one in serials)


def _quality(dice: Dice, serial: int) -> int:
    """0 to 1000; a group's members lie near each other, and few firms at either end."""
    throws, place = _own(dice, serial), place_of(serial)
    if place.group is None:
        return (throws.below("quality", 1001) + throws.below("quality again", 1001)) // 2
    shared = dice.of(f"group {place.group}").between("quality", 150, 850)
    return min(max(shared + throws.between("quality", -150, 150), 0), 1000)


def _firm(dice: Dice, serial: int, today: date) -> SyntheticFirm:
    throws, place = _own(dice, serial), place_of(serial)
    trade, quality = _trade(dice, serial), _quality(dice, serial)
    size, assets = _size(throws)
    fraud = _fraud(serial)
    head = person_name(throws, "head")
    controller = head if place.group is None else _boss(dice, place)
    last_year = today.year - (1 if (today.month, today.day) > (5, 31) else 2)
    strength = max(quality, 620) if fraud else quality
    years = years_of(throws, trade, assets * 100, strength, last_year, YEARS, fraud)
    return SyntheticFirm(
        serial=serial,
        number=registration_number(dice, serial),
        name=_name(dice, serial),
        industry=trade.section,
        division=_division(dice, serial),
        size=size,
        established_on=today - timedelta(days=throws.between("age", 4 * 365, 28 * 365)),
        legal_representative=head,
        controller=controller,
        employees=max(assets // throws.between("heads", 150_000, 700_000), 4),
        quality=quality,
        years=years,
        holdings=holdings_of(throws, place, head, controller, _members(dice, serial, place)),
        events=events_of(throws.of("events"), years, quality, head, today),
        group=_group_name(dice, serial, place),
        fraud=fraud,
        oddity=_oddity(serial, place),
    )


def _boss(dice: Dice, place: Place) -> str:
    return person_name(dice.of(f"group {place.group}"), "controller")


def _group_name(dice: Dice, serial: int, place: Place) -> str | None:
    if place.member is None:
        return None
    first = serial - place.member
    return f"{brand(first)}系"


def _size(throws: Dice) -> tuple[str, int]:
    """The size and the opening assets in whole yuan."""
    left = throws.below("size", 1000)
    for size, weight, low, high in _SIZES:
        if left < weight:
            return size, throws.between("assets", low, high)
        left -= weight
    raise AssertionError("the sizes make up a thousand")


def _fraud(serial: int) -> Fraud | None:
    turn, within = divmod(serial, FRAUD_EVERY)
    if within != FRAUD_EVERY - 1:
        return None
    return tuple(Fraud)[turn % len(Fraud)]


def _oddity(serial: int, place: Place) -> Oddity | None:
    if serial == LOOK_ALIKE[1]:
        return Oddity.LOOK_ALIKE
    return Oddity.CROSS_HOLDING if place.is_ring else None
