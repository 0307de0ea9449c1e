"""The form of one item of a dossier: what it asks for, and the entry it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.customers.dossier import (
    SECTIONS,
    SOURCES,
    DossierField,
    Entry,
    FieldKind,
    Section,
    fields_of,
    read_item,
)
from domain.violations import Finding, FindingsViolation
from persistence.queries.dossier import Fact
from web.forms.acts import ActForm
from web.forms.entries import EntryReader

NEW = "new"
REMOVE = "remove"
_INPUTS: Mapping[FieldKind, str] = {
    FieldKind.PARAGRAPH: "textarea",
    FieldKind.DAY: "date",
    FieldKind.CHOICE: "select",
}
_DECIMAL = frozenset({FieldKind.AMOUNT, FieldKind.SHARE})


@dataclass(frozen=True, slots=True)
class ItemForm:
    """One item of one section: its fields as the page shows them, and the fact that stands."""

    section: Section
    item: str
    fields: tuple[DossierField, ...]
    fact: Fact | None

    @property
    def is_new(self) -> bool:
        """Whether nothing stands there yet."""
        return self.fact is None

    def input_of(self, field: DossierField) -> str:
        """What kind of entry the page offers for a field."""
        return _INPUTS.get(field.kind, "text")

    def mode_of(self, field: DossierField) -> str | None:
        """The keyboard a telephone offers."""
        if field.kind in _DECIMAL:
            return "decimal"
        return "numeric" if field.kind is FieldKind.WHOLE else None


def item_form(section: str, item: str, fact: Fact | None) -> ItemForm | None:
    """The form of an item; None where there is no such section or item to be kept by hand."""
    found = SECTIONS.get(section)
    if found is None or not found.by_hand:
        return None
    fields = fields_of(section, item)
    return ItemForm(found, item, fields, fact) if fields else None


def filled_in(form: ItemForm, today: date, given: Mapping[str, str]) -> ActForm:
    """What the form shows before anybody types: the fact that stands, or what a link brought."""
    known = dict(form.fact.data) if form.fact else {}
    names = {field.name for field in form.fields}
    brought = {name: text for name, text in given.items() if name in names}
    source = form.fact.source if form.fact else ""
    values = {**brought, **known, "source": source, "as_of": today.isoformat()}
    return ActForm(act="fact", values=values)


def read_entry(entries: EntryReader, form: ItemForm, customer_id: UUID, today: date) -> Entry:
    """The entry a form asks for. Violation: findings, each at its field."""
    removes = entries.text("go") == REMOVE
    data: Mapping[str, str] | None = None
    if not removes:
        typed = {field.name: entries.text(field.name) for field in form.fields}
        read = read_item(form.section, form.item, typed, today)
        for finding in read.findings:
            entries.find(finding.field, finding.code, **finding.params)
        data = read.data
    source = entries.choice("source", SOURCES)
    as_of = entries.day("as_of", must=True) or today
    if as_of > today:
        entries.find("as_of", "date.future")
    entries.paragraph("reason")
    entries.refuse_findings()
    return Entry(
        section=form.section.code,
        item=_item_of(form, entries, customer_id, data),
        data=data,
        source=source,
        as_of=as_of,
        replaces=_replaces(entries),
    )


def at_fields(refused: ActForm, form: ItemForm) -> ActForm:
    """The process names a field by its path in the proposal; the form by the field alone."""
    names = [*(field.name for field in form.fields), "source", "as_of", "reason"]
    findings = tuple(
        replace(finding, field=_own_name(finding.field, names)) for finding in refused.findings
    )
    return replace(refused, findings=findings)


def _own_name(path: str, names: list[str]) -> str:
    last = path.rpartition(".")[2]
    if last in names:
        return last
    return "share_percent" if "share_percent" in names else names[0]


def _item_of(
    form: ItemForm, entries: EntryReader, customer_id: UUID, data: Mapping[str, str] | None
) -> str:
    """An item keeps its name; a new one is named by the form it came with, or by what it is of."""
    if form.item != NEW:
        return form.item
    for key in ("other_customer", "circle"):
        if data and key in data:
            return data[key]
    return hashlib.sha256(f"{customer_id}/{entries.token}".encode()).hexdigest()[:16]


def _replaces(entries: EntryReader) -> UUID | None:
    text = entries.text("replaces")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise FindingsViolation([Finding("replaces", "dossier.key")]) from error
