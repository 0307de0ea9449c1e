"""Deny by default: each route declares who is admitted, and one that declares nothing refuses.

A page's route takes `Annotated[Person, Depends(needs(Act.SUBMIT))]`; `needs()` without an act
admits whoever is signed in. A route for everybody says `dependencies=[Depends(public)]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from domain.people import Act
from domain.violations import DutyViolation
from doorway.audit import note_refusal
from doorway.csrf import refuse_foreign_forms, refuse_foreign_origin
from doorway.refusals import Forbidden, NotFound, NotSignedIn
from doorway.services import services_of
from doorway.sessions import Person, cookie_token, person_of_token


class Admission:
    """A dependency that declares who is admitted to a route. Its subclasses are the only ones."""


@dataclass(frozen=True)
class PageNeeds(Admission):
    """Admits whoever is signed in by cookie and may do one of `acts`; checks forms for forgery."""

    acts: tuple[Act, ...]

    async def __call__(self, request: Request) -> Person:
        person = await person_of_token(request, cookie_token(request))
        if person is None:
            raise NotSignedIn
        await refuse_foreign_forms(request, person.csrf_token)
        await refuse_without_act(request, person, self.acts)
        return person


@dataclass(frozen=True)
class Public(Admission):
    """Admits everybody, but no form that a foreign page sent. `cross_site` is for providers."""

    cross_site: bool = False

    async def __call__(self, request: Request) -> None:
        if not self.cross_site:
            refuse_foreign_origin(request)


public = Public()
SignedInPerson = Annotated[Person, Depends(PageNeeds(()))]


def needs(*acts: Act) -> PageNeeds:
    """Admit whoever may do any of the acts; without an act, whoever is signed in."""
    return PageNeeds(acts)


async def maybe_person(request: Request) -> Person | None:
    """Who is signed in, if anybody; for public pages that greet. It is no admission."""
    return await person_of_token(request, cookie_token(request))


async def refuse_without_act(request: Request, person: Person, acts: tuple[Act, ...]) -> None:
    """Refuse, and note, what none of the person's roles grants. Violation: `role_missing`."""
    if not acts or person.may(*acts):
        return
    await note_refusal(services_of(request), person, acts[0], "role_missing", now=datetime.now(UTC))
    raise DutyViolation("role_missing")


async def deny_undeclared(request: Request) -> None:
    """The application's own dependency: a route that declares no admission refuses everybody.

    Nothing of ours has a NUL in its name, and the database cannot even be asked for one.
    """
    if any("\0" in str(part) for part in request.path_params.values()):
        raise NotFound
    route = request.scope.get("route")
    if not any(admissions(getattr(route, "dependant", None))):
        raise Forbidden("route.undeclared")


def admissions(dependant: Any) -> Iterator[Admission]:
    """The admissions a route declares, at any depth of its dependencies."""
    if dependant is None:
        return
    for inner in dependant.dependencies:
        if isinstance(inner.call, Admission):
            yield inner.call
        yield from admissions(inner)
