"""Wall clocks: zones, instants and local days.

An *instant* is whole seconds of UTC since 1970. A *wall* time is what a clock in some zone shows, written as the
seconds since 1970 that the same digits would be in UTC. A *day* is a count of days since 1970-01-01.

A wall time that spring skips is taken with the offset before the gap (02:30 → 03:30); one that autumn repeats is
its first occurrence (RFC 5545, section 3.3.5).
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE, HOUR, DAY = 60, 3_600, 86_400
EPOCH = date(1970, 1, 1)
_EPOCH_WALL = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time has no zone


class Zone(dict[int, int | None]):
    """An IANA zone whose offsets are remembered by day.

    Looking up a day gives the one offset (seconds east of UTC) that holds all that day, or None where it changes
    on that day or beside it.
    """

    def __init__(self, name: str) -> None:
        """Take the zone called `name`; ValueError where there is none."""
        try:
            self.info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f"no zone called {name!r}; use an IANA name such as 'America/New_York'"
            ) from error
        self.name = name
        self._midnights: dict[int, int] = {}
        super().__init__()

    def __missing__(self, day: int) -> int | None:
        around = {self._at_midnight(each) for each in range(day - 1, day + 3)}
        self[day] = offset = around.pop() if len(around) == 1 else None
        return offset

    def _at_midnight(self, day: int) -> int:
        if day not in self._midnights:
            self._midnights[day] = self.offset(day * DAY)
        return self._midnights[day]

    def offset(self, instant: int) -> int:
        """Seconds east of UTC at an instant."""
        return seconds(moment(instant).astimezone(self.info).utcoffset())

    def instant(self, wall: int) -> int:
        """The instant at which a clock here shows `wall`."""
        offset = self[wall // DAY]
        if offset is None:
            shown = (_EPOCH_WALL + timedelta(seconds=wall)).replace(tzinfo=self.info)
            offset = seconds(shown.utcoffset())
        return wall - offset

    def wall(self, instant: int) -> int:
        """What a clock here shows at an instant."""
        offset = self[instant // DAY]
        return instant + (self.offset(instant) if offset is None else offset)

    def midnight(self, day: int) -> int:
        """The first instant of a local day; midnight itself, or the end of the gap that swallowed it."""
        return self.instant(day * DAY)

    def has(self, day: int) -> bool:
        """Tell whether the day exists here: a zone that crossed the date line has skipped one."""
        return self[day] is not None or self.wall(self.instant(day * DAY + DAY // 2)) // DAY == day


@cache
def zone(name: str) -> Zone:
    """The zone called `name`, the same object each time; ValueError where there is none."""
    return Zone(name)


def seconds(delta: timedelta | None) -> int:
    """Whole seconds of an offset."""
    return 0 if delta is None else delta.days * DAY + delta.seconds


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
    return day.toordinal() - EPOCH.toordinal()


def date_of(day: int) -> date:
    """Days since 1970-01-01 as a calendar date."""
    return date.fromordinal(day + EPOCH.toordinal())


def utc_text(instant: int) -> str:
    """An instant as `2027-01-28T14:00:00Z`."""
    return moment(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_text(instant: int, name: str) -> str:
    """An instant with the offset of a zone: `2027-01-28T09:00:00-05:00`."""
    return moment(instant).astimezone(zone(name).info).isoformat()
