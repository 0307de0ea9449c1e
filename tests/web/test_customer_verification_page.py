"""The verification tab: started, followed, read as a matrix, disposed of, and leading to a stop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.people import Role
from domain.violations import Finding
from persistence.engine import Database
from persistence.tables import Customer, CustomerComparison, CustomerProposal, CustomerWork
from tests.doorway.world import USCC
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.verifications import NOW, put_customer, put_verification


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield opened


async def verified(world: CaseWorld) -> tuple[str, UUID]:
    """The address of the page and the verification on it."""
    manager = await world.hire("wang", Role.CUSTOMER_MANAGER)
    customer = await put_customer(world.services.database, manager)
    verification = await put_verification(world.services.database, customer)
    return f"/customers/{customer}/verification", verification


async def test_the_page_shows_sources_matrix_and_hits(world: CaseWorld) -> None:
    address, _ = await verified(world)
    page = (await world.read("wang", address)).text
    assert 'data-live-topic="all"' in page
    for part in ("1,234 ms", "2,345 ms", "Differs", "Matches", "Not declared", "李志强"):
        assert part in page, part
    assert "The answer made no sense and was not used; it is asked again" in page
    assert "Not asked: there is no valid authorisation" in page
    assert "Open court cases" in page
    assert 'value="legal_representative|registry"' in page
    assert 'value="open_cases|courts"' in page
    chinese = (await world.read("wang", address, language="zh-CN")).text
    assert "核实" in chinese
    assert "未按时应答" not in chinese


async def test_an_auditor_reads_and_offers_nothing(world: CaseWorld) -> None:
    address, _ = await verified(world)
    await world.hire("chen", Role.AUDITOR)
    page = (await world.read("chen", address)).text
    assert "Differs" in page
    assert f'action="{address}"' not in page
    assert "/dispositions" not in page
    assert (await world.send("chen", address)).status_code == 403
    await world.hire("root", Role.ADMINISTRATOR)
    assert (await world.read("root", address)).status_code == 403


async def test_verify_now_puts_work_on_the_agenda_and_tells_the_process(world: CaseWorld) -> None:
    manager = await world.hire("wang", Role.CUSTOMER_MANAGER)
    customer = await put_customer(world.services.database, manager)
    address = f"/customers/{customer}/verification"
    assert (
        "No source has been asked about this customer yet"
        in (await world.read("wang", address)).text
    )
    assert (await world.send("wang", address)).status_code == 303
    assert (await world.send("wang", address)).status_code == 303
    assert world.process.looked_at == [customer, customer]
    async with world.services.database.reading() as session:
        [work] = (await session.execute(select(CustomerWork))).scalars()
    assert (work.kind, work.cause) == ("verify", "by_hand")
    assert "Sources are being asked" in (await world.read("wang", address)).text


async def test_without_the_engine_the_work_waits_and_the_page_says_so(world: CaseWorld) -> None:
    manager = await world.hire("wang", Role.CUSTOMER_MANAGER)
    customer = await put_customer(world.services.database, manager)
    world.process.available = False
    refused = await world.send("wang", f"/customers/{customer}/verification")
    assert refused.status_code == 503
    assert "The process engine cannot be reached" in refused.text
    assert "Sources are being asked" in refused.text


async def test_opening_a_customer_has_it_verified(world: CaseWorld) -> None:
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    entries = {"scheme": "cn_uscc", "registration_number": USCC, "name": "华能测试有限公司"}
    opened = await world.send("wang", "/customers", **entries)
    assert opened.status_code == 303
    async with world.services.database.reading() as session:
        [work] = (await session.execute(select(CustomerWork))).scalars()
        [customer] = (await session.execute(select(Customer))).scalars()
    assert (work.cause, world.process.looked_at) == ("opened", [customer.id])
    assert (await world.send("wang", "/customers", **entries)).status_code == 303
    assert world.process.looked_at == [customer.id]


async def test_a_customer_is_opened_also_without_the_engine(world: CaseWorld) -> None:
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    world.process.available = False
    entries = {"scheme": "cn_uscc", "registration_number": USCC, "name": "华能测试有限公司"}
    assert (await world.send("wang", "/customers", **entries)).status_code == 303
    async with world.services.database.reading() as session:
        assert len(list((await session.execute(select(CustomerWork))).scalars())) == 1


async def test_a_disposition_is_proposed_from_the_form(world: CaseWorld) -> None:
    address, verification = await verified(world)
    sent = await world.send(
        "wang",
        f"{address}/dispositions",
        verification=str(verification),
        cell="open_cases|courts",
        outcome="explained",
        reason="已和解, 附裁定书",
    )
    assert sent.status_code == 303
    [command] = world.process.asked
    assert command.kind is ProposalKind.DISPOSITION
    assert command.content == {
        "verification": str(verification),
        "field": "open_cases",
        "source": "courts",
        "outcome": "explained",
    }


@pytest.mark.parametrize(
    "entries",
    [
        {"cell": "nonsense", "outcome": "explained", "reason": "x"},
        {"cell": "open_cases|courts", "outcome": "forgiven", "reason": "x"},
        {"cell": "open_cases|courts", "outcome": "explained", "reason": ""},
    ],
)
async def test_a_malformed_disposition_comes_back_with_what_was_typed(
    world: CaseWorld, entries: dict[str, str]
) -> None:
    address, verification = await verified(world)
    whole = {"verification": str(verification), **entries}
    refused = await world.send("wang", f"{address}/dispositions", **whole)
    assert refused.status_code == 422
    assert world.process.asked == []
    assert 'aria-invalid="true"' in refused.text


async def test_a_refused_disposition_says_why(world: CaseWorld) -> None:
    address, verification = await verified(world)
    world.process.answer = Receipt(accepted=False, code="stale.cell")
    refused = await world.send(
        "wang",
        f"{address}/dispositions",
        verification=str(verification),
        cell="open_cases|courts",
        outcome="explained",
        reason="x",
    )
    assert refused.status_code == 409
    assert "This difference has been disposed of, or is no longer there." in refused.text


async def put_disposed(world: CaseWorld, verification: UUID, outcome: str, approved: bool) -> None:
    """A disposition of the court cases, waiting or in force."""
    async with world.services.database.transaction() as session:
        customer = (await session.execute(select(Customer))).scalar_one()
        proposal = CustomerProposal(
            id=uuid4(),
            customer_id=customer.id,
            command_id="c-1",
            kind="disposition",
            content={
                "verification": str(verification),
                "field": "open_cases",
                "source": "courts",
                "outcome": outcome,
            },
            reason="判决书系伪造",
            status="approved" if approved else "open",
            proposed_by=customer.opened_by,
            proposer_person_id=uuid4(),
            proposed_at=NOW,
            due_at=NOW,
        )
        session.add(proposal)
        await session.flush()
        if approved:
            statement = select(CustomerComparison).where(
                col(CustomerComparison.field) == "open_cases"
            )
            cell = (await session.execute(statement)).scalar_one()
            cell.verdict, cell.disposition_id = outcome, proposal.id


async def test_a_disposition_that_waits_is_not_offered_again(world: CaseWorld) -> None:
    address, verification = await verified(world)
    await put_disposed(world, verification, "explained", approved=False)
    page = (await world.read("wang", address)).text
    assert "A disposition waits for approval" in page
    assert 'value="open_cases|courts"' not in page
    proposals = (await world.read("wang", address.replace("verification", "proposals"))).text
    assert "Disposition of a difference" in proposals


async def test_proven_false_material_leads_to_a_stop_with_its_proof_filled_in(
    world: CaseWorld,
) -> None:
    address, verification = await verified(world)
    await put_disposed(world, verification, "false_material", approved=True)
    await world.hire("liu", Role.REVIEWER)
    page = (await world.read("liu", address)).text
    assert "False material" in page
    assert "判决书系伪造" in page
    assert f'action="{address.replace("/verification", "/standing")}"' in page
    assert 'value="lock"' in page
    assert "/standing" not in (await world.read("wang", address)).text


async def test_a_paper_is_entered_value_by_value(world: CaseWorld) -> None:
    address, _ = await verified(world)
    form = (await world.read("wang", f"{address}/opinions/auditor")).text
    assert 'name="revenue"' in form
    assert 'name="controller"' not in form
    entries = {
        "issuer": "立信会计师事务所",
        "issued_on": "2026-02-01",
        "revenue": "80,000,000.00",
        "reason": "档案室 3 柜",
    }
    assert (await world.send("wang", f"{address}/opinions/auditor", **entries)).status_code == 303
    [command] = world.process.asked
    assert command.kind is ProposalKind.OPINION
    assert command.content["values"]["revenue"] == "80,000,000.00"
    world.process.answer = Receipt(
        accepted=False, code="findings", findings=(Finding("revenue", "amount.format"),)
    )
    refused = await world.send("wang", f"{address}/opinions/auditor", **entries)
    assert refused.status_code == 422
    assert "Please enter a number, for example 1200000.00." in refused.text
    assert (await world.read("wang", f"{address}/opinions/astrologer")).status_code == 404


async def test_another_customers_verification_is_not_shown(world: CaseWorld) -> None:
    address, _ = await verified(world)
    for other in (str(uuid4()), "not-an-id"):
        assert (await world.read("wang", f"{address}?of={other}")).status_code == 404
    assert (await world.read("wang", f"/customers/{uuid4()}/verification")).status_code == 404


async def test_no_application_is_offered_for_a_locked_customer(world: CaseWorld) -> None:
    address, _ = await verified(world)
    page = address.removesuffix("/verification")
    assert "Start an application" in (await world.read("wang", page)).text
    async with world.services.database.transaction() as session:
        customer = (await session.execute(select(Customer))).scalar_one()
        customer.standing = "locked"
    shown = (await world.read("wang", page)).text
    assert "Start an application" not in shown
    assert "No application can be opened for this customer" in shown
    refused = await world.send("wang", f"{page}/drafts", product_code="TAX_MICRO")
    assert refused.status_code == 409


async def test_the_registrys_data_is_taken_over_in_one_click(world: CaseWorld) -> None:
    address, _ = await verified(world)
    page = (await world.read("wang", address)).text
    assert "The registry states what the dossier does not" in page
    sent = await world.send("wang", f"{address}/registered-facts", reason="以工商登记为准")
    assert sent.status_code == 303
    [command] = world.process.asked
    assert command.kind is ProposalKind.FACTS
    taken = {entry["item"]: entry for entry in command.content["entries"]}
    assert taken["legal_representative"]["data"] == {"legal_representative": "李志强"}
    assert {entry["source"] for entry in taken.values()} == {"registry"}
