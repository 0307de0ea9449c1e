"""The words of a loan's account: what happened to it, and what its badges say."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

ACCOUNT_WORDS: Mapping[str, Mapping[str, str]] = {
    "account_event": {
        "drawdown": N_("Drawdown"),
        "receipt": N_("Receipt"),
        "reversal": N_("Reversal"),
        "chargeback": N_("Taken back by the payer's bank"),
        "refund": N_("Refund"),
        "refund_due": N_("Refund promised"),
        "refund_paid": N_("Refund paid"),
        "refund_failed": N_("Refund not paid, held again"),
        "charge": N_("Charge"),
        "rate_set": N_("New rate"),
        "interest_pause": N_("Interest paused"),
        "waiver": N_("Waiver"),
        "prepayment": N_("Part prepayment"),
        "payoff": N_("Payoff in full"),
        "due_date_move": N_("Due dates moved"),
        "holiday_move": N_("Due date moved by the working calendar"),
        "extension": N_("Extension"),
        "restructure": N_("Restructuring"),
        "re_age": N_("Open debt laid over new instalments"),
        "re_amortisation": N_("Overdue debt laid onto coming instalments"),
        "payment_holiday": N_("Payment holiday"),
        "misuse": N_("Misuse of funds"),
        "misuse_ended": N_("End of misuse"),
        "acceleration": N_("Declaration of early maturity"),
        "write_off": N_("Write-off, claim kept"),
        "held_money_used": N_("Held money used"),
    },
    "account_mark": {
        "written_off": N_("Written off, claim kept"),
        "accelerated": N_("Declared due early"),
        "non_accrual": N_("Non-accrual"),
        "misuse": N_("Misused"),
        "restructure": N_("Restructured"),
        "extension": N_("Extended"),
        "payment_holiday": N_("Payment holiday"),
        "waiver": N_("Partly waived"),
        "prepayment": N_("Partly prepaid"),
        "reversal": N_("With a reversal"),
        "settled": N_("Repaid in full"),
    },
}
