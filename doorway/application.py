"""One application for all doors: its layers, its errors, its health, and its life."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from doorway import events
from doorway.admission import deny_undeclared, public
from doorway.errors import install_errors
from doorway.headers import BodyLimit, SecurityHeaders
from doorway.services import HasServices, Services
from persistence.health import answers

Installer = Callable[[FastAPI], None]


def build_app(services: Services, doors: Sequence[Installer]) -> FastAPI:
    """The application around its services, with each door's routes, the pages' last."""
    app = FastAPI(
        title="corploan",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(deny_undeclared)],
        middleware=[
            Middleware(SecurityHeaders, secure=services.secure),
            Middleware(BodyLimit),
        ],
        lifespan=_life,
    )
    app.state.services = services
    install_errors(app)
    app.add_api_route(
        "/healthz",
        healthz,
        dependencies=[Depends(public)],
        response_model=None,
        include_in_schema=False,
    )
    app.include_router(events.router)
    for install in doors:
        install(app)
    return app


async def healthz(services: HasServices) -> Response:
    """200 while the database answers; the engine may be down, reading still works."""
    database = await answers(services.database)
    return JSONResponse({"database": database}, 200 if database else 503)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    async with services.live.listening():
        yield
    await services.database.close()
