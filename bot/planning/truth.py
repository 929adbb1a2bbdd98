"""Whether what a text says is true: on the day on which it is said, and of what works no more, on any.

Each sure claim of a text is judged by its kind. What no rule can judge is objected to: a schedule knows its event, its
day and its years, and nothing of what is going on in the world.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from bot.claims import (
    Claim,
    Rules,
    contradictions,
    full_dates,
    rules,
    said_to_work,
    sure_claims,
    years_beside,
)
from bot.claims.reading import named_day, named_time, number, stretch, weekday, years
from bot.days import LeapDay, anniversary
from bot.model import Event, Mission, Post, Slot, Uses
from bot.planning.frames import years_of
from bot.zones import DAY, HOUR, MINUTE, date_of, moment, shown, zone

#: "Tonight" is what comes within so many seconds, or came round on a day whose evening began at this hour.
_NIGHT, _DUSK, _DAWN = 18 * HOUR, 17, 6
_HALF_A_YEAR = timedelta(days=183)
_NOBODY_KNOWS = "a schedule cannot know that; leave it out, or let a person send it"


class Untruth(NamedTuple):
    """Something in a text that is not true on any day: a code, a sentence, and the words that it is said of."""

    code: str
    message: str
    words: str


def objection(
    text: str,
    *,
    lang: str,
    slot: Slot,
    event: Event | None,
    post: Post,
    missions: Mapping[str, Mission],
) -> str | None:
    """Why a text, as an account shows it, is not true on the slot's day; None where nothing is to be said against it.

    A text in a language without rules cannot be judged, and is not objected to: see `unjudged`.
    """
    known = rules(lang)
    if known is None:
        return None
    stage = _Stage(slot, event, post, known, text)
    for claim in sure_claims(text, lang):
        if tail := _JUDGES.get(claim.kind, _nobody_knows)(claim, stage):
            return f'"{claim.words}" {tail}'
    if words := _another_year(text, lang, stage):
        return words
    ended = {key: each for key, each in missions.items() if each.ended_on and each.ended_on < slot.day}
    return next((found.message for found in _of_any_day(text, lang, ended)), None)


def _another_year(text: str, lang: str, stage: "_Stage") -> str | None:
    """Why a date cannot be meant that has the event's day and month, in its own zone or in UTC, and another year."""
    event = stage.event
    if event is None or event.day is None:
        return None
    own = {event.day} if event.instant is None else {event.day, moment(event.instant).date()}
    for words, day in full_dates(text, lang):
        same = next((each for each in own if (each.month, each.day) == (day.month, day.day)), None)
        if same and day.year not in {same.year, stage.slot.day.year}:
            return f'"{words}" is not true: {event.title} was on {_dated(same)}'
    return None


def faults_of_any_day(
    text: str, lang: str, post: Post, *, missions: Mapping[str, Mission]
) -> Iterator[Untruth]:
    """What is not true in a post's text whatever the day; a post for any day holds no sure claim."""
    if post.use is Uses.EVERGREEN:
        for claim in sure_claims(text, lang):
            message = (
                f'"{claim.words}" is true on some days only; word it for any day, or use = "dated" or "hold"'
            )
            yield Untruth("claim", message, claim.words)
    yield from _of_any_day(text, lang, missions)


def unjudged(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """The posts, among those that no person sends, in whose language no claim can be found."""
    return tuple(post for post in posts if post.use is not Uses.HOLD and rules(post.lang) is None)


def _of_any_day(text: str, lang: str, missions: Mapping[str, Mission]) -> Iterator[Untruth]:
    for found in contradictions(text, lang):
        yield Untruth("sum", f'it says "{found.words}", but {found.but}', found.words)
    # Nearly no text names one, and to see that is quick.
    named = [
        (each, name) for each in missions.values() if each.ended_on for name in each.words if name in text
    ]
    for mission, name in named:
        for words in said_to_work(text, name, lang):
            message = (
                f'"{words}" is said of what works, and {mission.name} ended on {_dated(mission.ended_on)}'
            )
            yield Untruth("ended", message, words)


class _Stage(Struct, frozen=True, dict=True):
    """What the claims of one text are held against."""

    slot: Slot
    event: Event | None
    post: Post
    known: Rules
    text: str

    @property
    def left(self) -> int | None:
        """Seconds to what is counted down to, if anything is."""
        left = self.slot.fact("countdown")
        return left if isinstance(left, int) else None

    @property
    def _happens(self) -> int | None:
        """The instant of what the sky brings."""
        happens = self.slot.fact("happens")
        return happens if isinstance(happens, int) else None

    @cached_property
    def years(self) -> int | None:
        """How many years are looked back."""
        return years_of(self.slot, self.post)

    @cached_property
    def origin(self) -> date | None:
        """The day from which years are counted: the event's, or that on which the post was first posted."""
        return self.event.day if self.event else self.post.posted_on(self.slot.zone)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days about now on which it is, or comes round, in order."""
        if self.left is not None:
            return (date_of((self.slot.wall + self.left) // DAY),)
        if found := {*self._days_seen(), *self._own_day()}:
            return tuple(sorted(found))
        year = self.slot.day.year
        near = (each for each in (year - 1, year, year + 1) if MINYEAR <= each <= MAXYEAR)
        return tuple(sorted({day for each in near for day in self._days_of(each)}))

    def _days_seen(self) -> Iterator[date]:
        """The days on which the sky brings it, and on which it can be seen."""
        night = self.slot.fact("night")
        if self._happens is not None:
            yield date_of(zone(self.slot.zone).wall(self._happens) // DAY)
        if night is not None:
            yield self.slot.day + timedelta(days=str(night) != _TONIGHT)

    def _own_day(self) -> Iterator[date]:
        if any(self.slot.fact(name) is not None for name in _OWN_DAY):
            yield self.slot.day

    def _days_of(self, year: int) -> Iterator[date]:
        if self.origin is None:
            day = self.event.observed(year) if self.event else None
            yield from (day,) if day else ()
        elif year >= self.origin.year:
            yield from filter(None, (anniversary(self.origin, year, rule) for rule in LeapDay))

    @cached_property
    def instants(self) -> tuple[int, ...]:
        """The moments at which it is, as far as they are known: its beginning first, and its end."""
        event, slot = self.event, self.slot
        own = (self._happens, event.instant, event.until) if event else ()
        ends = slot.until if self.left is not None and not (event and event.until) else None
        return tuple(each for each in (*own, ends) if each is not None)

    @cached_property
    def is_to_come(self) -> bool:
        """Tell whether it has never been yet."""
        if self.instants:
            return self.slot.at < self.instants[0]
        if self.left is not None:
            return self.left > 0
        return self.origin is not None and self.event is not None and self.slot.day < self.origin

    @property
    def is_open(self) -> bool:
        """Tell whether people can join it, now or later."""
        return bool(self.event and self.event.until and self.slot.at < self.event.until)

    @property
    def when(self) -> str:
        """When it is, in words: `The Moon passes Mars tomorrow`."""
        title = self.event.title if self.event else "its day"
        if not self.days:
            return f"{title} has no day about now" if self.event else "nothing says which day it speaks of"
        nearest = min(self.days, key=lambda day: abs(day - self.slot.day))
        named = _NEAR_DAYS.get((nearest - self.slot.day).days) or f"on {_dated(nearest)}"
        return f"{title} {named}" if self.event else f"{title} is {named}"


_TONIGHT = "tonight"
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
#: Facts that a trigger gives on the very day of what it has found.
_OWN_DAY = ("mars_years", "sol", "holiday")

#: Says what follows a claim's words in an objection; None where the claim holds.
_Judge = Callable[[Claim, _Stage], str | None]


def _untrue(because: str) -> str:
    return f"is not true then: {because}"


def _nobody_knows(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - a judge's shape
    return f"cannot be judged: {_NOBODY_KNOWS}"


def _today(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day in stage.days else _untrue(stage.when)


def _tonight(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    ahead = any(
        0 <= instant - stage.slot.at < _NIGHT and _is_dark(instant, stage) for instant in stage.instants[:1]
    )
    if ahead or stage.slot.fact("night") == _TONIGHT or _was_in_the_evening(stage):
        return None
    if stage.slot.day in stage.days:
        return _untrue(f"{stage.when}, but nothing says that it is in the evening")
    return _untrue(stage.when)


def _is_dark(instant: int, stage: _Stage) -> bool:
    """Tell whether a moment is of an evening or a night where it happens."""
    hour = shown(zone(stage.event.zone if stage.event else stage.slot.zone).wall(instant)).hour
    return hour >= _DUSK or hour < _DAWN


def _was_in_the_evening(stage: _Stage) -> bool:
    event = stage.event
    if event is None or event.instant is None or stage.slot.day not in stage.days:
        return False
    return shown(zone(event.zone).wall(event.instant)).hour >= _DUSK


def _tomorrow(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day + timedelta(days=1) in stage.days else _untrue(stage.when)


def _yesterday(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day - timedelta(days=1) in stage.days else _untrue(stage.when)


def _week(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    today = stage.slot.day
    # A week begins on Monday for some, and on Sunday for others.
    same = any(_week_of(day, shift) == _week_of(today, shift) for day in stage.days for shift in (0, 1))
    return None if same else _untrue(stage.when)


def _week_of(day: date, shift: int) -> tuple[int, int]:
    return (day + timedelta(days=shift)).isocalendar()[:2]


def _ago(claim: Claim, stage: _Stage) -> str | None:
    told = years(claim.words, stage.known)
    if told is None:
        return _days_ago(claim, stage)
    named = [stage.slot.day.year - year for year in years_beside(claim, stage.text)]
    if told == stage.years or told in named:
        return None
    if named:
        return _untrue(f"it is {_years(named[0])} from the year that stands beside it")
    if stage.years is None:
        return f"cannot be judged: {_counted(stage)}"
    return _untrue(f"it is {_years(stage.years)}")


def _days_ago(claim: Claim, stage: _Stage) -> str | None:
    told = stretch(claim.words, stage.known)
    # "A few" is not a number, and so is what it comes to.
    if told is None or (told[0] * told[1]) % DAY:
        return _nobody_knows(claim, stage)
    day = stage.slot.day - timedelta(seconds=told[0] * told[1])
    return None if day in stage.days else _untrue(stage.when)


def _anniversary(claim: Claim, stage: _Stage) -> str | None:
    told = number(claim.words, stage.known)
    if stage.years is None:
        return f"cannot be judged: {_counted(stage)}"
    if told not in {None, stage.years}:
        return _untrue(f"it is {_years(stage.years)}")
    return _today(claim, stage)


def _counted(stage: _Stage) -> str:
    return (
        f"the schedule {stage.slot.schedule!r} counts no years here"
        if stage.slot.schedule
        else "no years are counted"
    )


def _date(claim: Claim, stage: _Stage) -> str | None:
    told, days = named_day(claim.words, stage.known), tuple(_known_days(stage))
    if told and any(told.fits(day) for day in days):
        return None
    same = told and next((day for day in days if told._replace(weekday=None).fits(day)), None)
    return _untrue(
        f"that day is a {same:%A}" if same else f"it is {_dated(stage.slot.day)}, and {stage.when}"
    )


def _known_days(stage: _Stage) -> Iterator[date]:
    """The slot's day, the nearest on which it comes round, and the one from which years are counted."""
    yield stage.slot.day
    yield from (day for day in stage.days if abs(day - stage.slot.day) < _HALF_A_YEAR)
    if stage.origin:
        yield stage.origin


def _weekday(claim: Claim, stage: _Stage) -> str | None:
    told = weekday(claim.words, stage.known)
    if any(day.weekday() == told for day in _known_days(stage)):
        return None
    return _untrue(f"it is a {stage.slot.day:%A}, and {stage.when}")


def _time(claim: Claim, stage: _Stage) -> str | None:
    told = named_time(claim.words, stage.known)
    if told is None or told.zone is None:
        return "cannot be judged: it names no zone"
    if not stage.instants:
        return "cannot be judged: of the event no hour is known"
    # What is named after another time may be the end.
    is_second = any(each.kind == "time" for each in sure_claims(stage.text[: claim.start], stage.post.lang))
    instants = stage.instants if is_second else stage.instants[:1]
    walls = [zone(told.zone).wall(instant) % DAY // MINUTE for instant in instants]
    if told.hour * 60 + told.minute in walls:
        return None
    return _untrue(f"it is {walls[0] // 60:02}:{walls[0] % 60:02} there")


def _countdown(claim: Claim, stage: _Stage) -> str | None:
    told, left = stretch(claim.words, stage.known), _left(stage)
    if told is None:
        return _nobody_knows(claim, stage)
    if left is None:
        return _untrue(stage.when)
    count, unit = told
    by_days = unit == DAY and any(count == (day - stage.slot.day).days for day in stage.days)
    return None if by_days or count == left // unit else _untrue(f"{left // unit} of them are left")


def _left(stage: _Stage) -> int | None:
    """Seconds to what is to come; None where nothing is."""
    if stage.left is not None:
        return stage.left
    return stage.instants[0] - stage.slot.at if stage.instants and stage.is_to_come else None


def _future(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.is_to_come else _untrue(f"{stage.when}, and it is not still to come")


def _live(claim: Claim, stage: _Stage) -> str | None:  # noqa: ARG001 - as above
    if stage.is_open:
        return None
    if stage.event and stage.event.until:
        return _untrue(f"{stage.event.title} is over")
    return "is said of what people can join, and the event has no `until`"


def _season(claim: Claim, stage: _Stage) -> str | None:
    name = f"{stage.event.title if stage.event else ''} {stage.slot.fact('holiday') or ''}".casefold()
    is_its = any(word.casefold() in name for word in claim.words.strip("#").split() if word[-1:].isalpha())
    return _today(claim, stage) if is_its else _nobody_knows(claim, stage)


def _sky(claim: Claim, stage: _Stage) -> str | None:
    is_of_the_sky = bool(stage.event and stage.event.sky) or stage.slot.fact("night") is not None
    return _today(claim, stage) if is_of_the_sky else _nobody_knows(claim, stage)


_JUDGES: Mapping[str, _Judge] = {
    "today": _today,
    "tonight": _tonight,
    "tomorrow": _tomorrow,
    "yesterday": _yesterday,
    "week": _week,
    "ago": _ago,
    "anniversary": _anniversary,
    "date": _date,
    "weekday": _weekday,
    "time": _time,
    "countdown": _countdown,
    "future": _future,
    "invitation": _live,
    "price": _live,
    "season": _season,
    "sky": _sky,
}


def _years(count: int) -> str:
    return f"{count} year{'' if count == 1 else 's'}"


def _dated(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a day unknown"
