"""The choice: the post that has waited longest, among those that suit the slot."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from heapq import heapify, heappop, heappush, heapreplace
from itertools import chain, repeat
from zlib import crc32

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
from bot.planning.frames import recalled
from bot.zones import DAY, date_of, day_of

#: The tones that suit a slot: on a remembrance nothing celebrates, and elsewhere nothing mourns.
_SOLEMN = frozenset({Tone.REMEMBRANCE, Tone.NEUTRAL})
_CHEERFUL = frozenset({Tone.CELEBRATION, Tone.NEUTRAL})
_PLAIN = frozenset({Tone.NEUTRAL})
_MOURNING = frozenset({Tone.REMEMBRANCE})  #: of the slots of what is mourned
_SUBDUED = frozenset(Tone) - {Tone.CELEBRATION}  #: all but celebration

Fault = Callable[[Post], str | None]

#: What keeps a post from a slot that a person has put it near to.
_PLACED = "is placed by hand within its cool-down"

#: A place in a rotation's first order, with the instant since when its post waits: 0 if nobody ever said it.
Turn = tuple[int, int]

#: A turn that came to nothing, with the reason.
Passed = tuple[Turn, str]

#: Above every rank: the key of the first post that somebody has said before us.
_OLDEST = 1 << 32


class Ledger:
    """When each post was last said on each account, while a plan is made; and where a person has already put one."""

    def __init__(self, history: History) -> None:
        """Start from history; its uses that lie ahead (rows that people touched) count once they are reached."""
        self._last: dict[str, dict[str, int]] = defaultdict(dict)
        self.ahead = [(use.at, place, use) for place, use in enumerate(history.uses)]
        heapify(self.ahead)
        self.placed: dict[str, list[Use]] = defaultdict(list)
        for use in history.uses:
            self.placed[use.post].append(use)

    def reach(self, at: int) -> None:
        """Count every use up to this instant."""
        while self.ahead and self.ahead[0][0] <= at:
            use = heappop(self.ahead)[2]
            for memory in self.memories(use.accounts):
                memory[use.post] = use.at

    def memories(self, accounts: Iterable[str]) -> list[dict[str, int]]:
        """For each account, when it last said each post; what is noted there is known to all."""
        return [self._last[name] for name in accounts]

    def is_placed_soon(self, post: str, accounts: tuple[str, ...], at: int, cool_down: int) -> bool:
        """Tell whether a person has put the post in a slot less than `cool_down` seconds ahead."""
        return any(
            at <= use.at < at + cool_down and not set(accounts).isdisjoint(use.accounts)
            for use in self.placed.get(post, ())
        )


class Order:
    """Posts as they wait at first: by when they were first posted, if ever, then shuffled."""

    def __init__(self, posts: list[Post]) -> None:
        keys = [_rank(post.id) + (_since(post) * _OLDEST if post.posted else 0) for post in posts]
        places = sorted(range(len(posts)), key=keys.__getitem__)
        self.posts = [posts[place] for place in places]
        self._keys = [keys[place] for place in places]

    def turns(self, entry: int) -> Iterator[Turn]:
        """All posts in turn; those that nobody has said are a ring, entered at a rank."""
        unsaid = bisect_left(self._keys, _OLDEST)
        first = bisect_left(self._keys, entry, hi=unsaid)
        ring = zip(repeat(0), chain(range(first, unsaid), range(first)), strict=False)
        known = ((self._keys[place] // _OLDEST, place) for place in range(unsaid, len(self._keys)))
        return chain(ring, known)


class Rotation:
    """The posts that one schedule takes in turn."""

    def __init__(self, order: Order, memories: list[dict[str, int]], entry: int) -> None:
        """Start with the posts in their first order, entered at a rank. Schedules that pick alike share the order."""
        self.posts = order.posts
        self._memories = memories
        self._last = memories[0].get if len(memories) == 1 else self._last_of_all
        self._coming = order.turns(entry)
        self._fresh: list[Turn] = []
        self._said: list[Turn] = []

    def longest_waiting(self) -> Turn | None:
        """Take out the turn of the post that has waited longest; None when none is left."""
        fresh = self._take_fresh()
        if fresh and not fresh[0]:
            return fresh
        said = self._first_said()
        if said and (not fresh or said[0] < fresh[0]):
            if fresh:
                self._fresh.append(fresh)
            return heappop(self._said)
        return fresh

    def _take_fresh(self) -> Turn | None:
        """Take out the turn of the first post that we have never said."""
        while turn := self._fresh.pop() if self._fresh else next(self._coming, None):
            at = self._last(self.posts[turn[1]].id)
            if at is None:
                return turn
            heappush(self._said, (at, turn[1]))
        return None

    def _first_said(self) -> Turn | None:
        """The turn of the post that we said longest ago; it stays where it is."""
        said, posts = self._said, self.posts
        while said and (at := self._last(posts[said[0][1]].id) or 0) > said[0][0]:
            heapreplace(said, (at, said[0][1]))
        return said[0] if said else None

    def _last_of_all(self, post: str) -> int | None:
        said = [at for memory in self._memories if (at := memory.get(post)) is not None]
        return max(said) if said else None

    def say(self, place: int, at: int) -> Post:
        """Give the slot at an instant to the post in a place, which waits again from then on."""
        post = self.posts[place]
        for memory in self._memories:
            memory[post.id] = at
        heappush(self._said, (at, place))
        return post

    def put_back(self, turns: list[Turn]) -> None:
        """Put posts that were taken out and not used where they were, as if they had never been looked at."""
        for turn in reversed(turns):
            if self._last(self.posts[turn[1]].id) is None:
                self._fresh.append(turn)
            else:
                heappush(self._said, turn)


class Picker:
    """Chooses for one slot after another, in order of time."""

    def __init__(self, corpus: Corpus, ledger: Ledger, *, mourned: AbstractSet[str] = frozenset()) -> None:
        """Start from a corpus and what was said; `mourned` are the events of which only remembrance speaks."""
        self._corpus, self._mourned = corpus, mourned
        self.has_cards = corpus.has_cards  #: whether any post needs more than its words
        self._ledger = ledger
        self._rotations: dict[tuple[object, ...], Rotation] = {}
        self._orders: dict[tuple[object, ...], Order] = {}
        self._by_posted: dict[str, dict[tuple[int, int], list[Post]]] = {}

    def pick(
        self, slot: Slot, schedule: Schedule, fault: Fault | None, *, hush: str | None = None
    ) -> PlannedPost | Gap:
        """Take the post that has waited longest; a keyed shuffle breaks ties. `fault` says why one cannot be shown, if any may not.

        `hush` is the event within whose hours the slot lies, if it lies in any: no celebration is picked then.
        """
        rotation = self._rotation(slot, schedule, hush)
        if not rotation.posts:
            return Gap(slot, self._why_none(slot, schedule, hush))
        if self._ledger.ahead:
            self._ledger.reach(slot.at)
        passed: list[Passed] = []
        found = self._search(slot, schedule, rotation, fault, passed=passed)
        if passed:
            rotation.put_back([turn for turn, _ in passed])
        if isinstance(found, str):
            return Gap(slot, found)
        since, place = found
        why = _why(since // DAY, len(rotation.posts), passed=len(passed))
        aside = _aside(passed) if passed else ""
        sure = "" if slot.confirmed else "; the day is unconfirmed: only its rule gives it"
        return PlannedPost(slot, rotation.say(place, slot.at), schedule.names, why + aside + sure)

    def candidates(
        self, slot: Slot, schedule: Schedule, fault: Fault, *, hush: str | None = None
    ) -> Iterator[tuple[Post, str, str | None]]:
        """Every post that suits the slot, in turn: why it would be next, and what keeps it from the slot, if anything does."""
        rotation, passed = self._rotation(slot, schedule, hush), 0
        self._ledger.reach(slot.at)
        while turn := rotation.longest_waiting():
            since, place = turn
            post = rotation.posts[place]
            why = _why(since // DAY, len(rotation.posts), passed=passed)
            yield post, why, self._unready(post, since, slot, schedule) or fault(post)
            passed += 1

    def _unready(self, post: Post, since: int, slot: Slot, schedule: Schedule) -> str | None:
        """Why a post, last said at an instant, must rest still."""
        cool_down = schedule.pick.cool_down
        if since and slot.at - since < cool_down:
            return f"it rests: {_said_on(since // DAY)}"
        if self._ledger.is_placed_soon(post.id, schedule.names, slot.at, cool_down):
            return f"it {_PLACED}"
        return None

    def _why_none(self, slot: Slot, schedule: Schedule, hush: str | None) -> str:
        """Why no post suits a slot: there is none, or all that there are have another tone, or have their own day."""
        nothing = f"nothing in the corpus suits {slot.event or schedule.name}"
        if hush:
            return f"{nothing} in the hush around {hush}"
        pool, tones = list(self._pool(slot, schedule)), self._tones(slot, schedule, hush)
        if pool and slot.event in self._mourned and not any(post.tone in tones for post in pool):
            return f"{nothing}: {pool[0].id} is {pool[0].tone}, and on that day only remembrance speaks of it"
        if pool and not any(post.tone in tones for post in pool):
            return f"{nothing}: {pool[0].id} is of another tone, {pool[0].tone}"
        if pool and not schedule.frames and all(post.use is Uses.DATED for post in pool):
            return f"{nothing}: {pool[0].id} is dated, and the schedule has no frame"
        return nothing

    def _search(
        self, slot: Slot, schedule: Schedule, rotation: Rotation, fault: Fault | None, *, passed: list[Passed]
    ) -> Turn | str:
        reason = "nothing is left to say"
        cool_down = schedule.pick.cool_down
        while turn := rotation.longest_waiting():
            since, place = turn
            if since and slot.at - since < cool_down:
                reason = f"every post rests: the one that has waited longest was {_said_on(since // DAY)}"
                passed.append((turn, reason))
                return reason
            post = rotation.posts[place]
            if post.id in self._ledger.placed and self._ledger.is_placed_soon(
                post.id, schedule.names, slot.at, cool_down
            ):
                reason = f"{post.id} {_PLACED}"
            elif fault and (found := fault(post)):
                reason = f"{post.id} cannot be shown: {found}"
            else:
                return turn
            passed.append((turn, reason))
        return reason

    def _rotation(self, slot: Slot, schedule: Schedule, hush: str | None) -> Rotation:
        occasion = (slot.zone, slot.day) if schedule.pick.on_this_day else slot.event
        key = (slot.schedule, occasion, slot.priority, hush is None)
        found = self._rotations.get(key)
        if found is None:
            order = self._order(slot, schedule, self._tones(slot, schedule, hush), occasion)
            memories = self._ledger.memories(schedule.names)
            found = self._rotations[key] = Rotation(order, memories, _rank(schedule.name))
        return found

    def _tones(self, slot: Slot, schedule: Schedule, hush: str | None) -> frozenset[Tone]:
        tones = _tones(slot, schedule, hush)
        return tones & _MOURNING if slot.event in self._mourned else tones

    def _order(self, slot: Slot, schedule: Schedule, tones: frozenset[Tone], occasion: object) -> Order:
        """The posts that suit, in their first order."""
        wanted = replace(schedule.pick, cool_down=0)  # which says when a post comes again, not which post
        key = (wanted, bool(schedule.frames), is_told(slot), occasion, tones)
        if key not in self._orders:
            self._orders[key] = Order(_suited(self._pool(slot, schedule), slot, schedule, tones))
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
            pools = [corpus.by_tag.get(tag, ()) for tag in pick.tags]
            return (
                pools[0] if len(pools) == 1 else {post.id: post for pool in pools for post in pool}.values()
            )
        return corpus.ready

    def _posted_on(self, slot: Slot) -> list[Post]:
        """The posts first posted on the date that the slot recalls, in an earlier year; those of 29 February where it is kept."""
        if slot.zone not in self._by_posted:
            found: dict[tuple[int, int], list[Post]] = defaultdict(list)
            for post in self._corpus.ready:
                if day := post.posted_on(slot.zone):
                    found[day.month, day.day].append(post)
            self._by_posted[slot.zone] = found
        posts, day = self._by_posted[slot.zone], recalled(slot)
        own = posts.get((day.month, day.day), [])
        is_leap_stand_in = (day.month, day.day) in {(2, 28), (3, 1)} and not own
        candidates = posts.get((2, 29), []) if is_leap_stand_in else own
        earlier = [
            post for post in candidates if (first := post.posted_on(slot.zone)) and first.year < day.year
        ]
        return earlier[1:] if day > slot.day else earlier  # one stays for its own day


def _tones(slot: Slot, schedule: Schedule, hush: str | None) -> frozenset[Tone]:
    """The tones that suit a slot."""
    is_solemn = slot.priority is Priority.REMEMBRANCE
    usual = _SOLEMN if is_solemn else _PLAIN if schedule.tone is Tone.NEUTRAL else _CHEERFUL
    wanted = frozenset(schedule.pick.tones) or usual
    return wanted & _SUBDUED if is_solemn or hush else wanted


def _suited(posts: Iterable[Post], slot: Slot, schedule: Schedule, tones: frozenset[Tone]) -> list[Post]:
    """Those of the posts whose use, language and tags suit the slot too."""
    pick = schedule.pick
    # Where neither event, date nor posts are named, the pool holds those of the tags and no others.
    tags = set(pick.tags) if pick.event or pick.on_this_day or pick.posts else set()
    return [
        post
        for post in posts
        if post.tone in tones
        and (post.use is Uses.EVERGREEN or (post.use is Uses.DATED and is_its_day(post, slot, schedule)))
        and (pick.lang is None or post.lang == pick.lang)
        and (not tags or not tags.isdisjoint(post.tags))
    ]


def is_its_day(post: Post, slot: Slot, schedule: Schedule) -> bool:
    """Tell whether a dated post may be said in the slot: named by people, or framed on its day."""
    if schedule.pick.posts:
        return True
    if not schedule.frames:
        return False
    if schedule.pick.on_this_day or post.event:
        return schedule.pick.on_this_day or post.event == slot.event
    return post.posted is None and is_told(slot)


def is_told(slot: Slot) -> bool:
    """Tell whether a slot's trigger knows more of its day than a number."""
    return any(name != "turn" for name, _ in slot.facts)


def _since(post: Post) -> int:
    """The instant from which a post that we have never said has waited: 0 if nobody has said it."""
    day = post.posted_on("UTC")
    return max(day_of(day), 1) * DAY if day else 0


def _rank(name: str) -> int:
    """A keyed shuffle: a number below `_OLDEST` that follows from the name alone."""
    # A checksum alone keeps like names at like distances; the odd factor (2 ** 32 over the golden ratio) parts them.
    return crc32(name.encode("utf-8", "surrogatepass")) * 0x9E3779B1 % _OLDEST


@cache
def _said_on(day: int) -> str:
    return f"said on {date_of(day).isoformat()}"


@cache
def _why(day: int, size: int, *, passed: int) -> str:
    """Why a post was taken among so many, last said on a day, or never where the day is 0."""
    left, other = size - passed, "other " if passed else ""
    among = f"the {other}{left}" if other else f"{left}"
    first = f"the only {other}one that suits" if left == 1 else f"has waited longest of {among}"
    waited = f"last {_said_on(day)}" if day else "never said before"
    return f"{first}, {waited}"


def _aside(passed: Sequence[Passed]) -> str:
    """What had waited longer than the post that was taken, and why that was not."""
    (_, reason), *others = passed
    more = f" (and {len(others)} more)" if others else ""
    return f"; passed over: {reason}{more}"
