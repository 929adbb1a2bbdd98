"""Events and missions, made from their tables or told what is wrong with them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from bot.days import WEEKDAYS, rule
from bot.model import Event, Mission, Tone
from bot.options import did_you_mean
from bot.schedules.moments import misplaced, unplaced
from bot.schedules.reading import TableReader, span
from bot.schedules.shapes import EventFields, MissionFields
from bot.schedules.tables import Table
from bot.zones import DAY, Zone, date_of, instant_of, zone

_LONGEST_HUSH = 30 * DAY
_LAST_YEAR = 2199
_LATE_CLOCK = 2  #: days: a landing is dated by one clock, its first sol by another


class FactReader(TableReader):
    """Reads what happened, and what worked from when to when."""

    def _event(self, table: Table) -> Event | None:
        fields = self._fields(self._placed(table), EventFields)
        if fields is None:
            return None
        self._check_word(table, fields.title, "title")
        self._check_days(table, fields)
        found = None if fields.rule is None else self._try(table, partial(rule, fields.rule), "rule")
        instant, day = self._dated(table, fields)
        names = ("id", "title", "kind", "zone", "tone", "days", "kept", "confirmed_until", "quiet", "sources")
        event = Event(
            **{name: getattr(fields, name) for name in names},
            instant=instant,
            day=day,
            rule=found,
            sky=fields.sky or "",
            until=self._until(table, fields, instant),
            hush=self._try(table, partial(span, fields.hush, most=_LONGEST_HUSH), "hush") or 0,
            place=table.place(),
        )
        self._check_tact(table, event)
        self._check_kept(table, event)
        return event

    def _placed(self, table: Table) -> Table:
        """The table without moments of which only the digits are written, each with what to write instead."""
        found = {
            key: value
            for key in ("instant", "until")
            if isinstance(value := table.fields.get(key), dt.datetime) and value.tzinfo is None
        }
        for key, written in found.items():
            self._wrong(table, f"{key}: {unplaced(written, _clock(table))}", key)
        left = {key: value for key, value in table.fields.items() if key not in found}
        return replace(table, fields=left) if found else table

    def _check_clock(self, table: Table, fields: EventFields, clock: Zone) -> None:
        """Hold the offsets of moments against the clock of the event's zone."""
        for key, written in (("instant", fields.instant), ("until", fields.until)):
            if written and (why := self._try(table, partial(misplaced, written, clock), key)):
                self._wrong(table, f"{key}: {why}", key)

    def _until(self, table: Table, fields: EventFields, instant: int | None) -> int | None:
        """The end of what people can join."""
        if fields.until is None:
            return None
        until = instant_of(fields.until)
        if instant is None or until <= instant:
            self._wrong(
                table, "until: it is the end of what begins at instant; write an instant behind it", "until"
            )
        return until

    def _check_tact(self, table: Table, event: Event) -> None:
        for name, value in (("quiet", event.quiet), ("hush", event.hush)):
            if value and event.tone is not Tone.REMEMBRANCE:
                self._wrong(table, f'{name}: only a remembrance is kept so; write tone = "remembrance"', name)
            elif value and event.sky:
                self._wrong(table, f"{name}: what the sky brings has no day that is kept; leave it out", name)

    def _check_word(self, table: Table, word: str, *path: str | int) -> None:
        if not word.strip():
            self._wrong(table, f"{path[0]}: an empty text says nothing; write what texts call it", *path)

    def _check_kept(self, table: Table, event: Event) -> None:
        """Hold the rule and the days that override it against the days that are known, of which there must be one."""
        if event.rule is None:
            return
        known = (*event.kept, *event.days)
        if not known:
            message = "rule: nothing proves it; write a day on which it was kept, as a source has it: kept = [2026-01-22]"
            self._wrong(table, message, "rule", code="rule")
        others = [day for day in event.kept if day not in event.may_be_observed(day.year)]
        if others:
            self._wrong(table, f"kept: {_unlike(event, others)}", "kept", code="rule")
        self._check_confirmed(table, event, max((day.year for day in known), default=None))

    def _check_confirmed(self, table: Table, event: Event, last: int | None) -> None:
        """Hold `confirmed_until` against the last year of which a day is known. A rule that names a date never moves."""
        until, moves = event.confirmed_until, event.rule and any(day in event.rule.text for day in WEEKDAYS)
        if last and until and until > last and moves:
            message = f"confirmed_until: of no year after {last} a day is known; write {last}, or add the later days to kept"
            self._wrong(table, message, "confirmed_until", code="rule")

    def _check_days(self, table: Table, fields: EventFields) -> None:
        if sum(name in table.fields for name in ("instant", "date", "rule", "sky")) != 1:
            self._wrong(table, "give exactly one of instant, date, rule and sky")
            return
        for name in ("days", "kept", "confirmed_until"):
            if name in table.fields and "rule" not in table.fields:
                self._wrong(table, f"{name}: it is said of a rule, and there is none", name)
        if len({day.year for day in fields.days}) < len(fields.days):
            self._wrong(table, "days: an observance has one day a year, and a year is here twice", "days")

    def _dated(self, table: Table, fields: EventFields) -> tuple[int | None, dt.date | None]:
        """The event's instant, if it is known, and its day by the calendar of its zone."""
        clock = self._try(table, partial(zone, fields.zone), "zone")
        if clock is None or fields.instant is None:
            self._check_year(table, fields.date, "date")
            return None, fields.date
        self._check_clock(table, fields, clock)
        instant = instant_of(fields.instant)
        day = self._try(table, lambda: date_of(clock.wall(instant) // DAY), "instant")
        self._check_year(table, day, "instant")
        return instant, day

    def _check_year(self, table: Table, day: dt.date | None, key: str) -> None:
        if day is not None and day.year > _LAST_YEAR:
            self._wrong(table, f"{key}: nothing is planned after {_LAST_YEAR}; write a year up to it", key)

    def _mission(self, table: Table, events: Mapping[str, Event]) -> Mission | None:
        fields = self._fields(table, MissionFields)
        if fields is None:
            return None
        self._try(table, partial(zone, fields.zone), "zone")
        self._check_word(table, fields.name, "name")
        for number, word in enumerate(fields.words):
            self._check_word(table, word, "words", number)
        began = self._event_of(table, "began", fields.began, events)
        ended = self._event_of(table, "ended", fields.ended, events) if fields.ended else None
        if fields.ended == fields.began:
            self._wrong(table, f"ended: {fields.ended} began it; name the event that ended it", "ended")
        if fields.ended and fields.ended_on:
            self._wrong(table, "ended_on: the event under ended says it already; leave one out", "ended_on")
        clock = fields.clock
        self._check_order(table, fields, began.day if began else None, ended.day if ended else None)
        return Mission(
            key=table.name,
            name=fields.name,
            words=fields.words or (fields.name,),
            began=fields.began,
            began_on=began.day if began else None,
            ended_on=ended.day if ended else fields.ended_on,
            starts=clock.starts.timestamp() if clock else None,
            first_sol=clock.first_sol if clock else 0,
            latitude=fields.latitude,
            longitude_east=fields.longitude_east,
            zone=fields.zone,
            place=table.place(),
        )

    def _check_order(
        self, table: Table, fields: MissionFields, began: dt.date | None, ended: dt.date | None
    ) -> None:
        """Hold the days of a mission against each other: it ends after it began, and counts sols while it works."""
        if began is None:
            return
        last, key = (ended, "ended") if ended else (fields.ended_on, "ended_on")
        if last and last < began:
            self._wrong(table, f"{key}: it ended on {last}, before it began on {began}", key)
        if fields.clock and (starts := fields.clock.starts.date()) > began + dt.timedelta(_LATE_CLOCK):
            message = f"clock.starts: its first sol began on {starts}, after its work did on {began}"
            self._wrong(table, message, "clock", "starts")

    def _event_of(self, table: Table, key: str, name: str, events: Mapping[str, Event]) -> Event | None:
        """The event that a mission names; None, and a problem, where there is none."""
        known = {event.name for event in self._of("event")}
        if name not in known:
            message = f"{key}: no event called {name!r}{did_you_mean(name, known)}"
            self._wrong(table, message, key, code="unknown-event")
        elif name in events and events[name].day is None:
            self._wrong(table, f"{key}: {name} has no day of its own; name what happened once", key)
        return events.get(name)


def _unlike(event: Event, others: Sequence[dt.date]) -> str:
    """That an observance was kept on other days than its rule gives, and what to write."""
    first = others[0]
    given = event.observed(first.year) or "no day"
    more = (
        f"; {len(others)} of its {len(event.kept)} days are not those of the rule" if len(others) > 1 else ""
    )
    listed = ", ".join(map(str, others))
    return f"the rule may be wrong: it gives {given} in {first.year}, and it was kept on {first}{more}; mend the rule, or add what broke it: days = [{listed}]"


def _clock(table: Table) -> Zone:
    """The clock of an event's zone; that of UTC where there is none, which is told elsewhere."""
    try:
        return zone(str(table.fields.get("zone", "UTC")))
    except ValueError:
        return zone("UTC")
