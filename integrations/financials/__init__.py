"""Files of yearly statements: the Excel template, workbooks and the tables of PDF files."""

from integrations.financials.reader import StatementFiles

__all__ = ["StatementFiles"]
