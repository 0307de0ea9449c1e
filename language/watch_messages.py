"""What is said where customers are watched: refusals, flashes, words, and messages to people."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

WATCH_MESSAGES: Mapping[str, str] = {
    "alert.unknown": N_("There is no such alert."),
    "alert.closed": N_("This alert is closed already."),
    "alert.unknown_signal": N_("The catalogue has no such signal."),
    "alert.not_lower": N_("Please choose a lower colour than the alert has now."),
    "alert.risk_signature": N_("A lower colour needs a risk officer's signature."),
    "proposal.open_already": N_("The same is proposed already and waits for a verdict."),
    "covenant.unknown": N_("There is no such covenant."),
    "covenant.bound": N_("Please enter a bound between -1000 and 1000."),
    "covenant.grace": N_("Please enter from 0 to %(max)s days of grace."),
    "covenant.waiver_days": N_("A waiver runs from today and for a year at most."),
    "review.unknown": N_("There is no such review."),
    "review.done": N_("This review is done already."),
    "review.facts_open": N_("What the customer stated must be decided first."),
    "customer.review_overdue": N_(
        "The review of this customer has been overdue since %(due_on)s: no new credit until it is"
        " done."
    ),
    "refresh.unknown": N_("This link is not valid any more."),
    "refresh.closed": N_("Your answer has been received; this link takes no further one."),
    "refresh.empty": N_("Please fill in at least one field."),
    "event.fields": N_("Please name at most %(max)s fields."),
    "ladder.unknown": N_("There is no such measure."),
    "ladder.unknown_rung": N_("The ladder has no such rung."),
    "ladder.not_open": N_("This measure has been decided already."),
    "ladder.no_room": N_("There is nothing left at this loan that the measure could change."),
    "ladder.no_period": N_("No repricing and no further period lies ahead of this loan."),
    "notice.unknown": N_("There is no such message."),
    "notice.not_yours": N_("This message is for somebody else."),
    "drawdown.frozen": N_("What is undrawn is frozen: an alert or a measure stands against it."),
    "watch.malformed": N_("The rule table cannot be read."),
}
WATCH_FLASHES: Mapping[str, str] = {
    "action_noted": N_("What is being done is noted."),
    "review_finished": N_("The review is done, and the next one is planned."),
    "link_renewed": N_("The customer's link is ready to be sent."),
    "measure_left": N_("The measure is set aside, with your reason."),
    "notice_marked": N_("Noted."),
    "event_recorded": N_("The event is recorded; the bank looks at the customer anew."),
}
COLOURS: Mapping[str, str] = {
    "red": N_("Red"),
    "orange": N_("Orange"),
    "yellow": N_("Yellow"),
    "blue": N_("Blue"),
}
WATCH_WORDS: Mapping[str, Mapping[str, str]] = {
    "alert_colour": COLOURS,
    "signal": {
        "overdue_over_30": N_("More than 30 days past due"),
        "bad_class": N_("Classified substandard or worse"),
        "bankruptcy": N_("Bankruptcy filing"),
        "account_frozen": N_("Account frozen or enforced"),
        "controller_missing": N_("Controller missing or detained"),
        "false_material": N_("False material"),
        "misuse": N_("Misuse of the loan"),
        "overdue_8_to_30": N_("8 to 30 days past due"),
        "control_change": N_("Equity pledged or control transferred"),
        "lawsuit": N_("Lawsuit above 10 % of net worth"),
        "rating_down_two": N_("Rating fell by two notches"),
        "covenant_breach": N_("Covenant broken"),
        "other_bank_overdue": N_("Overdue at another bank"),
        "overdue_1_to_7": N_("1 to 7 days past due"),
        "revenue_fall": N_("Sales fell by 30 % or more"),
        "leverage_high": N_("Leverage above 75 %, or up 10 points"),
        "tax_arrears": N_("Tax arrears"),
        "particulars_changed": N_("Representative, industry or address changed"),
        "inventory_slow": N_("Stock turns half as fast"),
        "guarantor_weakened": N_("Guarantor weakened"),
        "ltv_over_cap": N_("Collateral worth too little"),
        "paper_expiring": N_("A paper expires within 60 days"),
        "statement_late": N_("Yearly statement late"),
        "limit_use_high": N_("Limit used above 95 %"),
        "one_large_buyer": N_("One buyer above half of sales"),
    },
    "watch_fact": {
        "days_past_due": N_("Days past due"),
        "class_rank": N_("Class (1 best, 5 worst)"),
        "misuse": N_("Misuse"),
        "bankruptcy": N_("Bankruptcy"),
        "account_frozen": N_("Frozen account"),
        "controller_missing": N_("Controller's whereabouts"),
        "false_material": N_("False material"),
        "control_change": N_("Change of control"),
        "lawsuit_to_net_worth": N_("Claims by net worth"),
        "notches_down": N_("Notches down"),
        "covenant_breached": N_("Broken covenant"),
        "overdue_elsewhere": N_("Days past due elsewhere"),
        "revenue_change": N_("Change of sales"),
        "leverage": N_("Leverage"),
        "leverage_rise": N_("Rise of leverage"),
        "tax_arrears": N_("Tax arrears"),
        "particulars_changed": N_("Changed particulars"),
        "inventory_days_change": N_("Change of stock days"),
        "guarantor_weakened": N_("Guarantor's strength"),
        "ltv_over_cap": N_("Loan-to-value above its cap"),
        "days_to_expiry": N_("Days to the first expiry"),
        "statement_days_late": N_("Days the statement is late"),
        "limit_use": N_("Use of the limit"),
        "largest_buyer_share": N_("Share of the largest buyer"),
    },
    "assessment": {
        "fires": N_("Fires"),
        "clear": N_("Not triggered"),
        "not_assessable": N_("Cannot be assessed"),
    },
    "alert_level": {
        "0": N_("In time"),
        "1": N_("Owner reminded"),
        "2": N_("Escalated to risk"),
        "3": N_("With the next level"),
    },
    "closing_evidence": {
        "arrears_paid_or_plan": N_("Arrears paid, or an agreed plan"),
        "class_restored_or_plan": N_("Class restored, or an agreed plan"),
        "court_paper": N_("Paper of the court"),
        "visit_report": N_("Report of a visit"),
        "verification_report": N_("Report of the verification"),
        "purpose_vouchers": N_("Vouchers of the purpose"),
        "registry_extract": N_("Extract of the registry"),
        "cure_or_waiver": N_("Cure, or an approved waiver"),
        "bureau_report": N_("New bureau report"),
        "tax_receipt": N_("Receipt of the tax paid"),
        "valuation": N_("New valuation or more security"),
        "renewed_paper": N_("The renewed paper"),
        "statement_filed": N_("The statement, filed"),
    },
    "covenant_kind": {
        "at_least": N_("At least"),
        "at_most": N_("At most"),
        "statement_delivery": N_("Yearly statement delivered"),
    },
    "covenant_ratio": {
        "debt_ratio": N_("Debt ratio"),
        "current_ratio": N_("Current ratio"),
        "interest_cover": N_("Interest cover"),
        "net_margin": N_("Net margin"),
    },
    "covenant_state": {
        "planned": N_("No test yet"),
        "met": N_("Kept"),
        "in_grace": N_("Missed, in grace"),
        "waived": N_("Waived"),
        "breached": N_("Broken"),
        "not_assessable": N_("Cannot be assessed"),
    },
    "test_rhythm": {
        "3": N_("Each quarter"),
        "6": N_("Each half year"),
        "12": N_("Each year"),
    },
    "review_status": {
        "planned": N_("Planned"),
        "open": N_("Waiting for the customer"),
        "submitted": N_("Answered by the customer"),
        "done": N_("Done"),
    },
    "review_cause": {
        "periodic": N_("Periodic review"),
        "event": N_("Review after an event"),
        "ladder": N_("Review after a lower grade"),
    },
    "customer_event": {
        "owner_change": N_("Change of owners"),
        "equity_pledge": N_("Equity pledged"),
        "court_case": N_("Court case"),
        "bankruptcy_filing": N_("Bankruptcy filing"),
        "account_frozen": N_("Account frozen"),
        "controller_missing": N_("Controller missing"),
        "false_material": N_("False material"),
        "statement_filed": N_("Statement filed"),
        "licence_expired": N_("Licence expired"),
        "legal_representative_change": N_("Change of legal representative"),
        "industry_change": N_("Change of industry"),
        "address_change": N_("Change of address"),
        "guarantor_weakened": N_("Guarantor weakened"),
    },
    "refresh_field": {
        "name": N_("Company name"),
        "legal_representative": N_("Legal representative"),
        "address": N_("Address"),
        "contact_name": N_("Contact person"),
        "contact_phone": N_("Contact's telephone"),
        "contact_email": N_("Contact's e-mail"),
        "remarks": N_("Anything else the bank should know"),
        "industry": N_("Industry"),
    },
    "ladder_measure": {
        "margin_step": N_("Margin step-up"),
        "cut_undrawn": N_("Cut of what is undrawn"),
        "freeze_undrawn": N_("Freeze of what is undrawn"),
        "faster_amortisation": N_("Faster amortisation"),
        "accelerate": N_("Acceleration: everything due"),
        "margin_back": N_("Margin step taken back"),
        "unfreeze": N_("End of the freeze"),
        "review": N_("Early review"),
        "extra_collateral": N_("More security"),
        "exit_plan": N_("Exit plan"),
        "offset": N_("Set-off against deposits"),
        "litigation": N_("Litigation"),
    },
    "ladder_rung": {
        "one_notch": N_("One notch down"),
        "two_notches": N_("Two notches down or more"),
        "to_weak_grade": N_("Fell to B or below"),
        "default": N_("Default"),
        "recovery": N_("Recovery"),
    },
    "ladder_clause": {
        "margin_by_grade": N_("Clause: margin by grade"),
        "information": N_("Clause: information"),
        "availability": N_("Clause: availability"),
        "further_security": N_("Clause: further security"),
        "amortisation": N_("Clause: amortisation"),
        "acceleration": N_("Clause: acceleration"),
        "set_off": N_("Clause: set-off"),
        "enforcement": N_("Clause: enforcement"),
    },
    "measure_status": {
        "suggested": N_("Suggested"),
        "applied": N_("In force"),
        "asked": N_("Change waits for its approvers"),
        "set_aside": N_("Set aside"),
    },
    "notice_audience": {"customer": N_("To the customer"), "staff": N_("In the house")},
    "notice_status": {
        "outbox": N_("In the outbox"),
        "delivered": N_("Delivered"),
        "read": N_("Read"),
    },
}
NOTICES: Mapping[str, str] = {
    "alert_opened": N_("An alert was opened: %(signal)s (%(colour)s)."),
    "alert_reminded": N_("Less than a fifth of the time is left for the alert: %(signal)s."),
    "alert_escalated": N_("Past its deadline: %(signal)s (%(colour)s)."),
    "alert_next_level": N_("Still open at one and a half times its deadline: %(signal)s."),
    "measures_suggested": N_("The deterioration ladder suggests %(count)s measures."),
    "refresh_requested": N_(
        "Please confirm or correct your company's particulars by %(due_on)s through your link."
    ),
    "refresh_reminder": N_("Reminder: please confirm your company's particulars by %(due_on)s."),
    "review_opened": N_("A review has opened; it is due on %(due_on)s."),
    "review_due": N_("A review is due: %(due_on)s."),
    "review_overdue": N_("A review has been overdue since %(due_on)s; new credit is blocked."),
    "refresh_received": N_("The customer has answered; %(count)s fields differ."),
    "measure_margin_step": N_(
        "By the contract, loan %(case_number)s bears %(rate_percent)s %% a year from"
        " %(effective_on)s."
    ),
    "measure_margin_back": N_(
        "Your loan %(case_number)s bears %(rate_percent)s %% a year from %(effective_on)s: the"
        " margin step is taken back."
    ),
    "measure_cut_undrawn": N_(
        "From %(effective_on)s, %(amount)s of the undrawn sum of loan %(case_number)s is withdrawn."
    ),
    "measure_freeze_undrawn": N_(
        "From %(effective_on)s nothing more can be drawn of loan %(case_number)s."
    ),
    "measure_unfreeze": N_("From %(effective_on)s loan %(case_number)s can be drawn again."),
    "measure_faster_amortisation": N_(
        "A faster repayment of loan %(case_number)s from %(effective_on)s is proposed to you."
    ),
    "measure_accelerate": N_("Loan %(case_number)s is declared due in full on %(effective_on)s."),
    "measure_extra_collateral": N_(
        "Please offer more security; the bank asks since %(effective_on)s."
    ),
    "measure_exit_plan": N_("The bank asks for a plan of repayment; decided on %(effective_on)s."),
    "measure_offset": N_("The bank sets its claims off against your deposits: %(effective_on)s."),
    "measure_litigation": N_("The bank takes legal action; decided on %(effective_on)s."),
}
"""Messages by their template; the codes inside are put into words first."""
