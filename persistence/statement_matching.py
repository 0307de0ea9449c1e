"""Whose money a bank line is: by debit key, loan id, case number, or the account it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.bank_statements import BankLine, Claims, LineKind, MatchedBy, claims_of
from domain.process import CaseStatus
from persistence.tables import Collection, Loan, Receipt


@dataclass(frozen=True)
class Match:
    """The loan a line is for, or why no loan can be named. Money for no loan is held."""

    loan_id: UUID | None = None
    by: MatchedBy | None = None
    debit_key: str | None = None
    hold: str | None = None


@dataclass
class Lookup:
    """What the book knows of everything some lines name; read once for all of them."""

    loans: set[UUID] = field(default_factory=set)
    by_number: dict[str, UUID] = field(default_factory=dict)
    debits: set[str] = field(default_factory=set)
    by_account: Mapping[str, set[UUID]] = field(default_factory=dict)

    def match(self, line: BankLine) -> Match:
        """The surest claim decides; two loans named by the same kind of claim are nobody's."""
        if line.kind is LineKind.PAYMENT_BACK:
            return Match(hold="payment_back")
        claims = claims_of(line)
        for by, found in self._claimed(line, claims):
            loans = set(found)
            if len(loans) > 1:
                return Match(hold="ambiguous")
            if loans:
                return Match(loans.pop(), by, self._debit(claims, by))
        return Match()

    def _claimed(
        self, line: BankLine, claims: Claims
    ) -> Sequence[tuple[MatchedBy, Sequence[UUID]]]:
        account = self.by_account.get(line.payer_account or "", set())
        numbers = claims.case_numbers
        return (
            (MatchedBy.DEBIT_KEY, [loan for loan, key in claims.debit_keys if key in self.debits]),
            (MatchedBy.LOAN_ID, [each for each in claims.loan_ids if each in self.loans]),
            (
                MatchedBy.CASE_NUMBER,
                [self.by_number[each] for each in numbers if each in self.by_number],
            ),
            (MatchedBy.PAYER_ACCOUNT, [] if numbers else list(account)),
        )

    def _debit(self, claims: Claims, by: MatchedBy) -> str | None:
        if by is not MatchedBy.DEBIT_KEY:
            return None
        return next(key for _, key in claims.debit_keys if key in self.debits)


async def lookup(session: AsyncSession, lines: Sequence[BankLine]) -> Lookup:
    """Read what the lines name."""
    claims = [claims_of(line) for line in lines]
    ids = {loan for each in claims for loan in each.loan_ids}
    numbers = {number for each in claims for number in each.case_numbers}
    keys = {key for each in claims for _, key in each.debit_keys}
    accounts = {line.payer_account for line in lines if line.payer_account}
    found = Lookup(by_account=await _accounts(session, accounts))
    named = select(col(Loan.id), col(Loan.case_number)).where(
        or_(col(Loan.id).in_(ids), col(Loan.case_number).in_(numbers))
    )
    for loan_id, number in (await session.execute(named)).all():
        found.loans.add(loan_id)
        found.by_number[number] = loan_id
    asked = select(col(Collection.key)).where(col(Collection.key).in_(keys))
    found.debits.update((await session.execute(asked)).scalars())
    return found


async def _accounts(session: AsyncSession, accounts: set[str]) -> Mapping[str, set[UUID]]:
    """Accounts that money was posted from before, with the loans in repayment it was posted to.

    A name is never enough: anybody can write one.
    """
    statement = (
        select(col(Receipt.payer_account), col(Receipt.loan_id))
        .join(Loan, col(Loan.id) == col(Receipt.loan_id))
        .where(
            col(Receipt.payer_account).in_(accounts),
            col(Receipt.posted) > 0,
            col(Loan.status) == CaseStatus.ACTIVE,
        )
        .distinct()
    )
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for account, loan_id in (await session.execute(statement)).all():
        if account is not None and loan_id is not None:
            found[account].add(loan_id)
    return found
