"""A synthetic world to measure in: the same posts, events and schedules for the same sizes, every time."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bot.contracts import Almanac
from bot.model import (
    Account,
    Corpus,
    Event,
    Limits,
    Part,
    Pick,
    Place,
    Post,
    Schedule,
    Schedules,
    Tone,
    Uses,
    Window,
    digest,
)
from bot.triggers.anniversary import Anniversary
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, day_of

START = day_of(date(2027, 1, 1)) * DAY
YEAR = Window(START, day_of(date(2028, 1, 1)) * DAY)

TAGS, ACCOUNTS, EVENTS, KINDS = 200, 100, 100, 10
COOL_DOWN = 90 * DAY
ZONES = (
    "UTC", "America/New_York", "America/Los_Angeles", "America/Chicago", "America/Denver", "America/Sao_Paulo",
    "America/Mexico_City", "America/St_Johns", "Europe/London", "Europe/Berlin", "Europe/Madrid", "Europe/Athens",
    "Europe/Istanbul", "Africa/Cairo", "Africa/Nairobi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dubai",
    "Asia/Tokyo", "Asia/Shanghai", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland",
    "Pacific/Honolulu",
)  # fmt: skip

#: Days and times a day of twenty schedules: 148 slots a year each, on the average.
RHYTHMS = (
    *[("mon-fri", 2)], *[("daily", 1)] * 2, *[("mon-fri", 1)] * 3, *[("mon,wed,fri", 1)],
    *[("sat,sun", 1)] * 2, *[("sat", 1)] * 6, *[("tue", 1)] * 5,
)  # fmt: skip
_SENTENCES = (
    "The wheels are made of aluminium, with titanium springs for spokes.",
    "Dust devils on Mars can grow taller than any mountain on Earth.",
    "A day there lasts 24 hours, 39 minutes and 35 seconds: a sol.",
    "More at https://example.org/{place}, with all the pictures in full size.",
    "The camera that took them is no larger than a fist. #Mars #Science",
    "Its robotic arm has five joints, like a shoulder and an elbow.",
    "Die Raumfahrt ist voller kleiner Überraschungen und großer Zahlen.",
)


class Rhythm(NamedTuple):
    """When one schedule of fixed hours speaks, as bare as the floor needs it."""

    name: str
    days: str
    times: tuple[int, ...]  #: minutes after midnight
    zone: str
    jitter: int  #: seconds
    tag: str


def corpus(number: int) -> Corpus:
    """So many posts, two tags each; the first two hundred belong to events."""
    return Corpus(tuple(post(place) for place in range(number)))


def post(place: int) -> Post:
    """One post: two or three sentences, and every ninth one was posted before."""
    chance = _chance("post", place)
    sentences = (_SENTENCES[(chance >> shift) % len(_SENTENCES)] for shift in (0, 8, 16)[: 2 + chance % 2])
    event = f"event-{place % EVENTS}" if place < 2 * EVENTS else None
    first, second = place % TAGS, (place // TAGS + place + 1 + chance % (TAGS - 1)) % TAGS
    return Post(
        id=f"{tag(first)}/post-{place}",
        parts=(Part(f"Fact {place}. " + " ".join(sentences).format(place=place)),),
        tags=(tag(first), tag(second if second != first else (first + 1) % TAGS)),
        event=event,
        tone=Tone.REMEMBRANCE if place % EVENTS < 2 and event else Tone.NEUTRAL,
        use=Uses.DATED if event else Uses.EVERGREEN,
        posted=date(2010 + chance % 15, 1 + chance % 12, 1 + chance % 28) if place % 9 == 0 else None,
        place=Place("corpus/all.jsonl", place + 1),
    )


def tag(number: int) -> str:
    """The name of a tag."""
    return f"tag-{number}"


def events() -> tuple[Event, ...]:
    """Dated facts of ten kinds; the first two are losses whose days are quiet."""
    return tuple(
        Event(
            f"event-{place}",
            f"Event {place}",
            f"kind-{place % KINDS}",
            ZONES[place % len(ZONES)],
            tone=Tone.REMEMBRANCE if place < 2 else Tone.NEUTRAL,
            day=date(1960 + place % 60, 1 + place % 12, 1 + place * 7 % 28),
            quiet=place < 2,
        )
        for place in range(EVENTS)
    )


def accounts() -> tuple[Account, ...]:
    """Accounts of which six in ten keep a smallest gap and four in ten a most per day."""
    limits = Limits(text=280, counting="x"), Limits(text=500), Limits(text=300, counting="graphemes")
    networks = "x", "mastodon", "bluesky"
    return tuple(
        Account(
            f"account-{place}",
            networks[place % 3],
            zone=ZONES[place % len(ZONES)],
            min_gap=20 * MINUTE if place % 10 < 6 else 0,
            max_per_day=8 if place % 5 < 2 else None,
            limits=limits[place % 3],
        )
        for place in range(ACCOUNTS)
    )


def rhythms(number: int) -> Iterator[Rhythm]:
    """Nineteen in twenty of so many schedules: those of fixed hours."""
    for place in range(number - number // 20):
        days, times = RHYTHMS[place * 7 % len(RHYTHMS)]
        chance = _chance("rhythm", place)
        first = 7 * HOUR + chance % 72 * 5 * MINUTE
        yield Rhythm(
            f"slots-{place}",
            days,
            tuple(first + turn * 7 * HOUR for turn in range(times)),
            ZONES[(chance >> 20) % len(ZONES)],
            20 * MINUTE if place % 4 == 0 else 0,
            tag((chance >> 40) % TAGS),
        )


def schedules(number: int) -> Schedules:
    """So many schedules: one in twenty keeps anniversaries, the others speak at fixed hours."""
    facts, logins = events(), accounts()
    entries = [*map(_slots_schedule, rhythms(number))] + [
        _anniversaries(place, facts, logins) for place in range(number // 20)
    ]
    return Schedules(
        tuple(entries),
        {event.id: event for event in facts},
        {account.name: account for account in logins},
    )


def _slots_schedule(rhythm: Rhythm) -> Schedule:
    logins, place = accounts(), int(rhythm.name.removeprefix("slots-"))
    options = {
        "days": rhythm.days,
        "at": [f"{time // HOUR:02}:{time % HOUR // MINUTE:02}" for time in rhythm.times],
        "zone": rhythm.zone,
        "jitter": f"{rhythm.jitter}s",
    }
    first = place // 10 % ACCOUNTS
    chosen = logins[first : first + (2 if place % 10 == 3 else 1)]
    return Schedule(
        rhythm.name,
        Slots(rhythm.name, options, Almanac()),
        Pick(tags=(rhythm.tag,), cool_down=COOL_DOWN),
        chosen,
    )


def _anniversaries(place: int, facts: tuple[Event, ...], logins: tuple[Account, ...]) -> Schedule:
    name = f"anniversaries-{place}"
    options = {"kinds": [f"kind-{place % KINDS}"], "at": "09:00"}
    return Schedule(
        name,
        Anniversary(name, options, Almanac(facts)),
        Pick(event=True, cool_down=COOL_DOWN),
        (logins[place * 2 % ACCOUNTS],),
        ("{{ years_in_words | capitalize }} ago today: {{ text }}",),
        grace=None,
    )


def _chance(*name: object) -> int:
    return int(digest(*name), 16)
