"""A post exactly as one account will show it."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from bot.model import (
    Account,
    Event,
    Limits,
    Media,
    Plan,
    PlannedPost,
    Post,
    Priority,
    Quoted,
    Rendition,
    Schedules,
    ShownPart,
    Slot,
    Tone,
    digest,
)
from bot.planning.cards import with_drawing
from bot.planning.count import BYTES, length, measure, quote_room
from bot.planning.frames import FrameError, framed, wordings
from bot.planning.split import Numbering, Uncut, thread
from bot.planning.tact import tactless
from bot.planning.truth import objection

MENTION = re.compile(r"\{@([\w-]+)\}")


def rendered(plan: Plan, schedules: Schedules) -> Plan:
    """The same plan with every post as each of its accounts will show it; as it was tried where planning had to try it."""
    shown = (each if each.renditions else _with_renditions(each, schedules) for each in plan.posts)
    return replace(plan, posts=tuple(shown))


def _with_renditions(planned: PlannedPost, schedules: Schedules) -> PlannedPost:
    entry = schedules.by_name.get(planned.slot.schedule)
    accounts = (schedules.accounts[name] for name in planned.accounts)
    frames = wordings(entry, planned.slot) if entry else ()
    shown = tuple(
        render(planned.post, account, frames=frames, slot=planned.slot, schedules=schedules)
        for account in accounts
    )
    return replace(planned, renditions=shown)


def render(
    post: Post, account: Account, *, slot: Slot, frames: Sequence[str], schedules: Schedules
) -> Rendition:
    """The post in the first of the frames in which it may be shown, worded for the account's network; else in the last.

    FrameError where the last is needed and fails on this day. What is too long is split where the post lets it be; what
    cannot be split stays whole, and `too_long` tells.
    """
    return Fitting(post, slot, frames, schedules).on(account).shown


class Fitted(NamedTuple):
    """A post as an account will show it, and why not in the frame whose turn it was, where it is another."""

    shown: Rendition
    aside: str | None = None


class Fitting:
    """A post in a slot, tried in one frame after another."""

    def __init__(self, post: Post, slot: Slot, frames: Sequence[str], schedules: Schedules) -> None:
        self._post, self._slot, self._schedules = post, slot, schedules
        self._frames = frames or ("",)
        # Accounts of one network read the same words.
        self._known: dict[str, str | None] = {}

    def on(self, account: Account) -> Fitted:
        """The post in the first frame in which the account may show it; in the last where there is none."""
        *others, last = self._frames
        aside = None
        for frame in others:
            try:
                shown = self._in(frame, account)
                fault = self.fault(shown)
            except FrameError as error:
                fault = str(error)
            if fault is None:
                return Fitted(shown, aside)
            aside = aside or fault
        return Fitted(self._in(last, account), aside)

    def fault(self, shown: Rendition) -> str | None:
        """Why the account may not show it so; None where it may."""
        return too_long(shown) or next(
            filter(None, map(self._wrong, (part.text for part in shown.parts))), None
        )

    def _in(self, frame: str, account: Account) -> Rendition:
        return _rendered(self._post, account, slot=self._slot, frame=frame, schedules=self._schedules)

    def _wrong(self, text: str) -> str | None:
        if text not in self._known:
            self._known[text] = self._untruth(text) or self._jest(text)
        return self._known[text]

    def _untruth(self, text: str) -> str | None:
        """What the text says that is not true on the slot's day."""
        slot, post, schedules = self._slot, self._post, self._schedules
        event = schedules.events.get(slot.event or "")
        return objection(text, lang=post.lang, slot=slot, event=event, post=post, missions=schedules.missions)

    def _jest(self, text: str) -> str | None:
        """What a remembrance would say, frame and all, that it has no room for."""
        if self._slot.priority is not Priority.REMEMBRANCE and self._post.tone is not Tone.REMEMBRANCE:
            return None
        return next((f"a remembrance needs no {name}" for name, _ in tactless(text, self._post.lang)), None)


def _rendered(post: Post, account: Account, *, slot: Slot, frame: str, schedules: Schedules) -> Rendition:
    texts = list(wording(post, account.network))
    event = schedules.events.get(slot.event) if slot.event else None
    texts[0] = framed(frame, texts[0], slot=slot, post=post, event=event)
    texts = [mentioned(text, account.network, schedules.mentions) for text in texts]
    parts = _shown(_with_drawings(post, slot, event, schedules), texts, account)
    return Rendition(
        account.name, account.network, delivery_key(slot, account.name), parts, lang=post.lang,
        warning=post.warning, quote=quoted(post, account.network),
    )  # fmt: skip


def _with_drawings(post: Post, slot: Slot, event: Event | None, schedules: Schedules) -> Post:
    """The post with its cards drawn for the slot."""
    if not post.has_cards:
        return post
    parts = tuple(
        replace(part, media=tuple(with_drawing(media, slot, event, schedules) for media in part.media))
        for part in post.parts
    )
    return replace(post, parts=parts)


def _shown(post: Post, texts: Sequence[str], account: Account) -> tuple[ShownPart, ...]:
    """The parts of an account's thread; pictures go with the first of what their part is split into."""
    try:
        threads = threaded(post, texts, account)
    except Uncut:
        threads = tuple((text,) for text in texts)
    said = [
        (text, () if number else part.media)
        for pieces, part in zip(threads, post.parts, strict=True)
        for number, text in enumerate(pieces)
    ]
    return shown_parts(post, said, account)


def shown_parts(
    post: Post, said: Sequence[tuple[str, tuple[Media, ...]]], account: Account
) -> tuple[ShownPart, ...]:
    """Texts and their pictures as parts; a warning is counted with the first, and a quote takes of its room."""
    taken = quote_room(account.limits) if quoted(post, account.network) else 0
    first = shown_part(*said[0], account.limits, warning=post.warning, taken=taken)
    return (first, *(shown_part(*each, account.limits) for each in said[1:]))


def threaded(post: Post, texts: Sequence[str], account: Account) -> tuple[tuple[str, ...], ...]:
    """The parts that each text makes on an account: itself, or more where it is too long and the post says `thread`.

    Uncut says which word is too long for a part.
    """
    if not post.thread:
        return tuple((text,) for text in texts)
    taken = length("", account.limits, warning=post.warning)
    if quoted(post, account.network):
        taken += quote_room(account.limits)
    return thread(texts, account.limits, numbering=Numbering(post.thread), taken=taken)


def shown_part(
    text: str, media: tuple[Media, ...], limits: Limits, *, warning: str = "", taken: int = 0
) -> ShownPart:
    """One part with its length as the network counts it, beside what fits once something else has `taken` its room.

    Where it is too many bytes, and nothing else, both are in bytes.
    """
    size = measure(text, limits, warning=warning)
    limit = None if size.limit is None else size.limit - taken
    is_short = limit is None or size.length <= limit
    if is_short and size.bytes_limit is not None and size.bytes > size.bytes_limit - BYTES * taken:
        return ShownPart(text, size.bytes, size.bytes_limit - BYTES * taken, media)
    return ShownPart(text, size.length, limit, media)


def quoted(post: Post, network: str) -> Quoted | None:
    """What the post quotes on a network, if it quotes anything there.

    Where addresses are given and none is the network's own, it is the first that anybody can open: a plain link.
    """
    if isinstance(post.quote, str):
        return Quoted(post=post.quote) if post.quote else None
    addresses = post.quote or {}
    plain = (url for url in addresses.values() if url.startswith("https://"))
    url = addresses.get(network) or next(plain, "")
    return Quoted(url=url) if url else None


def mentioned(text: str, network: str, mentions: Mapping[str, Mapping[str, str]]) -> str:
    """The text with every `{@somebody}` as the handle on this network where there is one, the name elsewhere."""

    def handle(found: re.Match[str]) -> str:
        who = mentions.get(found[1])
        return found[0] if who is None else who.get(network, who["name"])

    return MENTION.sub(handle, text) if "{@" in text else text


def wording(post: Post, network: str) -> tuple[str, ...]:
    """The network's own texts where the post has them, else the post's, part by part."""
    return post.wordings.get(network) or tuple(part.text for part in post.parts)


def delivery_key(slot: Slot, account: str) -> str:
    """The name of a delivery: the same for the same slot and account, whatever is shown."""
    return digest("delivery", slot.key, account)


def too_long(rendition: Rendition) -> str | None:
    """Where the rendition does not fit its account, or None."""
    for number, part in enumerate(rendition.parts, 1):
        if part.limit is not None and part.length > part.limit:
            where = f"part {number} is" if len(rendition.parts) > 1 else "it is"
            return f"{where} {part.length} long on {rendition.account}, where {part.limit} fit"
    return None
