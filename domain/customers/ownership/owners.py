"""The beneficial owners (受益所有人) and the controller of a firm, and why each is one.

Source: 受益所有人信息管理办法 (in force since 20 January 2026): who has 25 % or more of the shares,
proceeds or votes, or actual control, alone or through others; where nobody has, the manager in
charge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.customers.dossier.parties import Party, person_key
from domain.customers.dossier.sections import PartyKind
from domain.customers.ownership.circles import Circle, circles
from domain.customers.ownership.control import chain_to, controlled_by, controllers_of, votes_in
from domain.customers.ownership.graph import Ownership
from domain.customers.ownership.lookthrough import look_through

BENEFICIAL = Fraction(25, 100)
"""From this share on a natural person is a beneficial owner; this share itself counts."""


class OwnerBasis(StrEnum):
    """Why somebody is a beneficial owner."""

    SHARES = "shares"
    VOTES = "votes"
    CONTROL = "control"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """A natural person behind a firm. `share` is effective, None where not determined."""

    party: Party
    share: Fraction | None
    bases: tuple[OwnerBasis, ...]


@dataclass(frozen=True, slots=True)
class Stake:
    """A party above a firm: its direct and its effective share, and the votes it commands."""

    party: Party
    direct: Fraction
    effective: Fraction | None
    votes: Fraction


@dataclass(frozen=True, slots=True)
class OwnershipPicture:
    """Everything that is found out about who stands behind a firm.

    `unknown` is the direct share nobody is named for, `group` the firms under the same control.
    """

    stakes: tuple[Stake, ...]
    beneficial_owners: tuple[BeneficialOwner, ...]
    controller: Party | None
    declared: tuple[Party, ...]
    chain: tuple[Party, ...]
    group: tuple[Party, ...]
    circles: tuple[Circle, ...]
    unknown: Fraction

    @property
    def controller_differs(self) -> bool:
        """Whether somebody else is declared as controller than the majorities show."""
        return (
            self.controller is not None
            and bool(self.declared)
            and (self.controller.key not in {party.key for party in self.declared})
        )


def picture_of(
    graph: Ownership,
    target: str,
    declared: Iterable[Party] = (),
    managers: Iterable[tuple[str, str]] = (),
) -> OwnershipPicture:
    """What the graph says of a firm.

    `declared` are the controllers the dossier names, `managers` the persons in charge by name
    and last four, the first of whom counts where nobody else does.
    """
    named = tuple(declared)
    stakes = _stakes(graph, target)
    tops = controllers_of(graph, target)
    controller = graph.parties[tops[0]] if tops else None
    shown = _owners(stakes, controller, named)
    known = sum((one.share for one in graph.holders_of(target)), Fraction(0))
    return OwnershipPicture(
        stakes=stakes,
        beneficial_owners=shown or _in_charge(managers),
        controller=controller,
        declared=named,
        chain=_chain(graph, controller, target),
        group=_group(graph, controller, target),
        circles=circles(graph, {target, *graph.above(target)}),
        unknown=max(1 - known, Fraction(0)),
    )


def _stakes(graph: Ownership, target: str) -> tuple[Stake, ...]:
    found, votes = look_through(graph, target), votes_in(graph, target)
    direct = {one.holder: one.share for one in graph.holders_of(target)}
    stakes = (
        Stake(
            graph.parties[key],
            direct.get(key, Fraction(0)),
            found.shares.get(key),
            votes[key],
        )
        for key in graph.above(target)
        if key != target
    )
    return tuple(
        sorted(stakes, key=lambda one: (-(one.effective or 0), -one.direct, one.party.key))
    )


def _owners(
    stakes: Iterable[Stake], controller: Party | None, declared: Iterable[Party]
) -> tuple[BeneficialOwner, ...]:
    in_control = {party.key: party for party in (*declared, *([controller] if controller else []))}
    found: dict[str, BeneficialOwner] = {}
    for stake in stakes:
        bases = _bases(stake, in_control)
        if stake.party.is_person and bases:
            found[stake.party.key] = BeneficialOwner(stake.party, stake.effective, bases)
    for party in in_control.values():
        if party.is_person and party.key not in found:
            found[party.key] = BeneficialOwner(party, None, (OwnerBasis.CONTROL,))
    return tuple(found.values())


def _bases(stake: Stake, in_control: Mapping[str, Party]) -> tuple[OwnerBasis, ...]:
    bases = []
    if stake.effective is not None and stake.effective >= BENEFICIAL:
        bases.append(OwnerBasis.SHARES)
    if stake.votes >= BENEFICIAL:
        bases.append(OwnerBasis.VOTES)
    if stake.party.key in in_control:
        bases.append(OwnerBasis.CONTROL)
    return tuple(bases)


def _in_charge(managers: Iterable[tuple[str, str]]) -> tuple[BeneficialOwner, ...]:
    for name, last_four in managers:
        party = Party(person_key(name, last_four), PartyKind.PERSON, name)
        return (BeneficialOwner(party, None, (OwnerBasis.MANAGER,)),)
    return ()


def _chain(graph: Ownership, controller: Party | None, target: str) -> tuple[Party, ...]:
    if controller is None:
        return ()
    return tuple(graph.parties[key] for key in chain_to(graph, controller.key, target))


def _group(graph: Ownership, controller: Party | None, target: str) -> tuple[Party, ...]:
    """The controller and the firms it controls; without a controller, what the firm controls."""
    top = controller.key if controller else target
    members = [top, *controlled_by(graph, top)]
    return tuple(graph.parties[key] for key in members if key != target)
