"""Events and missions, made from their tables or told what is wrong with them."""

import datetime as dt
from collections.abc import Mapping
from functools import partial

from bot.days import rule
from bot.model import Event, Mission, Tone
from bot.options import did_you_mean
from bot.schedules.reading import TableReader
from bot.schedules.shapes import EventFields, MissionFields
from bot.schedules.tables import Table
from bot.spans import duration
from bot.zones import DAY, date_of, instant_of, zone


class FactReader(TableReader):
    """Reads what happened, and what worked from when to when."""

    def _event(self, table: Table) -> Event | None:
        fields = self._fields(table, EventFields)
        if fields is None:
            return None
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
            hush=self._try(table, partial(duration, fields.hush), "hush") or 0,
            place=table.place(),
        )
        self._check_tact(table, event)
        self._check_kept(table, event)
        return event

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

    def _check_kept(self, table: Table, event: Event) -> None:
        """Hold the rule and the days that override it against the days that are known."""
        for number, day in enumerate(event.kept if event.rule else ()):
            found = event.observed(day.year)
            if day not in event.may_be_observed(day.year):
                gives = f"gives {found}" if found else "gives no day"
                self._wrong(
                    table,
                    f"kept: it was kept on {day}, and the rule {gives} in {day.year}; add it to days",
                    "kept",
                    number,
                    code="rule",
                )

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
            return None, fields.date
        instant = instant_of(fields.instant)
        return instant, self._try(table, lambda: date_of(clock.wall(instant) // DAY), "instant")

    def _mission(self, table: Table, events: Mapping[str, Event]) -> Mission | None:
        fields = self._fields(table, MissionFields)
        if fields is None:
            return None
        self._try(table, partial(zone, fields.zone), "zone")
        began = self._event_of(table, "began", fields.began, events)
        ended = self._event_of(table, "ended", fields.ended, events) if fields.ended else None
        if fields.ended and fields.ended_on:
            self._wrong(table, "ended_on: the event under ended says it already; leave one out", "ended_on")
        clock = fields.clock
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

    def _event_of(self, table: Table, key: str, name: str, events: Mapping[str, Event]) -> Event | None:
        """The event that a mission names; None, and a problem, where there is none."""
        known = {event.name for event in self._of("event")}
        if name not in known:
            message = f"{key}: no event called {name!r}{did_you_mean(name, known)}"
            self._wrong(table, message, key, code="unknown-event")
        elif name in events and events[name].day is None:
            self._wrong(table, f"{key}: {name} has no day of its own; name what happened once", key)
        return events.get(name)
