"""How to tell that a process is ready: it answers, or it has said so."""

from __future__ import annotations

from pathlib import Path

import httpx

from runner.children import Gate


def answers_health(base_url: str) -> Gate:
    """Open once GET /healthz answers 200."""

    async def ready(_pid: int) -> bool:
        try:
            # trust_env=False: a proxy of the office network must not be asked for loopback.
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                answer = await client.get(f"{base_url}/healthz")
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    return ready


def has_written_pid(path: Path) -> Gate:
    """Open once the child has written its own process id into `path`."""

    async def ready(pid: int) -> bool:
        return _content(path) == str(pid)

    return ready


def _content(path: Path) -> str | None:
    return path.read_text().strip() if path.exists() else None
