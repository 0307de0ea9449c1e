"""Finds every text of the source tree that belongs in the catalogue, and reads and writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = ("api", "web", "language", "runner", "cli.py")  # the only places that may show text
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
JINJA_OPTIONS = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
HEADER = """# Simplified Chinese texts of corploan: one entry per message, sorted by msgid.
# Refresh with `python -m language.update`, verify with `python -m language.check`.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message and its Chinese text, empty while there is none."""

    msgid: str
    plural: str | None = None
    chinese: str = ""
    fuzzy: bool = False


@dataclass(slots=True)
class Texts:
    """The catalogue file: entries in use and those the source no longer names."""

    entries: dict[str, Entry] = field(default_factory=dict)
    obsolete: dict[str, Entry] = field(default_factory=dict)


def source_messages(root: Path = ROOT) -> dict[str, str | None]:
    """Every msgid of the source, with its plural if it has one."""
    found: dict[str, str | None] = {}
    for path in _speaking_files(root):
        for msgid, plural in _messages_of(path):
            found[msgid] = plural or found.get(msgid)
    return found


def read_texts(path: Path) -> Texts:
    """Read a catalogue; a file that is not there yet is an empty one."""
    if not path.exists():
        return Texts()
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    used = {e.msgid: e for message in catalogue if message.id for e in (_entry(message),)}
    gone = {e.msgid: e for message in catalogue.obsolete.values() for e in (_entry(message),)}
    return Texts(used, gone)


def write_texts(path: Path, texts: Texts) -> None:
    """Write through a neighbour file and rename, so that a reader never sees half a catalogue."""
    catalogue = Catalog(locale="zh_CN")
    for entry in texts.entries.values():
        catalogue.add(_identity(entry), _text(entry))
    for entry in texts.obsolete.values():
        kept = Catalog(locale="zh_CN").add(_identity(entry), _text(entry))
        catalogue.obsolete[entry.msgid] = kept
    fresh = path.with_suffix(".po.new")
    with fresh.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    fresh.replace(path)


def _speaking_files(root: Path) -> Iterator[Path]:
    for name in SPEAKING:
        place = root / name
        if place.is_file():
            yield place
        for pattern in ("*.py", "*.html"):
            yield from sorted(place.rglob(pattern))


def _messages_of(path: Path) -> Iterator[tuple[str, str | None]]:
    template = path.suffix == ".html"
    method = "jinja2.ext:babel_extract" if template else "python"
    options = JINJA_OPTIONS if template else {}
    with path.open("rb") as file:
        for _, message, _, _ in extract(method, file, KEYWORDS, options=options):
            if isinstance(message, tuple):
                yield message[0], message[1]
            elif message:
                yield message, None


def _entry(message: object) -> Entry:
    identity, text = getattr(message, "id"), getattr(message, "string")  # noqa: B009 -- babel leaves these untyped
    msgid, plural = (identity, None) if isinstance(identity, str) else identity[:2]
    chinese = text if isinstance(text, str) else (text[0] if text else "")
    return Entry(msgid, plural, chinese or "", bool(getattr(message, "fuzzy", False)))


def _identity(entry: Entry) -> str | tuple[str, str]:
    return (entry.msgid, entry.plural) if entry.plural else entry.msgid


def _text(entry: Entry) -> str | tuple[str]:
    return (entry.chinese,) if entry.plural else entry.chinese
