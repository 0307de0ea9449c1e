"""Stress (压力测试): what a shock makes of a firm's last year, and of the grades of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from domain.financials.statement import FinancialStatement
from domain.portfolio.exposure import UNRATED, notches_down
from domain.scoring import GRADES
from domain.violations import LoanRuleViolation

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)
TAX_SHARE = Decimal("0.25")
"""Source: Enterprise Income Tax Law, article 4; a loss is taxed with nothing."""
DEEPEST = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Shock:
    """What comes over every firm. `sales`: relative change, -0.2 is a fifth less.

    `margin`: points of sales taken off the gross margin, 0.02 is two. `interest`: points on top of
    what debt costs. Range: sales -0.9 to 0.9, margin -0.5 to 0.5, interest 0 to 0.2.
    """

    sales: Decimal = _NOTHING
    margin: Decimal = _NOTHING
    interest: Decimal = _NOTHING

    def refuse_unlikely(self) -> None:
        """Violation: `stress.range`."""
        sound = (
            abs(self.sales) <= DEEPEST
            and abs(self.margin) <= Decimal("0.5")
            and 0 <= self.interest <= Decimal("0.2")
        )
        if not sound:
            raise LoanRuleViolation("stress.range")

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return not (self.sales or self.margin or self.interest)


def stressed(statement: FinancialStatement, shock: Shock) -> FinancialStatement:
    """The year as the shock would have left it; the sheet balances if it did.

    Cost of sales follows sales; overheads and depreciation do not. What is earned less is missing
    in cash, and where cash runs out short debt fills the gap. Receivables, inventory and payables
    stay: they follow later than profit does. A line nobody stated stays unstated. HALF_UP to the
    cent.
    """
    lines = dict(statement.lines)
    ebit_lost = _operating_loss(lines, shock)
    debt = lines.get("short_term_debt", _NOTHING) + lines.get("long_term_debt", _NOTHING)
    interest_more = _cents(debt * shock.interest)
    profit_lost = _after_tax(lines, ebit_lost + interest_more)
    _move(lines, "ebit", -ebit_lost)
    _move(lines, "interest_expense", interest_more)
    _move(lines, "tax", -(ebit_lost + interest_more - profit_lost))
    for name in ("net_profit", "operating_cash_flow", "retained_earnings", "equity"):
        _move(lines, name, -profit_lost)
    _pay(lines, profit_lost)
    return replace(statement, lines=lines)


def _operating_loss(lines: dict[str, Decimal], shock: Shock) -> Decimal:
    """What the shock takes off the operating profit, and the new sales and cost."""
    revenue, cost = lines.get("revenue"), lines.get("cost_of_sales")
    if revenue is None or cost is None:
        return _NOTHING
    sales = _cents(revenue * (1 + shock.sales))
    lines["revenue"] = sales
    lines["cost_of_sales"] = max(
        _cents(cost * (1 + shock.sales)) + _cents(sales * shock.margin), _NOTHING
    )
    return (revenue - cost) - (lines["revenue"] - lines["cost_of_sales"])


def _after_tax(lines: dict[str, Decimal], lost: Decimal) -> Decimal:
    """A loss lowers the tax that was to be paid and no more; a gain is taxed."""
    if "tax" not in lines or "net_profit" not in lines:
        return lost
    taxed = max(lines["net_profit"] + lines["tax"], _NOTHING)
    after = max(lines["net_profit"] + lines["tax"] - lost, _NOTHING)
    return lost - _cents((taxed - after) * TAX_SHARE)


def _pay(lines: dict[str, Decimal], missing: Decimal) -> None:
    """Take what is missing from cash, as far as it goes, and borrow the rest for a short time."""
    cash = lines.get("cash", _NOTHING)
    from_cash = min(missing, cash)
    for name in ("cash", "current_assets", "total_assets"):
        _move(lines, name, -from_cash)
    for name in ("short_term_debt", "current_liabilities", "total_liabilities"):
        _move(lines, name, missing - from_cash)


def _move(lines: dict[str, Decimal], name: str, by: Decimal) -> None:
    if name in lines:
        lines[name] += by


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Restated:
    """A customer's grade by the model before and after a shock, both from the same statements."""

    customer_id: UUID
    name: str
    before: str | None
    after: str | None

    @property
    def notches(self) -> int:
        """Grades lost; below 0 where some were won."""
        return notches_down(self.before, self.after)


@dataclass(frozen=True, slots=True)
class GradeShift:
    """How many customers have a grade before and after."""

    grade: str
    before: int
    after: int


def distribution(restated: Iterable[Restated]) -> tuple[GradeShift, ...]:
    """Every grade from best to worst, then those no model can grade."""
    found = tuple(restated)
    before = Counter(one.before or UNRATED for one in found)
    after = Counter(one.after or UNRATED for one in found)
    return tuple(GradeShift(name, before[name], after[name]) for name in (*GRADES, UNRATED))


def movers(restated: Iterable[Restated]) -> tuple[Restated, ...]:
    """Whose grade changes, who falls furthest first."""
    moved = [one for one in restated if one.before != one.after]
    return tuple(sorted(moved, key=lambda one: (-one.notches, one.name)))
