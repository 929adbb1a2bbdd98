"""A post exactly as one account will show it."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.model import (
    Account,
    Event,
    Limits,
    Media,
    Plan,
    PlannedPost,
    Post,
    Quoted,
    Rendition,
    Schedules,
    ShownPart,
    Slot,
    digest,
)
from bot.planning.cards import with_drawing
from bot.planning.count import BYTES, length, measure, quote_room
from bot.planning.frames import framed, wordings
from bot.planning.split import Numbering, Uncut, thread

MENTION = re.compile(r"\{@([\w-]+)\}")


def rendered(plan: Plan, schedules: Schedules) -> Plan:
    """The same plan with every post as each of its accounts will show it."""
    return replace(plan, posts=tuple(_with_renditions(planned, schedules) for planned in plan.posts))


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
    """The post in the first of the frames that fits, worded for the account's network; in the last where none does.

    FrameError where a frame fails on this day. What is too long is split where the post lets it be; what cannot be
    split stays whole, and `too_long` tells.
    """
    *longer, last = frames or ("",)
    for frame in longer:
        shown = _rendered(post, account, slot=slot, frame=frame, schedules=schedules)
        if not too_long(shown):
            return shown
    return _rendered(post, account, slot=slot, frame=last, schedules=schedules)


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
