"""Steps that wait for a signature."""

from __future__ import annotations

from temporalio import activity

from activities.steps import Step
from domain.commands import OpenWait
from persistence import contracts, envelopes
from persistence.engine import Database


class SignatureActivities:
    """Writes of the signature slice; `secret` is what one-time links are derived from."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret

    @activity.defn
    async def open_authorisation(self, step: Step) -> OpenWait:
        """Send the authorisation to the signatory."""
        async with self._database.transaction() as session:
            return await envelopes.open_authorisation(
                session, step.loan_id, step.at, step.version, self._secret
            )

    @activity.defn
    async def open_contract(self, step: Step) -> OpenWait | None:
        """Draw up the contract and send it; None where nothing is lent to the customer."""
        async with self._database.transaction() as session:
            return await contracts.open_contract(
                session, step.loan_id, step.at, step.version, self._secret
            )
