"""An account while it runs: rows, rate, held money, and what the calendar does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from itertools import takewhile

from domain.accounts.account import AccrualStatus, Movement, Portion
from domain.accounts.allocation import Part, allocate, total_open
from domain.accounts.due_dates import DueDates
from domain.accounts.events import ReceiptKind
from domain.accounts.lateness import accrue_lateness
from domain.accounts.misuse import accrue_misuse, misused_ahead, misused_parts
from domain.accounts.rates import RateTimeline
from domain.accounts.rows import NOTHING, Row
from domain.accounts.terms import AccountTerms, AllocationRule, FutureMoney
from domain.money import Currency
from domain.repayments import Bucket
from domain.schedules.annuity import EXACT


@dataclass(slots=True)
class Totals:
    """What the ledger's balances follow from. Unit: the currency."""

    drawn: Decimal = NOTHING
    received: Decimal = NOTHING
    refunded: Decimal = NOTHING
    waived: dict[Bucket, Decimal] = field(default_factory=dict)
    charged_back: Decimal = NOTHING
    principal_paid: Decimal = NOTHING
    promises: dict[str, Decimal] = field(default_factory=dict)
    """Refunds promised and not yet paid, by the key of the promise."""

    @property
    def promised(self) -> Decimal:
        """Money that is owed to payers."""
        return sum(self.promises.values(), NOTHING)


@dataclass(slots=True)
class Running:
    """The working state of one fold. Private to the engine."""

    terms: AccountTerms
    rates: RateTimeline
    rows: list[Row] = field(default_factory=list)
    held: Decimal = NOTHING
    on: date | None = None
    status: AccrualStatus = AccrualStatus.ACCRUAL
    misused: Decimal = NOTHING
    """What was found misused, less what was brought back."""
    accelerated_on: date | None = None
    written_off_on: date | None = None
    movements: list[Movement] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    first_live: int = 0
    """Rows before it are due and paid. Whoever changes rows sets it back to 0."""
    dates: DueDates | None = None
    """How the due dates go on, once the first drawdown has laid the schedule."""
    flat_base: Decimal = NOTHING
    """What interest counts on where it does not follow the balance (FLAT)."""

    @property
    def currency(self) -> Currency:
        """The note's currency."""
        return self.terms.schedule.currency

    def outstanding(self) -> Decimal:
        """Principal not yet repaid, due or not."""
        return self.totals.drawn + self.totals.charged_back - self.totals.principal_paid

    def misused_now(self) -> Decimal:
        """Misused principal that is not paid back; never more than is outstanding."""
        return min(self.misused, self.outstanding())

    def live(self) -> list[Row]:
        """Rows that are not both due and paid, in order."""
        rows, day = self.rows, self.on
        while day is not None and self.first_live < len(rows):
            row = rows[self.first_live]
            if row.paid_on is None or row.due_on > day:
                break
            self.first_live += 1
        return rows[self.first_live :]

    def days_past_due(self, day: date) -> int:
        """Days since the oldest due date with principal or interest open, else zero."""
        for row in self.live():
            if row.due_on >= day:
                return 0
            if row.paid_on is None and row.in_arrears(self.currency):
                return (day - row.due_on).days
        return 0

    def advance(self, day: date) -> None:
        """Let time pass: held money pays what falls due, lateness runs, accrual may stop."""
        while self.held and (due := self._next_held_use(day)) is not None:
            self._late_to(due)
            self._restate_accrual(due)  # what was cured since is paid in the order of accrual
            self._use_held(due)
            self.on = due
        self._late_to(day)
        self.on = day if self.on is None else max(self.on, day)
        self._restate_accrual(day)

    def rule(self, kind: ReceiptKind = ReceiptKind.REPAYMENT) -> AllocationRule:
        """The order of allocation of money of a kind, as the accrual status has it."""
        if self.status is AccrualStatus.NON_ACCRUAL:
            return self.terms.non_accrual_allocation
        return self.terms.allocation_of(kind)

    def pay(
        self, amount: Decimal, on: date, kind: ReceiptKind = ReceiptKind.REPAYMENT
    ) -> tuple[list[Portion], Decimal]:
        """Allocate an amount on a day; what nothing asks for comes back."""
        rule, rows = self.rule(kind), self.live()
        if rule.future is FutureMoney.HOLD:
            rows = list(takewhile(lambda row: row.due_on <= on, rows))
        parts, left = allocate(rows, rule, amount, on, self.currency)
        return self.portions(parts), left

    def portions(self, parts: Sequence[Part]) -> list[Portion]:
        """Parts by the number of their row, as the account shows them."""
        if not parts:
            return []
        used = {id(row) for row, _, _ in parts}
        numbers = {id(row): n for n, row in enumerate(self.rows, start=1) if id(row) in used}
        return [Portion(numbers[id(row)], bucket, amount) for row, bucket, amount in parts]

    def count_paid(self, portions: Sequence[Portion]) -> None:
        """Remember principal that was paid, for the balance."""
        self.totals.principal_paid += sum(
            (portion.amount for portion in portions if portion.bucket is Bucket.PRINCIPAL), NOTHING
        )

    def factor(self, row: Row, from_on: date, to_on: date) -> Decimal:
        """Interest on one unit of principal over [from, to) inside a row. 34 digits."""
        if not row.parts:
            return self.rates.factor(row.period, from_on, to_on)
        with localcontext(EXACT):
            return sum(
                (
                    self.rates.factor(part, max(from_on, part.start_on), min(to_on, part.due_on))
                    for part in row.parts
                    if part.start_on < to_on and from_on < part.due_on
                ),
                NOTHING,
            )

    def contract_rate(self) -> Decimal:
        """The rate on the account's day."""
        return self.rates.rate_on(self.on or self.terms.schedule.drawn_on)

    def _late_to(self, day: date) -> None:
        rows, lateness, since = self.live(), self.terms.lateness, self.on or day
        rate, misused = self.rates.rate_on(since), self.misused_now()
        parts = misused_parts(rows, misused, self.currency)
        if misused:
            accrue_misuse(misused_ahead(rows, parts, since, day), lateness, rate)
        accrue_lateness(rows, parts, lateness, rate, day, self.currency)

    def _next_held_use(self, day: date) -> date | None:
        since, misused = self.on or date.min, self.misused_now()
        return next(
            (
                row.due_on
                for row in self.rows
                if since < row.due_on <= day and (misused or row.open_total(self.currency) > 0)
            ),
            None,
        )

    def _use_held(self, due: date) -> None:
        amount = min(self.held, total_open(self.rows, due, self.currency))
        portions, left = self.pay(amount, due)
        used = amount - left
        self.held -= used
        self.count_paid(portions)
        if used:
            self.movements.append(
                Movement(
                    f"held:{due.isoformat()}",
                    "held_money_used",
                    due,
                    used,
                    tuple(portions),
                    -used,
                    self.outstanding(),
                )
            )

    def _restate_accrual(self, day: date) -> None:
        if self.written_off_on is not None:
            return  # what is written off earns no income again
        late = self.days_past_due(day)
        if late > self.terms.lateness.non_accrual_after_days:
            self.status = AccrualStatus.NON_ACCRUAL
        elif late == 0:
            self.status = AccrualStatus.ACCRUAL
