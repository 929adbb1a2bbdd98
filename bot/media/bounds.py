"""What a network does not take of films and of what moves; each sentence goes on from the file's name."""

from msgspec import Struct

from bot.media.kinds import FILMS
from bot.media.picture import GIF
from bot.model import Limits


class Sight(Struct, frozen=True):
    """A file that could be opened, without its content."""

    file: str
    kind: str  #: media type, by content
    size: int  #: bytes, as it would be sent if it stays as it is
    width: int  #: pixels; 0 where a film does not say
    height: int
    is_moving: bool  #: whether it is a GIF of more than one picture

    @property
    def is_film(self) -> bool:
        """Whether it is a film."""
        return self.kind in FILMS

    def objection(self, limits: Limits) -> str | None:
        """Why it cannot be shown within these limits, whatever is done to it; None where it can."""
        if self.is_film:
            return film_objection(self.kind, self.size, limits)
        return moving_objection(self.size, (self.width, self.height), limits) if self.is_moving else None


def film_objection(kind: str, size: int, limits: Limits) -> str | None:
    """Why a film of so many bytes is not taken, or None."""
    kinds = [each for each in limits.kinds if each.startswith("video/")] or FILMS
    if limits.film_bytes is None:
        return "is a film, and none are taken here: show a still picture or a GIF of it"
    if kind not in kinds:
        return f"is {kind}, and films are taken as {', '.join(kinds)}: save it as one of these"
    return too_large(size, limits.film_bytes)


def moving_objection(size: int, edges: tuple[int, int], limits: Limits) -> str | None:
    """Why a moving GIF of so many bytes, and pixels on each edge, is not taken, or None."""
    most = limits.gif_bytes or limits.image_bytes
    if GIF not in limits.kinds:
        return "is a moving GIF, and none are taken here: show a still picture of it"
    if size > most:
        return f"is a moving GIF of {size:,} bytes, and {most:,} are taken: make it smaller"
    width, height = edges
    if limits.image_pixels and width * height > limits.image_pixels:
        return f"is a moving GIF of {width} by {height} pixels, and {limits.image_pixels:,} are taken"
    return None


def too_large(size: int, most: int) -> str | None:
    """That a file of so many bytes is too large, where it is."""
    return f"has {size:,} bytes, and {most:,} are taken: make it smaller" if size > most else None
