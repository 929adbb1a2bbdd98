"""A judge of calendars that shares no code with the planner: of each law, it finds what breaks it.

Every question gives what is wrong, so that a law reads `assert broken(calendar) == []`, and tells what it found.
"""

import re
from calendar import isleap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.model import Account, Event, Gap, Plan, PlannedPost, Schedule, Schedules, Slot, Tone, Window
from bot.planning.plan import slots

DAY = 86_400


class Calendar(NamedTuple):
    """A plan with what it was made from."""

    schedules: Schedules
    window: Window
    plan: Plan

    def entry(self, slot: Slot) -> Schedule:
        return self.schedules.by_name[slot.schedule]

    def event(self, slot: Slot) -> Event | None:
        return self.schedules.events.get(slot.event) if slot.event else None

    @property
    def told(self) -> list[Slot]:
        """The slots of all posts and gaps."""
        return [*(post.slot for post in self.plan.posts), *(gap.slot for gap in self.plan.gaps)]


def local_date(at: int, zone: str) -> date:
    """What a calendar on the wall shows in a zone at an instant."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def kept(event: Event, year: int) -> date | None:
    """The day of a year on which an event is remembered; 29 February on the 28th where a year has none."""
    if event.day is None:
        by_rule = event.rule.on(year) if event.rule else None
        return next((day for day in event.days if day.year == year), by_rule)
    return in_year(event.day, year) if year >= event.day.year else None


def in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def silencers(slot: Slot, schedules: Schedules) -> list[Event]:
    """The events whose quiet day the slot lies on, by their own calendar or by the slot's."""
    return [
        event
        for event in schedules.events.values()
        if event.quiet
        for day in {slot.day, local_date(slot.at, event.zone)}
        if is_remembered(event, day)
    ]


def is_remembered(event: Event, day: date) -> bool:
    """Tell whether some schedule may keep an event on a day: 29 February on the days before and after it."""
    is_stand_in = (day.month, day.day) == (3, 1) and not isleap(day.year) and is_leap_day(event)
    is_over = event.day is None or day > event.day
    return kept(event, day.year) == day or (is_stand_in and is_over and day.year not in _listed(event))


def is_leap_day(event: Event) -> bool:
    """Tell whether it comes round on 29 February."""
    if event.day is None:
        return (
            event.rule is not None
            and event.rule.on(2024) == date(2024, 2, 29)
            and event.rule.on(2028) == date(2028, 2, 29)
        )
    return (event.day.month, event.day.day) == (2, 29)


def _listed(event: Event) -> set[int]:
    """The years of which the day is listed, whatever its rule."""
    return {day.year for day in event.days}


def hushers(slot: Slot, schedules: Schedules) -> list[Event]:
    """The events within whose hours of hush the slot lies."""
    return [event for event in schedules.events.values() if event.hush and _is_hushed(slot.at, event)]


def _is_hushed(at: int, event: Event) -> bool:
    """Tell whether a local day within `hush` seconds of the instant, before or after it, is the event's."""
    first, last = (local_date(at + shift, event.zone) for shift in (-event.hush, event.hush))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return any(is_remembered(event, day) for day in days)


def is_celebration(slot: Slot, calendar: Calendar) -> bool:
    event = calendar.event(slot)
    return Tone.CELEBRATION in {calendar.entry(slot).tone, event.tone if event else None}


def is_remembrance(slot: Slot, calendar: Calendar) -> bool:
    event = calendar.event(slot)
    return Tone.REMEMBRANCE in {calendar.entry(slot).tone, event.tone if event else None}


def is_first(slot: Slot, calendar: Calendar) -> bool:
    """Tell whether it remembers what makes its day quiet: nothing goes before that."""
    event = calendar.event(slot)
    return event is not None and event.quiet and is_remembrance(slot, calendar)


def spoken_on_quiet_days(calendar: Calendar) -> list[str]:
    """What is no remembrance, or celebrates, on a quiet day."""
    return [
        f"{_named(each)}: {event.id}"
        for each in calendar.plan.posts
        for event in silencers(each.slot, calendar.schedules)
        if not is_remembrance(each.slot, calendar) or each.post.tone is Tone.CELEBRATION
    ]


def celebrated_in_hush(calendar: Calendar) -> list[str]:
    """What celebrates within the hours of an event's hush, by its post, event or schedule."""
    return [
        f"{_named(each)}: {event.id}"
        for each in calendar.plan.posts
        if each.post.tone is Tone.CELEBRATION or is_celebration(each.slot, calendar)
        for event in hushers(each.slot, calendar.schedules)
        if not is_remembrance(each.slot, calendar) or each.post.tone is Tone.CELEBRATION
    ]


def crowded(calendar: Calendar) -> list[str]:
    """Posts of an account nearer than its gap."""
    return [
        f"{_named(earlier)}, {_named(later)}"
        for account in calendar.schedules.accounts.values()
        for earlier, later in pairwise(_of(account, calendar))
        if later.slot.at - earlier.slot.at < account.min_gap
    ]


def too_many(calendar: Calendar) -> list[str]:
    """Days on which an account speaks more often than it may; remembrance is not counted out, only never the one too many."""
    found = []
    for account in calendar.schedules.accounts.values():
        days = Counter(
            local_date(each.slot.at, account.zone)
            for each in _of(account, calendar)
            if not is_remembrance(each.slot, calendar)
        )
        found += [
            f"{account.name} on {day}: {count}"
            for day, count in days.items()
            if account.max_per_day is not None and count > account.max_per_day
        ]
    return found


def said_too_soon_again(calendar: Calendar, *, least: int = 0) -> list[str]:
    """Posts that an account says again before they have rested."""
    last: dict[tuple[str, str], int] = {}
    found = []
    for each in calendar.plan.posts:
        rest = max(calendar.entry(each.slot).pick.cool_down, least)
        for account in each.accounts:
            before = last.get((account, each.post.id))
            if before is not None and each.slot.at - before < rest:
                found.append(_named(each))
            last[account, each.post.id] = each.slot.at
    return found


def untold(calendar: Calendar) -> Counter[tuple[str, int, str | None]]:
    """Slots without a post and a reason, or with both or too much of one."""
    found = Counter(slot.identity for slot in calendar.told)
    found.subtract(slot.identity for slot in slots(calendar.schedules, calendar.window))
    return Counter({identity: count for identity, count in found.items() if count})


def unreasoned(calendar: Calendar) -> list[str]:
    """Gaps of which the reason is none that we know, or is not so."""
    return [_why(gap) for gap in calendar.plan.gaps if not _is_so(gap, calendar)]


def _is_so(gap: Gap, calendar: Calendar) -> bool:
    for known, holds in _REASONS:
        if found := known.fullmatch(gap.reason):
            return holds(calendar, gap.slot, found.groupdict())
    return False


def _is_quiet(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    return named["event"] in _ids(silencers(slot, calendar.schedules)) and not is_remembrance(slot, calendar)


def _is_in_hush(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    return named["event"] in _ids(hushers(slot, calendar.schedules)) and is_celebration(slot, calendar)


def _is_beside_a_louder(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    near = calendar.schedules.by_name[named["other"]].times(_around(slot))
    there = (other for other in near if _is_named(other, slot, named))
    louder = (other for other in there if _weight(other, calendar) < _weight(slot, calendar))
    return any(_share_a_gap(slot, other, named["account"], calendar) for other in louder)


def _is_beside_what_was_said(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    there = (each.slot for each in calendar.plan.posts if each.slot.at in _around(slot))
    others = (other for other in there if _is_named(other, slot, named))
    equals = (other for other in others if _weight(other, calendar) <= _weight(slot, calendar))
    return any(_share_a_gap(slot, other, named["account"], calendar) for other in equals)


def _around(slot: Slot) -> Window:
    return Window(slot.at - 2 * DAY, slot.at + 2 * DAY)


def _is_named(other: Slot, slot: Slot, named: Mapping[str, str | None]) -> bool:
    """Tell whether a reason names another slot: its schedule, its event, and its hour by the clock of the one that gave way."""
    there = datetime.fromtimestamp(other.at, ZoneInfo(slot.zone))
    is_same_day = there.date() == local_date(slot.at, slot.zone)
    told = f"{there:%H:%M}" if is_same_day else f"{there:%H:%M} on {there.day} {there:%B}"
    return (other.schedule, other.event, told) == (named["other"], named["of"], named["at"])


def _share_a_gap(slot: Slot, other: Slot, name: str, calendar: Calendar) -> bool:
    is_shared = all(name in calendar.entry(each).names for each in (slot, other))
    return is_shared and abs(slot.at - other.at) < calendar.schedules.accounts[name].min_gap


def _is_one_too_many(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    account = calendar.schedules.accounts[named["account"]]
    said = [each.slot for each in _of(account, calendar) if each.slot.at <= slot.at]
    soon = slots(calendar.schedules, Window(slot.at, slot.at + 2 * DAY))
    louder = [each for each in soon if each.priority < slot.priority]
    day = local_date(slot.at, account.zone)
    theirs = [each for each in (*said, *louder) if account.name in calendar.entry(each).names]
    count = sum(local_date(each.at, account.zone) == day for each in theirs)
    return count >= int(named["most"] or 1) == account.max_per_day and not is_remembrance(slot, calendar)


def _is_without_words(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    around = {None, *_ids(hushers(slot, calendar.schedules))}
    return named["about"] in {slot.event, slot.schedule} and named["event"] in around


def _is_without_rested_words(calendar: Calendar, slot: Slot, named: dict[str, str]) -> bool:
    """Tell whether a post that would do was said on that day, within the cool-down."""
    entry = calendar.entry(slot)
    return any(
        each.slot.at > slot.at - entry.pick.cool_down and str(local_date(each.slot.at, "UTC")) == named["day"]
        for each in calendar.plan.posts
        if set(each.accounts) & set(entry.names)
    )


def _is_unfit(calendar: Calendar, slot: Slot, _: dict[str, str]) -> bool:
    return bool(calendar.entry(slot).frames)


#: Every reason for a gap, with what tells whether it is so.
_REASONS: tuple[tuple[re.Pattern[str], Callable[[Calendar, Slot, dict[str, str]], bool]], ...] = (
    (re.compile(r"quiet day: (?P<event>\S+)"), _is_quiet),
    (re.compile(r"hush around (?P<event>\S+): no celebration then"), _is_in_hush),
    (re.compile(r"gives way to (?P<other>[^\s,]+)(?:, which speaks of (?P<of>\S+))? at (?P<at>[^,]+), within (?P<account>\S+)'s smallest gap"), _is_beside_a_louder),
    (re.compile(r"too soon for (?P<account>\S+): (?P<other>\S+) speaks(?: of (?P<of>\S+))? at (?P<at>.+)"), _is_beside_what_was_said),
    (re.compile(r"(?P<account>\S+) speaks at most (?:once|(?P<most>\d+) times) a day"), _is_one_too_many),
    (re.compile(r"nothing in the corpus suits (?P<about>\S+?)(?: in the hush around (?P<event>\S+)|: \S+ is .+)?"), _is_without_words),
    (re.compile(r"every post rests: .* was said on (?P<day>\d{4}-\d\d-\d\d)"), _is_without_rested_words),
    (re.compile(r"\S+ cannot be shown: .+", re.DOTALL), _is_unfit),
)  # fmt: skip


def _weight(slot: Slot, calendar: Calendar) -> int:
    return -1 if is_first(slot, calendar) else slot.priority


def _ids(events: list[Event]) -> set[str]:
    return {event.id for event in events}


def off_their_day(calendar: Calendar) -> list[str]:
    """Posts and gaps with a count of years on another local day than their event's, or with a wrong count."""
    return [
        f"{slot.schedule} of {event.id} at {slot.at}"
        for slot in calendar.told
        if (event := calendar.event(slot)) and event.day and slot.years is not None
        if not _is_on_its_day(slot, event.day, event.zone)
    ]


def _is_on_its_day(slot: Slot, original: date, zone: str) -> bool:
    day = local_date(slot.at, zone)
    stand_ins = {(2, 28), (3, 1)} if (original.month, original.day) == (2, 29) else set()
    if in_year(original, day.year).day == 29:
        stand_ins = set()
    return slot.years == day.year - original.year and (
        (day.month, day.day) in {(original.month, original.day), *stand_ins}
    )


def remembrances(calendar: Calendar) -> dict[tuple[str, str], list[Slot]]:
    """By schedule and event: the slots that remember a loss."""
    found: dict[tuple[str, str], list[Slot]] = defaultdict(list)
    for slot in calendar.told:
        event = calendar.event(slot)
        if event and event.tone is Tone.REMEMBRANCE:
            found[slot.schedule, event.id].append(slot)
    return found


def silenced_remembrances(calendar: Calendar) -> list[str]:
    """Remembrances that give way to anything but remembrance; to another of their own, where they make their day quiet."""
    return [
        _why(gap)
        for gap in calendar.plan.gaps
        if is_remembrance(gap.slot, calendar) and _is_silenced(gap, calendar)
    ]


def _is_silenced(gap: Gap, calendar: Calendar) -> bool:
    if (
        gap.reason.startswith(("nothing in the corpus", "every post rests"))
        or "cannot be shown" in gap.reason
    ):
        return False  # there were no words for it, whatever else was said
    if not gap.reason.startswith(("gives way to", "too soon")):
        return True
    may_silence = is_first if is_first(gap.slot, calendar) else is_remembrance
    named = next(found.groupdict() for known, _ in _REASONS if (found := known.fullmatch(gap.reason)))
    there = slots(calendar.schedules, _around(gap.slot))
    return not any(may_silence(other, calendar) for other in there if _is_named(other, gap.slot, named))


def _of(account: Account, calendar: Calendar) -> Iterator[PlannedPost]:
    return (each for each in calendar.plan.posts if account.name in each.accounts)


def _why(gap: Gap) -> str:
    return f"{gap.slot.schedule} of {gap.slot.event} on {gap.slot.day}: {gap.reason}"


def _named(each: PlannedPost) -> str:
    return f"{each.slot.schedule} on {each.slot.day}: {each.post.id}"
