"""The judges of claims, one for each kind: whether what is claimed is so on the stage's day.

What no rule can judge is objected to: a schedule knows its event, its day and its years, and nothing of what is going
on in the world.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from bot.claims import Claim, sure_claims, years_beside
from bot.claims.reading import (
    holds,
    last_day,
    named_day,
    named_month,
    named_time,
    named_year,
    number,
    stretch,
    weekday,
    years,
)
from bot.planning.spells import falls_within
from bot.planning.stage import TONIGHT, Stage, dated
from bot.zones import DAY, HOUR, MINUTE, shown, zone

#: "Tonight" is what comes within so many seconds, or came round on a day whose evening began at this hour.
_NIGHT, _DUSK, _DAWN = 18 * HOUR, 17, 6
_HALF_A_YEAR = timedelta(days=183)
#: "Nearly" is so near, of what is told; "about" is so near on either side.
_NEAR = 10
_WORDS = re.compile(r"[^\W\d_]+")
#: A word as long as this tells which day is meant: "day" and "new" do not.
_TELLING = 4
#: Days from now on which a weekday lies that is told as the next, the last, this or none of these: first and last.
_NEXT, _LAST, _THIS, _BESIDE = (2, 13), (-13, -1), (0, 6), (-6, 6)
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


def _tomorrow(claim: Claim, stage: Stage) -> str | None:
    return _is_in_days(2 if holds("day-after", claim.words, stage.known) else 1, stage)


def _yesterday(claim: Claim, stage: Stage) -> str | None:
    return _is_in_days(-2 if holds("day-before", claim.words, stage.known) else -1, stage)


def _is_in_days(count: int, stage: Stage) -> str | None:
    return None if stage.slot.day + timedelta(days=count) in stage.days else _untrue(stage.when)


def _spell(claim: Claim, stage: Stage) -> str | None:
    is_so = falls_within(claim, stage)
    if is_so is None:
        return _nobody_knows(claim, stage)
    return None if is_so else _untrue(stage.when)


def _agrees(claim: Claim, stage: Stage, told: float, actual: float) -> bool:
    """Tell whether a number is as it is told: exactly, or as "over", "nearly" and their like have it."""
    says = partial(holds, words=claim.words, known=stage.known)
    if says("beyond"):
        return actual > told
    if says("at-least"):
        return actual >= told
    if says("short-of"):
        return actual < told
    if says("nearly"):
        return 0 < told - actual <= told / _NEAR
    if says("roughly"):
        return abs(told - actual) <= told / _NEAR
    return told == actual


def _ago(claim: Claim, stage: Stage) -> str | None:
    told = years(claim.words, stage.known)
    if told is None:
        return _days_ago(claim, stage)
    named = [stage.slot.day.year - year for year in years_beside(claim, stage.text)]
    counted = named if stage.years is None else [*named, stage.years]
    if any(_agrees(claim, stage, told, each) for each in counted) or _is_nearly_full(claim, stage, told):
        return None
    if named:
        return _untrue(f"it is {_years(named[0])} from the year that stands beside it")
    if stage.years is None:
        return f"cannot be judged: {_counted(stage)}"
    return _untrue(f"it is {_years(stage.years)}")


def _is_nearly_full(claim: Claim, stage: Stage, told: float) -> bool:
    """Tell whether so many years will be full within days, and are said to be nearly so."""
    off = stage.slot.fact("days_off")
    is_to_come = isinstance(off, int) and off > 0
    return is_to_come and told == stage.years and holds("nearly", claim.words, stage.known)


def _days_ago(claim: Claim, stage: Stage) -> str | None:
    told = stretch(claim.words, stage.known)
    # "A few" is not a number, and so is what it comes to.
    if told is None or (told[0] * told[1]) % DAY:
        return _nobody_knows(claim, stage)
    past = ((stage.slot.day - day).days for day in stage.days if day <= stage.slot.day)
    days = told[0] * told[1] / DAY
    return None if any(_agrees(claim, stage, days, each) for each in past) else _untrue(stage.when)


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
    if any(day.weekday() == told for day in _days_meant(claim, stage)):
        return None
    return _untrue(f"it is a {stage.slot.day:%A}, and {stage.when}")


def _days_meant(claim: Claim, stage: Stage) -> Iterator[date]:
    """The days that a weekday may be of: that of the slot, those near enough, and the one of long ago."""
    says = partial(holds, words=claim.words, known=stage.known)
    today = stage.slot.day
    if says("it-is"):
        yield today
        return
    is_past, is_next, is_this = says("last"), says("next"), says("this")
    first, last = _LAST if is_past else _NEXT if is_next else _THIS if is_this else _BESIDE
    yield from (day for day in stage.days if first <= (day - today).days <= last)
    if not (is_past or is_next or is_this):
        yield from () if stage.is_to_come else (today,)
        yield from (stage.origin,) if stage.origin and stage.origin < today else ()


def _time(claim: Claim, stage: Stage) -> str | None:
    told = named_time(claim.words, stage.known)
    if told is None or told.zone is None:
        return "cannot be judged: it names no zone"
    if not stage.instants:
        return "cannot be judged: of the event no hour is known"
    # What is named after another time may be the end.
    before = stage.text[: claim.start]
    is_second = any(each.kind == "time" for each in sure_claims(before, stage.post.lang))
    is_second = is_second or holds("until", " ".join(before.split()[-1:]), stage.known)
    instants = stage.instants if is_second else stage.instants[:1]
    walls = [zone(told.zone).wall(instant) % DAY // MINUTE for instant in instants]
    if told.hour * 60 + told.minute in walls:
        return None
    return _untrue(f"it is {walls[0] // 60:02}:{walls[0] % 60:02} there")


def _countdown(claim: Claim, stage: Stage) -> str | None:
    told, left = stretch(claim.words, stage.known), stage.remaining
    if told is None:
        return (
            _future(claim, stage) if holds("begun", claim.words, stage.known) else _nobody_knows(claim, stage)
        )
    count, unit = told
    if unit % DAY == 0 and _is_by_days(claim, stage, count * unit // DAY):
        return None
    if left is None:
        return _untrue(stage.when)
    if unit < DAY and not stage.has_hour:
        return "cannot be judged: of the event no hour is known"
    is_so = _is_left(claim, stage, told, left)
    return None if is_so else _untrue(f"{left // unit} of them are left")


def _is_by_days(claim: Claim, stage: Stage, count: float) -> bool:
    """Tell whether it is so many days to it by the calendar."""
    days = stage.days_left
    return days is not None and days > 0 and _agrees(claim, stage, count, days)


def _is_left(claim: Claim, stage: Stage, told: tuple[float, int], left: int) -> bool:
    """Tell whether so much is left, to the unit in which it is told; of weeks, to the day."""
    count, unit = told
    if not _agrees(claim, stage, count, count):
        return _agrees(claim, stage, count, left / unit)
    return unit <= DAY and (count == left // unit or abs(left / unit - count) < 1 / 2)


def _future(claim: Claim, stage: Stage) -> str | None:
    last = last_day(claim.words, stage.known)
    if last is not None:
        return None if stage.slot.day <= last else _untrue(f"it is {dated(stage.slot.day)}")
    return None if stage.is_to_come else _untrue(f"{stage.when}, and it is not still to come")


def _now(claim: Claim, stage: Stage) -> str | None:
    """Judge what goes on, and which year or month it is."""
    today = stage.slot.day
    year, month = named_year(claim.words), named_month(claim.words, stage.known)
    if year is not None:
        return None if year == today.year else _untrue(f"it is {today.year}")
    if month is not None:
        return None if month == today.month else _untrue(f"it is {today:%B}")
    return _on_now(claim, stage) if holds("on-now", claim.words, stage.known) else _nobody_knows(claim, stage)


def _on_now(claim: Claim, stage: Stage) -> str | None:
    if stage.is_on:
        return None
    return _untrue(f"{stage.when}, and it has not begun") if stage.is_open else _live(claim, stage)


def _live(claim: Claim, stage: Stage) -> str | None:  # noqa: ARG001 - as above
    if stage.is_open:
        return None
    if stage.event and stage.event.until:
        return _untrue(f"{stage.event.title} is over")
    return "is said of what people can join, and the event has no `until`"


def _season(claim: Claim, stage: Stage) -> str | None:
    name = f"{stage.event.title if stage.event else ''} {stage.slot.fact('holiday') or ''}".casefold()
    named = set(_WORDS.findall(name))
    is_its = any(word in named for word in _WORDS.findall(claim.words.casefold()) if len(word) >= _TELLING)
    return _today(claim, stage) if is_its else _nobody_knows(claim, stage)


def _sky(claim: Claim, stage: Stage) -> str | None:
    night = stage.slot.fact("night")
    if not (stage.event and stage.event.sky) and night is None:
        return _nobody_knows(claim, stage)
    is_dawn, is_dusk = (holds(each, claim.words, stage.known) for each in ("dawn", "dusk"))
    seen = night if night is not None else stage.slot.fact("sky")
    if seen is None or is_dawn == is_dusk:
        return _today(claim, stage)
    is_evening = seen in {TONIGHT, "evening"}
    if is_dawn == is_evening:
        return _untrue(f"it is seen {'in the evening' if is_evening else 'before dawn'}")
    return _is_in_days(1, stage) if is_dawn and night is not None else _today(claim, stage)


_JUDGES: Mapping[str, _Judge] = {
    "today": _today,
    "tonight": _tonight,
    "tomorrow": _tomorrow,
    "yesterday": _yesterday,
    "week": _spell,
    "spell": _spell,
    "now": _now,
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
