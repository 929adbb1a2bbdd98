"""English for frames: numbers, ordinals, plurals, articles, what is left of a time, and a moment in several zones."""

from datetime import datetime

from msgspec import Struct

from bot.planning.nouns import is_an, many
from bot.zones import DAY, HOUR, MINUTE, moment, zone

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

#: Zones as people in the United States and in Europe call them, and UTC; any IANA name will do besides.
_ZONES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "UK": "Europe/London", "CET": "Europe/Paris", "IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "UTC": "UTC",
}  # fmt: skip
_CLOCKS_WANTED = 'zones() needs the zones to show: zones("ET", "PT", "UTC")'


class Countdown(int):
    """Seconds that are left, which read as `thirty days`, `one hour` or `no time` in a text."""

    __slots__ = ()

    def __str__(self) -> str:
        return _left(self)

    @property
    def days(self) -> int:
        """Whole days that are left."""
        return self // DAY


def _left(seconds: int) -> str:
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{number_in_words(count)} {plural(count, name)}"
    return "no time"


def number_in_words(number: float) -> str:
    """A whole number from 0 to 9,999 in words: 23 → `twenty-three`, 250 → `two hundred and fifty`; ValueError for others."""
    return _in_words(_whole("in_words", number, below=10 * _THOUSAND))


def _in_words(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    if number < _HUNDRED:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    unit, name = (_HUNDRED, "hundred") if number < _THOUSAND else (_THOUSAND, "thousand")
    many, rest = divmod(number, unit)
    joint = " and " if rest < _HUNDRED else " "
    return f"{_ONES[many]} {name}" + (f"{joint}{_in_words(rest)}" if rest else "")


def years_in_words(years: int) -> str:
    """`one year`, `seven years`."""
    return f"{number_in_words(years)} year{'' if years == 1 else 's'}"


def ordinal(number: float) -> str:
    """1st, 2nd, 3rd, 4th … 11th … 21st; ValueError for what is no whole number, or below 0."""
    whole = _whole("ordinal", number)
    teen = whole % _HUNDRED in {11, 12, 13}
    return f"{whole}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(whole % 10, 'th')}"


def plural(count: float, one: str, others: str = "") -> str:
    """The noun for so many: `plural(1, "sol")` is sol, `plural(2, "city")` cities, `plural(2, "genus", "genera")` genera.

    ValueError where the count is no number, or the noun no text.
    """
    if not _is_number(count):
        raise _unfit("plural", count, takes="a number before it")
    for noun in (one, others):
        if not isinstance(noun, str) or not one.strip():
            raise _unfit("plural", noun, takes="a noun in quotes")
    return one if count == 1 else others or many(one)


def grouped(number: float) -> str:
    """A number with its thousands apart: `5,000`; ValueError for what is none."""
    if not _is_number(number):
        raise _unfit("number", number, takes="a number")
    return f"{number:,}"


def article(words: object) -> str:
    """The words behind their indefinite article, as they are spoken: an hour, a unique rock, an 11th flight, an MRO image.

    ValueError where there are none.
    """
    text = str(words)
    if words is None or not text.strip():
        raise _unfit("article", words, takes="a word or a number")
    return f"{'an' if is_an(text) else 'a'} {text}"


class Clocks(Struct, frozen=True):
    """The moment of what a frame speaks of, as it asks the clocks for it: `{{ zones("ET", "PT", "UTC") }}`."""

    instant: int | None
    home: str  #: the zone by whose calendar its day is kept

    def __call__(self, *names: str) -> str:
        """The moment as those clocks show it."""
        if not names or not all(isinstance(name, str) for name in names):
            raise ValueError(_CLOCKS_WANTED)
        return zones(self.instant, *names, home=self.home)

    def __str__(self) -> str:
        raise ValueError(_CLOCKS_WANTED)


def zones(instant: int | None, *names: str, home: str | None = None) -> str:
    """A moment as clocks show it: `1 p.m. ET (10 a.m. PT, 17:00 UTC)`.

    Zones are those of `_ZONES`, or IANA names. A clock that shows another date than that of `home`, or of the first zone
    where there is none, says which: its weekday. ValueError where there is no such zone, or no moment.
    """
    if instant is None:
        raise ValueError("the event has no instant, only a date")
    if not _is_number(instant):
        raise _unfit("zones", instant, takes="an instant, such as event.instant")
    if not names:
        raise ValueError(_CLOCKS_WANTED)
    first, *others = [_clock(instant, name, home or names[0]) for name in names]
    return f"{first} ({', '.join(others)})" if others else first


def _clock(instant: int, name: str, home: str) -> str:
    shown, at_home = _local(instant, name), _local(instant, home)
    other_day = "" if shown.date() == at_home.date() else f" {shown:%A}"
    if name == "UTC":
        return f"{shown:%H:%M} UTC{other_day}"
    half = "a.m." if shown.hour < 12 else "p.m."  # noqa: PLR2004 - noon
    minutes = f":{shown:%M}" if shown.minute else ""
    return (
        f"{(shown.hour - 1) % 12 + 1}{minutes} {half} {name if name in _ZONES else shown.tzname()}{other_day}"
    )


def _local(instant: int, name: str) -> datetime:
    clock = zone(_ZONES.get(name, name))
    return moment(instant).astimezone(clock.info)


def _whole(helper: str, number: float, *, below: int | None = None) -> int:
    """The whole number that a helper was given, `3.0` as 3; ValueError where it is none, negative, or too large."""
    is_whole = _is_number(number) and number % 1 == 0 and number >= 0
    if not is_whole or (below is not None and number >= below):
        room = "0 on" if below is None else f"0 to {below - 1:,}"
        raise _unfit(helper, number, takes=f"a whole number from {room}")
    return int(number)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unfit(helper: str, got: object, *, takes: str) -> ValueError:
    """The error of a helper that was given what it cannot take. A name without a value says so itself."""
    told = str(got)
    shown = "nothing" if got is None else f'"{told}"' if isinstance(got, str) else told
    return ValueError(f"{helper} takes {takes}, not {shown}")
