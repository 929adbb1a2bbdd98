"""Wall clocks: zones, instants and local days.

An *instant* is whole seconds of UTC since 1970. A *wall* time is what a clock in some zone shows, written as the
seconds since 1970 that the same digits would be in UTC. A *day* is a count of days since 1970-01-01.

A wall time that spring skips is taken with the offset before the gap (02:30 → 03:30); one that autumn repeats is
its first occurrence (RFC 5545, section 3.3.5).
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

MINUTE, HOUR, DAY = 60, 3_600, 86_400
EPOCH = date(1970, 1, 1)
_EPOCH_WALL = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time has no zone
_EPOCH_ORDINAL = EPOCH.toordinal()


#: So many wall times are remembered in a zone; then it begins anew.
_MOST = 1 << 16

#: Only a zone that crosses the date line loses a day, and only from an offset like this: none is above +15:30.
_NEAR_DATE_LINE = -8 * HOUR


class Zone(dict[int, int | None]):
    """An IANA zone that remembers what it was asked.

    Looking up a wall time gives its instant, or None where the zone has skipped the whole day that it is of.
    """

    def __init__(self, name: str) -> None:
        """Take the zone called `name`; ValueError where there is none."""
        try:
            self.info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(_no_zone(name)) from error
        self.name = name
        super().__init__()

    def __missing__(self, wall: int) -> int | None:
        if len(self) >= _MOST:
            self.clear()
        self[wall] = found = self._landing(wall, seconds(self.info.utcoffset(moment(wall))))
        return found

    def learn(self, walls: range) -> None:
        """Look up evenly spaced wall times all at once: much quicker than one by one."""
        if len(self) >= _MOST:
            self.clear()
        shown, step = moment(walls.start), timedelta(seconds=walls.step)
        known, offset, is_plain = None, 0, True
        east_of = self.info.utcoffset
        for wall in walls:
            east = east_of(shown)
            if east is not known:
                known, offset = east, seconds(east)
                is_plain = offset >= _NEAR_DATE_LINE
            self[wall] = wall - offset if is_plain else self._landing(wall, offset)
            shown += step

    def _landing(self, wall: int, offset: int) -> int | None:
        is_there = offset >= _NEAR_DATE_LINE or self.has(wall // DAY)
        return wall - offset if is_there else None

    def on_its_day(self, wall: int) -> int | None:
        """The same as looking it up, but for a gap before midnight, which never moves it into the next day."""
        at = self[wall]
        return None if at is None else min(at, self.midnight(wall // DAY + 1) - 1)

    def offset(self, instant: int) -> int:
        """Seconds east of UTC at an instant."""
        return seconds(datetime.fromtimestamp(instant, self.info).utcoffset())

    def instant(self, wall: int) -> int:
        """The instant at which a clock here shows `wall`."""
        # zoneinfo reads the digits alone, and takes the first of two times and the offset before a gap.
        return wall - seconds(self.info.utcoffset(moment(wall)))

    def wall(self, instant: int) -> int:
        """What a clock here shows at an instant."""
        return instant + self.offset(instant)

    def midnight(self, day: int) -> int:
        """The first instant of a local day; midnight itself, or the end of the gap that swallowed it."""
        return self.instant(day * DAY)

    def has(self, day: int) -> bool:
        """Tell whether the day exists here: a zone that crossed the date line has skipped one."""
        return self.wall(self.instant(day * DAY + DAY // 2)) // DAY == day


def _no_zone(name: str) -> str:
    if not available_timezones():
        return "this machine has no zone data, so no zone is known; install the Python package tzdata"
    return f"no zone called {name!r}; use an IANA name such as 'America/New_York'"


@cache
def zone(name: str) -> Zone:
    """The zone called `name`, the same object each time; ValueError where there is none."""
    return Zone(name)


def seconds(delta: timedelta | None) -> int:
    """Whole seconds of an offset."""
    return 0 if delta is None else delta.days * DAY + delta.seconds


def shown(wall: int) -> datetime:
    """A wall time as the datetime that the clock shows, without a zone."""
    return _EPOCH_WALL + timedelta(seconds=wall)


def wall_of(shown: datetime) -> int:
    """What a clock shows, a datetime without a zone, as a wall time."""
    return seconds(shown - _EPOCH_WALL)


def moment(instant: int) -> datetime:
    """An instant as an aware datetime in UTC."""
    return datetime.fromtimestamp(instant, UTC)


def instant_of(moment: datetime) -> int:
    """An aware datetime as an instant, its fraction of a second dropped; ValueError where it names no zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone; write Z or an offset behind it")
    return int(moment.timestamp() // 1)


def day_of(day: date) -> int:
    """A calendar date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    """Days since 1970-01-01 as a calendar date."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def utc_text(instant: int) -> str:
    """An instant as `2027-01-28T14:00:00Z`."""
    return moment(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_text(instant: int, name: str) -> str:
    """An instant with the offset of a zone: `2027-01-28T09:00:00-05:00`."""
    return moment(instant).astimezone(zone(name).info).isoformat()
