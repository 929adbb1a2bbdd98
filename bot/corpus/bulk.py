"""A post's line in a file of many, written anew: its keys keep their order, and no other line is touched."""

import json
from datetime import date
from itertools import product
from typing import Any

from bot.corpus.change import DEFAULTS, folder_tags
from bot.corpus.matter import changed_alts, reworded
from bot.corpus.write import worded
from bot.model import Post

#: How programs write JSON: whether letters are escaped, and what stands between values.
_STYLES = tuple(product((False, True), ((", ", ": "), (",", ":"))))


def relined(line: str, before: Post, after: Post) -> str:
    """The line of `before` as that of `after`, spaced as it was."""
    bare = line.strip()
    said: dict[str, Any] = json.loads(bare)
    style = next((style for style in _STYLES if _dumped(said, style) == bare), _STYLES[0])
    _set_fields(said, before, after)
    _set_parts(said, before, after)
    _set_wordings(said, before, after)
    return line.replace(bare, _dumped(said, style))


def _dumped(said: dict[str, Any], style: tuple[bool, tuple[str, str]]) -> str:
    is_ascii, separators = style
    return json.dumps(said, ensure_ascii=is_ascii, separators=separators)


def _set_fields(said: dict[str, Any], before: Post, after: Post) -> None:
    for name, default in DEFAULTS.items():
        value = getattr(after, name)
        if value != getattr(before, name):
            own = after.tags[len(folder_tags(after)) :] if name == "tags" else value
            _set(said, name, None if own == default else own)


def _set(said: dict[str, Any], key: str, value: object) -> None:
    """Let a table say a value; None takes the key away."""
    if value is None:
        said.pop(key, None)
    else:
        said[key] = value.isoformat() if isinstance(value, date) else value


def _set_parts(said: dict[str, Any], before: Post, after: Post) -> None:
    shared = said.get("media", ())
    for number, (part, old, new) in enumerate(zip(said["parts"], before.parts, after.parts, strict=True), 1):
        if old.text != new.text:
            part["text"] = new.text
        own = (*part.get("media", ()), *(each for each in shared if each.get("part", 1) == number))
        for entry, alt in changed_alts(own, old.media, new.media):
            _set(entry, "alt", alt or None)


def _set_wordings(said: dict[str, Any], before: Post, after: Post) -> None:
    texts: dict[str, str] = dict(said.get("text") or {})
    for network in {**before.wordings, **after.wordings}:
        old, new = before.wordings.get(network, ()), after.wordings.get(network, ())
        if old != new:
            _set(texts, network, _wording(texts, network, old=old, new=new))
    if texts != (said.get("text") or {}):
        _set(said, "text", texts or None)


def _wording(
    texts: dict[str, str], network: str, *, old: tuple[str, ...], new: tuple[str, ...]
) -> str | None:
    if not new:
        return None
    return reworded(texts[network], old, new) if old else worded(new)
