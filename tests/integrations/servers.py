"""Real servers on free ports, for the tests to call over real sockets."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

from integrations.rail.pace import RailPace
from integrations.rail.server import create_app
from integrations.signature import HEADER, verify

SECRET = b"a secret only rail and bank know"
PACE = RailPace(
    settle_delay=0.05,
    lost_reply_after=0.05,
    slow_for=1.0,
    late_by=0.6,
    overtaken_within=5.0,
    retry_first=0.05,
    retry_longest=0.2,
)


def bound_socket() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return listener


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    listener = bound_socket()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server took too long to start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(15)
        listener.close()


@dataclass
class BankDoor:
    """Stands for the bank's callback door: verifies and keeps what arrives."""

    refusals_left: int = 0
    arrived: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/callbacks/rail")
        async def take(request: Request) -> Response:
            body = await request.body()
            if not verify(SECRET, body, request.headers.get(HEADER, ""), int(time.time())):
                self.forged += 1
                return Response(status_code=401)
            if self.refusals_left > 0:
                self.refusals_left -= 1
                return Response(status_code=500)
            self.arrived.append(json.loads(body))
            return Response(status_code=202)

        return app

    def kinds(self) -> list[str]:
        return [notice["kind"] for notice in self.arrived]

    def wait_for(self, count: int, seconds: float = 10.0) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while len(self.arrived) < count:
            assert time.monotonic() < deadline, f"{len(self.arrived)} of {count} notices arrived"
            time.sleep(0.01)
        return self.arrived


def main() -> None:
    """The rail as a process of its own, for the tests that kill it."""
    db_path, port, callback_url, settle_delay = sys.argv[1:]
    pace = RailPace(settle_delay=float(settle_delay), retry_first=0.05, retry_longest=0.2)
    app = create_app(Path(db_path), SECRET, callback_url, pace)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
