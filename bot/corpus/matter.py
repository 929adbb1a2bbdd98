"""The front matter of a post, changed field by field: comments, order and spacing of all else stay."""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.corpus.change import DEFAULTS, folder_tags
from bot.corpus.read import FENCE
from bot.corpus.segments import replaced
from bot.corpus.write import toml, worded
from bot.errors import BadCall
from bot.model import Media, Post

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Item

#: How a text of many lines begins in TOML.
_MANY = '"""'
_LITERAL = re.compile(r"'[^'\n]*'\Z")
_NO_LITERAL = re.compile("['\0-\x08\x0a-\x1f\x7f]")
_RETURN, _BARE_FEED = "\r\n", re.compile(r"(?<!\r)\n")
_ESCAPED = re.compile(r"\\(.)")


def refielded(matter: str, before: Post, after: Post, *, end: str) -> str:
    """The front matter of `before` as that of `after`, with such line ends where all are such.

    BadCall where it is written in a way that cannot be kept.
    """
    if _said(before) == _said(after):
        return matter
    try:
        from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - an extra: only the desk changes files
    except ImportError as error:
        raise BadCall("changing a post's file needs the extra `web`: pip install 'redletter[web]'") from error
    try:
        changed = _refielded(matter, before, after)
    except TOMLKitError as error:
        raise _unlike() from error
    return _BARE_FEED.sub(_RETURN, changed) if end == _RETURN and not _BARE_FEED.search(matter) else changed


def _said(post: Post) -> tuple[object, ...]:
    """All that a change can set in the fields of a post."""
    alts = [[media.alt for media in part.media] for part in post.parts]
    return (*(getattr(post, name) for name in DEFAULTS), dict(post.wordings), alts)


def _refielded(matter: str, before: Post, after: Post) -> str:
    document = _document(matter)
    for name, default in DEFAULTS.items():
        value = getattr(after, name)
        if value != getattr(before, name):
            _set(document, name, None if value == default else _written(name, value, after))
    _word(document, before, after)
    _describe(document, before, after)
    return document.as_string()


def _document(matter: str) -> "TOMLDocument":
    import tomlkit  # noqa: PLC0415 - as above

    document = tomlkit.parse(matter)
    if document.as_string() != matter:
        raise _unlike()
    return document


def _unlike() -> BadCall:
    return BadCall("its fields are written in a way that cannot be changed in place; edit the file by hand")


def _written(name: str, value: object, post: Post) -> object:
    """A field's value as a file has it: the tags of its folders are not written."""
    if name == "tags":
        return list(post.tags[len(folder_tags(post)) :]) or None
    return list(value) if isinstance(value, tuple) else value


def _set(table: MutableMapping[str, Any], key: str, value: object) -> None:
    """Let a table say a value, in the way in which the old one is written; None takes the key away."""
    old = table.get(key)
    if value is None:
        table.pop(key, None)
    elif isinstance(value, list) and isinstance(old, list):
        _list(table, key, value)
    else:
        table[key] = _item(_text(value, old) if isinstance(value, str) else toml(value))


def _list(table: MutableMapping[str, Any], key: str, values: list[str]) -> None:
    """Take away and add in place what is gone and new; write the list anew where its order is another."""
    there = table[key]
    for each in [each for each in there if each not in values]:
        there.remove(each)
    for each in values:
        if each not in there:
            there.append(each)
    if list(there) != values:
        table[key] = _item(toml(values))


def _item(raw: str) -> "Item":
    import tomlkit  # noqa: PLC0415 - as above

    return tomlkit.value(raw)


def _text(text: str, old: object) -> str:
    """A text in TOML, in quotation marks as the old one had them; a new text of many lines has a line for each."""
    raw = "" if old is None else _raw(old)
    is_open = any(
        line.strip() == FENCE for line in text.split("\n")
    )  # on a line of its own it ends the fields
    if not is_open and (raw.startswith((_MANY, "'''")) or ("\n" in text and not raw)):
        begins_below = not raw or text.startswith("\n") or raw[3:].startswith(("\n", "\r\n"))
        return _many_lines(text, begins_below=begins_below)
    if _LITERAL.match(raw) and not _NO_LITERAL.search(text):
        return f"'{text}'"
    return toml(text)


def _raw(item: object) -> str:
    return item.as_string() if hasattr(item, "as_string") else ""


def _many_lines(text: str, *, begins_below: bool) -> str:
    lines = "\n".join(toml(line)[1:-1] for line in text.split("\n"))
    plain = _ESCAPED.sub(lambda found: '"' if found[1] == '"' else found[0], lines)
    shown = lines if _MANY in plain or plain.endswith('"') else plain
    return f"{_MANY}{chr(10) if begins_below else ''}{shown}{_MANY}"


def _word(document: "TOMLDocument", before: Post, after: Post) -> None:
    """Let every network's own wording be as it is `after`."""
    for network in {**before.wordings, **after.wordings}:
        old, new = before.wordings.get(network), after.wordings.get(network)
        if old != new:
            _word_one(document, network, old=old, new=new)
    if not after.wordings and "text" in document:
        del document["text"]


def _word_one(
    document: "TOMLDocument", network: str, *, old: Sequence[str] | None, new: Sequence[str] | None
) -> None:
    import tomlkit  # noqa: PLC0415 - as above

    if "text" not in document:
        document.add(tomlkit.key(["text", network]), _item(_text(worded(new or ()), None)))
        return
    table: Any = document["text"]
    if new is None:
        del table[network]
    elif old is None:
        table[network] = _item(_text(worded(new), None))
    else:
        table[network] = _item(_text(reworded(str(table[network]), old, new), table[network]))


def reworded(value: str, old: Sequence[str], new: Sequence[str]) -> str:
    """A wording's value that says `new` instead of `old`; dividers stay where there are as many."""
    if len(old) != len(new):
        return worded(new)
    return replaced(value.replace("\r\n", "\n"), old, new, end="\n")


def _describe(document: "TOMLDocument", before: Post, after: Post) -> None:
    """Let the pictures have the alt texts that they have `after`."""
    entries: Any = document.get("media", ())
    for entry, alt in _new_alts(entries, before, after):
        _set(entry, "alt", alt or None)


def _new_alts(entries: Any, before: Post, after: Post) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - tomlkit has tables of several types
    """The entries of `media` whose alt text is another, with that; they stand in the order of their parts' pictures."""
    for number, (old, new) in enumerate(zip(before.parts, after.parts, strict=True), 1):
        own = [entry for entry in entries if entry.get("part", 1) == number]
        yield from changed_alts(own, old.media, new.media)


def changed_alts(
    entries: Sequence[Any], old: Sequence[Media], new: Sequence[Media]
) -> Iterator[tuple[Any, str]]:
    """Each entry whose picture has another alt text, with that."""
    for entry, was, will in zip(entries, old, new, strict=True):
        if was.alt != will.alt:
            yield entry, will.alt
