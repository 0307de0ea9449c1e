"""A firm's yearly statements: what they state, whether they hold together, what they say."""

from domain.financials.statement import (
    LINES,
    REQUIRED_LINES,
    FinancialStatement,
    LineKind,
    StatementLine,
)

__all__ = ["LINES", "REQUIRED_LINES", "FinancialStatement", "LineKind", "StatementLine"]
