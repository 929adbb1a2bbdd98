"""Texts said on slots, with an editor's verdict, and the project's own: the file's shape is told in `bench/on_the_day.py`."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from bot.model import Event, Part, Place, Post, Project, Slot, Uses
from bot.planning.truth import faults_of_any_day, objection
from bot.project import read_project
from bot.zones import DAY, date_of, zone

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests" / "data" / "said.jsonl"


class Said(NamedTuple):
    """A text, whether it is true where it is said, and why it was refused, if it was."""

    text: str
    is_true: bool
    why: str | None


def judged(file: Path = OWN) -> Iterator[Said]:
    """Each line of a file, held against this folder's events and missions."""
    project, _ = read_project(ROOT)
    for line in file.read_text(encoding="utf-8").splitlines():
        yield _judged(json.loads(line), project)


def _judged(line: Mapping[str, Any], project: Project) -> Said:
    event, at = _event(line["event"], project), _instant(line["at"])
    place = event.zone if event else "UTC"
    day = date_of(zone(place).wall(at) // DAY)
    years = day.year - event.day.year if event and event.day and not event.until else 0
    slot = Slot(
        at,
        "said",
        zone(place).wall(at),
        place,
        event=event.id if event else None,
        years=years if years > 0 else None,
        until=event.until if event else None,
        facts=_facts(line["event"], event, at),
    )
    return Said(line["text"], line["verdict"] == "true", _why_not(line["text"], slot, event, project))


def _why_not(text: str, slot: Slot, event: Event | None, project: Project) -> str | None:
    missions = project.schedules.missions
    uses = Uses.DATED if event else Uses.EVERGREEN
    post = Post("said", (Part(text),), event=event.id if event else None, use=uses, place=Place("said"))
    if event is None and (
        fault := next(iter(faults_of_any_day(text, post.lang, post, missions=missions)), None)
    ):
        return fault.message
    return objection(text, lang=post.lang, slot=slot, event=event, post=post, missions=missions)


def _event(written: str | Mapping[str, Any] | None, project: Project) -> Event | None:
    if written is None or isinstance(written, str):
        return project.schedules.events[written] if written else None
    title, place, at = written["title"], written.get("zone", "UTC"), _instant(written["at"])
    if written.get("sky"):
        return Event("said", title, "sky", place, sky="opposition")
    until = _instant(written["until"]) if written.get("until") else None
    return Event(
        "said", title, "live", place, instant=at, day=date_of(zone(place).wall(at) // DAY), until=until
    )


def _facts(
    written: str | Mapping[str, Any] | None, event: Event | None, at: int
) -> tuple[tuple[str, str | int], ...]:
    """What a trigger would know of such a slot."""
    if event and event.sky and isinstance(written, Mapping):
        return (("happens", _instant(written["at"])), ("night", "tonight"))
    if event and event.until and event.instant and at < event.instant:
        return (("countdown", event.instant - at),)
    return ()


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
