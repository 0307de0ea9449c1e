"""The form that opens an account for a member of staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from starlette.datastructures import FormData

from domain.passwords import refuse_weak_password
from domain.people import Role
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation

_USERNAME = re.compile("[a-z0-9][a-z0-9._-]{2,31}")
_NAMES = ("name_zh", "name_en")


@dataclass(frozen=True, slots=True)
class StaffForm:
    """What was typed, and what is wrong with it. The password never goes back to the page."""

    values: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")

    def finding(self, name: str) -> Finding | None:
        """What is wrong with one entry."""
        return next((found for found in self.findings if found.field == name), None)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account that may be opened. `same_person_as` names another account's person."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]
    password: str
    same_person_as: UUID | None


def read_staff(form: FormData) -> NewStaff | StaffForm:
    """The account, or the form with everything that is wrong with it."""
    texts = {name: text for name, text in form.items() if isinstance(text, str)}
    chosen = tuple(str(role) for role in form.getlist("roles"))
    findings = tuple(_findings(texts, chosen))
    if findings:
        kept = {name: texts.get(name, "") for name in ("username", *_NAMES, "same_person_as")}
        return StaffForm(kept, chosen, findings)
    other = texts.get("same_person_as", "")
    return NewStaff(
        username=texts["username"],
        name_zh=clean_name(texts["name_zh"]),
        name_en=clean_name(texts["name_en"]),
        roles=tuple(Role(role) for role in chosen),
        password=texts["password"],
        same_person_as=UUID(other) if other else None,
    )


def _findings(texts: Mapping[str, str], roles: tuple[str, ...]) -> list[Finding]:
    username = texts.get("username", "")
    findings = []
    if _USERNAME.fullmatch(username) is None:
        findings.append(Finding("username", "staff.username_format"))
    for name in _NAMES:
        findings += _refused(name, partial(clean_name, texts.get(name, "")))
    if not roles or not set(roles) <= set(Role):
        findings.append(Finding("roles", "staff.roles"))
    password = texts.get("password", "")
    findings += _refused("password", partial(refuse_weak_password, password, username))
    if texts.get("same_person_as") and not _is_id(texts["same_person_as"]):
        findings.append(Finding("same_person_as", "choice.unknown"))
    return findings


def _refused(name: str, read: Callable[[], object]) -> list[Finding]:
    try:
        read()
    except LoanRuleViolation as refused:
        return [Finding(name, refused.code, refused.params)]
    return []


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
