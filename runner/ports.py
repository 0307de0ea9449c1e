"""Taken ports are found before anything starts, and named by the setting to change."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from runner.refusal import StartRefused


@dataclass(frozen=True)
class WantedPort:
    """A port one of our servers will listen on, and the setting that moves it."""

    part: str
    setting: str
    host: str
    port: int


def refuse_taken_ports(wanted: Iterable[WantedPort]) -> None:
    """Raise one refusal that names every port in the way."""
    seen: dict[int, WantedPort] = {}
    complaints: list[str] = []
    for want in wanted:
        if want.port in seen:
            other = seen[want.port].setting
            complaints.append(f"{want.setting} and {other} both say {want.port}.")
        elif complaint := _complaint(want):
            complaints.append(complaint)
        seen.setdefault(want.port, want)
    if complaints:
        raise StartRefused("\n".join(complaints))


def _complaint(want: WantedPort) -> str | None:
    family = socket.AF_INET6 if ":" in want.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port in TIME_WAIT after the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((want.host, want.port))
        except OSError as cause:
            return _words(want, cause)
    return None


def _words(want: WantedPort, cause: OSError) -> str:
    if cause.errno == errno.EADDRINUSE:
        return (
            f"Port {want.port} for the {want.part} is taken by another program. "
            f"Set {want.setting} to a free port."
        )
    reason = cause.strerror or str(cause)
    return (
        f"The {want.part} cannot listen on {want.host} port {want.port}: {reason}. "
        f"Change {want.setting} or CORPLOAN_HOST."
    )
