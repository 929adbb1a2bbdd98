"""Deliveries on their way: what a publisher is asked, step by step, and what is written down before and after.

An errand is a generator: it yields questions, which whoever carries it puts to the network from any thread, and it is
sent each answer. All that it writes to the queue it writes in between, in the thread that carries it.
"""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import PurePath
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Ask, Publisher, Quote, Receipt
from bot.delivery.answers import answered, made_ready
from bot.delivery.budgets import cost_of
from bot.delivery.queue import Queue
from bot.delivery.retry import decide
from bot.delivery.states import State
from bot.delivery.steps import step
from bot.delivery.values import Claim, Unknown
from bot.errors import Answer, BadState, NotNow, Refused, Unanswered
from bot.model import Account

T = TypeVar("T")
Clock = Callable[[], int]


class Question(Struct, frozen=True):
    """Something to ask a network, and the claim in hand while it is asked."""

    put: Callable[[], object]
    claim: Claim | None = None


#: It yields a question, or why the database did not take what must be written, which is tried again then. It ends
#: with where the delivery stands; None where that is for others to say.
Errand = Generator[Question | BadState, object, State | None]


class Desk(Struct, frozen=True):
    """What every errand of a process works with."""

    queue: Queue
    clock: Clock
    root: str  #: the project's folder, from which media are named


def deliver(desk: Desk, due: Claim, publisher: Publisher, *, account: Account) -> Errand:
    """Bring what is due to its account: made ready, claimed, and asked for part by part, in order."""
    made = yield from _made_ready(desk, due, publisher)
    step("made ready")
    now = desk.clock()
    if isinstance(made, Answer):
        verdict = decide(made, due.attempts, now=now, deadline=due.deadline)
        return verdict.state if desk.queue.turn_away(due, verdict, now) else None
    cost = cost_of(due.rendition, account, now) if account.live else None
    claim = desk.queue.claim(due, made, now, live=account.live, cost=cost)
    if not isinstance(claim, Claim):
        return claim.state if claim else None
    step("claimed")
    if not claim.missing:  # the last receipt came when it was thought absent
        return (yield from _settled(desk.queue, claim, claim.receipts[-1], now))
    return (yield from _ask_for_each(desk, claim, publisher, live=account.live))


def look(desk: Desk, unknown: Unknown, publisher: Publisher) -> Errand:
    """Ask the network whether it has what was not answered, and move on what it says.

    Where it cannot tell, the delivery stays unknown.
    """
    claim = unknown.claim
    if unknown.asked and claim.missing:
        ask = _ask(desk, claim, claim.missing.start)
        answer = yield Question(partial(answered, partial(publisher.find, ask)))
        step("looked")
        if isinstance(answer, Receipt):
            desk.queue.record(claim, ask.part, answer)
            step("found")
        elif answer is not None:
            desk.queue.leave_unknown(unknown, str(_no(answer)), desk.clock())
            return None
    desk.queue.clear(unknown, desk.clock())
    step("cleared")
    return None


def carried(errand: Errand) -> State | None:
    """Carry an errand to its end in this thread. BadState where the queue does not take what must be written."""
    answer: object = None
    while True:
        try:
            question = errand.send(answer)
        except StopIteration as end:
            state: State | None = end.value
            return state
        if isinstance(question, BadState):
            raise question
        answer = question.put()


def _made_ready(
    desk: Desk, due: Claim, publisher: Publisher
) -> Generator[Question | BadState, object, tuple[str, ...] | Answer]:
    """What the publisher makes of the parts, or made of them before; a text for each part."""
    if due.prepared:
        return due.prepared
    try:
        asks = [_ask(desk, due, part) for part in due.missing]
    except Refused as no:
        return no
    if not asks:
        return ()
    made = yield Question(partial(made_ready, publisher, asks))
    return made if isinstance(made, Answer) else ("",) * len(due.receipts) + _texts(made)


def _ask_for_each(desk: Desk, claim: Claim, publisher: Publisher, *, live: bool) -> Errand:
    part = claim.missing.start
    while True:
        ask = _ask(desk, claim, part)
        answer = yield Question(partial(_in_time, desk.clock, claim, partial(publisher.publish, ask)), claim)
        step("answered")
        now = desk.clock()
        if not isinstance(answer, Receipt):
            return (yield from _settled(desk.queue, claim, _no(answer), now))
        part += len(answer.then) + 1
        if part > len(claim.rendition.parts):
            return (yield from _finished(desk.queue, claim, ask.part, answer, now=now))
        on = yield from _surely(partial(desk.queue.go_on, claim, ask.part, answer, now, live=live))
        step("went on")
        if not on:
            return None
        claim = replace(
            claim,
            lease_until=now + claim.lease,
            receipts=(*claim.receipts, answer, *answer.then),
        )


def _finished(queue: Queue, claim: Claim, part: int, proof: Receipt, *, now: int) -> Errand:
    whole = yield from _surely(partial(queue.finish, claim, part, proof, now))
    step("finished")
    return State.SENT if whole else None


def _settled(queue: Queue, claim: Claim, answer: Receipt | Answer, now: int) -> Errand:
    verdict = decide(answer, claim.attempts, now=now, deadline=claim.deadline)
    moved = yield from _surely(partial(queue.settle, claim, verdict, now))
    step("settled")
    return verdict.state if moved else None


def _surely(write: Callable[[], T]) -> Generator[Question | BadState, object, T]:
    """Write down what a network answered, however long the database does not take it: nobody else knows."""
    while True:
        try:
            return write()
        except BadState as error:
            yield error


def _in_time(clock: Clock, claim: Claim, publish: Callable[[], Receipt]) -> object:
    """Ask, unless this process slept so long that another may have taken over."""
    if clock() >= claim.lease_until:
        return NotNow("stopped before it was asked for: its lease ran out")
    step("about to ask")
    return answered(publish)


def _ask(desk: Desk, claim: Claim, part: int) -> Ask:
    """The question for one part; Refused where it quotes what is not there."""
    shown = claim.rendition.parts[part - 1]
    is_first = part == 1
    return Ask(
        key=claim.key,
        account=claim.account,
        network=claim.rendition.network,
        post=claim.post,
        part=part,
        parts=len(claim.rendition.parts),
        text=shown.text,
        media=tuple(replace(each, file=str(PurePath(desk.root, each.file))) for each in shown.media),
        reply_to=claim.receipts[part - 2].id if 1 < part <= len(claim.receipts) + 1 else None,
        at=desk.clock(),
        first_at=claim.asked[part - 1],
        lang=claim.rendition.lang,
        warning=claim.rendition.warning if is_first else "",
        quote=_quote(desk.queue, claim) if is_first else None,
        prepared=claim.prepared[part - 1] if claim.prepared else "",
    )


def _quote(queue: Queue, claim: Claim) -> Quote | None:
    wanted = claim.rendition.quote
    if wanted is None:
        return None
    found = queue.quoted(wanted.post, claim.account) if wanted.post else Quote("", wanted.url)
    if found is None:
        raise Refused(
            f"it quotes {wanted.post}, which {claim.account} never showed; give its address: "
            f'quote = {{ {claim.rendition.network} = "https://…" }}'
        )
    return found


def _texts(made: object) -> tuple[str, ...]:
    return made if isinstance(made, tuple) else ()


def _no(answer: object) -> Answer:
    return answer if isinstance(answer, Answer) else Unanswered("it gave no answer that is one")
