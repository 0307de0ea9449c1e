"""What each kind of proposal checks and does; a slice adds its kinds here."""

from __future__ import annotations

from collections.abc import Mapping

from domain.customers import ProposalKind, WorkKind
from persistence.customer_dispositions import DISPOSITION, OPINION
from persistence.customer_documents import DOCUMENT_CHECK
from persistence.customer_proposals import Effect
from persistence.customer_ratings import rate_customer
from persistence.customer_standing import LOCK, STOP_LENDING, UNLOCK
from persistence.customer_statements import STATEMENTS
from persistence.customer_work import Worker
from persistence.dossier import FACTS
from persistence.limit_settings import LIMIT, LIMIT_EXCEPTION
from persistence.rating_overrides import RATING_OVERRIDE

EFFECTS: Mapping[ProposalKind, Effect] = {
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
}

WORKERS: dict[WorkKind, Worker] = {WorkKind.RATE: rate_customer}
