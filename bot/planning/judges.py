"""The judges of claims, one for each kind: whether what is claimed is so on the stage's day.

What no rule can judge is objected to: a schedule knows its event, its day and its years, and nothing of what is going
on in the world.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from bot.claims import Claim, sure_claims, years_beside
from bot.claims.reading import named_day, named_time, number, stretch, weekday, years
from bot.planning.stage import TONIGHT, Stage, dated
from bot.zones import DAY, HOUR, MINUTE, shown, zone

#: "Tonight" is what comes within so many seconds, or came round on a day whose evening began at this hour.
_NIGHT, _DUSK, _DAWN = 18 * HOUR, 17, 6
_HALF_A_YEAR = timedelta(days=183)
_NOBODY_KNOWS = "a schedule cannot know that; leave it out, or let a person send it"

#: Says what follows a claim's words in an objection; None where the claim holds.
_Judge = Callable[[Claim, Stage], str | None]


def judged(claim: Claim, stage: Stage) -> str | None:
    """What follows the words of a claim in an objection to it; None where it holds."""
    return _JUDGES.get(claim.kind, _nobody_knows)(claim, stage)


def _untrue(because: str) -> str:
    return f"is not true then: {because}"


def _nobody_knows(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - a judge's shape
    return f"cannot be judged: {_NOBODY_KNOWS}"


def _today(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day in stage.days else _untrue(stage.when)


def _tonight(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    ahead = any(
        0 <= instant - stage.slot.at < _NIGHT and _is_dark(instant, stage) for instant in stage.instants[:1]
    )
    if ahead or stage.slot.fact("night") == TONIGHT or _was_in_the_evening(stage):
        return None
    if stage.slot.day in stage.days:
        return _untrue(f"{stage.when}, but nothing says that it is in the evening")
    return _untrue(stage.when)


def _is_dark(instant: int, stage: Stage) -> bool:
    """Tell whether a moment is of an evening or a night where it happens."""
    hour = shown(zone(stage.event.zone if stage.event else stage.slot.zone).wall(instant)).hour
    return hour >= _DUSK or hour < _DAWN


def _was_in_the_evening(stage: Stage) -> bool:
    event = stage.event
    if event is None or event.instant is None or stage.slot.day not in stage.days:
        return False
    return shown(zone(event.zone).wall(event.instant)).hour >= _DUSK


def _tomorrow(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day + timedelta(days=1) in stage.days else _untrue(stage.when)


def _yesterday(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.slot.day - timedelta(days=1) in stage.days else _untrue(stage.when)


def _week(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    today = stage.slot.day
    # A week begins on Monday for some, and on Sunday for others.
    same = any(_week_of(day, shift) == _week_of(today, shift) for day in stage.days for shift in (0, 1))
    return None if same else _untrue(stage.when)


def _week_of(day: date, shift: int) -> tuple[int, int]:
    return (day + timedelta(days=shift)).isocalendar()[:2]


def _ago(claim: Claim, stage: Stage) -> str | None:
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


def _days_ago(claim: Claim, stage: Stage) -> str | None:
    told = stretch(claim.words, stage.known)
    # "A few" is not a number, and so is what it comes to.
    if told is None or (told[0] * told[1]) % DAY:
        return _nobody_knows(claim, stage)
    day = stage.slot.day - timedelta(seconds=told[0] * told[1])
    return None if day in stage.days else _untrue(stage.when)


def _anniversary(claim: Claim, stage: Stage) -> str | None:
    told = number(claim.words, stage.known)
    if stage.years is None:
        return f"cannot be judged: {_counted(stage)}"
    if told not in {None, stage.years}:
        return _untrue(f"it is {_years(stage.years)}")
    return _today(claim, stage)


def _counted(stage: Stage) -> str:
    return (
        f"the schedule {stage.slot.schedule!r} counts no years here"
        if stage.slot.schedule
        else "no years are counted"
    )


def _date(claim: Claim, stage: Stage) -> str | None:
    told, days = named_day(claim.words, stage.known), tuple(_known_days(stage))
    if told and any(told.fits(day) for day in days):
        return None
    same = told and next((day for day in days if told._replace(weekday=None).fits(day)), None)
    return _untrue(f"that day is a {same:%A}" if same else f"it is {dated(stage.slot.day)}, and {stage.when}")


def _known_days(stage: Stage) -> Iterator[date]:
    """The slot's day, the nearest on which it comes round, and the one from which years are counted."""
    yield stage.slot.day
    yield from (day for day in stage.days if abs(day - stage.slot.day) < _HALF_A_YEAR)
    if stage.origin:
        yield stage.origin


def _weekday(claim: Claim, stage: Stage) -> str | None:
    told = weekday(claim.words, stage.known)
    if any(day.weekday() == told for day in _known_days(stage)):
        return None
    return _untrue(f"it is a {stage.slot.day:%A}, and {stage.when}")


def _time(claim: Claim, stage: Stage) -> str | None:
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


def _countdown(claim: Claim, stage: Stage) -> str | None:
    told, left = stretch(claim.words, stage.known), _left(stage)
    if told is None:
        return _nobody_knows(claim, stage)
    if left is None:
        return _untrue(stage.when)
    count, unit = told
    by_days = unit == DAY and any(count == (day - stage.slot.day).days for day in stage.days)
    return None if by_days or count == left // unit else _untrue(f"{left // unit} of them are left")


def _left(stage: Stage) -> int | None:
    """Seconds to what is to come; None where nothing is."""
    if stage.left is not None:
        return stage.left
    return stage.instants[0] - stage.slot.at if stage.instants and stage.is_to_come else None


def _future(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    return None if stage.is_to_come else _untrue(f"{stage.when}, and it is not still to come")


def _live(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    if stage.is_open:
        return None
    if stage.event and stage.event.until:
        return _untrue(f"{stage.event.title} is over")
    return "is said of what people can join, and the event has no `until`"


def _season(claim: Claim, stage: Stage) -> str | None:
    name = f"{stage.event.title if stage.event else ''} {stage.slot.fact('holiday') or ''}".casefold()
    is_its = any(word.casefold() in name for word in claim.words.strip("#").split() if word[-1:].isalpha())
    return _today(claim, stage) if is_its else _nobody_knows(claim, stage)


def _sky(claim: Claim, stage: Stage) -> str | None:
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
