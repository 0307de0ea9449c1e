"""Look-through shares, beneficial owners, control and circles, by hand and over random graphs."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customers.dossier import Party, PartyKind
from domain.customers.ownership import (
    BENEFICIAL,
    Holding,
    OwnerBasis,
    Ownership,
    circles,
    controlled_by,
    controllers_of,
    look_through,
    picture_of,
)

SHARES = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100)


def graph_of(*rows: tuple[str, str, object]) -> Ownership:
    """A graph from holder, held and percent; a name with a small first letter is a person."""
    names = {name for holder, held, _ in rows for name in (holder, held)}
    parties = {
        name: Party(name, PartyKind.PERSON if name.islower() else PartyKind.FIRM, name)
        for name in names
    }
    holdings = tuple(
        Holding(holder, held, Fraction(str(percent)) / 100) for holder, held, percent in rows
    )
    return Ownership(parties, holdings)


def effective(graph: Ownership, target: str = "T") -> dict[str, Fraction]:
    return dict(look_through(graph, target).shares)


def test_shares_multiply_along_a_path_and_add_up_over_paths() -> None:
    graph = graph_of(("A", "T", 60), ("p", "A", 50), ("p", "T", 10), ("q", "A", 50))
    assert effective(graph) == {
        "A": Fraction(6, 10),
        "p": Fraction(4, 10),
        "q": Fraction(3, 10),
    }


def test_a_quarter_itself_makes_a_beneficial_owner_and_less_does_not() -> None:
    graph = graph_of(("A", "T", 100), ("p", "A", 25), ("q", "A", "24.999999"))
    found = picture_of(graph, "T").beneficial_owners
    assert [(one.party.key, one.share, one.bases) for one in found] == [
        ("p", BENEFICIAL, (OwnerBasis.SHARES,))
    ]


def test_a_majority_chain_commands_votes_its_shares_do_not_show() -> None:
    graph = graph_of(("p", "A", 51), ("A", "B", 51), ("B", "T", 51), ("q", "T", 49))
    picture = picture_of(graph, "T")
    assert picture.controller is not None
    assert picture.controller.key == "p"
    assert [party.key for party in picture.chain] == ["A", "B"]
    owners = {one.party.key: one.bases for one in picture.beneficial_owners}
    assert owners["p"] == (OwnerBasis.VOTES, OwnerBasis.CONTROL)
    assert owners["q"] == (OwnerBasis.SHARES, OwnerBasis.VOTES)
    assert effective(graph)["p"] == Fraction(51**3, 100**3)


def test_the_chain_of_control_goes_the_way_of_the_largest_share() -> None:
    graph = graph_of(("p", "A", 90), ("p", "B", 60), ("A", "T", 20), ("B", "T", 60))
    assert [party.key for party in picture_of(graph, "T").chain] == ["B"]


def test_two_minorities_in_one_hand_are_a_majority() -> None:
    graph = graph_of(("p", "A", 60), ("p", "B", 60), ("A", "T", 30), ("B", "T", 30))
    assert controllers_of(graph, "T") == ("p",)
    assert set(controlled_by(graph, "p")) == {"A", "B", "T"}


def test_without_a_quarter_the_declared_controller_counts_and_else_the_manager() -> None:
    graph = graph_of(*((name, "T", 10) for name in "abcdefghij"))
    boss = Party("person:王:1234", PartyKind.PERSON, "王")
    declared = picture_of(graph, "T", [boss]).beneficial_owners
    assert [(one.party, one.bases) for one in declared] == [(boss, (OwnerBasis.CONTROL,))]
    manager = picture_of(graph, "T", managers=[("李", "5678")]).beneficial_owners
    assert [(one.party.name, one.bases) for one in manager] == [("李", (OwnerBasis.MANAGER,))]
    assert picture_of(graph, "T").beneficial_owners == ()


def test_a_circle_is_named_and_its_shares_are_still_exact() -> None:
    graph = graph_of(("A", "T", 80), ("B", "A", 50), ("A", "B", 50), ("p", "A", 50), ("q", "B", 50))
    found = circles(graph, {"T", *graph.above("T")})
    assert [(one.path, one.members) for one in found] == [(("A", "B"), frozenset("AB"))]
    shares = effective(graph)
    # p: 0.8 * 0.5 / (1 - 0.25); q: 0.8 * 0.5 * 0.5 / (1 - 0.25); together what A holds.
    assert shares["p"] == Fraction(8, 15)
    assert shares["q"] == Fraction(4, 15)
    assert shares["A"] == Fraction(8, 10)
    assert shares["B"] == Fraction(4, 10)


def test_a_circle_nobody_outside_holds_is_undetermined_and_ends() -> None:
    graph = graph_of(("A", "T", 100), ("B", "A", 100), ("A", "B", 100))
    found = look_through(graph, "T")
    assert found.undetermined == {"A", "B"}
    assert found.shares == {}
    assert picture_of(graph, "T").controller is None
    assert len(picture_of(graph, "T").circles) == 1


def test_a_firm_in_its_own_circle_is_named_and_not_counted_again() -> None:
    graph = graph_of(("A", "T", 40), ("T", "A", 30), ("p", "A", 70), ("p", "T", 60))
    assert [one.path for one in circles(graph, {"T", *graph.above("T")})] == [("A", "T")]
    assert effective(graph)["p"] == Fraction(60, 100) + Fraction(40 * 70, 100 * 100)


def test_a_controller_other_than_the_declared_one_shows() -> None:
    graph = graph_of(("p", "T", 80))
    other = Party("person:李:0001", PartyKind.PERSON, "李")
    assert picture_of(graph, "T", [other]).controller_differs
    assert not picture_of(graph, "T", [graph.parties["p"]]).controller_differs


def test_the_group_is_what_one_hand_controls() -> None:
    graph = graph_of(("p", "T", 80), ("p", "S", 60), ("S", "U", 90), ("p", "V", 20))
    assert [party.key for party in picture_of(graph, "T").group] == ["p", "S", "U"]


def test_a_long_chain_and_a_wide_firm_are_looked_through() -> None:
    chain = [(f"F{step + 1}", f"F{step}", 99) for step in range(200)]
    graph = graph_of(*chain, ("p", "F200", 100))
    assert effective(graph, "F0")["p"] == Fraction(99, 100) ** 200


@st.composite
def graphs(draw: st.DrawFn) -> Ownership:
    """Firms and people in any tangle; nobody's holders have more than all of it."""
    names = ["T", "A", "B", "C", "D", "E", "p", "q", "r"]
    held = [name for name in names if name.isupper()]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.sampled_from(held), SHARES),
            max_size=20,
            unique_by=lambda row: row[:2],
        )
    )
    left: dict[str, Fraction] = defaultdict(lambda: Fraction(1))
    rows = []
    for holder, firm, wanted in pairs:
        share = min(wanted, left[firm])
        if holder != firm and share > 0:
            left[firm] -= share
            rows.append(Holding(holder, firm, share))
    parties = {
        name: Party(name, PartyKind.FIRM if name.isupper() else PartyKind.PERSON, name)
        for name in names
    }
    return Ownership(parties, tuple(rows))


@given(graphs())
def test_every_share_lies_between_nothing_and_all(graph: Ownership) -> None:
    found = look_through(graph, "T")
    assert all(0 <= share <= 1 for share in found.shares.values())
    assert set(found.shares) | found.undetermined == set(graph.above("T"))


@given(graphs())
def test_those_at_the_top_never_have_more_than_the_whole(graph: Ownership) -> None:
    found = look_through(graph, "T").shares
    tops = [share for key, share in found.items() if not graph.holders_of(key)]
    assert sum(tops, Fraction(0)) <= 1
    for one in graph.holders_of("T"):
        if one.holder in found:
            assert found[one.holder] >= one.share


@given(graphs())
def test_circles_are_real_and_no_circle_is_missed(graph: Ownership) -> None:
    everybody = set(graph.parties)
    for circle in circles(graph, everybody):
        ways = zip(circle.path, (*circle.path[1:], circle.path[0]), strict=True)
        assert all(held in {one.held for one in graph.held_by(holder)} for holder, held in ways)
    knotted = {key for circle in circles(graph, everybody) for key in circle.members}
    assert knotted == {key for key in everybody if _returns(graph, key)}


@given(graphs())
def test_a_picture_is_found_for_every_tangle(graph: Ownership) -> None:
    picture = picture_of(graph, "T")
    assert 0 <= picture.unknown <= 1
    assert all(one.party.is_person for one in picture.beneficial_owners)


@pytest.mark.parametrize("size", [2, 12, 40, 60])
def test_a_large_knot_ends(size: int) -> None:
    ring = [(f"F{place}", f"F{(place + 1) % size}", 60) for place in range(size)]
    graph = graph_of(("F0", "T", 100), ("p", "F1", 40), *ring)
    found = look_through(graph, "T")
    assert ("p" in found.undetermined) is (size > 40)
    assert all(0 < share <= 1 for share in found.shares.values())


def _returns(graph: Ownership, key: str) -> bool:
    return any(one.held == key or key in graph.below(one.held) for one in graph.held_by(key))
