"""The quote page: what it computes, what it refuses and where, and the file of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from domain.people import Role
from persistence.engine import Database
from tests.web.case_world import CaseWorld, open_case_world

TERMS = (
    "amount=1200000.00&currency=CNY&rate=4.35&method={method}&instalments=12&unit=month&every=1"
    "&drawn_on=2026-03-02&day_count=30/360&month_end=last_day&holiday=none"
)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_form_stands_in_both_languages(world: CaseWorld, language: str) -> None:
    page = await world.read("wang", "/quote", language)
    assert page.status_code == 200
    assert ("试算" in page.text) == (language == "zh-CN")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        (TERMS.format(method="equal_principal"), "28,275.00"),  # 1.2m x 0.0435 / 12 x 6.5
        (TERMS.format(method="interest_first_bullet"), "52,200.00"),
        (TERMS.format(method="balloon") + "&balloon=600000", "651,001.07"),
        (TERMS.format(method="custom") + "&custom=2027-03-02+1200000.00", "52,200.00"),
    ],
)
async def test_a_quote_shows_its_figures(world: CaseWorld, query: str, seen: str) -> None:
    page = await world.read("wang", f"/quote?{query}")
    assert page.status_code == 200
    assert seen in page.text
    assert "style=" not in page.text


PLAIN = TERMS.format(method="equal_instalment")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        (TERMS.format(method="flat").replace("rate=4.35", "rate=101"), "rate"),
        (PLAIN.replace("rate=4.35", "rate=1000"), "rate"),
        (PLAIN.replace("rate=4.35", "rate=NaN"), "rate"),
        (PLAIN.replace("instalments=12", "instalments=0"), "instalments"),
        (PLAIN.replace("instalments=12", "instalments=3661"), "instalments"),
        (PLAIN.replace("every=1", "every=0"), "every"),
        (PLAIN.replace("2026-03-02", "2026-02-30"), "drawn_on"),
        (PLAIN.replace("2026-03-02", "2101-03-02"), "drawn_on"),
        (PLAIN.replace("2026-03-02", "2100-06-02"), "drawn_on"),
        (PLAIN.replace("30/360", "29/360"), "day_count"),
        (PLAIN.replace("equal_instalment", "perpetual"), "method"),
        (PLAIN.replace("currency=CNY", "currency=XXX"), "currency"),
        (PLAIN + "&rounding=none", "rounding"),
        (PLAIN + "&first_due_on=2026-03-01", "first_due_on"),
        (PLAIN + "&settlement_day=20", "settlement_day"),
        (PLAIN + "&down_payment=100", "down_payment"),
        (PLAIN + "&multiple=0", "multiple"),
        (PLAIN + "&principal_grace=12", "principal_grace"),
        (PLAIN + "&tranches=2026-03-02+1.00", "tranches"),
        (PLAIN + "&tranches=2027-04-02+1.00", "tranches"),
        (PLAIN + "&tranches=2026-04-02+1200000", "tranches"),
        (PLAIN + "&tranches=soon", "tranches"),
        (TERMS.format(method="balloon"), "balloon"),
        (TERMS.format(method="step_up") + "&step_shares=50", "step_shares"),
        (TERMS.format(method="custom") + "&custom=2027-03-02+1.00", "custom"),
        (
            TERMS.format(method="custom") + "&custom=2027-03-02+600000.00%0A2027-02-02+600000.00",
            "custom",
        ),
        (TERMS.format(method="custom"), "custom"),
        (TERMS.format(method="flat") + "&fee=1200000", "fee"),
        ("amount=1", "rate"),
        (PLAIN + "&balloon=5", "balloon"),
        (PLAIN + "&step_shares=50+50", "step_shares"),
        (PLAIN + "&custom=2027-03-02+1.00", "custom"),
        (TERMS.format(method="interest_first_bullet") + "&multiple=100", "multiple"),
        (
            TERMS.format(method="custom")
            + "&custom=2027-03-02+1200000.00&tranches=2026-05-20+400000.00",
            "tranches",
        ),
        (
            TERMS.format(method="custom") + "&custom=2027-03-02+1200000.00&down_payment=20",
            "custom",
        ),
    ],
)
async def test_bad_terms_are_refused_beside_their_field(
    world: CaseWorld, query: str, field: str, language: str
) -> None:
    page = await world.read("wang", f"/quote?{query}", language)
    assert page.status_code == 422
    assert f'id="field-{field}-error"' in page.text
    assert "rules. Please check" not in page.text
    sent = await world.read("wang", f"/quote.csv?{query}", language)
    assert sent.status_code == 422


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Yearly rate, %: "), ("zh-CN", "年利率（%）")]
)
async def test_what_is_wrong_is_listed_by_name(world: CaseWorld, language: str, name: str) -> None:
    page = await world.read("wang", f"/quote?{PLAIN.replace('4.35', '1000')}", language)
    listed = page.text.partition("error-summary")[2].partition("</section>")[0]
    assert name in re.sub("<[^>]+>", "", listed)


async def test_an_address_need_not_name_every_convention(world: CaseWorld) -> None:
    short = "amount=1200000&rate=4.35&method=equal_principal&instalments=12&drawn_on=2026-03-02"
    page = await world.read("wang", f"/quote?{short}")
    assert page.status_code == 200
    assert "28,275.00" in page.text


async def test_rows_behind_a_down_payment_are_what_is_left(world: CaseWorld) -> None:
    query = TERMS.format(method="custom") + "&custom=2027-03-02+960000.00&down_payment=20"
    page = await world.read("wang", f"/quote?{query}")
    assert page.status_code == 200
    assert "41,760.00" in page.text  # 960,000 x 4.35 %


async def test_several_drawdowns_are_one_schedule(world: CaseWorld) -> None:
    page = await world.read("wang", f"/quote?{PLAIN}&tranches=2026-05-20+400000.00")
    assert page.status_code == 200
    assert "Drawdowns" in page.text
    assert "800,000.00" in page.text
    sent = await world.read("wang", f"/quote.csv?{PLAIN}&tranches=2026-05-20+400000.00")
    rows = [line.split(",") for line in sent.text.splitlines()[1:]]
    assert sum(Decimal(row[2]) for row in rows) == Decimal(1_200_000)


async def test_a_fee_shows_in_both_yearly_rates(world: CaseWorld) -> None:
    page = await world.read("wang", f"/quote?{PLAIN}&fee=12000")
    assert "6.4097%" in page.text
    assert "6.2288%" in page.text


async def test_a_long_schedule_is_read_page_by_page(world: CaseWorld) -> None:
    long = PLAIN.replace("instalments=12", "instalments=3650").replace("unit=month", "unit=day")
    page = (await world.read("wang", f"/quote?{long}")).text
    assert page.count("<tr>") < 130
    assert page.count("<rect") <= 2 * 240
    last = (await world.read("wang", f"/quote?{long}&page=31")).text
    assert ">3650</th>" in last
    assert "page=30" in last
    sent = await world.read("wang", f"/quote.csv?{long}")
    assert len(sent.text.splitlines()) == 3651


async def test_the_file_has_a_row_for_every_instalment(world: CaseWorld) -> None:
    sent = await world.read("wang", "/quote.csv?" + TERMS.format(method="equal_principal"))
    assert sent.headers["content-disposition"] == 'attachment; filename="quote.csv"'
    assert len(sent.text.splitlines()) == 13
