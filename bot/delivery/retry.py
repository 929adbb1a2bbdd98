"""What follows from an answer: the next state, and when to ask again."""

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.states import State
from bot.errors import Answer, Barred, NotNow, Refused, Unclear
from bot.zones import DAY, MINUTE

FIRST_WAIT, LONGEST_WAIT = 30, 15 * MINUTE
LONGEST_RESPITE = DAY  #: the longest window of any network we know; a garbled header can name any year


class Respite(Struct, frozen=True):
    """A network said "not now": its whole account is left alone for a while, so that one post asks, and not each."""

    until: int
    reason: str
    noes: int = 1  #: how often in a row it said so


class Verdict(Struct, frozen=True):
    """Where a delivery goes from here, and why."""

    state: State
    reason: str
    due: int | None = None  #: when it may be asked for again; None where it may not
    counts: bool = False  #: whether the next wait is longer for it
    respite: Respite | None = None
    unclear: bool = False  #: whether the network said yes without a proof


SENT = Verdict(State.SENT, "a receipt for every part")


def decide(answer: Receipt | Answer, attempts: int, *, now: int, deadline: int, noes: int = 0) -> Verdict:
    """What an answer makes of a delivery that was put off `attempts` times before, its account `noes` times in a row.

    A receipt is that of the last part. Nothing is asked for again at or after `deadline`.
    """
    match answer:
        case Receipt():
            return SENT
        case Refused():
            return Verdict(State.FAILED, f"refused: {answer}")
        case Barred():
            return wait(answer, now + LONGEST_WAIT, deadline=deadline, why="barred")
        case NotNow():
            return _put_off(answer, attempts, noes, now=now, deadline=deadline)
        case _:
            return Verdict(State.UNKNOWN, f"unanswered: {answer}", unclear=isinstance(answer, Unclear))


def wait(answer: NotNow, due: int, *, deadline: int, why: str = "") -> Verdict:
    """Ask again at `due`, however often that was so before; the end where that is too late."""
    said = f"{why}: {answer}" if why else str(answer)
    if due >= deadline:
        return Verdict(State.FAILED, f"out of time: {said}")
    return Verdict(State.PENDING, said if why else f"not now: {said}", due)


def backoff(attempts: int) -> int:
    """Seconds to wait after so many attempts that led nowhere: doubling, up to a quarter of an hour."""
    return min(FIRST_WAIT << min(attempts, LONGEST_WAIT.bit_length()), LONGEST_WAIT)


def _put_off(answer: NotNow, attempts: int, noes: int, *, now: int, deadline: int) -> Verdict:
    named = answer.after if answer.after and answer.after > now else None
    verdict = wait(answer, named or now + backoff(attempts), deadline=deadline)
    until = min(named or now + backoff(noes), now + LONGEST_RESPITE)
    return replace(verdict, counts=True, respite=Respite(until, str(answer), noes + 1))
