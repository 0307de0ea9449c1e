"""What a new password must be: long, and not one that everybody tries first."""

from __future__ import annotations

from itertools import pairwise

from domain.violations import LoanRuleViolation

PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200
_DISTINCT_MIN = 5

# Of twelve characters and more, those that head every published list of leaked passwords are
# made of these parts and nothing else.
_COMMON_PARTS = (
    "password",
    "passw0rd",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "administrator",
    "admin",
    "welcome",
    "iloveyou",
    "letmein",
    "corploan",
    "1qaz2wsx",
    "woaini",
    "mima",
    "bank",
    "abc",
)
_UNCOMMON_LEFT_MIN = 6


def refuse_weak_password(password: str, username: str) -> None:
    """Refuse a password that is short, or that a guesser tries early.

    Violations: `password.too_short`, `password.too_long`, `password.common`.
    Source: NIST SP 800-63B, section 5.1.1.2 (length and a list of common choices, no mixture
    rules); the length is this bank's.
    """
    if len(password) < PASSWORD_LENGTH_MIN:
        raise LoanRuleViolation("password.too_short", min=str(PASSWORD_LENGTH_MIN))
    if len(password) > PASSWORD_LENGTH_MAX:
        raise LoanRuleViolation("password.too_long", max=str(PASSWORD_LENGTH_MAX))
    if _is_common(password.casefold(), username.casefold()):
        raise LoanRuleViolation("password.common")


def _is_common(password: str, username: str) -> bool:
    if len(set(password)) < _DISTINCT_MIN or _is_run(password):
        return True
    rest = password
    for part in (username, *_COMMON_PARTS):
        if len(part) >= 3:
            rest = rest.replace(part, "")
    return sum(character.isalpha() for character in rest) < _UNCOMMON_LEFT_MIN and rest != password


def _is_run(password: str) -> bool:
    """Each character follows the one before it: 123456789012, abcdefghijkl, and backwards."""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return steps <= {1, -9} or steps <= {-1, 9}
