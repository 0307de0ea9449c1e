"""What a proposal on a limit says: set one, change one, freeze it, let it go on, close it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.limits.case import Ask, Collateral
from domain.limits.tree import Level
from domain.money import Currency, checked_amount
from domain.strict_data import StrictReader
from domain.texts import clean_name
from domain.violations import LoanRuleViolation

_CODE = "proposal.content"
TENOR_MAX = 360


class SettingAct(StrEnum):
    """What is done to a limit."""

    SET = "set"
    CHANGE = "change"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit to set. `parent` is the node it hangs on: a group for a customer, and so on.

    `group` names a group, `industry` a portfolio's industry, `product_code` a product.
    """

    level: Level
    name: str
    amount: Decimal
    currency: Currency
    revolving: bool
    valid_from_on: date
    valid_to_on: date | None
    parent: UUID | None
    group: str | None
    industry: str | None
    product_code: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One proposal on a limit: a new one, or an act on the node of that id.

    `amount`, `frozen_amount` and `valid_to_on` are what a change changes. `ask` and `product`
    are what a customer's limit was derived for.
    """

    act: SettingAct
    new: NewLimit | None = None
    node: UUID | None = None
    amount: Decimal | None = None
    frozen_amount: Decimal | None = None
    valid_to_on: date | None = None
    ask: Ask | None = None
    collateral: tuple[Collateral, ...] = ()
    product: str | None = None


_NEW = frozenset(
    {
        *("level", "name", "amount", "currency", "revolving", "valid_from_on", "valid_to_on"),
        *("parent", "group", "industry", "product_code"),
    }
)
_NEW_REQUIRED = frozenset({"level", "name", "amount", "currency", "revolving", "valid_from_on"})
_SHOWN = frozenset({"derived_amount", "derived_binding", "terms_version"})
_DERIVED = frozenset({"ask", "product"}) | _SHOWN
_CHANGED = frozenset({"amount", "frozen_amount", "valid_to_on"})


def setting_from_content(content: Mapping[str, object]) -> Setting:
    """Read a proposal's content. Violations: `proposal.content` with the place, `amount.*`,
    those of `clean_name`.
    """
    reader = StrictReader(content, _CODE, "")
    if not reader.has("act"):
        raise reader.refuse("act", "missing")
    act = reader.choice("act", SettingAct)
    if act is SettingAct.SET:
        reader.only(_NEW_REQUIRED | {"act"}, _NEW | _DERIVED)
        ask, collateral = _asked(reader)
        return Setting(
            act, new=_new(reader), ask=ask, collateral=collateral, product=_maybe(reader, "product")
        )
    if act is not SettingAct.CHANGE:
        reader.only(frozenset({"act", "node"}))
        return Setting(act, node=_uuid(reader, "node"))
    reader.only(frozenset({"act", "node"}), _CHANGED | _DERIVED)
    ask, collateral = _asked(reader)
    return Setting(
        act,
        node=_uuid(reader, "node"),
        amount=reader.number("amount") if reader.has("amount") else None,
        frozen_amount=reader.number("frozen_amount") if reader.has("frozen_amount") else None,
        valid_to_on=_day(reader, "valid_to_on") if reader.has("valid_to_on") else None,
        ask=ask,
        collateral=collateral,
        product=_maybe(reader, "product"),
    )


def _new(reader: StrictReader) -> NewLimit:
    currency = reader.choice("currency", Currency)
    level = reader.choice("level", Level)
    new = NewLimit(
        level=level,
        name=clean_name(reader.text("name")),
        amount=_amount(reader, "amount", currency),
        currency=currency,
        revolving=reader.flag("revolving"),
        valid_from_on=_day(reader, "valid_from_on"),
        valid_to_on=_day(reader, "valid_to_on") if reader.has("valid_to_on") else None,
        parent=_uuid(reader, "parent") if reader.has("parent") else None,
        group=_maybe(reader, "group"),
        industry=_maybe(reader, "industry"),
        product_code=_maybe(reader, "product_code"),
    )
    _refuse_misfit(new, reader)
    return new


def _refuse_misfit(new: NewLimit, reader: StrictReader) -> None:
    """What a level needs and what it may not have."""
    needs: dict[Level, tuple[str | UUID | None, str]] = {
        Level.PORTFOLIO: (new.industry, "industry"),
        Level.GROUP: (new.group, "group"),
        Level.FACILITY: (new.parent, "parent"),
        Level.PRODUCT: (new.product_code, "product_code"),
    }
    value, key = needs.get(new.level, ("-", ""))
    if value is None:
        raise reader.refuse(key, "missing")
    if new.level is Level.PRODUCT and new.parent is None:
        raise reader.refuse("parent", "missing")
    if new.level in (Level.PORTFOLIO, Level.GROUP) and new.parent is not None:
        raise reader.refuse("parent", "unknown")
    if new.valid_to_on is not None and new.valid_to_on <= new.valid_from_on:
        raise LoanRuleViolation("limit.dates")


def _asked(reader: StrictReader) -> tuple[Ask | None, tuple[Collateral, ...]]:
    if not reader.has("ask"):
        return None, ()
    said = StrictReader(reader.raw("ask"), _CODE, "ask")
    optional = ("growth", "own", "loans_elsewhere", "other", "upkeep", "collateral")
    said.only(frozenset({"amount", "tenor_months"}), frozenset(optional))
    figures = {name: said.number(name) for name in optional[:-1] if said.has(name)}
    for name, figure in figures.items():
        if figure < (-1 if name == "growth" else 0):
            raise said.refuse(name, "out_of_range")
    months = said.whole("tenor_months", 1)
    amount = said.number("amount")
    if months > TENOR_MAX or amount <= 0:
        raise said.refuse("tenor_months", "out_of_range")
    collateral = _collateral(said) if said.has("collateral") else ()
    return Ask(amount, months, **figures), collateral


def _collateral(said: StrictReader) -> tuple[Collateral, ...]:
    listed = said.raw("collateral")
    if not isinstance(listed, list) or len(listed) > 20:
        raise said.refuse("collateral", "not_a_list")
    found = []
    for each in listed:
        cells = StrictReader(each, _CODE, "ask.collateral")
        cells.only(frozenset({"kind", "value"}))
        value = cells.number("value")
        if value < 0:
            raise cells.refuse("value", "out_of_range")
        found.append(Collateral(cells.text("kind"), value))
    return tuple(found)


def _amount(reader: StrictReader, key: str, currency: Currency) -> Decimal:
    value = reader.number(key)
    if value <= 0:
        raise reader.refuse(key, "not_above_zero")
    return checked_amount(value, currency)


def _uuid(reader: StrictReader, key: str) -> UUID:
    return reader.choice(key, UUID)


def _day(reader: StrictReader, key: str) -> date:
    return reader.choice(key, date.fromisoformat)


def _maybe(reader: StrictReader, key: str) -> str | None:
    return reader.text(key).strip() if reader.has(key) else None
