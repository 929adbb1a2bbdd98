"""What an instance tells of itself: its limits, whether it has quotes, and its domain."""

from typing import Any

import msgspec
from msgspec.structs import replace

from bot.model import Limits

_QUOTES = 7  #: the version of Mastodon's API that brought quotes

#: Where each limit stands in the instance's configuration.
_PLACES = {
    "text": ("statuses", "max_characters"),
    "link": ("statuses", "characters_reserved_per_url"),
    "images": ("statuses", "max_media_attachments"),
    "alt": ("media_attachments", "description_limit"),
    "image_bytes": ("media_attachments", "image_size_limit"),
    "image_pixels": ("media_attachments", "image_matrix_limit"),
    "film_bytes": ("media_attachments", "video_size_limit"),
}


class Instance(msgspec.Struct, frozen=True):
    """The body of /api/v2/instance, and of /api/v1/instance, which older servers have.

    Nothing in it is relied on: a value of another shape counts as untold, and holds back no post.
    """

    domain: Any = None
    max_toot_chars: Any = None  #: what servers told that had no configuration yet
    configuration: Any = None
    api_versions: Any = None

    @property
    def host(self) -> str:
        """The domain of its accounts' handles; empty where it does not tell."""
        return self.domain if isinstance(self.domain, str) else ""

    @property
    def has_quotes(self) -> bool:
        """Tell whether a status may quote another."""
        return (_count(_at(self.api_versions, "mastodon")) or 0) >= _QUOTES

    def limits(self, usual: Limits) -> Limits:
        """The usual limits, but for what the instance tells of its own."""
        told = {name: _count(_at(self.configuration, *place)) for name, place in _PLACES.items()}
        told["text"] = told["text"] or _count(self.max_toot_chars)
        kinds = _at(self.configuration, "media_attachments", "supported_mime_types")
        if isinstance(kinds, list) and (words := tuple(kind for kind in kinds if isinstance(kind, str))):
            usual = replace(usual, kinds=words)
        return replace(usual, **{name: limit for name, limit in told.items() if limit})


def _at(tree: object, *names: str) -> object:
    """What stands at a place in nested tables; None where there is no such place."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _count(value: object) -> int | None:
    """A positive whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
