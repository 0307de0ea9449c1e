"""Settings come from the environment; keys are made once and only the owner reads them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config import Settings, load_secrets
from runner.refusal import StartRefused


def test_an_empty_environment_gives_the_documented_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(CORPLOAN_DEMO="no")
    assert settings.home == tmp_path / "var"
    assert settings.temporal_target == "127.0.0.1:7243"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.rail_base_url == "http://127.0.0.1:8091"
    assert settings.day_seconds == 86_400


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("CORPLOAN_WEB_PORT", "")
    settings = Settings.from_environment()
    assert (settings.database_url, settings.web_port) == (None, 8000)


@pytest.mark.parametrize("seconds", ["0", "86401", "2.5", "two"])
def test_a_business_day_lasts_between_a_second_and_a_day(
    monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setenv("CORPLOAN_DAY_SECONDS", seconds)
    with pytest.raises(ValidationError, match="CORPLOAN_DAY_SECONDS"):
        Settings.from_environment()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_external_database_is_read_in_every_usual_spelling(scheme: str) -> None:
    settings = Settings(DATABASE_URL=f"{scheme}://bank:pw@db.example:5433/loans")
    assert settings.postgres_url == "postgresql://bank:pw@db.example:5433/loans"
    assert settings.sqlalchemy_url == "postgresql+psycopg://bank:pw@db.example:5433/loans"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValidationError, match="postgresql://"):
        Settings(DATABASE_URL="mysql://db.example/loans")


def test_a_server_that_listens_everywhere_is_linked_on_loopback() -> None:
    settings = Settings(CORPLOAN_HOST="0.0.0.0", CORPLOAN_WEB_PORT=8123)  # noqa: S104 -- the case
    assert settings.public_url == settings.local_url == "http://127.0.0.1:8123"


def test_a_child_process_reads_the_same_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(CORPLOAN_HOME=tmp_path, CORPLOAN_DAY_SECONDS=2, CORPLOAN_SECRET_RAIL="k")
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == settings


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    settings = Settings(CORPLOAN_HOME=tmp_path / "home")
    first, second = load_secrets(settings), load_secrets(settings)
    assert first == second
    assert len({first.database, first.session, first.rail, first.esign}) == 4
    assert stat.S_IMODE((tmp_path / "home" / "secrets.json").stat().st_mode) == 0o600


def test_a_key_from_the_environment_wins_and_providers_may_be_added(tmp_path: Path) -> None:
    providers = tmp_path / "providers.json"
    providers.write_text(json.dumps({"docuseal": "theirs"}))
    settings = Settings(
        CORPLOAN_HOME=tmp_path,
        CORPLOAN_SECRET_ESIGN="ours",
        CORPLOAN_CALLBACK_SECRETS_FILE=providers,
    )
    known = load_secrets(settings)
    assert known.esign == SecretStr("ours")
    assert known.callbacks["docuseal"] == SecretStr("theirs")


def test_a_damaged_key_file_is_named_but_never_quoted(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"database": "very-secret"')
    with pytest.raises(StartRefused, match=r"secrets\.json") as refusal:
        load_secrets(Settings(CORPLOAN_HOME=tmp_path))
    assert "very-secret" not in str(refusal.value)
