"""What people should hear of, worked out from what the queue says; nothing here asks anybody."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from bot.delivery.states import State
from bot.delivery.values import Row, Shown
from bot.model import digest
from bot.planning.count import graphemes
from bot.zones import DAY, HOUR, MINUTE, local_text, utc_text

#: An unknown that its network may still clear up is left in peace for so long.
PATIENCE = 10 * MINUTE
#: How long before it is missed a post without its approval is told of: a day, and once more two hours.
NOTICE = (2 * HOUR, DAY)
#: What failed or was missed is counted as trouble for so long, unless its account sends something earlier.
STANDS = DAY

K = TypeVar("K")
#: When and what was sent, in order of time: on each account, and under "" on any.
Sent = Mapping[str, Sequence[tuple[int, str]]]

_BARRED = "barred: "
#: What stands before the root of a reason: how it came to an end, and until when, make it no other cause.
_WAYS = re.compile(
    rf"(?:(?:out of time|refused|not now|unanswered|left alone until .+?): |{re.escape(_BARRED)})+"
)
#: The ids of posts that were written by hand: they stand in no file, so nobody knows them by name.
_BY_HAND = re.compile(r"post/[0-9a-f]{8}")
#: By so many letters at most they are known.
_LETTERS = 40
#: Reasons that are nobody's fault: a person knew.
_KNOWN = ("held: ", "not approved in time")
#: Reasons that concern every account alike.
_COMMON = (*_KNOWN, "the bot was not running")


class Kind(StrEnum):
    """What sort of thing it is; the most pressing first."""

    BROKEN = "broken"  #: turns fail: nothing is sent at all
    BARRED = "barred"  #: an account takes nothing until a person acts
    UNKNOWN = "unknown"  #: nobody knows whether the network has it
    HALF = "half"  #: a thread that will not be whole
    FAILED = "failed"  #: the network said no, or was not willing in time
    MISSED = "missed"  #: too late to be worth posting
    APPROVAL = "approval"  #: will be missed unless a person approves
    EARLY = "early"  #: will go wrong unless a person acts

    @property
    def rank(self) -> int:
        """How pressing it is: the lower goes first."""
        return list(Kind).index(self)


class Cause(Struct, frozen=True):
    """One thing that people should hear of, once."""

    id: str  #: the same as long as it is the same thing; it is told once under it
    kind: Kind
    text: str  #: one line: what, where, and what to do
    since: int
    account: str = ""
    post: str = ""
    called: str = ""  #: what people know the post by, where that is not its id
    ripe: int = 0  #: from when it is told; until then it may clear up by itself
    stands: bool = True  #: it is wrong now, not only in the past or in time to come

    def is_trouble(self, now: int) -> bool:
        """Tell whether all cannot be called well because of it."""
        return self.stands and self.ripe <= now


class Seen(Struct, frozen=True):
    """What the queue says at one moment, as far as trouble goes."""

    waiting: tuple[Row, ...] = ()  #: pending
    ended: tuple[Row, ...] = ()  #: failed and missed
    unknown: tuple[Shown, ...] = ()
    sent: tuple[Row, ...] = ()  #: what the accounts in trouble sent
    busy: frozenset[str] = frozenset()  #: accounts with a delivery in hand


def causes(seen: Seen, now: int) -> tuple[Cause, ...]:
    """Everything that people should hear of, the most pressing first, each cause once.

    A post that failed amid others that went out is a cause of its own; of those that failed on an account for the
    same reason, with nothing sent between them, one is told.
    """
    sent = _spells(seen.sent)
    ended = _unreplaced(seen)
    barred = [row for row in seen.waiting if is_barred(row)]
    found = [
        *_stopped([*barred, *(row for row in ended if not row.receipts)], sent, now),
        *map(_unknown, seen.unknown),
        *(_half(row, now) for row in ended if row.receipts),
        *_approvals(seen.waiting, now),
    ]
    return in_order(found)


def in_order(found: Iterable[Cause]) -> tuple[Cause, ...]:
    """The most pressing first; of those alike, the oldest."""
    return tuple(sorted(found, key=lambda cause: (cause.kind.rank, cause.since, cause.id)))


def cause_id(kind: Kind, *names: object) -> str:
    """The name of a cause, from what makes it this one and no other."""
    return f"{kind}:{digest(*names)}"


def when(row: Row) -> str:
    """When a delivery should be seen, by the clock of its slot."""
    return f"{local_text(row.at, row.slot.zone)[:16].replace('T', ' ')} {row.slot.zone}"


def called(row: Row) -> str:
    """What people know a post by: its id, or how the words begin that are missing, where it was written by hand."""
    if not _BY_HAND.fullmatch(row.post):
        return row.post
    missing = min(len(row.receipts), len(row.rendition.parts) - 1)
    words = _beginning(" ".join(row.rendition.parts[missing].text.split()))
    return f"“{words}”" if words else row.post


def _beginning(words: str) -> str:
    """How a line begins, cut between two words where there are any, and never within a sign."""
    signs = graphemes(words)
    if len(signs) <= _LETTERS:
        return words
    head = "".join(signs[:_LETTERS])
    return f"{head.rpartition(' ')[0] or head} …"


def is_barred(row: Row) -> bool:
    """Tell whether its network takes nothing from the account until a person acts."""
    return row.reason.startswith(_BARRED)


def _stopped(rows: Iterable[Row], sent: Sent, now: int) -> Iterator[Cause]:
    """One cause a reason, on one account or on all, however many posts it stops, until something is sent there again."""

    def identity(row: Row) -> tuple[str, str, str]:
        root = _root(row)
        scope = "" if root.startswith(_COMMON) else row.account
        return (root, scope, _sent_before(now if is_barred(row) else row.at, sent, scope))

    for names, alike in _grouped(rows, identity).items():
        current = [row for row in alike if is_barred(row) or _is_current(row, sent, now)]
        kind = _kind(alike)
        text = _barred_text(names[0], alike) if kind is Kind.BARRED else _ended_text(kind, alike)
        stands = bool(current) and not names[0].startswith(_KNOWN)
        first = alike[0]
        # Not named by its kind: what waits now may have failed tomorrow, for the same reason.
        name = f"stopped:{digest(*names)}"
        yield Cause(name, kind, text, first.at, first.account, first.post, stands=stands)


def _kind(alike: Iterable[Row]) -> Kind:
    if any(_BARRED in row.reason for row in alike):
        return Kind.BARRED
    return Kind.FAILED if any(row.state is State.FAILED for row in alike) else Kind.MISSED


def _barred_text(root: str, alike: Sequence[Row]) -> str:
    number = "1 post" if len(alike) == 1 else f"{len(alike)} posts"
    return f"nothing goes out on {alike[0].account}: {root} ({number} stopped by it)"


def _ended_text(kind: Kind, alike: Sequence[Row]) -> str:
    first = alike[0]
    accounts = ", ".join(dict.fromkeys(row.account for row in alike))
    more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
    return f"{kind} on {accounts}: {called(first)}, of {when(first)}{more}: {first.reason}"


def _unknown(shown: Shown) -> Cause:
    row = shown.row
    since = max((move.at for move in shown.moves if move.state is State.UNKNOWN), default=row.at)
    have, parts = len(row.receipts), len(row.rendition.parts)
    which = f"part {have + 1} of {parts} of {called(row)}" if parts > 1 else called(row)
    text = (
        f"unknown on {row.account}: nobody knows whether it has {which}, of {when(row)}; "
        f"look there, then `redletter queue resolve {row.key[:8]} --sent URL | --absent | --failed REASON`"
    )
    ripe = since if row.due is None else since + PATIENCE
    # It can become unknown again, and is told again then.
    name = cause_id(Kind.UNKNOWN, row.key, since)
    return Cause(name, Kind.UNKNOWN, text, since, row.account, row.post, called(row), ripe)


def _half(row: Row, now: int) -> Cause:
    have, parts = len(row.receipts), len(row.rendition.parts)
    missing = f"part {parts} is" if have + 1 == parts else f"parts {have + 1} to {parts} are"
    text = (
        f"half a thread on {row.account}: of {called(row)}, of {when(row)}, {missing} missing ({row.reason}); "
        f"it begins at {row.receipts[0].url}"
    )
    name = cause_id(Kind.HALF, row.key)
    return Cause(name, Kind.HALF, text, row.at, row.account, row.post, stands=_last_of(row) + STANDS > now)


def _approvals(rows: Iterable[Row], now: int) -> Iterator[Cause]:
    """What will be missed unless it is approved: one cause a slot, told a day before and once more two hours."""
    waiting = (row for row in rows if row.waits == "not approved" and row.deadline > now)
    for (slot, deadline), alike in _grouped(waiting, lambda row: (row.slot.key, row.deadline)).items():
        notice = next((notice for notice in NOTICE if deadline - now <= notice), None)
        if notice is None:
            continue
        first = alike[0]
        accounts = ", ".join(row.account for row in alike)
        text = (
            f"waits for approval: {called(first)} on {accounts}, of {when(first)}; it is missed at "
            f"{utc_text(deadline)} unless somebody says `redletter queue approve {slot[:8]}`"
        )
        name = cause_id(Kind.APPROVAL, slot, deadline, notice)
        yield Cause(name, Kind.APPROVAL, text, deadline - notice, first.account, first.post, stands=False)


def _grouped(rows: Iterable[Row], key: Callable[[Row], K]) -> dict[K, list[Row]]:
    found: dict[K, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.key)):
        found[key(row)].append(row)
    return found


def _root(row: Row) -> str:
    """What stopped it, without the way in which that came to an end."""
    way = _WAYS.match(row.reason)
    return row.reason[way.end() :] if way else row.reason


def _unreplaced(seen: Seen) -> list[Row]:
    """What ended, without what a person had asked for again in a delivery of its own."""
    others = (*seen.waiting, *seen.sent, *seen.ended, *(shown.row for shown in seen.unknown))
    again = {(row.slot.key, row.account) for row in others if row.state is not State.FAILED}
    return [
        row for row in seen.ended if row.state is State.MISSED or (row.slot.key, row.account) not in again
    ]


def _spells(rows: Iterable[Row]) -> Sent:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        at = row.receipts[-1].at if row.receipts else row.at
        for scope in ("", row.account):
            found[scope].append((at, row.key))
    return {scope: sorted(each) for scope, each in found.items()}


def _is_current(row: Row, sent: Sent, now: int) -> bool:
    """Its account has sent nothing since, and it is not long ago."""
    latest = sent[row.account][-1][0] if row.account in sent else row.at
    return latest <= row.at and _last_of(row) + STANDS > now


def _last_of(row: Row) -> int:
    """The latest instant at which it can have come to its end."""
    return max(row.at, row.deadline)


def _sent_before(instant: int, sent: Sent, scope: str) -> str:
    """What the account, or any, had sent last by then: its name tells one spell of trouble from the next."""
    spell = sent.get(scope, ())
    place = bisect_right(spell, (instant, "~"))  # behind every key of that instant
    return spell[place - 1][1] if place else ""
