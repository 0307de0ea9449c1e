"""Where a person may go: the entries of the header, by what the person may do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.people import GRANTS, Act, Role
from language.catalogue import N_, Language, translator


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the header."""

    path: str
    label: str
    icon: str
    current: bool


_PLACES: tuple[tuple[str, str, str, frozenset[Act]], ...] = (
    ("/tasks", N_("My tasks"), "tasks", frozenset(Act)),
    ("/cases", N_("Cases"), "cases", frozenset({Act.READ_OWN_CASES, Act.READ_ALL_CASES})),
    ("/quote", N_("Quote"), "money", frozenset({Act.READ_OWN_CASES, Act.READ_ALL_CASES})),
    ("/customers", N_("Customers"), "building", frozenset({Act.READ_CUSTOMERS})),
    ("/watch", N_("Watch"), "attention", frozenset({Act.READ_CUSTOMERS})),
    ("/board", N_("Board"), "board", frozenset({Act.READ_BOARD})),
    ("/money-in", N_("Money in"), "money", frozenset({Act.MATCH_RECEIPT, Act.READ_BOARD})),
    ("/rates", N_("Rates"), "rate", frozenset({Act.PROPOSE_RATE, Act.APPROVE_RATE})),
    (
        "/calendar",
        N_("Working days"),
        "calendar",
        frozenset({Act.PROPOSE_RATE, Act.APPROVE_RATE}),
    ),
    ("/portfolio", N_("Portfolio"), "board", frozenset({Act.READ_PORTFOLIO})),
    ("/day-end", N_("Day end"), "calendar", frozenset({Act.READ_DAY_END})),
    ("/incidents", N_("Incidents"), "attention", frozenset({Act.MATCH_RECEIPT, Act.READ_BOARD})),
    ("/staff", N_("Staff"), "people", frozenset({Act.MANAGE_STAFF})),
)


def places(roles: Sequence[Role], path: str, language: Language) -> tuple[Place, ...]:
    """The entries the roles allow, with the one the page lies under marked."""
    return tuple(_places(roles, path, language))


def _places(roles: Sequence[Role], path: str, language: Language) -> Iterator[Place]:
    gettext = translator(language).gettext
    granted = frozenset[Act]().union(*(GRANTS[role] for role in roles))
    for root, label, icon, acts in _PLACES:
        if granted & acts:
            under = path == root or path.startswith(root + "/")
            yield Place(root, gettext(label), icon, under)
