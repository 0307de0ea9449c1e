"""An application whose every field has been read and found good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.schedules import RepaymentMethod
from domain.schedules.plan import RepaymentPlan
from domain.scoring import altman, li_2018


@dataclass(frozen=True, slots=True)
class Statement:
    """One calendar year, amounts in the application's currency; flows are of the whole year."""

    year: int
    total_assets: Decimal
    current_assets: Decimal
    current_liabilities: Decimal
    total_liabilities: Decimal
    equity: Decimal
    retained_earnings: Decimal
    revenue: Decimal
    ebit: Decimal
    net_profit: Decimal
    interest_expense: Decimal


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is asked for, by whom, and on which figures; statements newest first.

    A text the product does not ask for is empty, another value None.
    """

    product_code: str
    amount: Decimal
    currency: str
    tenor_months: int
    repayment_method: RepaymentMethod
    purpose: str
    repayment_source: str
    legal_representative: str
    handler_name: str
    handler_phone: str
    signatory_name: str
    signatory_email: str
    payee_name: str
    payee_account: str
    payee_bank_code: str
    established_on: date | None
    industry: str
    employees: int | None
    statements: tuple[Statement, ...]
    guaranteed_amount: Decimal | None = None
    real_estate_backed: bool | None = None
    in_recession: bool | None = None
    plan: RepaymentPlan | None = None
    """None in applications of before plans were kept: monthly instalments by 30/360."""
    refinances: str = ""
    """The case number of the loan that this one repays (借新还旧); empty where it repays none."""

    @property
    def repayment_plan(self) -> RepaymentPlan:
        """How the loan comes back, said or not."""
        monthly = RepaymentPlan(method=self.repayment_method, tenor_months=self.tenor_months)
        return self.plan or monthly

    @property
    def latest_statement(self) -> Statement | None:
        """The newest statement, or None where the product asks for none."""
        return self.statements[0] if self.statements else None


def score_inputs(facts: ApplicationFacts) -> Mapping[str, Decimal | None]:
    """The inputs of every shipped model that the application knows; the rest are None."""
    latest = facts.latest_statement
    figures = {name: getattr(latest, name) if latest else None for name in altman.INPUTS}
    return {**figures, **dict(zip(li_2018.INPUTS, _guarantee(facts), strict=True))}


def _guarantee(facts: ApplicationFacts) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    guaranteed = facts.guaranteed_amount
    portion = guaranteed / facts.amount if guaranteed is not None else None
    return _indicator(facts.real_estate_backed), portion, _indicator(facts.in_recession)


def _indicator(flag: bool | None) -> Decimal | None:
    return None if flag is None else Decimal(int(flag))


def declared_facts(name: str, facts: ApplicationFacts) -> Mapping[str, object]:
    """What the borrower declared, under the names `domain.verification.compare` reads."""
    latest = facts.latest_statement
    return {
        "name": name,
        "legal_representative": facts.legal_representative,
        "established_on": facts.established_on,
        "revenue": latest.revenue if latest else None,
        "net_profit": latest.net_profit if latest else None,
    }
