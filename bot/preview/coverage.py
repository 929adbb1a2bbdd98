"""How far the words reach: the plan of a year held against corpus, events and history."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from bot.days import anniversary
from bot.model import (
    Corpus,
    Event,
    Plan,
    PlannedPost,
    Post,
    Priority,
    Schedule,
    Schedules,
    Tone,
    Use,
    Uses,
    Window,
)
from bot.planning.takers import may_take
from bot.preview.findings import Bare, Coverage, Day, Due, Month, Turn, Unspoken, Unused, Wording, Year
from bot.preview.view import Entry, local_date
from bot.zones import DAY, day_of, moment

#: An event that no schedule speaks of in so many years is never spoken of.
AHEAD = 10

NO_TAKER = "no schedule can take it"
NO_OCCASION = "no schedule speaks of its event"
NOT_THIS_YEAR = "not in the coming year"

#: The louder first: what a day is told by where it holds several.
LOUDEST = (Tone.REMEMBRANCE, Tone.CELEBRATION, Tone.NEUTRAL)


def coverage(
    schedules: Schedules, corpus: Corpus, *, plan: Plan, uses: Sequence[Use], year: Year, now: int
) -> Coverage:
    """Hold a corpus against the plan of a year, which should reach over `year.around`, and against history.

    `uses` are those of history; those up to `now` count, for what comes after it is in the plan. `now` is an instant.
    """
    days = _by_date(plan, year)
    entries = [entry for those in days.values() for entry in those]
    said = [use for use in uses if use.at <= now]
    unspoken = _unspoken(schedules, corpus, entries, year)
    names = {use.post for use in said} | {post.id for post in _posts(entries)}
    return Coverage(
        year=year,
        bare=tuple(_bare(schedules, corpus, entries)),
        unspoken=unspoken,
        wordings=tuple(_wordings(schedules, corpus)),
        turns=tuple(_turns(schedules, corpus, entries, said, days=year.days, now=now)),
        months=tuple(_months(days)),
        unused=tuple(_unused(schedules, corpus, names, {each.event for each in unspoken})),
        due=tuple(_due(corpus.posts, moment(now).date())),
        heat=tuple(_heat(days, quiet_days(schedules.events.values(), year))),
    )


def _by_date(plan: Plan, year: Year) -> dict[date, list[Entry]]:
    """Every date of the year, with what speaks or stays silent on it by the calendar of its slot."""
    found: dict[date, list[Entry]] = {day: [] for day in year}
    entries: list[Entry] = [*plan.posts, *plan.gaps]
    for entry in sorted(entries, key=lambda each: each.slot.order()):
        if (day := local_date(entry.slot)) in year:
            found[day].append(entry)
    return found


def _bare(schedules: Schedules, corpus: Corpus, entries: Iterable[Entry]) -> Iterator[Bare]:
    """The gaps of schedules that say an event's own posts, where they can take none of the ready ones."""
    for entry in entries:
        slot, speaker = entry.slot, schedules.by_name.get(entry.slot.schedule)
        if isinstance(entry, PlannedPost) or speaker is None or not slot.event or not speaker.pick.event:
            continue
        if not any(may_take(speaker, post) for post in corpus.by_event.get(slot.event, ())):
            day = local_date(slot)
            yield Bare(slot.event, _title(schedules, slot.event), speaker.name, day, slot.confirmed)


def _unspoken(
    schedules: Schedules, corpus: Corpus, entries: Iterable[Entry], year: Year
) -> tuple[Unspoken, ...]:
    left = schedules.events.keys() - {entry.slot.event for entry in entries}
    for ahead in range(AHEAD):
        if not left:
            break
        left -= _spoken_of(schedules, _ahead(year, ahead))
    return tuple(
        Unspoken(event, _title(schedules, event), len(corpus.by_event.get(event, ())))
        for event in schedules.events
        if event in left
    )


def _ahead(year: Year, years: int) -> Window:
    """A year of time, so many years after the first date."""
    start = day_of(year.first) + years * 366
    return Window(start * DAY, (start + 366) * DAY)


def _spoken_of(schedules: Schedules, window: Window) -> set[str | None]:
    return {slot.event for entry in schedules.entries for slot in entry.times(window)}


def _title(schedules: Schedules, event: str) -> str:
    """What an event is called; its id where it has no title."""
    return (schedules.events[event].title if event in schedules.events else "") or event


def _wordings(schedules: Schedules, corpus: Corpus) -> Iterator[Wording]:
    """Every event, those with the fewest posts first."""
    counts = dict.fromkeys(schedules.events, 0)
    counts |= {event: len(posts) for event, posts in corpus.by_event.items()}
    for event, posts in sorted(counts.items(), key=lambda each: (each[1], each[0])):
        yield Wording(event, _title(schedules, event), posts)


def _turns(
    schedules: Schedules,
    corpus: Corpus,
    entries: Iterable[Entry],
    said: Sequence[Use],
    *,
    days: int,
    now: int,
) -> Iterator[Turn]:
    """Of the schedules that pick by tags or names, or among all: those that share their posts are counted as one."""
    slots = Counter(entry.slot.schedule for entry in entries)
    pools = _pools(schedules, corpus)
    for pool in pools:
        many = sum(slots[entry.name] for entry in pool.takers)
        first, *others = (entry.name for entry in pool.takers)
        yield Turn(
            schedule=first,
            posts=len(pool.posts),
            slots=many,
            resting=len(pool.posts & {use.post for use in said if pool.is_tired(use, now)}),
            days=round(len(pool.posts) * days / many) if many else None,
            asked=max(entry.pick.cool_down for entry in pool.takers) // DAY,
            others=tuple(others),
            partly=tuple(entry.name for each in pools if pool.overlaps(each) for entry in each.takers),
        )


class _Pool(Struct, frozen=True):
    """The posts that one or more schedules take in turn, to an account that they share."""

    takers: tuple[Schedule, ...]
    posts: frozenset[str]

    def meets(self, names: Iterable[str]) -> bool:
        """Tell whether one of these accounts has its posts."""
        return any(not set(names).isdisjoint(entry.names) for entry in self.takers)

    def overlaps(self, other: "_Pool") -> bool:
        """Tell whether another has posts and accounts in common with it."""
        names = {name for entry in other.takers for name in entry.names}
        return other is not self and bool(self.posts & other.posts) and self.meets(names)

    def is_tired(self, use: Use, now: int) -> bool:
        """Tell whether a post that was said so rests from it."""
        return any(
            now - use.at < entry.pick.cool_down and not set(use.accounts).isdisjoint(entry.names)
            for entry in self.takers
        )


def _pools(schedules: Schedules, corpus: Corpus) -> list[_Pool]:
    """Of each schedule its posts; those that take the very same ones together, where they first do."""
    found: list[_Pool] = []
    for entry in schedules.entries:
        if entry.pick.event or entry.pick.on_this_day:
            continue
        posts = frozenset(post.id for post in corpus.ready if _suits(entry, post))
        alike = (
            at for at, pool in enumerate(found) if posts and pool.posts == posts and pool.meets(entry.names)
        )
        at = next(alike, len(found))
        takers = (*(found[at].takers if at < len(found) else ()), entry)
        found[at : at + 1] = [_Pool(takers, posts)]
    return found


def _suits(entry: Schedule, post: Post) -> bool:
    """Tell whether a schedule takes a post on some day, tone and all: never no where it does."""
    return may_take(entry, post) and post.tone in (entry.pick.tones or _usual(entry))


def _usual(entry: Schedule) -> Container[Tone]:
    """The tones that suit a schedule; each where the day decides."""
    if entry.tone is Tone.REMEMBRANCE:
        return (Tone.REMEMBRANCE, Tone.NEUTRAL)
    if entry.trigger.priority < Priority.SLOTS:
        return tuple(Tone)
    return (Tone.NEUTRAL,) if entry.tone is Tone.NEUTRAL else (Tone.CELEBRATION, Tone.NEUTRAL)


def _months(days: Mapping[date, Sequence[Entry]]) -> Iterator[Month]:
    by_month: dict[str, list[Entry]] = {}
    for day, entries in days.items():
        by_month.setdefault(f"{day:%Y-%m}", []).extend(entries)
    for name, entries in by_month.items():
        tones = Counter(post.tone for post in _posts(entries))
        gaps = len(entries) - tones.total()
        yield Month(name, tones[Tone.CELEBRATION], tones[Tone.REMEMBRANCE], tones[Tone.NEUTRAL], gaps)


def _posts(entries: Iterable[Entry]) -> list[Post]:
    return [entry.post for entry in entries if isinstance(entry, PlannedPost)]


def _unused(
    schedules: Schedules, corpus: Corpus, used: Container[str], unspoken: Container[str]
) -> Iterator[Unused]:
    for post in corpus.ready:
        if post.id not in used:
            yield Unused(post.id, _reason(schedules, post, unspoken))


def _reason(schedules: Schedules, post: Post, unspoken: Container[str]) -> str:
    """Why a post is not used, as far as that is known."""
    takers = [entry for entry in schedules.entries if _suits(entry, post)]
    if not takers:
        return NO_TAKER
    return (
        NO_OCCASION if post.event in unspoken and all(each.pick.event for each in takers) else NOT_THIS_YEAR
    )


def _due(posts: Iterable[Post], today: date) -> list[Due]:
    """What a person should look at: what has waited longest first, then what is on hold."""
    found = [
        Due(post.id, post.review, post.use is Uses.HOLD, post.reasons)
        for post in posts
        if post.use is Uses.HOLD or (post.review and post.review <= today)
    ]
    return sorted(found, key=lambda each: (each.review or date.max, each.post))


def _heat(days: Mapping[date, Sequence[Entry]], quiet: Mapping[date, str]) -> Iterator[Day]:
    for day, entries in days.items():
        posts = _posts(entries)
        tones = {post.tone for post in posts}
        loudest = next((tone for tone in LOUDEST if tone in tones), None)
        yield Day(day, len(posts), len(entries) - len(posts), loudest, quiet.get(day))


def quiet_days(events: Iterable[Event], year: Year) -> dict[date, str]:
    """The quiet days of a stretch, by the calendars of their events, each with the event's id."""
    found: dict[date, str] = {}
    for event in events:
        for number in range(year.first.year, year.end.year + 1) if event.quiet else ():
            day = event.observed(number) if event.day is None else _kept(event.day, number)
            if day and day in year:
                found.setdefault(day, event.id)
    return found


def _kept(original: date, year: int) -> date | None:
    return anniversary(original, year) if year >= original.year else None
