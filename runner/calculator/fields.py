"""One JSON object read key by key: what is unknown, missing or malformed is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import TypeVar

from domain.schedules.terms import YEAR_MAX, YEAR_MIN
from domain.violations import LoanRuleViolation

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_DIGITS_MAX = 60
_INTEGER_MAX = 10**9
_PERCENT = Decimal(100)
_DIGITS = Context(prec=34)
_T = TypeVar("_T")


def refused(rule: str, field: str) -> LoanRuleViolation:
    """A refusal that names the place and never what stood there."""
    return LoanRuleViolation(f"input.{rule}", field=field)


class Doubled(dict[str, object]):
    """A JSON object that names a key twice: which of the two was meant is not known."""


def _writable(text: str) -> bool:
    """Whether a text is one in UTF-8; half of a surrogate pair is not."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


class Fields:
    """A JSON object, strictly. A null counts as absent. Violations: `input.*` with the place."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, Mapping):
            raise refused("malformed", where or "case")
        if isinstance(data, Doubled):
            raise refused("doubled", where or "case")
        self._data = data
        self._where = where
        self._read: set[str] = set()

    def place(self, key: str) -> str:
        """Where a key stands, for a refusal."""
        return f"{self._where}.{key}" if self._where else key

    def has(self, key: str) -> bool:
        """Whether the key is there with a value."""
        self._read.add(key)
        return self._data.get(key) is not None

    def ignore(self, keys: Iterable[str]) -> None:
        """Keys that describe and change no answer."""
        self._read.update(keys)

    def nothing_else(self) -> None:
        """Refuse what nobody asked for: a misspelt key must not pass as absent."""
        for key in sorted(set(self._data) - self._read):
            raise refused("unknown", self.place(key if _NAME.fullmatch(key) else "?"))

    def raw(self, key: str) -> object:
        """The value as it was read; refuses a missing one."""
        if not self.has(key):
            raise refused("missing", self.place(key))
        return self._data[key]

    def text(self, key: str) -> str:
        """A text that says something."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip() or not _writable(value):
            raise refused("malformed", self.place(key))
        return value

    def flag(self, key: str) -> bool:
        """True or false; absent is false."""
        if not self.has(key):
            return False
        value = self.raw(key)
        if not isinstance(value, bool):
            raise refused("malformed", self.place(key))
        return value

    def number(self, key: str) -> Decimal:
        """A decimal number, as a JSON number or a text of digits and one point."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            raise refused("malformed", self.place(key))
        if isinstance(value, Decimal) and abs(value.adjusted()) > _DIGITS_MAX:
            raise refused("malformed", self.place(key))  # written out it would fill the memory
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if not _NUMBER.fullmatch(text):
            raise refused("malformed", self.place(key))
        return Decimal(text)

    def ratio(self, key: str) -> Decimal:
        """A number, or a text of one number over another: 0.1/12."""
        value = self.raw(key)
        if not isinstance(value, str) or value.count("/") != 1:
            return self.number(key)
        parts = Fields(dict(zip(("over", "under"), value.split("/"), strict=True)), "")
        try:
            return _DIGITS.divide(parts.number("over"), parts.number("under"))
        except LoanRuleViolation as malformed:
            raise refused("malformed", self.place(key)) from malformed

    def numbers(self, key: str) -> list[Decimal]:
        """A list of decimal numbers; absent is empty."""
        items = dict(enumerate(self.items(key)))
        each = Fields({str(n): item for n, item in items.items()}, self.place(key))
        return [each.number(str(n)) for n in items]

    def percent(self, key: str) -> Decimal:
        """A percentage as a fraction: 4.35 is 0.0435."""
        return self.number(key) / _PERCENT

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number below a milliard."""
        if default is not None and not self.has(key):
            return default
        value = self.number(key)
        if value != value.to_integral_value() or abs(value) > _INTEGER_MAX:
            raise refused("malformed", self.place(key))
        return int(value)

    def day(self, key: str) -> date:
        """A date from 1900 to 2100, year-month-day."""
        text = self.text(key)
        if not _DAY.fullmatch(text):
            raise refused("malformed", self.place(key))
        try:
            day = date.fromisoformat(text)
        except ValueError as impossible:
            raise refused("malformed", self.place(key)) from impossible
        if not YEAR_MIN <= day.year <= YEAR_MAX:
            raise refused("date_range", self.place(key))
        return day

    def choice(self, key: str, offered: Mapping[str, _T], default: _T | None = None) -> _T:
        """One of the names on offer; a name not offered is refused, never approximated."""
        if default is not None and not self.has(key):
            return default
        text = self.text(key)
        if text not in offered:
            raise refused("not_offered", self.place(key))
        return offered[text]

    def part(self, key: str) -> Fields:
        """An object inside this one."""
        return Fields(self.raw(key), self.place(key))

    def parts(self, key: str) -> tuple[Fields, ...]:
        """A list of objects inside this one; absent is none."""
        return tuple(
            Fields(value, f"{self.place(key)}[{n}]") for n, value in enumerate(self.items(key))
        )

    def items(self, key: str) -> list[object]:
        """A list; absent is empty."""
        value = self._data.get(key) if self.has(key) else []
        if not isinstance(value, list):
            raise refused("malformed", self.place(key))
        return value
