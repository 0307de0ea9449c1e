"""Sample data for every component, and the pages that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader
from starlette.requests import Request

from domain.people import Role
from domain.process import Stage
from domain.violations import Finding
from language.catalogue import Language
from web.rendering import Flash, environment, page_of

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
AMOUNT = Decimal("12000000.00")


@dataclass(frozen=True)
class Person:
    display_name: str = "王芳"
    roles: tuple[Role, ...] = (Role.APPROVER, Role.OPERATIONS, Role.CUSTOMER_MANAGER)


def request(language: Language, theme: str = "light", *, signed_in: bool = True) -> Request:
    cookie = f"corploan_language={language.value}; corploan_theme={theme}"
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/cases/1",
        "query_string": b"",
        "server": ("localhost", 80),
        "scheme": "http",
        "headers": [(b"cookie", cookie.encode()), (b"host", b"localhost")],
        "state": {
            "csrf_token": "token",
            "csp_nonce": "nonce",
            "person": Person() if signed_in else None,
            "business_date": date(2026, 3, 2) if signed_in else None,
            "flashes": (Flash("success", "✓"),) if signed_in else (),
        },
    }
    return Request(scope)


def sample() -> dict[str, Any]:
    return {
        "amount": AMOUNT,
        "rate": Decimal("0.0435"),
        "nodes": list(nodes()),
        "tasks": [task("review", 1, "amber"), task("approval", -2, "red"), task("supplement", 3)],
        "lines": [line(1, "paid"), line(2, "overdue"), line(3, "planned")],
        "entries": [entry()],
        "events": [event("loan.submitted", "green"), event("task.reminded", "amber")],
        "findings": [Finding("amount", "amount.scale", {"scale": "2"})],
        "columns": [{"stage": stage, "cases": cases(stage)} for stage in list(Stage)[:6]],
    }


def nodes() -> Iterator[dict[str, Any]]:
    colours = ["green"] * 4 + ["purple", "amber", "red", "blue"] + ["grey"] * 4
    for stage, colour in zip(Stage, colours, strict=True):
        entered = None if colour == "grey" else NOW
        due = NOW + timedelta(days=2)
        current = stage == Stage.REVIEW
        yield {
            "stage": stage,
            "colour": colour,
            "entered_at": entered,
            "due_at": due,
            "current": current,
        }


def task(kind: str, days_left: int, tone: str = "grey") -> dict[str, Any]:
    return {
        "kind": kind,
        "case_number": "DK20260001",
        "borrower": "华星精密制造",
        "href": "/x",
        "due_at": NOW + timedelta(days=days_left),
        "opened_at": NOW - timedelta(days=5),
        "days_left": days_left,
        "paused": kind == "supplement",
        "claimed_by": "李强" if kind == "approval" else "",
        "role": Role.REVIEWER,
        "tone": tone,
    }


def line(number: int, status: str) -> dict[str, Any]:
    return {
        "number": number,
        "due_on": date(2026, 3 + number, 20),
        "principal": AMOUNT / 12,
        "interest": Decimal(43500),
        "penalty": None,
        "paid": Decimal(0),
        "outstanding": AMOUNT,
        "status": status,
    }


def entry() -> dict[str, Any]:
    lines = [
        {"account": "1303", "debit": AMOUNT, "credit": None},
        {"account": "2011", "debit": None, "credit": AMOUNT},
    ]
    return {"booked_on": date(2026, 3, 2), "text": "DK20260001", "lines": lines}


def event(action: str, tone: str) -> dict[str, Any]:
    facts = {"amount": "12000000.00", "currency": "CNY", "task": "review"}
    return {"at": NOW, "actor": "王芳", "action": action, "facts": facts, "tone": tone}


def cases(stage: Stage) -> list[dict[str, Any]]:
    if stage == Stage.RATING:
        return []
    case = {"href": "/x", "borrower": "华星精密制造", "case_number": "DK20260001"}
    rest = {"amount": AMOUNT, "currency": "CNY", "colour": "amber", "wait": "reviewer"}
    return [{**case, **rest, "days_left": 1}]


def gallery_page(language: Language, theme: str = "light") -> str:
    source = (Path(__file__).parent / "gallery.html").read_text("utf-8")
    made = environment(language).overlay()
    loader = made.loader
    assert loader is not None
    shown = made.overlay(loader=_with(source, loader)).get_template("gallery.html")
    return shown.render(page=page_of(request(language, theme)), **sample())


def _with(source: str, rest: Any) -> Any:
    return ChoiceLoader([DictLoader({"gallery.html": source}), rest])


SIGNING = {
    "bank": "示范银行",
    "kind_label": "",
    "document_title": "征信授权书",
    "document_text": "一、授权事项\n本企业授权贵行查询信用报告。\n\n二、期限\n自签署之日起。\n" * 4,
    "signer": "张伟",
    "company": "华星精密制造",
    "signed_at": NOW,
    "expires_at": NOW + timedelta(days=3),
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "action": "/sign/x",
    "error": "",
}


def other_pages(language: Language, theme: str = "light") -> Iterator[tuple[str, str]]:
    page = page_of(request(language, theme, signed_in=False))
    get = environment(language).get_template
    names = {"name_zh": "王芳", "name_en": "Wang Fang"}
    demo = [{"username": "wangfang", "roles": (Role.APPROVER,), **names}]
    signs_in = {
        "name": "",
        "error": "sign_in_failed",
        "next": "/",
        "demo": demo,
        "demo_password": "0",
    }
    yield "sign_in", get("sign_in.html").render(page=page, **signs_in)
    for status in (403, 404, 500, 503):
        yield (
            f"problem_{status}",
            get("problem.html").render(page=page, status=status, reference=""),
        )
    for state in ("open", "signed", "expired", "unknown"):
        yield f"sign_{state}", get("sign.html").render(page=page, state=state, **SIGNING)
