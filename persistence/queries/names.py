"""Names that are kept in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BilingualName:
    """A person's or product's name in Chinese and in English."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The name in the reader's language, given as HTML's `lang`."""
        return self.zh if language.startswith("zh") else self.en


def bilingual(zh: str | None, en: str | None) -> BilingualName | None:
    """The name of an outer join, None where nothing was joined."""
    return None if zh is None or en is None else BilingualName(zh, en)
