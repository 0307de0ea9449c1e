"""The acts a case page offers one reader, and what a form holds when it comes back refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe

from domain.people import Act, Actor, Hand
from domain.process import ROAD, CaseStatus, Stage, TaskKind
from domain.violations import Finding
from persistence.queries.case_page import CasePage

_HAND_OF_TASK: Mapping[str, Hand] = {
    TaskKind.REVIEW: Hand.REVIEWER,
    TaskKind.APPROVAL: Hand.APPROVER,
    TaskKind.RELEASE_REVIEW: Hand.RELEASE_REVIEWER,
    TaskKind.RELEASE_RECHECK: Hand.RELEASE_RECHECKER,
}
_DECISIONS: Mapping[str, tuple[Act, Stage]] = {
    TaskKind.REVIEW: (Act.REVIEW, Stage.REVIEW),
    TaskKind.APPROVAL: (Act.APPROVE, Stage.APPROVAL),
}
_RELEASES = (TaskKind.RELEASE_REVIEW, TaskKind.RELEASE_RECHECK)
_BEFORE_MONEY = frozenset(stage.value for stage in ROAD[: ROAD.index(Stage.PAYOUT)])


@dataclass(frozen=True, slots=True)
class OfferedActs:
    """What this reader may do now. The process judges again; this only spares a useless form.

    `other_hand` is the duty that keeps the reader from the open task, `own_request` that they
    asked for the drawdown themselves.
    """

    decision: Stage | None = None
    release: bool = False
    supplement: bool = False
    withdraw: bool = False
    extend: bool = False
    other_hand: str | None = None
    own_request: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        forms = (self.decision, self.release, self.supplement, self.withdraw, self.extend)
        return any(forms) or self.other_hand is not None or self.own_request


@dataclass(frozen=True, slots=True)
class ActForm:
    """One form: its key, and after a refusal what was typed and why it was refused."""

    act: str = ""
    token: str = field(default_factory=lambda: token_urlsafe(24))
    values: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")

    def finding(self, name: str) -> Finding | None:
        """What is wrong with one entry."""
        return next((found for found in self.findings if found.field == name), None)


def offered_acts(page: CasePage, actor: Actor) -> OfferedActs:
    """The acts for one reader of one case."""
    head = page.head
    if head.status != CaseStatus.ACTIVE:
        return OfferedActs()
    is_officer = str(head.officer_id) == actor.staff_id
    kind = head.open_task.kind if head.open_task else ""
    mine = _is_for(kind, actor)
    blocked = mine and head.my_hand is not None and head.my_hand != _HAND_OF_TASK[kind]
    to_release = kind in _RELEASES and mine and page.money.drawdown is not None
    asked = to_release and _asked_for(page, actor)
    return OfferedActs(
        decision=_DECISIONS[kind][1] if kind in _DECISIONS and mine and not blocked else None,
        release=to_release and not blocked and not asked,
        supplement=kind == TaskKind.SUPPLEMENT and is_officer and actor.may(Act.SUPPLEMENT),
        withdraw=is_officer and actor.may(Act.WITHDRAW) and head.stage in _BEFORE_MONEY,
        extend=bool(kind) and actor.may(Act.EXTEND_DEADLINE),
        other_hand=head.my_hand if blocked else None,
        own_request=asked,
    )


def _asked_for(page: CasePage, actor: Actor) -> bool:
    """Whether it is the actor's own drawdown that lies on the desk."""
    drawdown = page.money.drawdown
    return drawdown is not None and str(drawdown.requested_by) == actor.staff_id


def _is_for(kind: str, actor: Actor) -> bool:
    """Whether the open task is one the actor's roles do."""
    if kind in _DECISIONS:
        return actor.may(_DECISIONS[kind][0])
    return kind in _RELEASES and actor.may(Act.RELEASE)
