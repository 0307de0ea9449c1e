"""Who owns the firms: single owners, groups under one parent or one person, and a ring or two."""

from __future__ import annotations

from dataclasses import dataclass

from domain.identifiers import RegistrationNumber
from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import Holding
from runner.demo.synthetic.names import person_name

ALL = 10_000
GROUP_EVERY = 11
"""Of so many firms in a row the last four are a group; every fifth group holds itself in a ring."""
MEMBERS = 4
RING_EVERY = 5
ONE_PERSON_EVERY = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a firm stands: `member` 0 is the parent. Both None for a firm of its own."""

    group: int | None = None
    member: int | None = None

    @property
    def is_ring(self) -> bool:
        """Whether the group's firms hold each other in a circle."""
        return self.group is not None and self.group % RING_EVERY == RING_EVERY - 1

    @property
    def is_one_person(self) -> bool:
        """Whether the members have no parent but one person behind them."""
        return self.group is not None and not self.is_ring and self.group % ONE_PERSON_EVERY == 2


def place_of(serial: int) -> Place:
    """Where the firm of a serial number stands."""
    group, within = divmod(serial, GROUP_EVERY)
    member = within - (GROUP_EVERY - MEMBERS)
    return Place(group, member) if member >= 0 else Place()


@dataclass(frozen=True, slots=True)
class Owner:
    """A firm as the one who holds another."""

    name: str
    number: RegistrationNumber


def holdings_of(
    dice: Dice, place: Place, head: str, controller: str, members: tuple[Owner, ...]
) -> tuple[Holding, ...]:
    """The owners of a firm, together all of it. `members` are the firms of its group, if any."""
    if place.member is None or place.is_one_person:
        return _people(dice, controller)
    if place.is_ring:
        before = members[(place.member - 1) % len(members)]
        share = dice.between("ring", 2500, 3400)
        return (Holding(before.name, share, before.number), Holding(controller, ALL - share))
    if place.member == 0:
        return _people(dice, controller)
    share = dice.between("parent", 5100, ALL)
    parent = Holding(members[0].name, share, members[0].number)
    return (parent,) if share == ALL else (parent, Holding(head, ALL - share))


def _people(dice: Dice, controller: str) -> tuple[Holding, ...]:
    share = dice.between("controller", 5100, 9000)
    second = dice.between("second", 0, ALL - share)
    names = [controller]
    while len(names) < 3:
        name = person_name(dice, f"owner {len(names)}")
        names.append(name if name not in names else f"{name}明")
    shares = (share, second, ALL - share - second)
    return tuple(Holding(name, part) for name, part in zip(names, shares, strict=True) if part)
