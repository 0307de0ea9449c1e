"""How fast the loan arithmetic is: schedules beside a peer library, and events through the fold."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

from domain.accounts import AccountTerms, fold
from domain.accounts.events import Drawdown, Event, RateSet, Receipt
from domain.money import Currency
from domain.schedules import RepaymentMethod, ScheduleTerms, build_schedule

MONTHS = 360
RECEIPTS = 5_000
_DRAWN_ON = date(2026, 1, 31)
_AT_LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Arithmetic:
    """What the arithmetic does in a second. `peer_schedules` is None where the peer is absent."""

    schedules: float
    peer_schedules: float | None
    events_of_many_receipts: float
    events_of_a_mixed_stream: float

    def rows(self) -> Iterator[tuple[str, str]]:
        """The figures for a person."""
        yield f"Schedules of {MONTHS} months per second, exact decimals", f"{self.schedules:.1f}"
        if self.peer_schedules is None:
            yield "The same by numpy-financial", "not installed here"
        else:
            yield "The same by numpy-financial, binary floats", f"{self.peer_schedules:.1f}"
            ratio = self.peer_schedules / self.schedules
            yield "Ratio, numpy-financial to ours", f"{ratio:.2f}"
        many = f"{self.events_of_many_receipts:,.0f}"
        yield f"Events per second, {RECEIPTS:,} receipts of one loan", many
        yield "Events per second, rates and receipts mixed", f"{self.events_of_a_mixed_stream:,.0f}"


def measure_arithmetic() -> Arithmetic:
    """Measure all of it in this process, one after the other."""
    terms = _terms()
    receipts, mixed = _many_receipts(), _mixed()
    last = _DRAWN_ON + timedelta(days=RECEIPTS + 1)
    account = AccountTerms(schedule=terms)
    return Arithmetic(
        schedules=_per_second(lambda: build_schedule(terms)),
        peer_schedules=_peer(),
        events_of_many_receipts=len(receipts) * _per_second(lambda: fold(account, receipts, last)),
        events_of_a_mixed_stream=len(mixed) * _per_second(lambda: fold(account, mixed, last)),
    )


def _terms() -> ScheduleTerms:
    return ScheduleTerms(
        principal=Decimal(12_000_000),
        currency=Currency.CNY,
        yearly_rate=Decimal("0.0435"),
        method=RepaymentMethod.EQUAL_INSTALMENT,
        drawn_on=_DRAWN_ON,
        instalments=MONTHS,
    )


def _per_second(work: Callable[[], object]) -> float:
    """Runs for at least a second, so that one slow moment does not count much."""
    work()
    count, started = 0, perf_counter()
    while (spent := perf_counter() - started) < _AT_LEAST_SECONDS:
        work()
        count += 1
    return count / spent


def _peer() -> float | None:
    """The whole table by a peer: payment, interest and principal of each month, and balances."""
    try:
        peer, numpy = importlib.import_module("numpy_financial"), importlib.import_module("numpy")
    except ModuleNotFoundError:
        return None
    months = numpy.arange(1, MONTHS + 1)

    def table() -> object:
        rate, principal = 0.0435 / 12, 12_000_000.0
        level = peer.pmt(rate, MONTHS, -principal)
        interest = peer.ipmt(rate, months, MONTHS, -principal)
        repaid = peer.ppmt(rate, months, MONTHS, -principal)
        return level, interest, repaid, principal - numpy.cumsum(repaid)

    return _per_second(table)


def _drawdown() -> Event:
    amount = Decimal(12_000_000)
    return Drawdown(key="d", value_on=_DRAWN_ON, recorded_on=_DRAWN_ON, amount=amount)


def _many_receipts() -> list[Event]:
    days = (_DRAWN_ON + timedelta(days=n) for n in range(1, RECEIPTS + 1))
    receipts = (
        Receipt(key=f"r{n}", value_on=day, recorded_on=day, amount=Decimal("1961.37"))
        for n, day in enumerate(days)
    )
    return [_drawdown(), *receipts]


def _mixed() -> list[Event]:
    """Two hundred months: a receipt each, late now and then, and a new rate each quarter."""
    events = [_drawdown()]
    for n in range(200):
        day = _DRAWN_ON + timedelta(days=31 * (n + 1))
        if n % 3 == 0:
            rate = Decimal("0.0435") + Decimal(n % 5) / 10_000
            events.append(RateSet(key=f"f{n}", value_on=day, recorded_on=day, yearly_rate=rate))
        amount = Decimal(60_000)
        events.append(Receipt(key=f"r{n}", value_on=day, recorded_on=day, amount=amount))
    return events
