"""The table of moves."""

import re
from itertools import product
from pathlib import Path

import pytest

from bot.delivery.states import MOVES, State, advance, mermaid
from bot.errors import BadState

ARCHITECTURE = Path(__file__).parents[2] / "ARCHITECTURE.md"
EDGE = re.compile(r"^\s*(\S+) --> (\S+?)(?:: (.*))?$", re.MULTILINE)


def test_the_picture_in_the_architecture_is_the_table() -> None:
    [drawn] = re.findall(r"```mermaid\n(stateDiagram-v2\n.*?)```", ARCHITECTURE.read_text(), re.DOTALL)

    assert set(EDGE.findall(mermaid())) == set(EDGE.findall(drawn))


def test_the_picture_has_every_move_with_its_label() -> None:
    assert set(EDGE.findall(mermaid())) == {
        ("[*]", "pending", ""),
        *((str(origin), str(to), label) for (origin, to), label in MOVES.items()),
    }


@pytest.mark.parametrize(("origin", "to"), list(product(State, State)))
def test_only_what_the_table_has_is_a_move(origin: State, to: State) -> None:
    if (origin, to) in MOVES:
        assert advance(origin, to) is to
    else:
        with pytest.raises(BadState, match=f"a delivery that is {origin} cannot become {to}"):
            advance(origin, to)


def test_four_states_are_final() -> None:
    final = {state for state in State if state.is_final}

    assert final == {State.SENT, State.MISSED, State.CANCELLED, State.FAILED}


def test_every_state_can_be_reached() -> None:
    assert {to for _, to in MOVES} == set(State)
