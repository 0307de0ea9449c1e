"""A synthetic firm: what it states, who owns it, what happened to it, what the sources would say.

Amounts are yuan with two places unless a name says else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.financials.statement import FinancialStatement
from domain.identifiers import RegistrationNumber


class Fraud(StrEnum):
    """What is false in what a firm states; the sources know better."""

    INFLATED_REVENUE = "inflated_revenue"
    HIDDEN_DEBT = "hidden_debt"


class Oddity(StrEnum):
    """What is meant to look strange, so that nobody takes it for a slip of the generator."""

    CROSS_HOLDING = "cross_holding"
    LOOK_ALIKE = "look_alike"


class EventKind(StrEnum):
    """What may happen to a firm."""

    STATEMENT_FILED = "statement_filed"
    OWNER_CHANGE = "owner_change"
    COURT_CASE = "court_case"
    LICENCE_EXPIRED = "licence_expired"
    ADDRESS_CHANGE = "address_change"
    HEAD_CHANGE = "head_change"
    EQUITY_PLEDGE = "equity_pledge"
    TAX_ARREARS = "tax_arrears"


@dataclass(frozen=True, slots=True)
class Year:
    """One year as the firm states it, and what tax office, bank and bureau would say of it.

    `dividends` and `paid_in_capital` are what ties one year's equity to the next.
    """

    statement: FinancialStatement
    dividends: Decimal
    paid_in_capital: Decimal
    revenue_for_tax: Decimal
    bank_inflow: Decimal
    debt_at_bureau: Decimal


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of the firm. `number` is set where the holder is a firm of the same book.

    `basis_points`: of all shares, 10,000 together.
    """

    holder: str
    basis_points: int
    number: RegistrationNumber | None = None


@dataclass(frozen=True, slots=True)
class FirmEvent:
    """Something that happened; `facts` are texts of the event's own shape."""

    on: date
    kind: EventKind
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SyntheticFirm:
    """One firm with its last years, the oldest first. `group` is the name its members share."""

    serial: int
    number: RegistrationNumber
    name: str
    industry: str
    division: str
    size: str
    established_on: date
    legal_representative: str
    controller: str
    employees: int
    quality: int
    years: tuple[Year, ...]
    holdings: tuple[Holding, ...]
    events: tuple[FirmEvent, ...]
    group: str | None = None
    fraud: Fraud | None = None
    oddity: Oddity | None = None

    @property
    def province(self) -> str:
        """The first two digits of the division (省级行政区划代码)."""
        return self.division[:2]

    @property
    def is_parent(self) -> bool:
        """Whether the firm stands at the top of its group and holds the others."""
        return self.group is not None and "控股集团" in self.name

    @property
    def statements(self) -> tuple[FinancialStatement, ...]:
        """The stated years, the oldest first."""
        return tuple(year.statement for year in self.years)
