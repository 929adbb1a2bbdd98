"""Mars time: sols, seasons and years, and the clocks that missions keep.

The series are those of Allison and McEwen (2000, "A post-Pathfinder evaluation of areocentric solar coordinates",
Planetary and Space Science 48, 215) as Mars24 uses them, good to about a second of Mars time. Mars years are
counted as Clancy et al. (2000) do: year 1 began on 1955-04-11.

An *instant* is seconds of UTC since 1970, here with their fraction. Longitudes are in degrees to the east, angles in
degrees, and hours are Mars hours, 24 to a sol.
"""

from bisect import bisect_right
from datetime import date
from math import asin, cos, degrees, floor, radians, sin

from msgspec import Struct

from bot.zones import DAY, day_of

#: Seconds in a sol, as mission clocks count them.
SOL = 88_775.244

#: The dates from whose midnight on TAI is one second more ahead of UTC (IERS Bulletin C); 10 s at the first of them.
_LEAPS = [
    day_of(date(year, month, 1)) * DAY
    for year, month in (
        (1972, 1), (1972, 7), (1973, 1), (1974, 1), (1975, 1), (1976, 1), (1977, 1), (1978, 1), (1979, 1), (1980, 1),
        (1981, 7), (1982, 7), (1983, 7), (1985, 7), (1988, 1), (1990, 1), (1991, 1), (1992, 7), (1993, 7), (1994, 7),
        (1996, 1), (1997, 7), (1999, 1), (2006, 1), (2009, 1), (2012, 7), (2015, 7), (2017, 1),
    )
]  # fmt: skip
_TT_BEFORE_LEAPS = (
    42.184  #: seconds of TT ahead of UTC before the first of them, taken as constant before 1972
)

_J2000 = day_of(date(2000, 1, 1)) * DAY + DAY // 2
_MSD_EPOCH = 4.5  #: days from J2000 to the midnight at which Greenwich and Airy-0 all but agreed
_SOLS_AT_EPOCH = 44_796.0 - 0.0009626
_DAYS_A_SOL = 1.0274912517

#: What the planets do to Mars: amplitude in degrees, period in Julian years, phase in degrees.
_PERTURBERS = (
    (0.0071, 2.2353, 49.409),
    (0.0057, 2.7543, 168.173),
    (0.0039, 1.1177, 191.837),
    (0.0037, 15.7866, 21.736),
    (0.0021, 2.1354, 15.704),
    (0.0020, 2.4694, 95.528),
    (0.0018, 32.8493, 49.095),
)
_MEAN_SUN_A_DAY = 0.524038496  #: degrees
_J2000_YEAR = 24  #: the Mars year in which J2000 lies
_CLOSE_ENOUGH = 1e-9  #: degrees of Ls: 0.2 milliseconds


def tt_ahead(instant: float) -> float:
    """Seconds by which terrestrial time is ahead of UTC: 32.184 s and the leap seconds announced so far."""
    return _TT_BEFORE_LEAPS + max(bisect_right(_LEAPS, instant) - 1, 0)


def days_since_j2000(instant: float) -> float:
    """Days of terrestrial time since 2000-01-01T12:00."""
    return (instant + tt_ahead(instant) - _J2000) / DAY


def mean_anomaly(instant: float) -> float:
    """How far Mars would be past its perihelion, had it an even pace; not brought below 360."""
    return _anomaly(days_since_j2000(instant))


def mean_sun(instant: float) -> float:
    """The right ascension of a Sun of even pace over Mars; not brought below 360."""
    return _mean_sun(days_since_j2000(instant))


def perturbation(instant: float) -> float:
    """What the planets add to the place of Mars."""
    return _perturbation(days_since_j2000(instant))


def centre(instant: float) -> float:
    """How far Mars is ahead of its mean anomaly, perturbations included."""
    return _centre(days_since_j2000(instant))


def solar_longitude(instant: float) -> float:
    """The season, Ls: 0 where the northern spring begins, 90 summer, 180 autumn, 270 winter."""
    return _total(days_since_j2000(instant)) % 360


def mars_year(instant: float) -> int:
    """The number of the Mars year; one begins as Ls comes to 0."""
    return _J2000_YEAR + floor(_total(days_since_j2000(instant)) / 360)


def declination(instant: float) -> float:
    """The planetographic latitude over which the Sun stands."""
    seasonal = sin(radians(solar_longitude(instant)))
    return degrees(asin(0.42565 * seasonal)) + 0.25 * seasonal


def equation_of_time(instant: float) -> float:
    """True less mean solar time, in degrees: an hour is 15 of them."""
    days = days_since_j2000(instant)
    season = radians(_total(days))
    return 2.861 * sin(2 * season) - 0.071 * sin(4 * season) + 0.002 * sin(6 * season) - _centre(days)


def sol_date(instant: float) -> float:
    """The Mars Solar Date: sols and their fraction, counted at Airy-0."""
    return (days_since_j2000(instant) - _MSD_EPOCH) / _DAYS_A_SOL + _SOLS_AT_EPOCH


def mean_time(instant: float, longitude: float = 0) -> float:
    """Local mean solar time in hours; at longitude 0 it is Coordinated Mars Time, MTC."""
    return (sol_date(instant) * 24 + longitude / 15) % 24


def true_time(instant: float, longitude: float = 0) -> float:
    """Local true solar time in hours: what a sundial shows."""
    return (mean_time(instant, longitude) + equation_of_time(instant) / 15) % 24


class Clock(Struct, frozen=True):
    """A mission's clock: local mean solar time at the longitude that it chose, and sols counted from its landing."""

    starts: float  #: the instant of 00:00 on its first sol
    first_sol: int

    def sol(self, instant: float) -> tuple[int, float]:
        """The number of the sol, and how many seconds of it have gone."""
        sols, gone = divmod(_since_leaps(instant) - _since_leaps(self.starts), SOL)
        return self.first_sol + int(sols), gone

    def start(self, sol: int) -> float:
        """The instant of 00:00 on a sol."""
        return self.instant(sol, 0)

    def instant(self, sol: int, gone: float) -> float:
        """The instant at which so many seconds of a sol have gone."""
        return _without_leaps(_since_leaps(self.starts) + (sol - self.first_sol) * SOL + gone)

    def time_of_day(self, instant: float) -> str:
        """What the clock shows, in Mars hours and minutes: `15:53`."""
        minutes = int(self.sol(instant)[1] * 24 * 60 / SOL)
        return f"{minutes // 60:02}:{minutes % 60:02}"


class Season(Struct, frozen=True):
    """The beginning of a season on Mars."""

    at: int
    quarter: int  #: of the northern year: 0 spring, 1 summer, 2 autumn, 3 winter
    mars_year: int


def season(quarter: int, mars_year: int) -> float:
    """The instant at which Ls comes to 0, 90, 180 or 270 in a Mars year."""
    return _reaches(360.0 * (mars_year - _J2000_YEAR) + 90.0 * quarter)


def seasons(start: int, end: int) -> list[Season]:
    """Every season that begins from `start` up to `end`, to the nearest second."""
    first, last = (floor(_total(days_since_j2000(at)) / 90) for at in (start, end))
    begun = (
        Season(round(_reaches(90.0 * number)), number % 4, _J2000_YEAR + number // 4)
        for number in range(first, last + 1)
    )
    return [each for each in begun if start <= each.at < end]


def mars_anniversary(instant: float, years: int) -> int:
    """The instant at which Ls is the same again so many Mars years later, to the nearest second."""
    return round(_reaches(_total(days_since_j2000(instant)) + 360.0 * years))


def _anomaly(days: float) -> float:
    return 19.3871 + 0.52402073 * days


def _mean_sun(days: float) -> float:
    return 270.3871 + _MEAN_SUN_A_DAY * days


def _perturbation(days: float) -> float:
    turned = 360 * days / 365.25
    return sum(size * cos(radians(turned / period + phase)) for size, period, phase in _PERTURBERS)


def _centre(days: float) -> float:
    mean = radians(_anomaly(days))
    return (
        (10.691 + 3.0e-7 * days) * sin(mean)
        + 0.623 * sin(2 * mean)
        + 0.050 * sin(3 * mean)
        + 0.005 * sin(4 * mean)
        + 0.0005 * sin(5 * mean)
        + _perturbation(days)
    )


def _total(days: float) -> float:
    """Ls in degrees, counted on from the year of J2000 and never set back."""
    return _mean_sun(days) + _centre(days)


def _reaches(total: float) -> float:
    """The instant at which Ls, counted on, comes to `total`: by the secant method."""
    before = (total - _mean_sun(0)) / _MEAN_SUN_A_DAY
    short = _total(before) - total
    days = before - short / _MEAN_SUN_A_DAY
    while abs(left := _total(days) - total) > _CLOSE_ENOUGH:
        before, days, short = days, days - left * (days - before) / (left - short), left
    return _without_leaps(days * DAY + _J2000)


def _since_leaps(instant: float) -> float:
    """Seconds that have truly gone, leap seconds counted."""
    return instant + tt_ahead(instant)


def _without_leaps(terrestrial: float) -> float:
    """The instant of UTC at which terrestrial time is so many seconds; a leap second itself is the second after it."""
    return terrestrial - tt_ahead(terrestrial - tt_ahead(terrestrial - _TT_BEFORE_LEAPS))
