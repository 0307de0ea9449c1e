"""What the bank holds of the fields a customer is asked about in a review."""

from __future__ import annotations

from persistence.tables import Customer


def known_facts(customer: Customer) -> dict[str, str]:
    """What the bank holds of the fields a customer is asked about."""
    held = {"name": customer.name, "legal_representative": customer.legal_representative}
    return {name: text for name, text in held.items() if text}
