"""The states of a case: which moves there are, and that there are no others."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.lifecycle import FINAL, MOVES, OPEN, IllegalMove, State, check_move

ALLOWED = {
    "started": "queued withdrawn expired",
    "queued": "reading in_review withdrawn",
    "reading": "queued in_review retake withdrawn",
    "retake": "queued withdrawn expired",
    "in_review": "second_review approved rejected retake withdrawn",
    "second_review": "approved rejected in_review retake withdrawn",
    "approved": "erased",
    "rejected": "erased",
    "withdrawn": "erased",
    "expired": "erased",
    "erased": "",
}


def test_the_moves_are_those_of_the_design() -> None:
    assert {str(state): set(map(str, to)) for state, to in MOVES.items()} == {
        state: set(to.split()) for state, to in ALLOWED.items()
    }


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_move_is_allowed_or_refused_and_nothing_else(origin: State, to: State) -> None:
    if to in ALLOWED[origin].split():
        check_move(origin, to)
    else:
        with pytest.raises(IllegalMove) as refused:
            check_move(origin, to)
        assert (refused.value.origin, refused.value.to) == (origin, to)


def test_no_state_moves_to_itself() -> None:
    assert all(state not in to for state, to in MOVES.items())


def test_open_and_final_states_part_all_states() -> None:
    assert set(State) == OPEN | FINAL
    assert not OPEN & FINAL


def test_a_final_state_can_only_be_erased() -> None:
    assert all(MOVES[state] <= {State.ERASED} for state in FINAL)


def test_every_open_state_can_be_withdrawn() -> None:
    assert all(State.WITHDRAWN in MOVES[state] for state in OPEN)


def test_every_state_can_be_reached_from_the_start() -> None:
    reached, frontier = {State.STARTED}, {State.STARTED}
    while frontier:
        frontier = {to for state in frontier for to in MOVES[state]} - reached
        reached |= frontier
    assert reached == set(State)


def test_every_open_case_can_come_to_an_end_and_be_erased() -> None:
    for start in State:
        reached, frontier = {start}, {start}
        while frontier:
            frontier = {to for state in frontier for to in MOVES[state]} - reached
            reached |= frontier
        assert State.ERASED in reached


def test_an_illegal_move_survives_a_worker_boundary() -> None:
    error = pickle.loads(pickle.dumps(IllegalMove(State.APPROVED, State.QUEUED)))
    assert str(error) == "a case cannot move from approved to queued"
