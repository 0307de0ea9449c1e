"""The numbers a borrower is registered under, read once and never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.violations import LoanRuleViolation


class RegistrationScheme(StrEnum):
    """Who gave the number."""

    CN_USCC = "cn_uscc"  # 统一社会信用代码
    US_SBA = "us_sba_loan"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """One registration, in the scheme's own spelling."""

    scheme: RegistrationScheme
    value: str


USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_PATTERN = re.compile(f"[{USCC_ALPHABET}]{{18}}")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_CHECKS = "0123456789X0"
_SBA_PATTERN = re.compile("[0-9]{10}")
_OTHER_PATTERN = re.compile("[0-9A-Z](?:[0-9A-Z./-]{0,38}[0-9A-Z])?")


def parse_registration_number(scheme: RegistrationScheme, text: str) -> RegistrationNumber:
    """Read a number as typed: surrounding spaces and small letters are forgiven, nothing else.

    Full-width characters are refused and not folded, so that one firm has one spelling.
    Violations: `registration.format`, `registration.check_digit`.
    """
    value = text.strip(" ")
    if not value.isascii():
        raise LoanRuleViolation("registration.format", scheme=scheme.value)
    value = value.upper()
    if _PATTERNS[scheme].fullmatch(value) is None:
        raise LoanRuleViolation("registration.format", scheme=scheme.value)
    if scheme is RegistrationScheme.CN_USCC and not _uscc_checks(value):
        raise LoanRuleViolation("registration.check_digit", scheme=scheme.value)
    return RegistrationNumber(scheme, value)


_PATTERNS = {
    RegistrationScheme.CN_USCC: _USCC_PATTERN,
    RegistrationScheme.US_SBA: _SBA_PATTERN,
    RegistrationScheme.OTHER: _OTHER_PATTERN,
}


def uscc_check_character(body: str) -> str:
    """The 18th character of a code for its first 17.

    Source: GB 32100-2015, weights 3^k mod 31, check = (31 - sum) mod 31. The outer mod matters:
    a sum divisible by 31 gives "0".
    """
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(body: str) -> str:
    """The 9th character of an organisation code for its first 8; A counts 10, Z counts 35.

    Source: GB 11714, weights 3 7 9 10 5 8 4 2, check = 11 - sum mod 11, where 10 is X and 11 is 0.
    """
    total = sum(int(c, 36) * w for c, w in zip(body, _ORG_WEIGHTS, strict=True))
    return _ORG_CHECKS[11 - total % 11]


def _uscc_checks(value: str) -> bool:
    organisation_holds = organisation_check_character(value[8:16]) == value[16]
    return organisation_holds and uscc_check_character(value[:17]) == value[17]
