"""What a remembrance has no room for."""

import re
from collections.abc import Iterator

from bot.claims import levity

EMOJI = re.compile(
    "[\u20e3\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff]"
)
_SHOUT = re.compile("[!\u00a1\u203c\u2755\u2757\uff01]")


def tactless(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """The first exclamation mark, emoji and light words of a text: what to call each, and where it stands."""
    if sign := _SHOUT.search(text):
        yield "exclamation mark", sign[0]
    if sign := EMOJI.search(text):
        yield sign[0], sign[0]
    if words := levity(text, lang):
        yield f'"{words}"', words
