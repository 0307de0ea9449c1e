"""What came of the figures of a change: what it would do, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.changes import Change, ChangeKind, Difference
from domain.changes.change import QUORUMS, approvers_of
from domain.changes.difference import LineMark
from domain.ledger import LedgerAccount
from domain.money import Currency
from domain.people import Role
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.refusals import Refusal, refusal_of
from doorway.services import Services
from doorway.sessions import Person
from doorway.sight import refuse_unseen
from language.catalogue import Language
from language.labels import word
from persistence.queries.change_ground import ChangeGround, change_ground
from persistence.queries.changes import shown_change
from web.forms.changes import ChangeReader, field_of_rule
from web.forms.draft import LabelledFinding
from web.pages.changes_chart import ChangePicture, picture_of_change


@dataclass(frozen=True, slots=True)
class Trial:
    """A difference made from `seen_events` events, or why there is none."""

    difference: Difference | None = None
    seen_events: int = 0
    findings: tuple[Finding, ...] = ()
    refusal: Refusal | None = None

    @property
    def errors(self) -> Mapping[str, Finding]:
        """What is wrong, by entry."""
        return {finding.field: finding for finding in self.findings}

    @property
    def refused(self) -> bool:
        """Whether the figures were refused."""
        return bool(self.findings) or self.refusal is not None

    @property
    def picture(self) -> ChangePicture | None:
        """The difference as a picture."""
        return picture_of_change(self.difference.lines) if self.difference else None

    @property
    def moved(self) -> int:
        """How many rows are not the same afterwards."""
        lines = self.difference.lines if self.difference else ()
        return sum(line.mark is not LineMark.SAME for line in lines)

    @property
    def money_due(self) -> bool:
        """Whether it would take money that is not held for the loan yet."""
        postings = self.difference.postings if self.difference else ()
        return any(
            posting.account is LedgerAccount.CLEARING and posting.amount > 0 for posting in postings
        )


def named_findings(
    findings: tuple[Finding, ...], language: Language
) -> tuple[LabelledFinding, ...]:
    """What is wrong, each with the name its entry has on the form."""
    return tuple(
        LabelledFinding(
            found.field, word("change_field", found.field, language), found.code, found.params
        )
        for found in findings
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """Who must agree to a kind of change."""

    quorum: int
    approvers: tuple[Role, ...]


def rules_of(kind: ChangeKind) -> Rules:
    """The people a kind needs besides its proposer."""
    return Rules(QUORUMS[kind], approvers_of(kind))


async def ground_of(services: Services, person: Person, loan_id: UUID) -> ChangeGround | None:
    """What a loan's changes start from; None before the drawdown. Another's loan is unknown."""
    await refuse_unseen(services, person, loan_id)
    async with services.database.reading() as session:
        return await change_ground(session, loan_id, datetime.now(UTC))


async def tried(
    services: Services, reader: ChangeReader, kind: ChangeKind, ground: ChangeGround
) -> Trial:
    """Try typed figures."""
    try:
        change = reader.change(kind, Currency(ground.currency))
    except FindingsViolation as refused:
        return Trial(findings=refused.findings)
    return await tried_change(services, change, ground.loan_id)


async def tried_change(services: Services, change: Change, loan_id: UUID) -> Trial:
    """Try a change as it stands today."""
    try:
        async with services.database.reading() as session:
            shown = await shown_change(session, loan_id, change, datetime.now(UTC))
    except FindingsViolation as refused:
        return Trial(findings=refused.findings)
    except LoanRuleViolation as refused:
        field = field_of_rule(refused.code, change.kind)
        if field is None:
            return Trial(refusal=refusal_of(refused))
        return Trial(findings=(Finding(field, refused.code, refused.params),))
    return Trial(shown.preview.difference, shown.seen_events)
