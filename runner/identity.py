"""Whom PostgreSQL runs as. It refuses user 0, so root starts it under another identity."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

from runner.children import launched
from runner.refusal import StartRefused

SAME = "same"


def database_identity(program: Path) -> str:
    """The launcher's word for the identity `program` can run under on this machine."""
    if os.geteuid() != 0 and _is_known(os.geteuid()):
        return SAME
    uid = _ordinary_user()
    for identity in _candidates(uid):
        if _works(identity, program):
            return identity
    raise StartRefused(
        "PostgreSQL refuses to run as root, and this system allows neither a user namespace nor "
        "giving root up. Run as a normal user, or point DATABASE_URL at a server."
    )


def owner_of_files(identity: str) -> int:
    """The user, as this process sees it, that must own the data folder."""
    kind, _, uid = identity.partition(":")
    return int(uid) if kind == "drop" else os.geteuid()


def give_to(folder: Path, uid: int) -> None:
    """Hand the folder over when an earlier start ran under another identity."""
    if not folder.exists() or folder.stat().st_uid == uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            os.lchown(Path(parent) / name, uid, -1)
    os.lchown(folder, uid, -1)  # last: until then a start that was cut short begins again


def _candidates(uid: int) -> tuple[str, ...]:
    # The namespace first: files stay root's own, so backups and removal need no thought.
    namespace = f"namespace:{uid}"
    return (namespace, f"drop:{uid}") if os.geteuid() == 0 else (namespace,)


def _works(identity: str, program: Path) -> bool:
    command = launched((str(program), "--version"), identity)
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _is_known(uid: int) -> bool:
    """Whether the user has a name: initdb stops when it finds none."""
    return any(entry.pw_uid == uid for entry in pwd.getpwall())


def _ordinary_user() -> int:
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    if not names:
        raise StartRefused("This system knows no user besides root. Set DATABASE_URL instead.")
    return names.get("nobody", next(iter(names.values())))
