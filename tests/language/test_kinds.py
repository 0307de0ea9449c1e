"""Each kind of word is one table's: a second table of the same kind would hide the first."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import language

MERGED_BY_HAND = {"flash", "field_help", "incident", "suspense_reason"}


def tables() -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every table of words by kind, where it is written."""
    for found in pkgutil.iter_modules(language.__path__):
        module = importlib.import_module(f"language.{found.name}")
        for name, table in vars(module).items():
            if name.endswith("_WORDS") and _is_own(module.__file__, name, table):
                yield f"{found.name}.{name}", table


def _is_own(path: str | None, name: str, table: object) -> bool:
    source = Path(path or "").read_text("utf-8")
    written = f"\n{name}: Mapping[str, Mapping[str, str]]" in source
    return written and isinstance(table, Mapping)


def test_no_kind_is_written_in_two_tables() -> None:
    seen: dict[str, str] = {}
    for where, table in tables():
        for kind in set(table) - MERGED_BY_HAND:
            assert kind not in seen, f"{kind}: {seen[kind]} and {where}"
            seen[kind] = where
    assert len(seen) > 40
