"""Frames: the sentence around a picked post, computed for that year, in a sandbox that fails on an unknown name."""

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.model import Event, Post, Slot

if TYPE_CHECKING:
    from jinja2 import Template

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_HUNDRED, _THOUSAND = 100, 1_000


class FrameError(ValueError):
    """A frame that cannot be read, or asks for a word that this slot has not."""


def framed(frame: str, text: str, *, slot: Slot, post: Post, event: Event | None) -> str:
    """The text inside its frame, as it reads on the slot's day. FrameError says what the frame asks for in vain."""
    if not frame:
        return text
    try:
        return _template(frame).render(words(slot, post, event), text=text).strip()
    except Exception as error:  # a frame is a program: it can fail in every way that one can
        raise FrameError(f"the frame {frame!r} does not work here: {error}") from error


def words(slot: Slot, post: Post, event: Event | None) -> dict[str, Any]:
    """What a frame may say on the slot's day; a name that has no value that day is left out."""
    day = slot.day
    found: dict[str, Any] = {"weekday": day.strftime("%A"), "date": f"{day.day} {day:%B %Y}"}
    if event is not None:
        found |= {"event": event, "title": event.title}
    years = years_of(slot, post)
    if years is not None:
        found |= {"years": years, "ordinal": ordinal(years), "years_in_words": years_in_words(years)}
    return found


def years_of(slot: Slot, post: Post) -> int | None:
    """How many years the slot looks back: to its event, or to the day the post was first posted."""
    if slot.years is None and slot.event is None and (posted := post.posted_on(slot.zone)):
        return slot.day.year - posted.year or None
    return slot.years


def number_in_words(number: int) -> str:
    """A whole number from 0 to 9,999 in words: 23 → `twenty-three`, 250 → `two hundred and fifty`."""
    if number < len(_ONES):
        return _ONES[number]
    if number < _HUNDRED:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    unit, name = (_HUNDRED, "hundred") if number < _THOUSAND else (_THOUSAND, "thousand")
    many, rest = divmod(number, unit)
    joint = " and " if rest < _HUNDRED else " "
    return f"{_ONES[many]} {name}" + (f"{joint}{number_in_words(rest)}" if rest else "")


def years_in_words(years: int) -> str:
    """`one year`, `seven years`."""
    return f"{number_in_words(years)} year{'' if years == 1 else 's'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th … 11th … 21st."""
    teen = number % _HUNDRED in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


@cache
def _template(frame: str) -> "Template":
    from jinja2 import StrictUndefined  # noqa: PLC0415 - only frames need it, and it costs start-up time
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    # What is left out would say something else each time, or is of no use in a sentence.
    environment.globals.clear()
    del environment.filters["random"]
    return environment.from_string(frame)
