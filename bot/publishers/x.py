"""X: posts, threads and pictures with alt text, through its API v2 with OAuth 1.0a.

X honours no idempotency key. So what it surely did not write is Refused or NotNow, and all else is Unanswered: a
post is never sent again in the hope that the first was lost.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from bot.errors import BadCall, NotLive, NotNow, Refused, Unanswered
from bot.model import Account, Ask, Limits, Media, Receipt, Secret

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

_HOST = "https://api.twitter.com"  #: the address that tweepy signs, whichever the request is sent to
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_GIF = "image/gif"
_GIF_BYTES = 15_000_000
_SEGMENT = 4_000_000  #: bytes of a picture in one request; X takes up to 5 MB
_QUOTAS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_DIGITS = 11  #: of an instant in a header, at most
_LOGGERS = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3")


class X:
    """Shows posts on X for one live account."""

    limits: ClassVar[Limits] = Limits(text=280, counting="x", images=4, alt=1_000, image_bytes=5_000_000)
    secrets: ClassVar[Mapping[str, str]] = {
        "CONSUMER_KEY": "the app's API key, from X's developer portal",
        "CONSUMER_SECRET": "the app's API key secret",
        "ACCESS_TOKEN": "the account's access token, with permission to read and write",
        "ACCESS_TOKEN_SECRET": "the account's access token secret",
    }

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. Pictures are read from the paths that an ask names.

        NotLive unless the account is live; BadCall names the credentials that are missing, or says what is wrong
        with the account's `url`.
        """
        del outbox  # what X shows is on X
        if not account.live:
            raise NotLive(f"account {account.name} is not live: X is not asked for it")
        if missing := [name for suffix, name in self._variables(account).items() if not secrets.get(suffix)]:
            raise BadCall(f"account {account.name} lacks credentials: set {', '.join(missing)}")
        self._account = account
        self._secrets = [secrets[suffix] for suffix in self.secrets]
        _keep_quiet()
        self._client, self._wire = _client(account, self._secrets)

    def publish(self, ask: Ask) -> Receipt:
        """Upload the part's pictures, then ask once for the post that shows them."""
        try:
            pictures = _pictures(ask.media)
            return self._post(ask, [self._upload(picture, ask.at) for picture in pictures])
        except Refused as no:
            if ask.part == 1:
                raise
            raise Refused(f"{no}; the thread stays without its parts {ask.part} to {ask.parts}") from no

    def find(self, ask: Ask) -> Receipt | None:
        """Unanswered, always: X knows nothing of our keys."""
        raise Unanswered(
            f"X cannot be asked by key for part {ask.part} of {ask.post}; look at the timeline of {ask.account} "
            "and settle it with `redletter queue resolve`"
        )

    def whoami(self) -> str:
        """The handle that these credentials speak for, as `@handle`."""
        user = self._prepare(self._json("GET", "/2/users/me"), None)
        if not user.username:
            raise NotNow(f"X did not say who {self._account.name} is; ask again")
        return f"@{user.username}"

    def _post(self, ask: Ask, media_ids: list[str]) -> Receipt:
        try:
            answer = self._answer(self._json("POST", "/2/tweets", json=_body(ask, media_ids)))
        except OSError as error:
            if _never_left(error):
                raise NotNow(f"X cannot be reached: {_cause(error)}") from error
            raise Unanswered(self._doubt(_cause(error))) from error
        if no := self._no(answer, ask.at):
            raise no
        found = _read(answer)
        # A 5xx comes from servers before and behind the one that writes: the post may be there. So it may after
        # a 2xx that cannot be read.
        if not _is_yes(answer) or not found or not found.data.id:
            raise Unanswered(self._doubt(f"HTTP {answer.status_code} without a post's id"))
        return Receipt(id=str(found.data.id), url=f"https://x.com/i/status/{found.data.id}", at=ask.at)

    def _upload(self, picture: "_Picture", at: int) -> str:
        """The media id of a picture that X has whole, with its alt text. No post exists yet: no doubt either."""
        sizes = {"media_type": picture.kind, "media_category": picture.category, "total_bytes": picture.size}
        media_id = str(self._prepare(self._json("POST", "/2/media/upload/initialize", json=sizes), at).id)
        if not media_id:
            raise NotNow("X gave no id for a picture; nothing was posted")
        for index, segment in enumerate(picture.segments()):
            self._prepare(self._segment(media_id, index, segment), at)
        self._settle(
            self._prepare(self._json("POST", f"/2/media/upload/{media_id}/finalize"), at), media_id, at
        )
        described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
        self._prepare(self._json("POST", "/2/media/metadata", json=described), at)
        return media_id

    def _settle(self, upload: "_Data", media_id: str, at: int) -> None:
        """Wait until X has looked through a picture, no longer than an answer is waited for."""
        status = {"command": "STATUS", "media_id": media_id}
        waited = 0
        while (progress := upload.processing_info) and progress.state != "succeeded":
            if progress.state == "failed":
                raise Refused(
                    f"X cannot show a picture: {self._shown(progress.error.message or 'no reason')}"
                )
            if waited >= self._account.timeout:
                raise NotNow("X is still at work on a picture; nothing was posted")
            pause = max(0, min(progress.check_after_secs, self._account.timeout - waited))
            time.sleep(pause)
            waited += max(pause, 1)
            upload = self._prepare(self._json("GET", "/2/media/upload", params=status), at)

    def _json(self, method: str, route: str, **body: object) -> Callable[[], "Response"]:
        return partial(self._client.request, method, route, user_auth=True, **body)

    def _segment(self, media_id: str, index: int, segment: bytes) -> Callable[[], "Response"]:
        """One piece of a picture, as the multipart request that tweepy does not make."""
        return partial(
            self._client.session.post,
            f"{_HOST}/2/media/upload/{media_id}/append",
            data={"segment_index": str(index)},
            files={"media": segment},
            auth=_signed(self._secrets),
        )

    def _answer(self, request: Callable[[], "Response"]) -> "Response":
        """X's answer, whatever its status; OSError (all of requests' errors are) where there is none."""
        import tweepy  # noqa: PLC0415 - as in `_client`

        self._wire.answer = None
        try:
            return request()
        except OSError:
            raise
        except (tweepy.TweepyException, AttributeError, TypeError, ValueError, RecursionError):
            # tweepy raises at every refusal, and stumbles over odd JSON while it does: the wire has the answer.
            if self._wire.answer is None:
                raise
            return self._wire.answer

    def _prepare(self, request: Callable[[], "Response"], at: int | None) -> "_Data":
        """The answer to a request that writes no post: whatever goes wrong, nothing was written."""
        try:
            answer = self._answer(request)
        except OSError as error:
            raise NotNow(f"X did not answer: {_cause(error)}; nothing was posted") from error
        if no := self._no(answer, at):
            raise no
        found = _read(answer)
        if not _is_yes(answer) or not found or found.errors:
            raise NotNow(f"X answered HTTP {answer.status_code} without what was asked; nothing was posted")
        return found.data

    def _no(self, answer: "Response", at: int | None) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        status = answer.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return NotNow(f"X takes no more from {self._account.name} for now", after=_after(answer, at))
        if status == HTTPStatus.SERVICE_UNAVAILABLE and _is_turned_away(answer):
            return NotNow("X is over capacity", after=_after(answer, at))
        # A gateway's 408 may follow a request that was passed on: a doubt.
        is_refusal = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        if is_refusal and status != HTTPStatus.REQUEST_TIMEOUT:
            return Refused(self._refusal(answer))
        return None

    def _refusal(self, answer: "Response") -> str:
        status, said, name = answer.status_code, self._shown(_said(answer)), self._account.name
        if status == HTTPStatus.UNAUTHORIZED:
            variables = ", ".join(self._variables(self._account).values())
            return f"X does not accept the credentials of {name}: check {variables}, and this machine's clock"
        if status == HTTPStatus.PAYMENT_REQUIRED:
            return f"X has no credits left for {name}: add some in its developer portal"
        if status == HTTPStatus.FORBIDDEN and "duplicate" in said.lower():
            return f"X already has this very text from {name}: if that is not this post, change the text ({said})"
        return f"X refused (HTTP {status}) for {name}: {said}"

    def _doubt(self, cause: str) -> str:
        return f"X was asked to post for {self._account.name}, and nobody knows whether it did: {cause}"

    def _shown(self, said: str) -> str:
        """X's own words on one line, not too long, and without a credential that some server sent back."""
        for secret in self._secrets:
            said = said.replace(secret.reveal(), str(secret))
        return " ".join(said.split())[:300]

    @classmethod
    def _variables(cls, account: Account) -> dict[str, str]:
        """The names of the environment variables that hold an account's credentials, under their suffixes."""
        return {suffix: "_".join(filter(None, (account.credentials, suffix))) for suffix in cls.secrets}


def _keep_quiet() -> None:
    """Keep libraries from logging at DEBUG, where they show credentials."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))


def _client(account: Account, secrets: list[Secret]) -> tuple[Any, "_Wire"]:
    """A client of tweepy for an account, and the wire that it speaks over."""
    # Imported when an account goes live only: tweepy costs more start-up time than all of ours.
    import tweepy  # noqa: PLC0415
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    client = tweepy.Client(None, *(secret.reveal() for secret in secrets), wait_on_rate_limit=False)
    wire = _Wire(HTTPAdapter(), base=_base(account), timeout=account.timeout)
    client.session.mount("https://", wire)
    client.session.max_redirects = 0  # a signature holds for one address
    return client, wire


def _signed(secrets: list[Secret]) -> Any:  # noqa: ANN401 - tweepy has no types
    import tweepy  # noqa: PLC0415 - as in `_client`

    return tweepy.OAuth1UserHandler(*(secret.reveal() for secret in secrets)).apply_auth()


def _base(account: Account) -> str:
    """The address to send to instead of X's own, if the account names one; BadCall unless it is a safe one."""
    try:
        url = urlsplit(account.url)
        is_safe = url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.hostname or ""))
        is_plain = bool(url.hostname) and "@" not in url.netloc and not (url.query or url.fragment)
        is_safe = is_safe and url.port != 0
    except ValueError:
        is_safe = is_plain = False
    if account.url and not (is_safe and is_plain):
        # The address itself is not shown: it may hold a password.
        raise BadCall(f"account {account.name}: `url` must be a plain https address, or http on loopback")
    return account.url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Wire:
    """What requests sends through: it waits as long as the account says, and keeps the last answer.

    It is an adapter of requests by its shape, so that requests is imported for live accounts only.
    """

    def __init__(self, adapter: "HTTPAdapter", base: str, *, timeout: int) -> None:
        self.answer: Response | None = None
        self._adapter = adapter
        self._base = base
        self._timeout = timeout

    def send(self, request: "PreparedRequest", **options: Any) -> "Response":  # noqa: ANN401 - passed on as they are
        """Send what is signed by now: the signature names X, wherever it goes."""
        if self._base:
            request.url = self._base + str(request.url).removeprefix(_HOST)
            options["proxies"] = None
        # A connection kept since the last request may be dead by now, and would leave a post in doubt.
        self._adapter.close()
        self.answer = self._adapter.send(request, **(options | {"timeout": self._timeout}))
        return self.answer


class _Said(msgspec.Struct, frozen=True):
    message: str = ""
    detail: str = ""


class _Trouble(msgspec.Struct, frozen=True):
    """The body of a refusal."""

    title: str = ""
    detail: str = ""
    errors: tuple[_Said, ...] = ()


class _Processing(msgspec.Struct, frozen=True):
    """How far X is with a picture."""

    state: str
    check_after_secs: int = 1
    error: _Said = _Said()


class _Data(msgspec.Struct, frozen=True):
    """What an answer tells of a post, an upload or a user."""

    id: str | int = ""
    username: str = ""
    processing_info: _Processing | None = None


class _Found(msgspec.Struct, frozen=True):
    """The body of a yes."""

    data: _Data = _Data()
    errors: tuple[Any, ...] = ()


def _read(answer: "Response") -> _Found | None:
    """The body of a yes; None where it is none (HTML, torn, another shape)."""
    try:
        return msgspec.json.decode(answer.content or b"{}", type=_Found)
    except (ValueError, RecursionError):
        return None


def _said(answer: "Response") -> str:
    """Why X refused, in its own words."""
    try:
        trouble = msgspec.json.decode(answer.content, type=_Trouble)
    except (ValueError, RecursionError):
        return str(answer.reason)
    told = [error.message or error.detail for error in trouble.errors]
    return "; ".join(filter(None, told)) or trouble.detail or trouble.title or str(answer.reason)


def _is_yes(answer: "Response") -> bool:
    return HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES


def _is_turned_away(answer: "Response") -> bool:
    """Tell whether a 503 came before any work: X says so, or names a time to come back. Other 5xx prove nothing."""
    return "retry-after" in answer.headers or b"over capacity" in answer.content.lower()


def _after(answer: "Response", at: int | None) -> int | None:
    """The instant from which X will take more: the latest of its used-up limits, or what Retry-After adds to `at`."""
    headers = answer.headers
    resets = {quota: _count(headers.get(f"{quota}-reset")) for quota in _QUOTAS}
    used_up = [resets[quota] for quota in _QUOTAS if _count(headers.get(f"{quota}-remaining")) == 0]
    untold = [resets[quota] for quota in _QUOTAS if f"{quota}-remaining" not in headers]
    known = _latest(used_up) or _latest(untold)
    pause = _count(headers.get("retry-after"))
    return known if known or at is None or pause is None else at + pause


def _latest(instants: Iterable[int | None]) -> int | None:
    return max(filter(None, instants), default=None)


def _count(text: str | None) -> int | None:
    """A whole number of a header; None where it is missing or something else."""
    return int(text) if text and text.isdecimal() and len(text) <= _DIGITS else None


def _never_left(error: OSError) -> bool:
    """Tell whether a request was never sent: no address, no connection, or nobody there who can be trusted."""
    from urllib3 import exceptions  # noqa: PLC0415 - as in `_client`

    # requests wraps urllib3's MaxRetryError, which names the reason; a broken or silent connection has none.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, exceptions.SSLError):
        return isinstance(next(iter(reason.args), None), ssl.SSLCertVerificationError)
    return isinstance(
        reason, exceptions.NewConnectionError | exceptions.ConnectTimeoutError | exceptions.ProxyError
    )


def _cause(error: OSError) -> str:
    """The name of what happened; requests' own words are long, and say where but not what."""
    reason = getattr(error.args[0] if error.args else None, "reason", None) or error
    return type(reason).__name__


def _body(ask: Ask, media_ids: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {"text": ask.text}
    if media_ids:
        body["media"] = {"media_ids": media_ids}
    if ask.reply_to:
        body["reply"] = {"in_reply_to_tweet_id": ask.reply_to}
    return body


class _Picture(msgspec.Struct, frozen=True):
    """A picture read and known for what it is."""

    file: str
    kind: str
    content: bytes
    alt: str

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def category(self) -> str:
        return "tweet_gif" if self.kind == _GIF else "tweet_image"

    def segments(self) -> Iterable[bytes]:
        """Its bytes, in pieces that X takes."""
        return (self.content[start : start + _SEGMENT] for start in range(0, self.size, _SEGMENT))


def _picture(media: Media) -> _Picture:
    """Read a picture; Refused where it is none that X shows."""
    try:
        with Path(media.file).open("rb") as file:
            content = file.read(_GIF_BYTES + 1)
    except OSError as error:
        raise Refused(f"{media.file}: cannot be read: {error.strerror}") from error
    if not (kind := _kind(content)):
        raise Refused(f"{media.file}: X shows PNG, JPEG, GIF and WEBP, and this is none of them")
    return _Picture(media.file, kind, content, media.alt)


def _kind(content: bytes) -> str | None:
    """The media type by what a file begins with; its name proves nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), None)


def _pictures(media: Iterable[Media]) -> list[_Picture]:
    """The pictures of a part; Refused, before X is asked, where it would not take them."""
    pictures = [_picture(each) for each in media]
    gifs = [picture for picture in pictures if picture.kind == _GIF]
    if len(pictures) > (1 if gifs else X.limits.images):
        raise Refused(f"X shows up to {X.limits.images} pictures or one GIF in a post, not {len(pictures)}")
    for picture in pictures:
        most = _GIF_BYTES if picture.kind == _GIF else X.limits.image_bytes
        if picture.size > most:
            raise Refused(f"{picture.file}: X takes up to {most:,} bytes: make the picture smaller")
        if len(picture.alt) > X.limits.alt:
            raise Refused(f"{picture.file}: X takes alt text of up to {X.limits.alt:,} characters")
    return pictures


__all__ = ["X"]
