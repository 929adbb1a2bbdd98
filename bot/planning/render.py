"""A post exactly as one account will show it."""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from bot.model import Account, Media, Plan, PlannedPost, Post, Rendition, Schedules, ShownPart, Slot, digest
from bot.planning.count import length
from bot.planning.frames import framed

MENTION = re.compile(r"\{@([\w-]+)\}")


def rendered(plan: Plan, schedules: Schedules) -> Plan:
    """The same plan with every post as each of its accounts will show it."""
    return replace(plan, posts=tuple(_with_renditions(planned, schedules) for planned in plan.posts))


def _with_renditions(planned: PlannedPost, schedules: Schedules) -> PlannedPost:
    entry = schedules.by_name.get(planned.slot.schedule)
    accounts = (schedules.accounts[name] for name in planned.accounts)
    shown = tuple(
        render(
            planned.post, account, frame=entry.frame if entry else "", slot=planned.slot, schedules=schedules
        )
        for account in accounts
    )
    return replace(planned, renditions=shown)


def render(post: Post, account: Account, *, slot: Slot, frame: str, schedules: Schedules) -> Rendition:
    """The post in its frame, worded for the account's network. FrameError where the frame fails on this day."""
    texts = list(wording(post, account.network))
    event = schedules.events.get(slot.event) if slot.event else None
    texts[0] = framed(frame, texts[0], slot=slot, post=post, event=event)
    parts = tuple(
        shown_part(text, part.media, account=account, mentions=schedules.mentions)
        for text, part in zip(texts, post.parts, strict=True)
    )
    return Rendition(account.name, account.network, delivery_key(slot, account.name), parts)


def shown_part(
    text: str, media: tuple[Media, ...], *, account: Account, mentions: Mapping[str, Mapping[str, str]]
) -> ShownPart:
    """One part with its mentions by name of the network, and its length as the network counts it."""
    text = mentioned(text, account.network, mentions)
    return ShownPart(text, length(text, account.limits.counting), account.limits.text, media)


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
