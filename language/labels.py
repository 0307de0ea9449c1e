"""The bank's words for every code. A code itself is never shown to a person."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_, Language, translator
from language.vocabulary import (
    ACTS,
    COLOURS,
    HANDS,
    OUTCOMES,
    ROLES,
    STAGES,
    STATUSES,
    TASKS,
    VERDICTS,
    WAITS,
)
from language.words import WORDS

_ELSE = N_("Other")


def stage_label(code: str, language: Language) -> str:
    """Where a case stands."""
    return _label(STAGES, code, language)


def status_label(code: str, language: Language) -> str:
    """How a case ended, or that it is in progress."""
    return _label(STATUSES, code, language)


def wait_label(code: str, language: Language) -> str:
    """What a case waits for."""
    return _label(WAITS, code, language)


def task_label(code: str, language: Language) -> str:
    """What a task asks for."""
    return _label(TASKS, code, language)


def outcome_label(code: str, language: Language) -> str:
    """How a task was closed."""
    return _label(OUTCOMES, code, language)


def verdict_label(code: str, language: Language) -> str:
    """What was decided."""
    return _label(VERDICTS, code, language)


def role_label(code: str, language: Language) -> str:
    """What a member of staff is."""
    return _label(ROLES, code, language)


def hand_label(code: str, language: Language) -> str:
    """Which duty a person had on a case."""
    return _label(HANDS, code, language)


def colour_label(code: str, language: Language) -> str:
    """What the colour of a process node says."""
    return _label(COLOURS, code, language)


def act_label(code: str, language: Language) -> str:
    """What a person may ask of the system."""
    return _label(ACTS, code, language)


def word(kind: str, code: str, language: Language) -> str:
    """The word for any other code, by its kind in `language/words.py`."""
    return _label(WORDS[kind], code, language)


def choices(kind: str, language: Language) -> list[tuple[str, str]]:
    """The codes of a kind with their words, in the order they are declared: a select's options."""
    gettext = translator(language).gettext
    return [(str(code), gettext(text)) for code, text in WORDS[kind].items()]


def _label(words: Mapping[str, str], code: str, language: Language) -> str:
    return translator(language).gettext(words.get(code, _ELSE))
