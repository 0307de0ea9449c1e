"""Synthetic firms on their way into the demo book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from domain.customers.dossier.sections import REGIONS
from domain.people import Actor
from persistence.demo_firms import NewEntry, NewFiling, NewFirm, put_firms
from persistence.engine import Database
from runner.demo.synthetic.firm import EventKind, FirmEvent, Holding, SyntheticFirm, Year

AT_ONCE = 20
"""So many firms a transaction: a page that reads meanwhile sees the book grow."""
_NOON = time(4, tzinfo=UTC)  # in China
_AUDITOR = "江州信衡会计师事务所（虚构）"
_FILED_AFTER = timedelta(days=120)
PROVINCES = dict(
    zip(
        (
            *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36"),
            *("37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62"),
            *("63", "64", "65"),
        ),
        REGIONS,
        strict=False,
    )
)
"""The dossier's word for the first two digits of a division (GB/T 2260), in the same order."""


async def put_synthetic(
    database: Database, firms: Sequence[SyntheticFirm], maker: Actor, checker: Actor
) -> int:
    """Put firms into the book, a few at a time; those that are there stay as they are."""
    put = 0
    for first in range(0, len(firms), AT_ONCE):
        some = [new_firm(firm) for firm in firms[first : first + AT_ONCE]]
        async with database.transaction() as session:
            put += await put_firms(session, some, maker, checker, datetime.now(UTC))
    return put


def new_firm(firm: SyntheticFirm) -> NewFirm:
    """The firm as the books take it: its dossier is opened with two years, the third follows."""
    return NewFirm(
        number=firm.number,
        name=firm.name,
        industry=firm.industry,
        established_on=firm.established_on,
        legal_representative=firm.legal_representative,
        filings=[
            NewFiling(
                tuple(year.statement for year in years),
                _AUDITOR,
                _noon(_filed_on(years[-1], firm.events)),
            )
            for years in (firm.years[:-1], firm.years[-1:])
        ],
        entries=list(_entries(firm)),
    )


def _filed_on(year: Year, events: Sequence[FirmEvent]) -> date:
    """The day the event says; earlier than the events reach, a usual one."""
    told = str(year.statement.year)
    filed = (
        e.on for e in events if e.kind is EventKind.STATEMENT_FILED and e.facts["year"] == told
    )
    ended = year.statement.ended_on or date(year.statement.year, 12, 31)
    return next(filed, ended + _FILED_AFTER)


def _entries(firm: SyntheticFirm) -> Iterator[NewEntry]:
    """The dossier's items in the shapes a proposal of facts has."""
    first = _filed_on(firm.years[-2], firm.events)
    at = _noon(first)
    for name, value in _identity(firm).items():
        yield NewEntry("identity", name, {name: value}, "registry", first, at)
    yield from _heads(firm, first)
    if firm.group is not None:
        role = "group_parent" if firm.is_parent else "member"
        data = {"group_name": firm.group, "group_role": role}
        yield NewEntry("group", "group", data, "registry", first, at)
    for index, held in enumerate(firm.holdings, 1):
        item = f"holder-{index}"
        yield NewEntry("shareholders", item, _share(firm, index, held), "registry", first, at)
    licence = {
        "licence": "business_licence",
        "number": firm.number.value,
        "issuer": "市场监督管理局",
        "issued_on": firm.established_on.isoformat(),
    }
    yield NewEntry("licences", "business-licence", licence, "business_licence", first, at)
    for event in firm.events:
        if event.kind is EventKind.LICENCE_EXPIRED:
            lapsed = licence | {
                "licence": "special_permit",
                "number": f"TX{firm.serial:06d}",
                "valid_to_on": event.on.isoformat(),
            }
            yield NewEntry("licences", "special-permit", lapsed, "registry", first, at)


def _identity(firm: SyntheticFirm) -> dict[str, str]:
    return {
        "name": firm.name,
        "established_on": firm.established_on.isoformat(),
        "registered_capital": f"{max(firm.years[0].paid_in_capital, Decimal(1)):.2f}",
        "industry": firm.industry,
        "region": PROVINCES[firm.province],
        "employees": str(firm.employees),
    }


def _heads(firm: SyntheticFirm, first: date) -> Iterator[NewEntry]:
    """The legal representative, and the one before where the change lies in the dossier's time."""
    change = next((one for one in firm.events if one.kind is EventKind.HEAD_CHANGE), None)
    since = change.on if change and change.on > first else first
    name = "legal_representative"
    if change and since > first:
        old, to = {name: change.facts["before"]}, _noon(since)
        yield NewEntry("identity", name, old, "registry", first, _noon(first), to)
    new = {name: firm.legal_representative}
    yield NewEntry("identity", name, new, "registry", since, _noon(since))


def _share(firm: SyntheticFirm, index: int, held: Holding) -> dict[str, str]:
    percent = {"share_percent": f"{Decimal(held.basis_points) / 100:f}"}
    if held.number is not None:
        number = held.number.value
        return {
            "holder_kind": "firm",
            "holder_name": held.holder,
            "holder_number": number,
        } | percent
    last = {"holder_last_four": f"{(firm.serial * 7 + index * 131) % 10_000:04d}"}
    return {"holder_kind": "person", "holder_name": held.holder} | last | percent


def _noon(on: date) -> datetime:
    return datetime.combine(on, _NOON)
