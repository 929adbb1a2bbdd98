"""`check --links`: every address in posts and sources, asked whether it is still there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from bot.errors import Problem
from bot.model import Place, Post, Project
from bot.watch.links import is_web, linked, trouble

AT_ONCE = 8


def dead_links(project: Project) -> list[Problem]:
    """A problem at each place that names an address which does not answer."""
    places = addresses(project)
    with ThreadPoolExecutor(AT_ONCE) as askers:
        answers = zip(places, askers.map(trouble, places), strict=True)
    return sorted(
        Problem(place.file, place.line, "link", f"{url} {what}")
        for url, what in answers
        if what
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
    return {url: found[url] for url in found if is_web(url)}


def _linked(post: Post) -> Iterator[str]:
    texts = (part.text for part in post.parts)
    for text in chain(texts, *post.wordings.values()):
        yield from linked(text)
