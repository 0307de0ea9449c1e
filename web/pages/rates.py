"""Indices and their fixings: what counts, what waits, and proposing a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.violations import FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.rates import fixings, followers, index_named, indices
from persistence.rates import add_index, propose_fixing
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.lists import ListLinks, page_number
from web.forms.rates import RateReader
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(needs(Act.PROPOSE_RATE))]


@router.get("/rates")
async def show_rates(request: Request, services: HasServices, person: Reader) -> Response:
    """Every index with the fixing that counts today, and the fixings that wait for a verdict."""
    return await _print(request, services, person, ActForm())


@router.get("/rates/indices/{code}")
async def show_index(
    request: Request, services: HasServices, person: Reader, code: str
) -> Response:
    """All fixings of one index, and the loans that follow it with their dates and limits."""
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        index = await index_named(session, code, today)
        if index is None:
            raise NotFound
        known = await fixings(session, person.actor, index=code)
        loans = await followers(
            session, person.actor, code, today, page_number(request.query_params)
        )
    links = ListLinks(f"/rates/indices/{code}", {})
    return print_page(
        request, "rates/index.html", index=index, fixings=known, loans=loans, links=links
    )


@router.post("/rates/fixings")
async def propose(request: Request, services: HasServices, person: Proposer) -> Response:
    """Lay a fixing before another person."""
    entries = RateReader(await request.form())

    async def ask() -> str:
        async with services.database.reading() as session:
            known = await indices(session, await business_date(session, datetime.now(UTC)))
        asked = entries.fixing([index.code for index in known])
        async with services.database.transaction() as session:
            fixing = await propose_fixing(session, asked, person.actor, datetime.now(UTC))
        return f"/rates/fixings/{fixing}"

    return await _asked(request, services, person, ("fixing", entries, ask))


@router.post("/rates/indices")
async def add(request: Request, services: HasServices, person: Proposer) -> Response:
    """Let the bank know another index."""
    entries = RateReader(await request.form())

    async def ask() -> str:
        code = entries.text("code").strip()
        names = (entries.name("name_zh"), entries.name("name_en"))
        entries.refuse_findings()
        async with services.database.transaction() as session:
            await add_index(session, code, *names, person.actor, datetime.now(UTC))
        return f"/rates/indices/{code}"

    return await _asked(request, services, person, ("index", entries, ask))


async def _asked(
    request: Request,
    services: Services,
    person: Person,
    act: tuple[str, RateReader, Callable[[], Awaitable[str]]],
) -> Response:
    """Where it was done, the page of what is new; else the form with everything typed."""
    name, entries, ask = act
    try:
        return to_page(request, await ask(), f"rate_{name}_added")
    except LoanRuleViolation as refused:
        if not isinstance(refused, FindingsViolation):
            entries.refuse(refused)
        form = ActForm(act=name, values=entries.typed, findings=entries.findings, code="findings")
    return await _print(request, services, person, form, 422)


async def _print(
    request: Request, services: Services, person: Person, form: ActForm, status: int = 200
) -> Response:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        known = await indices(session, today)
        waiting = await fixings(session, person.actor, waiting=True)
        newest = await fixings(session, person.actor, most=12)
    return print_page(
        request,
        "rates/list.html",
        status_code=status,
        indices=known,
        waiting=waiting,
        newest=newest,
        today=today,
        form=form,
        may_propose=person.may(Act.PROPOSE_RATE),
    )
