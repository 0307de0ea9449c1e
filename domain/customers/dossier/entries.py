"""What a proposal of facts holds: items to be added, changed or removed, each with its source.

    {"entries": [{"section": "shareholders", "item": "7f3a", "data": {...} or null,
                  "source": "registry", "as_of": "2026-03-02", "replaces": "<entry id>" or null}]}

`data` null removes the item. `replaces` is the entry the proposer saw, so that a fact another
proposal changed meanwhile is not overwritten unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.applications.readers import read_date
from domain.customers.dossier.reading import read_item
from domain.customers.dossier.sections import SECTIONS, SOURCES, Section
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

ENTRIES_MAX = 40
_ITEM = re.compile("[0-9a-z_-]{1,80}")
_NAMES = frozenset({"section", "item", "data", "source", "as_of", "replaces"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it is to stand; `data` None takes it away."""

    section: str
    item: str
    data: Mapping[str, str] | None
    source: str
    as_of: date
    replaces: UUID | None

    @property
    def key(self) -> tuple[str, str]:
        """Which item of which section."""
        return self.section, self.item

    def as_content(self) -> dict[str, Any]:
        """The entry as a proposal carries it."""
        return {
            "section": self.section,
            "item": self.item,
            "data": dict(self.data) if self.data is not None else None,
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "replaces": str(self.replaces) if self.replaces else None,
        }


def read_entries(content: Mapping[str, Any], today: date) -> tuple[Entry, ...]:
    """The entries of a proposal. Violation: findings, each with the path of its field."""
    rows = content.get("entries")
    if set(content) != {"entries"} or not isinstance(rows, list):
        raise FindingsViolation([Finding("entries", "dossier.entries")])
    if not 1 <= len(rows) <= ENTRIES_MAX:
        raise FindingsViolation([Finding("entries", "dossier.count", {"max": str(ENTRIES_MAX)})])
    found: list[Finding] = []
    entries = [_read_entry(row, f"entries.{place}", today, found) for place, row in enumerate(rows)]
    read = [entry for entry in entries if entry is not None]
    if len({entry.key for entry in read}) < len(read):
        found.append(Finding("entries", "dossier.twice"))
    if found:
        raise FindingsViolation(found)
    return tuple(read)


def _read_entry(row: object, path: str, today: date, found: list[Finding]) -> Entry | None:
    before = len(found)
    if not isinstance(row, Mapping) or not set(row) <= _NAMES:
        found.append(Finding(path, "dossier.entry"))
        return None
    section = _section(row.get("section"), path, found)
    item = _item(row.get("item"), section, path, found)
    data = _data(row.get("data"), section, item, path, today, found)
    source = row.get("source")
    if source not in SOURCES:
        found.append(Finding(f"{path}.source", "choice.unknown"))
    as_of = _as_of(row.get("as_of"), path, today, found)
    replaces = _replaces(row.get("replaces"), path, found)
    if len(found) > before or section is None or as_of is None:
        return None
    return Entry(section.code, item, data, str(source), as_of, replaces)


def _section(code: object, path: str, found: list[Finding]) -> Section | None:
    section = SECTIONS.get(code) if isinstance(code, str) else None
    if section is None or not section.by_hand:
        found.append(Finding(f"{path}.section", "choice.unknown"))
        return None
    return section


def _item(item: object, section: Section | None, path: str, found: list[Finding]) -> str:
    known = isinstance(item, str) and _ITEM.fullmatch(item) is not None
    if known and section is not None and section.single:
        known = section.field(str(item)) is not None
    if not known:
        found.append(Finding(f"{path}.item", "dossier.item"))
        return ""
    return str(item)


def _data(
    data: object,
    section: Section | None,
    item: str,
    path: str,
    today: date,
    found: list[Finding],
) -> Mapping[str, str] | None:
    if data is None or section is None or not item:
        return None
    read = read_item(section, item, data, today)
    found.extend(
        Finding(f"{path}.data.{finding.field}".rstrip("."), finding.code, finding.params)
        for finding in read.findings
    )
    return read.data


def _as_of(text: object, path: str, today: date, found: list[Finding]) -> date | None:
    try:
        day = read_date(text if isinstance(text, str) else "")
    except LoanRuleViolation as refused:
        found.append(Finding(f"{path}.as_of", refused.code, refused.params))
        return None
    if day > today:
        found.append(Finding(f"{path}.as_of", "date.future"))
    return day


def _replaces(text: object, path: str, found: list[Finding]) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(str(text))
    except ValueError:
        found.append(Finding(f"{path}.replaces", "dossier.key"))
        return None
