"""What a publisher is given: a picture or film, ready to be sent."""

from msgspec import Struct

GIF = "image/gif"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
_PATIENCE = 300  #: seconds that a network may look through a film, or a picture that moves


class Unfit(Exception):  # noqa: N818 - carried to where the file's name is known
    """A file cannot be sent: why, and what to do, as a sentence that goes on from its name."""


class Picture(Struct, frozen=True):
    """A picture or film that a network may have."""

    file: str
    kind: str  #: media type, by content
    content: bytes
    width: int  #: pixels, as it is shown; 0 where a film does not say
    height: int
    alt: str
    focus: tuple[float, float] | None
    seconds: float | None = None  #: of a film or moving picture, where known

    @property
    def is_film(self) -> bool:
        """Whether it is a film."""
        return self.kind.startswith("video/")

    @property
    def is_moving(self) -> bool:
        """Whether it is a picture that moves: a GIF of one frame comes as PNG."""
        return self.kind == GIF

    def patience(self, timeout: int) -> int:
        """How many seconds a network may look through it: a still picture no longer than an answer is waited for."""
        return max(timeout, _PATIENCE) if self.is_film or self.is_moving else timeout
