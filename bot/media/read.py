"""The pictures of a part: read, checked against what a network takes, and made to fit it."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from bot.errors import NotNow, Refused
from bot.media.films import read_film
from bot.media.fit import Bounds, fitted, opened
from bot.media.gifs import read_gif
from bot.media.kinds import FILMS, HEAD, head_problem, sniffed
from bot.media.picture import GIF, Picture, Unfit
from bot.model import Limits, Media

_MOST = 100_000_000  #: bytes of a picture that is opened at all
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


def read_media(media: Sequence[Media], limits: Limits) -> tuple[Picture, ...]:
    """Every picture of a part, each file read once, checked, upright, without traces, and fitted to the limits.

    Refused says what is wrong with which file and what to do; NotNow says that the disk fails. The same files and
    limits give the same bytes.
    """
    if len(media) > max(limits.images, 1):
        raise Refused(f"{len(media)} pictures in a part, and {limits.images} are taken: leave some out")
    for each in media:
        _check_alt(each, limits)
    pictures = tuple(_picture(each, limits) for each in media)
    _check_company(pictures, limits)
    return pictures


def _check_alt(media: Media, limits: Limits) -> None:
    if not media.alt.strip():
        raise Refused(f"{media.file} has no alt text: say what it shows")
    if len(media.alt) > limits.alt:
        count = f"{len(media.alt):,} characters, and {limits.alt:,} are taken"
        raise Refused(f"{media.file} has an alt text of {count}: make it shorter")


def _check_company(pictures: Sequence[Picture], limits: Limits) -> None:
    """Films and what moves stand alone."""
    for picture in pictures:
        name = "film" if picture.is_film else "moving GIF" if picture.is_moving else ""
        if name and len(pictures) > 1:
            raise Refused(
                f"{picture.file} is a {name}, which stands alone: a part shows up to {limits.images} still pictures,"
                " or one moving GIF, or one film"
            )
        if not (picture.is_film or limits.images):
            raise Refused(f"{picture.file} is a picture, and none are taken: leave it out")


def _picture(media: Media, limits: Limits) -> Picture:
    try:
        kind, content = _content(Path(media.file), limits)
        return _ready(media, kind, content, limits=limits)
    except Unfit as unfit:
        raise Refused(f"{media.file} {unfit}") from unfit
    except (*_FINAL, ValueError) as error:  # ValueError: a name that no file can have
        why = error.strerror if isinstance(error, OSError) else error
        raise Refused(f"{media.file} cannot be read: {why}") from error
    except OSError as error:
        raise NotNow(f"{media.file} cannot be read now: {error.strerror}") from error


def _content(file: Path, limits: Limits) -> tuple[str, bytes]:
    """What a file is, and all of it; Unfit before much is read where it is not taken."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise Unfit("is no file")
    with file.open("rb") as source:
        head = source.read(HEAD)
        if problem := head_problem(head):
            raise Unfit(problem)
        kind = sniffed(head) or ""
        most = _most(kind, limits)
        size = os.fstat(source.fileno()).st_size
        content = head + source.read(most + 1 - len(head)) if size <= most else b""
    if max(size, len(content)) > most:
        raise Unfit(f"has {size:,} bytes, and {most:,} are taken: make it smaller")
    return kind, content


def _most(kind: str, limits: Limits) -> int:
    """How many bytes of a file of this kind are read."""
    if kind not in FILMS:
        return _MOST
    kinds = [each for each in limits.kinds if each.startswith("video/")] or FILMS
    if limits.film_bytes is None:
        raise Unfit("is a film, and none are taken here: show a still picture or a GIF of it")
    if kind not in kinds:
        raise Unfit(f"is {kind}, and films are taken as {', '.join(kinds)}: save it as one of these")
    return limits.film_bytes


def _ready(media: Media, kind: str, content: bytes, *, limits: Limits) -> Picture:
    try:
        if kind in FILMS:
            return _film(media, kind, content)
        return _moving(media, content, limits) if kind == GIF else _still(media, kind, content, limits=limits)
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # a broken file fails in any way that its decoder did not think of
        raise Unfit(f"cannot be read: {error}; save it anew") from error


def _film(media: Media, kind: str, content: bytes) -> Picture:
    film = read_film(content, kind)
    if film.tells_place:
        raise Unfit("says where it was filmed: save it without its place")
    return Picture(
        media.file, kind, content, film.width, film.height, media.alt, media.focus, seconds=film.seconds
    )


def _moving(media: Media, content: bytes, limits: Limits) -> Picture:
    """A GIF that moves, as it moves; one that does not, as any still picture."""
    gif = read_gif(content)
    if gif.frames == 1:
        return _still(media, GIF, gif.content, limits=limits)
    most = limits.gif_bytes or limits.image_bytes
    if GIF not in limits.kinds:
        raise Unfit("is a moving GIF, and none are taken here: show a still picture of it")
    if len(gif.content) > most:
        raise Unfit(f"is a moving GIF of {len(gif.content):,} bytes, and {most:,} are taken: make it smaller")
    if limits.image_pixels and gif.width * gif.height > limits.image_pixels:
        raise Unfit(
            f"is a moving GIF of {gif.width} by {gif.height} pixels, and {limits.image_pixels:,} are taken"
        )
    opened(gif.content, GIF).load()
    return Picture(
        media.file, GIF, gif.content, gif.width, gif.height, media.alt, media.focus, seconds=gif.seconds
    )


def _still(media: Media, kind: str, content: bytes, *, limits: Limits) -> Picture:
    kinds = tuple(each for each in limits.kinds if each != GIF)  # a GIF of one picture would count as moving
    still = fitted(content, kind, Bounds(limits.image_bytes, limits.image_pixels, kinds))
    if still is None:
        raise Unfit(f"cannot be made to fit into {limits.image_bytes:,} bytes: choose another picture")
    return Picture(media.file, still.kind, still.content, still.width, still.height, media.alt, media.focus)
