"""A fake X at the wire: a server on loopback that keeps what it is given, and misbehaves when told to.

It checks OAuth 1.0a signatures, refuses duplicates, unknown parents and unknown media as X does, and is asked by
tests what it has: `fake.posts`. What a client was told is another matter.
"""

import json
import re
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from http import HTTPStatus
from typing import Any, Literal
from unicodedata import normalize

from msgspec.structs import replace
from oauthlib.oauth1 import RequestValidator, ResourceEndpoint  # type: ignore[import-untyped]

from bot.contracts import Secret
from bot.model import Account
from tests.fakes.misbehaving import Misbehaving, Request

Reading = Literal["open", "forbidden", "no credits"]
Quoting = Literal["open", "forbidden", "gone"]

HOSTS = ("https://api.x.com", "https://api.twitter.com")  #: the addresses for which a signature holds
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
UNQUOTED = "Quoting posts is not available to your access level."
GONE = "You attempted to Quote a Post that is deleted or not visible to you."
_LINK = re.compile(r"https?://\S+|(?<![\w.@/])(?:[\w-]+\.)+(?:com|org|net|gov|eu)(?![\w.])(?:/\S*)?")
_SIGNS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_PLAIN = 0x10FF  #: characters up to here weigh 1, those beyond 2


@dataclass(slots=True)
class FakeMedia:
    """A picture as the server has it."""

    id: str
    kind: str
    category: str
    total_bytes: int
    content: bytes = b""
    alt: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class FakePost:
    """A post as the server has it."""

    id: str
    text: str
    reply_to: str | None
    media: tuple[FakeMedia, ...]
    quote: str | None = None
    at: float = 0


class Trouble(Exception):  # noqa: N818 - it is one, on purpose
    """A request that X refuses."""

    def __init__(self, status: int, detail: str, **more: object) -> None:
        self.status = status
        self.body = {"title": HTTPStatus(status).phrase, "detail": detail, "status": status, **more}
        super().__init__(detail)


class FakeX(Misbehaving):
    """A context manager: inside it, X answers at `url` to those who sign with `credentials`."""

    usual_route = "/2/tweets"

    def __init__(self, handle: str = "redletter_test") -> None:
        super().__init__()
        self.handle = handle
        self.credentials = {
            "CONSUMER_KEY": "canary-consumer-key-0123456789",
            "CONSUMER_SECRET": "canary-consumer-secret-0123456789",
            "ACCESS_TOKEN": "12345-canary-access-token",
            "ACCESS_TOKEN_SECRET": "canary-access-token-secret",
        }
        self.posts: list[FakePost] = []
        self.foreign: set[str] = set()  #: ids of posts that are another account's
        self.media: dict[str, FakeMedia] = {}
        self.looks_before_ready = 0  #: how often a picture must be asked for until it is processed
        self.pause = 0  #: seconds after which it asks to be asked again
        self.processing_error = ""  #: why pictures are found bad, once processed
        self.reading: Reading = "open"  #: whether the timeline may be read
        self.quoting: Quoting = "open"  #: whether posts may be quoted
        self.posts_read = 0  #: how many posts it has shown, each of which X charges for
        self.clock: Callable[[], float] = time.time  # noqa: TID251 - a server has its own clock
        self._keys = _Keys(self.credentials)
        self._signed = ResourceEndpoint(self._keys)
        self._ids = iter(range(1_900_000_000_000_000_001, 1_900_000_000_001_000_000))

    @property
    def secrets(self) -> dict[str, Secret]:
        """The credentials as a publisher takes them."""
        return {suffix: Secret(word) for suffix, word in self.credentials.items()}

    def account(self, *, timeout: int = 1, **other: object) -> Account:
        """A live account here, for which an answer is not waited for long."""
        live = Account("museum-x", "x", credentials="MUSEUM_X", live=True, url=self.url, timeout=timeout)
        return replace(live, **other)

    @property
    def texts(self) -> list[str]:
        """The texts of its posts, oldest first."""
        return [post.text for post in self.posts]

    def rate_limit_next(
        self, *, headers: Mapping[str, str], route: str = "/2/tweets", times: int = 1
    ) -> None:
        """Answer the next requests with 429 and these headers."""
        body = json.dumps({"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429})
        self.fail_next("answer", route=route, times=times, status=429, headers=headers, body=body)

    def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        """What X does with a request, and its status and body."""
        with self.lock:
            try:
                self._verify(request)
                return self._route(request)
            except Trouble as trouble:
                return trouble.status, trouble.body
            except (KeyError, TypeError, ValueError) as error:
                return HTTPStatus.BAD_REQUEST, {
                    "title": "Invalid Request",
                    "detail": f"cannot read it: {error!r}",
                }

    def _route(self, request: Request) -> tuple[int, dict[str, Any]]:
        status: int = HTTPStatus.OK
        data: dict[str, Any] = {}
        match request.method, request.path.strip("/").split("/")[1:]:
            case (("POST" | "DELETE"), ["tweets", *which]):
                status, data = self._post(request, which)
            case "GET", ["users", *which]:
                return HTTPStatus.OK, self._users(which, request)
            case "POST", ["media", "upload", "initialize"]:
                data = self._initialize(self._json(request))
            case "POST", ["media", "upload", media_id, "append"]:
                data = self._append(self._upload(media_id), request.form())
            case "POST", ["media", "upload", media_id, "finalize"]:
                data = self._finalize(self._upload(media_id))
            case "GET", ["media", "upload"]:
                data = self._progress(self._upload(request.query["media_id"][0]))
            case "POST", ["media", "metadata"]:
                data = self._describe(self._json(request))
            case _:
                raise Trouble(HTTPStatus.NOT_FOUND, "Not Found")
        return status, {"data": data}

    def _post(self, request: Request, which: list[str]) -> tuple[int, dict[str, Any]]:
        """Make a post, or delete the one that is named."""
        match request.method, which:
            case "POST", []:
                return HTTPStatus.CREATED, self._create(self._json(request))
            case "DELETE", [post_id]:
                return HTTPStatus.OK, self._delete(post_id)
        raise Trouble(HTTPStatus.NOT_FOUND, "Not Found")

    @staticmethod
    def _json(request: Request) -> dict[str, Any]:
        found = request.json()
        if not isinstance(found, dict):
            raise _invalid("body", "not an object")
        return found

    def _verify(self, request: Request) -> None:
        """Refuse what is not signed by the account's keys for X's own address, or was signed once before."""
        headers = {"Authorization": request.authorization}
        query = f"?{request.target.query}" if request.target.query else ""
        addresses = (host + request.path + query for host in HOSTS)
        if not any(self._is_signed(address, request.method, headers) for address in addresses):
            raise Trouble(HTTPStatus.UNAUTHORIZED, "Unauthorized", type="about:blank")

    def _is_signed(self, address: str, method: str, headers: Mapping[str, str]) -> bool:
        is_valid, signed = self._signed.validate_protected_resource_request(address, method, None, headers)
        if is_valid:
            self._keys.spent.add(signed.nonce)
        return bool(is_valid)

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        text, media = body.get("text", ""), self._attached(body.get("media", {}).get("media_ids", []))
        if not text and not media:
            raise _invalid("text", "a post needs text or media")
        if _weight(text) > 280:
            raise _invalid("text", "text is too long")
        quote = self._quoted(body.get("quote_tweet_id"))
        if any((post.text, len(post.media)) == (text, len(media)) for post in self.posts):
            raise Trouble(HTTPStatus.FORBIDDEN, DUPLICATE, type="about:blank")
        reply_to = body.get("reply", {}).get("in_reply_to_tweet_id")
        if reply_to is not None and reply_to not in [post.id for post in self.posts]:
            raise _invalid("reply.in_reply_to_tweet_id", f"no post has the id [{reply_to}]")
        self.posts.append(FakePost(str(next(self._ids)), text, reply_to, media, quote, self.clock()))
        return {"id": self.posts[-1].id, "text": text, "edit_history_tweet_ids": [self.posts[-1].id]}

    def _delete(self, post_id: str) -> dict[str, Any]:
        if post_id in self.foreign:
            raise Trouble(HTTPStatus.FORBIDDEN, "You are not authorized to delete this Tweet.")
        if post_id not in [post.id for post in self.posts]:
            raise Trouble(HTTPStatus.NOT_FOUND, f"Could not find tweet with id: [{post_id}].")
        self.posts = [post for post in self.posts if post.id != post_id]
        return {"deleted": True}

    def _users(self, which: list[str], request: Request) -> dict[str, Any]:
        if which == ["me"]:
            return {"data": {"id": "42", "name": "Test", "username": self.handle}}
        if which != ["42", "tweets"]:
            raise Trouble(HTTPStatus.NOT_FOUND, "Not Found")
        return self._timeline(request.query)

    def _quoted(self, post_id: str | None) -> str | None:
        if post_id and self.quoting != "open":
            raise Trouble(
                HTTPStatus.FORBIDDEN, GONE if self.quoting == "gone" else UNQUOTED, type="about:blank"
            )
        return post_id

    def _timeline(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """The account's posts, newest first, as many as are asked for."""
        if self.reading != "open":
            status = HTTPStatus.FORBIDDEN if self.reading == "forbidden" else HTTPStatus.PAYMENT_REQUIRED
            raise Trouble(status, "Your access level does not include this endpoint.")
        most, skipped = int(query["max_results"][0]), int(query.get("pagination_token", ["0"])[0])
        if not 5 <= most <= 100:
            raise _invalid("max_results", f"[{most}] is not between 5 and 100")
        since = datetime.fromisoformat(query["start_time"][0]).timestamp()
        found = [post for post in reversed(self.posts) if post.at >= since]
        shown = found[skipped : skipped + most]
        self.posts_read += len(shown)
        meta: dict[str, Any] = {"result_count": len(shown)}
        if len(found) > skipped + most:
            meta["next_token"] = str(skipped + most)
        return {"data": [seen(post) for post in shown], "meta": meta} if shown else {"meta": meta}

    def _attached(self, media_ids: list[str]) -> tuple[FakeMedia, ...]:
        media = tuple(self.media[each] for each in media_ids if each in self.media)
        if len(media) != len(media_ids) or not all(each.is_final for each in media):
            raise _invalid("media.media_ids", "your media IDs are invalid")
        if len(media) > (1 if any(each.category != "tweet_image" for each in media) else 4):
            raise _invalid("media.media_ids", "too many media")
        return media

    def _initialize(self, body: dict[str, Any]) -> dict[str, Any]:
        media = FakeMedia(
            str(next(self._ids)), body["media_type"], body["media_category"], body["total_bytes"]
        )
        self.media[media.id] = media
        return {"id": media.id, "media_key": f"3_{media.id}", "expires_after_secs": 86_400}

    def _upload(self, media_id: str) -> FakeMedia:
        if media_id not in self.media:
            raise _invalid("id", f"no media has the id [{media_id}]")
        return self.media[media_id]

    def _append(self, media: FakeMedia, form: dict[str, bytes]) -> dict[str, Any]:
        if len(form["media"]) > 5_000_000:
            raise Trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "segment too large")
        media.content += form["media"]
        return {"expires_at": 1_900_000_000}

    def _finalize(self, media: FakeMedia) -> dict[str, Any]:
        if len(media.content) != media.total_bytes:
            raise _invalid("total_bytes", "segments do not add up to total bytes")
        return self._progress(media)

    def _progress(self, media: FakeMedia) -> dict[str, Any]:
        if self.looks_before_ready > 0:
            self.looks_before_ready -= 1
            return {
                "id": media.id,
                "processing_info": {"state": "in_progress", "check_after_secs": self.pause},
            }
        if self.processing_error:
            error = {"code": 1, "name": "InvalidMedia", "message": self.processing_error}
            return {"id": media.id, "processing_info": {"state": "failed", "error": error}}
        media.is_final = True
        return {"id": media.id, "size": media.total_bytes}

    def _describe(self, body: dict[str, Any]) -> dict[str, Any]:
        media, alt = self._upload(body["id"]), body["metadata"]["alt_text"]["text"]
        if not 0 < len(alt) <= 1_000:
            raise _invalid("metadata.alt_text.text", "alt text must have 1 to 1000 characters")
        media.alt = alt
        return {"id": media.id, "associated_metadata": {"alt_text": {"text": alt}}}


def png(shade: int = 0) -> bytes:
    """A picture of one grey pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes((0, shade)))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def seen(post: FakePost) -> dict[str, Any]:
    """A post as the timeline shows it: its links shortened, its signs escaped, and X's own links at its end."""
    links: list[dict[str, str]] = []

    def shortened(url: str, **more: str) -> str:
        links.append({"url": f"https://t.co/{post.id[-6:]}{len(links):04}", "expanded_url": url} | more)
        return links[-1]["url"]

    text = normalize("NFC", post.text)
    for sign, written in _SIGNS:
        text = text.replace(sign, written)
    text = _LINK.sub(
        lambda found: shortened(unescape(found[0] if "://" in found[0] else f"http://{found[0]}")), text
    )
    if post.quote:
        text += " " + shortened(f"https://twitter.com/somebody/status/{post.quote}")
    if post.media:
        keys = [f"3_{each.id}" for each in post.media]
        text += " " + shortened(f"https://x.com/somebody/status/{post.id}/photo/1", media_key=keys[0])
    shown: dict[str, Any] = {"id": post.id, "text": text.strip(), "edit_history_tweet_ids": [post.id]}
    shown["created_at"] = f"{datetime.fromtimestamp(post.at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    if links:
        shown["entities"] = {"urls": links}
    if post.media:
        shown["attachments"] = {"media_keys": keys}
    references = (("replied_to", post.reply_to), ("quoted", post.quote))
    if found := [{"type": kind, "id": of} for kind, of in references if of]:
        shown["referenced_tweets"] = found
    return shown


class _Keys(RequestValidator):  # type: ignore[misc]
    """What oauthlib asks while it verifies a signature: whose keys there are, and what was signed before."""

    allowed_signature_methods = ("HMAC-SHA1",)
    timestamp_lifetime = 300
    dummy_client = "nobody"
    dummy_access_token = "nothing"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        super().__init__()
        self._credentials = credentials
        self.spent: set[str] = set()

    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    def check_access_token(self, request_token: str) -> bool:
        return bool(request_token)

    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    def validate_client_key(self, client_key: str, _request: object) -> bool:
        return client_key == self._credentials["CONSUMER_KEY"]

    def validate_access_token(self, _client_key: str, token: str, _request: object) -> bool:
        return token == self._credentials["ACCESS_TOKEN"]

    def validate_timestamp_and_nonce(
        self, _client_key: str, _timestamp: str, nonce: str, _request: object, **_tokens: object
    ) -> bool:
        return nonce not in self.spent

    def validate_realms(self, *_: object, **__: object) -> bool:
        return True

    def get_client_secret(self, _client_key: str, _request: object) -> str:
        return self._credentials["CONSUMER_SECRET"]

    def get_access_token_secret(self, _client_key: str, _token: str, _request: object) -> str:
        return self._credentials["ACCESS_TOKEN_SECRET"]


def _invalid(parameter: str, message: str) -> Trouble:
    errors = [{"parameters": {parameter: []}, "message": f"{parameter}: {message}"}]
    detail = "One or more parameters to your request was invalid."
    return Trouble(HTTPStatus.BAD_REQUEST, detail, title="Invalid Request", errors=errors)


def _weight(text: str) -> int:
    """Nearly the length that X counts: links 23, far characters 2."""
    return sum(1 if ord(character) <= _PLAIN else 2 for character in _LINK.sub("x" * 23, text))
