"""What the tables of schedule files may say."""

import datetime as dt
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from bot.model import Tone

Aware = Annotated[dt.datetime, Meta(tz=True)]
Name = Annotated[str, Meta(pattern=r"^[\w.-]+\Z")]
Visibility = Literal["public", "unlisted", "private", "direct"]
Sky = Literal[
    "opposition",
    "closest-approach",
    "moon-mars",
    "northern-spring",
    "northern-summer",
    "northern-autumn",
    "northern-winter",
]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=360)]
Year = Annotated[int, Meta(ge=1900, le=2199)]
Span = Any  #: read by `spans.duration`, which says how it is written


Frames = str | Annotated[tuple[str, ...], Meta(min_length=1)]
Dollars = Annotated[float, Meta(ge=0, le=1_000_000)] | None
Posts = Annotated[int, Meta(ge=0)] | None


class BudgetFields(Struct, forbid_unknown_fields=True):
    """The table `budget` of an account: by the month, and by the day."""

    usd: Dollars = None
    posts: Posts = None
    daily_usd: Dollars = None
    daily_posts: Posts = None


class AccountFields(Struct):
    """`[account.NAME]`."""

    network: str
    credentials: str = ""
    live: bool = False
    zone: str = "UTC"
    min_gap: Span = "0s"
    late_gap: Span = "5m"
    max_per_day: Annotated[int, Meta(ge=1)] | None = None
    timeout: Span = "30s"
    quarantine: Span = "2m"
    url: str = ""
    find: bool = True
    delete: bool = False
    visibility: Visibility = "public"
    budget: BudgetFields = field(default_factory=BudgetFields)


class EventFields(Struct):
    """`[[event]]`."""

    id: Name
    title: str
    kind: str = ""
    zone: str = "UTC"
    tone: Tone = Tone.NEUTRAL
    instant: Aware | None = None
    date: dt.date | None = None
    rule: str | None = None
    sky: Sky | None = None
    days: tuple[dt.date, ...] = ()
    kept: tuple[dt.date, ...] = ()
    confirmed_until: Year | None = None
    until: Aware | None = None
    quiet: bool = False
    hush: Span = "0s"
    sources: tuple[str, ...] = ()


class ClockFields(Struct, forbid_unknown_fields=True):
    """The table `clock` of a mission: when its first sol began, and the number of that sol."""

    starts: Aware
    first_sol: Literal[0, 1] = 0


class MissionFields(Struct):
    """`[mission.NAME]`."""

    name: str
    began: str
    words: tuple[str, ...] = ()
    ended: str | None = None
    ended_on: dt.date | None = None
    clock: ClockFields | None = None
    latitude: Latitude | None = None
    longitude_east: Longitude | None = None
    zone: str = "UTC"
    sources: tuple[str, ...] = ()


class PickFields(Struct, forbid_unknown_fields=True):
    """The table `pick` of a schedule."""

    tags: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    event: bool = False
    tones: tuple[Tone, ...] = ()
    lang: str | None = None
    cool_down: Span = "180d"


class ScheduleFields(Struct):
    """`[[schedule]]`."""

    name: Name
    trigger: dict[str, dict[str, Any]]
    accounts: Annotated[tuple[str, ...], Meta(min_length=1)] | None = None  #: left out: all of them
    pick: PickFields = field(default_factory=PickFields)
    frame: Frames = ""
    milestone_frame: Frames = ""
    tone: Tone | None = None
    grace: Span = "1h"
    approval: bool | Annotated[int, Meta(ge=0, le=9)] = False
