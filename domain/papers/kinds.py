"""The papers of a loan."""

from __future__ import annotations

from enum import StrEnum


class PaperKind(StrEnum):
    """A paper, by the name it has in addresses."""

    REPAYMENT_PLAN = "repayment-plan"  # 还款计划表
    INTEREST_NOTICE = "interest-notice"  # 利息通知单
    DUNNING_LETTER = "dunning-letter"  # 逾期催收函
    PAYOFF_LETTER = "payoff-letter"  # 提前结清通知书
    SETTLEMENT_CERTIFICATE = "settlement-certificate"  # 结清证明
    RECEIPT_SLIP = "receipt-slip"  # 还款回单

    @property
    def mark(self) -> str:
        """Two letters in the paper's number."""
        return _MARKS[self]


_MARKS = {
    PaperKind.REPAYMENT_PLAN: "RP",
    PaperKind.INTEREST_NOTICE: "IN",
    PaperKind.DUNNING_LETTER: "DL",
    PaperKind.PAYOFF_LETTER: "PL",
    PaperKind.SETTLEMENT_CERTIFICATE: "SC",
    PaperKind.RECEIPT_SLIP: "RS",
}
AS_THINGS_STAND = frozenset(
    {PaperKind.DUNNING_LETTER, PaperKind.SETTLEMENT_CERTIFICATE, PaperKind.RECEIPT_SLIP}
)
"""What states facts, and so is never dated ahead of them."""
