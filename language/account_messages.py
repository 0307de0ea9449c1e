"""What is said where the account engine refuses an event by name."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

ACCOUNT_MESSAGES: Mapping[str, str] = {
    "account.period_closed": N_("This value date lies in a period that is closed."),
    "account.before_drawdown": N_("This date lies before the drawdown on %(drawn_on)s."),
    "account.beyond_2100": N_("Dates beyond 2100 are not accepted."),
    "account.event_differs": N_("An event of this name is recorded with other particulars."),
    "account.booked_before": N_("The journal of this event stands in the books already."),
    "account.no_payout": N_("No settled payout says what was lent."),
    "account.loan_closed": N_("The loan is closed."),
    "receipt.unknown": N_("There is no such receipt."),
    "receipt.not_posted": N_("This receipt is not posted to a loan."),
    "receipt.reversed": N_("This receipt is reversed already."),
    "receipt.promised": N_("Part of this receipt is already to be refunded."),
    "account.not_drawn": N_("Nothing has been drawn yet that this could change."),
    "account.matured": N_("All instalments have fallen due; nothing more can be drawn."),
    "account.unknown_event": N_("There is no earlier entry of this name to take back."),
    "account.unknown_receipt": N_("There is no receipt of at least this amount to charge back."),
    "account.unknown_refund": N_("No refund of this name is promised and not yet paid."),
    "account.refund_above_held": N_("Only what is held can be refunded: %(held)s."),
    "account.waiver_above_open": N_("More is waived than is open."),
    "account.arrears_first": N_("Arrears must be paid before principal is prepaid."),
    "account.prepayment_range": N_("A part prepayment is less than the principal not yet due."),
    "event.not_offered": N_("A loan whose interest follows its balance knows no such event."),
    "terms.daily_balance": N_("Only level instalments can let interest follow the daily balance."),
    "account.dates": N_("These dates are out of order."),
    "account.no_such_due_date": N_("No instalment falls due on this date."),
    "account.extension": N_("An extension adds instalments to a loan not yet fully due."),
    "account.restructure": N_(
        "A restructured debt needs instalments, the first due after the day it counts from."
    ),
    "account.re_age": N_(
        "New instalments begin no earlier than the day; interest by the schedule comes in equal"
        " parts."
    ),
    "account.re_amortisation": N_(
        "Overdue debt needs instalments to come, and interest that follows the balance."
    ),
    "account.capitalise": N_("Open interest cannot be added to the principal here."),
    "account.misuse_ended": N_("No more misuse can be ended than there is on that day."),
    "account.holiday": N_("A payment holiday leaves at least one instalment to pay."),
    "rate.dates": N_("No money flows before the first drawdown."),
    "rate.unit_period": N_("A unit-period is a whole number of units; a half-month is only one."),
    "rate.no_solution": N_("No yearly rate explains these payments."),
    "rate.several": N_("Several yearly rates explain these payments; none is named."),
}
