"""Taking down: what was sent is deleted on every network that allows it, and what remains is said.

The networks are asked right here, in the calling process; whoever calls writes down the decision.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Deleter, Deletion, Publisher, Removal
from bot.delivery.answers import answered
from bot.delivery.decided import By
from bot.delivery.removals import Outcome, Showing
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.errors import Answer, BadCall, NotNow, Refused
from bot.model import Account


class Taken(Struct, frozen=True):
    """One part that people saw, and what became of it."""

    key: str  #: of its delivery
    post: str
    account: str
    network: str
    part: int
    url: str
    outcome: Outcome | None  #: None: it was not to be asked for
    said: str  #: the outcome as a sentence, without the address

    @property
    def is_down(self) -> bool:
        """Tell whether it is there no more."""
        return self.outcome is not None and self.outcome.is_down


class Takedown(Struct, frozen=True):
    """What became of all that was to be taken down."""

    parts: tuple[Taken, ...]  #: in the order in which they were asked for: the last part of a thread first
    besides: tuple[str, ...] = ()  #: what else a person has to know, a sentence each

    @property
    def remaining(self) -> tuple[Taken, ...]:
        """The parts that are still there, or may be."""
        return tuple(each for each in self.parts if not each.is_down)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.remaining and not self.besides


PublisherOf = Callable[[Account], Publisher]
Clock = Callable[[], int]


def standing(desk: Desk, key: str) -> tuple[Showing, ...]:
    """What would be taken down, in the order in which it would be asked for; BadCall where nothing was shown.

    `key` names a delivery, or a slot with all its deliveries; those that were retried go with each other.
    """
    return tuple(showing for row in _scope(desk, key).shown for showing in _showings(desk, row))


def take_down(desk: Desk, key: str, by: By, *, clock: Clock, publisher_of: PublisherOf) -> Takedown:
    """Ask the networks to delete every part that was shown, the last part of a thread first.

    What is still to come of such a thread is given up first, so that it does not go on below what is gone. What the
    dry run has shown, the dry run takes down. BadCall where nothing was shown.
    """
    scope = _scope(desk, key)
    for row in scope.shown:
        _give_up(desk, row, by)
    # One publisher an account: some sign in before they ask.
    crew = _Crew(desk, by, clock, cache(publisher_of))
    taken = [each for row in scope.shown for each in crew.take_down(row)]
    told = [*map(_left_open, scope.shown), *map(_still_to_come, scope.others)]
    return Takedown(tuple(taken), tuple(filter(None, told)))


class _Crew(Struct, frozen=True):
    """Who goes and asks."""

    desk: Desk
    by: By
    clock: Clock
    publisher_of: PublisherOf

    def take_down(self, row: Row) -> Iterator[Taken]:
        """Ask for the parts of a delivery; once its network says "not now", for no more of them."""
        outcome, said = None, ""
        for showing in _showings(self.desk, row):
            if row.state is State.SENDING:
                outcome, said = None, "it is being sent this very moment"
            elif outcome is not Outcome.LATER or showing.taken_down:
                outcome, said = self._settled(showing)
            yield Taken(
                row.key, row.post, row.account, row.network, showing.part, showing.proof.url, outcome, said
            )

    def _settled(self, showing: Showing) -> tuple[Outcome, str]:
        if done := showing.taken_down:
            return Outcome.GONE, f"{done.who} has taken it down before"
        number = self.desk.queue.begin_removal(showing, who=self.by.who, now=self.clock())
        outcome, said = self._asked(showing)
        self.desk.queue.end_removal(number, outcome, said)
        return outcome, said

    def _asked(self, showing: Showing) -> tuple[Outcome, str]:
        account = self._account(showing)
        if isinstance(account, str):
            return Outcome.UNABLE, account
        publisher = answered(partial(self.publisher_of, account))
        if isinstance(publisher, Answer):
            return Outcome.UNABLE, str(publisher)
        if not isinstance(publisher, Deleter):
            return Outcome.UNABLE, _UNABLE
        return _told(answered(partial(publisher.delete, _removal(showing, self.clock()))))

    def _account(self, showing: Showing) -> Account | str:
        """The account to ask for, or why there is none."""
        found = self.desk.project.schedules.accounts.get(showing.account)
        name = showing.account
        if showing.is_dry_run:  # whatever its file says by now
            return replace(found or Account(name, showing.network), live=False)
        if found is None or found.network != showing.network:
            was = f"there is no account {name} on {showing.network} any more"
            return f"{was}: write it into schedules/accounts.toml again, {_OR_BY_HAND}"
        if not found.live:
            return f"{name} is not live any more: write `live = true` for it again, {_OR_BY_HAND}"
        return found


_OR_BY_HAND = "and take it down then; or delete it there by hand"
_UNABLE = "its network offers no deleting: delete it there by hand"
_DONE = {
    Deletion.REMOVED: (Outcome.REMOVED, "it is deleted"),
    Deletion.GONE: (Outcome.GONE, "it was gone already"),
    Deletion.UNABLE: (Outcome.UNABLE, _UNABLE),
}


def _removal(showing: Showing, now: int) -> Removal:
    return Removal(
        key=showing.shown_for,
        account=showing.account,
        network=showing.network,
        part=showing.part,
        id=showing.proof.id,
        url=showing.proof.url,
        at=now,
    )


def _told(answer: object) -> tuple[Outcome, str]:
    """The outcome of an answer, and the words for it."""
    match answer:
        case Deletion():
            return _DONE[answer]
        case Refused():
            return Outcome.REFUSED, str(answer)
        case NotNow():
            return Outcome.LATER, str(answer)
        case Answer():
            return Outcome.UNANSWERED, f"{answer}; nobody knows whether it is gone: take it down again"
    return Outcome.UNANSWERED, "its publisher gave no answer that is one: see whether it is gone"


class _Scope(Struct, frozen=True):
    """The deliveries that a key means."""

    shown: tuple[Row, ...]  #: something of them was, or they go on where one failed of which something was
    others: tuple[Row, ...]  #: nothing of them was


def _scope(desk: Desk, key: str) -> _Scope:
    named = desk.rows(key)
    showings = desk.queue.showings([row.key for row in named])
    accounts = {row.account for row in named if row.key in showings}
    if not accounts:
        stand = " and ".join(sorted({row.state for row in named}))
        raise BadCall(f"cannot take down {key}: nothing of it was shown, as far as is known; it is {stand}")
    whole = [row for row in desk.rows(named[0].slot.key) if row.account in accounts]
    shown = sorted(whole, key=lambda row: (row.account, -len(row.receipts)))
    return _Scope(tuple(shown), tuple(row for row in named if row.account not in accounts))


def _showings(desk: Desk, row: Row) -> tuple[Showing, ...]:
    """What was shown of a delivery, the last part first."""
    return desk.queue.showings([row.key]).get(row.key, ())[::-1]


def _give_up(desk: Desk, row: Row, by: By) -> None:
    """Let nothing more be sent of a delivery; BadCall where it moved on in this very moment."""
    reason = f"taken down by {by.who}" + (f": {by.why}" if by.why else "")
    if row.state is State.PENDING:
        desk.queue.skip(row.key, reason=reason, now=desk.now)
    if row.state is State.UNKNOWN:
        desk.queue.resolve_failed(row.key, reason=reason, now=desk.now)


def _left_open(row: Row) -> str | None:
    """What nobody knows of a delivery of which something was shown."""
    if row.state is State.UNKNOWN:
        part = len(row.receipts) + 1
        return f"nobody knows whether {row.account} shows part {part} too: look there, and delete it by hand if it does"
    if row.state is State.SENDING:
        return f"{row.account} is being asked for it: take {row.key[:8]} down again in a minute"
    return None


def _still_to_come(row: Row) -> str | None:
    """What may yet be shown of a delivery of which nothing was."""
    if row.state is State.PENDING:
        return f"{row.account} will still show it: `redletter queue skip {row.key[:8]} --reason R` stops that"
    if row.state in {State.SENDING, State.UNKNOWN}:
        return f"nobody knows yet whether {row.account} shows it: see `redletter queue show {row.key[:8]}`"
    return None
