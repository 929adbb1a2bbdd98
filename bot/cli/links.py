"""`check --links`: every address in posts and sources, asked whether it is still there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPException
from itertools import chain
from string import punctuation
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from bot.errors import Problem
from bot.model import Place, Post, Project
from bot.planning.count import links

TIMEOUT = 10  #: seconds that an answer is waited for
AT_ONCE = 8
#: Answers of servers that are there and will not talk to a program.
_SHY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
#: Answers after which the same is asked in full, because some servers know no HEAD.
_NO_HEAD = {*_SHY, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}


def dead_links(project: Project) -> list[Problem]:
    """A problem at each place that names an address which does not answer."""
    places = addresses(project)
    with ThreadPoolExecutor(AT_ONCE) as askers:
        answers = zip(places, askers.map(_trouble, places), strict=True)
    return sorted(
        Problem(place.file, place.line, "link", f"{url} {trouble}")
        for url, trouble in answers
        if trouble
        for place in places[url]
    )


def addresses(project: Project) -> Mapping[str, list[Place]]:
    """Every web address that the project's posts and events name, with where they do."""
    found: dict[str, list[Place]] = defaultdict(list)
    for post in project.corpus.posts:
        for url in (*_linked(post), post.source):
            found[url].append(post.place)
    for event in project.schedules.events.values():
        for url in event.sources:
            found[url].append(event.place)
    return {url: found[url] for url in found if url.startswith(("http://", "https://"))}


def _linked(post: Post) -> Iterator[str]:
    texts = (part.text for part in post.parts)
    for text in chain(texts, *post.wordings.values()):
        for start, end in links(text):
            url = text[start:end]
            yield url if "://" in url else f"https://{url}"


def _trouble(url: str) -> str:
    """What is wrong with an address; empty where nothing is."""
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
