"""I3, the rail's half: the same payments, by key, amount, currency and payee, both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from integrations.rail.messages import PaymentState, PaymentStatus
from persistence.queries.invariants.findings import Break, Checked
from persistence.queries.invariants.payouts import BookedPayout

# What the books may say while the rail says this. Open states are bounded by their age elsewhere.
_OPEN = frozenset({"intent", "sent", "accepted", "unknown"})
_AGREES = {
    PaymentStatus.ACCEPTED: _OPEN,
    PaymentStatus.SETTLED: _OPEN | {"settled"},
    PaymentStatus.REJECTED: _OPEN | {"rejected"},
}
_MAY_BE_UNHEARD_OF = frozenset({"intent", "sent", "unknown", "stopped"})


def compared(paid: Sequence[PaymentState], booked: Mapping[str, BookedPayout]) -> Checked:
    """Hold the rail's list against the books."""
    on_rail = {state.key: state for state in paid}
    breaks = [*_from_rail(on_rail, booked), *_from_books(on_rail, booked)]
    return Checked(len(on_rail), tuple(breaks))


def _from_rail(
    on_rail: Mapping[str, PaymentState], booked: Mapping[str, BookedPayout]
) -> Iterator[Break]:
    for key, state in on_rail.items():
        ours = booked.get(key)
        if ours is None:
            yield Break("rail_without_payout", key, state.status)
        elif not _same(state, ours):
            yield Break("rail_differs", key, f"{state.status} {ours.status}")


def _from_books(
    on_rail: Mapping[str, PaymentState], booked: Mapping[str, BookedPayout]
) -> Iterator[Break]:
    for key, ours in booked.items():
        if key not in on_rail and ours.status not in _MAY_BE_UNHEARD_OF:
            yield Break("payout_not_on_rail", key, ours.status)


def _same(state: PaymentState, ours: BookedPayout) -> bool:
    theirs = (state.amount, state.currency, state.payee_name, state.payee_account)
    return ours.status in _AGREES[state.status] and theirs == (
        ours.amount,
        ours.currency,
        ours.payee_name,
        ours.payee_account,
    )
