"""Which post of Bluesky an address means."""

import re

from bot.contracts import Quote
from bot.publishers.bluesky.ids import POST, web_address

_AT = re.compile(rf"at://([^/\s]+)/{re.escape(POST)}/([^/?#\s]+)")
_WEB = re.compile(r"https://bsky\.app/profile/([^/\s]+)/post/([^/?#\s]+)/?(?:[?#]\S*)?")


def quoted_post(quote: Quote) -> tuple[str, str] | None:
    """Whose post is quoted, by handle or DID, and its record key; None where it is none of Bluesky's."""
    for address in (quote.id, quote.url):
        if found := _AT.fullmatch(address) or _WEB.fullmatch(address):
            return found[1], found[2]
    return None


def plain_link(quote: Quote) -> str:
    """Where people see what is quoted; empty where nobody knows."""
    if quote.url.startswith(("https://", "http://")):
        return quote.url
    place = quoted_post(quote)
    return web_address(*place) if place else ""
