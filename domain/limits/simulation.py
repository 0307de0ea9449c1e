"""What if (试算): the same firm at another grade, with other sales, margin or ask, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from domain.limits.case import LimitCase
from domain.limits.derivation import Derivation, derive
from domain.limits.lines import LineName
from domain.limits.terms import LimitTerms

_WITH_SALES = ("revenue", "cost_of_sales")
_TURNING = ("receivables", "inventory", "payables", "prepayments", "advances_received")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed; nothing by default.

    `sales_share` is by how much sales change (-0.2 is 20 % less), `margin_points` by how much
    profit by sales does (-0.03 is three percentage points less). `pd` goes with `grade`.
    """

    grade: str | None = None
    pd: Decimal | None = None
    sales_share: Decimal = _NOTHING
    margin_points: Decimal = _NOTHING
    ask_amount: Decimal | None = None
    ask_months: int | None = None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One cap before and after; None where it cannot be computed or does not apply."""

    name: LineName
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """A case as it is and as it would be."""

    before: Derivation
    after: Derivation

    @property
    def lines(self) -> tuple[ComparedLine, ...]:
        """Every cap either side knows, in the sheet's order."""
        before = {line.name: line.amount for line in self.before.lines}
        after = {line.name: line.amount for line in self.after.lines}
        names = (name for name in LineName if name in before or name in after)
        return tuple(ComparedLine(name, before.get(name), after.get(name)) for name in names)


def simulate(case: LimitCase, change: Change, terms: LimitTerms) -> Simulation:
    """Derive a case twice: as it is, and changed."""
    return Simulation(derive(case, terms), derive(changed(case, change), terms))


def changed(case: LimitCase, change: Change) -> LimitCase:
    """A case with a change in it.

    Sales change with the balances that turn with them, so the days stay; operating expenses,
    interest and depreciation do not move, so profit takes the whole change of the gross profit.
    Only the newest year is changed. Tax keeps its share of the profit; net worth stays.
    """
    newest = max((each.year for each in case.statements), default=None)
    statements = tuple(
        _shocked(each, change) if each.year == newest else each for each in case.statements
    )
    ask = case.ask
    if change.ask_amount is not None:
        ask = replace(ask, amount=change.ask_amount)
    if change.ask_months is not None:
        ask = replace(ask, tenor_months=change.ask_months)
    return replace(
        case,
        grade=change.grade or case.grade,
        pd=case.pd if change.pd is None else change.pd,
        statements=statements,
        ask=ask,
    )


def _shocked(statement: FinancialStatement, change: Change) -> FinancialStatement:
    if not change.sales_share and not change.margin_points:
        return statement
    lines, factor = dict(statement.lines), 1 + change.sales_share
    gross = statement.gross_profit
    for name in (*_WITH_SALES, *_TURNING):
        if name in lines:
            lines[name] *= factor
    dearer = -change.margin_points * lines.get("revenue", _NOTHING)
    if "cost_of_sales" in lines:
        lines["cost_of_sales"] = max(lines["cost_of_sales"] + dearer, _NOTHING)
    lost = dearer - (gross or _NOTHING) * change.sales_share
    _take_from_profit(lines, lost)
    return replace(statement, lines=lines)


def _take_from_profit(lines: dict[str, Decimal], lost: Decimal) -> None:
    """Take an amount from the profit before tax; the tax keeps its share, at least 0."""
    tax, net = lines.get("tax"), lines.get("net_profit")
    if "ebit" in lines:
        lines["ebit"] -= lost
    if net is None:
        return
    before_tax = net + (tax or _NOTHING)
    if tax is None or before_tax <= 0:
        lines["net_profit"] = net - lost
        return
    share = tax / before_tax
    lines["tax"] = max((before_tax - lost) * share, _NOTHING)
    lines["net_profit"] = before_tax - lost - lines["tax"]
