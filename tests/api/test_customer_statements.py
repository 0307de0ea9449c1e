"""Yearly statements over the JSON door: filed under four eyes, files read, never a 500."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposeForCustomer
from domain.people import Actor, Role
from domain.violations import FindingsViolation
from persistence import customer_proposals
from persistence.customer_effects import EFFECTS
from tests.domain.financials.firms import three_years
from tests.doorway.world import USCC, World
from tests.integrations.financial_files import (
    blank_pdf,
    cell_of,
    encrypted,
    filled,
    repacked,
)
from tests.integrations.test_statement_pdfs import CHINESE
from tests.integrations.test_workbooks import ENTITIES, prolog, rows_book

HEADS = {"Accept-Language": "en"}


@pytest_asyncio.fixture
async def headers(world: World) -> dict[str, str]:
    return {**await world.manager(), **HEADS}


@pytest_asyncio.fixture
async def here(world: World, headers: dict[str, str]) -> str:
    opened = await world.client.post(
        "/api/v1/customers",
        json={"registration_number": USCC, "name": "华能测试有限公司"},
        headers=headers,
    )
    assert opened.status_code == 201, opened.text
    return f"/api/v1/customers/{opened.json()['id']}/statements"


def body(**changed: Any) -> dict[str, Any]:
    years = [
        {
            "year": each.year,
            "audited": True,
            "auditor": "江南会计师事务所",
            "lines": {name: f"{amount / 10000}" for name, amount in each.lines.items()},
        }
        for each in three_years()
    ]
    return {"currency": "CNY", "unit": "10000", "years": years, "reason": "年审报表"} | changed


async def post(
    world: World, here: str, headers: dict[str, str], sent: Any, key: str = "key-00001"
) -> httpx.Response:
    keyed = {**headers, "Idempotency-Key": key}
    return await world.client.post(here, json=sent, headers=keyed)


async def upload(
    world: World, here: str, headers: dict[str, str], content: bytes, name: str = "报表.xlsx"
) -> httpx.Response:
    return await world.client.post(
        f"{here}/readings", files={"file": (name, content)}, headers=headers
    )


async def approved(world: World, command: ProposeForCustomer) -> UUID:
    """What the process does with a proposal and with another person's approval."""
    reviewer = await world.hire(f"li-{uuid4()}", Role.REVIEWER)
    now = datetime.now(UTC)
    async with world.services.database.transaction() as session:
        made = await customer_proposals.propose(session, command, now, EFFECTS)
    proposal = UUID(made.params["proposal"])
    voice = DecideProposal(
        str(uuid4()), command.customer_id, Actor(str(reviewer), (Role.REVIEWER,)), proposal, True
    )
    async with world.services.database.transaction() as session:
        await customer_proposals.decide(session, voice, now, EFFECTS)
    return proposal


async def filed(world: World, here: str, headers: dict[str, str], **changed: Any) -> None:
    """File and approve: the recording process keeps the command, the books carry it out."""
    world.process.answer = Receipt(False, code="customer.busy")
    await post(world, here, headers, body(**changed))
    await approved(world, world.process.asked[-1])


async def test_statements_are_filed_in_their_unit_and_told_in_the_currency(
    world: World, headers: dict[str, str], here: str
) -> None:
    empty = (await world.client.get(here, headers=headers)).json()
    assert empty == {"years": [], "findings": []}
    await filed(world, here, headers)
    told = (await world.client.get(here, headers=headers)).json()
    assert [year["year"] for year in told["years"]] == [2025, 2024, 2023]
    newest = told["years"][0]
    assert newest["lines"]["total_assets"] == "1000000.00"
    assert (newest["unit"], newest["balances"], newest["source"]) == ("10000", True, "typed")
    ratios = {ratio["name"]: ratio for ratio in newest["ratios"]}
    assert ratios["debt_to_assets"]["value"] == "0.4800"
    assert ratios["return_on_equity"]["averaged"] is True
    oldest = {ratio["name"]: ratio for ratio in told["years"][2]["ratios"]}
    assert oldest["revenue_growth"]["reason"] == "year_missing"
    early = await world.client.get(f"{here}?as_of=2020-01-01", headers=headers)
    assert early.json()["years"] == []
    wrong = await world.client.get(f"{here}?as_of=yesterday", headers=headers)
    assert wrong.status_code == 422


async def test_the_proposal_made_is_answered_with_its_address(
    world: World, headers: dict[str, str], here: str
) -> None:
    await filed(world, here, headers)
    asked = world.process.asked[-1]
    made = customer_proposals.proposal_id_of(asked.customer_id, asked.command_id)
    world.process.answer = Receipt(True, params={"proposal": str(made)})
    answer = await post(world, here, headers, body())
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/proposals/{made}")
    assert answer.json()["content"]["years"][0]["lines"]["cash"] == "60000.00"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"currency": "XAU"}, 422, "currency.unknown"),
        ({"unit": "12"}, 422, "statement.unit_unknown"),
        ({"years": [{"year": 2025, "lines": {"cash": "much"}}]}, 422, "figure.malformed"),
        ({"years": [{"year": 2025, "lines": {"goodwill": "1"}}]}, 422, "statement.line_unknown"),
        ({"years": [{"year": 25, "lines": {"cash": "1"}}]}, 422, "statement.year_wrong"),
        ({"reading_id": str(uuid4())}, 404, "not_found"),
    ],
)
async def test_a_filing_that_cannot_be_read_is_a_named_problem(
    world: World,
    headers: dict[str, str],
    here: str,
    changed: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = await post(world, here, headers, body(**changed))
    assert answer.status_code == status, answer.text
    assert code in answer.text
    assert "much" not in answer.text
    assert world.process.asked == []


@pytest.mark.parametrize(
    "sent", [[], {}, body(years=[]), body(extra=1), body(years=[{"year": "x"}]), body(reason="")]
)
async def test_another_shape_is_refused(
    world: World, headers: dict[str, str], here: str, sent: Any
) -> None:
    answer = await post(world, here, headers, sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_findings_of_the_process_are_told(
    world: World, headers: dict[str, str], here: str
) -> None:
    years = body()["years"]
    years[2]["lines"]["equity"] = "1"
    await post(world, here, headers, body(years=years))
    command = world.process.asked[-1]
    with pytest.raises(FindingsViolation) as caught:
        await approved(world, command)
    world.process.answer = Receipt(False, code="findings", findings=caught.value.findings)
    answer = await post(world, here, headers, body(years=years), "key-00002")
    assert answer.status_code == 422
    assert "statement.unbalanced" in answer.text


async def test_the_template_filled_in_is_read_and_filed(
    world: World, headers: dict[str, str], here: str
) -> None:
    template = await world.client.get(f"{here}/template", headers=headers)
    assert template.status_code == 200
    assert template.content.startswith(b"PK")
    answer = await upload(world, here, headers, filled(unit="千元"))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["source"], told["unit"], told["years"]) == ("excel", "1000", [2023, 2024, 2025])
    again = await world.client.get(answer.headers["location"], headers=headers)
    assert again.json() == told
    cash = next(each for each in told["figures"] if each["line"] == "cash" and each["year"] == 2025)
    assert (cash["stated"], cash["place"]) == ("100000", cell_of("cash", "F"))
    await filed(world, here, headers, reading_id=told["id"])
    held = (await world.client.get(here, headers=headers)).json()["years"][0]
    assert (held["source"], held["reading_id"]) == ("excel", told["id"])


async def test_a_pdf_is_read_with_the_rows_it_was_read_from(
    world: World, headers: dict[str, str], here: str
) -> None:
    told = (await upload(world, here, headers, CHINESE, "审计报告.pdf")).json()
    assert (told["source"], told["unit"], told["currency"]) == ("pdf", "10000", "CNY")
    rows = {each["line"]: each["row"] for each in told["figures"]}
    assert "货币资金" in rows["cash"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"x" * (10 * 1024 * 1024 + 5), "file.too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook.old_format"),
        (filled()[:2000], "workbook.damaged"),
        (repacked(filled(), add={"xl/vbaProject.bin": b"1"}), "workbook.macros"),
        (
            repacked(filled(), add={"xl/media/zeros": b"\0" * 30_000_000}),
            "workbook.unpacks_too_large",
        ),
        (prolog(ENTITIES), "workbook.entities"),
        (rows_book(100_000), "workbook.too_many_rows"),
        (filled((cell_of("cash"), "=1+1")), "workbook.not_calculated"),
        (filled((cell_of("cash"), "secret words")), "workbook.not_a_number"),
        (encrypted(CHINESE), "pdf.encrypted"),
        (blank_pdf(), "pdf.no_text"),
        (b"%PDF-1.7\nbroken", "pdf.damaged"),
    ],
)
async def test_a_hostile_or_broken_file_is_a_problem_by_name_and_no_accident(
    world: World, headers: dict[str, str], here: str, content: bytes, code: str
) -> None:
    answer = await upload(world, here, headers, content)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert code in answer.text
    assert "secret" not in answer.text


async def test_uploads_are_for_those_who_keep_dossiers(
    world: World, headers: dict[str, str], here: str
) -> None:
    await world.hire("chen", Role.AUDITOR)
    auditor = {**await world.bearer("chen"), **HEADS}
    assert (await upload(world, here, auditor, filled())).status_code == 403
    assert (await post(world, here, auditor, body())).status_code == 403
    assert (await world.client.get(here, headers=auditor)).status_code == 200
    other = here.replace(here.split("/")[4], str(uuid4()))
    assert (await upload(world, other, headers, filled())).status_code == 404
    assert (await world.client.get(other, headers=headers)).status_code == 404
    assert (await world.client.get(here)).status_code == 401
    missing = await world.client.post(f"{here}/readings", files={}, headers=headers)
    assert missing.status_code in (415, 422)
