"""Whether what a text says is true: on the day on which it is said, and of what works no more, on any.

Each sure claim of a text is judged by its kind. What no rule can judge is objected to.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.claims import (
    contradictions,
    full_dates,
    it_is_said_to_work,
    rules,
    said_to_work,
    sure_claims,
)
from bot.model import Event, Mission, Post, Slot, Uses
from bot.planning.judges import judged
from bot.planning.past import unlike_the_missions, untold
from bot.planning.stage import Stage, dated
from bot.zones import moment


class Untruth(NamedTuple):
    """Something in a text that is not true on any day: a code, a sentence, and the words that it is said of."""

    code: str
    message: str
    words: str


def objection(
    text: str,
    *,
    lang: str,
    slot: Slot,
    event: Event | None,
    post: Post,
    missions: Mapping[str, Mission],
) -> str | None:
    """Why a text, as an account shows it, is not true on the slot's day; None where nothing is to be said against it.

    A text in a language without rules cannot be judged, and is not objected to: see `unjudged`.
    """
    known = rules(lang)
    if known is None:
        return None
    stage = Stage(slot, event, post, known, text)
    for claim in sure_claims(text, lang):
        if tail := judged(claim, stage):
            return f'"{claim.words}" {tail}'
    if why := _another_year(text, lang, stage):
        return why
    if why := untold(stage, lang, missions):
        return why
    return next((found.message for found in _of_any_day(text, lang, missions, slot.day)), None)


def _another_year(text: str, lang: str, stage: Stage) -> str | None:
    """Why a date cannot be meant that has the event's day and month, in its own zone or in UTC, and another year."""
    event = stage.event
    if event is None or event.day is None:
        return None
    own = {event.day} if event.instant is None else {event.day, moment(event.instant).date()}
    for words, day in full_dates(text, lang):
        same = next((each for each in own if (each.month, each.day) == (day.month, day.day)), None)
        if same and day.year not in {same.year, stage.slot.day.year}:
            return f'"{words}" is not true: {event.title} was on {dated(same)}'
    return None


def faults_of_any_day(
    text: str, lang: str, post: Post, *, missions: Mapping[str, Mission]
) -> Iterator[Untruth]:
    """What is not true in a post's text whatever the day; a post for any day holds no sure claim."""
    if post.use is Uses.EVERGREEN:
        for claim in sure_claims(text, lang):
            message = (
                f'"{claim.words}" is true on some days only; word it for any day, or use = "dated" or "hold"'
            )
            yield Untruth("claim", message, claim.words)
    yield from _of_any_day(text, lang, missions, date.max)


def unjudged(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """The posts, among those that no person sends, in whose language no claim can be found."""
    return tuple(post for post in posts if post.use is not Uses.HOLD and rules(post.lang) is None)


def _of_any_day(text: str, lang: str, missions: Mapping[str, Mission], day: date) -> Iterator[Untruth]:
    """What is not true from then on, with what had ended before that day."""
    for found in contradictions(text, lang):
        yield Untruth("sum", f'it says "{found.words}", but {found.but}', found.words)
    # Nearly no text names one, and to see that is quick.
    named = [(each, name) for each in missions.values() for name in each.words if name in text]
    if named:
        for words, message in unlike_the_missions(text, lang, missions):
            yield Untruth("past", message, words)
        yield from _of_the_ended(text, lang, named, day)


def _of_the_ended(text: str, lang: str, named: Sequence[tuple[Mission, str]], day: date) -> Iterator[Untruth]:
    """What had ended before the day and is said to work."""
    for mission, name in named:
        if mission.ended_on and mission.ended_on < day:
            is_alone = all(each is mission for each, _ in named)
            of_it = it_is_said_to_work(text, name, lang) if is_alone else ()
            for words in (*said_to_work(text, name, lang), *of_it):
                ended = f"{mission.name} ended on {dated(mission.ended_on)}"
                yield Untruth("ended", f'"{words}" is said of what works, and {ended}', words)
