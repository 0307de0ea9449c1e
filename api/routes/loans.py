"""Cases: the list, and one case with everything known of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.schemas.lists import PageNumber, SearchText
from api.schemas.loans import LoansTold, LoanTold
from api.security import api_needs
from domain.people import Act
from domain.process import CaseStatus, Stage
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.case_detail import CaseHead, case_head
from persistence.queries.cases import CaseFilters, case_list
from persistence.queries.findings_of_case import decisions
from persistence.queries.ledger import ledger
from persistence.queries.money_of_case import case_money
from persistence.queries.schedule import schedule

router = APIRouter(prefix="/loans", tags=["loans"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
ProductCode = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_]{1,40}$")]


@router.get("")
async def index(
    services: HasServices,
    person: Reader,
    stage: Stage | None = None,
    status: CaseStatus | None = None,
    product: ProductCode = None,
    q: SearchText = "",
    page: PageNumber = 1,
) -> LoansTold:
    """The cases the caller may see, newest first."""
    filters = CaseFilters(stage=stage, status=status, product=product, text=q, page=page)
    async with services.database.reading() as session:
        found = await case_list(session, person.actor, filters, datetime.now(UTC))
    return LoansTold.model_validate({"loans": found.lines, "page": found.page})


@router.get("/{loan_id}")
async def read(services: HasServices, person: Reader, loan_id: UUID) -> LoanTold:
    """One case; another's answers 404."""
    now = datetime.now(UTC)
    async with services.database.reading() as session:
        head = await case_head(session, loan_id, person.actor, now)
        if head is None:
            raise NotFound
        plan = await schedule(session, loan_id, now)
        facts = {
            "decisions": await decisions(session, loan_id),
            "drawdown": (await case_money(session, loan_id, now)).drawdown,
            "schedule": plan.lines,
            "receipts": plan.receipts,
            "ledger": (await ledger(session, loan_id)).journals,
        }
    return LoanTold.model_validate({**_of_head(head), **facts})


def _of_head(head: CaseHead) -> dict[str, object]:
    return {name: getattr(head, name) for name in LoanTold.model_fields if hasattr(head, name)}
