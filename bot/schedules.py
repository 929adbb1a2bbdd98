"""Schedule files: accounts, mentions, events and schedules, parsed at the door."""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from bot import plugins
from bot.contracts import Almanac, Trigger
from bot.corpus import plain, toml_error
from bot.days import rule
from bot.errors import Problem
from bot.model import Account, Corpus, Event, Pick, Place, Post, Schedule, Schedules, Slot, Tone
from bot.options import did_you_mean
from bot.planning.frames import FrameError, framed
from bot.spans import duration
from bot.zones import DAY, date_of, instant_of, zone

Aware = Annotated[dt.datetime, Meta(tz=True)]
Name = Annotated[str, Meta(pattern=r"^[\w.-]+$")]
T = TypeVar("T")


class _Account(Struct, forbid_unknown_fields=True):
    network: str
    credentials: str = ""
    live: bool = False
    zone: str = "UTC"
    min_gap: str = "0s"
    max_per_day: Annotated[int, Meta(ge=1)] | None = None
    timeout: str = "30s"
    quarantine: str = "2m"
    url: str = ""
    find: bool = True


class _Event(Struct, forbid_unknown_fields=True):
    id: Name
    title: str
    kind: str
    zone: str = "UTC"
    tone: Tone = Tone.NEUTRAL
    instant: Aware | None = None
    date: dt.date | None = None
    rule: str | None = None
    days: tuple[dt.date, ...] = ()
    confirmed_until: int | None = None
    quiet: bool = False
    sources: tuple[str, ...] = ()


class _Pick(Struct, forbid_unknown_fields=True):
    tags: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    event: bool = False
    tones: tuple[Tone, ...] = ()
    lang: str | None = None
    cool_down: str = "180d"


class _Schedule(Struct, forbid_unknown_fields=True):
    name: Name
    trigger: dict[str, dict[str, Any]]
    accounts: Annotated[tuple[str, ...], Meta(min_length=1)]
    pick: _Pick = field(default_factory=_Pick)
    frame: str = ""
    grace: str = "1h"
    approval: bool = False


def schedule_files(root: Path) -> list[Path]:
    """The schedule files of a project, in order of their names."""
    return sorted(file for file in (root / "schedules").glob("*.toml") if file.is_file())


class _Table(Struct):
    """One table of a file, with the means to say where its keys stand."""

    kind: str
    name: str
    fields: dict[str, Any]
    file: str
    line: int
    lines: tuple[str, ...]

    def place(self, key: str = "") -> Place:
        """Where a key of the table stands, or the table itself."""
        spelled = re.compile(rf"\s*(\[.*\b)?{re.escape(key)}\s*[]=.]")
        for number, text in enumerate(self.lines[self.line :], self.line + 1):
            if text.startswith("[[") or not key:
                break
            if spelled.match(text):
                return Place(self.file, number)
        return Place(self.file, self.line)

    def problem(self, code: str, message: str, key: str = "") -> Problem:
        """What is wrong with the table, at the line of its key."""
        place = self.place(key)
        return Problem(place.file, place.line, code, message)


class ScheduleReader:
    """Reads everything under schedules/ and collects every problem on the way."""

    def __init__(self, root: Path) -> None:
        self.problems: list[Problem] = []
        self._tables = [table for file in schedule_files(root) for table in self._read(file, root)]

    def world(self) -> Schedules:
        """Events, accounts and mentions: what posts may speak of."""
        accounts = self._each("account", self._account)
        return Schedules((), self._each("event", self._event), accounts, self._each("mention", self._mention))

    def schedules(self, world: Schedules, corpus: Corpus) -> Schedules:
        """The world with its schedules."""
        almanac = Almanac(tuple(world.events.values()), tuple(post for post in corpus.ready if post.posted))
        entries = self._each("schedule", lambda table: self._schedule(table, world, corpus, almanac=almanac))
        return replace(world, entries=tuple(entries.values()))

    def _read(self, file: Path, root: Path) -> Iterator[_Table]:
        name = file.relative_to(root).as_posix()
        try:
            text = file.read_text(encoding="utf-8-sig")
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems.append(
                Problem(name, toml_error(error, text)[0], "toml", toml_error(error, text)[1])
            )
        except (UnicodeDecodeError, OSError) as error:
            self.problems.append(Problem(name, 1, "unreadable", f"cannot be read: {error}"))
        else:
            yield from self._split(content, name, tuple(text.splitlines()))

    def _split(self, content: dict[str, Any], name: str, lines: tuple[str, ...]) -> Iterator[_Table]:
        for kind, value in content.items():
            if kind in {"account", "mention"} and isinstance(value, dict):
                for key, fields in value.items():
                    yield _Table(
                        kind,
                        key,
                        fields,
                        name,
                        _header(lines, rf"\[{kind}\.[\"']?{re.escape(key)}[\"']?\]"),
                        lines,
                    )
            elif kind in {"event", "schedule"} and isinstance(value, list):
                for number, fields in enumerate(value):
                    title = fields.get("id" if kind == "event" else "name", "")
                    yield _Table(
                        kind, str(title), fields, name, _header(lines, rf"\[\[{kind}\]\]", number), lines
                    )
            else:
                known = "[account.NAME], [mention.NAME], [[event]] and [[schedule]]"
                message = f"no table called {kind!r} in this shape; known are {known}"
                self.problems.append(
                    Problem(name, _header(lines, rf"\[*{re.escape(kind)}\b"), "unknown-table", message)
                )

    def _each(self, kind: str, make: Callable[[_Table], T | None]) -> dict[str, T]:
        found: dict[str, T] = {}
        places: dict[str, _Table] = {}
        for table in self._tables:
            if table.kind != kind or (made := make(table)) is None:
                continue
            if table.name in found:
                message = f"the {kind} {table.name!r} stands already at {places[table.name].place()}"
                self.problems.append(table.problem("duplicate", message))
            else:
                found[table.name], places[table.name] = made, table
        return found

    def _fields(self, table: _Table, into: type[T]) -> T | None:
        try:
            return msgspec.convert(table.fields, into)
        except msgspec.ValidationError as error:
            key = re.search(r"unknown field `(\w+)`|at `\$\.(\w+)|required field `(\w+)`", str(error))
            code = "unknown-field" if key and key[1] else "bad-value"
            message = f"{table.kind} {table.name}: {plain(error)}"
            self.problems.append(
                table.problem(code, message, next(filter(None, key.groups()), "") if key else "")
            )
            return None

    def _wrong(self, table: _Table, key: str, error: object, code: str = "bad-value") -> None:
        self.problems.append(table.problem(code, f"{table.kind} {table.name}: {error}", key))

    def _try(self, table: _Table, key: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ValueError as error:
            self._wrong(table, key, error)
            return None

    def _account(self, table: _Table) -> Account | None:
        fields = self._fields(table, _Account)
        if fields is None:
            return None
        spans = {
            key: self._try(table, key, partial(duration, getattr(fields, key))) for key in _ACCOUNT_SPANS
        }
        place = self._try(table, "zone", lambda: zone(fields.zone))
        if not plugins.has(plugins.PUBLISHERS, fields.network):
            known = ", ".join(plugins.plugins(plugins.PUBLISHERS))
            self._wrong(
                table,
                "network",
                f"no network called {fields.network!r}; known are {known}",
                "unknown-network",
            )
            return None
        if place is None or None in spans.values():
            return None
        limits = plugins.load(plugins.PUBLISHERS, fields.network).limits
        values = {**msgspec.structs.asdict(fields), **spans}
        return Account(name=table.name, limits=limits, place=table.place(), **values)

    def _event(self, table: _Table) -> Event | None:
        fields = self._fields(table, _Event)
        if fields is None:
            return None
        if (fields.instant is not None) + (fields.date is not None) + (fields.rule is not None) != 1:
            self._wrong(table, "", "give exactly one of instant, date and rule")
            return None
        clock = self._try(table, "zone", lambda: zone(fields.zone))
        found = self._try(table, "rule", partial(rule, fields.rule)) if fields.rule else None
        if clock is None or (fields.rule and found is None):
            return None
        instant = None if fields.instant is None else instant_of(fields.instant)
        day = fields.date if instant is None else date_of(clock.wall(instant) // DAY)
        values = {
            key: value
            for key, value in msgspec.structs.asdict(fields).items()
            if key not in {"date", "rule", "instant"}
        }
        return Event(instant=instant, day=day, rule=found, place=table.place(), **values)

    def _mention(self, table: _Table) -> dict[str, str] | None:
        handles = self._fields(table, dict[str, str])
        if handles is not None and not handles.get("name"):
            self._wrong(table, "", "a mention needs a name, for networks where there is no handle")
            return None
        return handles

    def _schedule(
        self, table: _Table, world: Schedules, corpus: Corpus, *, almanac: Almanac
    ) -> Schedule | None:
        fields = self._fields(table, _Schedule)
        if fields is None:
            return None
        before = len(self.problems)
        trigger = self._trigger(table, fields, almanac)
        accounts = tuple(filter(None, (self._known_account(table, name, world) for name in fields.accounts)))
        cool_down = self._try(table, "pick", lambda: duration(fields.pick.cool_down))
        grace = self._grace(table, fields.grace)
        self._check_pick(table, fields, corpus)
        self._check_frame(table, fields.frame, trigger)
        if trigger is None or len(self.problems) > before:
            return None
        pick = Pick(
            **{**msgspec.structs.asdict(fields.pick), "cool_down": cool_down or 0},
            on_this_day="on_this_day" in fields.trigger and not fields.pick.posts,
        )
        return Schedule(
            fields.name, trigger, pick, accounts, fields.frame, grace, fields.approval, table.place()
        )

    def _trigger(self, table: _Table, fields: _Schedule, almanac: Almanac) -> Trigger | None:
        if len(fields.trigger) != 1:
            self._wrong(table, "trigger", "give exactly one trigger, such as trigger.anniversary = { … }")
            return None
        ((name, options),) = fields.trigger.items()
        if not plugins.has(plugins.TRIGGERS, name):
            known = plugins.plugins(plugins.TRIGGERS)
            hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            self._wrong(table, "trigger", f"no trigger called {name!r}{hint}", "unknown-trigger")
            return None
        make: Callable[..., Trigger] = plugins.load(plugins.TRIGGERS, name)
        return self._try(table, "trigger", lambda: make(fields.name, options, almanac))

    def _known_account(self, table: _Table, name: str, world: Schedules) -> Account | None:
        if name not in world.accounts:
            hint = did_you_mean(name, world.accounts)
            self._wrong(table, "accounts", f"no account called {name!r}{hint}", "unknown-account")
        return world.accounts.get(name)

    def _grace(self, table: _Table, text: str) -> int | None:
        if text == "same-day":
            return None
        return 0 if text == "on-time" else self._try(table, "grace", lambda: duration(text))

    def _check_pick(self, table: _Table, fields: _Schedule, corpus: Corpus) -> None:
        for post in fields.pick.posts:
            if post not in corpus.by_id:
                self._wrong(
                    table,
                    "pick",
                    f"no post called {post!r}{did_you_mean(post, corpus.by_id)}",
                    "unknown-post",
                )
        tags = {tag for post in corpus.posts for tag in post.tags} if fields.pick.tags else set()
        for tag in fields.pick.tags:
            if tag not in tags:
                self._wrong(
                    table, "pick", f"no post has the tag {tag!r}{did_you_mean(tag, tags)}", "unknown-tag"
                )

    def _check_frame(self, table: _Table, frame: str, trigger: Trigger | None) -> None:
        if not frame or trigger is None:
            return
        sample = Slot(0, table.name, 0, "UTC", trigger.priority, "event", 7)
        event = Event("event", "An event", "kind", instant=0)
        try:
            shown = framed(frame, _MARK, slot=sample, post=Post("post", ()), event=event)
        except FrameError as error:
            self._wrong(table, "frame", error)
        else:
            if _MARK not in shown:
                self._wrong(
                    table, "frame", "the frame must hold {{ text }}, or the post itself would be lost"
                )


_ACCOUNT_SPANS = ("min_gap", "timeout", "quarantine")
_MARK = "(the text of the post)"


def _header(lines: tuple[str, ...], pattern: str, number: int = 0) -> int:
    found = [line for line, text in enumerate(lines, 1) if re.match(rf"\s*{pattern}", text)]
    return found[number] if number < len(found) else 1
