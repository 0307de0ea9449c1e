"""What is said where a change of a loan is refused, and the words of changes."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

CHANGE_MESSAGES: Mapping[str, str] = {
    "change.kind_unknown": N_("There is no such kind of change."),
    "change.not_drawn": N_("Nothing has been drawn yet that this could change."),
    "change.settled": N_("The loan is repaid; there is nothing left to change."),
    "change.written_off": N_("The loan is written off; only money received can be entered."),
    "change.before_drawdown": N_("This date lies before the drawdown on %(drawn_on)s."),
    "change.beyond_2100": N_("Dates beyond 2100 are not accepted."),
    "change.closed_period": N_("The books are closed up to %(closed_to)s; choose a later date."),
    "change.money_not_here": N_(
        "The money for this is not here yet. It must have arrived and be held for the loan."
    ),
    "change.money_ahead": N_("This kind of change cannot be dated in the future."),
    "change.prepayment_range": N_(
        "A part prepayment is above zero and below the outstanding %(outstanding)s."
    ),
    "change.keep_instalment_method": N_(
        "This repayment method has no instalments to keep; please keep the term."
    ),
    "change.prepayment_fee": N_("The fee is from zero to %(most)s %% of what is prepaid."),
    "change.prepayment_free": N_("Micro and small enterprises prepay free of charge."),
    "change.extension_late": N_("An extension must be asked for before the last due date."),
    "change.extension_cap": N_("By law this loan can be extended to %(latest)s at most."),
    "change.guarantor_consent": N_("The guarantor must consent in writing first."),
    "change.instalments_range": N_("Please enter from 1 to 1200 instalments."),
    "change.grace_range": N_("The grace must be shorter than the schedule."),
    "change.first_due": N_("The first due date must lie after the day the change counts from."),
    "change.rate_range": N_("The yearly rate is from zero to %(most)s %%."),
    "change.holiday_range": N_("A payment holiday covers from 1 to %(ahead)s instalments here."),
    "change.waiver_principal": N_("Interest, penalties and fees can be waived, principal cannot."),
    "change.waiver_range": N_("At most what is open can be waived: %(open)s."),
    "change.misuse_range": N_("The misused amount is at most the outstanding %(outstanding)s."),
    "change.misuse_ended_range": N_("At most what is misused can be ended: %(misused)s."),
    "change.receipt_not_past": N_("Money found late has a value date before today."),
    "change.reason": N_("Please say why the change is asked for."),
    "change.comment": N_("Please say why the change is rejected."),
    "change.unknown": N_("There is no such change."),
    "change.not_open": N_("This change is decided already."),
    "change.lapsed": N_("Nobody decided in time: this proposal has lapsed."),
    "stale.account": N_("The account has moved on. Please read the difference again."),
    "duty.own_proposal": N_("Nobody approves a change that they proposed."),
    "duty.approved_before": N_("You have approved this change already."),
    "duty.not_proposer": N_("Only the person who proposed it can take it back."),
}
CHANGE_WORDS: Mapping[str, Mapping[str, str]] = {
    "change_kind": {
        "prepayment": N_("Part prepayment"),
        "payoff": N_("Payoff in full"),
        "extension": N_("Extension"),
        "restructure": N_("Restructuring"),
        "rate_change": N_("Rate change by contract"),
        "payment_holiday": N_("Payment holiday"),
        "waiver": N_("Waiver"),
        "acceleration": N_("Declaration of early maturity"),
        "misuse": N_("Misuse of funds"),
        "misuse_ended": N_("End of misuse"),
        "write_off": N_("Write-off, claim kept"),
        "back_dated_receipt": N_("Receipt found late"),
    },
    "change_status": {
        "proposed": N_("Waits for approval"),
        "applied": N_("In force"),
        "rejected": N_("Change rejected"),
        "withdrawn": N_("Taken back"),
        "lapsed": N_("Lapsed"),
    },
    "line_mark": {
        "same": N_("Unchanged row"),
        "changed": N_("Changed row"),
        "added": N_("New row"),
        "removed": N_("Row falls away"),
    },
    "prepayment_choice": {
        "keep_term": N_("Keep the term, lower instalments"),
        "keep_instalment": N_("Keep the instalment, shorter term"),
    },
    "waivable": {
        "penalty": N_("Penalty interest"),
        "compound": N_("Compound interest"),
        "interest": N_("Interest"),
        "fee": N_("Fees"),
    },
    "change_about": {
        "prepayment": N_("The borrower pays part of the principal early."),
        "payoff": N_("The borrower pays everything on one day and the loan ends."),
        "extension": N_("What is not due yet is spread over more instalments."),
        "restructure": N_(
            "Principal not yet due, and overdue principal if wanted, gets a new schedule."
        ),
        "rate_change": N_("The step-up or step-down that the contract provides for."),
        "payment_holiday": N_("The next instalments carry interest only, or nothing at all."),
        "waiver": N_("The bank gives up open interest, penalty interest or fees."),
        "acceleration": N_("The bank calls in everything that is owed."),
        "misuse": N_("The money went elsewhere than agreed: the misuse rate counts."),
        "misuse_ended": N_("The money serves its purpose again: the misuse rate ends."),
        "write_off": N_("A loss is booked; the claim on the borrower is kept."),
        "back_dated_receipt": N_("Money arrived earlier and was not booked on its day."),
    },
    "change_field": {
        "effective_on": N_("Counts from"),
        "amount": N_("Amount"),
        "choice": N_("What the prepayment shortens"),
        "fee": N_("Fee"),
        "instalments": N_("Number of instalments"),
        "yearly_rate": N_("New yearly rate, in percent"),
        "first_due_on": N_("First due date of the new schedule"),
        "principal_grace": N_("Instalments without principal"),
        "bucket": N_("What is waived"),
        "interest_too": N_("Interest is put off too"),
        "overdue_too": N_("Overdue principal too"),
        "guarantor_consents": N_("The guarantor has consented in writing"),
    },
}
CHANGE_FLASHES: Mapping[str, str] = {
    "change_proposed": N_("The change is proposed. Nothing changes until it is approved."),
    "change_decision": N_("Your answer to the change is recorded."),
    "change_withdrawal": N_("The proposal is taken back."),
}
CHANGE_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "change.proposed": (N_("Proposed a change: %(change)s"), N_("Proposed a change of the loan")),
    "change.approved": (N_("Approved a change: %(change)s"), N_("Approved a change of the loan")),
    "change.rejected": (N_("Refused a change: %(change)s"), N_("Refused a change of the loan")),
    "change.withdrawn": (
        N_("Took a proposed change back: %(change)s"),
        N_("Took a proposed change back"),
    ),
    "change.applied": (N_("The approved change took effect on the account"),),
}
