"""Reads one file of statements: bytes on stdin, JSON on stdout. Run as a program of its own.

With a page's number as its argument it draws that page instead: PNG on stdout.

A file of strangers may make a reader turn for minutes or fill the memory, so it is read where
the system's own limits end it and nothing else with it.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES_MAX = 1024 * 1024 * 1024
PROCESSOR_SECONDS_MAX = 40


def main() -> int:
    """Read the file on stdin; what it is, and whether it can be read, is in the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS_MAX, PROCESSOR_SECONDS_MAX))
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    # The path above comes first: a program run by its file's name knows no packages of ours.
    from domain.financials.packing import packed
    from domain.violations import LoanRuleViolation
    from integrations.financials.files import read_file
    from integrations.financials.refusals import at_file
    from integrations.financials.wire import packed_refusal

    content = sys.stdin.buffer.read()
    if len(sys.argv) > 1:
        from integrations.financials.pictures import picture_of

        sys.stdout.buffer.write(picture_of(content, int(sys.argv[1])))
        return 0
    try:
        answer: dict[str, Any] = {"reading": packed(read_file(content))}
    except LoanRuleViolation as refused:
        answer = {"refused": packed_refusal(at_file(refused))}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
