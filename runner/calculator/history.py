"""A case's entries, one after the other, as moments of the account's life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.accounts.events import AfterWriteOff
from domain.accounts.terms import AccountTerms
from runner.calculator import changes
from runner.calculator.fields import Fields, refused
from runner.calculator.happened import (
    DISBURSEMENT,
    Moment,
    Record,
    Translation,
    disburse,
    nothing,
    repayment,
    transaction,
    undo_last,
    undo_repayment,
    undo_transaction,
)

TRANSLATIONS: Mapping[str, Translation] = {
    "approve": nothing,
    "close_of_business": nothing,
    "global_config": nothing,
    "set_product_allocation": nothing,
    "disburse": disburse,
    "repayment": repayment,
    "transaction": transaction,
    "undo_repayment": undo_repayment,
    "undo_transaction": undo_transaction,
    "undo_last_disbursal": undo_last(DISBURSEMENT),
    "undo_re_age": undo_last(changes.RE_AGE),
    "charge_off_undo": undo_last(changes.CHARGE_OFF),
    "charge": changes.charge,
    "chargeback": changes.chargeback,
    "payoff": changes.payoff,
    "credit_balance_refund": changes.refund,
    "interest_pause": changes.interest_pause,
    "rate_change": changes.rate_change,
    "reschedule": changes.reschedule,
    "re_age": changes.re_age,
    "re_amortization": changes.re_amortise,
    "undo_re_amortization": undo_last(changes.RE_AMORTISE),
    "charge_off": changes.charge_off,
    "contract_termination": changes.termination,
    "capitalized_income": changes.capitalised_income,
    "write_off": changes.write_off,
}


def moments(
    terms: AccountTerms, entries: Sequence[Fields], *, pays_down: bool, charged_off: AfterWriteOff
) -> Sequence[Moment]:
    """Every entry translated. Violations: `input.*` with the place of the entry."""
    record = Record(terms, pays_down=pays_down, charged_off=charged_off)
    for entry in entries:
        translate = entry.choice("type", TRANSLATIONS)
        if entry.has("business_date"):
            record.on = entry.day("business_date")
        elif entry.has("date"):
            record.on = entry.day("date")
        happenings = tuple(translate(entry, record))
        entry.nothing_else()
        record.moments.append(Moment(record.on, happenings))
    if not record.standing(DISBURSEMENT):
        raise refused("missing", "events.disburse")
    return record.moments
