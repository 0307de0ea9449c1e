"""A step that gives up is a person's matter: an incident, never silence."""

from __future__ import annotations

from temporalio import activity

from activities.steps import TroubleStep
from persistence.engine import Database
from persistence.incidents import close_incident, open_incident


class IncidentActivities:
    """Writes of the incident slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def open_trouble(self, step: TroubleStep) -> None:
        """Tell a person that a step of a case does not get on, and why by its code."""
        async with self._database.transaction() as session:
            await open_incident(
                session,
                step.incident_key,
                "failing_step",
                step.at,
                step.known_loan_id,
                step=step.name,
                reason=step.reason,
                loan=str(step.loan_id),
            )

    @activity.defn
    async def close_trouble(self, step: TroubleStep) -> None:
        """The step went through after all."""
        async with self._database.transaction() as session:
            await close_incident(session, step.incident_key, step.at, "the step went through")
