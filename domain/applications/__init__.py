"""Applications: the draft's fields, its checks, and the facts it becomes."""

from domain.applications.draft import DraftCheck, check_draft
from domain.applications.facts import ApplicationFacts, Statement, declared_facts, score_inputs
from domain.applications.field_checks import check_field, statement_field
from domain.applications.fields import (
    DRAFT_FIELDS,
    FIELDS_BY_NAME,
    INDUSTRIES,
    STATEMENT_LINES,
    DraftField,
    FieldKind,
    StatementLine,
    asked_fields,
    statement_years,
)

__all__ = [
    "DRAFT_FIELDS",
    "FIELDS_BY_NAME",
    "INDUSTRIES",
    "STATEMENT_LINES",
    "ApplicationFacts",
    "DraftCheck",
    "DraftField",
    "FieldKind",
    "Statement",
    "StatementLine",
    "asked_fields",
    "check_draft",
    "check_field",
    "declared_facts",
    "score_inputs",
    "statement_field",
    "statement_years",
]
