"""The choice: the post that has waited longest, among those that suit the slot."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from itertools import chain, islice

from msgspec.structs import replace

from bot.model import (
    Corpus,
    Gap,
    History,
    PlannedPost,
    Post,
    Priority,
    Schedule,
    Slot,
    Tone,
    Use,
    Uses,
)
from bot.zones import DAY, date_of, day_of

#: The tones that suit a slot: on a remembrance nothing celebrates, and elsewhere nothing mourns.
_SOLEMN = frozenset({Tone.REMEMBRANCE, Tone.NEUTRAL})
_CHEERFUL = frozenset({Tone.CELEBRATION, Tone.NEUTRAL})

Fault = Callable[[Post], str | None]

#: A post with the instant since when it waits; 0 if nobody ever said it.
Waiting = tuple[int, Post]

#: Above every rank: the turn of the first post that somebody has said before us.
_OLDEST = 1 << 64


class Ledger:
    """When each post was last said on each account, while a plan is made; and where a person has already put one."""

    def __init__(self, history: History) -> None:
        """Start from history; its uses that lie ahead (rows that people touched) count once they are reached."""
        self._last: dict[str, dict[str, int]] = defaultdict(dict)
        self._ahead = [(use.at, place, use) for place, use in enumerate(history.uses)]
        heapify(self._ahead)
        self._placed: dict[str, list[Use]] = defaultdict(list)
        for use in history.uses:
            self._placed[use.post].append(use)

    def reach(self, at: int) -> None:
        """Count every use up to this instant."""
        while self._ahead and self._ahead[0][0] <= at:
            use = heappop(self._ahead)[2]
            self.said(use.post, use.accounts, use.at)

    def said(self, post: str, accounts: Iterable[str], at: int) -> None:
        """Note that a post has a slot."""
        for account in accounts:
            self._last[account][post] = at

    def memory(self, accounts: tuple[str, ...]) -> Callable[[str], int | None]:
        """A way to ask when a post was last said on any of the accounts."""
        memories = [self._last[name] for name in accounts]
        if len(memories) == 1:
            return memories[0].get

        def last(post: str) -> int | None:
            said = [at for memory in memories if (at := memory.get(post)) is not None]
            return max(said) if said else None

        return last

    def is_placed_soon(self, post: str, accounts: tuple[str, ...], at: int, cool_down: int) -> bool:
        """Tell whether a person has put the post in a slot less than `cool_down` seconds ahead."""
        return post in self._placed and any(
            at <= use.at < at + cool_down and not set(accounts).isdisjoint(use.accounts)
            for use in self._placed[post]
        )


class Rotation:
    """The posts that one schedule takes in turn."""

    def __init__(self, order: list[Post], accounts: tuple[str, ...], ledger: Ledger, *, salt: int) -> None:
        """Start with posts in their first order: nobody's first, as a ring that each salt enters elsewhere.

        The order is shared by all schedules that pick alike, so it is looked at and never changed.
        """
        unsaid = bisect_left(order, _OLDEST, key=_turn)
        entry = bisect_left(order, salt, hi=unsaid, key=_turn)
        self._coming = chain(islice(order, entry, unsaid), islice(order, entry), islice(order, unsaid, None))
        self._fresh: list[Post] = []
        self._said: list[tuple[int, str, Post]] = []
        self._last = ledger.memory(accounts)
        self.size = len(order)

    def longest_waiting(self) -> Waiting | None:
        """Take out the post that has waited longest; None when none is left."""
        said, fresh = self._said, self._next_fresh()
        while said and (at := self._last(said[0][1]) or 0) > said[0][0]:
            self.rest(heappop(said)[2], at)
        since = _since(fresh) if fresh else 0
        if said and (fresh is None or said[0][0] < since):
            at, _, post = heappop(said)
            return at, post
        return (since, self._fresh.pop()) if fresh else None

    def _next_fresh(self) -> Post | None:
        """The first of the posts that we have never said; it stays in its place."""
        while post := self._fresh.pop() if self._fresh else next(self._coming, None):
            at = self._last(post.id)
            if at is None:
                self._fresh.append(post)
                break
            self.rest(post, at)
        return post

    def rest(self, post: Post, since: int) -> None:
        """Let the post wait again, from the instant at which it was said."""
        heappush(self._said, (since, post.id, post))

    def put_back(self, candidates: list[Waiting]) -> None:
        """Put posts that were taken out and not used where they were, as if they had never been looked at."""
        for _, post in reversed(candidates):
            at = self._last(post.id)
            if at is None:
                self._fresh.append(post)
            else:
                self.rest(post, at)


class Picker:
    """Chooses for one slot after another, in order of time."""

    def __init__(self, corpus: Corpus, ledger: Ledger) -> None:
        self._corpus = corpus
        self._ledger = ledger
        self._rotations: dict[tuple[object, ...], Rotation] = {}
        self._orders: dict[tuple[object, ...], list[Post]] = {}
        self._by_posted: dict[str, dict[tuple[int, int], list[Post]]] = {}

    def pick(self, slot: Slot, schedule: Schedule, fault: Fault) -> PlannedPost | Gap:
        """Take the post that has waited longest; a keyed shuffle breaks ties. `fault` says why one cannot be shown."""
        rotation = self._rotation(slot, schedule)
        if not rotation.size:
            return Gap(slot, f"nothing in the corpus suits {slot.event or schedule.name}")
        self._ledger.reach(slot.at)
        passed: list[Waiting] = []
        found = self._search(slot, schedule, rotation, fault, passed=passed)
        rotation.put_back(passed)
        if isinstance(found, str):
            return Gap(slot, found)
        since, post = found
        rotation.rest(post, slot.at)
        self._ledger.said(post.id, schedule.names, slot.at)
        return PlannedPost(slot, post, schedule.names, _why(since, rotation.size, slot))

    def _search(
        self, slot: Slot, schedule: Schedule, rotation: Rotation, fault: Fault, *, passed: list[Waiting]
    ) -> Waiting | str:
        reason = "nothing is left to say"
        cool_down = schedule.pick.cool_down
        while candidate := rotation.longest_waiting():
            since, post = candidate
            if since and slot.at - since < cool_down:
                passed.append(candidate)
                return f"every post rests: the one that has waited longest was {_said_on(since // DAY)}"
            if self._ledger.is_placed_soon(post.id, schedule.names, slot.at, cool_down):
                reason = f"{post.id} is placed by hand within its cool-down"
            elif found := fault(post):
                reason = f"{post.id} cannot be shown: {found}"
            else:
                return candidate
            passed.append(candidate)
        return reason

    def _rotation(self, slot: Slot, schedule: Schedule) -> Rotation:
        pick = schedule.pick
        occasion = slot.event if pick.event else (slot.zone, slot.day) if pick.on_this_day else None
        key = (schedule.name, occasion, slot.priority is Priority.REMEMBRANCE)
        found = self._rotations.get(key)
        if found is None:
            order, salt = self._order(slot, schedule, occasion), _rank(schedule.name)
            found = self._rotations[key] = Rotation(order, schedule.names, self._ledger, salt=salt)
        return found

    def _order(self, slot: Slot, schedule: Schedule, occasion: object) -> list[Post]:
        """The posts that suit, by when they were first posted, if ever, then shuffled; shared by all who pick alike."""
        wanted = replace(schedule.pick, cool_down=0)  # which says when a post comes again, not which post
        key = (wanted, bool(schedule.frame), occasion, slot.priority is Priority.REMEMBRANCE)
        if key not in self._orders:
            self._orders[key] = sorted(_suited(self._pool(slot, schedule), slot, schedule), key=_turn)
        return self._orders[key]

    def _pool(self, slot: Slot, schedule: Schedule) -> Iterable[Post]:
        pick, corpus = schedule.pick, self._corpus
        if pick.event:
            return corpus.by_event.get(slot.event or "", ())
        if pick.on_this_day:
            return self._posted_on(slot)
        if pick.posts:
            wanted = set(pick.posts)
            return (post for post in corpus.ready if post.id in wanted)
        if pick.tags:
            return {post.id: post for tag in pick.tags for post in corpus.by_tag.get(tag, ())}.values()
        return corpus.ready

    def _posted_on(self, slot: Slot) -> list[Post]:
        """The posts first posted on the slot's date in an earlier year; those of 29 February where it is kept."""
        if slot.zone not in self._by_posted:
            found: dict[tuple[int, int], list[Post]] = defaultdict(list)
            for post in self._corpus.ready:
                if day := post.posted_on(slot.zone):
                    found[day.month, day.day].append(post)
            self._by_posted[slot.zone] = found
        posts, day = self._by_posted[slot.zone], slot.day
        own = posts.get((day.month, day.day), [])
        is_leap_stand_in = (day.month, day.day) in {(2, 28), (3, 1)} and not own
        candidates = posts.get((2, 29), []) if is_leap_stand_in else own
        return [post for post in candidates if (first := post.posted_on(slot.zone)) and first.year < day.year]


def _suited(posts: Iterable[Post], slot: Slot, schedule: Schedule) -> list[Post]:
    """Those of the posts whose tone, use and language suit the slot."""
    pick = schedule.pick
    is_solemn = slot.priority is Priority.REMEMBRANCE
    tones = set(pick.tones or (_SOLEMN if is_solemn else _CHEERFUL))
    if is_solemn:
        tones.discard(Tone.CELEBRATION)
    is_its_day = bool(pick.posts) or (bool(schedule.frame) and (pick.event or pick.on_this_day))
    uses = {Uses.EVERGREEN, Uses.DATED} if is_its_day else {Uses.EVERGREEN}
    return [
        post
        for post in posts
        if post.tone in tones and post.use in uses and (pick.lang is None or post.lang == pick.lang)
    ]


def _turn(post: Post) -> int:
    """Where a post stands in the first order: by when it was first posted, if ever, then by its rank."""
    return (_since(post) * _OLDEST) | _rank(post.id)


def _since(post: Post) -> int:
    """The instant from which a post that we have never said has waited: 0 if nobody has."""
    if post.posted is None:
        return 0
    day = post.posted_on("UTC")
    return max(day_of(day) * DAY, 1) if day else 0


def _rank(name: str) -> int:
    """A keyed shuffle: a place below `_OLDEST` that follows from the name alone."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())


@cache
def _said_on(day: int) -> str:
    return f"said on {date_of(day).isoformat()}"


def _why(since: int, size: int, slot: Slot) -> str:
    waited = f"last {_said_on(since // DAY)}" if since else "never said before"
    first = "the only one that suits" if size == 1 else f"has waited longest of {size}"
    sure = "" if slot.confirmed else "; the day is unconfirmed: only its rule gives it"
    return f"{first}, {waited}{sure}"
