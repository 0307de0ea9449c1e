"""The product's keys: made once, kept in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter

from runner.refusal import StartRefused

KEPT = ("database", "session", "rail", "esign")
_TEXTS = TypeAdapter(dict[str, str])


class Secrets(BaseModel):
    """Keys of the shipped database, of sessions, and of each provider's callbacks."""

    model_config = ConfigDict(frozen=True)

    database: SecretStr
    session: SecretStr
    callbacks: Mapping[str, SecretStr]

    @property
    def rail(self) -> SecretStr:
        """The key the payment rail signs its callbacks with."""
        return self.callbacks["rail"]

    @property
    def esign(self) -> SecretStr:
        """The key the signing provider signs its callbacks with."""
        return self.callbacks["esign"]


def read_or_create_secrets(
    path: Path, given: Mapping[str, SecretStr | None], callbacks_file: Path | None
) -> Secrets:
    """What is given wins over what is kept; providers of their own come from a JSON file."""
    kept = {name: SecretStr(value) for name, value in _read_or_create(path).items()}
    known = kept | {name: value for name, value in given.items() if value is not None}
    callbacks = {"rail": known["rail"], "esign": known["esign"]} | _callbacks(callbacks_file)
    return Secrets(database=known["database"], session=known["session"], callbacks=callbacks)


def _callbacks(path: Path | None) -> dict[str, SecretStr]:
    if path is None:
        return {}
    return {provider: SecretStr(value) for provider, value in _read(path).items()}


def _read_or_create(path: Path) -> dict[str, str]:
    if not path.exists():
        _create(path)
    kept = _read(path)
    missing = sorted(set(KEPT) - set(kept))
    if missing:
        raise StartRefused(f"{path} lacks {', '.join(missing)}. Restore it from a backup.")
    return kept


def _read(path: Path) -> dict[str, str]:
    try:
        return _TEXTS.validate_json(path.read_bytes())
    except (OSError, ValueError) as cause:
        # The cause is not shown: a parser quotes what it read, and these are keys.
        raise StartRefused(
            f"{path} cannot be read as a JSON object of texts ({type(cause).__name__})."
        ) from None


def _create(path: Path) -> None:
    """Two processes may come here at once: the first to link its finished file wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({name: secrets.token_urlsafe(32) for name in KEPT}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
