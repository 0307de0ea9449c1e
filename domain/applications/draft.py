"""A draft as a whole: every gap and error at once, or the application's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from domain.applications.facts import ApplicationFacts, Statement
from domain.applications.field_checks import read_field, warnings_of
from domain.applications.fields import (
    DRAFT_FIELDS,
    FIELDS_BY_NAME,
    PLAN_FIELDS,
    STATEMENT_LINES,
    YES,
    FieldKind,
    asked_fields,
    statement_years,
)
from domain.applications.repayment import read_plan
from domain.applications.statements import read_statement
from domain.documents import DocumentFacts, check_document
from domain.products import ProductRules
from domain.schedules import RepaymentMethod
from domain.schedules.plan import RepaymentPlan
from domain.violations import Finding, LoanRuleViolation

Values = Mapping[str, object]
DraftStatements = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """`facts` is there exactly when there are no findings; warnings stop nothing.

    `completeness_percent` counts the asked items that are there and in order, rounded down.
    """

    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    facts: ApplicationFacts | None
    completeness_percent: int
    plan: RepaymentPlan | None = None
    """The repayment plan, as soon as it can be built, also while other things are missing."""


def check_draft(
    fields: Mapping[str, str],
    statements: DraftStatements,
    documents: Sequence[DocumentFacts],
    product: ProductRules,
    today: date,
) -> DraftCheck:
    """Judge a draft for one product on one day. Findings carry the form's field names."""
    values, field_findings = _read_fields(fields, product)
    request_findings = _request_findings(values, product, today)
    plan, plan_findings = read_plan(values, product, today)
    years = _asked_years(values, product, today)
    sheets, sheet_findings = _read_statements(statements, years)
    document_findings = _document_findings(documents, product)
    request_findings += [found for found in plan_findings if found not in request_findings]
    findings = (*field_findings, *request_findings, *sheet_findings, *document_findings)
    return DraftCheck(
        findings=findings,
        warnings=_warnings(fields, values),
        facts=None if findings else _facts(values, sheets, plan),
        plan=plan,
        completeness_percent=_completeness(findings, product, years),
    )


def _read_fields(
    fields: Mapping[str, str], product: ProductRules
) -> tuple[dict[str, object], list[Finding]]:
    values: dict[str, object] = {}
    findings = [Finding(n, "field.unknown") for n in sorted(set(fields) - set(FIELDS_BY_NAME))]
    asked = {field.name for field in asked_fields(product.model, product.optional_fields)}
    currency = fields.get("currency", "").strip(" ")
    for field in DRAFT_FIELDS:
        text = fields.get(field.name, "")
        if not text.strip():
            findings += [Finding(field.name, "field.required")] if field.name in asked else []
            continue
        try:
            values[field.name] = read_field(field, text, _amount_currency(currency, product))
        except LoanRuleViolation as violation:
            findings.append(Finding(field.name, violation.code, violation.params))
    return values, findings


def _amount_currency(currency: str, product: ProductRules) -> str:
    """Where the currency is missing or wrong, its own finding says so; amounts are read anyway."""
    return currency if currency in product.currencies else product.currencies[0]


def _request_findings(values: Values, product: ProductRules, today: date) -> list[Finding]:
    checks = (
        _choice_finding("product_code", values, (product.code,), "product.mismatch"),
        _choice_finding("currency", values, product.currencies, "currency.not_offered"),
        _choice_finding("repayment_method", values, product.methods, "method.not_offered"),
        _range_finding("amount", values, product.amount_min, product.amount_max),
        _range_finding("tenor_months", values, product.tenor_min, product.tenor_max),
        _established_finding(values, today),
        _guarantee_finding(values),
    )
    return [finding for finding in checks if finding is not None]


def _choice_finding(name: str, values: Values, offered: Sequence[str], code: str) -> Finding | None:
    if name not in values or values[name] in offered:
        return None
    return Finding(name, code, {"offered": ", ".join(offered)})


def _range_finding(
    name: str, values: Values, least: Decimal | int, most: Decimal | int
) -> Finding | None:
    if name not in values or least <= cast(Decimal | int, values[name]) <= most:
        return None
    code = "amount.out_of_range" if name == "amount" else "tenor.out_of_range"
    return Finding(name, code, {"min": str(least), "max": str(most)})


def _established_finding(values: Values, today: date) -> Finding | None:
    established_on = values.get("established_on")
    if isinstance(established_on, date) and established_on > today:
        return Finding("established_on", "date.future")
    return None


def _guarantee_finding(values: Values) -> Finding | None:
    guaranteed, amount = values.get("guaranteed_amount"), values.get("amount")
    if isinstance(guaranteed, Decimal) and isinstance(amount, Decimal) and guaranteed > amount:
        return Finding("guaranteed_amount", "guarantee.exceeds_amount")
    return None


def _asked_years(values: Values, product: ProductRules, today: date) -> tuple[int, ...]:
    established_on = values.get("established_on")
    since = established_on if isinstance(established_on, date) else None
    return statement_years(today, product.statement_years, since)


def _read_statements(
    statements: DraftStatements, years: tuple[int, ...]
) -> tuple[tuple[Statement, ...], list[Finding]]:
    """Codes: `statement.missing_year`, and those of `read_statement`. Other years are left out."""
    sheets: list[Statement] = []
    findings: list[Finding] = []
    for year in years:
        lines = statements.get(str(year), {})
        if not any(text.strip() for text in lines.values()):
            findings.append(Finding(f"statements.{year}", "statement.missing_year"))
            continue
        sheet, found = read_statement(year, lines)
        findings += found
        sheets += [sheet] if sheet is not None else []
    return tuple(sheets), findings


def _document_findings(documents: Sequence[DocumentFacts], product: ProductRules) -> list[Finding]:
    there = {document.kind for document in documents}
    gaps = [
        Finding(f"documents.{kind}", "document.required")
        for kind in product.required_documents
        if kind not in there
    ]
    return gaps + [finding for document in documents for finding in check_document(document)]


def _warnings(fields: Mapping[str, str], values: Values) -> tuple[Finding, ...]:
    read = (field for field in DRAFT_FIELDS if field.name in values)
    return tuple(w for field in read for w in warnings_of(field.name, fields[field.name]))


def _completeness(
    findings: Sequence[Finding], product: ProductRules, years: tuple[int, ...]
) -> int:
    asked = [field.name for field in asked_fields(product.model, product.optional_fields)]
    asked += [f"documents.{kind}" for kind in product.required_documents]
    lines = [f"statements.{year}.{line.name}" for year in years for line in STATEMENT_LINES]
    wrong = {finding.field for finding in findings}
    right = sum(name not in wrong for name in asked)
    right += sum(not {name, name.rpartition(".")[0]} & wrong for name in lines)
    return right * 100 // (len(asked) + len(lines))


def _facts(
    values: Values, sheets: tuple[Statement, ...], plan: RepaymentPlan | None
) -> ApplicationFacts:
    """Only called when every asked field was read, each by the reader of its kind."""
    texts = {
        field.name: cast(str, values.get(field.name, ""))
        for field in DRAFT_FIELDS
        if field.kind in {FieldKind.TEXT, FieldKind.PARAGRAPH} and field not in PLAN_FIELDS
    }
    return ApplicationFacts(
        product_code=cast(str, values["product_code"]),
        amount=cast(Decimal, values["amount"]),
        currency=cast(str, values["currency"]),
        tenor_months=cast(int, values["tenor_months"]),
        repayment_method=RepaymentMethod(cast(str, values["repayment_method"])),
        established_on=cast("date | None", values.get("established_on")),
        industry=cast(str, values.get("industry", "")),
        employees=cast("int | None", values.get("employees")),
        statements=sheets,
        guaranteed_amount=cast("Decimal | None", values.get("guaranteed_amount")),
        real_estate_backed=_flag(values.get("real_estate_backed")),
        in_recession=_flag(values.get("in_recession")),
        plan=plan,
        **texts,
    )


def _flag(choice: object) -> bool | None:
    return None if choice is None else choice == YES
