"""I15: the hash of a stored document is its row's and the signed contract's."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.hashing import canonical_sha256
from persistence.queries.invariants.findings import Break, Checked, checked

_COUNT = "SELECT (SELECT count(*) FROM envelope) + (SELECT count(*) FROM contract)"
_RULES = {
    "envelope_text_changed": """
        SELECT l.case_number, e.purpose FROM envelope e JOIN loan l ON l.id = e.loan_id
        WHERE encode(sha256(convert_to(e.document_text, 'UTF8')), 'hex') <> e.document_sha256""",
    "contract_text_differs": """
        SELECT l.case_number, e.status FROM contract c JOIN loan l ON l.id = c.loan_id
        LEFT JOIN LATERAL (SELECT document_sha256, status FROM envelope
            WHERE loan_id = c.loan_id AND purpose = 'contract'
            ORDER BY version DESC LIMIT 1) e ON true
        WHERE c.document_hashes ->> 'contract' IS DISTINCT FROM e.document_sha256
        OR (c.effective_at IS NOT NULL AND e.status <> 'signed')""",
    "contract_document_differs": """
        SELECT l.case_number, h.key FROM contract c JOIN loan l ON l.id = c.loan_id
        CROSS JOIN LATERAL jsonb_each_text(c.document_hashes) h
        WHERE h.key <> 'contract' AND NOT EXISTS (SELECT 1 FROM document d
            WHERE d.draft_id = c.loan_id AND d.kind = h.key AND d.sha256 = h.value
            AND d.version = (SELECT max(version) FROM document n
                WHERE n.draft_id = c.loan_id AND n.kind = h.key))""",
    "document_not_in_contract": """
        SELECT l.case_number, d.kind FROM contract c JOIN loan l ON l.id = c.loan_id
        JOIN document d ON d.draft_id = c.loan_id
        WHERE NOT c.document_hashes ? d.kind""",
    "terms_hash_not_signed": """
        SELECT l.case_number FROM contract c JOIN loan l ON l.id = c.loan_id
        JOIN envelope e ON e.loan_id = c.loan_id AND e.purpose = 'contract'
        WHERE position(c.terms_sha256 IN e.document_text) = 0""",
}
_TERMS = "SELECT number, terms, terms_sha256 FROM contract"
_HASHES = """
    SELECT d.sha256, min(coalesce(l.case_number, d.draft_id::text)) AS name, min(d.kind) AS kind
    FROM document d LEFT JOIN loan l ON l.id = d.draft_id GROUP BY d.sha256
    UNION ALL SELECT sha256, filename, 'statement' FROM bank_statement ORDER BY 2"""


async def papers_agree(session: AsyncSession) -> Checked:
    """Every agreement's text hashes to its row, every contract to its terms and documents."""
    found = await checked(session, _COUNT, _RULES)
    rows = await session.stream(text(_TERMS).execution_options(yield_per=2000))
    changed = [
        Break("contract_terms_changed", row.number)
        async for row in rows
        if canonical_sha256(row.terms) != row.terms_sha256
    ]
    return found + Checked(0, tuple(changed))


async def stored_hashes(session: AsyncSession) -> list[tuple[str, str, str]]:
    """The hash of every document there must be bytes for, with its case and kind."""
    return [(row.sha256, row.name, row.kind) for row in await session.execute(text(_HASHES))]
