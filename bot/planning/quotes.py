"""What a post may quote by its address: on which networks, and what the address of a post looks like there."""

import re
from collections.abc import Callable, Mapping

from bot.options import did_you_mean

#: A post's address on each network that has its own.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "x": re.compile(
        r"https://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|[^/\s]+)/status/[0-9]+(?:[/?#]\S*)?"
    ),
    "bluesky": re.compile(
        r"at://[^/\s]+/app\.bsky\.feed\.post/[^/?#\s]+"
        r"|https://bsky\.app/profile/[^/\s]+/post/[^/?#\s]+/?(?:[?#]\S*)?"
    ),
    "mastodon": re.compile(r"https://[^/?#\s]+\.[^/?#\s]+/[^/?#\s]\S*"),
}
_EXAMPLES = {
    "x": "https://x.com/museum/status/17",
    "bluesky": "https://bsky.app/profile/museum.example/post/3k2a or at://did:plc:…/app.bsky.feed.post/3k2a",
    "mastodon": "https://museum.example/@museum/17",
}
#: Everywhere else it is a link for people.
_LINK, _EXAMPLE = re.compile(r"https?://[^/?#\s]\S*"), "https://museum.example/news/17"
#: Networks that have no addresses of their own.
_OTHERS = ("webhook", "dry-run")


def address_fault(network: str, address: str, is_network: Callable[[str], bool]) -> tuple[str, str] | None:
    """The code and the sentence of what is wrong with a quote by address; None where nothing is."""
    if not is_network(network):
        hint = did_you_mean(network, (*PATTERNS, *_OTHERS)) or f"; known are {', '.join(PATTERNS)}"
        return "unknown-network", f"quote: no network called {network!r}{hint}"
    if PATTERNS.get(network, _LINK).fullmatch(address):
        return None
    example = _EXAMPLES.get(network, _EXAMPLE)
    return (
        "quote",
        f"quote.{network}: {address!r:.80} is no post's address there; write one such as {example}",
    )
