"""Become another program that cannot outlive the process that asked for it.

Run as a script by its path, with the standard library only, so that it costs milliseconds:
`launch.py PARENT_PID SIGNAL IDENTITY -- PROGRAM ARGUMENT...`. IDENTITY is `same`,
`namespace:UID` (the program sees itself as UID, the rest of the machine sees no change) or
`drop:UID` (it really becomes UID). Anything that fails here ends with status 125.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

FAILED = 125
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 8, 28, 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main(arguments: list[str]) -> None:
    """Take the identity, tie the life to the parent's, and exec."""
    parent, signal, identity, separator, *command = arguments
    if separator != "--":
        raise ValueError("launch.py: expected -- before the program")
    _take(identity)
    # After the identity: the kernel forgets the death signal when credentials change.
    die_with_parent(int(parent), int(signal))
    os.execv(command[0], command)  # noqa: S606 -- replacing this process is the whole point


def die_with_parent(parent: int, signal: int) -> None:
    """Ask the kernel for `signal` when the parent dies, however it dies (Linux only)."""
    if sys.platform != "linux":
        return
    _call("prctl", PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        raise SystemExit(FAILED)


def _take(identity: str) -> None:
    kind, _, uid = identity.partition(":")
    if kind == "namespace":
        _enter_user_namespace(int(uid))
    elif kind == "drop":
        _drop_to(int(uid))


def _enter_user_namespace(uid: int) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {outer_gid} 1")


def _drop_to(uid: int) -> None:
    """Give up root but keep the right to pass folders that only root may enter.

    The home folder or the virtual environment may lie below one. NO_SETUID_FIXUP makes
    access(2) honour that right too, which PostgreSQL asks before it starts its programs.
    """
    _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    only = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0)
    _call("capset", header, effective_permitted_inheritable)
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, ValueError) as cause:
        sys.stderr.write(f"launch: {cause}\n")
        sys.exit(FAILED)
