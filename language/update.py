"""`python -m language.update [FILE]`: bring the Chinese catalogue in step with the source.

Translations are kept. A text the source no longer names is set aside with its translation and
comes back with it; `--prune` drops those. FILE is JSON, `{"English msgid": "中文"}`, to fill in.
Two updates at once wait for each other, so nobody's translations are lost.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from language.catalogue import CHINESE_PO
from language.extraction import Entry, Texts, read_texts, source_messages, write_texts


def merged(
    messages: Mapping[str, str | None], texts: Texts, given: Mapping[str, str], *, prune: bool
) -> Texts:
    """The catalogue in step with the source: given translations first, then those it had."""
    known = {**texts.obsolete, **texts.entries}
    chinese = {msgid: entry.chinese for msgid, entry in known.items()} | dict(given)
    entries = {
        msgid: Entry(msgid, plural, chinese.get(msgid, "")) for msgid, plural in messages.items()
    }
    left = {msgid: entry for msgid, entry in known.items() if msgid not in messages}
    left |= {msgid: Entry(msgid, None, given[msgid]) for msgid in given if msgid not in messages}
    return Texts(entries, {} if prune else {k: e for k, e in left.items() if chinese.get(k)})


def update(path: Path, given: Mapping[str, str], *, prune: bool) -> list[str]:
    """Rewrite the catalogue; the texts that still lack a translation are the answer."""
    with _alone(path):
        texts = merged(source_messages(), read_texts(path), given, prune=prune)
        write_texts(path, texts)
    return sorted(msgid for msgid, entry in texts.entries.items() if not entry.chinese)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    folder = os.open(path.parent, os.O_RDONLY)  # the folder itself, so that no lock file is left
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main() -> int:
    """Update the shipped catalogue and name what still lacks a translation."""
    parser = argparse.ArgumentParser(prog="python -m language.update")
    parser.add_argument("translations", nargs="?", type=Path)
    parser.add_argument("--prune", action="store_true")
    asked = parser.parse_args()
    given = json.loads(asked.translations.read_text("utf-8")) if asked.translations else {}
    for msgid in update(CHINESE_PO, given, prune=asked.prune):
        sys.stdout.write(f"no translation yet: {msgid!r}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
