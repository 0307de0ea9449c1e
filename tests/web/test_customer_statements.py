"""The pages of a customer's yearly statements: typed, read from files, confirmed, proposed."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.financials import FinancialStatement
from domain.financials.amounts import AmountUnit
from domain.financials.filing import FiledYear, Filing, content_of
from domain.people import Actor, Role
from persistence import customer_proposals
from persistence.customer_effects import EFFECTS
from persistence.engine import Database
from persistence.tables import Customer, Staff
from tests.domain.financials.firms import sound, three_years
from tests.integrations.financial_files import cell_of, filled
from tests.integrations.test_statement_pdfs import CHINESE
from tests.web.case_world import CSRF, CaseWorld, open_case_world

FIRM = uuid4()
HERE = f"/customers/{FIRM}/statements"
MOMENT = timedelta(milliseconds=1)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        keeper = await opened.hire("wang", Role.CUSTOMER_MANAGER)
        await opened.hire("li", Role.REVIEWER)
        await opened.hire("chen", Role.AUDITOR)
        async with database.transaction() as session:
            session.add(
                Customer(
                    id=FIRM,
                    scheme="cn_uscc",
                    registration_number="91350100M000100Y43",
                    name="苏州精密机械有限公司",
                    name_key="苏州精密机械有限公司",
                    opened_by=keeper,
                    opened_at=datetime.now(UTC),
                )
            )
        yield opened


async def put_in_force(
    world: CaseWorld, *statements: FinancialStatement, at: datetime | None = None
) -> UUID:
    """Propose as one person and approve as another, as the process would."""
    now = at or datetime.now(UTC)
    years = tuple(FiledYear(each, "江南会计师事务所") for each in statements)
    content = content_of(Filing("CNY", AmountUnit.TEN_THOUSAND, years))
    manager, reviewer = await actor(world, "wang"), await actor(world, "li")
    command = ProposeForCustomer(
        str(uuid4()), FIRM, manager, ProposalKind.STATEMENTS, content, "年审报表"
    )
    async with world.services.database.transaction() as session:
        made = await customer_proposals.propose(session, command, now - MOMENT, EFFECTS)
    proposal = UUID(made.params["proposal"])
    voice = DecideProposal(str(uuid4()), FIRM, reviewer, proposal, True)
    async with world.services.database.transaction() as session:
        await customer_proposals.decide(session, voice, now, EFFECTS)
    return proposal


async def actor(world: CaseWorld, username: str) -> Actor:
    async with world.services.database.reading() as session:
        row = (
            await session.execute(select(Staff).where(col(Staff.username) == username))
        ).scalar_one()
    return Actor(str(row.id), tuple(Role(role) for role in row.roles))


async def upload(
    world: CaseWorld, content: bytes, name: str = "报表.xlsx", who: str = "wang"
) -> httpx.Response:
    cookies = {"Cookie": f"corploan_session=token-{who}; corploan_language=en"}
    return await world.client.post(
        f"{HERE}/readings",
        data={"csrf_token": CSRF},
        files={"file": (name, content)},
        headers=cookies,
    )


def text_of(answer: httpx.Response) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.text)
    return " ".join(html.unescape(plain).split())


def typed(*statements: FinancialStatement, **changed: str) -> dict[str, str]:
    """The form as a person fills it in."""
    entries = {"currency": "CNY", "unit": "1", "reason": "2025 年审报表"}
    for key, each in enumerate(statements):
        entries[f"statements.{key}.year"] = str(each.year)
        entries[f"statements.{key}.audited"] = "yes"
        entries[f"statements.{key}.auditor"] = "江南会计师事务所"
        for name, amount in each.lines.items():
            entries[f"statements.{key}.{name}"] = f"{amount:,}"
    return entries | changed


def content_asked(world: CaseWorld) -> dict[str, Any]:
    asked = world.process.asked
    assert len(asked) == 1
    assert asked[0].kind is ProposalKind.STATEMENTS
    return dict(asked[0].content)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_customer_without_statements_is_told_how_they_come_in(
    world: CaseWorld, language: str
) -> None:
    shown = await world.read("wang", HERE, language)
    assert shown.status_code == 200
    assert ("There are no statements yet" if language == "en" else "尚无财务报表") in shown.text
    assert f'href="{HERE}/template"' in shown.text
    assert f'href="{HERE}/template"' not in (await world.read("chen", HERE)).text


async def test_years_stand_side_by_side_with_balance_ratios_change_and_source(
    world: CaseWorld,
) -> None:
    await put_in_force(world, *three_years())
    shown = await world.read("chen", HERE)
    text = text_of(shown)
    assert text.count("Balances") == 3
    assert "Current ratio" in text
    assert "Total liabilities / total assets" in text
    assert "48.00%" in text
    assert "+25.00%" in text  # cash 80,000 to 100,000
    assert "Colleague wang" in text
    assert "Colleague li" in text
    assert "江南会计师事务所" in text
    assert shown.text.count("<rect") == 6
    chinese = text_of(await world.read("chen", HERE, "zh"))
    assert "资产负债率" in chinese
    assert "平衡" in chinese


async def test_as_of_a_day_shows_what_was_known_then_and_the_restated_stays(
    world: CaseWorld,
) -> None:
    before = datetime.now(UTC) - timedelta(days=10)
    await put_in_force(world, *three_years(), at=before)
    await put_in_force(world, sound(changed={"net_profit": "61234"}))
    now = text_of(await world.read("chen", HERE))
    assert "61,234.00" in now
    assert "Restated years" in now
    then = text_of(await world.read("chen", f"{HERE}?as_of={before.date() + timedelta(days=2)}"))
    assert "61,234.00" not in then.partition("Restated years")[0]
    assert "75,000.00" in then.partition("Restated years")[0]
    early = text_of(await world.read("chen", f"{HERE}?as_of=2020-01-01"))
    assert "No statements were known on that day" in early
    assert (await world.read("chen", f"{HERE}?as_of=nonsense")).status_code == 200


async def test_what_was_typed_is_proposed_in_the_currency(world: CaseWorld) -> None:
    form = await world.read("wang", f"{HERE}/new")
    assert form.text.count('name="statements.2.total_assets"') == 1
    answer = await world.send("wang", HERE, **typed(*three_years(), unit="10000"))
    assert answer.status_code == 303, text_of(answer)
    assert answer.headers["location"] == f"/customers/{FIRM}/proposals"
    content = content_asked(world)
    assert content["unit"] == "10000"
    assert content["source"] == "typed"
    assert content["years"][2]["lines"]["total_assets"] == "10000000000.00"


async def test_errors_stand_beside_their_entries_and_nothing_typed_is_lost(
    world: CaseWorld,
) -> None:
    entries = typed(*three_years(), **{"statements.1.inventory": "much"})
    answer = await world.send("wang", HERE, **entries)
    assert answer.status_code == 422
    assert 'id="field-statements.1.inventory"' in answer.text
    assert 'value="much"' in answer.text
    assert 'value="江南会计师事务所"' in answer.text
    assert "2024 · Inventories" in text_of(answer)
    unbalanced = typed(*three_years(), **{"statements.2.equity": "1"})
    answer = await world.send("wang", HERE, **unbalanced)
    assert answer.status_code == 422
    assert "Total assets must equal total liabilities and equity." in text_of(answer)
    gap = typed(sound(2022), sound(2025))
    told = text_of(await world.send("wang", HERE, "zh", **gap))
    assert "缺少 2023 年" in told
    assert "缺少 2024 年" in told
    assert world.process.asked == []


async def test_doubts_are_looked_at_before_they_are_proposed(world: CaseWorld) -> None:
    entries = typed(*three_years(), **{"statements.2.net_profit": "200000"})
    answer = await world.send("wang", HERE, **entries)
    assert answer.status_code == 422
    assert "Net profit differs by more than 5 % of revenue" in text_of(answer)
    mark = re.search(r'name="doubts_seen" value="([0-9a-f]+)"', answer.text)
    assert mark is not None
    stale = entries | {"doubts_seen": "0" * 16}
    assert (await world.send("wang", HERE, **stale)).status_code == 422
    assert world.process.asked == []
    seen = entries | {"doubts_seen": mark[1]}
    assert (await world.send("wang", HERE, **seen)).status_code == 303
    assert len(world.process.asked) == 1


async def test_a_reason_is_asked_and_a_refusal_of_the_process_is_told(world: CaseWorld) -> None:
    answer = await world.send("wang", HERE, **typed(*three_years(), reason=""))
    assert answer.status_code == 422
    assert 'value="1,000,000"' in answer.text
    world.process.answer = Receipt(False, code="customer.busy")
    answer = await world.send("wang", HERE, **typed(*three_years()))
    assert answer.status_code == 409
    assert "This customer is being worked on" in text_of(answer)
    world.process.available = False
    answer = await world.send("wang", HERE, **typed(*three_years()))
    assert answer.status_code == 503
    assert 'value="1,000,000"' in answer.text


async def test_the_template_is_filled_in_uploaded_confirmed_and_proposed(
    world: CaseWorld,
) -> None:
    template = await world.read("wang", f"{HERE}/template")
    assert template.status_code == 200
    assert template.content.startswith(b"PK")
    answer = await upload(world, filled(unit="千元"))
    assert answer.status_code == 303, text_of(answer)
    form = await world.read("wang", answer.headers["location"])
    assert 'value="1000000"' in form.text
    assert '<option value="1000" selected>' in form.text
    assert cell_of("total_assets", "F") in form.text
    reading = answer.headers["location"].rpartition("=")[2]
    entries = typed(*three_years(), unit="1000", reading_id=reading)
    assert (await world.send("wang", HERE, **entries)).status_code == 303
    content = content_asked(world)
    assert (content["source"], content["reading_id"]) == ("excel", reading)
    kept = await world.read("chen", f"{HERE}/readings/{reading}/file")
    assert kept.content == filled(unit="千元") or kept.content.startswith(b"PK")


async def test_a_pdf_is_confirmed_row_by_row(world: CaseWorld) -> None:
    answer = await upload(world, CHINESE, "审计报告.pdf")
    assert answer.status_code == 303
    form = await world.read("wang", answer.headers["location"])
    text = text_of(form)
    assert "p. 1 货币资金 五、1 1,234.56 1,000.00" in text
    assert 'value="12345678.90"' in form.text
    assert '<option value="10000" selected>' in form.text
    assert "审计报告.pdf" in text
    reading = answer.headers["location"].rpartition("=")[2]
    page = f"{HERE}/readings/{reading}/pages/1"
    assert f'src="{page}"' in form.text
    picture = await world.read("wang", page)
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert (await world.read("wang", f"{HERE}/readings/{reading}/pages/2")).status_code == 404
    assert "第 1 页" in text_of(await world.read("wang", answer.headers["location"], "zh"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"not a workbook", "neither an Excel workbook (.xlsx) nor a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel format"),
        (b"%PDF-1.7\nbroken", "The PDF is damaged"),
        (filled((cell_of("cash"), "=1+1")), cell_of("cash")),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    world: CaseWorld, content: bytes, said: str
) -> None:
    answer = await upload(world, content)
    assert answer.status_code == 422
    assert said in text_of(answer)


async def test_uploading_is_for_keepers_and_readings_stay_with_their_customer(
    world: CaseWorld,
) -> None:
    assert (await upload(world, filled(), who="chen")).status_code == 403
    assert (await world.send("chen", HERE, **typed(*three_years()))).status_code == 403
    other = f"/customers/{uuid4()}/statements"
    for path in (other, f"{other}/new", f"{HERE}/new?reading={uuid4()}", f"{HERE}/new?reading=x"):
        assert (await world.read("wang", path)).status_code == 404, path
    assert (await upload(world, filled(), name="../../x.xlsx")).status_code == 422


async def test_the_newest_years_are_restated_from_what_is_held(world: CaseWorld) -> None:
    await put_in_force(world, *three_years())
    form = await world.read("wang", f"{HERE}/new?from=held")
    assert 'value="100"' in form.text  # a million in ten thousands
    assert '<option value="10000" selected>' in form.text


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_second_person_sees_what_is_proposed(world: CaseWorld, language: str) -> None:
    first = await put_in_force(world, *three_years())
    again = await put_in_force(world, sound(changed={"net_profit": "60000"}))
    shown = await world.read("li", f"/customers/{FIRM}/proposals/{first}", language)
    assert shown.status_code == 200
    text = text_of(shown)
    assert "1,000,000.00" in text
    assert ("Stated in Ten thousands" if language == "en" else "报表单位 万元") in text
    assert ("Return on equity" if language == "en" else "净资产收益率") in text
    shown = await world.read("li", f"/customers/{FIRM}/proposals/{again}", language)
    assert ("was 75,000.00" if language == "en" else "原为 75,000.00") in text_of(shown)
    assert ("Restates 2025" if language == "en" else "重述年度 2025") in text_of(shown)
