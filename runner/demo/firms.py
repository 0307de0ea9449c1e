"""The demo book's firms and cases, read from data: numbers that check, statements that balance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.applications.fields import statement_years
from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    organisation_check_character,
    parse_registration_number,
    uscc_check_character,
)
from persistence.products import SEED

_NAMESPACE = uuid5(NAMESPACE_URL, "corploan:demo-case")
_CENT = Decimal("0.01")
_GROWTH = Decimal("0.92")  # a firm's figures were this share of the next year's
_STATEMENT_YEARS = 3
_COMPANY = "91"  # registered with the market regulator, as an enterprise


@dataclass(frozen=True, slots=True)
class DemoFirm:
    """One customer that does not exist."""

    number: RegistrationNumber
    name: str
    fields: Mapping[str, str]
    established_on: date
    assets: Decimal
    profile: Mapping[str, Decimal]

    def statements(self, today: date) -> dict[str, dict[str, str]]:
        """The finished years a product may ask for, newest largest."""
        years = statement_years(today, _STATEMENT_YEARS, self.established_on)
        return {
            str(year): _statement(self.assets * _GROWTH**age, self.profile)
            for age, year in enumerate(years)
        }


class Applicant(Protocol):
    """Whoever a case is of."""

    @property
    def number(self) -> RegistrationNumber: ...
    @property
    def name(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...
    def statements(self, today: date) -> dict[str, dict[str, str]]: ...


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One case and the road it is taken along."""

    name: str
    when: str
    road: str
    firm: Applicant
    officer: str
    product: str
    fields: Mapping[str, str]
    gaps: frozenset[str]
    account: str | None

    @property
    def id(self) -> UUID:
        """The draft's id, and later the loan's: the same in every demo book."""
        return uuid5(_NAMESPACE, self.name)


@cache
def demo_cases() -> tuple[DemoCase, ...]:
    """All cases of the book, in the order they are made."""
    data = json.loads((SEED / "demo" / "book.json").read_text("utf-8"))
    profiles = {
        name: {line: Decimal(share) for line, share in shares.items()}
        for name, shares in data["profiles"].items()
    }
    firms = {
        name: _firm(index, firm, profiles[firm["profile"]])
        for index, (name, firm) in enumerate(data["firms"].items())
    }
    return tuple(_case(case, firms[case["firm"]]) for case in data["cases"])


def _case(case: Mapping[str, Any], firm: DemoFirm) -> DemoCase:
    gaps = frozenset(case.get("gaps", ()))
    fields = {
        **firm.fields,
        "product_code": case["product"],
        "currency": "CNY",
        "amount": case["amount"],
        "tenor_months": case["tenor"],
        "repayment_method": case["method"],
        "purpose": case["purpose"],
        "repayment_source": "销售回款",
        **case.get("plan", {}),
    }
    return DemoCase(
        name=case["name"],
        when=case["when"],
        road=case["road"],
        firm=firm,
        officer=case["officer"],
        product=case["product"],
        fields={name: text for name, text in fields.items() if name not in gaps},
        gaps=gaps,
        account=case.get("account"),
    )


def _firm(index: int, firm: Mapping[str, str], profile: Mapping[str, Decimal]) -> DemoFirm:
    fields = {
        "established_on": firm["established_on"],
        "industry": firm["industry"],
        "employees": firm["employees"],
        "legal_representative": firm["head"],
        "handler_name": firm["handler"],
        "handler_phone": f"138001380{index:02d}",
        "signatory_name": firm["head"],
        "signatory_email": f"signatory{index:02d}@example.com",
        "payee_name": firm["name"],
        "payee_account": f"62220202001122{index:05d}",
        "payee_bank_code": "313651027012",
    }
    return DemoFirm(
        number=registration_number(firm["division"], firm["body"]),
        name=firm["name"],
        fields=fields,
        established_on=date.fromisoformat(firm["established_on"]),
        assets=Decimal(firm["assets"]),
        profile=profile,
    )


def registration_number(division: str, body: str) -> RegistrationNumber:
    """A unified social credit code with both its check characters."""
    code = f"{_COMPANY}{division}{body}{organisation_check_character(body)}"
    whole = code + uscc_check_character(code)
    return parse_registration_number(RegistrationScheme.CN_USCC, whole)


def _statement(assets: Decimal, shares: Mapping[str, Decimal]) -> dict[str, str]:
    """One year. Equity is what debt leaves of assets, so the sheet balances to the cent."""
    total = assets.quantize(_CENT)
    part = {name: (total * share).quantize(_CENT) for name, share in shares.items()}
    lines = {
        "total_assets": total,
        "current_assets": part["current"],
        "current_liabilities": part["short_debt"],
        "total_liabilities": part["debt"],
        "equity": total - part["debt"],
        "retained_earnings": part["retained"],
        "revenue": part["turnover"],
        "ebit": part["ebit"],
        "net_profit": part["profit"],
        "interest_expense": part["interest"],
    }
    return {name: f"{figure:.2f}" for name, figure in lines.items()}
