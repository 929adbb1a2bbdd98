"""The time that a person names by a slot's own clock, made an instant."""

from datetime import datetime

from bot.errors import BadCall
from bot.zones import Zone, instant_of, local_text, wall_of, zone

#: What a browser sends of a date and a time, with seconds or without.
_SHAPES = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def named_moment(text: str, place: str, *, turn: str = "") -> int:
    """The instant at which a clock in the zone `place` shows such a text as `2027-01-28T09:00`.

    Where it shows that twice, `turn` says which is meant: `first` or `second`. BadCall where it is no time, where
    the clock never shows it, or where it shows it twice and nobody has said which.
    """
    shown = _read(text)
    clock = zone(place)
    first, second = (_instant(shown, clock, fold) for fold in (0, 1))
    told = f"{shown:%H:%M} on {shown.day} {shown:%B %Y}"
    if clock.wall(first) != wall_of(shown):
        after = local_text(first, place)[11:16]
        raise BadCall(f"{told} is no time in {place}: the clocks are put forward over it then; say {after}")
    if first == second:
        return first
    if turn not in {"first", "second"}:
        raise BadCall(
            f"{told} comes twice in {place}, when the clocks are put back; say which of them you mean"
        )
    return first if turn == "first" else second


def comes_twice(text: str, place: str) -> bool:
    """Tell whether a clock in that zone shows such a text twice; False where it is no time."""
    try:
        named_moment(text, place)
    except BadCall:
        return _is_either(text, place)
    return False


def _is_either(text: str, place: str) -> bool:
    try:
        named_moment(text, place, turn="first")
    except BadCall:
        return False
    return True


def _read(text: str) -> datetime:
    for shape in _SHAPES:
        try:
            found = datetime.strptime(text.strip(), shape)  # noqa: DTZ007 - a wall time has no zone
        except ValueError:
            continue
        if 1900 <= found.year < 2200:  # noqa: PLR2004 - as far as zones and calendars are known
            return found
    raise BadCall(f"cannot read {text!r} as a time: write it as 2027-01-28T09:00")


def _instant(shown: datetime, clock: Zone, fold: int) -> int:
    return instant_of(shown.replace(tzinfo=clock.info, fold=fold))
