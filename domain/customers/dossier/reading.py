"""Reading an item of a dossier as it came: clean values, or every finding at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from domain.applications.readers import read_date, read_email, read_phone, read_whole
from domain.customers.dossier.sections import (
    SECTIONS,
    DossierField,
    FieldKind,
    PartyKind,
    Section,
)
from domain.identifiers import RegistrationScheme, parse_registration_number
from domain.money import Currency, parse_amount
from domain.texts import clean_name, clean_paragraph
from domain.violations import Finding, LoanRuleViolation

SHARE_PLACES = 6
WHOLE_SHARE = Decimal(100)
_SHARE = re.compile(rf"(?:0|[1-9][0-9]{{0,2}})(?:\.[0-9]{{1,{SHARE_PLACES}}})?")
_LAST_FOUR = re.compile("[0-9A-Z]{4}")
_NUMBER = re.compile("[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff()〔〕\\[\\]./ -]{1,59}")
_KEY = re.compile("[0-9a-f-]{8,64}")
_SUFFIX_OF_KIND = "_kind"
DATA_ENTRIES_MAX = 30
TEXT_MAX = 8000


@dataclass(frozen=True, slots=True)
class ItemRead:
    """The clean values of an item, each as text, and what is wrong with it."""

    data: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


def read_item(section: Section, item: str, data: object, today: date) -> ItemRead:
    """Read an item's entries.

    Empty entries are left out. Codes: those of each field's reader, `field.required`,
    `field.unknown`, `date.future`, `dossier.data` for what is no set of texts.
    """
    if not _is_texts(data):
        return ItemRead({}, (Finding("", "dossier.data"),))
    fields = _fields(section, item)
    unknown = [Finding("", "field.unknown")] if set(data) - {f.name for f in fields} else []
    clean: dict[str, str] = {}
    for field in fields:
        _read_field(field, data.get(field.name, ""), today, clean, unknown)
    _check_parties(fields, clean, unknown)
    return ItemRead(clean, tuple(unknown))


def fields_of(section: str, item: str) -> tuple[DossierField, ...]:
    """The fields an item has; an item of the identity has its own one."""
    return _fields(SECTIONS[section], item)


def share_of(data: Mapping[str, str]) -> Decimal:
    """The share of a kept item, in percent."""
    return Decimal(data["share_percent"])


def _fields(section: Section, item: str) -> tuple[DossierField, ...]:
    if not section.single:
        return section.fields
    return tuple(field for field in section.fields if field.name == item)


def _is_texts(data: object) -> TypeGuard[Mapping[str, str]]:
    return (
        isinstance(data, Mapping)
        and len(data) <= DATA_ENTRIES_MAX
        and all(isinstance(name, str) for name in data)
        and all(isinstance(text, str) and len(text) <= TEXT_MAX for text in data.values())
    )


def _read_field(
    field: DossierField, text: str, today: date, clean: dict[str, str], found: list[Finding]
) -> None:
    if not text.strip():
        if field.required:
            found.append(Finding(field.name, "field.required"))
        return
    try:
        value = _READERS[field.kind](field, text)
    except LoanRuleViolation as refused:
        found.append(Finding(field.name, refused.code, refused.params))
        return
    if field.not_future and date.fromisoformat(value) > today:
        found.append(Finding(field.name, "date.future"))
    else:
        clean[field.name] = value


def _check_parties(
    fields: tuple[DossierField, ...], clean: Mapping[str, str], found: list[Finding]
) -> None:
    for field in fields:
        prefix = field.name.removesuffix("_number")
        if field.kind is FieldKind.PARTY and (kind := clean.get(prefix + _SUFFIX_OF_KIND)):
            _check_party(prefix, PartyKind(kind), clean, found)


def _check_party(
    prefix: str, kind: PartyKind, clean: Mapping[str, str], found: list[Finding]
) -> None:
    """A firm has a number and no last four, a person the other way round."""
    is_person = kind is PartyKind.PERSON
    needed, foreign = f"{prefix}_last_four", f"{prefix}_number"
    if not is_person:
        needed, foreign = foreign, needed
    if needed not in clean and not any(finding.field == needed for finding in found):
        code = "party.last_four_missing" if is_person else "party.number_missing"
        found.append(Finding(needed, code))
    if foreign in clean:
        code = "party.number_of_person" if is_person else "party.last_four_of_firm"
        found.append(Finding(foreign, code))
    if kind is PartyKind.FIRM and (number := clean.get(f"{prefix}_number")):
        try:
            parse_registration_number(RegistrationScheme.CN_USCC, number)
        except LoanRuleViolation as refused:
            found.append(Finding(f"{prefix}_number", refused.code, refused.params))


def _share(_field: DossierField, text: str) -> str:
    """A share in percent, above zero and at most 100, to six places."""
    typed = text.strip().removesuffix("%").strip()
    if _SHARE.fullmatch(typed) is None:
        raise LoanRuleViolation("share.format", places=str(SHARE_PLACES))
    share = Decimal(typed)
    if not 0 < share <= WHOLE_SHARE:
        raise LoanRuleViolation("share.range")
    return format(share, "f")


def _last_four(_field: DossierField, text: str) -> str:
    typed = text.strip().upper()
    if _LAST_FOUR.fullmatch(typed) is None:
        raise LoanRuleViolation("party.last_four")
    return typed


def _number(_field: DossierField, text: str) -> str:
    typed = text.strip().upper()
    if _NUMBER.fullmatch(typed) is None:
        raise LoanRuleViolation("licence.number")
    return typed


def _party_number(_field: DossierField, text: str) -> str:
    return parse_registration_number(RegistrationScheme.OTHER, text).value


def _choice(field: DossierField, text: str) -> str:
    if text not in field.choices:
        raise LoanRuleViolation("choice.unknown")
    return text


def _key(_field: DossierField, text: str) -> str:
    if _KEY.fullmatch(text) is None:
        raise LoanRuleViolation("dossier.key")
    return text


_READERS: Mapping[FieldKind, Callable[[DossierField, str], str]] = {
    FieldKind.NAME: lambda _field, text: clean_name(text),
    FieldKind.PARAGRAPH: lambda _field, text: clean_paragraph(text),
    FieldKind.DAY: lambda _field, text: read_date(text).isoformat(),
    FieldKind.AMOUNT: lambda _field, text: format(
        parse_amount(text.strip().replace(",", ""), Currency.CNY), "f"
    ),
    FieldKind.WHOLE: lambda _field, text: str(read_whole(text)),
    FieldKind.CHOICE: _choice,
    FieldKind.SHARE: _share,
    FieldKind.PHONE: lambda _field, text: read_phone(text),
    FieldKind.EMAIL: lambda _field, text: read_email(text),
    FieldKind.NUMBER: _number,
    FieldKind.LAST_FOUR: _last_four,
    FieldKind.PARTY: _party_number,
    FieldKind.KEY: _key,
}
