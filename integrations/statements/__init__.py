"""Bank statement files: ISO 20022 camt.053 and camt.054, and CSV, read line by line."""

from integrations.statements.reader import FileReader

__all__ = ["FileReader"]
