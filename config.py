"""Every setting of the product, read once from the environment by the roots."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from runner.secrets_file import Secrets, read_or_create_secrets

DATABASE_USER = "corploan"
DATABASE_NAME = "corploan"

Port = Annotated[int, Field(ge=1, le=65535)]


def _postgres_url(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise ValueError("must start with postgresql://")
    return f"postgresql://{rest}"


def _trim(url: str) -> str:
    return url.rstrip("/")


def _web_address(data: dict[str, object]) -> str:
    """Where a browser on this machine finds the pages, when nothing else is said."""
    return f"http://{_reachable(str(data['host']))}:{data['web_port']}"


def _reachable(host: str) -> str:
    """A server that listens everywhere is reached on the loopback address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1"
    return f"[{address}]" if address.version == 6 else host


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^/\s]+"), AfterValidator(_trim)]


class Settings(BaseSettings):
    """What the environment says. An empty variable counts as absent."""

    # Not populate_by_name: it would read the person's HOME as CORPLOAN_HOME.
    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    home: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        Path("var"), alias="CORPLOAN_HOME", validate_default=True
    )
    database_url: PostgresUrl | None = Field(None, alias="DATABASE_URL", repr=False)
    temporal_address: str | None = Field(None, alias="TEMPORAL_ADDRESS")
    temporal_namespace: str = Field("corploan", alias="CORPLOAN_TEMPORAL_NAMESPACE")
    task_queue: str = Field("loans", alias="CORPLOAN_TASK_QUEUE")

    host: str = Field("127.0.0.1", alias="CORPLOAN_HOST")
    web_port: Port = Field(8000, alias="CORPLOAN_WEB_PORT")
    postgres_port: Port = Field(5442, alias="CORPLOAN_POSTGRES_PORT")
    temporal_port: Port = Field(7243, alias="CORPLOAN_TEMPORAL_PORT")
    temporal_ui_port: Port = Field(8243, alias="CORPLOAN_TEMPORAL_UI_PORT")
    rail_port: Port = Field(8091, alias="CORPLOAN_RAIL_PORT")
    sources_port: Port = Field(8092, alias="CORPLOAN_SOURCES_PORT")

    rail_url: HttpUrl | None = Field(None, alias="CORPLOAN_RAIL_URL")
    sources_url: HttpUrl | None = Field(None, alias="CORPLOAN_SOURCES_URL")
    public_url: HttpUrl = Field(default_factory=_web_address, alias="CORPLOAN_PUBLIC_URL")

    day_seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        86_400, alias="CORPLOAN_DAY_SECONDS"
    )
    demo: Literal["ask", "yes", "no"] = Field("ask", alias="CORPLOAN_DEMO")

    secret_session: SecretStr | None = Field(None, alias="CORPLOAN_SECRET_SESSION")
    secret_rail: SecretStr | None = Field(None, alias="CORPLOAN_SECRET_RAIL")
    secret_esign: SecretStr | None = Field(None, alias="CORPLOAN_SECRET_ESIGN")
    callback_secrets_file: Path | None = Field(None, alias="CORPLOAN_CALLBACK_SECRETS_FILE")

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment; a wrong value raises pydantic's ValidationError."""
        return cls()

    def as_environment(self) -> dict[str, str]:
        """The same settings for a child process, relative paths made absolute."""
        said = ((field.alias, getattr(self, name)) for name, field in _fields())
        return {
            alias: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for alias, value in said
            if alias and value is not None
        }

    @property
    def postgres_url(self) -> str:
        """The database as libpq writes it: the external one, or the shipped server's."""
        if self.database_url:
            return self.database_url
        password = load_secrets(self).database.get_secret_value()
        address = f"127.0.0.1:{self.postgres_port}"
        return f"postgresql://{DATABASE_USER}:{password}@{address}/{DATABASE_NAME}"

    @property
    def sqlalchemy_url(self) -> str:
        """The same database as SQLAlchemy writes it, on psycopg 3."""
        return self.postgres_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def temporal_target(self) -> str:
        """host:port of the Temporal frontend: the external one, or the shipped server's."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def temporal_ui_url(self) -> str | None:
        """The Web UI of the shipped Temporal server; None when an external one is used."""
        return None if self.temporal_address else f"http://127.0.0.1:{self.temporal_ui_port}"

    @property
    def rail_base_url(self) -> str:
        """The payment rail: the external one, or the shipped one."""
        return self.rail_url or f"http://127.0.0.1:{self.rail_port}"

    @property
    def sources_base_url(self) -> str:
        """The information sources: the external ones, or the shipped simulator."""
        return self.sources_url or f"http://127.0.0.1:{self.sources_port}"

    @property
    def local_url(self) -> str:
        """The web server as processes on this machine reach it, past any outer proxy."""
        return _web_address({"host": self.host, "web_port": self.web_port})

    @property
    def documents_folder(self) -> Path:
        """Where uploads and issued documents lie."""
        return self.home / "documents"

    @property
    def rail_database(self) -> Path:
        """The shipped payment rail's own durable record."""
        return self.home / "rail" / "rail.db"

    @property
    def sources_state(self) -> Path:
        """The simulator's record: which sources are switched to which fault."""
        return self.home / "sources" / "sources.db"

    @property
    def worker_ready_file(self) -> Path:
        """Holds the worker's process id once it polls."""
        return self.home / "run" / "worker.ready"


def _fields() -> Iterable[tuple[str, FieldInfo]]:
    return Settings.model_fields.items()


def load_secrets(settings: Settings) -> Secrets:
    """The product's keys: from the environment, else made once and kept in the home folder."""
    given = {
        "session": settings.secret_session,
        "rail": settings.secret_rail,
        "esign": settings.secret_esign,
    }
    return read_or_create_secrets(
        settings.home / "secrets.json", given, settings.callback_secrets_file
    )
