"""One loan from submission to payout. From there its servicing goes on under the same id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.applications import ApplicationActivities
    from activities.credit import CreditActivities
    from activities.payments import PaymentActivities
    from activities.signatures import SignatureActivities
    from activities.sources import SourceActivities
    from activities.steps import (
        DecideStep,
        DeskStep,
        EndStep,
        ExtendStep,
        NumberedStep,
        ReleaseDeskStep,
        ReleaseStep,
        SourceStep,
        Step,
        SubmitStep,
        SupplementStep,
        TroubleStep,
        WithdrawStep,
    )
    from activities.tasks import Extension, TaskActivities
    from domain.agreements import EnvelopePurpose
    from domain.commands import (
        Decide,
        ExtendDeadline,
        LoanStart,
        OpenWait,
        Receipt,
        Release,
        Submission,
        Submit,
        Supplement,
        Withdraw,
    )
    from domain.process import CaseStatus, Stage, TaskKind, Verdict
    from workflows.options import (
        ANSWERS_CARRIED,
        DRAFT_LIFE,
        SOURCE_STEP,
        SOURCES_SOFT_LIMIT,
    )
    from workflows.paying import paid_once
    from workflows.search import show_case, show_grade
    from workflows.states import CaseEnded, LoanEnd, ServicingState
    from workflows.steps import reason_of, told
    from workflows.waiting import WaitingCase


@workflow.defn(name="LoanWorkflow")
class LoanWorkflow(WaitingCase):
    """Origination. Branches only on recorded verdicts; every rule is judged in an activity."""

    @workflow.init
    def __init__(self, start: LoanStart) -> None:
        super().__init__(start.loan_id)
        self._start = start
        self._submission: Submission | None = None
        self._decision: Decide | None = None
        self._supplement: Supplement | None = None
        self._release: Release | None = None
        self._answers: dict[str, Receipt] = {}
        self._late_sources: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, start: LoanStart) -> LoanEnd:
        """The bank's process, from submission to payout."""
        try:
            await self._submitted()
            await self._authorised()
            await self._facts_collected()
            await self._decided()
            await self._contracted()
            await self._released_and_paid()
        except CaseEnded as end:
            return await self._ended(end)
        return await self._into_servicing()

    async def _submitted(self) -> None:
        try:
            await workflow.wait_condition(
                lambda: self._submission is not None,
                timeout=DRAFT_LIFE,
                timeout_summary="draft to be submitted",
            )
        except TimeoutError:
            raise CaseEnded(CaseStatus.EXPIRED, "never_submitted") from None

    async def _authorised(self) -> None:
        if self._submission is not None and self._submission.needs_authorisation:
            wait = await self._moved(
                SignatureActivities.open_authorisation, self._step, Stage.AUTHORISATION
            )
            await self._signed(EnvelopePurpose.AUTHORISATION, wait)

    async def _facts_collected(self) -> None:
        asked = await self._moved(
            SourceActivities.open_collection, self._step, Stage.DATA_COLLECTION
        )
        queries = {
            source: workflow.start_activity_method(
                SourceActivities.query_source,
                SourceStep(self._loan_id, source, workflow.now()),
                **SOURCE_STEP,
            )
            for source in asked.sources
        }
        if queries:
            await workflow.wait(queries.values(), timeout=SOURCES_SOFT_LIMIT.total_seconds())
        await self._moved(SourceActivities.close_collection, self._step)
        late = {source: query for source, query in queries.items() if not query.done()}
        if late:
            self._late_sources = asyncio.create_task(self._compare_late(late))

    async def _compare_late(self, queries: dict[str, Any]) -> None:
        await asyncio.gather(*(self._compared(name, query) for name, query in queries.items()))

    async def _compared(self, source: str, query: Any) -> None:
        """Compare a late answer when it comes; one that never comes is a person's matter."""
        try:
            await query
        except ActivityError as failed:
            name = f"query_source:{source}"
            await told(TroubleStep(self._loan_id, name, reason_of(failed), workflow.now()))
            return
        async with self._writing:
            step = Step(self._loan_id, workflow.now(), self._version)
            await self._local(SourceActivities.close_collection, step)

    async def _decided(self) -> None:
        engine = await self._moved(
            CreditActivities.rate_and_decide, self._rating_step, Stage.DECISION
        )
        self._standing = engine.standing or self._standing
        self._refuse_ended()
        if engine.grade is not None:
            show_grade(engine.grade)
        if engine.verdict is Verdict.DECLINE:
            raise CaseEnded(CaseStatus.DECLINED, "engine_declined")
        if engine.verdict is Verdict.REFER:
            await self._judged_at(Stage.REVIEW)
            await self._judged_at(Stage.APPROVAL)

    def _rating_step(self) -> Step:
        step = self._step()
        self._version += 1  # rating and decision are two stages of one step
        return step

    async def _judged_at(self, stage: Stage) -> None:
        """A desk's verdict; a reviewer's no ends the road, as an approver may not overturn it."""
        wait = await self._moved(CreditActivities.open_desk, lambda: self._desk_step(stage), stage)
        verdict = await self._verdict(stage, wait)
        while verdict is Verdict.RETURN:
            await self._supplemented(stage)
            wait = await self._moved(CreditActivities.resume_desk, lambda: self._desk_step(stage))
            verdict = await self._verdict(stage, wait)
        if verdict is Verdict.DECLINE:
            raise CaseEnded(CaseStatus.DECLINED, f"{stage}_declined")

    async def _verdict(self, stage: Stage, wait: OpenWait) -> Verdict:
        if not await self._waited(wait, lambda: self._decision is not None):
            raise CaseEnded(CaseStatus.EXPIRED, f"{stage}_timed_out")
        decision, self._decision = self._decision, None
        if decision is None:
            raise AssertionError("a finished wait has its decision")
        return decision.verdict

    async def _supplemented(self, stage: Stage) -> None:
        self._supplement = None
        wait = await self._moved(CreditActivities.open_supplement, self._step)
        if not await self._waited(wait, lambda: self._supplement is not None):
            raise CaseEnded(CaseStatus.EXPIRED, "supplement_timed_out")

    async def _contracted(self) -> None:
        wait = await self._moved(SignatureActivities.open_contract, self._step, Stage.CONTRACT)
        if wait is None:  # the bank does not lend to this customer any more
            await self._read_inbox()
            self._refuse_ended()
            raise CaseEnded(CaseStatus.CANCELLED, "lending_stopped")
        await self._signed(EnvelopePurpose.CONTRACT, wait)

    async def _released_and_paid(self) -> None:
        """Two officers, one payout; what the rail rejects goes back to the officers."""
        drawdown = 1
        while not (await self._released(drawdown) and await self._paid(drawdown)):
            drawdown += 1

    async def _released(self, drawdown: int) -> bool:
        for kind in (TaskKind.RELEASE_REVIEW, TaskKind.RELEASE_RECHECK):
            signed = await self._release_signed(kind, drawdown)
            if not signed.approve:
                return False
        return True

    async def _release_signed(self, kind: TaskKind, drawdown: int) -> Release:
        """A signature, however long it takes: a contract does not lapse by the bank's sloth."""
        self._release = None
        while self._release is None:
            wait = await self._moved(
                PaymentActivities.open_release,
                lambda: ReleaseDeskStep(
                    self._loan_id, kind, drawdown, workflow.now(), self._next_version()
                ),
                Stage.RELEASE,
            )
            await self._waited(wait, lambda: self._release is not None)
        return self._release

    async def _paid(self, drawdown: int) -> bool:
        intent = await self._moved(
            PaymentActivities.write_intent,
            lambda: NumberedStep(self._loan_id, drawdown, workflow.now(), self._next_version()),
            Stage.PAYOUT,
        )
        return await paid_once(intent.key, self._loan_id, self._heard_of) == "settled"

    async def _heard_of(self, key: str, pause: timedelta) -> str | None:
        until = workflow.now() + pause
        while not self._payouts.get(key) and (left := until - workflow.now()) > timedelta(0):
            try:
                await workflow.wait_condition(lambda: self._look, timeout=left)
            except TimeoutError:
                break
            await self._read_inbox()
        return self._payouts.get(key)

    async def _signed(self, purpose: EnvelopePurpose, wait: OpenWait) -> None:
        if not await self._waited(wait, lambda: purpose in self._envelopes):
            step = Step(self._loan_id, workflow.now(), self._version)
            await self._local(ApplicationActivities.expire_envelopes, step)
            raise CaseEnded(CaseStatus.EXPIRED, f"{purpose}_not_signed")
        if self._envelopes[purpose] != "signed":
            raise CaseEnded(CaseStatus.WITHDRAWN, f"{purpose}_declined")

    async def _ended(self, end: CaseEnded) -> LoanEnd:
        self._stop_late_sources()
        async with self._writing:
            if self._withdrawn:  # the customer was first, and that act has closed the case
                end = CaseEnded(CaseStatus.WITHDRAWN, "customer_withdrew")
            elif self._submission is not None:
                step = EndStep(
                    self._loan_id, end.status, end.reason, workflow.now(), self._next_version()
                )
                await self._local(ApplicationActivities.end_case, step)
            self._status = end.status
        await workflow.wait_condition(workflow.all_handlers_finished)
        return LoanEnd(end.status, end.reason, self._version)

    async def _into_servicing(self) -> LoanEnd:
        self._stop_late_sources()
        await self._moved(PaymentActivities.enter_repayment, self._step, Stage.REPAYMENT)
        await workflow.wait_condition(workflow.all_handlers_finished)
        answers = dict(list(self._answers.items())[-ANSWERS_CARRIED:])
        state = ServicingState(self._loan_id, self._version, answers)
        workflow.continue_as_new(workflow="LoanServicingWorkflow", args=[state])

    def _stop_late_sources(self) -> None:
        if self._late_sources is not None:
            self._late_sources.cancel()

    # What people ask

    @workflow.update
    async def submit(self, command: Submit) -> Receipt:
        """An officer submits; a draft with gaps is answered with them and stays a draft."""
        return await self._once("submit", command.command_id, lambda: self._submit(command))

    @workflow.update
    async def decide(self, command: Decide) -> Receipt:
        """A reviewer or an approver gives a verdict."""
        return await self._once("decide", command.command_id, lambda: self._decide(command))

    @decide.validator
    def _may_decide(self, command: Decide) -> None:
        self._refuse_unless(self._stage is command.stage, "task.not_open")

    @workflow.update
    async def supplement(self, command: Supplement) -> Receipt:
        """The customer's side answers a return."""
        return await self._once(
            "supplement", command.command_id, lambda: self._take_supplement(command)
        )

    @workflow.update
    async def release(self, command: Release) -> Receipt:
        """A release officer signs, or refuses to."""
        return await self._once("release", command.command_id, lambda: self._take_release(command))

    @release.validator
    def _may_release(self, command: Release) -> None:
        self._refuse_unless(self._stage is Stage.RELEASE, "task.not_open")

    @workflow.update
    async def withdraw(self, command: Withdraw) -> Receipt:
        """The customer withdraws, while no money is on its way."""
        return await self._once("withdraw", command.command_id, lambda: self._withdraw(command))

    @withdraw.validator
    def _may_withdraw(self, command: Withdraw) -> None:
        self._refuse_unless(self._stage is not Stage.PAYOUT, "withdraw.too_late")

    @workflow.update
    async def extend_deadline(self, command: ExtendDeadline) -> Receipt:
        """A superior gives the open task more time."""
        return await self._once("extend", command.command_id, lambda: self._extend(command))

    async def _submit(self, command: Submit) -> Receipt:
        step = SubmitStep(self._start, command, workflow.now(), self._version + 1)
        submission: Submission = await self._local(ApplicationActivities.accept_submission, step)
        if submission.receipt.accepted and self._submission is None:
            self._version += 1
            self._is_case = True
            self._submission = submission
            show_case(submission.product, submission.amount_band, command.actor.staff_id)
        return submission.receipt

    async def _decide(self, command: Decide) -> Receipt:
        step = DecideStep(command, workflow.now())
        receipt: Receipt = await self._local(CreditActivities.record_decision, step)
        if receipt.accepted:
            self._decision = command
        return receipt

    async def _take_supplement(self, command: Supplement) -> Receipt:
        step = SupplementStep(command, workflow.now())
        receipt: Receipt = await self._local(ApplicationActivities.record_supplement, step)
        if receipt.accepted:
            self._supplement = command
        return receipt

    async def _take_release(self, command: Release) -> Receipt:
        step = ReleaseStep(command, workflow.now())
        receipt: Receipt = await self._local(PaymentActivities.record_release, step)
        if receipt.accepted:
            self._release = command
        return receipt

    async def _withdraw(self, command: Withdraw) -> Receipt:
        step = WithdrawStep(command, workflow.now(), self._version + 1)
        receipt: Receipt = await self._local(ApplicationActivities.withdraw_case, step)
        if receipt.accepted:
            self._version = step.version
            self._withdrawn = True
        return receipt

    async def _extend(self, command: ExtendDeadline) -> Receipt:
        step = ExtendStep(command, workflow.now())
        extension: Extension = await self._local(TaskActivities.extend_deadline, step)
        if extension.wait is not None:
            self._wait_now = extension.wait
        return extension.receipt

    async def _once(
        self, act: str, command_id: str, take: Callable[[], Awaitable[Receipt]]
    ) -> Receipt:
        """The same key gets the same answer; acts on one case are taken one after the other."""
        key = f"{act}:{command_id}"
        async with self._writing:
            if key not in self._answers:
                receipt = await take()
                if not receipt.accepted:
                    return receipt
                self._answers[key] = receipt
            return self._answers[key]

    def _desk_step(self, stage: Stage) -> DeskStep:
        return DeskStep(self._loan_id, stage, workflow.now(), self._next_version())
