"""Prints a page: one template, in the person's language, with what every page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from domain.people import Role
from language import labels
from language.catalogue import Language, choose_language, translator
from web.assets import scripts, static_url, stylesheets
from web.filters import filters
from web.navigation import Place, places

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "corploan_language"
THEME_COOKIE = "corploan_theme"
THEMES = ("light", "dark")


class SignedIn(Protocol):
    """What a page shows of the person who is signed in."""

    @property
    def display_name(self) -> str: ...
    @property
    def roles(self) -> Sequence[Role]: ...


@dataclass(frozen=True, slots=True)
class Flash:
    """A message that a redirect carries to the next page; kind is success, warning or error."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What every page shows beside its own content; templates know it as `page`."""

    language: Language
    theme: str
    path: str
    address: str
    csrf_token: str
    nonce: str
    person: SignedIn | None
    business_date: date | None
    places: tuple[Place, ...]
    flashes: tuple[Flash, ...]
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]


def render(
    request: Request,
    template: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """Print a template. `request.state` brings csrf_token, csp_nonce, person, business_date."""
    page = page_of(request)
    found = environment(page.language).get_template(template)
    sent = {"Vary": "Cookie, Accept-Language", "Cache-Control": "no-store", **(headers or {})}
    return HTMLResponse(found.render(page=page, **context), status_code, sent)


def page_of(request: Request) -> Page:
    """Gather what every page shows from what the doors have put on the request."""
    state, language = request.state, language_of(request)
    person: SignedIn | None = getattr(state, "person", None)
    theme = request.cookies.get(THEME_COOKIE, "")
    path = request.url.path
    return Page(
        language=language,
        theme=theme if theme in THEMES else "",
        path=path,
        address=f"{path}?{request.url.query}" if request.url.query else path,
        csrf_token=getattr(state, "csrf_token", ""),
        nonce=getattr(state, "csp_nonce", ""),
        person=person,
        business_date=getattr(state, "business_date", None),
        places=places(person.roles, path, language) if person else (),
        flashes=tuple(getattr(state, "flashes", ())),
        stylesheets=stylesheets(),
        scripts=scripts(),
    )


def language_of(request: Request) -> Language:
    """The language the person reads: chosen in the header of the page, else the browser's."""
    return choose_language(
        request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language")
    )


@cache
def environment(language: Language) -> Environment:
    """The templates in one language: autoescaped, and an unknown name is an error."""
    texts = translator(language)
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    getattr(made, "install_gettext_callables")(texts.gettext, texts.ngettext, newstyle=True)  # noqa: B009 -- added by the i18n extension, unknown to mypy
    made.filters.update(filters(language))
    made.globals.update(static_url=static_url, choices=_choices(language))
    return made


def _choices(language: Language) -> object:
    return lambda kind: labels.choices(kind, language)
