"""Which events a trigger is told to speak of: choices that leave it none, or name what is not there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.contracts import Trigger
from bot.model import Event, Tone
from bot.options import did_you_mean
from bot.schedules.shapes import ScheduleFields
from bot.schedules.trials import Hall

Fault = tuple[tuple[str | int, ...], str, str]  #: where in its options, a code, and a sentence


def idle_choices(trigger: Trigger, options: Mapping[str, Any], among: Iterable[Event]) -> Iterator[Fault]:
    """What is wrong with the `kinds`, `events` and `except` of a trigger that has `events`; each is a list of texts."""
    left: tuple[Event, ...] | None = getattr(trigger, "events", None)
    if left is None:
        return
    events = tuple(among)
    yield from _unknown_kinds(options, {event.kind for event in events if event.kind})
    kinds, ids, but = (options.get(name, ()) for name in ("kinds", "events", "except"))
    named = {event.id for event in events if event.kind in kinds or event.id in ids}
    for number, name in enumerate(but):
        if name not in named:
            yield (
                ("except", number),
                "bad-value",
                f'"except" names "{name}", which would not be spoken of anyway; take it out',
            )
    if named and named <= set(but):
        yield (
            ("except",),
            "bad-value",
            '"except" takes out every event that is named, so it never speaks; name another event',
        )
    elif named and not left:
        yield ("kinds",), "bad-value", '"kinds" names remembrances alone, and nobody counts down to those'


def idle_fields(fields: ScheduleFields, hall: Hall) -> Iterator[Fault]:
    """What a schedule says that no slot of its trigger could ever go by."""
    pick = fields.pick
    if pick.event and not hall.has_events:
        message = "pick.event: its trigger speaks of no event, so no post would suit; name tags or posts"
        yield ("pick", "event"), "bad-value", message
    is_solemn = fields.tone is Tone.REMEMBRANCE or hall.is_all_solemn
    if is_solemn and set(pick.tones) == {Tone.CELEBRATION}:
        message = "pick.tones: on a remembrance nothing celebrates, so no post would suit"
        yield ("pick", "tones"), "bad-value", message
    if fields.milestone_frame and not fields.frame:
        message = "milestone_frame: it stands in for frame in round years; write frame too"
        yield ("milestone_frame",), "bad-value", message
    elif fields.milestone_frame and not hall.has_years:
        message = "milestone_frame: it is for round years, and its trigger counts none; leave it out"
        yield ("milestone_frame",), "bad-value", message


def _unknown_kinds(options: Mapping[str, Any], known: set[str]) -> Iterator[Fault]:
    for number, kind in enumerate(options.get("kinds", ())):
        if kind not in known:
            hint = did_you_mean(kind, sorted(known)) or "; write that kind at an event, or take it out"
            yield ("kinds", number), "unknown-kind", f'no event is of the kind "{kind}"{hint}'
