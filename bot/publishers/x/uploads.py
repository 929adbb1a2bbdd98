"""Pictures and films on their way to X: whole, described, and looked through, before any post shows them."""

import time
from collections.abc import Iterable

from bot.errors import NotNow, Refused
from bot.media import Picture
from bot.publishers.x.answers import Data
from bot.publishers.x.client import Client

_ROUTE = "/2/media/upload"
_SEGMENT = 4_000_000  #: bytes in one request; X takes up to 5 MB


def upload(client: Client, picture: Picture, at: int) -> str:
    """The media id of a picture or film that X has whole, with its alt text. No post exists yet: no doubt either."""
    sizes = {
        "media_type": picture.kind,
        "media_category": _category(picture),
        "total_bytes": len(picture.content),
    }
    media_id = str(client.data(client.json("POST", f"{_ROUTE}/initialize", json=sizes), at).id)
    if not media_id:
        raise NotNow("X gave no id for a picture; nothing was posted")
    for index, segment in enumerate(_segments(picture.content)):
        numbered = {"segment_index": str(index)}
        client.data(client.multipart(f"{_ROUTE}/{media_id}/append", data=numbered, media=segment), at)
    begun = client.data(client.json("POST", f"{_ROUTE}/{media_id}/finalize"), at)
    _wait(client, begun, media_id, patience=picture.patience(client.account.timeout), at=at)
    _describe(client, media_id, picture, at=at)
    return media_id


def _category(picture: Picture) -> str:
    """Which of X's ways to show it is asked for."""
    if picture.is_film:
        return "tweet_video"
    return "tweet_gif" if picture.is_moving else "tweet_image"


def _segments(content: bytes) -> Iterable[bytes]:
    return (content[start : start + _SEGMENT] for start in range(0, len(content), _SEGMENT))


def _wait(client: Client, upload: Data, media_id: str, *, patience: int, at: int) -> None:
    """Return once X has looked through it and can show it."""
    status = {"command": "STATUS", "media_id": media_id}
    waited = 0
    while (progress := upload.processing_info) and progress.state != "succeeded":
        if progress.state == "failed":
            raise Refused(f"X cannot show a picture: {client.shown(progress.error.message or 'no reason')}")
        if waited >= patience:
            raise NotNow("X is still at work on a picture; nothing was posted")
        pause = max(0, min(progress.check_after_secs, patience - waited))
        time.sleep(pause)
        waited += max(pause, 1)
        upload = client.data(client.json("GET", _ROUTE, params=status), at)


def _describe(client: Client, media_id: str, picture: Picture, *, at: int) -> None:
    """Give it its alt text. X keeps one for pictures alone, moving or not."""
    if picture.is_film:
        return
    described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
    client.data(client.json("POST", "/2/media/metadata", json=described), at)
