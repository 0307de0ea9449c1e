"""What is said where a later drawdown is refused, and the words of loans drawn in parts."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

DRAWDOWN_MESSAGES: Mapping[str, str] = {
    "drawdown.drawn_at_once": N_("This loan was agreed to be drawn at once, not in parts."),
    "drawdown.under_way": N_("A drawdown of this loan is under way already."),
    "drawdown.change_under_way": N_("A change of this loan waits for approval; decide it first."),
    "drawdown.repaid": N_("The loan is repaid; nothing more can be drawn."),
    "drawdown.written_off": N_("The loan is written off; nothing more can be drawn."),
    "drawdown.accelerated": N_("The loan was called in early; nothing more can be drawn."),
    "drawdown.non_accrual": N_("The loan no longer earns interest; nothing more can be drawn."),
    "drawdown.arrears": N_(
        "An instalment is %(days)s days past due; nothing can be drawn before it is paid."
    ),
    "drawdown.misused": N_(
        "Money of this loan is misused; until that ends, nothing more can be drawn."
    ),
    "drawdown.matures": N_("The last instalment falls due before the money could arrive."),
    "drawdown.availability_ended": N_("Drawdowns could be asked for until %(latest)s only."),
    "drawdown.count": N_("This loan can be drawn in %(most)s parts at most."),
    "drawdown.above_undrawn": N_("A drawdown is above zero and at most %(undrawn_amount)s."),
    "change.drawdown_under_way": N_(
        "A drawdown of this loan is under way; it must be paid out or refused first."
    ),
    "duty.own_request": N_("Nobody signs the release of a drawdown that they asked for."),
}
DRAWDOWN_WORDS: Mapping[str, Mapping[str, str]] = {
    "drawdown_stop": {
        "drawdown.repaid": N_("Stopped: the loan is repaid"),
        "drawdown.written_off": N_("Stopped: the loan is written off"),
        "drawdown.accelerated": N_("Stopped: the loan was called in early"),
        "drawdown.non_accrual": N_("Stopped: the loan no longer earns interest"),
        "drawdown.arrears": N_("Stopped: the loan is in arrears"),
        "drawdown.misused": N_("Stopped: money was misused"),
        "drawdown.matures": N_("Stopped: the last instalment falls due"),
        "customer.stopped": N_("Stopped: the bank no longer lends to the customer"),
        "customer.locked": N_("Stopped: the customer is locked"),
    },
}
DRAWDOWN_FLASHES: Mapping[str, str] = {
    "drawdown_requested": N_("The drawdown is requested. Two release officers decide on it."),
}
DRAWDOWN_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "drawdown.requested": (N_("Requested the drawdown of %(amount)s"), N_("Requested a drawdown")),
    "drawdown.stopped": (
        N_("Stopped a signed drawdown before it was paid: the loan no longer stands as it must"),
    ),
    "drawdown.blocked": (
        N_("Stopped a drawdown: the bank does not lend to the customer any more"),
    ),
    "undrawn.lapsed": (
        N_("The availability period ended on %(available_to)s; %(amount)s undrawn lapsed"),
        N_("The availability period ended; what was undrawn lapsed"),
    ),
}
