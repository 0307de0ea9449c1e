"""Staff accounts, for the administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act, Role
from domain.violations import Finding, LoanRuleViolation
from doorway.admission import needs
from doorway.passwords import hash_password
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.staff import staff_list
from persistence.staff_accounts import close_staff, create_staff
from web.flashes import to_page
from web.forms.staff import NewStaff, StaffForm, read_staff
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Manager = Annotated[Person, Depends(needs(Act.MANAGE_STAFF))]


@router.get("/staff")
async def show_staff(request: Request, services: HasServices, person: Manager) -> Response:
    """All accounts, and the form for a new one."""
    return await _page(request, services, person, StaffForm())


@router.post("/staff")
async def add_staff(request: Request, services: HasServices, person: Manager) -> Response:
    """Open an account."""
    asked = read_staff(await request.form())
    if isinstance(asked, StaffForm):
        return await _page(request, services, person, asked, status_code=422)
    password_hash = await hash_password(asked.password)
    try:
        await _create(services, person, asked, password_hash)
    except LoanRuleViolation as refused:
        values = {
            "username": asked.username,
            "name_zh": asked.name_zh,
            "name_en": asked.name_en,
        }
        field = "same_person_as" if refused.code == "staff.unknown" else "username"
        findings = (Finding(field, refused.code, refused.params),)
        form = StaffForm(values, tuple(asked.roles), findings)
        return await _page(request, services, person, form, status_code=422)
    return to_page(request, "/staff", "staff_added")


@router.post("/staff/{staff_id:uuid}/closure")
async def close_account(
    request: Request, services: HasServices, person: Manager, staff_id: UUID
) -> Response:
    """Close an account and end its sessions."""
    try:
        async with services.database.transaction() as session:
            await close_staff(session, staff_id, person.actor, datetime.now(UTC))
    except LoanRuleViolation as refused:
        if refused.code == "staff.unknown":
            raise NotFound from refused
        form = StaffForm(findings=(Finding("", refused.code, refused.params),))
        return await _page(request, services, person, form, status_code=422)
    return to_page(request, "/staff", "staff_closed")


async def _create(services: Services, person: Person, asked: NewStaff, password_hash: str) -> None:
    async with services.database.transaction() as session:
        await create_staff(
            session,
            username=asked.username,
            name_zh=asked.name_zh,
            name_en=asked.name_en,
            roles=asked.roles,
            password_hash=password_hash,
            now=datetime.now(UTC),
            actor=person.actor,
            same_person_as=asked.same_person_as,
        )


async def _page(
    request: Request,
    services: Services,
    person: Person,
    form: StaffForm,
    *,
    status_code: int = 200,
) -> Response:
    async with services.database.reading() as session:
        staff = await staff_list(session, datetime.now(UTC))
    return print_page(
        request,
        "staff/list.html",
        status_code=status_code,
        staff=staff,
        form=form,
        roles=tuple(Role),
        own_id=person.actor.staff_id,
    )
