"""`python -m language.check`: is every text there in Chinese, and nothing more?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from language.catalogue import CHINESE_PO
from language.extraction import PLACEHOLDER, Entry, Texts, read_texts, source_messages


def problems(messages: Mapping[str, str | None], texts: Texts) -> list[str]:
    """What keeps the catalogue from being complete, one line each."""
    found = [f"missing: {msgid!r}" for msgid in messages if msgid not in texts.entries]
    found += [f"obsolete: {msgid!r}" for msgid in texts.entries if msgid not in messages]
    found += [f"obsolete: {msgid!r}" for msgid in texts.obsolete]
    for msgid, entry in texts.entries.items():
        if msgid in messages:
            found += [f"{fault}: {msgid!r}" for fault in _faults(entry, messages[msgid])]
    return sorted(found)


def _faults(entry: Entry, plural: str | None) -> Iterator[str]:
    if entry.plural != plural:
        yield "plural differs from the source"
    if not entry.chinese.strip():
        yield "empty"
        return
    if entry.fuzzy:
        yield "fuzzy"
    wanted = set(PLACEHOLDER.findall(entry.msgid + (plural or "")))
    if set(PLACEHOLDER.findall(entry.chinese)) != wanted:
        yield "placeholders differ"


def main() -> int:
    """Print every problem; the exit status says whether there was one."""
    found = problems(source_messages(), read_texts(CHINESE_PO))
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
