"""Asks: what a publisher is given, with what a test leaves out filled in."""

from msgspec.structs import replace

from bot.contracts import Ask

AT = 1_790_000_000

_ASK = Ask(
    key="a1b2c3d4e5f6a1b2c3d4e5f6",
    account="museum-x",
    network="x",
    post="harbour/first-ferry",
    part=1,
    parts=1,
    text="The first ferry crossed today.",
    media=(),
    reply_to=None,
    at=AT,
)


def ask(**other: object) -> Ask:
    """An ask for the only part of a post, but for what is named."""
    return replace(_ASK, **other)
