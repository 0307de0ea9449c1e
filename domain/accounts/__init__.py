"""The account engine: a contract and its dated events in, an account on a day out. Pure."""

from domain.accounts.account import Account, AccountLine, AccrualStatus, Movement, Portion
from domain.accounts.fold import fold
from domain.accounts.terms import AccountTerms

__all__ = [
    "Account",
    "AccountLine",
    "AccountTerms",
    "AccrualStatus",
    "Movement",
    "Portion",
    "fold",
]
