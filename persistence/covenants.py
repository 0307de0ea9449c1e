"""Covenants of customers: agreed and waived under four eyes, tested on their dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import WorkKind
from domain.financials import FinancialStatement
from domain.strict_data import read_number
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from domain.watch.covenants import (
    CovenantKind,
    CovenantTerms,
    dates_of_test,
    judge,
    next_test_on,
    refuse_malformed,
)
from persistence.alert_closing import id_in
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import add_work
from persistence.tables import Covenant, CovenantTest

WAIVER_DAYS_MAX = 366
_PLACES = Decimal("0.000001")


def terms_in(content: Mapping[str, Any]) -> CovenantTerms:
    """A covenant as proposed. Violations: findings by entry."""
    findings: list[Finding] = []
    kind = _choice(content, "kind", findings)
    first = _day(content, "first_test_on", findings)
    months = _whole(content, "every_months", findings)
    grace = _whole(content, "grace_days", findings)
    bound = read_number(str(content.get("bound", "")))
    if findings or kind is None or first is None:
        raise FindingsViolation(findings)
    is_ratio = kind is not CovenantKind.STATEMENT_DELIVERY
    terms = CovenantTerms(
        kind=kind,
        ratio=str(content.get("ratio", "")) if is_ratio else None,
        bound=bound if is_ratio else None,
        every_months=months,
        first_test_on=first,
        grace_days=grace,
    )
    refuse_malformed(terms)
    return terms


def terms_of(covenant: Covenant) -> CovenantTerms:
    """A covenant in force."""
    return CovenantTerms(
        kind=CovenantKind(covenant.kind),
        ratio=covenant.ratio,
        bound=covenant.bound,
        every_months=covenant.every_months,
        first_test_on=covenant.first_test_on,
        grace_days=covenant.grace_days,
    )


async def judge_covenants(
    session: AsyncSession,
    customer_id: UUID,
    statements: Sequence[FinancialStatement],
    at: datetime,
) -> None:
    """Judge every covenant on its newest test date, and put the next date on the agenda.

    A test that was not yet kept is judged again each time; its state is the newest.
    """
    today = await business_date(session, at)
    mine = select(Covenant).where(col(Covenant.customer_id) == customer_id)
    for covenant in (await session.execute(mine)).scalars().all():
        terms = terms_of(covenant)
        for tested_on in dates_of_test(terms, today)[-1:]:
            await _test(session, covenant, terms, statements, tested_on, today, at)
        await _plan(session, covenant, terms, today, at)


async def _test(
    session: AsyncSession,
    covenant: Covenant,
    terms: CovenantTerms,
    statements: Sequence[FinancialStatement],
    tested_on: date,
    today: date,
    at: datetime,
) -> None:
    newest = statements[0] if statements else None
    result = judge(terms, newest, tested_on, today, covenant.waived_to_on)
    row = await session.get(CovenantTest, (covenant.id, tested_on), with_for_update=True)
    value = None if result.value is None else result.value.quantize(_PLACES)
    changed = row is None or row.state != result.state
    if row is None:
        row = CovenantTest(
            covenant_id=covenant.id, tested_on=tested_on, state=result.state, judged_at=at
        )
        session.add(row)
    row.state, row.value, row.statement_year = result.state, value, result.statement_year
    row.judged_at = at
    await session.flush()
    if changed:
        record(
            session,
            "covenant.tested",
            at,
            subject=str(covenant.customer_id),
            covenant=covenant.id,
            tested_on=tested_on,
            state=result.state.value,
            value=value,
        )


async def _plan(
    session: AsyncSession, covenant: Covenant, terms: CovenantTerms, today: date, at: datetime
) -> None:
    """Look again on the next test date, and when the grace of the last one is over."""
    days = {next_test_on(terms, today)}
    days |= {day + timedelta(days=terms.grace_days + 1) for day in dates_of_test(terms, today)[-1:]}
    for day in sorted(one for one in days if one > today):
        cause = f"covenant:{covenant.id}:{day.isoformat()}"
        await add_work(session, covenant.customer_id, WorkKind.WATCH, cause, at, due_on=day)


async def _check_covenant(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    terms_in(proposed.content)


async def _agree(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    terms = terms_in(proposed.content)
    covenant = Covenant(
        id=proposed.id,
        customer_id=proposed.customer_id,
        kind=terms.kind,
        ratio=terms.ratio,
        bound=terms.bound,
        every_months=terms.every_months,
        first_test_on=terms.first_test_on,
        grace_days=terms.grace_days,
        agreed_at=at,
        proposal_id=proposed.id,
    )
    session.add(covenant)
    await session.flush()
    record(
        session,
        "covenant.agreed",
        at,
        subject=str(proposed.customer_id),
        covenant=covenant.id,
        kind=covenant.kind,
        proposal=proposed.id,
    )
    cause = f"covenant:{covenant.id}"
    await add_work(session, proposed.customer_id, WorkKind.WATCH, cause, at)
    return ()


async def _check_waiver(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    await _covenant(session, proposed)
    today = await business_date(session, at)
    until = _waived_to(proposed.content)
    if not today <= until <= today + timedelta(days=WAIVER_DAYS_MAX):
        raise FindingsViolation([Finding("until", "covenant.waiver_days")])


async def _waive(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    covenant = await _covenant(session, proposed)
    covenant.waived_to_on = _waived_to(proposed.content)
    covenant.waiver_proposal_id = proposed.id
    record(
        session,
        "covenant.waived",
        at,
        subject=str(proposed.customer_id),
        covenant=covenant.id,
        until=covenant.waived_to_on,
        proposal=proposed.id,
    )
    cause = f"waiver:{proposed.id}"
    await add_work(session, proposed.customer_id, WorkKind.WATCH, cause, at)
    return ()


async def _covenant(session: AsyncSession, proposed: Proposed) -> Covenant:
    covenant = await session.get(Covenant, id_in(proposed.content, "covenant"))
    if covenant is None or covenant.customer_id != proposed.customer_id:
        raise LoanRuleViolation("covenant.unknown")
    return covenant


def _waived_to(content: Mapping[str, Any]) -> date:
    findings: list[Finding] = []
    until = _day(content, "until", findings)
    if until is None:
        raise FindingsViolation(findings)
    return until


def _choice(content: Mapping[str, Any], name: str, findings: list[Finding]) -> CovenantKind | None:
    try:
        return CovenantKind(str(content.get(name, "")))
    except ValueError:
        findings.append(Finding(name, "choice.unknown"))
        return None


def _day(content: Mapping[str, Any], name: str, findings: list[Finding]) -> date | None:
    try:
        return date.fromisoformat(str(content.get(name, "")))
    except ValueError:
        findings.append(Finding(name, "date.malformed"))
        return None


def _whole(content: Mapping[str, Any], name: str, findings: list[Finding]) -> int:
    value = content.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool):
        findings.append(Finding(name, "integer.malformed"))
        return 0
    return value


COVENANT = Effect(_check_covenant, _agree)
COVENANT_WAIVER = Effect(_check_waiver, _waive)
