"""From a case's inputs to the whole contract: which debt money pays, what early money does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.accounts.events import AfterWriteOff, ReceiptKind
from domain.accounts.terms import (
    AccountTerms,
    AllocationRule,
    EarlyMoney,
    FutureMoney,
    InterestBasis,
    LatenessTerms,
    Processing,
    Rest,
    Slot,
    Timing,
    every_timing,
)
from domain.repayments import Bucket
from domain.schedules import Amortisation, RepaymentMethod, RoundingMode, ScheduleTerms
from domain.violations import LoanRuleViolation
from runner.calculator.fields import Fields, refused
from runner.calculator.schedule_terms import AMORTISATIONS, schedule_terms

FUTURE: Mapping[str, FutureMoney] = {
    "NEXT_INSTALLMENT": FutureMoney.NEXT_INSTALMENT,
    "LAST_INSTALLMENT": FutureMoney.LAST_INSTALMENT,
    "NEXT_LAST_INSTALLMENT": FutureMoney.NEXT_THEN_LAST,
    "REAMORTIZATION": FutureMoney.REAMORTISE,
}
RECEIPT_KINDS: Mapping[str, ReceiptKind] = {
    "DEFAULT": ReceiptKind.REPAYMENT,
    "REPAYMENT": ReceiptKind.REPAYMENT,
    "GOODWILL_CREDIT": ReceiptKind.GOODWILL,
    "MERCHANT_ISSUED_REFUND": ReceiptKind.MERCHANT_REFUND,
    "PAYOUT_REFUND": ReceiptKind.PAYOUT_REFUND,
    "INTEREST_REFUND": ReceiptKind.INTEREST_REFUND,
}
_REFUNDS = (ReceiptKind.MERCHANT_REFUND, ReceiptKind.PAYOUT_REFUND)
_PROCESSING = {"HORIZONTAL": Processing.INSTALMENT_FIRST, "VERTICAL": Processing.BUCKET_FIRST}
_BUCKETS = {
    "PENALTY": Bucket.PENALTY,
    "PENALTIES": Bucket.PENALTY,
    "FEE": Bucket.FEE,
    "FEES": Bucket.FEE,
    "INTEREST": Bucket.INTEREST,
    "PRINCIPAL": Bucket.PRINCIPAL,
}
_TIMINGS = {timing.name: timing for timing in Timing}
_SLOT = re.compile(r"(PAST_DUE|DUE|IN_ADVANCE)_([A-Z]+)")
_DUE_THEN_ADVANCE = re.compile(r"DUE_([A-Z_]+?)_IN_ADVANCE_([A-Z_]+)")
_BY_KIND = "ADVANCED_PAYMENT_ALLOCATION"
_NEVER = 1_000_000
_RESTS = {"DAILY": Rest.DAY, "SAME_AS_REPAYMENT": Rest.INSTALMENT}
_PAYOFF_RESTS = {"TILL_PRE_CLOSE_DATE": Rest.DAY, "TILL_REST_FREQUENCY_DATE": Rest.INSTALMENT}
_ONLY = {"compounding": "NONE"}
"""Settings of recalculated interest with the one value on offer each."""
_CHARGED_OFF = {
    "REGULAR": AfterWriteOff.FIXED,
    "ZERO_INTEREST": AfterWriteOff.NO_INTEREST,
    "ACCELERATE_MATURITY": AfterWriteOff.ALL_DUE,
}
_EARLY_MONEY = "advance_payment_adjustment"
_EARLY = {
    "REDUCE_EMI_AMOUNT": EarlyMoney.LOWER_INSTALMENTS,
    "REDUCE_NUMBER_OF_INSTALLMENTS": EarlyMoney.FEWER_INSTALMENTS,
    "RESCHEDULE_NEXT_REPAYMENTS": EarlyMoney.NEXT_INSTALMENTS,
}
_ELSEWHERE = {
    "ADJUST_LAST_UNPAID_PERIOD": False,
    "REDUCE_EMI_AMOUNT": True,
    "REDUCE_NUMBER_OF_INSTALLMENTS": True,
    "RESCHEDULE_NEXT_REPAYMENTS": True,
}


def account_terms(inputs: Fields) -> AccountTerms:
    """The contract of a case. Violations: `input.not_offered` by the setting's name, `terms.*`."""
    inputs.ignore(("principal_approved",))
    settings = inputs.part("loan_settings") if inputs.has("loan_settings") else Fields({}, "")
    rule, by_kind = _allocation(inputs, settings)
    schedule = schedule_terms(inputs)
    if schedule.rounding.mode is RoundingMode.NONE:
        raise LoanRuleViolation("terms.rounding")
    recalculated = settings.flag("interest_recalculation") or not inputs.has("loan_settings")
    recalculated &= schedule.method is not RepaymentMethod.FLAT
    full_term = inputs.flag("full_term_for_tranche") or settings.flag("full_term_for_tranche")
    terms = AccountTerms(
        schedule=schedule,
        interest_basis=InterestBasis.DAILY_BALANCE if recalculated else InterestBasis.SCHEDULED,
        allocation=rule,
        non_accrual_allocation=rule,
        lateness=LatenessTerms(compound=False, penalised=False, non_accrual_after_days=_NEVER),
        receipt_allocation=by_kind,
        refunds_interest=_REFUNDS if ReceiptKind.INTEREST_REFUND in dict(by_kind) else (),
        rest=settings.choice("rest_frequency", _RESTS, Rest.DAY),
        payoff_rest=settings.choice("preclosure_interest", _PAYOFF_RESTS, Rest.DAY),
        early_money=_early_money(settings, schedule),
        interest_on_overdue=inputs.has("loan_settings")
        and not settings.flag("no_interest_on_past_due"),
        full_term_tranches=full_term,
    )
    _read_the_rest(settings, recalculated=recalculated)
    return terms


def after_charge_off(inputs: Fields) -> AfterWriteOff:
    """What a loan charged off still asks for. Violation: `input.not_offered`."""
    settings = inputs.part("loan_settings") if inputs.has("loan_settings") else Fields({}, "")
    return settings.choice("charge_off_behaviour", _CHARGED_OFF, AfterWriteOff.FIXED)


def moves_instalments(inputs: Fields) -> bool:
    """Whether early money would have to change instalments in a way that is not on offer."""
    settings = inputs.part("loan_settings") if inputs.has("loan_settings") else Fields({}, "")
    recalculated = settings.flag("interest_recalculation")
    if inputs.choice("engine", AMORTISATIONS, Amortisation.PROGRESSIVE) is Amortisation.CUMULATIVE:
        return False
    return recalculated and settings.choice(_EARLY_MONEY, _ELSEWHERE, default=False)


def _early_money(settings: Fields, schedule: ScheduleTerms) -> EarlyMoney:
    """A setting of the cumulative family; the other one has a single way."""
    if schedule.amortisation is not Amortisation.CUMULATIVE:
        return EarlyMoney.LOWER_INSTALMENTS
    return settings.choice(_EARLY_MONEY, _EARLY, EarlyMoney.LOWER_INSTALMENTS)


def _read_the_rest(settings: Fields, *, recalculated: bool) -> None:
    settings.ignore(_ONLY)
    settings.choice("charge_off_behaviour", _CHARGED_OFF, AfterWriteOff.FIXED)
    for key, offered in _ONLY.items() if recalculated else ():
        settings.choice(key, {offered: offered}, offered)
    settings.ignore((_EARLY_MONEY, "partial_period_interest", "multi_disburse"))
    settings.nothing_else()


def _allocation(
    inputs: Fields, settings: Fields
) -> tuple[AllocationRule, tuple[tuple[ReceiptKind, AllocationRule], ...]]:
    name = inputs.text("payment_strategy") if inputs.has("payment_strategy") else _BY_KIND
    settings.ignore(("schedule_processing", "payment_allocation"))
    if name != _BY_KIND:
        return _named_strategy(name, inputs.place("payment_strategy")), ()
    if not settings.has("payment_allocation"):
        return _rule(every_timing(_order("PENALTY_FEE_PRINCIPAL_INTEREST"))), ()
    return _rules_by_kind(settings)


def _rules_by_kind(
    settings: Fields,
) -> tuple[AllocationRule, tuple[tuple[ReceiptKind, AllocationRule], ...]]:
    processing = settings.choice("schedule_processing", _PROCESSING, Processing.INSTALMENT_FIRST)
    table = settings.part("payment_allocation")
    rules = {
        name: _read_rule(table.part(name), processing) for name in RECEIPT_KINDS if table.has(name)
    }
    table.nothing_else()
    if "DEFAULT" not in rules:
        raise refused("missing", table.place("DEFAULT"))
    own = {RECEIPT_KINDS[name]: rule for name, rule in rules.items() if name != "DEFAULT"}
    return rules["DEFAULT"], tuple(own.items())


def _read_rule(fields: Fields, processing: Processing) -> AllocationRule:
    future = fields.choice("future_installment_rule", FUTURE)
    slots = [_slot(one, fields.place("order")) for one in fields.items("order")]
    fields.nothing_else()
    return AllocationRule(tuple(slots), processing, future)


def _slot(name: object, place: str) -> Slot:
    match = _SLOT.fullmatch(name) if isinstance(name, str) else None
    if match is None or match.group(2) not in _BUCKETS:
        raise refused("not_offered", place)
    return Slot(_TIMINGS[match.group(1)], _BUCKETS[match.group(2)])


def _named_strategy(name: str, place: str) -> AllocationRule:
    """A strategy's name is its order: of all debts alike, or of due ones and those in advance."""
    try:
        if match := _DUE_THEN_ADVANCE.fullmatch(name.removesuffix("_ORDER")):
            due, ahead = _order(match.group(1)), _order(match.group(2))
            slots = [Slot(timing, one) for timing in (Timing.PAST_DUE, Timing.DUE) for one in due]
            slots += [Slot(Timing.IN_ADVANCE, one) for one in ahead]
            return replace(_rule(slots), charges_by_day=True)
        return _rule(every_timing(_order(name.removesuffix("_ORDER"))))
    except KeyError as unknown:
        raise refused("not_offered", place) from unknown


def _order(names: str) -> tuple[Bucket, ...]:
    return tuple(_BUCKETS[name] for name in names.split("_"))


def _rule(slots: Sequence[Slot]) -> AllocationRule:
    return AllocationRule(tuple(slots), Processing.INSTALMENT_FIRST, FutureMoney.NEXT_INSTALMENT)
