"""What never speaks, or has too little to say, though nothing in its files is wrong: warnings, for a person to judge."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from bot.errors import Problem
from bot.model import Event, Post, Priority, Project, Schedule, Uses, Window
from bot.planning.takers import may_take
from bot.planning.unsaid import unsaid
from bot.zones import DAY, day_of

_YEARS = 10
#: Days from now up to which a first slot is looked for, one after the other: what the sky brings takes time to find.
_REACHES = (0, 40, 400, 1_100, 365 * _YEARS + 2)
_YEAR = 365 * DAY
_USUAL = "what it names is over, or has no day; name what is to come, or take the schedule out"


def silences(project: Project, now: int) -> Iterator[Problem]:
    """A warning for each schedule that is silent for ten years or has too few words, and each post that is never said.

    Looking takes a tenth of a second for what the sky brings, and more where it is never seen.
    """
    for entry in project.schedules.entries:
        taken = _taken(entry, project.corpus.posts)
        if not _speaks(entry, now):
            hint = getattr(entry.trigger, "hint", "") or _USUAL
            yield _warning(entry, "silent", f"it speaks on no day of the next {_YEARS} years: {hint}")
        elif not taken:
            message = f"no post suits it: {_wanted(entry, project.corpus.posts)}"
            yield _warning(entry, "no-posts", message)
        else:
            yield from _worn_out(entry, taken, now)
            yield from _run_dry(entry, taken, now)
    yield from unsaid(project, now)


def _warning(entry: Schedule, code: str, message: str) -> Problem:
    return Problem(entry.place.file, entry.place.line, code, f"schedule {entry.name}: {message}")


def _speaks(entry: Schedule, now: int) -> bool:
    """Tell whether it has a slot in the next years."""
    starts = pairwise(_REACHES)
    windows = (Window(now + first * DAY, now + last * DAY) for first, last in starts)
    return any(True for window in windows for _ in entry.trigger.times(window))


def _taken(entry: Schedule, posts: Iterable[Post]) -> list[Post]:
    """The posts that it can take on some day."""
    return [post for post in _meant(entry, posts) if may_take(entry, post)]


def _meant(entry: Schedule, posts: Iterable[Post]) -> list[Post]:
    """The posts of its events, where it takes those alone; else all."""
    events: tuple[Event, ...] | None = getattr(entry.trigger, "events", None)
    ids = None if events is None or not entry.pick.event else {event.id for event in events}
    return [post for post in posts if ids is None or post.event in ids]


def _wanted(entry: Schedule, posts: Iterable[Post]) -> str:
    """What to write so that it has something to say."""
    meant = _meant(entry, posts)
    if entry.pick.event and meant:
        if not entry.frames and any(post.use is Uses.DATED for post in meant):
            return "a dated post needs a frame, and it has none; write frame"
        return f"{meant[0].id} is of its event, and pick leaves it out, or it is on hold; change one of them"
    if entry.pick.event:
        return "write one with the id of one of its events as event, or take the schedule out"
    if entry.pick.on_this_day:
        return "write one with the day on which it was first posted, or take the schedule out"
    return "its posts are on hold or dated, or of another tone or language than pick asks for; write one that is not"


def _worn_out(entry: Schedule, taken: Sequence[Post], now: int) -> Iterator[Problem]:
    """The events that are counted down to in more steps than there are words for."""
    steps_of: Callable[[Event], int] | None = getattr(entry.trigger, "steps_of", None)
    events: tuple[Event, ...] = getattr(entry.trigger, "events", ())
    for event in events if steps_of else ():
        steps = steps_of(event) if steps_of and not _is_over(event, now) else 0
        words = sum(not entry.pick.event or post.event == event.id for post in taken)
        if words < steps:
            message = (
                f"it counts down to {event.id} in {_counted(steps, 'step')}, for which it has {_counted(words, 'post')}: "
                f"a step would repeat the words of another, or have none; write {steps - words} more, or fewer steps"
            )
            yield _warning(entry, "wordings", message)


def _run_dry(entry: Schedule, taken: Sequence[Post], now: int) -> Iterator[Problem]:
    """The schedule of fixed hours most of which stay empty, as its posts rest."""
    if entry.trigger.priority is not Priority.SLOTS or entry.pick.cool_down <= 0:
        return
    slots = sum(1 for _ in entry.trigger.times(Window(now, now + _YEAR)))
    said = len(taken) * max(_YEAR // entry.pick.cool_down, 1)
    if 2 * said < slots:
        message = (
            f"it speaks {slots} times a year; its {_counted(len(taken), 'post')} may be said {_times(said)}, so most of its "
            "slots stay empty: write more posts, or a shorter cool_down"
        )
        yield _warning(entry, "dry", message)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _is_over(event: Event, now: int) -> bool:
    return event.day is not None and (day_of(event.day) + 1) * DAY < now


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
