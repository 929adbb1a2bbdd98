"""Days and times as cards write them, the same in every locale."""

from datetime import date

from bot.zones import moment, zone

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_text(day: date) -> str:
    """A date as `24 January 2004`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def local_day(instant: int, zone_name: str) -> date:
    """The date that an instant has in a zone."""
    return moment(instant).astimezone(zone(zone_name).info).date()


def time_text(instant: int, zone_name: str) -> str:
    """The time of day of an instant, with its zone's name there and then: `19:40 EST`, or `19:40 UTC+3`."""
    local = moment(instant).astimezone(zone(zone_name).info)
    return f"{local:%H:%M} {_zone_text(local.tzname() or '')}"


def _zone_text(name: str) -> str:
    """A zone without letters of its own is told by its offset: `+0530` as `UTC+5:30`."""
    if name[:1] not in {"+", "-"}:
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:]
    return f"UTC{name[0]}{hours}{':' if minutes else ''}{minutes}"
