"""The choice: the post that has waited longest, among those that suit the slot."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from heapq import heapify, heappop, heappush

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
    digest,
)
from bot.zones import DAY, day_of, moment

#: The tones that suit a slot: on a remembrance nothing celebrates, and elsewhere nothing mourns.
_SOLEMN = frozenset({Tone.REMEMBRANCE, Tone.NEUTRAL})
_CHEERFUL = frozenset({Tone.CELEBRATION, Tone.NEUTRAL})

Fault = Callable[[Post], str | None]


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

    def last(self, post: str, accounts: tuple[str, ...]) -> int | None:
        """When the post was last said on any of the accounts."""
        if len(accounts) == 1:
            return self._last[accounts[0]].get(post)
        return max((at for name in accounts if (at := self._last[name].get(post)) is not None), default=None)

    def is_placed_soon(self, post: str, accounts: tuple[str, ...], at: int, cool_down: int) -> bool:
        """Tell whether a person has put the post in a slot less than `cool_down` seconds ahead."""
        return post in self._placed and any(
            at <= use.at < at + cool_down and not set(accounts).isdisjoint(use.accounts)
            for use in self._placed[post]
        )


class Rotation:
    """The posts that one schedule takes in turn."""

    def __init__(self, posts: Iterable[Post], accounts: tuple[str, ...], salt: int) -> None:
        """Put the posts in their first order: by when they were first posted, if ever, then by a keyed shuffle."""
        self._accounts = accounts
        self._fresh = sorted(
            posts, key=lambda post: (_since(post) << 96) | (_rank(post.id) ^ salt), reverse=True
        )
        self._said: list[tuple[int, int, Post]] = []
        self.size = len(self._fresh)

    def longest_waiting(self, ledger: Ledger) -> tuple[int | None, Post] | None:
        """Take out the post that has waited longest, with the instant since when; None when none is left."""
        while self._fresh and (said := ledger.last(self._fresh[-1].id, self._accounts)) is not None:
            self.rest(self._fresh.pop(), said)
        while self._said and (at := ledger.last(self._said[0][2].id, self._accounts) or 0) > self._said[0][0]:
            self.rest(heappop(self._said)[2], at)
        if self._fresh and not (self._said and self._said[0][0] < _since(self._fresh[-1])):
            post = self._fresh.pop()
            return _since(post) or None, post
        if self._said:
            at, _, post = heappop(self._said)
            return at, post
        return None

    def rest(self, post: Post, since: int) -> None:
        """Let the post wait again, from the instant at which it was said."""
        heappush(self._said, (since, _rank(post.id), post))

    def put_back(self, candidates: list[tuple[int | None, Post]], ledger: Ledger) -> None:
        """Put posts that were taken out and not used where they were, as if they had never been looked at."""
        for _, post in reversed(candidates):
            at = ledger.last(post.id, self._accounts)
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
        self._by_posted: dict[str, dict[tuple[int, int], list[Post]]] = {}

    def pick(self, slot: Slot, schedule: Schedule, fault: Fault) -> PlannedPost | Gap:
        """Take the post that has waited longest; a keyed shuffle breaks ties. `fault` says why one cannot be shown."""
        rotation = self._rotation(slot, schedule)
        if not rotation.size:
            return Gap(slot, f"nothing in the corpus suits {slot.event or schedule.name}")
        self._ledger.reach(slot.at)
        passed: list[tuple[int | None, Post]] = []
        found = self._search(slot, schedule, rotation, fault, passed=passed)
        rotation.put_back(passed, self._ledger)
        if isinstance(found, str):
            return Gap(slot, found)
        since, post = found
        rotation.rest(post, slot.at)
        self._ledger.said(post.id, schedule.names, slot.at)
        return PlannedPost(slot, post, schedule.names, _why(since, rotation.size, slot))

    def _search(
        self,
        slot: Slot,
        schedule: Schedule,
        rotation: Rotation,
        fault: Fault,
        *,
        passed: list[tuple[int | None, Post]],
    ) -> tuple[int | None, Post] | str:
        reason = "nothing is left to say"
        cool_down = schedule.pick.cool_down
        while candidate := rotation.longest_waiting(self._ledger):
            since, post = candidate
            if since is not None and slot.at - since < cool_down:
                passed.append(candidate)
                return f"every post rests: the one that has waited longest was said on {_date(since)}"
            if self._ledger.is_placed_soon(post.id, schedule.names, slot.at, cool_down):
                reason = f"{post.id} is placed by hand within its cool-down"
            elif found := fault(post):
                reason = f"{post.id} cannot be shown: {found}"
            else:
                return candidate
            passed.append(candidate)
        return reason

    def _rotation(self, slot: Slot, schedule: Schedule) -> Rotation:
        occasion = slot.event if schedule.pick.event else slot.day if schedule.pick.on_this_day else None
        key = (schedule.name, occasion, slot.priority is Priority.REMEMBRANCE)
        if key not in self._rotations:
            suits = (post for post in self._pool(slot, schedule) if _suits(post, slot, schedule))
            self._rotations[key] = Rotation(suits, schedule.names, _salt(schedule.name))
        return self._rotations[key]

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


def _suits(post: Post, slot: Slot, schedule: Schedule) -> bool:
    pick = schedule.pick
    is_solemn = slot.priority is Priority.REMEMBRANCE
    tones = pick.tones or (_SOLEMN if is_solemn else _CHEERFUL)
    is_its_day = bool(pick.posts) or (bool(schedule.frame) and (pick.event or pick.on_this_day))
    return (
        post.tone in tones
        and not (is_solemn and post.tone is Tone.CELEBRATION)
        and (post.use is Uses.EVERGREEN or (post.use is Uses.DATED and is_its_day))
        and (pick.lang is None or post.lang == pick.lang)
    )


def _since(post: Post) -> int:
    """The instant from which a post that we have never said has waited: 0 if nobody has."""
    if post.posted is None:
        return 0
    day = post.posted_on("UTC")
    return max(day_of(day) * DAY, 1) if day else 0


@cache
def _rank(name: str) -> int:
    return int(digest(name), 16)


def _salt(schedule: str) -> int:
    return int(digest("shuffle", schedule), 16)


def _date(instant: int) -> str:
    return moment(instant).date().isoformat()


def _why(since: int | None, size: int, slot: Slot) -> str:
    waited = "never said before" if since is None else f"last said on {_date(since)}"
    first = "the only one that suits" if size == 1 else f"has waited longest of {size}"
    sure = "" if slot.confirmed else "; the day is unconfirmed: only its rule gives it"
    return f"{first}, {waited}{sure}"
