"""What is said where a paper cannot be printed, and the names of papers."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

PAPER_MESSAGES: Mapping[str, str] = {
    "paper.not_drawn": N_("Nothing has been drawn on this loan yet, so it has no papers."),
    "paper.nothing_overdue": N_(
        "Nothing is overdue on this date, so there is no letter of demand."
    ),
    "paper.no_interest": N_("No interest falls due on this date or later."),
    "paper.settled": N_("Nothing is owed any more on this date, so there is nothing to pay off."),
    "paper.not_settled": N_("The loan is not closed as repaid on this date."),
    "paper.receipt": N_("There is no such receipt on this loan's account."),
    "paper.reversed": N_("This receipt was reversed, so there is no slip of it."),
    "paper.before_drawdown": N_("This date lies before the drawdown on %(drawn_on)s."),
    "paper.future": N_("This paper states what is so; it cannot be dated after %(today_on)s."),
    "paper.unavailable": N_("The paper could not be set. Please try again in a moment."),
    "paper.characters": N_(
        "A name on this paper holds a character that cannot be printed. Please have it corrected."
    ),
}
PAPER_WORDS: Mapping[str, Mapping[str, str]] = {
    "paper": {
        "repayment-plan": N_("Repayment plan"),
        "interest-notice": N_("Interest notice"),
        "dunning-letter": N_("Letter of demand"),
        "payoff-letter": N_("Payoff letter"),
        "settlement-certificate": N_("Certificate of settlement"),
        "receipt-slip": N_("Repayment receipt"),
    },
    "paper_language": {"zh": N_("Chinese"), "en": N_("English")},
}
