"""Cards as pictures: drawn anew from what was written down, always the same."""

from pathlib import Path, PurePath

from msgspec.structs import replace

from bot.model import Media

_FOLDER = "cards"  #: in the state folder


def drawing_of(media: Media) -> bytes:
    """The PNG of a card; ValueError where what was written down is none."""
    from bot.cards import decode, draw  # noqa: PLC0415 - Pillow costs start-up time

    return draw(decode(media.drawing), "dark" if media.theme == "dark" else "light")


def as_file(media: Media, state: Path) -> Media:
    """The same picture as a file that people can open: a card is drawn into `cards/` of the state folder.

    OSError where it cannot be written there.
    """
    if not media.drawing:
        return media
    file = state / _FOLDER / PurePath(media.file).name
    if not file.exists():  # its name says what is drawn
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(drawing_of(media))
        unfinished.replace(file)
    return replace(media, file=str(file))


__all__ = ["as_file", "drawing_of"]
