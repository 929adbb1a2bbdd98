"""Bright stars by which people find their way in the sky."""

from typing import NamedTuple


class Star(NamedTuple):
    """Where a star stands by the equator of J2000: hours of right ascension, degrees of declination."""

    name: str
    right_ascension: float
    declination: float
    magnitude: float


#: Those nearest to the way of Mars first, then the brightest of the rest.
STARS = (
    Star("Aldebaran", 4.5987, 16.5093, 0.9),
    Star("Elnath", 5.4382, 28.6075, 1.7),
    Star("Castor", 7.5766, 31.8883, 1.6),
    Star("Pollux", 7.7553, 28.0262, 1.1),
    Star("Regulus", 10.1395, 11.9672, 1.4),
    Star("Denebola", 11.8177, 14.5721, 2.1),
    Star("Spica", 13.4199, -11.1613, 1.0),
    Star("Antares", 16.4901, -26.4320, 1.0),
    Star("Fomalhaut", 22.9608, -29.6222, 1.2),
    Star("Hamal", 2.1196, 23.4624, 2.0),
    Star("Sirius", 6.7525, -16.7161, -1.5),
    Star("Canopus", 6.3992, -52.6957, -0.7),
    Star("Arcturus", 14.2610, 19.1824, -0.1),
    Star("Vega", 18.6156, 38.7837, 0.0),
    Star("Capella", 5.2782, 45.9980, 0.1),
    Star("Rigel", 5.2423, -8.2016, 0.1),
    Star("Procyon", 7.6550, 5.2250, 0.4),
    Star("Betelgeuse", 5.9195, 7.4071, 0.5),
    Star("Altair", 19.8464, 8.8683, 0.8),
    Star("Deneb", 20.6905, 45.2803, 1.3),
)
