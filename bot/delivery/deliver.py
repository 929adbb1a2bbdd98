"""Deliveries on their way: what a publisher is asked, step by step, and what is written down before and after.

An errand is a generator: it yields questions for the network and notes for the queue, and is sent each answer. Whoever
carries it puts the questions from any thread, and writes the notes, those of several errands in one transaction; an
errand goes on when its note is durable, and not before.
"""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Ask, Publisher, Quote, Receipt
from bot.delivery.answers import answered, made_ready
from bot.delivery.budgets import cost_of
from bot.delivery.queue import Queue
from bot.delivery.retry import SENT, Verdict, decide
from bot.delivery.states import State
from bot.delivery.steps import step
from bot.delivery.values import Claim, Unknown
from bot.errors import Answer, NotNow, Refused, Unanswered
from bot.model import Account

Clock = Callable[[], int]


_SAID_YES = Unanswered("it said yes, and does not show it: see whether it is there")


class Question(Struct, frozen=True):
    """Something to ask a network, and the claim in hand while it is asked."""

    put: Callable[[], object]
    claim: Claim | None = None


class Note(Struct, frozen=True):
    """Something to be written down. BadState from it changes nothing: it is tried again until it is taken."""

    put: Callable[[], object]


#: It ends with where the delivery stands; None where that is for others to say.
Errand = Generator[Question | Note, object, State | None]


class Satchel(Struct, frozen=True):
    """What every errand of a process works with."""

    queue: Queue
    clock: Clock
    root: str  #: the project's folder, from which media are named


def deliver(satchel: Satchel, due: Claim, publisher: Publisher, *, account: Account) -> Errand:
    """Bring what is due to its account: made ready, claimed, and asked for part by part, in order."""
    made = yield from _made_ready(satchel, due, publisher, live=account.live)
    step("made ready")
    if isinstance(made, Answer):
        return _state((yield Note(partial(_turn_away, satchel, due, made))))
    claim = yield Note(partial(_claim, satchel, due, made, account=account))
    if not isinstance(claim, Claim):
        return _state(claim)
    step("claimed")
    if not claim.missing:  # the last receipt came when it was thought absent
        return _state((yield Note(partial(_settle, satchel, claim, claim.receipts[-1]))))
    return (yield from _ask_for_each(satchel, claim, publisher, live=account.live))


def look(satchel: Satchel, unknown: Unknown, publisher: Publisher) -> Errand:
    """Ask the network whether it has what was not answered, and move on what it says.

    Where it cannot tell, the delivery stays unknown.
    """
    claim = unknown.claim
    if claim.damage and unknown.asked:
        yield Note(
            partial(_leave, satchel, unknown, Unanswered(f"{claim.damage}; see whether they are there"))
        )
        return None
    if unknown.asked and claim.missing:
        ask = _ask(satchel, claim, claim.missing.start, live=unknown.live)
        answer = yield Question(partial(answered, partial(publisher.find, ask)))
        step("looked")
        if isinstance(answer, Receipt):
            yield Note(partial(satchel.queue.record, claim, ask.part, answer))
            step("found")
        elif answer is not None or unknown.unclear:
            yield Note(partial(_leave, satchel, unknown, _no(answer) if answer is not None else _SAID_YES))
            return None
    yield Note(lambda: satchel.queue.clear(unknown, satchel.clock()))
    step("cleared")
    return None


def sight(satchel: Satchel, unknown: Unknown, publisher: Publisher) -> Receipt | Answer | None:
    """What the network shows of the part that was not answered; nothing is moved on by it. None: it does not show it."""
    ask = _ask(satchel, unknown.claim, unknown.claim.missing.start, live=unknown.live)
    return answered(partial(publisher.find, ask))


def carried(errand: Errand) -> State | None:
    """Carry an errand to its end in this thread. BadState where the queue does not take what must be written."""
    answer: object = None
    while True:
        try:
            answer = errand.send(answer).put()
        except StopIteration as end:
            state: State | None = end.value
            return state


def _made_ready(
    satchel: Satchel, due: Claim, publisher: Publisher, *, live: bool
) -> Generator[Question | Note, object, tuple[str, ...] | Answer]:
    """What the publisher makes of the parts, or made of them before; a text for each part."""
    if due.damage:
        return Refused(due.damage)
    if due.prepared:
        return due.prepared
    asks = [_ask(satchel, due, part, live=live) for part in due.missing]
    if not asks:
        return ()
    if due.rendition.quote and asks[0].part == 1 and asks[0].quote is None:
        return _unquotable(due)
    made = yield Question(partial(made_ready, publisher, asks))
    return made if isinstance(made, Answer) else ("",) * len(due.receipts) + _texts(made)


def _ask_for_each(satchel: Satchel, claim: Claim, publisher: Publisher, *, live: bool) -> Errand:
    while True:
        ask = _ask(satchel, claim, claim.missing.start, live=live)
        answer = yield Question(
            partial(_in_time, satchel.clock, claim, partial(publisher.publish, ask)), claim
        )
        step("answered")
        if not isinstance(answer, Receipt):
            return _state((yield Note(partial(_settle, satchel, claim, _no(answer)))))
        claim = replace(claim, receipts=(*claim.receipts, answer, *answer.then))
        if not claim.missing:
            return _state((yield Note(partial(_finish, satchel, claim, ask.part, answer))))
        ours = yield Note(partial(_go_on, satchel, claim, ask.part, answer, live=live))
        step("went on")
        if not isinstance(ours, Claim):
            return None
        claim = ours


def _claim(
    satchel: Satchel, due: Claim, made: tuple[str, ...], *, account: Account
) -> Claim | Verdict | None:
    now = satchel.clock()
    cost = cost_of(due.rendition, account, now) if account.live else None
    return satchel.queue.claim(due, made, now, live=account.live, cost=cost)


def _turn_away(satchel: Satchel, due: Claim, answer: Answer) -> Verdict | None:
    now = satchel.clock()
    verdict = decide(answer, due.attempts, now=now, deadline=due.deadline, noes=due.noes)
    return verdict if satchel.queue.turn_away(due, verdict, now) else None


def _go_on(satchel: Satchel, claim: Claim, part: int, proof: Receipt, *, live: bool) -> Claim | None:
    now = satchel.clock()
    is_ours = satchel.queue.go_on(claim, part, proof, now, live=live)
    return replace(claim, lease_until=now + claim.lease) if is_ours else None


def _finish(satchel: Satchel, claim: Claim, part: int, proof: Receipt) -> Verdict | None:
    return SENT if satchel.queue.finish(claim, part, proof, satchel.clock()) else None


def _settle(satchel: Satchel, claim: Claim, answer: Receipt | Answer) -> Verdict | None:
    now = satchel.clock()
    verdict = decide(answer, claim.attempts, now=now, deadline=claim.deadline, noes=claim.noes)
    return verdict if satchel.queue.settle(claim, verdict, now) else None


def _leave(satchel: Satchel, unknown: Unknown, answer: Answer) -> None:
    satchel.queue.leave_unknown(unknown, str(answer), satchel.clock(), after=answer.after)


def _state(verdict: object) -> State | None:
    """Where a delivery stands once its last note is taken."""
    step("finished")
    return verdict.state if isinstance(verdict, Verdict) else None


def _in_time(clock: Clock, claim: Claim, publish: Callable[[], Receipt]) -> object:
    """Ask, unless this process slept so long that another may have taken over."""
    if clock() >= claim.lease_until:
        return NotNow("stopped before it was asked for: its lease ran out")
    step("about to ask")
    return answered(publish)


def _ask(satchel: Satchel, claim: Claim, part: int, *, live: bool) -> Ask:
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
        media=tuple(replace(each, file=str(PurePath(satchel.root, each.file))) for each in shown.media),
        reply_to=claim.receipts[part - 2].id if 1 < part <= len(claim.receipts) + 1 else None,
        at=satchel.clock(),
        first_at=claim.asked[part - 1],
        lang=claim.rendition.lang,
        warning=claim.rendition.warning if is_first else "",
        quote=_quote(satchel.queue, claim, live=live) if is_first else None,
        prepared=claim.prepared[part - 1] if claim.prepared else "",
    )


def _quote(queue: Queue, claim: Claim, *, live: bool) -> Quote | None:
    wanted = claim.rendition.quote
    if wanted is None or not wanted.post:
        return None if wanted is None else Quote("", wanted.url)
    return queue.quoted(wanted.post, claim.account, live=live)


def _unquotable(due: Claim) -> Refused:
    return Refused(
        f"it quotes {due.rendition.quote}, which {due.account} does not show; give its address where it stands, such as "
        'quote = { x = "https://…" }: elsewhere a link to it is shown'
    )


def _texts(made: object) -> tuple[str, ...]:
    return made if isinstance(made, tuple) else ()


def _no(answer: object) -> Answer:
    return answer if isinstance(answer, Answer) else Unanswered("it gave no answer that is one")
