"""Pictures on their way to an instance: uploaded with their words and their focus, and waited for."""

import time
from functools import partial
from hashlib import blake2b

from bot.contracts import Ask
from bot.errors import NotNow, Refused
from bot.media import Picture, read_media
from bot.model import Limits, digest
from bot.publishers.mastodon.answers import Upload
from bot.publishers.mastodon.server import Server
from bot.zones import MINUTE

_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  #: seconds between two looks at a picture
_KEPT = 30 * MINUTE  #: seconds for which an upload is used again; the instance keeps it for hours


class Uploads:
    """What one account has uploaded and not shown yet.

    An instance takes few uploads in half an hour: a thread that is prepared again does not upload again what it has,
    or is still at work on.
    """

    def __init__(self, server: Server, *, timeout: int) -> None:
        self._server = server
        self._timeout = timeout
        self._kept: dict[str, tuple[Upload, float]] = {}  #: and when each was made, by part and picture

    def of(self, ask: Ask, limits: Limits) -> tuple[str, ...]:
        """The ids of a part's pictures, each whole on the instance, with its alt text. Refused or NotNow."""
        pictures = read_media(ask.media, limits)
        now = time.monotonic()
        self._kept = {name: kept for name, kept in self._kept.items() if now - kept[1] < _KEPT}
        return tuple(self._id_of(picture, ask, place) for place, picture in enumerate(pictures))

    def _id_of(self, picture: Picture, ask: Ask, place: int) -> str:
        name = digest(
            ask.key, ask.part, place, blake2b(picture.content).hexdigest(), picture.alt, picture.focus
        )
        if name not in self._kept:
            self._kept[name] = self._uploaded(picture, ask.at), time.monotonic()
        upload, since = self._kept[name]
        try:
            self._kept[name] = self._whole(upload, picture, ask.at), since
        except Refused:
            del self._kept[name]
            raise
        return str(upload.id)

    def _uploaded(self, picture: Picture, at: int) -> Upload:
        client = self._server.client
        request = partial(
            client.media_post,
            picture.content,
            mime_type=picture.kind,
            description=picture.alt,
            focus=picture.focus,
            file_name=f"picture.{picture.kind.partition('/')[2]}",
        )
        return self._server.read(request, Upload, at=at)

    def _whole(self, upload: Upload, picture: Picture, at: int) -> Upload:
        """The upload once the instance has processed it; NotNow where that takes too long."""
        end, pause = time.monotonic() + picture.patience(self._timeout), _PAUSE
        while not upload.url:
            if (left := end - time.monotonic()) <= 0:
                raise NotNow(f"Mastodon is still at work on {picture.file}; nothing was posted")
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)
            upload = self._server.read(partial(self._server.client.media, upload.id), Upload, at=at)
        return upload
