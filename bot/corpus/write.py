"""Posts written as Markdown files."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from posixpath import relpath

from bot.corpus.read import FENCE, clean
from bot.model import Media, Post, Tone

#: A line of text that would divide parts when it is read, or that quotes such a line.
_DIVIDER = re.compile(r"^(\\*---[ \t]*)$", re.MULTILINE)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile("[\0-\x1f\x7f]+")


def markdown(post: Post, *, remarks: tuple[str, ...] = ()) -> str:
    """A post as its file would say it, with remarks as comments; reading it at its place gives the post again."""
    fields: dict[str, object] = {
        "tags": list(post.tags), "event": post.event, "tone": post.tone, "posted": post.posted,
        "review": post.review, "lang": post.lang,
        "credit": post.credit, "source": post.source, "use": post.use, "reasons": list(post.reasons),
        "media": _media(post), "text": _wordings(post.wordings), "quote": post.quote,
        "thread": post.thread, "warning": post.warning,
    }  # fmt: skip
    defaults = {"tone": Tone.NEUTRAL, "lang": "en"}
    said = {key: value for key, value in fields.items() if value and value != defaults.get(key)}
    matter = [f"# {_CONTROL.sub(' ', remark)}" for remark in remarks]
    matter += [f"{key} = {toml(value)}" for key, value in said.items()]
    return "\n".join([FENCE, *matter, FENCE, _divided([part.text for part in post.parts], "\n\n---\n\n"), ""])


def _divided(texts: Iterable[str], divider: str) -> str:
    return divider.join(quoted(clean(text)) for text in texts)


def quoted(text: str) -> str:
    """A text whose lines divide nothing when they are read."""
    return _DIVIDER.sub(r"\\\1", text)


def _wordings(wordings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {network: worded(texts) for network, texts in wordings.items()}


def worded(texts: Iterable[str]) -> str:
    """The texts of a network's own wording, as one value of a field."""
    return _divided(texts, "\n---\n")


def _media(post: Post) -> list[dict[str, object]]:
    return [
        _described(media, PurePosixPath("/corpus", post.id).parent) | ({"part": number} if number > 1 else {})
        for number, part in enumerate(post.parts, 1)
        for media in part.media
    ]


def _described(media: Media, folder: PurePosixPath) -> dict[str, object]:
    """A picture, its path as seen from the folder of its post."""
    described: dict[str, object] = {
        "file": relpath(f"/{media.file}", folder) if media.file else "", "card": media.card,
        "theme": "" if media.theme == "light" else media.theme, "alt": media.alt, "credit": media.credit,
        "focus": list(media.focus or ()),
    }  # fmt: skip
    return {key: value for key, value in described.items() if value}


def toml(value: object) -> str:
    """A value in TOML; JSON's texts are TOML's, but for one sign."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, Mapping):
        entries = (
            f"{key if _BARE.fullmatch(key) else toml(key)} = {toml(each)}" for key, each in value.items()
        )
        return f"{{ {', '.join(entries)} }}"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
