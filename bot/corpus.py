"""Post files: Markdown with TOML front matter, and `.jsonl` in bulk."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta, Struct

from bot.errors import Problem
from bot.model import Media, Part, Place, Post, Tone, Uses

_FENCE = "+++"
_PART = re.compile(r"^---[ \t]*$", re.MULTILINE)
_NO_WORDINGS: Mapping[str, tuple[str, ...]] = {}

Focus = Annotated[float, Meta(ge=-1, le=1)]


class _Media(Struct, forbid_unknown_fields=True):
    file: str
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
    reasons: tuple[str, ...] = ()


class _Line(_Fields, forbid_unknown_fields=True, kw_only=True):
    id: Annotated[str, Meta(pattern=r"^[\w./-]+$")]
    parts: Annotated[tuple[_Part, ...], Meta(min_length=1)]


_TYPES = get_type_hints(_Fields, include_extras=True)
_LINE = msgspec.json.Decoder(_Line)


class _Wrong(Exception):  # noqa: N818 - carried to where the file is known
    def __init__(self, line: int, code: str, message: str) -> None:
        self.problem = (line, code, message)
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
                problems += _missing_media(found, root)
    return list(posts.values()), problems


def corpus_files(root: Path) -> list[Path]:
    """The post files of a project, in order of their paths."""
    return sorted(
        file for file in (root / "corpus").rglob("*") if file.suffix in {".md", ".jsonl"} and file.is_file()
    )


def _read_file(file: Path, root: Path) -> Iterator[Post | Problem]:
    name = file.relative_to(root).as_posix()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        yield Problem(name, 1, "encoding", f"not UTF-8 at byte {error.start}; save it as UTF-8")
        return
    except OSError as error:
        yield Problem(name, 1, "unreadable", f"cannot be read: {error.strerror}")
        return
    inner = PurePosixPath(name).relative_to("corpus")
    if file.suffix == ".jsonl":
        yield from _read_lines(text, name)
    else:
        yield from _read_markdown(text, name, inner)


def _read_markdown(text: str, name: str, inner: PurePosixPath) -> Iterator[Post | Problem]:
    lines = text.splitlines()
    try:
        matter, end = _front_matter(lines)
        fields = _parsed(matter)
    except _Wrong as wrong:
        yield Problem(name, *wrong.problem)
        return
    values, problems = _converted(fields, lines[: end + 1], name)
    if problems:
        yield from problems
        return
    body = "\n".join(lines[end + 1 :])
    parts = tuple(_Part(text) for text in _divided(body))
    try:
        yield _post(
            str(inner.with_suffix("")), _Fields(**values), parts, place=Place(name, _first_line(lines, end))
        )
    except _Wrong as wrong:
        _, code, message = wrong.problem
        yield Problem(name, _line_of(message.partition(":")[0], lines[: end + 1]), code, message)


def _front_matter(lines: list[str]) -> tuple[str, int]:
    if not lines or lines[0].strip() != _FENCE:
        raise _Wrong(
            1, "front-matter", f"a post begins with a line {_FENCE}, its fields, and a line {_FENCE}"
        )
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == _FENCE:
            return "\n".join(lines[1:number]), number
    raise _Wrong(
        1, "front-matter", f"the fields begin with {_FENCE} and never end; close them with a line {_FENCE}"
    )


def _parsed(matter: str) -> dict[str, Any]:
    try:
        return tomllib.loads(matter)
    except tomllib.TOMLDecodeError as error:
        line, message = toml_error(error, matter)
        raise _Wrong(line + 1, "toml", message) from error


def toml_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """The line (from 1) and the sentence of a TOML error."""
    message = str(error)
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(found[1]) if found else max(1, text.count("\n") + 1)
    return line, re.sub(r" \(at .*\)$", "", message)


def _converted(fields: dict[str, Any], lines: list[str], name: str) -> tuple[dict[str, Any], list[Problem]]:
    """Each field by itself, so that one wrong value does not hide another."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in fields.items():
        if key not in _TYPES:
            known = ", ".join(_TYPES)
            problem = ("unknown-field", f"no field called {key!r}; known are {known}")
        else:
            try:
                values[key] = msgspec.convert(value, _TYPES[key])
            except msgspec.ValidationError as error:
                problem = ("bad-value", f"{key}: {plain(error)}")
            else:
                continue
        problems.append(Problem(name, _line_of(key, lines), *problem))
    return values, problems


def _line_of(key: str, lines: list[str]) -> int:
    spelled = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    return next((number for number, line in enumerate(lines, 1) if spelled.match(line)), 1)


def plain(error: Exception) -> str:
    """A validation error as its first line, without paths into our own types."""
    return str(error).replace(" - at `$`", "").replace("`", "'")


def _first_line(lines: list[str], end: int) -> int:
    return next((number for number, line in enumerate(lines[end + 1 :], end + 2) if line.strip()), 1)


def _divided(body: str) -> list[str]:
    return [text.strip() for text in _PART.split(body)]


def _read_lines(text: str, name: str) -> Iterator[Post | Problem]:
    # Only \n ends a line: a text may hold U+2028 and its kind.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = _LINE.decode(line)
            yield _post(fields.id, fields, fields.parts, place=Place(name, number))
        except msgspec.ValidationError as error:
            code = "unknown-field" if "unknown field" in str(error) else "bad-value"
            yield Problem(name, number, code, plain(error))
        except msgspec.DecodeError as error:
            yield Problem(name, number, "json", plain(error))
        except _Wrong as wrong:
            yield Problem(name, number, *wrong.problem[1:])


def _post(name: str, fields: _Fields, parts: tuple[_Part, ...], *, place: Place) -> Post:
    for media in fields.media:
        if media.part > len(parts):
            raise _Wrong(
                1,
                "bad-value",
                f"media: {media.file} belongs to part {media.part}, and there are {len(parts)}",
            )
    folder = PurePosixPath(place.file).parent
    return Post(
        id=name,
        parts=tuple(
            Part(_clean(part.text), (*_media(part.media, folder), *_media(fields.media, folder, number)))
            for number, part in enumerate(parts, 1)
        ),
        tags=tuple(dict.fromkeys((*folder.parts[1:], *fields.tags))),
        event=fields.event,
        tone=fields.tone,
        use=fields.use,
        posted=_posted(fields.posted),
        lang=fields.lang,
        credit=fields.credit,
        source=fields.source,
        wordings=_wordings(fields.text),
        quote=fields.quote,
        reasons=fields.reasons,
        place=place,
    )


def _posted(value: object) -> date | datetime | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == len("2021-04-19") else datetime.fromisoformat(value)
        except ValueError as error:
            raise _Wrong(1, "bad-value", f"posted: {value!r} is no date such as 2021-04-19") from error
    if isinstance(value, datetime) and value.tzinfo is None:
        raise _Wrong(1, "bad-value", "posted: an instant needs its zone; write 2021-04-19T07:34:00Z, or the date alone")
    if value is None or isinstance(value, date):
        return value
    raise _Wrong(1, "bad-value", "posted: write a date such as 2021-04-19, or an instant such as 2021-04-19T07:34:00Z")


def _media(media: tuple[_Media, ...], folder: PurePosixPath, part: int | None = None) -> Iterator[Media]:
    for each in media:
        if part is None or each.part == part:
            yield Media((folder / each.file).as_posix(), each.alt, each.credit, each.focus)


def _wordings(text: dict[str, str] | None) -> Mapping[str, tuple[str, ...]]:
    if not text:
        return _NO_WORDINGS
    return {network: tuple(_clean(part) for part in _divided(wording)) for network, wording in text.items()}


def _clean(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text.strip())


def _missing_media(post: Post, root: Path) -> Iterator[Problem]:
    inside = (root / "corpus").resolve()
    for part in post.parts:
        for media in part.media:
            file = (root / media.file).resolve()
            if not file.is_relative_to(inside):
                yield Problem(post.place.file, post.place.line, "media", f"{media.file} lies outside corpus/")
            elif not file.is_file():
                yield Problem(post.place.file, post.place.line, "media", f"there is no file {media.file}")


def markdown(post: Post, *, remarks: tuple[str, ...] = ()) -> str:
    """A post as its file would say it, with remarks as comments; reading it gives the post again."""
    fields: dict[str, object] = {
        "tags": list(post.tags), "event": post.event, "tone": post.tone, "posted": post.posted, "lang": post.lang,
        "credit": post.credit, "source": post.source, "use": post.use, "reasons": list(post.reasons),
    }  # fmt: skip
    defaults = {"tone": Tone.NEUTRAL, "lang": "en", "use": None}
    said = {key: value for key, value in fields.items() if value and value != defaults.get(key)}
    matter = [f"# {remark}" for remark in remarks] + [f"{key} = {_toml(value)}" for key, value in said.items()]
    texts = (re.sub(r"^(---\s*)$", r" \1", part.text, flags=re.MULTILINE) for part in post.parts)
    return "\n".join([_FENCE, *matter, _FENCE, "\n\n---\n\n".join(texts), ""])


def _toml(value: object) -> str:
    """A date, a text or a list of texts in TOML; JSON's strings are TOML's."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return value.isoformat() if isinstance(value, date) else json.dumps(str(value), ensure_ascii=False)
