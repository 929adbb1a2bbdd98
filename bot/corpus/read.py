"""Post files: Markdown with TOML front matter, and `.jsonl` in bulk."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from bot.corpus.fields import Lines, converted, toml_error, wrong
from bot.errors import Problem
from bot.media import kind_problem
from bot.model import Media, Part, Place, Post, Tone, Uses

FENCE = "+++"
#: A line that divides parts; with backslashes before it, a line of text that says so.
DIVIDER = re.compile(r"^---[ \t]*$", re.MULTILINE)
_QUOTED_DIVIDER = re.compile(r"^\\(\\*---[ \t]*)$", re.MULTILINE)
_BULK = ".jsonl"
_YEARS = range(1000, 9000)  #: in which every zone can be computed with
_NO_WORDINGS: Mapping[str, tuple[str, ...]] = {}

Focus = Annotated[float, Meta(ge=-1, le=1)]


class _Media(Struct, forbid_unknown_fields=True):
    file: str = ""
    card: Literal["", "anniversary", "countdown", "sky", "mars-year"] = ""
    theme: Literal["light", "dark"] = "light"
    alt: str = ""
    credit: str = ""
    focus: tuple[Focus, Focus] | None = None
    part: Annotated[int, Meta(ge=1)] = 1


class _Part(Struct, forbid_unknown_fields=True):
    text: str = ""
    media: tuple[_Media, ...] = ()


class _Fields(Struct, forbid_unknown_fields=True):
    """What front matter may say; a line of `.jsonl` says the same and its parts."""

    tags: tuple[str, ...] = ()
    event: str | None = None
    tone: Tone = Tone.NEUTRAL
    posted: Any = None  #: `_posted` reads it: TOML has dates, JSON has only texts
    lang: str = "en"
    credit: str = ""
    source: str = ""
    use: Uses = Uses.EVERGREEN
    media: tuple[_Media, ...] = ()
    text: dict[str, str] | None = None
    quote: str | dict[str, str] | None = None
    thread: Literal["", "split", "numbered"] = ""
    warning: str = ""
    reasons: tuple[str, ...] = ()
    review: Any = None  #: `_review` reads it


class _Line(_Fields, forbid_unknown_fields=True, kw_only=True):
    id: Annotated[str, Meta(pattern=r"^[\w-][\w.-]*(/[\w-][\w.-]*)*\Z")]
    parts: Annotated[tuple[_Part, ...], Meta(min_length=1)]


_LINE = msgspec.json.Decoder(_Line)


class _Wrong(Exception):  # noqa: N818 - carried to where the file is known
    """What is wrong with a post: at a line or a field, as code and sentence."""

    def __init__(self, where: int | tuple[str | int, ...], code: str, message: str) -> None:
        self.problem = (where, code, message)
        super().__init__(message)


def read_corpus(root: Path) -> tuple[list[Post], list[Problem]]:
    """Every post under `root/corpus`, and every problem; a broken file or line never hides the others."""
    posts: dict[str, Post] = {}
    problems: list[Problem] = []
    for file in corpus_files(root):
        for found in _read_file(file, root):
            if isinstance(found, Problem):
                problems.append(found)
            elif first := posts.get(found.id):
                message = f"the id {found.id!r} is taken by {first.place}; rename one of them"
                problems.append(Problem(found.place.file, found.place.line, "duplicate-id", message))
            else:
                posts[found.id] = found
                problems += missing_media(found, root)
    return list(posts.values()), problems


def corpus_files(root: Path) -> list[Path]:
    """The post files of a project, in order of their paths."""
    found = (root / "corpus").rglob("*")
    return sorted(file for file in found if file.suffix.lower() in {".md", _BULK} and file.is_file())


def line_in(post: Post, root: Path, *, key: str = "", part: int = 1, near: str = "") -> int:
    """The line of a field of a post, or of one of its parts: the first from there on that holds `near`."""
    if is_bulk(post.place.file):
        return post.place.line
    try:
        lines = _lines(root / post.place.file)
        matter, end = _front_matter(lines)
    except (_Wrong, OSError, UnicodeDecodeError):  # somebody edits it at this moment
        return post.place.line
    first = Lines(matter, before=1).of(*key.split(".")) if key else _part_line(lines, end, part)
    return next((number for number, line in enumerate(lines[first - 1 :], first) if near in line), first)


def _part_line(lines: list[str], end: int, part: int) -> int:
    """The line on which the text of a part begins."""
    dividers = [number for number, line in enumerate(lines[end + 1 :], end + 1) if DIVIDER.match(line)]
    return _first_line(lines, [end, *dividers][part - 1])


def _read_file(file: Path, root: Path) -> Iterator[Post | Problem]:
    name = file.relative_to(root).as_posix()
    try:
        name.encode()
        lines = _lines(file)
    except UnicodeEncodeError:
        yield Problem(ascii(name)[1:-1], 1, "encoding", "the file's name is not UTF-8; rename it")
    except UnicodeDecodeError as error:
        yield Problem(
            name, 1, "encoding", f"not UTF-8 at byte {error.start}; save it as UTF-8, if it is a text"
        )
    except OSError as error:
        yield Problem(name, 1, "unreadable", f"cannot be read: {error.strerror}")
    else:
        yield from read_lines(lines, name) if is_bulk(name) else read_markdown(lines, name)


def is_bulk(name: str) -> bool:
    """Tell whether a file holds a post on each of its lines."""
    return name.lower().endswith(_BULK)


def _lines(file: Path) -> list[str]:
    # Only a line feed ends a line: a text may hold U+2028 and its kind.
    return file.read_text(encoding="utf-8-sig").split("\n")


def read_markdown(lines: list[str], name: str) -> Iterator[Post | Problem]:
    """The post of a Markdown file, or what is wrong with it."""
    try:
        matter, end = _front_matter(lines)
        values, wrongs = converted(_parsed(matter), _Fields)
        if wrongs:
            places = Lines(matter, before=1)
            yield from (Problem(name, places.of(*path), code, message) for path, code, message in wrongs)
            return
        parts = tuple(_Part(_unquoted(text)) for text in _divided("\n".join(lines[end + 1 :])))
        place = Place(name, _first_line(lines, end))
        yield _post(
            str(PurePosixPath(*PurePosixPath(name).parts[1:]).with_suffix("")),
            _Fields(**values),
            parts,
            place=place,
        )
    except _Wrong as found:
        key, code, message = found.problem
        line = key if isinstance(key, int) else Lines(matter, before=1).of(*key)
        yield Problem(name, line, code, message)


def _front_matter(lines: list[str]) -> tuple[str, int]:
    """The TOML of a post, and the place of the fence that ends it."""
    if lines[0].strip() != FENCE:
        raise _Wrong(1, "front-matter", f"a post begins with a line {FENCE}, its fields, and a line {FENCE}")
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == FENCE:
            return "\n".join(lines[1:number]), number
    raise _Wrong(
        1, "front-matter", f"the fields begin with {FENCE} and never end; close them with a line {FENCE}"
    )


def _parsed(matter: str) -> dict[str, Any]:
    try:
        return tomllib.loads(matter)
    except tomllib.TOMLDecodeError as error:
        line, message = toml_error(error, matter)
        raise _Wrong(line + 1, "toml", message) from error


def _first_line(lines: list[str], fence: int) -> int:
    """The line of the first text behind a fence; the fence's own where there is none."""
    return next(
        (number for number, line in enumerate(lines[fence + 1 :], fence + 2) if line.strip()), fence + 1
    )


def _divided(body: str) -> list[str]:
    return [text.strip() for text in DIVIDER.split(body)]


def _unquoted(text: str) -> str:
    return _QUOTED_DIVIDER.sub(r"\1", text) if "\\---" in text else text


def read_lines(lines: list[str], name: str) -> Iterator[Post | Problem]:
    """The posts of a file with one on each line, and what is wrong with the others."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = _LINE.decode(line)
            yield _post(fields.id, fields, fields.parts, place=Place(name, number))
        except msgspec.DecodeError as error:
            yield Problem(name, number, *_json_fault(line, error))
        except _Wrong as found:
            yield Problem(name, number, *found.problem[1:])


def _json_fault(line: str, error: msgspec.DecodeError) -> tuple[str, str]:
    """The code and the sentence of a line that is no post."""
    try:
        content = msgspec.json.decode(line)
    except msgspec.DecodeError as malformed:
        return "json", str(malformed)
    return wrong(error, content)[1:]


def _post(name: str, fields: _Fields, parts: tuple[_Part, ...], *, place: Place) -> Post:
    _refuse_wrong_media(fields, parts)
    folder = _folder(place.file)
    return Post(
        id=name,
        parts=tuple(
            Part(clean(part.text), (*_media(part.media, folder), *_media(fields.media, folder, number)))
            for number, part in enumerate(parts, 1)
        ),
        tags=tuple(dict.fromkeys((*folder.parts[1:], *fields.tags))),
        event=fields.event,
        tone=fields.tone,
        use=fields.use,
        posted=_posted(fields.posted),
        review=_review(fields.review),
        lang=fields.lang,
        credit=fields.credit,
        source=fields.source,
        wordings=_wordings(fields.text),
        quote=fields.quote,
        thread=fields.thread,
        warning=clean(fields.warning),
        reasons=fields.reasons,
        place=place,
    )


def _refuse_wrong_media(fields: _Fields, parts: tuple[_Part, ...]) -> None:
    for number, media in enumerate((*fields.media, *(each for part in parts for each in part.media))):
        if bool(media.file) == bool(media.card):
            message = f"name a file, or a card that is drawn, in media[{number}]: one of the two"
            raise _Wrong(("media", number), "missing", message)
        if media.part > len(parts):
            message = (
                f"media: {media.file or media.card} belongs to part {media.part}, and there are {len(parts)}"
            )
            raise _Wrong(("media",), "bad-value", message)


@lru_cache(maxsize=1)  # the posts of one file come together
def _folder(file: str) -> PurePosixPath:
    return PurePosixPath(file).parent


def _posted(value: object) -> date | datetime | None:
    if isinstance(value, str):
        try:
            value = (
                date.fromisoformat(value)
                if len(value) == len("2021-04-19")
                else datetime.fromisoformat(value)
            )
        except ValueError:
            value = ...  # no date: told below
    if value is not None and not isinstance(value, date):
        raise _Wrong(
            ("posted",),
            "bad-value",
            "posted: write a date such as 2021-04-19, or an instant such as 2021-04-19T07:34:00Z",
        )
    if isinstance(value, datetime) and value.tzinfo is None:
        raise _Wrong(
            ("posted",),
            "bad-value",
            "posted: an instant needs its zone; write 2021-04-19T07:34:00Z, or the date alone",
        )
    if value is not None and value.year not in _YEARS:
        raise _Wrong(("posted",), "bad-value", f"posted: the year {value.year} cannot be meant")
    return value


def _review(value: object) -> date | None:
    if isinstance(value, str):
        with suppress(ValueError):  # no date: told below
            value = date.fromisoformat(value) if len(value) == len("2027-06-01") else value
    if value is None or type(value) is date:
        return value
    message = "review: write the date from which a person should read it again, such as 2027-06-01"
    raise _Wrong(("review",), "bad-value", message)


def _media(media: tuple[_Media, ...], folder: PurePosixPath, part: int | None = None) -> Iterator[Media]:
    for each in media:
        if part is None or each.part == part:
            file = normpath(folder / each.file) if each.file else ""
            yield Media(file, each.alt, each.credit, each.focus, each.card, each.theme)


def _wordings(text: dict[str, str] | None) -> Mapping[str, tuple[str, ...]]:
    if not text:
        return _NO_WORDINGS
    return {
        network: tuple(clean(_unquoted(part)) for part in _divided(wording))
        for network, wording in text.items()
    }


def clean(text: str) -> str:
    """A text as it is kept: no space around it, one kind of line end, letters composed."""
    text = text.strip().replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def missing_media(post: Post, root: Path) -> Iterator[Problem]:
    """The pictures and films of a post that are not there, or are none."""
    for part in post.parts:
        for media in part.media:
            if media.file and (message := _missing(media.file, root)):
                line = line_in(post, root, key="media", near=PurePosixPath(media.file).name)
                yield Problem(post.place.file, line, "media", message)


def _missing(name: str, root: Path) -> str | None:
    try:
        file = (root / name).resolve()
        if not file.is_relative_to((root / "corpus").resolve()):
            return f"{name} lies outside corpus/"
        if not file.is_file():
            return f"there is no file {name}"
        problem = kind_problem(file)
    except (OSError, RuntimeError, ValueError) as error:  # links in a ring, or a name that no file can have
        return f"{name} cannot be read: {error}"
    return f"{name} {problem}" if problem else None
