"""The holidays of a country, as the library `holidays` knows them (extra `holidays`)."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar
from warnings import catch_warnings, simplefilter

from bot.contracts import Almanac
from bot.model import Priority, Slot, Window
from bot.options import did_you_mean, needed, refuse_others, words
from bot.spans import clock_time
from bot.zones import DAY, date_of, day_of, zone

_Days = Mapping[date, tuple[str, ...]]
_TRIED = range(2024, 2032)  #: in whose years the names of holidays are looked for


class Holiday:
    """Speaks once on each holiday of a country, or on those that are named; with the day off in lieu where asked for."""

    priority: ClassVar[Priority] = Priority.ON_THIS_DAY

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:  # noqa: ARG002 - the door's shape
        refuse_others(options, ("country", "subdivision", "names", "observed", "at", "zone"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"09:00"'))
        self._clock = zone(str(needed(options, "zone", example='"America/New_York"')))
        names = words(options, "names", example='["Thanksgiving Day"]')
        in_year = _calendar(options)
        _refuse_unknown(names, in_year)
        # What a year holds never changes, and every tick asks for the same year again.
        self._in_year: Callable[[int], list[Slot]] = cache(lambda year: self._found(in_year(year), names))

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window; two holidays of one day have one together."""
        first, last = date_of(window.start // DAY - 1).year, date_of(window.end // DAY + 1).year
        slots = (slot for year in range(first, last + 1) for slot in self._in_year(year))
        return [slot for slot in slots if slot.at in window]

    def _found(self, days: _Days, names: tuple[str, ...]) -> list[Slot]:
        found = []
        for day, on_it in sorted(days.items()):
            kept = [name for name in on_it if not names or name in names]
            wall = day_of(day) * DAY + self._at
            at = self._clock.on_its_day(wall)
            if kept and at is not None:
                facts = (("holiday", " and ".join(kept)), ("turn", day.year))
                found.append(Slot(at, self._schedule, wall, self._clock.name, self.priority, facts=facts))
        return found


def _calendar(options: Mapping[str, Any]) -> Callable[[int], _Days]:
    """The holidays of each year, in English where the library has it; ValueError where there is no such country."""
    try:
        import holidays  # noqa: PLC0415 - an extra, and slow
    except ImportError:
        raise ValueError("holidays need the library of that name; pip install redletter[holidays]") from None
    country = str(needed(options, "country", example='"US"'))
    subdivision = options.get("subdivision")
    is_observed = options.get("observed", False)
    if type(is_observed) is not bool:
        raise ValueError('"observed" is true or false: whether the day off in lieu speaks too')
    known = holidays.list_supported_countries()
    if country not in known:
        hint = did_you_mean(country, known) or "; write a code of ISO 3166, such as US, DE or IN"
        raise ValueError(f'no holidays are known for "country" "{country}"{hint}')
    if subdivision is not None and subdivision not in known[country]:
        hint = did_you_mean(str(subdivision), known[country]) or f"; known are {', '.join(known[country])}"
        raise ValueError(f'{country} has no "subdivision" "{subdivision}"{hint}')

    def in_year(year: int) -> _Days:
        with catch_warnings():
            simplefilter("ignore")  # it warns of years that it knows little of
            found = holidays.country_holidays(
                country,
                subdiv=subdivision,
                years=year,
                observed=is_observed,
                language=_english(holidays, country),
            )
        return {day: tuple(names.split("; ")) for day, names in found.items()}

    return in_year


def _english(holidays: Any, country: str) -> str | None:  # noqa: ANN401 - a module of an extra
    """English as the library has it for a country; None, which is the country's own language, where it has none."""
    languages = holidays.list_localized_countries().get(country, [])
    return next((language for language in languages if language.startswith("en")), None)


def _refuse_unknown(names: tuple[str, ...], in_year: Callable[[int], _Days]) -> None:
    known = (
        {name for year in _TRIED for on_it in in_year(year).values() for name in on_it} if names else set()
    )
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; known are {', '.join(sorted(known))}"
            raise ValueError(f'"names" holds "{name}", and there is no such holiday{hint}')
