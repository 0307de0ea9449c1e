"""Which kind of file statements came in, told by its content and never by its name."""

from __future__ import annotations

from domain.financials.readings import FILE_BYTES_MAX, Reading
from domain.violations import LoanRuleViolation

_PDF = b"%PDF-"
_HEAD = 1024


def read_file(content: bytes) -> Reading:
    """A workbook or a PDF as read.

    Violations: `file.empty`, `file.too_large`, those of `read_workbook` and of `read_pdf`.
    """
    if not content:
        raise LoanRuleViolation("file.empty")
    if len(content) > FILE_BYTES_MAX:
        raise LoanRuleViolation("file.too_large", max_mb=str(FILE_BYTES_MAX // 1024 // 1024))
    if _PDF in content[:_HEAD]:
        from integrations.financials.pdf_statements import read_pdf

        return read_pdf(content)
    from integrations.financials.workbook import read_workbook

    return read_workbook(content)
