"""What is said of a loan's repayment plan: its entries, its choices, why it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

BOOKING_MESSAGES: Mapping[str, str] = {
    "schedule.malformed": N_("The contract's schedule cannot be read."),
    "plan.usual": N_("Left empty: %(usual)s"),
    "plan.tenor": N_("The tenor must be a whole number of periods of %(months)s months."),
    "plan.instalments": N_("Please say how many instalments there are."),
    "plan.beyond_tenor": N_("The last due date lies after the end of the tenor."),
    "plan.not_offered": N_("The product does not offer this."),
    "plan.count_range": N_("The product allows at most %(max)s."),
    "plan.share_range": N_("Please enter a share from 0 to %(max)s %%."),
    "plan.shares": N_(
        "Please write one share per instalment in per cent, with spaces between them; together 100."
    ),
    "plan.rows": N_("Please write one row a line, a date and an amount; %(max)s rows at most."),
    "plan.not_of_method": N_(
        "This entry belongs to another repayment method. Clear it, or choose that method."
    ),
    "plan.settlement_steps": N_("Steps are not agreed together with a settlement day."),
    "plan.drawn_in_parts": N_("A loan with these terms is drawn in one amount."),
    "release.schedule_lapsed": N_(
        "The agreed due dates have gone by, or do not hold on the bank's calendar. The loan cannot"
        " begin on them."
    ),
    "plan.first_drawdown": N_("The first drawdown is above zero and below the loan amount."),
}

BOOKING_FIELDS: Mapping[str, str] = {
    "period_unit": N_("Period counted in"),
    "period_every": N_("Units per period"),
    "instalment_count": N_("Number of instalments"),
    "settlement_day": N_("Settlement day"),
    "first_due_on": N_("First due date"),
    "day_count": N_("Day count"),
    "month_end": N_("Month without that day"),
    "holiday_rule": N_("Due date on a day off"),
    "principal_grace": N_("Instalments without principal"),
    "interest_payment_grace": N_("Instalments without interest payment"),
    "interest_free": N_("Instalments free of interest"),
    "balloon": N_("Balloon"),
    "step_shares": N_("Step shares in per cent"),
    "custom_rows": N_("Agreed rows"),
    "instalment_multiple": N_("Instalments a multiple of"),
    "down_payment_percent": N_("Down payment in per cent"),
    "first_drawdown": N_("First drawdown"),
}

BOOKING_HELP: Mapping[str, str] = {
    "period_every": N_("Left empty it is 1"),
    "instalment_count": N_("For periods in days or weeks"),
    "settlement_day": N_("Interest is settled on this day and paid the day after"),
    "first_due_on": N_("Left empty it follows from the day of drawdown"),
    "balloon": N_("What is left for the last instalment"),
    "step_shares": N_("One share of principal per instalment, for example 10 20 30 40"),
    "custom_rows": N_("One a line, date and principal, as 2027-01-20 50000.00"),
    "first_drawdown": N_("Left empty the whole amount is drawn at once"),
}
