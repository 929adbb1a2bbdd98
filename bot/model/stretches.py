"""Stretches of time, places in files, and names made of what a thing is."""

from hashlib import blake2b

from msgspec import Struct

from bot.zones import utc_text


def digest(*parts: object) -> str:
    """A name made of what a thing is: 24 hexadecimal digits, the same in every process."""
    hashed = blake2b(digest_size=12)
    for part in parts:
        hashed.update(str(part).encode("utf-8", "surrogatepass"))
        hashed.update(b"\0")
    return hashed.hexdigest()


class Window(Struct, frozen=True):
    """A half-open stretch of UTC time: `start <= t < end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(
                f"a window cannot end at {utc_text(self.end)}, before its start {utc_text(self.start)}"
            )

    def __contains__(self, instant: int) -> bool:
        return self.start <= instant < self.end

    def widened(self, before: int, after: int) -> "Window":
        """The same window with so many seconds more on each side."""
        return Window(self.start - before, self.end + after)


class Place(Struct, frozen=True, gc=False):
    """Where in the project's files a thing stands."""

    file: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
