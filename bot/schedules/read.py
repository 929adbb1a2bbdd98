"""Accounts, mentions and schedules, made from their tables or told what is wrong with them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from bot import plugins
from bot.contracts import Almanac, Trigger
from bot.errors import BadCall, Problem
from bot.model import (
    Account,
    Budget,
    Corpus,
    Event,
    Limits,
    Pick,
    Schedule,
    Schedules,
    Tone,
)
from bot.options import did_you_mean
from bot.planning.render import MENTION
from bot.planning.tact import tactless
from bot.schedules.choices import idle_choices, idle_fields
from bot.schedules.facts import FactReader
from bot.schedules.reading import span
from bot.schedules.shapes import (
    AccountFields,
    BudgetFields,
    PickFields,
    ScheduleFields,
)
from bot.schedules.tables import Table
from bot.schedules.trials import MARK, Hall
from bot.spans import duration
from bot.zones import DAY, zone

_LONGEST = {
    "min_gap": 30 * DAY,
    "late_gap": 30 * DAY,
    "timeout": DAY,
    "quarantine": DAY,
}  #: spans of an account
_GRACES = {"same-day": None, "on-time": 0}


class ScheduleReader(FactReader):
    """Reads everything under schedules/ and collects every problem on the way."""

    def __init__(self, root: Path, learned: Mapping[str, Limits] | None = None) -> None:
        """Read the tables. `learned` is what networks have said they take, by the account's name."""
        super().__init__(root)
        self._learned = learned or {}

    def world(self) -> Schedules:
        """Events, accounts and mentions: what posts may speak of."""
        accounts, events = self._each("account", self._account), self._each("event", self._event)
        missions = self._each("mission", partial(self._mission, events=events))
        return Schedules((), events, accounts, self._each("mention", self._mention), missions)

    def schedules(self, world: Schedules, corpus: Corpus, *, unread: Sequence[Problem] = ()) -> Schedules:
        """The world with its schedules.

        While files of the corpus are `unread`, no post and no tag is called unknown: it may be in one of them.
        """
        posted = tuple(post for post in corpus.ready if post.posted)
        events = (*world.events.values(), *self._broken_events(world))
        almanac = Almanac(events, posted, world.missions)

        def make(table: Table) -> Schedule | None:
            return self._schedule(table, world, almanac, corpus=None if unread else corpus)

        return replace(world, entries=tuple(self._each("schedule", make).values()))

    def _account(self, table: Table) -> Account | None:
        fields = self._fields(table, AccountFields)
        if fields is None:
            return None
        spans = {
            key: self._try(table, partial(span, getattr(fields, key), most=most), key)
            for key, most in _LONGEST.items()
        }
        if spans["timeout"] == 0:
            self._wrong(table, 'timeout: an answer takes time; write at least "1s"', "timeout")
        self._try(table, partial(zone, fields.zone), "zone")
        values = {**msgspec.structs.asdict(fields), **{key: span or 0 for key, span in spans.items()}}
        limits = self._learned.get(table.name) or self._limits(table, fields.network)
        values["budget"] = _budget(fields.budget)
        return Account(name=table.name, limits=limits, place=table.place(), **values)

    def _plugin(self, table: Table, group: str, name: str, *path: str) -> Any:  # noqa: ANN401 - a plugin's class
        """The class that a table names; None, and a problem, where there is none or it does not load."""
        if plugins.has(group, name):
            try:
                return plugins.load(group, name)
            except BadCall as error:
                self._wrong(table, error, *path, code="plugin")
                return None
        kind, known = path[0], plugins.plugins(group)
        hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        self._wrong(table, f"no {kind} called {name!r}{hint}", *path, code=f"unknown-{kind}")
        return None

    def _limits(self, table: Table, network: str) -> Limits:
        found = self._plugin(table, plugins.PUBLISHERS, network, "network")
        return Limits() if found is None else found.limits

    def _broken_events(self, world: Schedules) -> Iterator[Event]:
        """Stand-ins for events with a problem, so that a schedule is not blamed for naming them."""
        for table in self._of("event"):
            if table.name not in world.events:
                yield Event(table.name, "", str(table.fields.get("kind", "")))

    def _mention(self, table: Table) -> dict[str, str] | None:
        for key, value in table.fields.items():
            if not isinstance(value, str):
                self._wrong(table, f"{key}: write a text", key)
        if not table.fields.get("name"):
            self._wrong(table, "a mention needs a name, for networks where there is no handle", "name")
        if not MENTION.fullmatch(f"{{@{table.name}}}"):
            self._wrong(table, "a mention is called by letters, digits, hyphens and underscores")
        return table.fields

    def _schedule(
        self, table: Table, world: Schedules, almanac: Almanac, *, corpus: Corpus | None
    ) -> Schedule | None:
        fields = self._fields(table, ScheduleFields)
        if fields is None:
            return None
        trigger = self._trigger(table, fields, almanac)
        accounts = self._accounts(table, fields, world)
        grace = self._grace(table, fields.grace)
        pick = self._pick(table, fields, corpus)
        hall = None if trigger is None else Hall(trigger, world)
        frames = self._frames(table, "frame", fields.frame, hall)
        milestones = self._frames(table, "milestone_frame", fields.milestone_frame, hall)
        for path, code, message in idle_fields(fields, hall) if hall else ():
            self._wrong(table, message, *path, code=code)
        if trigger is None:
            return None
        return Schedule(
            fields.name, trigger, pick, accounts, frames, milestones,
            tone=fields.tone, grace=grace, approval=int(fields.approval), place=table.place(),
        )  # fmt: skip

    def _trigger(self, table: Table, fields: ScheduleFields, almanac: Almanac) -> Trigger | None:
        if len(fields.trigger) != 1:
            self._wrong(table, "give exactly one trigger, such as trigger.anniversary = { … }", "trigger")
            return None
        ((name, options),) = fields.trigger.items()
        make: Callable[..., Trigger] | None = self._plugin(table, plugins.TRIGGERS, name, "trigger", name)
        if make is None:
            return None
        try:
            trigger = make(fields.name, options, almanac)
        except (ValueError, OverflowError) as error:
            # The first option that the sentence names is the one that is wrong.
            option = next((word for word in re.findall(r'"(\w+)"', str(error)) if word in options), "")
            self._wrong(table, f"trigger.{name}: {error}", "trigger", name, option)
            return None
        for path, code, message in idle_choices(trigger, options, almanac.events):
            self._wrong(table, f"trigger.{name}: {message}", "trigger", name, *path, code=code)
        return trigger

    def _accounts(self, table: Table, fields: ScheduleFields, world: Schedules) -> tuple[Account, ...]:
        if fields.accounts is None:
            return tuple(world.accounts.values())
        known = {account.name for account in self._of("account")}
        for name in fields.accounts:
            if name not in known:
                message = f"no account called {name!r}{did_you_mean(name, known)}"
                self._wrong(table, message, "accounts", code="unknown-account")
        return tuple(
            world.accounts[name] for name in dict.fromkeys(fields.accounts) if name in world.accounts
        )

    def _grace(self, table: Table, written: object) -> int | None:
        if isinstance(written, str) and written in _GRACES:
            return _GRACES[written]
        try:
            return span(written, most=30 * DAY)
        except ValueError as error:
            self._wrong(table, f'grace: {error}, or "same-day" or "on-time"', "grace")
            return 0

    def _pick(self, table: Table, fields: ScheduleFields, corpus: Corpus | None) -> Pick:
        pick = fields.pick
        cool_down = self._try(table, partial(duration, pick.cool_down), "pick", "cool_down")
        written = table.fields.get("pick")
        for name, value in written.items() if isinstance(written, dict) else ():
            if value == []:
                message = f"pick.{name}: an empty list keeps no post out; name some, or leave it out"
                self._wrong(table, message, "pick", name)
        for other in ("tags", "event"):
            if pick.posts and getattr(pick, other):
                self._wrong(table, f"pick: posts and {other} cannot stand together", "pick", other)
        if corpus is not None:
            self._check_pick(table, pick, corpus)
        is_on_this_day = "on_this_day" in fields.trigger and not pick.posts
        values = {**msgspec.structs.asdict(pick), "cool_down": cool_down or 0}
        return Pick(**values, on_this_day=is_on_this_day)

    def _check_pick(self, table: Table, pick: PickFields, corpus: Corpus) -> None:
        for post in pick.posts:
            if post not in corpus.by_id:
                message = f"no post called {post!r}{did_you_mean(post, corpus.by_id)}"
                self._wrong(table, message, "pick", "posts", code="unknown-post")
        langs = {post.lang for post in corpus.posts}
        if pick.lang is not None and langs and pick.lang not in langs:
            message = f"no post is in the language {pick.lang!r}; posts are in {', '.join(sorted(langs))}"
            self._wrong(table, message, "pick", "lang", code="unknown-lang")
        tags = {tag for post in corpus.posts for tag in post.tags} if pick.tags else set()
        for tag in pick.tags:
            if tag not in tags:
                message = f"no post has the tag {tag!r}{did_you_mean(tag, tags)}"
                self._wrong(table, message, "pick", "tags", code="unknown-tag")

    def _frames(
        self, table: Table, key: str, written: str | tuple[str, ...], hall: Hall | None
    ) -> tuple[str, ...]:
        """The wordings of a frame, each tried."""
        frames = (written,) if isinstance(written, str) else written
        for number, frame in enumerate(frames):
            path = (key, number) if len(frames) > 1 else (key,)
            self._check_mentions(table, frame, *path)
            if frame and hall is not None:
                self._check_frame(table, frame, hall, *path)
        return tuple(frame for frame in frames if frame)

    def _check_mentions(self, table: Table, frame: str, *path: str | int) -> None:
        known = {mention.name for mention in self._of("mention")}
        for found in MENTION.finditer(frame):
            if found[1] not in known:
                message = f"no mention called {found[1]!r}{did_you_mean(found[1], known)}"
                self._wrong(table, message, *path, code="unknown-mention")

    def _check_frame(self, table: Table, frame: str, hall: Hall, *path: str | int) -> None:
        trial = hall.tried(frame)
        if trial.fault:
            self._wrong(table, trial.fault, *path)
        if table.fields.get("tone") == Tone.REMEMBRANCE or hall.is_solemn:
            around = (each.replace(MARK, "") for each in trial.shown)
            for name in dict.fromkeys(name for each in around for name, _ in tactless(each, "en")):
                self._wrong(table, f"a remembrance needs no {name}", *path, code="tact")
        if any(MARK not in each for each in trial.shown):
            self._wrong(table, "the frame must hold {{ text }}, or the post itself would be lost", *path)


def _budget(fields: BudgetFields) -> Budget:
    usd, daily_usd = (
        None if dollars is None else round(dollars * 1_000_000) for dollars in (fields.usd, fields.daily_usd)
    )
    return Budget(usd=usd, posts=fields.posts, daily_usd=daily_usd, daily_posts=fields.daily_posts)
