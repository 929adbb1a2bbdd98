"""Lists in pages that browsers and people can take in."""

from collections.abc import Iterator, Sequence

from bot.model import Gap
from bot.preview.view import Entry

#: A page has no more entries, and is no larger than about so many characters of HTML.
MOST, ROOM = 40, 60_000


def pages(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    """The entries in pages of so many, or of what has room on one."""
    page: list[Entry] = []
    room = ROOM
    for each in entries:
        needed = size(each)
        if page and (len(page) == MOST or needed > room):
            yield tuple(page)
            page, room = [], ROOM
        page.append(each)
        room -= needed
    if page:
        yield tuple(page)


def size(entry: Entry) -> int:
    """About so many characters of HTML, beside the text, an entry takes."""
    if isinstance(entry, Gap):
        return 600
    shown = [part for rendition in entry.renditions for part in rendition.parts]
    texts = sum(len(part.text) + sum(200 + 2 * len(each.alt) for each in part.media) for part in set(shown))
    return 900 + texts + 250 * len(shown)
