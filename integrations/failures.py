"""How a call to an outside party can fail: worth another try, or refused for good."""

from __future__ import annotations


class IntegrationUnavailable(Exception):
    """No usable answer. What the other side did with the call is unknown; trying again may help.

    `reason` is one of timeout, unreachable, server_error, nonsense.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class IntegrationRefused(Exception):
    """The other side understood and said no. The same call would be refused again."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
