"""The application form: its sections, the statements as a grid, the checklist of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData

from domain.applications import (
    DRAFT_FIELDS,
    FIELDS_BY_NAME,
    STATEMENT_LINES,
    DraftField,
    FieldKind,
    asked_fields,
    statement_field,
)
from domain.applications.fields import PLAN_SECTION
from domain.applications.repayment import offered_fields
from domain.violations import Finding
from language.catalogue import Language
from language.labels import choices, word
from language.messages import message_for
from language.words import WORDS
from persistence.queries.drafts import DraftDocument, DraftPage
from web.forms.plan import entries_shown, plan_choices, usual_choice

# Not there yet: told when the application is submitted, not while it is being filled in.
GAPS = frozenset({"field.required", "document.required", "statement.missing_year"})
HIDDEN = frozenset({"product_code"})
_STATEMENTS = "statements."
_ENTRY_KINDS = {
    FieldKind.PARAGRAPH: "textarea",
    FieldKind.AMOUNT: "amount",
    FieldKind.INTEGER: "number",
    FieldKind.CHOICE: "select",
    FieldKind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class DraftEntries:
    """What a request typed into the form."""

    fields: Mapping[str, str] = field(default_factory=dict)
    statements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def without(self, findings: Sequence[Finding]) -> DraftEntries:
        """What is left when refused entries are taken out."""
        refused = {finding.field for finding in findings}
        fields = {name: text for name, text in self.fields.items() if name not in refused}
        statements = {
            year: {
                line: text
                for line, text in lines.items()
                if statement_field(year, line) not in refused
            }
            for year, lines in self.statements.items()
        }
        return DraftEntries(fields, statements)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is printed; `error` and `help` are sentences."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    help: str = ""
    error: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LabelledFinding:
    """A finding with the name its entry has on the page."""

    field: str
    label: str
    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One document the product asks for, or the place for others."""

    kind: str
    required: bool
    document: DraftDocument | None
    error: str


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The whole form. `summary` is empty until it was submitted with gaps."""

    sections: tuple[tuple[str, tuple[Entry, ...]], ...]
    grid: tuple[tuple[str, tuple[Entry, ...]], ...]
    missing_years: frozenset[int]
    checklist: tuple[ChecklistItem, ...]
    summary: tuple[LabelledFinding, ...]


def entries_of(form: FormData) -> DraftEntries:
    """The form's own entries; the token and the buttons are not among them."""
    fields: dict[str, str] = {}
    statements: dict[str, dict[str, str]] = defaultdict(dict)
    for name, text in form.items():
        if not isinstance(text, str):
            continue
        if name in FIELDS_BY_NAME:
            fields[name] = text
        elif name.startswith(_STATEMENTS):
            year, _, line = name.removeprefix(_STATEMENTS).partition(".")
            statements[year][line] = text
    return DraftEntries(fields, statements)


def draft_form(
    page: DraftPage,
    language: Language,
    *,
    typed: DraftEntries | None = None,
    findings: Sequence[Finding] = (),
) -> DraftForm:
    """The form as it stands. `findings` are told in full; without them only what is wrong is."""
    told = tuple(findings) or tuple(f for f in page.check.findings if f.code not in GAPS)
    writer = _Writer(page, language, typed or DraftEntries(), told)
    return DraftForm(
        sections=writer.sections(),
        grid=writer.grid(),
        missing_years=frozenset(
            year for year in page.years if any(f.field == f"{_STATEMENTS}{year}" for f in told)
        ),
        checklist=writer.checklist(),
        summary=labelled(findings, language),
    )


def labelled(findings: Iterable[Finding], language: Language) -> tuple[LabelledFinding, ...]:
    """The findings in the order of the page, each with its entry's name."""
    return tuple(
        LabelledFinding(found.field, label_of(found.field, language), found.code, found.params)
        for found in findings
    )


def label_of(name: str, language: Language) -> str:
    """What the page calls an entry, a line of a year or a document; empty for the rest."""
    head, _, rest = name.partition(".")
    if head == "documents":
        return word("document_kind", rest, language) if rest else ""
    year, _, line = rest.partition(".")
    if head != "statements":
        return word("field", name, language) if name in WORDS["field"] else ""
    if line in WORDS["field"]:
        return f"{word('field', line, language)} {year}"
    return year


@dataclass(frozen=True, slots=True)
class _Writer:
    page: DraftPage
    language: Language
    typed: DraftEntries
    told: tuple[Finding, ...]

    def sections(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        asked = self._asked()
        sections: dict[str, list[Entry]] = defaultdict(list)
        for one in DRAFT_FIELDS:
            if self._is_on_page(one):
                sections[one.section].append(self._entry(one, required=one.name in asked))
        sections.setdefault(PLAN_SECTION, [])
        return tuple((name, tuple(entries)) for name, entries in sections.items())

    def _is_on_page(self, one: DraftField) -> bool:
        """A plan's entry the product does not offer shows only if something is typed in it."""
        if one.section == PLAN_SECTION and one.name not in offered_fields(self.page.product):
            return bool(self._value(one.name))
        fits = not one.models or self.page.product.model in one.models
        return fits and one.name not in HIDDEN

    def _value(self, name: str) -> str:
        return self.typed.fields.get(name, self.page.fields.get(name, ""))

    def _is_hidden(self, one: DraftField) -> bool:
        """An entry of another repayment method waits out of sight until that one is chosen."""
        shown = entries_shown(self.page, self._value("repayment_method"))
        return one.section == PLAN_SECTION and not self._value(one.name) and one.name not in shown

    def grid(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        return tuple(
            (line.name, tuple(self._cell(year, line.name) for year in self.page.years))
            for line in STATEMENT_LINES
            if self.page.years
        )

    def checklist(self) -> tuple[ChecklistItem, ...]:
        required = self.page.product.required_documents
        kinds = (*required, *(("other",) if "other" not in required else ()))
        return tuple(
            ChecklistItem(
                kind=kind,
                required=kind in required,
                document=self.page.documents.get(kind),
                error=self._error(f"documents.{kind}"),
            )
            for kind in kinds
        )

    def _asked(self) -> frozenset[str]:
        product = self.page.product
        asked = asked_fields(product.model, product.optional_fields)
        return frozenset(one.name for one in asked)

    def _entry(self, one: DraftField, *, required: bool) -> Entry:
        value = self._value(one.name)
        options = self._options(one)
        return Entry(
            name=one.name,
            label=word("field", one.name, self.language),
            kind="select" if options else _entry_kind(one.kind, value),
            value=value,
            required=required,
            options=options,
            unit=self.page.fields.get("currency") or self.page.product.currencies[0],
            help=self._help(one.name),
            error=self._error(one.name),
            hidden=self._is_hidden(one),
        )

    def _cell(self, year: int, line: str) -> Entry:
        name = statement_field(year, line)
        kept = self.page.statements.get(str(year), {}).get(line, "")
        return Entry(
            name=name,
            label=label_of(name, self.language),
            kind="number",
            value=self.typed.statements.get(str(year), {}).get(line, kept),
            required=True,
            error=self._error(name),
        )

    def _options(self, one: DraftField) -> tuple[tuple[str, str], ...]:
        product = self.page.product
        if one.section == PLAN_SECTION:
            return plan_choices(one.name, product, self.language)
        kinds = {
            "currency": ("currency", product.currencies),
            "repayment_method": ("repayment_method", tuple(m.value for m in product.methods)),
            "industry": ("industry", one.choices),
        }
        if one.kind is not FieldKind.CHOICE:
            return ()
        kind, offered = kinds.get(one.name, ("yes_no", one.choices))
        return tuple(option for option in choices(kind, self.language) if option[0] in offered)

    def _help(self, name: str) -> str:
        for warning in self.page.check.warnings:
            if warning.field == name:
                return message_for(warning.code, warning.params, self.language)
        usual = plan_choices(name, self.page.product, self.language)
        if usual and name != "settlement_day":
            meant = usual_choice(name, self.page.product, self.language)
            return message_for("plan.usual", {"usual": meant}, self.language)
        if name in WORDS["field_help"]:
            return word("field_help", name, self.language)
        return ""

    def _error(self, name: str) -> str:
        for found in self.told:
            if found.field == name:
                return message_for(found.code, found.params, self.language)
        return ""


def _entry_kind(kind: FieldKind, value: str) -> str:
    """A browser's date entry cannot show what is no date, so that is shown as text."""
    if kind is FieldKind.DATE and value and not _is_date(value):
        return "text"
    return _ENTRY_KINDS.get(kind, "text")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
