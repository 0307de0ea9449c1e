"""What is said where a case or the terms of a schedule are refused by name."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

CALCULATOR_MESSAGES: Mapping[str, str] = {
    "input.unreadable": N_("The input is not an array of cases in JSON."),
    "input.malformed": N_("This entry does not have the form it must have."),
    "input.doubled": N_("Here a key is named twice."),
    "input.missing": N_("This entry is missing."),
    "input.unknown": N_("There is no entry of this name."),
    "input.not_offered": N_(
        "This convention is not offered, and nothing near it is taken instead."
    ),
    "input.arithmetic": N_("These figures are beyond what can be computed."),
    "figures.range": N_("One of these figures is outside the range it can have."),
    "input.date_range": N_("A date here lies within the years 1900 to 2100."),
    "input.event_order": N_("This event names another one that did not happen before it."),
    "input.rows_unknown": N_("The entries do not say enough to compute these rows."),
    "terms.instalments": N_("A schedule has from 1 to 36,600 instalments."),
    "terms.every": N_("A period is from 1 to 366 units long."),
    "terms.first_due": N_("The first due date must lie after the day of drawdown."),
    "terms.matures": N_("The maturity must lie after the day of drawdown."),
    "terms.settlement": N_(
        "A settlement day is from 1 to 27, of periods in months, quarters or years, and needs"
        " a maturity."
    ),
    "terms.grace": N_("A grace must end before the last instalment."),
    "terms.multiple": N_(
        "The amount instalments are a multiple of must be above zero and not exceed the principal."
    ),
    "terms.down_payment": N_("A down payment is less than the whole principal."),
    "terms.balloon": N_(
        "A balloon belongs to the balloon method, above zero and up to the principal."
    ),
    "terms.step_shares": N_("The shares of a step-up, one per instalment, must add up to 100 %%."),
    "terms.custom": N_(
        "Agreed rows belong to the custom method, one per instalment, none below zero."
    ),
    "terms.custom_sum": N_("The agreed rows must add up to the principal, less the down payment."),
    "terms.growth": N_(
        "Instalments grow or fall by less than their whole in years of whole periods, without a"
        " grace or a down payment, and cover their interest."
    ),
    "terms.dates": N_("Each due date must lie after the one before it."),
    "terms.calendar": N_("A schedule that avoids days off needs the calendar of working days."),
    "percent.format": N_("Please enter a percentage as a plain number, such as 4.35."),
    "quote.instalments": N_("A quote has from %(min)s to %(max)s instalments."),
    "quote.rows": N_("Please write one row a line, a date and an amount; %(max)s rows at most."),
    "terms.tranches": N_(
        "Later drawdowns are above zero, leave something for the first, and are %(max)s at most."
    ),
    "terms.tranche_dates": N_("Each drawdown must lie after the one before it."),
    "terms.tranche_method": N_("Agreed rows go with a single drawdown."),
    "terms.daily_balance": N_("Interest that follows the balance is not offered for these terms."),
    "event.not_offered": N_("This change is not offered for this kind of loan."),
    "terms.rounding": N_("A table without rounding is for comparison and cannot be booked."),
    "time_value.range": N_("These payments never come to that value over whole periods."),
    "day_count.order": N_("The last day must not lie before the first."),
    "day_count.reference": N_("This day count needs the coupon period it counts in."),
}
