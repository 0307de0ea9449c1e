"""What each kind of proposal checks and does; a slice adds its kinds here."""

from __future__ import annotations

from domain.customers import ProposalKind, WorkKind
from persistence.alert_closing import CLOSURE, DOWNGRADE
from persistence.covenants import COVENANT, COVENANT_WAIVER
from persistence.customer_dispositions import DISPOSITION, OPINION
from persistence.customer_documents import DOCUMENT_CHECK
from persistence.customer_proposals import Effect
from persistence.customer_ratings import rate_customer
from persistence.customer_standing import LOCK, STOP_LENDING, UNLOCK
from persistence.customer_statements import STATEMENTS
from persistence.customer_work import Worker
from persistence.dossier import FACTS
from persistence.ladder import LADDER
from persistence.limit_settings import LIMIT, LIMIT_EXCEPTION
from persistence.rating_overrides import RATING_OVERRIDE
from persistence.review_work import review_worker
from persistence.watch import watch

EFFECTS: dict[ProposalKind, Effect] = {
    ProposalKind.STATEMENTS: STATEMENTS,
    ProposalKind.FACTS: FACTS,
    ProposalKind.DOCUMENT_CHECK: DOCUMENT_CHECK,
    ProposalKind.STOP_LENDING: STOP_LENDING,
    ProposalKind.LOCK: LOCK,
    ProposalKind.UNLOCK: UNLOCK,
    ProposalKind.LIMIT: LIMIT,
    ProposalKind.LIMIT_EXCEPTION: LIMIT_EXCEPTION,
    ProposalKind.RATING_OVERRIDE: RATING_OVERRIDE,
    ProposalKind.DISPOSITION: DISPOSITION,
    ProposalKind.OPINION: OPINION,
    ProposalKind.COVENANT: COVENANT,
    ProposalKind.COVENANT_WAIVER: COVENANT_WAIVER,
    ProposalKind.ALERT_CLOSURE: CLOSURE,
    ProposalKind.ALERT_DOWNGRADE: DOWNGRADE,
    ProposalKind.LADDER: LADDER,
}

WORKERS: dict[WorkKind, Worker] = {
    WorkKind.RATE: rate_customer,
    WorkKind.WATCH: watch,
    WorkKind.REVIEW: review_worker(EFFECTS),
}
