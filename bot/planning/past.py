"""Whether what a text tells of what lies back is so: of its event, and of the missions that it names.

A deed beside a year must be of that year, a date that is meant for the event's must be it, who worked did not do so for
longer than it did, and what came so many days after another must have.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.claims import full_dates
from bot.claims.deeds import (
    Deed,
    Distance,
    Toil,
    When,
    counts,
    deeds,
    distances,
    is_anyone,
    is_done,
    may_tell_distances,
    ordinals,
    says,
    toils,
    tokens,
    told_years,
)
from bot.claims.find import YEAR, sentences
from bot.model import Event, Mission
from bot.planning.stage import Stage, dated
from bot.zones import moment

Missions = Mapping[str, Mission]
#: A date so near is taken for a slip, where nothing says that it is meant.
_SLIP, _MONTH = timedelta(days=3), timedelta(days=31)
#: How many days a unit has, and how many one may be off: a week that was begun is one.
_UNITS = {"day": (1, 1.0), "week": (7, 0.9), "month": (30.44, 1.0), "year": (365.25, 1.0)}


def untold(stage: Stage, lang: str, missions: Missions) -> str | None:
    """Why what a text tells of its event's past is not true; None where nothing is to be said against it."""
    event = stage.event
    if event is None or event.day is None:
        return None
    if YEAR.search(stage.text):
        wrong = next(_wrong_words(stage, event, lang, missions), None)
        if wrong:
            return f'"{wrong}" is not true: {event.title} was on {dated(event.day)}'
        if why := _wrong_anniversary(stage, lang):
            return why
    # Where it names nobody, it speaks of whom the event's title names.
    worked = () if _names_in(stage.text, missions) else _wrong_toils(stage.text, lang, missions, event.title)
    return next((why for _, why in (*_wrong_distances(stage.text, lang, missions, event), *worked)), None)


def unlike_the_missions(text: str, lang: str, missions: Missions) -> Iterator[tuple[str, str]]:
    """What a text tells of the missions' past, and was not so on any day: the words, and the reason."""
    yield from _wrong_toils(text, lang, missions)
    yield from _wrong_arrivals(text, lang, missions)
    yield from _wrong_distances(text, lang, missions)


def _own(event: Event) -> tuple[date, ...]:
    """The event's days: in its own zone, and in UTC."""
    days = (event.day, moment(event.instant).date() if event.instant is not None else None)
    return tuple(day for day in days if day)


def _fits(when: When, days: tuple[date, ...]) -> bool:
    return any(
        when.year == day.year and when.month in {None, day.month} and when.day in {None, day.day}
        for day in days
    )


def _wrong_words(stage: Stage, event: Event, lang: str, missions: Missions) -> Iterator[str]:
    """The words that tell of the event's own deed, or of its day, another time."""
    text, own = stage.text, _own(event)
    for deed in deeds(text, event.kind, lang):
        if not _fits(deed.when, own) and _is_own(deed, event, text, lang=lang, missions=missions):
            yield deed.words
    for words, when in told_years(text, "own-year", lang):
        is_anothers = any(_is_kept(day, when, own) for day in _days(missions))
        if not (is_anothers or _fits(when, own) or when.year == stage.slot.day.year):
            yield words
    yield from _slips(text, event, lang, missions)
    yield from _wrong_counts(text, event, lang)


def _wrong_counts(text: str, event: Event, lang: str) -> Iterator[str]:
    """Ages and anniversaries that do not come to the year beside them, where no other year is told to count from."""
    for what, off in (("ages", 1), ("anniversaries", 0)):
        for words, count, last in counts(text, what, lang) if _counts(event, what) else ():
            others = {int(year) for year in YEAR.findall(text)} - {last}
            years = last - event.day.year if event.day else 0
            if not others and not years - off <= count <= years:
                yield words


def _counts(event: Event, what: str) -> bool:
    return what != "ages" or event.kind == "birthday"


def _days(missions: Missions) -> Iterator[date]:
    """The days on which missions began and ended: two may share one day of the year."""
    for each in missions.values():
        yield from filter(None, (each.began_on, each.ended_on))


def _is_kept(day: date, when: When, own: tuple[date, ...]) -> bool:
    return day.year == when.year and any((day.month, day.day) == (each.month, each.day) for each in own)


def _is_own(deed: Deed, event: Event, text: str, *, lang: str, missions: Missions) -> bool:
    """Tell whether it is the event's deed: its title names who did it, or nobody else can have."""
    if is_anyone(deed.who, lang):
        return not any(name not in event.title for name in _names_in(text, missions))
    return deed.who.casefold() in tokens(event.title, lang)


def _names_in(text: str, missions: Missions) -> list[str]:
    return [name for each in missions.values() for name in each.words if name in text]


def _slips(text: str, event: Event, lang: str, missions: Missions) -> Iterator[str]:
    """Full dates near the event's own that are given for it."""
    own = _own(event)
    if not any(full_dates(text, lang)):
        return
    for words, when in told_years(text, "dateline", lang):
        if _is_near(when, own, _MONTH):
            yield words
    for each in sentences(text):
        sentence = text[each.start : each.stop]
        found = list(full_dates(sentence, lang))
        is_meant = len(found) == 1 and is_done(sentence, event.kind, lang)
        others = [name for name in _names_in(sentence, missions) if name not in event.title]
        if is_meant and not others and not says(sentence, "beyond", lang):
            words, day = found[0]
            if day.year and _is_near(When(day.year, day.month, day.day), own, _SLIP):
                yield words


def _is_near(when: When, own: tuple[date, ...], most: timedelta) -> bool:
    try:
        day = date(when.year, when.month or 1, when.day or 1)
    except ValueError:
        return False
    return day not in own and any(abs(day - each) <= most for each in own)


def _wrong_anniversary(stage: Stage, lang: str) -> str | None:
    """Why an anniversary that a sentence keeps today, whatever year it names besides, is not the slot's."""
    for each in sentences(stage.text):
        sentence = stage.text[each.start : each.stop]
        if stage.years and says(sentence, "today", lang):
            for words, told in ordinals(sentence, lang):
                if told != stage.years:
                    return f'"{words}" is not true then: it is {_counted(stage.years, "year")}'
    return None


def _wrong_distances(
    text: str, lang: str, missions: Missions, event: Event | None = None
) -> Iterator[tuple[str, str]]:
    """What is said to lie between two arrivals, and does not."""
    if not may_tell_distances(text, lang):
        return
    named = {name: each for each in missions.values() for name in each.words if each.began_on}
    for found in distances(text, tuple(named), lang):
        other = named.get(found.name)
        far = [_far(each, other) for each in _arrivals(found, other, lang, missions, event)] if other else []
        if far and not any(_is_so(found, days) for days in far):
            yield found.words, f'"{found.words}" is not true: it was {_in_units(far[0], found.unit)}'


def _arrivals(
    found: Distance, other: Mission, lang: str, missions: Missions, event: Event | None
) -> list[Mission]:
    """The missions that it may be said of: those that the sentence names, or else the event's."""
    if says(found.sentence, "left", lang):
        return []
    named = [
        each
        for each in missions.values()
        if each is not other and each.began_on and any(name in found.sentence for name in each.words)
    ]
    if named:
        return named if says(found.sentence, "arrived", lang) else []
    own = [each for each in missions.values() if event and each.began == event.id and each.began_on]
    return [each for each in own if each is not other]


def _far(one: Mission, other: Mission) -> int:
    assert one.began_on  # noqa: S101 - only such are asked
    assert other.began_on  # noqa: S101
    return abs((one.began_on - other.began_on).days)


def _is_so(found: Distance, days: int) -> bool:
    size, off = _UNITS[found.unit]
    return abs(found.many - days / size) <= off


def _in_units(days: int, unit: str) -> str:
    size, _ = _UNITS[unit]
    return _counted(round(days / size), unit) if days >= size else _counted(days, "day")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _wrong_toils(
    text: str, lang: str, missions: Missions, title: str | None = None
) -> Iterator[tuple[str, str]]:
    """How long a mission that has ended is said to have worked, and did not: the one that the text, or a title, names."""
    names = text if title is None else title
    named = [
        each for each in missions.values() if each.began_on and any(name in names for name in each.words)
    ]
    if len(named) == 1 and named[0].ended_on:
        mission = named[0]
        for toil in toils(text, lang):
            if _is_too_much(toil, mission):
                worked = f"worked from {dated(mission.began_on)} to {dated(mission.ended_on)}"
                yield toil.words, f'"{toil.words}" is not true: {mission.name} {worked}'


def _is_too_much(toil: Toil, mission: Mission) -> bool:
    began, ended = mission.began_on, mission.ended_on
    assert began  # noqa: S101 - only such are asked
    assert ended  # noqa: S101
    count, last = toil.years, toil.last
    most = (ended - began).days / 365.25 + 1
    if (count and count > most) or (last and last > ended.year):
        return True
    if not toil.is_whole or last is None:
        return False
    # The last that was heard of it may lie a year before the day on which it was given up.
    first = toil.first if count is None else last - count
    off = 0 if count is None else 1
    return last < ended.year - 1 or (first is not None and abs(first - began.year) > off)


def _wrong_arrivals(text: str, lang: str, missions: Missions) -> Iterator[tuple[str, str]]:
    """The years that are given for a mission's arrival, by its name, and are not its, with the reason."""
    named = [(each, name) for each in missions.values() for name in each.words if name in text]
    if not named or not YEAR.search(text) or says(text, "hops", lang):
        return
    for kind in ("landing", "orbit-insertion"):
        for deed in deeds(text, kind, lang):
            for mission, name in named:
                is_its = deed.who and deed.who == name.rpartition(" ")[2]
                if is_its and mission.began_on and deed.when.year != mission.began_on.year:
                    because = f"{mission.name} began its work on {dated(mission.began_on)}"
                    yield deed.words, f'"{deed.words}" is not true: {because}'
