"""Years of a firm's sheets, rolled from one to the next in whole cents, so that nothing is lost.

Each year's cash is what the flows leave, and equity moves by profit less dividends: assets and
claims are equal because every movement has two sides, and no line is made to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import Fraud, Year
from runner.demo.synthetic.names import Trade

THOUSAND = 1000
TAX = 250  # per mille of profit
DEPRECIATION = 90  # per mille of the opening fixed assets
_YEAR_DAYS = 360
_VAT = 1130  # customers pay value-added tax on top; the bank sees both


@dataclass(frozen=True, slots=True)
class Sheet:
    """The stocks at a year's end, in cents."""

    cash: int
    receivables: int
    prepayments: int
    inventory: int
    fixed: int
    short_debt: int
    payables: int
    advances: int
    long_debt: int
    paid_in: int
    retained: int

    @property
    def assets(self) -> int:
        """All that the firm has."""
        return self.cash + self.receivables + self.prepayments + self.inventory + self.fixed

    @property
    def owed(self) -> int:
        """All that the firm owes."""
        return self.short_debt + self.payables + self.advances + self.long_debt


@dataclass(frozen=True, slots=True)
class Flows:
    """What a year brought, in cents."""

    revenue: int
    cost: int
    overheads: int
    depreciation: int
    interest: int
    tax: int
    operating_cash: int
    investing_cash: int
    financing_cash: int
    dividends: int

    @property
    def ebit(self) -> int:
        """Profit before interest and tax; depreciation lies inside the overheads."""
        return self.revenue - self.cost - self.overheads

    @property
    def profit(self) -> int:
        """Profit of the year."""
        return self.ebit - self.interest - self.tax


def years_of(
    dice: Dice,
    trade: Trade,
    assets: int,
    quality: int,
    last_year: int,
    count: int,
    fraud: Fraud | None,
) -> tuple[Year, ...]:
    """So many years up to `last_year`, the oldest first.

    `assets`: cents at the opening. `quality`: 0 the weakest to 1000 the strongest.
    """
    sheet, revenue = _opening(dice.of("opening"), trade, assets, quality)
    drift = dice.between("drift", -60, 60)
    made = []
    for step in range(count):
        year = last_year - count + 1 + step
        throws = dice.of(year)
        fit = min(max(quality + drift * step + throws.between("luck", -70, 70), 0), THOUSAND)
        after, flows = _rolled(throws, trade, sheet, revenue, fit)
        made.append(_year(throws, year, after, flows, fraud))
        sheet, revenue = after, flows.revenue
    return tuple(made)


def _part(whole: int, per_mille: int) -> int:
    return whole * per_mille // THOUSAND


def _opening(dice: Dice, trade: Trade, assets: int, quality: int) -> tuple[Sheet, int]:
    """The sheet before the first stated year, and that year's revenue."""
    revenue = _part(assets, trade.turnover * dice.between("pace", 800, 1200) // THOUSAND)
    cost = revenue - _part(revenue, trade.gross_margin)
    stocks = _stocks(trade, revenue, cost, quality)
    fixed = _part(assets, trade.fixed)
    cash = max(assets - fixed - sum(stocks[:3]), _part(revenue, 30))
    whole = fixed + cash + sum(stocks[:3])
    owes = 990 - 640 * quality // THOUSAND
    borrowed = max(_part(whole, owes) - stocks[3] - stocks[4], 0)
    long_debt = _part(borrowed, dice.between("long", 100, 400))
    owed = borrowed + stocks[3] + stocks[4]
    equity = whole - owed
    earned = _part(whole, -380 + 720 * quality // THOUSAND)
    retained = min(earned, equity - _part(whole, 80))
    return (
        Sheet(
            *(cash, *stocks[:3], fixed, borrowed - long_debt, *stocks[3:], long_debt),
            paid_in=equity - retained,
            retained=retained,
        ),
        revenue,
    )


def _stocks(trade: Trade, revenue: int, cost: int, quality: int) -> tuple[int, int, int, int, int]:
    """Receivables, prepayments, inventory, payables, advances: the weak collect and pay late."""
    slow = 1350 - 500 * quality // THOUSAND
    return (
        _part(revenue * trade.receivable_days // _YEAR_DAYS, slow),
        _part(cost, 25),
        _part(cost * trade.inventory_days // _YEAR_DAYS, slow),
        _part(cost * trade.payable_days // _YEAR_DAYS, slow),
        _part(revenue, 15),
    )


def _rolled(
    dice: Dice, trade: Trade, before: Sheet, revenue_before: int, fit: int
) -> tuple[Sheet, Flows]:
    """The next year's end and what led to it."""
    growth = -170 + 330 * fit // THOUSAND + dice.between("growth", -40, 40)
    revenue = revenue_before + _part(revenue_before, growth)
    margin = trade.gross_margin - 110 + 220 * fit // THOUSAND + dice.between("margin", -12, 12)
    cost = revenue - _part(revenue, margin)
    depreciation = _part(before.fixed, DEPRECIATION)
    overheads = _part(revenue, trade.overheads) + depreciation
    price = 78 - 42 * fit // THOUSAND
    interest = _part(before.short_debt + before.long_debt, price)
    taxable = revenue - cost - overheads - interest
    tax = _part(taxable, TAX) if taxable > 0 else 0
    profit = taxable - tax
    dividends = _part(profit, 250) if fit > 620 and profit > 0 and before.retained > 0 else 0
    stocks = _stocks(trade, revenue, cost, fit)
    bound = sum(stocks[:3]) - stocks[3] - stocks[4]
    bound_before = (
        (before.receivables + before.prepayments + before.inventory)
        - before.payables
        - before.advances
    )
    operating = profit + depreciation - (bound - bound_before)
    spent = _part(depreciation, 500 + 900 * fit // THOUSAND)
    short, long = _borrowing(before, operating - spent - dividends, _part(revenue, 45))
    financing = short - before.short_debt + long - before.long_debt - dividends
    after = Sheet(
        *(before.cash + operating - spent + financing, *stocks[:3]),
        *(before.fixed - depreciation + spent, short, *stocks[3:], long),
        *(before.paid_in, before.retained + profit - dividends),
    )
    flows = (revenue, cost, overheads, depreciation, interest, tax, operating, -spent, financing)
    return after, Flows(*flows, dividends)


def _borrowing(before: Sheet, left: int, least_cash: int) -> tuple[int, int]:
    """Short and long debt at the year's end: a tenth of the long is repaid, and banks fill gaps."""
    long = before.long_debt - _part(before.long_debt, 100)
    cash = before.cash + left - (before.long_debt - long)
    if cash < least_cash:
        return before.short_debt + least_cash - cash, long
    spare = min((cash - least_cash) // 2, before.short_debt)
    return before.short_debt - spare, long


def _year(dice: Dice, year: int, sheet: Sheet, flows: Flows, fraud: Fraud | None) -> Year:
    told = _part(flows.revenue, dice.between("tax office", 975, 1015))
    seen = _part(_part(flows.revenue, _VAT), dice.between("bank", 880, 1060))
    if fraud is Fraud.INFLATED_REVENUE:
        told, seen = _part(told, 560), _part(seen, 520)
    debt = sheet.short_debt + sheet.long_debt
    if fraud is Fraud.HIDDEN_DEBT:
        debt += _part(sheet.assets, 350)
    return Year(
        FinancialStatement(
            year, "CNY", _lines(sheet, flows), dice.chance("audited", 800), date(year, 12, 31)
        ),
        dividends=_yuan(flows.dividends),
        paid_in_capital=_yuan(sheet.paid_in),
        revenue_for_tax=_yuan(told),
        bank_inflow=_yuan(seen),
        debt_at_bureau=_yuan(debt),
    )


def _lines(sheet: Sheet, flows: Flows) -> dict[str, Decimal]:
    current = sheet.assets - sheet.fixed
    cents = {
        "cash": sheet.cash,
        "receivables": sheet.receivables,
        "prepayments": sheet.prepayments,
        "inventory": sheet.inventory,
        "current_assets": current,
        "fixed_assets": sheet.fixed,
        "total_assets": sheet.assets,
        "short_term_debt": sheet.short_debt,
        "payables": sheet.payables,
        "advances_received": sheet.advances,
        "current_liabilities": sheet.owed - sheet.long_debt,
        "long_term_debt": sheet.long_debt,
        "total_liabilities": sheet.owed,
        "equity": sheet.paid_in + sheet.retained,
        "retained_earnings": sheet.retained,
        "revenue": flows.revenue,
        "cost_of_sales": flows.cost,
        "operating_expenses": flows.overheads,
        "depreciation": flows.depreciation,
        "ebit": flows.ebit,
        "interest_expense": flows.interest,
        "tax": flows.tax,
        "net_profit": flows.profit,
        "operating_cash_flow": flows.operating_cash,
        "investing_cash_flow": flows.investing_cash,
        "financing_cash_flow": flows.financing_cash,
    }
    return {name: _yuan(amount) for name, amount in cents.items()}


def _yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
