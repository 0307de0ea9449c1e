"""The portfolio: how good the book is, what it is expected to lose, where it is concentrated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.portfolio.concentration import Concentration, concentrations
from domain.portfolio.expected_loss import NoteLoss, StageLoss, by_grade, by_stage, loss_of
from domain.portfolio.exposure import UNRATED, Quality, quality_of
from domain.portfolio.policy import DIMENSIONS
from domain.portfolio.selection import notes_of
from domain.portfolio.watching import watch_list
from domain.scoring import GRADES
from doorway.admission import needs
from doorway.services import HasServices, Services
from doorway.sessions import Person
from language.catalogue import N_
from persistence.queries.paging import page_of
from persistence.queries.portfolio import Book, portfolio_book, watched_customers
from web.forms.lists import ListLinks, page_number
from web.forms.portfolio import asked_currency, asked_cut
from web.pages.portfolio_charts import Columns, columns_of
from web.rendering import render

router = APIRouter(include_in_schema=False)
RiskReader = Annotated[Person, Depends(needs(Act.READ_PORTFOLIO))]
TABS: tuple[tuple[str, str], ...] = (
    ("/portfolio", N_("Overview")),
    ("/portfolio/migration", N_("Migration")),
    ("/portfolio/vintages", N_("Vintages")),
    ("/portfolio/concentration", N_("Concentration")),
    ("/portfolio/watch", N_("Watch list")),
    ("/portfolio/stress", N_("Stress")),
    ("/models", N_("Models")),
)


@dataclass(frozen=True, slots=True)
class CurrencyView:
    """The book of one currency."""

    currency: str
    quality: Quality
    stages: tuple[StageLoss, ...]
    grades: tuple[tuple[str, int, Decimal, Decimal], ...]
    chart: Columns | None

    @property
    def counted(self) -> Decimal:
        """The expected loss the stages ask for."""
        return sum((one.counted for one in self.stages), Decimal(0))

    @property
    def cover(self) -> Decimal | None:
        """Counted loss by bad principal; None without any."""
        return self.counted / self.quality.bad if self.quality.bad else None


def tabs_for(path: str) -> list[tuple[str, str, None, bool]]:
    """The tabs as the template's macro takes them, untranslated."""
    return [(address, label, None, address == path) for address, label in TABS]


async def book_now(services: Services) -> Book:
    """The book after its last closed day."""
    async with services.database.reading() as session:
        return await portfolio_book(session, datetime.now(UTC))


def losses_of(book: Book, currency: str) -> tuple[NoteLoss, ...]:
    """The expected loss of every note of a currency."""
    return tuple(loss_of(note, book.policy, book.as_of, book.pds) for note in book.of(currency))


@router.get("/portfolio")
async def show_portfolio(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """Quality, classes, stages and expected loss, one part a currency."""
    book = await book_now(services)
    views = await asyncio.to_thread(_views, book)
    return render(
        request, "portfolio/page.html", book=book, views=views, tabs=tabs_for("/portfolio")
    )


@router.get("/portfolio/concentration")
async def show_concentration(
    request: Request, services: HasServices, _person: RiskReader
) -> Response:
    """Industries, regions, groups and customers against their limits."""
    book = await book_now(services)
    parts = await asyncio.to_thread(_concentrations, book)
    return render(
        request,
        "portfolio/concentration.html",
        book=book,
        parts=parts,
        names={str(customer_id): name for customer_id, name in book.customers.items()},
        tabs=tabs_for("/portfolio/concentration"),
    )


@router.get("/portfolio/watch")
async def show_watch_list(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """Customers something speaks against."""
    book = await book_now(services)
    async with services.database.reading() as session:
        customers = await watched_customers(session, book.as_of)
    lines = watch_list(customers, book.notes)
    page = page_of(page_number(request.query_params), len(lines))
    return render(
        request,
        "portfolio/watch.html",
        book=book,
        lines=lines[page.offset : page.last],
        page_shown=page,
        links=ListLinks("/portfolio/watch", {}),
        tabs=tabs_for("/portfolio/watch"),
    )


@router.get("/portfolio/notes")
async def show_notes(request: Request, services: HasServices, _person: RiskReader) -> Response:
    """The notes a figure is made of."""
    (cut, member), currency = asked_cut(request.query_params), asked_currency(request.query_params)
    book = await book_now(services)
    shown = book.of(currency) if currency else book.notes
    found = notes_of(shown, cut, member, book.policy)
    page = page_of(page_number(request.query_params), len(found))
    on_page = found[page.offset : page.last]
    asked: Mapping[str, str] = {"cut": cut, "of": member, "currency": currency}
    return render(
        request,
        "portfolio/notes.html",
        book=book,
        cut=cut,
        member=member,
        losses=[loss_of(note, book.policy, book.as_of, book.pds) for note in on_page],
        page_shown=page,
        links=ListLinks("/portfolio/notes", asked),
        tabs=tabs_for(""),
    )


def _views(book: Book) -> tuple[CurrencyView, ...]:
    return tuple(_view(book, currency) for currency in book.currencies)


def _view(book: Book, currency: str) -> CurrencyView:
    losses = losses_of(book, currency)
    counted = by_grade(losses)
    grades = []
    for grade in (*GRADES, UNRATED):
        notes = [one.note for one in losses if (one.note.grade or UNRATED) == grade]
        owed = sum((note.outstanding for note in notes), Decimal(0))
        grades.append((grade, len(notes), owed, counted.get(grade, Decimal(0))))
    chart = columns_of([(grade, (owed,)) for grade, _, owed, _ in grades])
    return CurrencyView(
        currency, quality_of(book.of(currency)), by_stage(losses), tuple(grades), chart
    )


def _concentrations(
    book: Book,
) -> tuple[tuple[str, str, tuple[Concentration, ...]], ...]:
    return tuple(
        (currency, dimension, concentrations(book.of(currency), dimension, book.policy)[:20])
        for currency in book.currencies
        for dimension in DIMENSIONS
    )
