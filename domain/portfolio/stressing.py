"""The whole book under a shock: every firm rated again, and what the notes would then lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.financials.statement import FinancialStatement
from domain.portfolio.expected_loss import loss_of
from domain.portfolio.exposure import Exposure
from domain.portfolio.policy import PortfolioPolicy
from domain.portfolio.regrading import Rater, Regraded
from domain.portfolio.stress import Restated, Shock, stressed

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LossShift:
    """The counted loss of one currency's notes, before and after."""

    currency: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Stressed:
    """What a shock does to the book."""

    firms: tuple[Restated, ...]
    losses: tuple[LossShift, ...]


def stress_book(
    years: Mapping[UUID, Sequence[FinancialStatement]],
    names: Mapping[UUID, str],
    notes: Iterable[Exposure],
    shock: Shock,
    policy: PortfolioPolicy,
    today: date,
    rater: Rater,
) -> Stressed:
    """Both sides by the same model from the same years, so that only the shock differs.

    A note of a customer without statements keeps its grade on both sides.
    """
    before = {firm: rater.rate(held) for firm, held in years.items()}
    after = {firm: rater.rate(_shaken(held, shock)) for firm, held in years.items()}
    firms = tuple(
        Restated(firm, names[firm], before[firm].grade, after[firm].grade) for firm in years
    )
    found = tuple(notes)
    currencies = sorted({note.currency for note in found})
    return Stressed(
        firms,
        tuple(
            LossShift(
                name,
                _lost([note for note in found if note.currency == name], before, policy, today),
                _lost([note for note in found if note.currency == name], after, policy, today),
            )
            for name in currencies
        ),
    )


def _shaken(years: Sequence[FinancialStatement], shock: Shock) -> tuple[FinancialStatement, ...]:
    """The newest year is shaken; those before it have happened."""
    return (*years[:-1], stressed(years[-1], shock))


def _lost(
    notes: Sequence[Exposure],
    ratings: Mapping[UUID, Regraded],
    policy: PortfolioPolicy,
    today: date,
) -> Decimal:
    pds = {firm: found.pd for firm, found in ratings.items() if found.pd is not None}
    regraded_notes = (
        replace(note, grade=ratings[note.customer_id].grade or note.grade)
        if note.customer_id in ratings
        else note
        for note in notes
    )
    counted = (loss_of(note, policy, today, pds).counted for note in regraded_notes)
    return sum(counted, _NOTHING)
