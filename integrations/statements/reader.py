"""Which format a file is in, told by its content and never by its name."""

from __future__ import annotations

import codecs

from domain.bank_statements import FILE_BYTES_MAX, LINES_MAX, ReadStatement
from domain.violations import LoanRuleViolation
from integrations.statements.camt import read_camt
from integrations.statements.csv_lines import read_csv

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileReader:
    """Reads statement files."""

    def read(self, content: bytes) -> ReadStatement:
        """Every line parsed or refused by name.

        Violations, where nothing in the file can be trusted: `file.empty`, `file.too_large`,
        `file.damaged`, `file.dtd`, `file.too_deep`, `file.unknown`, `file.encoding`,
        `file.no_header`, `file.no_lines`, `file.too_many_lines`.
        """
        if not content.strip():
            raise LoanRuleViolation("file.empty")
        if len(content) > FILE_BYTES_MAX:
            raise LoanRuleViolation("file.too_large", max_mb=str(FILE_BYTES_MAX // 1024 // 1024))
        read = read_camt(content) if _is_xml(content) else read_csv(content)
        if not read.lines:
            raise LoanRuleViolation("file.no_lines")
        if len(read.lines) > LINES_MAX:
            raise LoanRuleViolation("file.too_many_lines", max=str(LINES_MAX))
        return read


def _is_xml(content: bytes) -> bool:
    """The first mark of the text is a `<`, in whichever encoding."""
    head = content[:200]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")
