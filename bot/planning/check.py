"""What must not be posted: the faults of a post, found before anything is planned with it."""

import re
from collections.abc import Iterable, Iterator

from bot.claims import sure_claims
from bot.errors import Problem
from bot.model import Account, Media, Post, Schedules, Tone, Uses
from bot.options import did_you_mean
from bot.planning.count import length
from bot.planning.render import MENTION, mentioned, wording

_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Fault = tuple[str, str]  #: a code, and what is wrong as a sentence


def check(posts: Iterable[Post], schedules: Schedules) -> list[Problem]:
    """Every fault of every post, each where the post stands."""
    return [
        Problem(post.place.file, post.place.line, code, message)
        for post in posts
        for code, message in faults(post, schedules)
    ]


def faults(post: Post, schedules: Schedules) -> list[Fault]:
    """What is wrong with a post, as code and sentence. A post on hold is looked at by a person, not by these rules."""
    found = [*_letters(post), *_names(post, schedules), *_pictures(post)]
    if post.use is Uses.HOLD:
        return found
    return [*found, *_truth(post), *_tact(post), *_lengths(post, schedules)]


def _letters(post: Post) -> Iterator[Fault]:
    for number, part in enumerate(post.parts, 1):
        if not part.text and not part.media:
            yield (
                "empty",
                f"part {number} has neither text nor media" if len(post.parts) > 1 else "there is no text",
            )
        if sign := _CONTROL.search(part.text):
            yield "control", f"part {number} holds the invisible character U+{ord(sign[0]):04X}; remove it"
    for network, texts in post.wordings.items():
        if len(texts) != len(post.parts):
            yield "parts", f"text.{network} has {len(texts)} parts where the post has {len(post.parts)}"


def _names(post: Post, schedules: Schedules) -> Iterator[Fault]:
    if post.event and post.event not in schedules.events:
        yield "unknown-event", f"no event called {post.event!r}{did_you_mean(post.event, schedules.events)}"
    texts = [part.text for part in post.parts] + [text for texts in post.wordings.values() for text in texts]
    for text in texts:
        for found in MENTION.finditer(text):
            if found[1] not in schedules.mentions:
                hint = did_you_mean(found[1], schedules.mentions)
                yield "unknown-mention", f"no mention called {found[1]!r} in schedules/accounts.toml{hint}"


def _pictures(post: Post) -> Iterator[Fault]:
    for part in post.parts:
        for media in part.media:
            if not media.alt.strip():
                yield "no-alt", f"{media.file} has no alt text; say what it shows"


def _truth(post: Post) -> Iterator[Fault]:
    if post.use is not Uses.EVERGREEN:
        return
    for text in _all_texts(post):
        for claim in sure_claims(text):
            yield (
                "claim",
                f'"{claim.words}" is true on some days only; word it for any day, or use = "dated" or "hold"',
            )


def _tact(post: Post) -> Iterator[Fault]:
    if post.tone is not Tone.REMEMBRANCE:
        return
    for text in _all_texts(post):
        if "!" in text:
            yield "tact", "a remembrance needs no exclamation mark"
        if sign := _EMOJI.search(text):
            yield "tact", f"a remembrance needs no {sign[0]}"


def _all_texts(post: Post) -> Iterator[str]:
    yield from (part.text for part in post.parts)
    yield from (text for texts in post.wordings.values() for text in texts)


def _lengths(post: Post, schedules: Schedules) -> Iterator[Fault]:
    for account in schedules.accounts.values():
        for number, text in enumerate(wording(post, account.network), 1):
            yield from _too_long(text, number, len(post.parts), account, schedules)
        for number, part in enumerate(post.parts, 1):
            yield from _too_much_media(part.media, number, account)


def _too_long(text: str, number: int, parts: int, account: Account, schedules: Schedules) -> Iterator[Fault]:
    limit = account.limits.text
    if limit is None or (2 * len(text) <= limit and "." not in text and "{@" not in text):
        return
    shown = length(mentioned(text, account.network, schedules.mentions), account.limits.counting)
    if shown > limit:
        which = f"part {number}" if parts > 1 else "the text"
        advice = f"shorten it, divide it with ---, or give text.{account.network}"
        yield "too-long", f"{which} is {shown} long on {account.name}, where {limit} fit; {advice}"


def _too_much_media(media: tuple[Media, ...], number: int, account: Account) -> Iterator[Fault]:
    if len(media) > account.limits.images:
        yield (
            "media",
            f"part {number} has {len(media)} pictures; {account.name} takes {account.limits.images}",
        )
    for each in media:
        if len(each.alt) > account.limits.alt:
            have, most = len(each.alt), account.limits.alt
            yield (
                "alt-too-long",
                f"the alt text of {each.file} has {have} characters; {account.name} takes {most}",
            )
