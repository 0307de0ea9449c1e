"""A dossier under four eyes: as known now and then, superseded and never overwritten unread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from fractions import Fraction

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.customers import ProposalKind
from domain.customers.dossier import PaperState
from domain.documents import DocumentFacts
from domain.violations import (
    DutyViolation,
    FindingsViolation,
    LoanRuleViolation,
    StaleViolation,
)
from persistence.customer_documents import PaperDetails, add_customer_document
from persistence.engine import Database
from persistence.lookalikes import lookalikes_of, lookalikes_of_name
from persistence.queries.customer_documents import checklist_of
from persistence.queries.dossier import difference_between, dossier_of, history_of
from persistence.queries.dossier_state import dossier_state
from persistence.queries.ownership import ownership_of
from persistence.tables import AuditEvent, Customer, CustomerWork
from tests.persistence.dossier_book import (
    NAME,
    OWN,
    START,
    DossierBook,
    fact,
    firm,
    person,
    uscc,
)


@pytest_asyncio.fixture
async def book(database: Database) -> AsyncIterator[DossierBook]:
    opened = DossierBook(database)
    await opened.open()
    yield opened


async def actions(book: DossierBook) -> list[str]:
    async with book.database.reading() as session:
        found = select(col(AuditEvent.action)).order_by(col(AuditEvent.sequence))
        return list((await session.execute(found)).scalars())


async def test_a_fact_holds_from_its_approval_on_with_both_names(book: DossierBook) -> None:
    proposal = await book.propose({"entries": [fact("shareholders", "a", person("王建国", "60"))]})
    async with book.database.reading() as session:
        assert (await dossier_of(session, book.customer_id)).sections == {}
    await book.approve(proposal)
    async with book.database.reading() as session:
        (held,) = (await dossier_of(session, book.customer_id)).facts("shareholders")
        before = await dossier_of(session, book.customer_id, START)
    assert (held.proposer.en, held.verifier.en) == ("Manager", "Risk")
    assert (held.source, held.as_of.isoformat()) == ("registry", "2026-03-01")
    assert (held.proposal_id, held.known_to) == (proposal, None)
    assert before.sections == {}


async def test_a_dossier_of_any_instant_can_be_read_and_compared(book: DossierBook) -> None:
    await book.put(fact("shareholders", "a", person("王建国", "60")))
    first = book.at
    async with book.database.reading() as session:
        (held,) = (await dossier_of(session, book.customer_id)).facts("shareholders")
    book.at += timedelta(days=30)
    await book.put(
        fact("shareholders", "a", person("王建国", "40"), replaces=held.id),
        fact("shareholders", "b", person("李海燕", "60", "5678")),
    )
    second = book.at
    later = second + timedelta(seconds=1)
    async with book.database.reading() as session:
        then = await dossier_of(session, book.customer_id, first + timedelta(days=1))
        now = await dossier_of(session, book.customer_id)
        changed = await difference_between(
            session, book.customer_id, first + timedelta(days=1), later
        )
        same = await difference_between(session, book.customer_id, later, later)
        history = await history_of(session, book.customer_id, "shareholders", "a")
    assert [one.data["share_percent"] for one in then.facts("shareholders")] == ["60"]
    assert [one.data["share_percent"] for one in now.facts("shareholders")] == ["40", "60"]
    told = [(one.item, one.before is None, one.after is None) for one in changed]
    assert told == [("a", False, False), ("b", True, False)]
    assert same == ()
    assert [one.known_to for one in history] == [None, second]
    assert history[1].ended_by == history[0].proposal_id


async def test_a_removed_item_stays_in_the_history(book: DossierBook) -> None:
    contact = {"person_name": "李海燕", "contact_role": "finance", "phone": "13800138000"}
    await book.put(fact("contacts", "a", contact))
    async with book.database.reading() as session:
        (held,) = (await dossier_of(session, book.customer_id)).facts("contacts")
    await book.put(fact("contacts", "a", None, replaces=held.id))
    async with book.database.reading() as session:
        assert (await dossier_of(session, book.customer_id)).facts("contacts") == ()
        (past,) = await history_of(session, book.customer_id)
    assert past.known_to == book.at
    assert past.ended_by is not None


async def test_of_two_proposals_for_one_item_the_later_approval_is_refused(
    book: DossierBook,
) -> None:
    first = await book.propose({"entries": [fact("shareholders", "a", person("王建国", "60"))]})
    second = await book.propose({"entries": [fact("shareholders", "a", person("王建国", "70"))]})
    await book.approve(first)
    with pytest.raises(StaleViolation) as refused:
        await book.approve(second)
    assert refused.value.code == "dossier.changed"
    with pytest.raises(StaleViolation):
        await book.propose({"entries": [fact("shareholders", "a", person("王", "1"))]})
    async with book.database.reading() as session:
        (held,) = (await dossier_of(session, book.customer_id)).facts("shareholders")
    assert held.data["share_percent"] == "60"


async def test_two_proposals_that_are_right_alone_and_wrong_together_are_refused(
    book: DossierBook,
) -> None:
    first = await book.propose({"entries": [fact("shareholders", "a", person("王建国", "60"))]})
    second = await book.propose(
        {"entries": [fact("shareholders", "b", person("李海燕", "60", "5678"))]}
    )
    await book.approve(first)
    with pytest.raises(FindingsViolation) as refused:
        await book.approve(second)
    assert [finding.code for finding in refused.value.findings] == ["share.sum"]


async def test_malformed_and_impossible_facts_are_refused_when_proposed(
    book: DossierBook,
) -> None:
    for data, code in (
        (person("王建国", "-5"), "share.format"),
        (firm("自己", OWN, "10"), "share.self"),
        (firm("甲公司", "91110108551385082P", "10"), "registration.check_digit"),
        (None, "dossier.nothing"),
    ):
        with pytest.raises(FindingsViolation) as refused:
            await book.propose({"entries": [fact("shareholders", "a", data)]})
        assert code in {finding.code for finding in refused.value.findings}
    with pytest.raises(FindingsViolation):
        await book.propose({"nonsense": [[{}]]})


async def test_a_new_name_keeps_the_old_one_and_reaches_the_customer(book: DossierBook) -> None:
    await book.put(
        fact("identity", "name", {"name": "苏州新精密机械有限公司"}),
        fact("identity", "industry", {"industry": "C"}),
        fact("identity", "established_on", {"established_on": "2012-05-08"}),
        fact("identity", "legal_representative", {"legal_representative": "王建国"}),
    )
    async with book.database.reading() as session:
        customer = await session.get_one(Customer, book.customer_id)
        dossier = await dossier_of(session, book.customer_id)
        found = await lookalikes_of_name(session, "苏州新精密机械有限责任公司")
        work = (await session.execute(select(col(CustomerWork.kind)))).scalars().all()
    assert (customer.name, customer.legal_representative) == ("苏州新精密机械有限公司", "王建国")
    assert (customer.industry, str(customer.established_on)) == ("C", "2012-05-08")
    (former,) = dossier.facts("former_names")
    assert former.data["name"] == NAME
    assert [one.id for one in found] == [book.customer_id]
    assert sorted(work) == ["rate", "verify"]
    assert "customer.renamed" in await actions(book)


async def test_lookalikes_are_marked_on_both_until_a_person_says_they_differ(
    book: DossierBook,
) -> None:
    other = await book.customer(uscc(1), "苏州精密机械有限责任公司")
    async with book.database.reading() as session:
        for one, alike in ((book.customer_id, other), (other, book.customer_id)):
            assert [found.id for found in await lookalikes_of(session, one)] == [alike]
    said = {
        "other_customer": str(other),
        "lookalike_verdict": "different_firms",
        "note": "统一社会信用代码、住所、股东均不同",
    }
    await book.put(fact("lookalikes", str(other), said))
    async with book.database.reading() as session:
        assert await lookalikes_of(session, book.customer_id) == ()
        assert await lookalikes_of(session, other) == ()


async def test_owners_are_looked_through_across_dossiers_and_down_again(
    book: DossierBook,
) -> None:
    parent = await book.customer(uscc(2), "母公司有限公司")
    sister = await book.customer(uscc(3), "姊妹公司有限公司")
    await book.put(fact("shareholders", "a", firm("母公司有限公司", uscc(2), "80")))
    await book.put(fact("shareholders", "a", person("王建国", "60")), customer_id=parent)
    await book.put(
        fact("shareholders", "a", firm("母公司有限公司", uscc(2), "70")), customer_id=sister
    )
    async with book.database.reading() as session:
        view = await ownership_of(session, book.customer_id)
    picture = view.picture
    assert [(one.party.name, one.share) for one in picture.beneficial_owners] == [
        ("王建国", Fraction(48, 100))
    ]
    assert picture.controller is not None
    assert picture.controller.name == "王建国"
    assert {party.name for party in picture.group} == {
        "王建国",
        "母公司有限公司",
        "姊妹公司有限公司",
    }
    assert view.customers[f"firm:{uscc(3)}"] == sister
    assert picture.unknown == Fraction(20, 100)


async def test_a_circle_across_dossiers_is_found_and_a_person_may_explain_it(
    book: DossierBook,
) -> None:
    parent = await book.customer(uscc(2), "母公司有限公司")
    await book.put(fact("shareholders", "a", firm("母公司有限公司", uscc(2), "80")))
    await book.put(fact("shareholders", "a", firm(NAME, OWN, "30")), customer_id=parent)
    async with book.database.reading() as session:
        view = await ownership_of(session, book.customer_id)
    (circle,) = view.unexplained
    assert set(circle.path) == {f"firm:{OWN}", f"firm:{uscc(2)}"}
    explained = {"circle": circle.key, "note": "历史形成，正在清理"}
    await book.put(fact("circles", circle.key, explained))
    async with book.database.reading() as session:
        after = await ownership_of(session, book.customer_id)
    assert after.unexplained == ()
    assert len(after.picture.circles) == 1


def paper(kind: str = "business_licence", sha256: str = "a" * 64) -> DocumentFacts:
    return DocumentFacts(kind, "scan.pdf", "application/pdf", 1000, 1, sha256)


async def test_a_paper_counts_when_a_second_person_confirms_its_check(book: DossierBook) -> None:
    async with book.database.transaction() as session:
        filed = await add_customer_document(
            session, book.customer_id, book.people["manager"], paper(), PaperDetails(), book.at
        )
    check = {"document": str(filed), "verdict": "accepted", "seen_on": "2026-03-02"}
    with pytest.raises(FindingsViolation):
        await book.propose(check | {"seen_how": "copy_only"}, kind=ProposalKind.DOCUMENT_CHECK)
    made = await book.propose(
        check | {"seen_how": "original_in_person"}, kind=ProposalKind.DOCUMENT_CHECK
    )
    today = START.date()
    async with book.database.reading() as session:
        before = {item.kind: item for item in await checklist_of(session, book.customer_id, today)}
    await book.approve(made)
    async with book.database.reading() as session:
        after = {item.kind: item for item in await checklist_of(session, book.customer_id, today)}
        then = {
            item.kind: item.state
            for item in await checklist_of(session, book.customer_id, today, book.at)
        }
        state = await dossier_state(session, book.customer_id, book.at)
    assert before["business_licence"].state is PaperState.RECEIVED
    assert after["business_licence"].state is PaperState.VERIFIED
    assert then["business_licence"] is PaperState.RECEIVED
    newest = after["business_licence"].newest
    assert newest is not None
    assert newest.original_seen
    assert newest.checker is not None
    assert newest.verifier is not None
    assert (newest.checker.en, newest.verifier.en) == ("Manager", "Risk")
    assert after["articles"].state is PaperState.MISSING
    assert "business_licence" not in {
        one.what for one in state.completeness.missing if one.section == "papers"
    }
    with pytest.raises(LoanRuleViolation, match=r"paper\.checked"):
        await book.propose(
            check | {"seen_how": "original_in_person"}, kind=ProposalKind.DOCUMENT_CHECK
        )


async def test_a_new_version_of_a_paper_must_be_checked_again(book: DossierBook) -> None:
    async with book.database.transaction() as session:
        first, second = [
            await add_customer_document(
                session,
                book.customer_id,
                book.people["manager"],
                paper(sha256=digit * 64),
                PaperDetails(),
                book.at,
            )
            for digit in "ab"
        ]
    check = {"verdict": "accepted", "seen_how": "certified_copy", "seen_on": "2026-03-02"}
    with pytest.raises(LoanRuleViolation, match=r"paper\.superseded"):
        await book.propose(check | {"document": str(first)}, kind=ProposalKind.DOCUMENT_CHECK)
    await book.propose(check | {"document": str(second)}, kind=ProposalKind.DOCUMENT_CHECK)
    other = await book.customer(uscc(9), "另一家有限公司")
    with pytest.raises(LoanRuleViolation, match=r"paper\.unknown"):
        await book.propose(
            check | {"document": str(second)},
            kind=ProposalKind.DOCUMENT_CHECK,
            customer_id=other,
        )


async def test_who_keeps_no_dossier_files_no_paper(book: DossierBook) -> None:
    async with book.database.transaction() as session:
        with pytest.raises(DutyViolation):
            await add_customer_document(
                session, book.customer_id, book.people["risk"], paper(), PaperDetails(), book.at
            )
