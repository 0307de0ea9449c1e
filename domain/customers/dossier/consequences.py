"""What a changed fact sets going: which sections are compared anew and which are rated anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.customers.dossier.sections import (
    CONTROLLERS,
    DIRECTORS,
    GROUP,
    HOLDINGS,
    IDENTITY,
    LICENCES,
    RELATED,
    SHAREHOLDERS,
)
from domain.customers.work import WorkKind

_BOTH = (WorkKind.VERIFY, WorkKind.RATE)
WORK_OF_SECTION: Mapping[str, tuple[WorkKind, ...]] = {
    IDENTITY: _BOTH,
    SHAREHOLDERS: _BOTH,
    HOLDINGS: _BOTH,
    CONTROLLERS: _BOTH,
    GROUP: _BOTH,
    DIRECTORS: (WorkKind.VERIFY,),
    LICENCES: (WorkKind.VERIFY,),
    RELATED: (WorkKind.VERIFY,),
}


def work_after(sections: Iterable[str]) -> tuple[WorkKind, ...]:
    """The work that changes in these sections cause, each kind once."""
    caused = (kind for section in sections for kind in WORK_OF_SECTION.get(section, ()))
    return tuple(dict.fromkeys(caused))
