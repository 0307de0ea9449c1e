"""Changes at the JSON door: tried, proposed, decided, taken back, and what is refused by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from api.schemas.changes import ChangeTerms
from domain.changes import ChangeKind
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import Receipt
from domain.people import Actor, Role
from domain.process import Stage, WaitReason
from persistence.changes import propose_change
from persistence.clock import business_date
from tests.doorway.world import World
from tests.web.loans import Wanted, put_loan

REPAID = Wanted(Stage.REPAYMENT, wait=WaitReason.INSTALMENT_DUE, task=None)
MARK = "Zx9Secret"
FIGURES: dict[ChangeKind, dict[str, Any]] = {
    ChangeKind.PREPAYMENT: {"amount": "200000.00", "choice": "keep_instalment"},
    ChangeKind.PAYOFF: {"fee": "0"},
    ChangeKind.EXTENSION: {"instalments": 3},
    ChangeKind.RESTRUCTURE: {"instalments": 20, "yearly_rate": "0.0385", "principal_grace": 2},
    ChangeKind.RATE_CHANGE: {"yearly_rate": "0.0485"},
    ChangeKind.PAYMENT_HOLIDAY: {"instalments": 2, "interest_too": True},
    ChangeKind.ACCELERATION: {},
    ChangeKind.MISUSE: {"amount": "100000.00"},
    ChangeKind.WRITE_OFF: {},
    ChangeKind.BACK_DATED_RECEIPT: {"amount": "1000.00"},
}


@dataclass
class Case:
    """A loan in repayment, and the headers of everybody who has a say."""

    world: World
    loan: UUID
    headers: dict[str, dict[str, str]]
    staff: dict[str, UUID]
    today: date

    def path(self, rest: str = "") -> str:
        return f"/api/v1/loans/{self.loan}/changes{rest}"

    def terms(self, kind: ChangeKind) -> dict[str, Any]:
        """Good terms of a kind."""
        late = kind is ChangeKind.BACK_DATED_RECEIPT
        day = self.today - timedelta(days=1) if late else self.today
        figures = {"kind": kind.value, "effective_on": day.isoformat()} | FIGURES[kind]
        if kind is ChangeKind.RESTRUCTURE:
            figures["first_due_on"] = (self.today + timedelta(days=30)).isoformat()
        return figures

    async def get(self, who: str, path: str, **query: Any) -> httpx.Response:
        return await self.world.client.get(path, params=query, headers=self.headers[who])

    async def post(
        self, who: str, path: str, body: Any, language: str = "en", key: str = "key-00001"
    ) -> httpx.Response:
        sent = {**self.headers[who], "Idempotency-Key": key, "Accept-Language": language}
        return await self.world.client.post(path, json=body, headers=sent)

    async def proposed(self) -> UUID:
        """A proposal in the book."""
        actor = Actor(str(self.staff["wang"]), (Role.CUSTOMER_MANAGER,))
        tried = await self.get("wang", self.path("/preview"), **self.terms(ChangeKind.WRITE_OFF))
        command = ProposeChange(
            str(uuid4()),
            self.loan,
            actor,
            ChangeTerms.model_validate(self.terms(ChangeKind.WRITE_OFF)).change(),
            "没有可执行的财产",
            tried.json()["seen_events"],
        )
        async with self.world.services.database.transaction() as session:
            await propose_change(session, command, datetime.now(UTC))
        return UUID((await self.get("boss", self.path())).json()[0]["id"])


@pytest_asyncio.fixture
async def case(world: World) -> AsyncIterator[Case]:
    roles = {
        "wang": Role.CUSTOMER_MANAGER,
        "zhou": Role.CUSTOMER_MANAGER,
        "boss": Role.APPROVER,
        "qian": Role.REVIEWER,
    }
    staff = {name: await world.hire(name, role) for name, role in roles.items()}
    headers = {name: await world.bearer(name) for name in roles}
    async with world.services.database.transaction() as session:
        loan = await put_loan(session, staff["wang"], REPAID)
    async with world.services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    yield Case(world, loan, headers, staff, today)


@pytest.mark.parametrize("kind", list(FIGURES))
async def test_each_kind_is_tried_by_address_and_proposed_as_tried(
    case: Case, kind: ChangeKind
) -> None:
    terms = case.terms(kind)
    tried = await case.get("wang", case.path("/preview"), **terms)
    assert tried.status_code == 200, tried.text
    assert case.world.process.asked == []
    body = {"terms": terms, "reason": "客户申请", "seen_events": tried.json()["seen_events"]}
    answer = await case.post("wang", case.path(), body)
    assert answer.status_code == 200, answer.text
    [command] = case.world.process.asked
    assert isinstance(command, ProposeChange)
    assert (command.change.kind, command.loan_id) == (kind, case.loan)
    assert command.seen_events == tried.json()["seen_events"]


async def test_a_preview_tells_rows_and_totals_before_and_after(case: Case) -> None:
    terms = case.terms(ChangeKind.PREPAYMENT)
    told = (await case.get("wang", case.path("/preview"), **terms)).json()
    changed = [line for line in told["lines"] if line["mark"] == "changed"]
    assert changed
    assert all(line["before"]["due_on"] == line["after"]["due_on"] for line in changed)
    assert told["before"]["outstanding"] != told["after"]["outstanding"]


async def test_a_change_is_listed_decided_and_taken_back(case: Case) -> None:
    change_id = await case.proposed()
    [told] = (await case.get("qian", case.path())).json()
    assert (told["status"], told["approvals"], told["quorum"]) == ("proposed", 0, 3)
    verdict = {"approve": False, "comment": "证据不足", "seen_events": 2}
    decided = await case.post("boss", case.path(f"/{change_id}/decision"), verdict)
    back = await case.post("wang", case.path(f"/{change_id}/withdrawal"), {})
    assert (decided.status_code, back.status_code) == (200, 200)
    first, second = case.world.process.asked
    assert isinstance(first, DecideChange)
    assert (first.approve, first.comment, first.seen_events) == (False, "证据不足", 2)
    assert isinstance(second, WithdrawChange)
    assert first.change_id == second.change_id == change_id


async def test_the_same_key_asks_once(case: Case) -> None:
    body = {"terms": case.terms(ChangeKind.PAYOFF), "reason": "卖房", "seen_events": 2}
    first = await case.post("wang", case.path(), body)
    again = await case.post("wang", case.path(), body)
    other = await case.post("wang", case.path(), body | {"reason": "别的"})
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert other.status_code in (409, 422)
    assert len(case.world.process.asked) == 1


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("stale.account", 409),
        ("duty.own_proposal", 403),
        ("change.money_not_here", 422),
        ("change.unknown", 404),
        ("change.not_open", 409),
    ],
)
async def test_what_the_process_refuses_has_its_code_and_status(
    case: Case, code: str, status: int
) -> None:
    case.world.process.answer = Receipt(False, code=code)
    verdict = {"approve": True, "seen_events": 2}
    answer = await case.post("boss", case.path(f"/{uuid4()}/decision"), verdict)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


SHAPES: list[tuple[str, Any, str, str]] = [
    ("prepayment", {"amount": f"1{MARK}"}, "amount", "figure.malformed"),
    ("prepayment", {"amount": "1e3"}, "amount", "figure.malformed"),
    ("prepayment", {"amount": "-5"}, "amount", "figure.malformed"),
    ("prepayment", {"amount": "１００"}, "amount", "figure.malformed"),
    ("prepayment", {"amount": "1" * 14}, "amount", "figure.malformed"),
    ("prepayment", {"choice": MARK}, "choice", "choice.unknown"),
    ("payoff", {"effective_on": MARK}, "effective_on", "date.malformed"),
    ("payoff", {"effective_on": "2026-02-30"}, "effective_on", "date.impossible"),
    ("payoff", {"effective_on": "2026-11-24T00:00:00"}, "effective_on", "date.malformed"),
    ("extension", {"instalments": "99999"}, "instalments", "integer.malformed"),
    ("extension", {"instalments": "1201"}, "instalments", "change.instalments_range"),
    ("extension", {"instalments": "3.0"}, "instalments", "integer.malformed"),
    ("restructure", {"principal_grace": "2000"}, "principal_grace", "change.grace_range"),
    ("payment_holiday", {"interest_too": "perhaps"}, "interest_too", "request.invalid"),
    ("waiver", {"bucket": MARK}, "bucket", "choice.unknown"),
    (MARK, {}, "kind", "choice.unknown"),
    ("payoff", {MARK: "1"}, "", "unknown_field"),
]


@pytest.mark.parametrize(("kind", "spoilt", "field", "code"), SHAPES)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_unreadable_figures_are_refused_by_field_without_an_echo(
    case: Case, kind: str, spoilt: dict[str, str], field: str, code: str, language: str
) -> None:
    good = case.terms(ChangeKind(kind)) if kind in FIGURES else case.terms(ChangeKind.PAYOFF)
    terms = good | {"kind": kind} | spoilt
    typed = {n: int(v) if _is_count(n, v) else v for n, v in terms.items()}
    body = {"terms": typed, "reason": "客户申请", "seen_events": 2}
    headers = {**case.headers["wang"], "Accept-Language": language}
    tried = await case.world.client.get(case.path("/preview"), params=terms, headers=headers)
    posted = await case.post("wang", case.path(), body, language)
    for answer in (tried, posted):
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert MARK not in answer.text
        found = {(error["field"], error["code"]) for error in answer.json()["errors"]}
        assert found & {(field, code), ("terms", code)}
    assert case.world.process.asked == []


def _is_count(name: str, value: Any) -> bool:
    return name in ("instalments", "principal_grace") and str(value) in ("1201", "2000")


RULES: list[tuple[str, dict[str, str], str]] = [
    ("prepayment", {"amount": "99999999.00"}, "change.prepayment_range"),
    ("prepayment", {"amount": "0"}, "change.prepayment_range"),
    ("prepayment", {"amount": "1.001"}, "amount.scale"),
    ("prepayment", {"fee": "99999.00"}, "change.prepayment_fee"),
    ("payoff", {"effective_on": "2199-01-01"}, "change.beyond_2100"),
    ("payoff", {"effective_on": "0001-01-01"}, "change.before_drawdown"),
    ("payoff", {"effective_on": "2099-01-01"}, "change.money_ahead"),
    ("extension", {"instalments": "13"}, "change.extension_cap"),
    ("extension", {"instalments": "0"}, "change.instalments_range"),
    ("restructure", {"yearly_rate": "10"}, "change.rate_range"),
    ("restructure", {"first_due_on": "2101-01-01"}, "change.first_due"),
    ("rate_change", {"yearly_rate": "9999999999999"}, "change.rate_range"),
    ("payment_holiday", {"instalments": "12"}, "change.holiday_range"),
    ("waiver", {"bucket": "principal", "amount": "1.00"}, "change.waiver_principal"),
    ("waiver", {"bucket": "penalty", "amount": "1.00"}, "change.waiver_range"),
    ("misuse", {"amount": "9999999999999.99"}, "change.misuse_range"),
    ("back_dated_receipt", {"amount": "9999999999999.999"}, "amount.scale"),
]


@pytest.mark.parametrize(("kind", "spoilt", "code"), RULES)
async def test_what_law_and_house_refuse_is_named(
    case: Case, kind: str, spoilt: dict[str, str], code: str
) -> None:
    chosen = ChangeKind(kind)
    good = case.terms(chosen) if chosen in FIGURES else {"effective_on": case.today.isoformat()}
    answer = await case.get("wang", case.path("/preview"), **(good | {"kind": kind} | spoilt))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_largest_amount_is_answered(case: Case) -> None:
    terms = case.terms(ChangeKind.BACK_DATED_RECEIPT) | {"amount": "9999999999999.99"}
    answer = await case.get("wang", case.path("/preview"), **terms)
    assert answer.status_code in (200, 422)


async def test_missing_figures_are_named_each(case: Case) -> None:
    day = case.today.isoformat()
    answer = await case.get("wang", case.path("/preview"), kind="prepayment", effective_on=day)
    assert {error["field"] for error in answer.json()["errors"]} == {"amount", "choice"}


@pytest.mark.parametrize("reason", ["", " ", "a\u202e" + MARK, "x" * 2001])
async def test_a_proposal_needs_a_readable_reason(case: Case, reason: str) -> None:
    body = {"terms": case.terms(ChangeKind.PAYOFF), "reason": reason, "seen_events": 2}
    answer = await case.post("wang", case.path(), body)
    assert answer.status_code == 422
    assert MARK not in answer.text
    assert case.world.process.asked == []


async def test_strangers_and_roles_without_a_say_are_kept_out(case: Case) -> None:
    terms = case.terms(ChangeKind.PAYOFF)
    body = {"terms": terms, "reason": "客户申请", "seen_events": 2}
    day = terms["effective_on"]
    assert (await case.get("zhou", case.path())).status_code == 404
    assert (await case.get("zhou", case.path("/preview"), **terms)).status_code == 404
    quote = f"/api/v1/loans/{case.loan}/payoff-quote"
    assert (await case.get("zhou", quote, on=day)).status_code == 404
    assert (await case.post("zhou", case.path(), body)).status_code == 404
    assert (await case.post("qian", case.path(), body)).status_code == 403
    verdict = {"approve": True, "seen_events": 2}
    refused = await case.post("wang", case.path(f"/{uuid4()}/decision"), verdict)
    assert refused.status_code == 403
    assert case.world.process.asked == []


async def test_a_payoff_quote_adds_up(case: Case) -> None:
    quote = f"/api/v1/loans/{case.loan}/payoff-quote"
    told = (await case.get("qian", quote, on=case.today.isoformat())).json()
    parts = ("principal", "interest", "penalty", "compound", "fees")
    whole = sum(Decimal(told[name]) for name in parts) - Decimal(told["held"])
    assert Decimal(told["total"]) == whole > 0


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (MARK, "request.invalid"),
        ("", "request.invalid"),
        ("2026-02-30", "request.invalid"),
        ("0", "request.invalid"),
        ("1999-01-01", "change.before_drawdown"),
        ("2101-01-01", "change.beyond_2100"),
        ("9999-12-31", "change.beyond_2100"),
    ],
)
async def test_a_bad_day_of_a_quote_is_refused_by_name(case: Case, day: str, code: str) -> None:
    answer = await case.get("wang", f"/api/v1/loans/{case.loan}/payoff-quote", on=day)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert MARK not in answer.text
    if code == "request.invalid":
        assert answer.json()["errors"][0]["field"] == "on"
