"""Whether a dated post, which a person wants to show now, speaks of this day or of another."""

from collections.abc import Iterable
from datetime import date

from bot.days import LeapDay, anniversary
from bot.model import Event, Post, Schedules, Uses
from bot.zones import DAY, date_of, day_of, zone


def other_day(post: Post, schedules: Schedules, now: int, *, zone_name: str) -> str | None:
    """What tells a person that a dated post is of another day than that of `now`; None where it is of that, or of none.

    Days are those of its event, by the event's clock, else the anniversaries of its first posting, by that of `zone_name`.
    """
    if post.use is not Uses.DATED:
        return None
    event = schedules.events.get(post.event or "")
    today = date_of(zone(event.zone if event else zone_name).wall(now) // DAY)
    days = set(_days_of(event, today) if event else _recalled(post.posted_on(zone_name), today))
    if not days or today in days:
        return None
    nearest = min(days, key=lambda day: (abs(day - today), day))
    is_yearly = event is None or (event.day is not None and event.day != nearest)
    when = f"{nearest.day} {nearest:%B}" if is_yearly else f"{nearest.day} {nearest:%B %Y}"
    subject = f"{post.id} speaks of {event.id}, {when}" if event else f"{post.id} speaks of {when}"
    return f"{subject}; today is {today.day} {today:%B}: its words may not be true"


def _days_of(event: Event, today: date) -> Iterable[date]:
    """The days of an event in the years around today."""
    if event.sky:
        return _days_in_the_sky(event, today)
    if event.day is not None:
        return _recalled(event.day, today)
    return {day for year in _around(today) for day in event.may_be_observed(year)}


def _recalled(original: date | None, today: date) -> Iterable[date]:
    """A day and its anniversaries, of 29 February every one on which a schedule may keep it; none before it."""
    if original is None:
        return ()
    found = (anniversary(original, year, each) for year in _around(today) for each in LeapDay)
    return {original, *(day for day in found if day and day > original)}


def _around(today: date) -> range:
    return range(today.year - 1, today.year + 2)


def _days_in_the_sky(event: Event, today: date) -> Iterable[date]:
    """The days on which the sky brings it, three years back and ahead: nothing about Mars is rarer."""
    from bot.sky.ephemeris import happenings  # noqa: PLC0415 - start-up time: few posts speak of the sky

    reach = 3 * 366 * DAY
    noon = day_of(today) * DAY + DAY // 2
    clock = zone(event.zone)
    return {date_of(clock.wall(each.at) // DAY) for each in happenings(event.sky, noon - reach, noon + reach)}
