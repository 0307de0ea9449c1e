"""The working state of one fold of a daily-balance loan. Private to the engine."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.accounts.account import Movement, Portion
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.plan import Plan
from domain.accounts.events import Event
from domain.accounts.terms import AccountTerms
from domain.schedules.periods import Period, stepped

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass
class DailyFold:
    """The plan, the money held beyond it, and what was told so far. Unit: the currency."""

    terms: AccountTerms
    plan: Plan
    held: Decimal = NOTHING
    received: Decimal = NOTHING
    refunded: Decimal = NOTHING
    charged_back: Decimal = NOTHING
    interest_refunded: Decimal = NOTHING
    accelerated_on: date | None = None
    written_off_on: date | None = None
    taken: list[Event] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def move(
        self,
        event: Event,
        amount: Decimal,
        portions: tuple[Portion, ...] = (),
        held: Decimal = NOTHING,
        *,
        undone: bool = False,
    ) -> None:
        """Remember how one event was taken apart."""
        kind, left = kind_of(event), self.plan.open_principal
        self.movements.append(
            Movement(event.key, kind, event.value_on, amount, portions, held, left, undone)
        )

    def use(self, on: date, amount: Decimal, portions: tuple[Portion, ...]) -> None:
        """Remember that money held from before paid debts."""
        key, left = f"held:{on.isoformat()}", self.plan.open_principal
        self.movements.append(Movement(key, "held_money_used", on, amount, portions, -amount, left))

    def add_rows(self, count: int) -> None:
        """More instalments behind the last one, on the contract's own dates."""
        rows, terms = self.plan.rows, self.terms.schedule
        for n in range(len(rows) + 1, len(rows) + count + 1):
            start = rows[-1].period.due_on
            due = stepped(terms.drawn_on, terms, n)
            rows.append(DailyInstalment(Period(n, start, due, (due - start).days)))

    def row_after_end(self, on: date) -> DailyInstalment:
        """A row of its own for what falls due after the last instalment."""
        last = self.plan.rows[-1].period
        period = replace(last, n=last.n + 1, start_on=last.due_on, due_on=on)
        self.plan.rows.append(DailyInstalment(period, extra=True))
        return self.plan.rows[-1]

    def owe_again(self, on: date, principal: Decimal, interest: Decimal = NOTHING) -> int:
        """Onto the instalment in progress, or a row after the end. Returns the row's number."""
        if on > self.plan.rows[-1].period.due_on:
            self.row_after_end(on)
        index = self.plan.index_on(on)
        row = self.plan.rows[index]
        if principal:
            row.credits.append((on, principal))
        row.credited_interest += interest
        if self.plan.fixed:
            row.principal += principal
            row.interest += interest
        self.plan.settle()
        return index + 1


def kind_of(event: Event) -> str:
    """The event's kind as a code: DueDateMove is due_date_move."""
    return _WORD_START.sub("_", type(event).__name__).lower()
