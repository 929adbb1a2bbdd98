"""Reads the plain-text copy of a profile page on X, as a browser gives it."""

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from bot.contracts import Imported
from bot.importers.x_page.finds import Find, finds
from bot.importers.x_page.lines import runs
from bot.importers.x_page.uses import tone, use
from bot.importers.x_page.words import hashtags, links
from bot.model import Part, Place, Post, Tone, Uses

_WORD = re.compile(r"[a-z0-9]+")
_ID_WORDS = 5


class XPage:
    """The posts of a page, each with its lines, the traces of its media, and what a person must see to first."""

    def read(self, file: Path) -> Iterator[Imported]:
        """Every post after the page's head, in its order; ValueError says why the file is no such page."""
        try:
            page = file.read_bytes().decode("utf-8")
            found = finds(runs(page))
        except UnicodeDecodeError as error:
            raise ValueError(f"{file}: this is no text in UTF-8 (byte {error.start})") from error
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error
        return (_imported(find, file) for find in found)


def _imported(find: Find, file: Path) -> Imported:
    tags = hashtags(find.text)
    use_, reasons = use(find)
    return Imported(
        Post(
            _id(find),
            (Part(find.text),),
            tags=tuple(dict.fromkeys(tag.lstrip("#").lower() for tag in tags)),
            tone=tone(find.text) if use_ is not Uses.EVERGREEN else Tone.NEUTRAL,
            use=use_,
            reasons=reasons,
            place=Place(str(file), find.lines[0].number),
        ),
        find.lines[0].number,
        find.lines[-1].number,
        media=(find.media,),
        quote=find.quote,
        hashtags=tags,
        links=links(find.text),
    )


def _id(find: Find) -> str:
    """The line it begins at and its first words: `0007-to-the-robot-who-turned`."""
    letters = normalize("NFKD", find.text.lower()).encode("ascii", "ignore").decode().replace("'", "")
    return "-".join((f"{find.lines[0].number:04}", *_WORD.findall(letters)[:_ID_WORDS]))


__all__ = ["XPage"]
