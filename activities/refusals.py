"""Turning the bank's refusals into answers: a refusal is a result, not a failure."""

from __future__ import annotations

from collections.abc import Awaitable

from domain.commands import Receipt
from domain.violations import FindingsViolation, LoanRuleViolation


async def answered(act: Awaitable[Receipt]) -> Receipt:
    """The act's receipt, or the refusal as a receipt the person can read."""
    try:
        return await act
    except LoanRuleViolation as refused:
        return refusal(refused)


def refusal(refused: LoanRuleViolation) -> Receipt:
    """A refusal with its code, its figures and its findings."""
    findings = refused.findings if isinstance(refused, FindingsViolation) else ()
    return Receipt(
        accepted=False, code=refused.code, params=dict(refused.params), findings=findings
    )
