"""Lengths of time and times of day, as people write them in files."""

import re

from bot.zones import DAY, HOUR, MINUTE

_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY}
_SPAN = re.compile(r"([0-9]{1,6})([smhd])")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def duration(text: object) -> int:
    """The seconds of `90m`, `2h`, `45s` or `3d`; ValueError says how a length of time is written."""
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(
            f'cannot read {_quoted(text)} as a length of time; write a number and s, m, h or d: "45s", "90m", "2h", "3d"'
        )
    return int(found[1]) * _UNITS[found[2]]


def clock_time(text: object) -> int:
    """The seconds from midnight to `09:00`; ValueError says how a time of day is written."""
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(
            f'cannot read {_quoted(text)} as a time of day; write hours and minutes from "00:00" to "23:59", such as "09:00"'
        )
    return int(found[1]) * HOUR + int(found[2]) * MINUTE


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
