"""Fields of files: where each is written, and what is wrong with its value, as a sentence."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from bot.model import Tone, Uses
from bot.options import did_you_mean
from bot.sky.ephemeris import KINDS

Path = tuple[str | int, ...]  #: keys and places in lists, from the top of a file to a value
Wrong = tuple[Path, str, str]  #: where, a code, and what is wrong as a sentence

_LONGEST = 500  #: lines of one statement; the end of a longer one is not looked for
_TYPES = {
    "array": "a list",
    "bool": "true or false",
    "date": "a date such as 2027-01-28",
    "datetime": "a date with time and zone such as 2027-01-28T16:39:13Z",
    "float": "a number",
    "int": "a whole number",
    "null": "nothing",
    "object": "a table",
    "str": "a text",
    "time": "a time",
}
_CHOICES: Mapping[str, Iterable[str]] = {
    "tone": Tone,
    "tones": Tone,
    "use": Uses,
    "thread": ("split", "numbered"),
    "card": ("anniversary", "countdown", "sky", "mars-year"),
    "theme": ("light", "dark"),
    "sky": KINDS,
    "first_sol": ("0", "1"),
    "visibility": ("public", "unlisted", "private", "direct"),
}
_HINTS = {
    "Invalid value": "a text stands in quotes, a list in brackets",
    "Illegal character '\\n'": "close the text before its line ends",
    "Cannot overwrite": "the same key stands twice",
    "Cannot declare": "the same table stands twice",
    "Unclosed array": "close the list with a bracket",
}


class Lines:
    """On which line of a TOML text each of its keys is written."""

    def __init__(self, text: str, *, before: int = 0) -> None:
        """Look through a text without faults; `before` lines of its file come before it."""
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._before = before
        table: Path = ()
        for line, written, content in _statements(text):
            if written.startswith("["):
                table = self._table(written, _keys(content))
                self._lines.setdefault(table, line)
            else:
                self._note_all(table, content.items(), line)

    def of(self, *path: str | int) -> int:
        """The line of a value; of what it would stand in, if it is not there."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines[path] + self._before if path else 1

    def _table(self, header: str, keys: list[str]) -> Path:
        path: Path = ()
        for key in keys[:-1]:
            path = self._latest((*path, key))
        path = (*path, keys[-1])
        if header.startswith("[["):
            self._counts[path] = self._counts.get(path, -1) + 1
        return self._latest(path)

    def _latest(self, path: Path) -> Path:
        """The path itself, or the last of the tables that it lists."""
        return (*path, self._counts[path]) if path in self._counts else path

    def _note_all(self, path: Path, entries: Iterable[tuple[str | int, object]], line: int) -> None:
        for key, value in entries:
            self._lines.setdefault((*path, key), line)
            if isinstance(value, dict):
                self._note_all((*path, key), value.items(), line)
            elif isinstance(value, list):
                self._note_all((*path, key), enumerate(value), line)


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Every statement of a TOML text by itself, with its first line."""
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        if not lines[start] or lines[start].startswith("#"):
            start += 1  # sooner seen than read
            continue
        content, end = _statement(lines, start)
        if content:
            yield start + 1, lines[start].strip(), content
        start = end


def _statement(lines: list[str], start: int) -> tuple[dict[str, Any] | None, int]:
    """What the statement that begins on a line says, and the line behind it; None where no end is found."""
    last = min(len(lines), start + _LONGEST)
    for end in range(start + 1, last + 1):
        try:
            return tomllib.loads("\n".join(lines[start:end])), end
        except tomllib.TOMLDecodeError:
            continue
    return None, last


def _keys(content: object) -> list[str]:
    """The keys of a table's header, read by itself."""
    keys = []
    while isinstance(content, dict) and content:
        ((key, content),) = content.items()
        keys.append(key)
    return keys


def toml_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """The line and the sentence of a TOML error: where the statement begins that cannot be read."""
    message = re.sub(r" \(at .*\)$", "", str(error))
    hint = next((hint for start, hint in _HINTS.items() if message.startswith(start)), None)
    told = re.search(r"\(at line (\d+)", str(error))
    line = _unreadable(text) or (int(told[1]) if told else text.count("\n") + 1)
    return line, f"{message}; {hint}" if hint else message


def _unreadable(text: str) -> int | None:
    """The line on which the first statement begins that cannot be read by itself."""
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        content, end = _statement(lines, start)
        if content is None:
            return start + 1 if end == len(lines) else None
        start = end
    return None


def converted(fields: Mapping[str, Any], into: type[Struct]) -> tuple[dict[str, Any], list[Wrong]]:
    """The fields as their types have them, each by itself, so that no wrong one hides another."""
    types, needed = _shape(into)
    values: dict[str, Any] = {}
    wrongs: list[Wrong] = [((), "missing", f"{name} is missing") for name in needed if name not in fields]
    for key, value in fields.items():
        if key not in types:
            wrongs.append(((key,), "unknown-field", unknown(key, types)))
            continue
        try:
            values[key] = msgspec.convert(value, types[key])
        except msgspec.ValidationError as error:
            wrongs.append(wrong(error, value, (key,)))
    return values, wrongs


@cache
def _shape(of: type[Struct]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The types of a struct's fields, and the names of those that must be there."""
    needed = (field.name for field in msgspec.structs.fields(of) if field.required)
    return get_type_hints(of, include_extras=True), tuple(needed)


def unknown(key: str, known: Iterable[str]) -> str:
    """The sentence about a field that nobody knows."""
    known = list(known)
    return f"no field called {key!r}{did_you_mean(key, known) or '; known are ' + ', '.join(known)}"


def wrong(error: Exception, content: object, above: Path = ()) -> Wrong:
    """Where a value in `content` is wrong, and what would be right."""
    message, _, place = str(error).partition(" - at `$")
    below, value = _found(place, content, dict if message.startswith("Expected `object`") else str)
    path = (*above, *below)
    if field := re.fullmatch(r"Object contains unknown field `(.*)`", message):
        return (*path, field[1]), "unknown-field", f"no field called {field[1]!r}{_within(path)}"
    if field := re.fullmatch(r"Object missing required field `(.*)`", message):
        return path, "missing", f"{field[1]} is missing{_within(path)}"
    where = f"{dotted(path)}: " if path else ""
    return path, "bad-value", f"{where}{_advice(message, path, value)}"


def _found(place: str, content: Any, wanted: type) -> tuple[Path, object]:  # noqa: ANN401 - a file can hold anything
    """The path that msgspec means, and the value there; it does not name a key of a table, so that is looked for."""
    path: Path = ()
    for key, number, other in re.findall(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])", place):
        step = int(number) if number else key
        if other:
            step = next(name for name, value in content.items() if not isinstance(value, wanted))
        path, content = (*path, step), content[step]
    return path, content


def dotted(path: Path) -> str:
    """A path as people write it: `media[0].alt`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _within(path: Path) -> str:
    return f" in {dotted(path)}" if path else ""


def _advice(message: str, path: Path, value: object) -> str:
    """What msgspec finds missing, in words that say what to write."""
    if message.startswith("Invalid enum"):
        *others, last = _CHOICES[next(step for step in reversed(path) if isinstance(step, str))]
        return f"{value!r:.60} cannot be; write {', '.join(others)} or {last}"
    if "matching regex" in message:
        return f"{value!r:.60} cannot be; write letters, digits, dots, hyphens and underscores"
    if kind := re.match(r"Invalid RFC3339 encoded (\w+)|Expected `(datetime)` with", message):
        return f"write {_TYPES[kind[1] or kind[2]]}"
    message = re.sub(r"`([\w |]+)`", _types, message).replace("Expected", "write").replace(", got", ", not")
    return f"{message}: [{value!r:.60}]" if message == "write a list, not a text" else message


def _types(found: re.Match[str]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in found[1].split(" | ") if name != "null")
