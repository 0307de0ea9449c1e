"""Reading rules that are kept as data: nothing unknown, nothing missing, nothing half right.

A rule table with a misspelt cell must be refused whole: a rule that silently never fires is
worse than no table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from domain.violations import LoanRuleViolation

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?")
_T = TypeVar("_T")


class StrictReader:
    """Reads one mapping cell by cell; every violation names the table's code and the place."""

    def __init__(self, data: object, code: str, where: str) -> None:
        if not isinstance(data, Mapping):
            raise LoanRuleViolation(code, where=where, problem="not_a_mapping")
        self._data = data
        self._code = code
        self._where = where

    def refuse(self, key: str, problem: str) -> LoanRuleViolation:
        """The violation to raise for one cell."""
        where = f"{self._where}.{key}" if self._where else key
        return LoanRuleViolation(self._code, where=where, problem=problem)

    def only(self, required: frozenset[str], optional: frozenset[str] = frozenset()) -> None:
        """Refuse unknown and missing keys."""
        keys = set(self._data)
        for key in sorted(map(str, keys - required - optional)):
            raise self.refuse(key, "unknown")
        for key in sorted(required - keys):
            raise self.refuse(key, "missing")

    def has(self, key: str) -> bool:
        return key in self._data

    def raw(self, key: str) -> object:
        return self._data[key]

    def text(self, key: str) -> str:
        value = self._data[key]
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "not_a_text")
        return value

    def flag(self, key: str) -> bool:
        value = self._data[key]
        if not isinstance(value, bool):
            raise self.refuse(key, "not_a_flag")
        return value

    def whole(self, key: str, minimum: int = 0) -> int:
        value = self._data[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise self.refuse(key, "not_a_whole_number")
        return value

    def number(self, key: str) -> Decimal:
        """An exact number, written as text: a JSON number would pass through a float."""
        value = read_number(self._data[key])
        if value is None:
            raise self.refuse(key, "not_a_number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts; it may be empty."""
        value = self._data[key]
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise self.refuse(key, "not_a_list_of_texts")
        if len(set(value)) != len(value):
            raise self.refuse(key, "repeated")
        return tuple(value)

    def choice(self, key: str, read: Callable[[str], _T]) -> _T:
        """One member of an enumeration, by its value."""
        try:
            return read(self.text(key))
        except ValueError as error:
            raise self.refuse(key, "unknown_choice") from error


def read_number(value: object) -> Decimal | None:
    """The exact number a text spells, or None. Only ASCII digits, at most 8 decimals."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None
