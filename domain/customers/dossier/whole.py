"""What must hold over a dossier's items together, before facts are proposed or take effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from domain.customers.dossier.parties import Party, firm_key, party_of
from domain.customers.dossier.reading import WHOLE_SHARE, share_of
from domain.customers.dossier.sections import HOLDINGS, RELATED, SHAREHOLDERS
from domain.violations import Finding

Items = Mapping[tuple[str, str], Mapping[str, str]]
"""The data of every item in force, by section and item."""


def check_whole(items: Items, number: str) -> tuple[Finding, ...]:
    """Every contradiction between the items of one dossier; `number` is the customer's own.

    Codes: `share.sum` where the holders of one firm hold more than all of it, `share.self`
    where a firm is named as its own holder, `share.twice`, `party.two_names` where one number
    stands with two names, `party.self` where the customer is its own related party. A circle of
    holdings is no contradiction: it happens, and is shown to a person.
    """
    own = firm_key(number)
    found: list[Finding] = []
    sums: dict[str, Decimal] = defaultdict(Decimal)
    pairs: set[tuple[str, str]] = set()
    for (section, item), data in sorted(items.items()):
        path = f"{section}.{item}"
        if section in {SHAREHOLDERS, HOLDINGS}:
            holder = party_of(data, "holder").key
            held = own if section == SHAREHOLDERS else party_of(data, "held").key
            found += _pair(holder, held, pairs, path)
            pairs.add((holder, held))
            sums[held] += share_of(data)
        elif section == RELATED and party_of(data, "related").key == own:
            found.append(Finding(path, "party.self"))
    found += [
        Finding(SHAREHOLDERS if held == own else HOLDINGS, "share.sum")
        for held, total in sorted(sums.items())
        if total > WHOLE_SHARE
    ]
    return (*found, *_two_names(items))


def parties_in(items: Items) -> dict[str, list[Party]]:
    """Every party named, by its key."""
    named: dict[str, list[Party]] = defaultdict(list)
    for _, data in sorted(items.items()):
        for prefix in ("holder", "held", "controller", "related"):
            if f"{prefix}_kind" in data:
                party = party_of(data, prefix)
                named[party.key].append(party)
    return named


def _pair(holder: str, held: str, pairs: set[tuple[str, str]], path: str) -> list[Finding]:
    if holder == held:
        return [Finding(path, "share.self")]
    if (holder, held) in pairs:
        return [Finding(path, "share.twice")]
    return []


def _two_names(items: Items) -> tuple[Finding, ...]:
    return tuple(
        Finding(SHAREHOLDERS, "party.two_names")
        for parties in parties_in(items).values()
        if len({party.name for party in parties}) > 1
    )
