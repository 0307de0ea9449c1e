"""Account events and terms as JSON documents and back: decimals and dates are strings inside."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from domain.accounts import events as vocabulary
from domain.accounts.events import Event
from domain.accounts.fold import kind_of

T = TypeVar("T")
_ENVELOPE = ("key", "value_on", "recorded_on")


@cache
def event_kinds() -> Mapping[str, type[Event]]:
    """Every event of the vocabulary by its kind."""
    found = [each for each in vars(vocabulary).values() if isinstance(each, type)]
    kinds = [each for each in found if issubclass(each, Event) and each is not Event]
    return {kind_of_class(each): each for each in kinds}


def kind_of_class(kind: type[Event]) -> str:
    """The code of an event class, the same the engine gives its events."""
    return kind_of(object.__new__(kind))


def body_of(event: Event) -> dict[str, Any]:
    """What an event says beyond its key and dates."""
    said = document_of(event)
    return {name: value for name, value in said.items() if name not in _ENVELOPE}


def event_of(
    kind: str, key: str, value_on: date, recorded_on: date, body: Mapping[str, Any]
) -> Event:
    """The event a row stands for. Raises KeyError for a kind no engine knows."""
    dates = {"value_on": value_on.isoformat(), "recorded_on": recorded_on.isoformat()}
    event: Event = of_document(event_kinds()[kind], {**body, "key": key, **dates})
    return event


def document_of(value: Any) -> Any:
    """A frozen value as JSON can hold it."""
    if is_dataclass(value):
        return {item.name: document_of(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [document_of(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def of_document(kind: type[T], document: Mapping[str, Any]) -> T:
    """A frozen value from its document; a field it does not name keeps its default."""
    hints = _hints(cast("Any", kind))
    return kind(**{name: _read(hints[name], value) for name, value in document.items()})


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if value is None else _read(inner, value)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), value)
    if is_dataclass(kind):
        return of_document(cast("type[Any]", kind), value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal or issubclass(kind, Enum):
        return kind(value)
    return value


def _read_tuple(kinds: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], value) for value in values)
    return tuple(_read(kind, value) for kind, value in zip(kinds, values, strict=True))
