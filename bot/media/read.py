"""The pictures of a part: read, checked against what a network takes, and made to fit it; or only looked at."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.errors import NotNow, Refused
from bot.media.bounds import Sight, film_objection, moving_objection, too_large
from bot.media.drawn import drawing_of
from bot.media.films import Film, read_film
from bot.media.fit import Bounds, fitted, opened, seen
from bot.media.gifs import Gif, read_gif
from bot.media.kinds import FILMS, HEAD, head_problem, sniffed
from bot.media.picture import GIF, PNG, Picture, Unfit
from bot.model import Limits, Media

_MOST = 100_000_000  #: bytes of a picture that is opened at all
_ANY = Limits(film_bytes=_MOST)  #: what no network takes is not looked at
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
        raise Refused(f"{media.name} has no alt text: say what it shows")
    if len(media.alt) > limits.alt:
        count = f"{len(media.alt):,} characters, and {limits.alt:,} are taken"
        raise Refused(f"{media.name} has an alt text of {count}: make it shorter")


def look(file: str) -> Sight:
    """What a file is, opened and unpacked as when it is sent, and nothing made of it. Raises as `read_media` does."""
    with _named(file):
        kind, content = _content(Path(file), _ANY)
        with _readable():
            return _sight(file, kind, content)


def objections(sights: Sequence[Sight], limits: Limits) -> Iterator[str]:
    """Why the pictures of a part cannot be shown within these limits, one sentence each."""
    for sight in sights:
        if why := sight.objection(limits):
            yield f"{sight.file} {why}"
    try:
        _check_company(sights, limits)
    except Refused as no:
        yield str(no)


def _check_company(pictures: Sequence[Picture] | Sequence[Sight], limits: Limits) -> None:
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
    with _named(media.name):
        kind, content = (PNG, drawing_of(media)) if media.drawing else _content(Path(media.file), limits)
        with _readable():
            return _ready(media, kind, content, limits=limits)


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Let what is wrong with a file be told with its name."""
    try:
        yield
    except Unfit as unfit:
        raise Refused(f"{file} {unfit}") from unfit
    except (*_FINAL, ValueError) as error:  # ValueError: a name that no file can have
        why = error.strerror if isinstance(error, OSError) else error
        raise Refused(f"{file} cannot be read: {why}") from error
    except OSError as error:
        raise NotNow(f"{file} cannot be read now: {error.strerror}") from error


@contextmanager
def _readable() -> Iterator[None]:
    """Unfit for whatever a decoder says of a file."""
    try:
        yield
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # a broken file fails in any way that its decoder did not think of
        raise Unfit(f"cannot be read: {error}; save it anew") from error


def _content(file: Path, limits: Limits) -> tuple[str, bytes]:
    """What a file is, and all of it; Unfit before much is read where it is not taken."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise Unfit("is no file")
    with file.open("rb") as source:
        head = source.read(HEAD)
        if problem := head_problem(head):
            raise Unfit(problem)
        kind = sniffed(head) or ""
        size = os.fstat(source.fileno()).st_size
        _refuse_size(kind, size, limits)
        most = limits.film_bytes or _MOST if kind in FILMS else _MOST
        content = head + source.read(most + 1 - len(head))
    _refuse_size(kind, len(content), limits)  # it may have grown meanwhile
    return kind, content


def _refuse_size(kind: str, size: int, limits: Limits) -> None:
    if why := film_objection(kind, size, limits) if kind in FILMS else too_large(size, _MOST):
        raise Unfit(why)


def _ready(media: Media, kind: str, content: bytes, *, limits: Limits) -> Picture:
    if kind in FILMS:
        film = _film(content, kind)
        size = film.width, film.height
        return Picture(media.file, kind, content, *size, media.alt, media.focus, seconds=film.seconds)
    return _moving(media, content, limits) if kind == GIF else _still(media, kind, content, limits=limits)


def _sight(file: str, kind: str, content: bytes) -> Sight:
    if kind in FILMS:
        film = _film(content, kind)
        return Sight(file, kind, len(content), film.width, film.height, is_moving=False)
    if kind == GIF:
        gif = _gif(content)
        return Sight(file, kind, len(gif.content), gif.width, gif.height, is_moving=gif.frames > 1)
    return Sight(file, kind, len(content), *seen(content, kind), is_moving=False)


def _film(content: bytes, kind: str) -> Film:
    film = read_film(content, kind)
    if film.tells_place:
        raise Unfit("says where it was filmed: save it without its place")
    return film


def _gif(content: bytes) -> Gif:
    """A GIF of which at least the first picture could be read."""
    gif = read_gif(content)
    opened(gif.content, GIF).load()
    return gif


def _moving(media: Media, content: bytes, limits: Limits) -> Picture:
    """A GIF that moves, as it moves; one that does not, as any still picture."""
    gif = read_gif(content)
    if gif.frames == 1:
        return _still(media, GIF, gif.content, limits=limits)
    if why := moving_objection(len(gif.content), (gif.width, gif.height), limits):
        raise Unfit(why)
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
