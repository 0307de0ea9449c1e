"""The forms of limits: what a limit is derived for, what is tried out, and what is proposed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData, QueryParams

from domain.applications import INDUSTRIES
from domain.limits import LENDABLE, Ask, Collateral
from domain.limits.settings import TENOR_MAX
from domain.limits.simulation import Change
from domain.limits.tree import Level
from domain.money import Currency
from domain.scoring import GRADES, ONE_YEAR_SCALE
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation
from web.forms.entries import EntryReader

COLLATERAL = ("deposit", "real_estate", "receivables", "equipment", "inventory")
NODE_ACTS = ("change", "freeze", "unfreeze", "close")
SIMULATED_GRADES = (*LENDABLE, "BBB")
NAME_MAX = 120
_SHARE = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,4})?")
_OF_ASK = ("growth", "own", "loans_elsewhere", "other", "upkeep")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a limit is derived for, read from an address or a form."""

    ask: Ask
    collateral: tuple[Collateral, ...]
    product: str


class LimitReader(EntryReader):
    """Reads what was typed; shares are in percent and may be negative."""

    @classmethod
    def of_query(cls, query: QueryParams) -> LimitReader:
        """The entries of an address."""
        return cls(FormData(dict(query)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong so far."""
        return tuple(self._findings)

    @property
    def asks(self) -> bool:
        """Whether anything was asked for at all."""
        return bool(self.text("ask_amount").strip() or self.text("product").strip())

    def asked_for(self, products: Mapping[str, Currency]) -> AskedFor:
        """What a limit is derived for. Violation: `findings`, by field."""
        product = self.choice("product", products)
        currency = products.get(product, Currency.CNY)
        amount = self.amount("ask_amount", currency, must=True) or Decimal(0)
        if not self._findings and amount <= 0:
            self.find("ask_amount", "amount.range")
        ask = Ask(
            amount=amount,
            tenor_months=self.whole("ask_months", 1, TENOR_MAX, "tenor.out_of_range"),
            growth=self.share("growth", -100, 1000),
            own=self.amount("own", currency),
            loans_elsewhere=self.amount("loans_elsewhere", currency),
            other=self.amount("other", currency) or Decimal(0),
            upkeep=self.amount("upkeep", currency),
        )
        typed = ((kind, self.amount(f"collateral_{kind}", currency)) for kind in COLLATERAL)
        pledged = tuple(Collateral(kind, value) for kind, value in typed if value)
        self.refuse_findings()
        return AskedFor(ask, pledged, product)

    def change(self, currency: Currency) -> Change:
        """What is tried out beside the case as it is. Violation: `findings`."""
        grade = self.text("grade").strip()
        if grade and grade not in GRADES:
            self.find("grade", "choice.unknown")
            grade = ""
        months = self.text("new_months").strip()
        change = Change(
            grade=grade or None,
            pd=ONE_YEAR_SCALE.pd_of(grade) if grade else None,
            sales_share=self.share("sales", -100, 1000) or Decimal(0),
            margin_points=self.share("margin", -100, 100) or Decimal(0),
            ask_amount=self.amount("new_amount", currency) or None,
            ask_months=self.whole("new_months", 1, TENOR_MAX) if months else None,
        )
        self.refuse_findings()
        return change

    def new_limit(self, currency: Currency, parents: Collection[str]) -> dict[str, Any]:
        """The content of a proposal that sets a limit. Violation: `findings`."""
        level = self.choice("level", [each.value for each in Level])
        amount = self.amount("amount", currency, must=True)
        valid_from, valid_to = self.day("valid_from_on", must=True), self.day("valid_to_on")
        content: dict[str, Any] = {
            "act": "set",
            "level": level,
            "name": self._name("name", must=True),
            "amount": f"{amount or 0:f}",
            "currency": currency.value,
            "revolving": self.text("revolving") == "yes",
            "valid_from_on": (valid_from or date.min).isoformat(),
        }
        if valid_to is not None:
            content["valid_to_on"] = valid_to.isoformat()
        content |= self._place(level, parents)
        self.paragraph("reason")
        self.refuse_findings()
        return content

    def node_act(self, node: UUID, currency: Currency) -> dict[str, Any]:
        """The content of a proposal on a limit there is. Violation: `findings`."""
        act = self.choice("act", NODE_ACTS)
        content: dict[str, Any] = {"act": act, "node": str(node)}
        if act == "change":
            for name in ("amount", "frozen_amount"):
                value = self.amount(name, currency)
                if value is not None:
                    content[name] = f"{value:f}"
            valid_to = self.day("valid_to_on")
            if valid_to is not None:
                content["valid_to_on"] = valid_to.isoformat()
            if len(content) == 2:
                self.find("amount", "field.required")
        self.paragraph("reason")
        self.refuse_findings()
        return content

    def share(self, name: str, least: int, most: int) -> Decimal | None:
        """A percentage, perhaps negative, as a fraction; None where left empty."""
        text = self.text(name).strip().removesuffix("%").strip()
        if not text:
            return None
        share = Decimal(text) if _SHARE.fullmatch(text) else None
        if share is None or not least <= share <= most:
            self.find(name, "share.range", min=str(least), max=str(most))
            return None
        return share / 100

    def _place(self, level: str, parents: Collection[str]) -> dict[str, str]:
        """What of its place in the tree a level needs."""
        place: dict[str, str] = {}
        if level == Level.GROUP:
            place["group"] = self._name("group", must=True)
        if level == Level.PORTFOLIO:
            place["industry"] = self.choice("industry", INDUSTRIES)
        must = level in (Level.FACILITY, Level.PRODUCT)
        if must or (level == Level.CUSTOMER and self.text("parent")):
            place["parent"] = self.choice("parent", parents)
        if level == Level.PRODUCT or (must and self.text("product_code")):
            place["product_code"] = self._name("product_code", must=True)
        return place

    def _name(self, name: str, *, must: bool = False) -> str:
        text = self.text(name)
        if not text.strip() and not must:
            return ""
        try:
            return clean_name(text, NAME_MAX)
        except LoanRuleViolation as refused:
            self.find(name, refused.code, **refused.params)
            return ""


def content_of_ask(asked: AskedFor) -> dict[str, Any]:
    """What a limit was derived for, as a proposal keeps it."""
    ask: dict[str, Any] = {
        "amount": f"{asked.ask.amount:f}",
        "tenor_months": asked.ask.tenor_months,
    }
    for name in _OF_ASK:
        value = getattr(asked.ask, name)
        if value is not None:
            ask[name] = f"{value:f}"
    if asked.collateral:
        ask["collateral"] = [
            {"kind": each.kind, "value": f"{each.value:f}"} for each in asked.collateral
        ]
    return {"ask": ask, "product": asked.product}
