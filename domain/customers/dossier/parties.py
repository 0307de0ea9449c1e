"""Who stands in a dossier beside the customer: a firm by its number, a person by the last four."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.customers.dossier.sections import PartyKind
from domain.texts import name_key


@dataclass(frozen=True, slots=True)
class Party:
    """A firm or a natural person; `key` is the same wherever the same one is named."""

    key: str
    kind: PartyKind
    name: str

    @property
    def is_person(self) -> bool:
        """Whether it is a natural person."""
        return self.kind is PartyKind.PERSON


def firm_key(number: str) -> str:
    """The key of a firm by its registration number."""
    return f"firm:{number}"


def person_key(name: str, last_four: str) -> str:
    """The key of a natural person: the name's own, and the last four of the identity number."""
    return f"person:{name_key(name)}:{last_four}"


def party_of(data: Mapping[str, str], prefix: str) -> Party:
    """The party a kept item names."""
    kind, name = PartyKind(data[f"{prefix}_kind"]), data[f"{prefix}_name"]
    if kind is PartyKind.PERSON:
        return Party(person_key(name, data[f"{prefix}_last_four"]), kind, name)
    return Party(firm_key(data[f"{prefix}_number"]), kind, name)
