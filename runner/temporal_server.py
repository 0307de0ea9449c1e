"""The shipped Temporal server: the real one with its Web UI, kept in one SQLite file."""

from __future__ import annotations

import asyncio
import os
import shutil
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from runner import children
from runner.children import Gate, Part
from runner.refusal import StartRefused

NAME = "Temporal"
NAMESPACE = "corploan"
SEARCH_ATTRIBUTES = ("Stage", "Product", "Grade", "AmountBand", "OfficerId")

# A loan's closed runs are part of its file; the server's own default keeps them for one day.
RETENTION = timedelta(days=3650)

# 20 polls a second, the server's default, make every step of a loan wait up to 50 ms.
POLLS_PER_SECOND = 100
POLLED = ("transfer", "timer", "visibility")


@asynccontextmanager
async def dev_server(
    home: Path, port: int, ui_port: int | None, namespace: str = NAMESPACE
) -> AsyncIterator[str]:
    """A running server on 127.0.0.1 with its data in `home`/temporal; yields host:port."""
    child = await children.start_ready(temporal_part(home, port, ui_port, namespace))
    try:
        await keep_history(f"127.0.0.1:{port}", namespace)
        yield f"127.0.0.1:{port}"
    finally:
        await asyncio.shield(children.stop(child))


def temporal_part(home: Path, port: int, ui_port: int | None, namespace: str = NAMESPACE) -> Part:
    """How the server is run; `ui_port` None leaves the Web UI out."""
    home = home.absolute()
    (home / "temporal").mkdir(parents=True, exist_ok=True)
    ui = ("--ui-port", str(ui_port)) if ui_port is not None else ("--headless",)
    return Part(
        name=NAME,
        command=(
            *_server_command(home / "temporal" / "temporal.db", port, namespace),
            *ui,
            *_flags("--search-attribute", [f"{name}=Keyword" for name in SEARCH_ATTRIBUTES]),
            *_flags("--dynamic-config-value", _dynamic_config()),
        ),
        ready=_serves(f"127.0.0.1:{port}", namespace),
        log=home / "logs" / "temporal.log",
        env=_environment(home),
    )


async def keep_history(target: str, namespace: str) -> None:
    """Set the retention, which the server's command line has no flag for."""
    client = await Client.connect(target, namespace=namespace)
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    config = NamespaceConfig(workflow_execution_retention_ttl=retention)
    request = UpdateNamespaceRequest(namespace=namespace, config=config)
    await client.workflow_service.update_namespace(request)


async def check_external(target: str, namespace: str) -> None:
    """Refuse clearly when an external server is away, or not made ready for the product."""
    try:
        client = await asyncio.wait_for(Client.connect(target, namespace=namespace), timeout=10)
        await _describe(client, namespace)
        missing = await _missing_attributes(client, namespace)
    except (RuntimeError, TimeoutError) as cause:
        raise StartRefused(f"TEMPORAL_ADDRESS {target} cannot be reached: {cause}") from cause
    except RPCError as cause:
        raise StartRefused(_refused_call(target, namespace, cause)) from cause
    if missing:
        words = " ".join(f"--name {name} --type Keyword" for name in missing)
        raise StartRefused(
            f"Namespace {namespace} at {target} lacks search attributes. Create them with:\n"
            f"temporal operator search-attribute create --namespace {namespace} {words}"
        )


@cache
def temporal_program() -> str:
    """The server program beside this Python, else on the path."""
    beside = Path(sysconfig.get_path("scripts")) / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StartRefused("The program temporal is missing. Run: make install")
    return found


def _server_command(database: Path, port: int, namespace: str) -> tuple[str, ...]:
    return (
        *(temporal_program(), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port)),
        *("--db-filename", str(database), "--namespace", namespace, "--log-level", "error"),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=normal"),
        # What the person's own Temporal profile says is about other servers.
        *("--disable-config-file", "--disable-config-env", "--ui-disable-news-fetch"),
    )


def _environment(home: Path) -> dict[str, str]:
    return {
        "TEMPORAL_VERSION_CHECK_DISABLED": "1",  # it would ask its maker over the network
        # It asks who it runs as, and stops where the system has no name for the user.
        "USER": os.environ.get("USER", "corploan"),
        "HOME": os.environ.get("HOME", str(home)),
    }


def _dynamic_config() -> list[str]:
    return [f"history.{queue}ProcessorMaxPollRPS={POLLS_PER_SECOND}" for queue in POLLED]


def _flags(flag: str, values: list[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]


def _serves(target: str, namespace: str) -> Gate:
    async def ready(_pid: int) -> bool:
        try:
            client = await asyncio.wait_for(Client.connect(target, namespace=namespace), timeout=5)
            await _describe(client, namespace)
            return not await _missing_attributes(client, namespace)
        except (RuntimeError, TimeoutError, RPCError):
            return False

    return ready


async def _describe(client: Client, namespace: str) -> None:
    request = DescribeNamespaceRequest(namespace=namespace)
    await client.workflow_service.describe_namespace(request, timeout=timedelta(seconds=5))


async def _missing_attributes(client: Client, namespace: str) -> list[str]:
    request = ListSearchAttributesRequest(namespace=namespace)
    answer = await client.operator_service.list_search_attributes(
        request, timeout=timedelta(seconds=5)
    )
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    known = {name for name, kind in answer.custom_attributes.items() if kind == keyword}
    return [name for name in SEARCH_ATTRIBUTES if name not in known]


def _refused_call(target: str, namespace: str, cause: RPCError) -> str:
    if cause.status is not RPCStatusCode.NOT_FOUND:
        return f"TEMPORAL_ADDRESS {target} refused: {cause.message}"
    return (
        f"TEMPORAL_ADDRESS {target} has no namespace {namespace}. Create it with:\n"
        f"temporal operator namespace create --retention {RETENTION.days}d {namespace}"
    )
