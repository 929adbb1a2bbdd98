"""The life of a delivery: its states, and the moves between them as a table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.errors import BadState


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"  #: waits for its time, for a person's word, or for the network to be willing
    SENDING = "sending"  #: claimed: one process asks the network, and holds a lease
    SENT = "sent"  #: a receipt for every part
    MISSED = "missed"  #: too late to be worth posting
    CANCELLED = "cancelled"  #: a person said no
    FAILED = "failed"  #: the network said no, or was not willing in time
    UNKNOWN = "unknown"  #: asked, and not answered: nobody knows whether the network has it

    @property
    def is_final(self) -> bool:
        """Tell whether no move leads on from here but a person's who takes a no back."""
        return all(origin is not self or (origin, to) == TAKEN_BACK for origin, to in MOVES)


#: The one move that leads on from an end.
TAKEN_BACK = (State.CANCELLED, State.PENDING)

#: Every move that is allowed, with what makes it happen.
MOVES: Mapping[tuple[State, State], str] = MappingProxyType(
    {
        (State.PENDING, State.SENDING): "due, claimed (a lease)",
        (State.PENDING, State.MISSED): "later than its grace",
        (State.PENDING, State.CANCELLED): "a person, or a hold's rule",
        TAKEN_BACK: "a person takes it back",
        (State.SENDING, State.SENT): "receipt for every part",
        (State.SENDING, State.PENDING): "not now (due moves)",
        (State.SENDING, State.FAILED): "refused, or out of time",
        (State.SENDING, State.UNKNOWN): "unanswered, or the process died",
        (State.UNKNOWN, State.SENT): "found on the network",
        (State.UNKNOWN, State.PENDING): "proved absent",
        (State.UNKNOWN, State.FAILED): "a person",
    }
)


def advance(state: State, to: State) -> State:
    """The state after a move; BadState where the table has no such move."""
    if (state, to) not in MOVES:
        raise BadState(f"a delivery that is {state} cannot become {to}")
    return to


def mermaid() -> str:
    """The table as a Mermaid picture."""
    moves = (f"    {origin} --> {to}: {label}" for (origin, to), label in MOVES.items())
    return "\n".join(("stateDiagram-v2", f"    [*] --> {State.PENDING}", *moves))
