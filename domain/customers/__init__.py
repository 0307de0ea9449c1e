"""A corporate customer: what may be changed about it and by whom, and what is due for it."""

from domain.customers.proposals import (
    RULES,
    DecideProposal,
    ProposalKind,
    ProposalRule,
    ProposalStatus,
    ProposeForCustomer,
    WithdrawProposal,
)
from domain.customers.standing import LendingStanding, refuse_lending
from domain.customers.work import Agenda, Work, WorkKind

__all__ = [
    "RULES",
    "Agenda",
    "DecideProposal",
    "LendingStanding",
    "ProposalKind",
    "ProposalRule",
    "ProposalStatus",
    "ProposeForCustomer",
    "WithdrawProposal",
    "Work",
    "WorkKind",
    "refuse_lending",
]
