"""The address of a post, as a person copied it, made the one that its network knows it by."""

import re

from bot.errors import BadCall

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
#: The address of a post, before what a share button, a picture or a film hangs on it.
_POST = re.compile(
    r"https://(?:(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|[^/?#]+)/status/\d+|bsky\.app/profile/[^/?#]+/post/[^/?#]+)"
)
_ELSEWHERE = re.compile(r"https://[^/]+/@[^/@]+@")  #: how one instance of Mastodon shows what is on another


def post_address(said: str) -> str:
    """The address of a post as its network knows it: the next part of its thread replies to what it names.

    BadCall where it is none.
    """
    url = said.strip()
    if not _ADDRESS.fullmatch(url):
        raise BadCall(f"{said!r} is no address; copy the post's own, such as https://x.com/museum/status/17")
    if _ELSEWHERE.match(url):
        raise BadCall(f"{url} is how another instance shows it; give its address on the account's own")
    post = _POST.match(url)
    return post[0] if post else url
