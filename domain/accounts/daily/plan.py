"""The plan of a loan whose interest follows its balance: levels, and rows restated from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from itertools import pairwise

from domain.accounts.daily.clock import RateClock, whole_periods
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.schedules.annuity import EXACT, REBALANCING_ROUNDS_MAX, equal_instalment
from domain.schedules.cumulative import cumulative_level
from domain.schedules.periods import Period
from domain.schedules.terms import Amortisation, ScheduleTerms

_PRODUCTS = Context(prec=80)
"""A factor has 34 digits; money times a factor keeps them all, so that no tie appears by itself."""


@dataclass
class Plan:
    """All instalments, what was drawn, and up to which day the account is known.

    Up to `known_to` interest runs on the principal really owed; from then on every instalment is
    taken as paid when due.
    """

    terms: ScheduleTerms
    clock: RateClock
    rows: list[DailyInstalment]
    known_to: date
    drawn: list[tuple[date, Decimal]] = field(default_factory=list)
    overdue_bears: bool = True
    whole_periods: bool = False
    fixed: bool = False
    """What the rows ask for no longer follows the balance."""

    @property
    def cumulative(self) -> bool:
        """Whether instalments keep their interest, whatever principal came early."""
        return self.terms.amortisation is Amortisation.CUMULATIVE

    def copied(self) -> Plan:
        """A copy to try something on."""
        clock = replace(self.clock, set_on=list(self.clock.set_on), paused=list(self.clock.paused))
        rows = [row.copied() for row in self.rows]
        return replace(self, clock=clock, rows=rows, drawn=list(self.drawn))

    @property
    def total_drawn(self) -> Decimal:
        """Everything paid out, and principal owed again."""
        return sum((a for _, a in self.drawn), NOTHING)

    @property
    def credited(self) -> Decimal:
        """Principal that came back onto instalments."""
        return sum((row.credited for row in self.rows), NOTHING)

    @property
    def open_principal(self) -> Decimal:
        """Principal paid out and not paid back."""
        paid = sum((row.paid_principal for row in self.rows), NOTHING)
        return self.total_drawn + self.credited - paid

    @property
    def matures_on(self) -> date:
        """The due date of the last agreed instalment."""
        return max(row.period.due_on for row in self.rows if not row.extra)

    def index_on(self, day: date) -> int:
        """The instalment whose period holds a day; the last one for every later day."""
        holding = (n for n, row in enumerate(self.rows) if day < row.period.due_on)
        return next(holding, len(self.rows) - 1)

    def end_row_on(self, row: DailyInstalment, on: date) -> None:
        """An instalment ends on another day: whole periods count by their share in it."""
        row.period = replace(row.period, due_on=on)
        if on > row.period.start_on:
            self.clock.stretched[on] = whole_periods(row.period, self.terms)

    def restate(self) -> None:
        """Interest and principal of every row, from its level and the balance of every day."""
        if self.fixed:
            return
        with localcontext(EXACT):
            spans = self._money_in_advance() + self._money_back()
            repaid, put_off = NOTHING, NOTHING
            for n, row in enumerate(self.rows):
                accrued = row.fixed_interest + (NOTHING if row.extra else put_off)
                if row.down_payment:
                    repaid += row.principal
                    spans.append(self._not_yet_down(n, row))
                    continue
                accrued += row.moved_in + row.moved_met - row.moved_round
                if not row.extra and not row.moved_out and not row.interest_moved:
                    accrued += self._accrued(row.period, repaid, spans)
                if row.interest_only and not row.paid:
                    row.level = row.agreed_level = accrued
                if self.cumulative and row.paid_principal:
                    row.level = max(row.level, accrued + row.paid_principal)
                row.split(accrued)
                put_off = row.deferred
                repaid += row.principal - row.credited
                spans += self._money_late(row)

    def _money_in_advance(self) -> list[tuple[date, date, Decimal]]:
        return [
            (paid_on, row.period.due_on, -amount)
            for row in self.rows
            for paid_on, amount in row.payments
            if paid_on < row.period.due_on
        ]

    def _not_yet_down(self, n: int, row: DailyInstalment) -> tuple[date, date, Decimal]:
        """Until its day a down payment is not asked for, whatever period it falls into."""
        return self.rows[n + 1].period.start_on, row.period.due_on, row.principal

    def _money_back(self) -> list[tuple[date, date, Decimal]]:
        return [
            (day, row.period.due_on, amount) for row in self.rows for day, amount in row.credits
        ]

    def _money_late(self, row: DailyInstalment) -> list[tuple[date, date, Decimal]]:
        due = row.period.due_on
        if not self.overdue_bears:
            return []
        spans = [(due, paid_on, amount) for paid_on, amount in row.payments if paid_on > due]
        unpaid = row.principal - row.paid_principal
        if due < self.known_to and unpaid:
            spans.append((due, self._overdue_to(), unpaid))
        return spans

    def _overdue_to(self) -> date:
        if self.whole_periods:
            running = self.rows[self.index_on(self.known_to)].period
            return max(running.due_on, self.known_to)
        return self.known_to

    def _accrued(
        self, period: Period, repaid: Decimal, spans: list[tuple[date, date, Decimal]]
    ) -> Decimal:
        start_on, due_on = period.start_on, period.due_on
        here = [span for span in spans if span[0] < due_on and start_on < span[1]]
        exact = NOTHING
        for start, end in pairwise(self._cuts(period, here)):
            factor = self.clock.factor(period, start, end)
            if factor:
                moved = sum((a for one, two, a in here if one <= start < two), NOTHING)
                lent = sum((a for day, a in self.drawn if day <= start), NOTHING)
                with localcontext(_PRODUCTS):
                    exact += max(lent - repaid + moved, NOTHING) * factor
        with localcontext(_PRODUCTS):
            return self.terms.rounding.amount(exact, self.terms.currency)

    def _cuts(self, period: Period, spans: list[tuple[date, date, Decimal]]) -> list[date]:
        days = self.clock.borders() | {day for day, _ in self.drawn}
        days |= {day for one, two, _ in spans for day in (one, two)}
        inside = {day for day in days if period.start_on < day < period.due_on}
        return sorted(inside | {period.start_on, period.due_on})

    def settle(self) -> None:
        """Restate, and let the last unpaid instalment take what the levels miss."""
        if self.fixed:
            return
        self.restate()
        for _ in self.rows:
            self._cap_levels()
            agreed = [row for row in self.rows if not row.extra]
            last = next((row for row in reversed(agreed) if not row.settled), None)
            if last is None and self.open_principal and not any(r.paid for r in self.rows):
                last = agreed[-1]
            if last is None:
                return
            self._move_back(last)
            if self._filled(last):
                self._move_up(last)
                return

    def _filled(self, last: DailyInstalment) -> bool:
        """Let an instalment take what the levels miss; False where what it was paid is too much.

        A level can change the interest asked for, once: an instalment whose principal is paid
        asks for none, and does again where its level grows.
        """
        wanted = last.level
        for _ in range(2):
            wanted = last.level + self._missing
            last.level = max(wanted, last.floor)
            self.restate()
            if last.level > wanted or not self._missing:
                break
        return last.level == wanted

    @property
    def _missing(self) -> Decimal:
        """Principal that no instalment asks for yet; negative where they ask for too much."""
        asked = (row.to_pay - row.interest - row.credited for row in self.rows)
        return self.total_drawn - sum(asked, NOTHING)

    def _move_back(self, last: DailyInstalment) -> None:
        """Every instalment asks for its own interest again."""
        if last.moved_in or any(row.moved_out for row in self.rows):
            last.moved_in = last.moved_met = last.moved_round = NOTHING
            for row in self.rows:
                row.moved_out = False
            self.restate()

    def _move_up(self, last: DailyInstalment) -> None:
        """Interest known by now of paid-up instalments behind the last open one moves to it."""
        if last is self.rows[-1]:
            return
        tried = self.copied()
        ended = tried.clock.ended_on
        tried.clock.ended_on = min(self.known_to, ended) if ended else self.known_to
        tried.restate()
        behind = self.rows.index(last) + 1
        later = reversed(tried.rows[behind:])
        moved = next((row.deferred for row in later if row.deferred), NOTHING)
        if not moved:
            return
        last.moved_met = min(moved, last.paid_ahead)
        last.moved_in = moved - last.moved_met
        last.moved_round = min(tried.rows[behind - 1].deferred, last.moved_in)
        for row in self.rows[behind:]:
            row.moved_out = True
        self.restate()

    def _cap_levels(self) -> None:
        """No instalment asks for more principal than is left in all."""
        left, changed = max(self.open_principal, NOTHING), False
        for row in self.rows:
            beyond = row.principal - row.paid_principal - left
            if beyond > 0:
                row.level = max(row.level - beyond, row.floor)
                changed = True
        if changed:
            self.restate()

    def relevel(self, first: int) -> None:
        """A new level for the rows from one on, over the principal not yet repaid by then."""
        free = next((n for n, row in enumerate(self.rows) if not row.interest_only), 0)
        agreed = [n for n, row in enumerate(self.rows) if not row.extra]
        first = min(max(first, free), agreed[-1])
        self.restate()
        related = [row for row in self.rows[first:] if not row.extra]
        self._set_level(first, self._level_of(first, related))
        self.even_out(first)

    def agree_levels(self, first: int) -> None:
        """What the rows ask for now, the last one's odd cents too, is what was agreed."""
        for row in self.rows[first:]:
            row.agreed_level = row.level

    def _level_of(self, first: int, related: list[DailyInstalment]) -> Decimal:
        balance = self._balance_for(first)
        if self.cumulative:
            rate = self.clock.contract_rate(related[0].period.start_on)
            return cumulative_level(replace(self.terms, yearly_rate=rate), balance, len(related))
        with localcontext(EXACT):
            return equal_instalment(
                balance,
                [self.clock.period_factor(row.period) for row in related],
                self.terms.rounding,
                self.terms.currency,
                added=sum((row.fixed_interest for row in related), NOTHING) / len(related),
            )

    def even_out(self, first: int) -> None:
        """Let the last instalment take the rest, and spread it where it is much."""
        self.settle()
        self._rebalance(first)

    def relevel_as_unpaid(self, first: int) -> None:
        """New levels as if nothing had been paid yet; what was paid then meets them."""
        if not any(row.paid for row in self.rows):
            self.relevel(first)
            return
        tried = self.copied()
        tried.known_to = tried.drawn[0][0]
        for row in tried.rows:
            row.paid_principal = row.paid_interest = NOTHING
            row.payments.clear()
        tried.relevel(first)
        for row, fresh in zip(self.rows[first:], tried.rows[first:], strict=True):
            row.level, row.agreed_level = fresh.level, fresh.agreed_level
        self.settle()

    def interest_to(self, on: date) -> Decimal:
        """All interest due or earned by a day."""
        tried = self.copied()
        tried.clock.ended_on = on
        tried.settle()
        return sum((row.interest for row in tried.rows), NOTHING)

    def _balance_for(self, first: int) -> Decimal:
        start, due = self.rows[first].period.start_on, self.rows[first].period.due_on
        last = first == len(self.rows) - 1
        lent = sum((a for day, a in self.drawn if day < due or last), NOTHING)
        repaid = sum((row.principal - row.credited for row in self.rows[:first]), NOTHING)
        early = sum(
            (a for row in self.rows[first:] for day, a in row.payments if first and day <= start),
            NOTHING,
        )
        return max(lent - repaid - early, NOTHING)

    def _set_level(self, first: int, level: Decimal) -> None:
        for row in self.rows[first:]:
            if level >= row.paid and not row.extra:
                row.level = row.agreed_level = level

    def _rebalance(self, first: int) -> None:
        """Spread what the last instalment differs by, while that makes it differ less."""
        for _ in range(REBALANCING_ROUNDS_MAX if self.terms.rounding.rebalance else 0):
            usual, gap = self._gap(first)
            count = sum(1 for row in self.rows[first:] if row.paid <= usual)
            if count == 0 or abs(gap) * 100 <= count // 2:
                return
            share = self.terms.rounding.amount(gap / count, self.terms.currency)
            level = self.terms.rounding.instalment(usual + share, self.terms.currency)
            tried = self.copied()
            tried._set_level(first, level)
            tried.settle()
            if level == usual or abs(tried._gap(first)[1]) >= abs(gap):
                return
            self.rows = tried.rows
            self.agree_levels(first)

    def _gap(self, first: int) -> tuple[Decimal, Decimal]:
        """The usual level, and what the last of two open instalments differs from it by."""
        related = [row for row in self.rows[first:] if not row.extra]
        for usual, last in reversed(list(pairwise(related))):
            if not usual.settled and not last.settled:
                return usual.level, last.level - usual.level
        return related[0].level, NOTHING
