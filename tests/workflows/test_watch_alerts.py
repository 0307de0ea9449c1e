"""Alerts: merged, escalated by the clock, closed and lowered by two, and what red freezes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.customers import ProposalKind
from domain.watch.signals import Colour
from persistence.alerts import note_action
from persistence.tables import Alert, AuditEvent, Notice
from tests.workflows.test_later_drawdowns import asked, ended, in_parts, signed
from tests.workflows.test_repayment import on_day
from tests.workflows.watching import (
    agreed,
    alert,
    decided,
    notices,
    outcomes,
    proposed,
    raised,
    worked,
)
from tests.workflows.world import World

CLOSURE, DOWNGRADE = ProposalKind.ALERT_CLOSURE, ProposalKind.ALERT_DOWNGRADE
DONE = {"action": "已现场核查", "evidence": "走访报告 2026-11"}


async def test_the_same_signal_within_thirty_days_is_one_alert(world: World) -> None:
    first = await raised(world, "particulars_changed", basis="event a", field="address")
    await world.skip(timedelta(days=29))
    assert await raised(world, "particulars_changed", basis="event b") == first
    await world.skip(timedelta(days=31))
    assert await raised(world, "particulars_changed", basis="event b") != first
    assert await raised(world, "particulars_changed", basis="event a") == first, "the same matter"
    merged = await alert(world, first)
    assert (merged.merged_count, merged.params) == (2, {"field": "address"})
    assert len(await world.book.all_of(Alert)) == 2


async def test_a_matter_that_was_closed_does_not_alarm_anew_but_another_does(world: World) -> None:
    first = await raised(world, "revenue_fall", basis="revenue_change:2025")
    await agreed(world, CLOSURE, {"alert": str(first), **DONE})
    assert await raised(world, "revenue_fall", basis="revenue_change:2025") == first
    assert (await alert(world, first)).closed_at is not None
    assert await raised(world, "revenue_fall", basis="revenue_change:2026") != first


async def test_an_alert_nobody_sees_to_climbs_by_its_deadline(world: World) -> None:
    alert_id = await raised(world, "overdue_8_to_30", days_past_due=9)
    opened = await alert(world, alert_id)
    assert opened.level == 0
    assert opened.owner_id is not None
    span = opened.due_at - opened.opened_at
    for share, level in ((Decimal("0.81"), 1), (Decimal("1.01"), 2), (Decimal("1.51"), 3)):
        due = opened.opened_at + span * int(share * 100) / 100
        await world.skip(due - await world.now())

        async def climbed(wanted: int = level) -> bool:
            return (await alert(world, alert_id)).level == wanted

        await world.until(climbed)
    told = await notices(world, "staff")
    assert told[-3:] == ["alert_reminded", "alert_escalated", "alert_next_level"]
    rows: list[Notice] = await world.book.all_of(Notice)
    roles = {row.template: row.role for row in rows}
    assert roles["alert_escalated"] == "risk_officer"
    assert roles["alert_next_level"] == "approver"


async def test_a_closed_alert_climbs_no_further(world: World) -> None:
    alert_id = await raised(world, "statement_late")
    await agreed(world, CLOSURE, {"alert": str(alert_id), **DONE})
    await world.skip(timedelta(days=40))
    assert await worked(world, f"alert:{alert_id}:next_level") == "alert_closed"
    closed = await alert(world, alert_id)
    assert (closed.level, closed.action, closed.evidence) == (0, *DONE.values())
    again = await proposed(world, CLOSURE, {"alert": str(alert_id), **DONE})
    assert again.code == "alert.closed"


async def test_closing_takes_evidence_and_another_person(world: World) -> None:
    alert_id = await raised(world, "tax_arrears", tax_arrears=Decimal("12.50"))
    empty = await proposed(world, CLOSURE, {"alert": str(alert_id), "action": "已联系"})
    assert [(one.field, one.code) for one in empty.findings] == [("evidence", "text.blank")]
    made = await proposed(world, CLOSURE, {"alert": str(alert_id), **DONE})
    twice = await proposed(world, CLOSURE, {"alert": str(alert_id), **DONE}, "risk")
    assert twice.code == "proposal.open_already"
    assert (await decided(world, made, "manager")).code == "duty.role"
    assert (await alert(world, alert_id)).closed_at is None
    assert (await decided(world, made, "risk")).accepted
    assert (await alert(world, alert_id)).closed_at is not None


async def test_a_lower_colour_needs_risks_signature(world: World) -> None:
    alert_id = await raised(world, "control_change")
    higher = await proposed(world, DOWNGRADE, {"alert": str(alert_id), "colour": "red"})
    assert [one.code for one in higher.findings] == ["alert.not_lower"]
    made = await proposed(world, DOWNGRADE, {"alert": str(alert_id), "colour": "yellow"})
    assert (await decided(world, made, "approver")).code == "alert.risk_signature"
    assert (await alert(world, alert_id)).colour == Colour.ORANGE
    assert (await decided(world, made, "risk")).accepted
    lowered = await alert(world, alert_id)
    assert (lowered.colour, lowered.signal_colour) == (Colour.YELLOW, Colour.ORANGE)


async def test_red_freezes_what_is_undrawn_until_it_is_closed(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id)).accepted
    assert (await signed(world, loan_id, "ops1", "release_review")).accepted
    alert_id = await raised(world, "controller_missing")
    refused = await signed(world, loan_id, "ops2", "release_recheck")
    assert refused.code == "drawdown.frozen", "what was asked for before is stopped too"
    await agreed(world, CLOSURE, {"alert": str(alert_id), **DONE})
    assert (await signed(world, loan_id, "ops2", "release_recheck")).accepted
    await ended(world, loan_id, "settled")
    await raised(world, "account_frozen")
    assert (await asked(world, loan_id, Decimal("50000.00"))).code == "drawdown.frozen"


async def test_a_loan_that_is_late_raises_its_own_alerts(world: World) -> None:
    world.rail.debited = world.dishonoured
    loan_id = await world.in_repayment()
    for days in (1, 8, 31):
        await on_day(world, loan_id, 1, days=days, hours=20)

        async def noted(threshold: int = days) -> bool:
            return any(name.endswith(f":{threshold}") for name in await outcomes(world))

        await world.process.look_at_customer(world.book.customer_id)
        await world.until(noted)
        signals = {row.signal_id: row for row in await world.book.all_of(Alert)}
        expected = {1: "overdue_1_to_7", 8: "overdue_8_to_30", 31: "overdue_over_30"}[days]
        assert expected in signals, sorted(signals)
        assert signals[expected].actual
    assert "measures_suggested" in await notices(world, "staff")


async def test_what_is_done_about_an_alert_is_noted_with_who(world: World) -> None:
    alert_id = await raised(world, "one_large_buyer")
    actor = world.book.people["manager"]
    async with world.book.database.transaction() as session:
        customer = world.book.customer_id
        await note_action(session, customer, alert_id, actor, "约谈实控人", await world.now())
    noted = await alert(world, alert_id)
    assert (noted.action, str(noted.action_by)) == ("约谈实控人", actor.staff_id)
    assert any(row.action == "alert.action" for row in await world.book.all_of(AuditEvent))
