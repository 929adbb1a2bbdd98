"""What is said of causes: one line, or a message."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.watch.causes import Cause, Kind

_LINES, _LETTERS = 20, 400  #: the most lines of a message, and the letters of one

#: What has become of a cause that people were told of and that is no more.
_SETTLED = {
    Kind.UNKNOWN: "settled: {post} on {account} is not unknown any more",
    Kind.BROKEN: "settled: turns go well again",
}


class Message(NamedTuple):
    """What people are told at once."""

    title: str
    body: str


def word(found: Iterable[Cause], now: int) -> tuple[bool, str]:
    """Whether all is well, and one line: the most pressing of what is not."""
    trouble = [cause for cause in found if cause.is_trouble(now)]
    if not trouble:
        return True, "ok"
    more = f" (and {len(trouble) - 1} more)" if len(trouble) > 1 else ""
    return False, f"{trouble[0].text}{more}"


def message(name: str, news: Sequence[Cause], settled: Sequence[Cause]) -> Message:
    """What is new, and what is settled, of the project called `name`."""
    lines = [*(shorten(cause.text) for cause in news), *map(settled_word, settled)]
    kept = (
        lines
        if len(lines) <= _LINES
        else [*lines[: _LINES - 1], f"and {len(lines) - _LINES + 1} more: see `redletter status`"]
    )
    kinds = ", ".join(dict.fromkeys(cause.kind.value for cause in news)) or "settled"
    return Message(f"redletter, {name}: {kinds}", "\n".join(kept))


def is_settled(cause: Cause) -> bool:
    """Tell whether its end is worth a line: what people waited for."""
    return cause.kind in _SETTLED


def settled_word(cause: Cause) -> str:
    """One line about a cause that is no more."""
    return _SETTLED[cause.kind].format(post=cause.called or cause.post, account=cause.account)


def one_line(text: str) -> str:
    """The text on one line, without what no eye sees."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def shorten(text: str) -> str:
    """One line that a telephone can show."""
    line = one_line(text)
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1]}…"
