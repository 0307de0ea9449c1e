"""The audit chain's head, noted from time to time in a second place.

A chain alone does not see its own tail cut. The file is append-only and lies outside the
database, where the database's owner need not be able to write.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from persistence.audit import chain_head
from persistence.engine import Database

_LAST_BYTES = 4096


class AnchorsUnreadable(Exception):
    """A line of the anchor file is no anchor."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class AnchorFile:
    """One JSON object a line: the chain's sequence and hash at an instant."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, sequence: int, sha256: str, at: datetime) -> bool:
        """Note a head unless it is the last one noted; False when there was nothing to note."""
        if sequence == 0 or (sequence, sha256) == self._last():
            return False
        body = {"sequence": sequence, "sha256": sha256, "at": at.astimezone(UTC).isoformat()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(body) + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return True

    def read(self) -> dict[int, frozenset[str]]:
        """Every hash noted for each sequence. Raises AnchorsUnreadable."""
        noted: defaultdict[int, set[str]] = defaultdict(set)
        if not self.path.exists():
            return {}
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                sequence, sha256 = _anchor(line, number)
                noted[sequence].add(sha256)
        return {sequence: frozenset(hashes) for sequence, hashes in noted.items()}

    def _last(self) -> tuple[int, str] | None:
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _LAST_BYTES))
            lines = file.read().splitlines()
        try:
            return _anchor(lines[-1], len(lines)) if lines else None
        except AnchorsUnreadable:
            return None  # the check says so; noting goes on


async def note_head(database: Database, anchors: AnchorFile, at: datetime) -> bool:
    """Anchor the chain as it stands now."""
    async with database.reading() as session:
        sequence, sha256 = await chain_head(session)
    return anchors.append(sequence, sha256, at)


def _anchor(line: bytes, number: int) -> tuple[int, str]:
    try:
        body = json.loads(line)
        return int(body["sequence"]), str(body["sha256"])
    except (ValueError, KeyError, TypeError) as cause:
        raise AnchorsUnreadable(number) from cause
