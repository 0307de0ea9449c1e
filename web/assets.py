"""The static files: one version for all of them, in every address, so they may be kept a year."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FIRST_STYLES = ("tokens", "page", "layout")  # what the components build on


class VersionedFiles(StaticFiles):
    """Serves `web/static`; an address with the version never changes its content."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Long-lived when the address carries the current version, else checked each time."""
        response = await super().get_response(path, scope)
        current = scope["query_string"] == f"v={version()}".encode()
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if current else "no-cache"
        )
        return response


@cache
def version() -> str:
    """A digest over every static file."""
    digest = sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(path: str) -> str:
    """The address of a static file with its version."""
    return f"/static/{path}?v={version()}"


@cache
def stylesheets() -> tuple[str, ...]:
    """Every stylesheet's address: the tokens and the page first, then one per component."""
    names = sorted(path.stem for path in (FOLDER / "css").glob("*.css"))
    ordered = [*FIRST_STYLES, *(name for name in names if name not in FIRST_STYLES)]
    return tuple(static_url(f"css/{name}.css") for name in ordered)


@cache
def scripts() -> tuple[str, ...]:
    """Every script's address; they are modules and know nothing of each other."""
    names = sorted(path.name for path in (FOLDER / "js").glob("*.js"))
    return tuple(static_url(f"js/{name}") for name in names)
