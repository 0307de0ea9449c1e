"""What a limit is derived from: the firm's figures, its grade, its security and what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from domain.limits.lines import Input, NotComputable, Origin, Unit
from domain.money import Currency

LENDABLE = ("AAA", "AA", "A")
"""Grades new credit may be given to (新增授信); the others keep what they have or give it back."""

_TWO = Decimal(2)


@dataclass(frozen=True, slots=True)
class Collateral:
    """A thing pledged or mortgaged, at its eligible value (押品价值), in the case's currency."""

    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Ask:
    """What the customer asks for, and what it says of the year to come.

    `growth` is the share by which sales are expected to grow; None: as they grew last year.
    `own`, `loans_elsewhere` and `other` are the working capital other sources give; None: `own`
    from the balance sheet, `loans_elsewhere` from its short-term debt less what is owed here, and
    `other` nothing. `upkeep` is yearly maintenance investment; None: as much as depreciation.
    """

    amount: Decimal
    tenor_months: int
    growth: Decimal | None = None
    own: Decimal | None = None
    loans_elsewhere: Decimal | None = None
    other: Decimal = Decimal(0)
    upkeep: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LimitCase:
    """Everything a derivation reads. Amounts in `currency`, `base_rate` a yearly fraction.

    `owed_here` is the customer's outstanding principal with the bank, `group_owed` that of the
    other members of its group; None where it belongs to none. `product_max` and
    `product_tenor_max` are the product's own caps.
    """

    grade: str
    pd: Decimal
    currency: Currency
    statements: tuple[FinancialStatement, ...]
    ask: Ask
    base_rate: Decimal
    collateral: tuple[Collateral, ...] = ()
    owed_here: Decimal = Decimal(0)
    group_owed: Decimal | None = None
    product_max: Decimal | None = None
    product_tenor_max: int | None = None

    def latest(self) -> FinancialStatement:
        """The newest year's statement. Raises NotComputable without one or in another currency."""
        if not self.statements:
            raise NotComputable("no_statement", ("statement",))
        newest = max(self.statements, key=lambda each: each.year)
        if newest.currency != self.currency:
            raise NotComputable("statement_currency")
        return newest

    def before(self) -> FinancialStatement | None:
        """The statement of the year before the newest one, if it is stated in the same currency."""
        year = self.latest().year - 1
        fitting = (each for each in self.statements if each.year == year)
        return next((each for each in fitting if each.currency == self.currency), None)


def stated(statement: FinancialStatement, *names: str) -> tuple[Input, ...]:
    """Lines of a statement as inputs. Raises NotComputable naming every one that is absent."""
    missing = tuple(name for name in names if statement.line(name) is None)
    if missing:
        raise NotComputable("line_missing", missing)
    return tuple(
        Input(name, statement.lines[name], Unit.AMOUNT, Origin.STATEMENT, statement.year)
        for name in names
    )


def averaged(case: LimitCase, name: str) -> Input:
    """A balance as the mean of two year ends; of the newest alone where only that is stated.

    Raises NotComputable where the newest year does not state it.
    """
    newest, before = case.latest(), case.before()
    (end,) = stated(newest, name)
    opening = before.line(name) if before is not None else None
    if opening is None:
        return Input(name, end.value, Unit.AMOUNT, Origin.YEAR_END, newest.year)
    return Input(name, (end.value + opening) / _TWO, Unit.AMOUNT, Origin.AVERAGE, newest.year)
