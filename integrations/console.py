"""What the simulators' small console pages share: templates, style sheet, headings."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    return HTMLResponse(_PAGES.get_template(template).render(**values), status)


def serve_style(app: FastAPI) -> None:
    async def style() -> FileResponse:
        return FileResponse(_HERE / "static" / "style.css", media_type="text/css")

    app.get("/style.css")(style)
