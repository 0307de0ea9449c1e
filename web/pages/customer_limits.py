"""A customer's credit limit: derived line by line, drawn as a tree, proposed, and tried out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.limits.simulation import Simulation
from domain.limits.tree import Level
from domain.money import Currency
from domain.people import Act
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.limit_page import LimitPage, last_ask, limit_page, simulated
from persistence.queries.limits import LimitView, groups_and_portfolios
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.limits import (
    COLLATERAL,
    NODE_ACTS,
    SIMULATED_GRADES,
    AskedFor,
    LimitReader,
    content_of_ask,
)
from web.pages.customer_parts import Asking, head_of, print_customer
from web.pages.limit_bars import bar_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Proposer = Annotated[Person, Depends(needs(Act.PROPOSE_LIMIT))]
TAB = "/limits"
ADDRESS = "/customers/{customer_id:uuid}/limits"


@router.get(ADDRESS)
async def show_limits(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """Tree, advice, and the derivation for what the address asks."""
    return await _print(request, services, person, customer_id)


@router.get("/limits")
async def show_groups(request: Request, services: HasServices, _person: Reader) -> Response:
    """Every group's and portfolio's limit with its members and what is used."""
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        groups = await groups_and_portfolios(session, today)
    return print_page(request, "limits/groups.html", groups=groups, bar_of=bar_of, today=today)


@router.get(ADDRESS + "/simulation")
async def show_simulation(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The case as it is and as it would be, side by side; nothing is stored."""
    head = await head_of(services, person, customer_id)
    page = await _page(services, customer_id, None)
    entries = LimitReader.of_query(request.query_params)
    found: Simulation | None = None
    findings: tuple[Finding, ...] = ()
    if entries.asks:
        try:
            asked = entries.asked_for(page.currencies)
            change = entries.change(page.currencies[asked.product])
            async with services.database.reading() as session:
                terms = (asked.ask, asked.collateral, asked.product)
                found = await simulated(session, customer_id, page.today, terms, change)
        except FindingsViolation:
            findings = entries.findings
    return print_customer(
        request,
        "customers/limit_simulation.html",
        head,
        TAB,
        status_code=422 if findings else 200,
        found=found,
        shown=page,
        form=ActForm(
            act="ask",
            values=entries.typed or await _earlier(services, customer_id),
            findings=findings,
            code="findings" if findings else "",
        ),
        asked=entries.asks and not findings,
        collateral=COLLATERAL,
        grades=SIMULATED_GRADES,
    )


@router.post(ADDRESS)
async def propose_limit(
    request: Request, services: HasServices, person: Proposer, customer_id: UUID
) -> Response:
    """Lay a new limit before others: within what was derived, or as an exception."""
    entries = LimitReader(await request.form())
    page = await _page(services, customer_id, None)

    async def ask() -> Receipt:
        currencies = page.currencies
        currency = currencies.get(entries.text("product"), Currency.CNY)
        content = entries.new_limit(currency, _parents(page))
        if content["level"] == Level.CUSTOMER and entries.asks:
            asked = entries.asked_for(currencies)
            content |= content_of_ask(asked)
            content |= await _derived(services, customer_id, asked)
        return await _asking(services, person, customer_id, entries).propose(
            _kind(entries), content
        )

    refused = await ask_from_form("set", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "limit_proposed")
    return await _print(request, services, person, customer_id, refused)


@router.post(ADDRESS + "/{node_id:uuid}")
async def propose_act(
    request: Request, services: HasServices, person: Proposer, customer_id: UUID, node_id: UUID
) -> Response:
    """Lay a change, a freeze or the closing of a limit before others."""
    entries = LimitReader(await request.form())
    page = await _page(services, customer_id, None)
    node = _node(page, node_id)

    async def ask() -> Receipt:
        if node is None:
            raise LoanRuleViolation("limit.unknown")
        content = entries.node_act(node_id, Currency(node.currency))
        more = {"amount", "valid_to_on"} & content.keys()
        if node.level is Level.CUSTOMER and more and entries.asks:
            content |= content_of_ask(entries.asked_for(page.currencies))
        return await _asking(services, person, customer_id, entries).propose(
            _kind(entries), content
        )

    refused = await ask_from_form(f"node-{node_id}", entries, ask)
    if refused is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "limit_proposed")
    return await _print(request, services, person, customer_id, refused)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    head = await head_of(services, person, customer_id)
    empty = await _page(services, customer_id, None)
    entries = LimitReader.of_query(request.query_params)
    asked, form = None, refused.form if refused else ActForm()
    if entries.asks and refused is None:
        try:
            asked = entries.asked_for(empty.currencies)
        except FindingsViolation:
            form = ActForm(
                act="ask", values=entries.typed, findings=entries.findings, code="findings"
            )
    page = await _page(services, customer_id, asked) if asked else empty
    typed = entries.typed or await _earlier(services, customer_id)
    wrong = refused.status if refused else 422 if form.findings else 200
    return print_customer(
        request,
        "customers/limits.html",
        head,
        TAB,
        status_code=wrong,
        shown=page,
        asked=asked is not None,
        form=form,
        ask_form=ActForm(
            act="ask", values=typed, findings=form.findings if form.act == "ask" else ()
        ),
        bar_of=bar_of,
        collateral=COLLATERAL,
        node_acts=NODE_ACTS,
        levels=tuple(Level),
        may_propose=person.may(Act.PROPOSE_LIMIT),
    )


async def _page(services: Services, customer_id: UUID, asked: AskedFor | None) -> LimitPage:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        if asked is None:
            return await limit_page(session, customer_id, today)
        return await limit_page(
            session, customer_id, today, asked.ask, asked.collateral, asked.product
        )


async def _earlier(services: Services, customer_id: UUID) -> Mapping[str, str]:
    """What the newest application asks for, to begin with."""
    async with services.database.reading() as session:
        known = await last_ask(session, customer_id)
    if known is None:
        return {}
    product, amount, months = known
    return {"product": product, "ask_amount": f"{amount:f}", "ask_months": str(months)}


async def _derived(services: Services, customer_id: UUID, asked: AskedFor) -> dict[str, str]:
    """What the derivation gave when it was proposed; it is derived again when it is approved."""
    found = (await _page(services, customer_id, asked)).derivation
    if found is None:
        return {}
    told = {"terms_version": str(found.terms_version)}
    if found.limit is not None:
        told["derived_amount"] = f"{found.limit:f}"
    return told


def _kind(entries: LimitReader) -> ProposalKind:
    exception = entries.text("exception") == "yes"
    return ProposalKind.LIMIT_EXCEPTION if exception else ProposalKind.LIMIT


def _asking(services: Services, person: Person, customer_id: UUID, entries: LimitReader) -> Asking:
    return Asking(services, person, customer_id, entries)


def _node(page: LimitPage, node_id: UUID) -> LimitView | None:
    return next((node for node in page.tree.nodes if node.id == node_id), None)


def _parents(page: LimitPage) -> list[str]:
    own = (Level.CUSTOMER, Level.FACILITY)
    nodes = [str(node.id) for node in page.tree.nodes if node.level in own]
    return [*nodes, *(str(group) for group, _ in page.groups)]
