"""Addresses in texts, asked whether they are still there."""

from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPException
from string import punctuation
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from bot.planning.count import links

TIMEOUT = 10  #: seconds that an answer is waited for
#: Answers of servers that are there and will not talk to a program.
_SHY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
#: Answers after which the same is asked in full, because some servers know no HEAD.
_NO_HEAD = {*_SHY, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}


def linked(text: str) -> Iterator[str]:
    """Every address in a text as a reader would follow it, a bare domain by https."""
    for start, end in links(text):
        url = text[start:end]
        yield url if "://" in url else f"https://{url}"


def is_web(url: str) -> bool:
    """Tell whether an address is one of the web, which alone can be asked."""
    return url.startswith(("http://", "https://"))


def trouble(url: str) -> str:
    """What is wrong with an address of the web; empty where nothing is."""
    try:
        status = _status(url, "HEAD")
        if status in _NO_HEAD:
            status = _status(url, "GET")
    except (OSError, ValueError, HTTPException) as error:
        return f"does not answer: {getattr(error, 'reason', error)}"
    is_there = status < HTTPStatus.BAD_REQUEST or status in _SHY
    return "" if is_there else f"answers {status}"


def _status(url: str, method: str) -> int:
    whole = quote(url, safe=punctuation)  # people write what they read, and the wire takes ASCII
    asked = Request(whole, method=method, headers={"User-Agent": "redletter (checks its links)"})  # noqa: S310 - http alone
    try:
        with urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            status: int = answer.status
            return status
    except HTTPError as error:
        return error.code
