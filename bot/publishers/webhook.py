"""The webhook: each part as one request to an address of your own, for all that is no network, or none of ours.

`POST url` carries the part as JSON and the header `Idempotency-Key: KEY-PART`; 2xx with `{"id", "url"}` is its receipt.
`GET url?key=KEY&part=PART` is answered with that receipt, or 404 where the receiver has no such part.
`DELETE url?key=KEY&part=PART`, with the same `Idempotency-Key`, takes the part down: 2xx, or 404 or 410 where it is
gone already. It is asked of a receiver whose account says `delete = true`.

With a secret, each request says when it was made and is signed, so that a receiver knows who asks and that nobody
asks again later with words that were overheard:

    X-Redletter-Timestamp: 1790000000
    X-Redletter-Signature: sha256=HEX

HEX is the HMAC with SHA-256, under the secret, of the timestamp, a full stop, and then the body exactly as it came
(for GET and DELETE, which have none: the query, `key=…&part=…`). Receivers refuse what is older than a few minutes.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode, urlsplit

import msgspec

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import BadCall, NotNow, Refused, Unanswered, Unclear
from bot.media import as_file, read_media, sniffed
from bot.model import Account, Limits, Media
from bot.wire import (
    address,
    cause,
    comes_back,
    doubt,
    is_no,
    is_yes,
    keep_quiet,
    naming_the_rest,
    never_left,
    new_session,
    read,
    refuse_halves,
    settle,
    shown,
    unasked,
    variables,
)

if TYPE_CHECKING:
    from requests import Response

_MOST = 100_000  #: bytes of an answer; what is longer is no receipt
_MOVED = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
_NO_MORE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_HEAD = 64  #: bytes that tell what a file is


class _Proof(msgspec.Struct, frozen=True):
    """A receipt as the receiver writes it."""

    id: str | int
    url: str | None


class _Answer(msgspec.Struct, frozen=True):
    """What the receiver answered."""

    status: int
    reason: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def said(self) -> str:
        """Its own words; a page is none."""
        said = self.content.decode(errors="replace").strip()
        return self.reason if not said or said.startswith("<") else said

    def receipt(self, at: int) -> Receipt | None:
        """The receipt that it holds; None where it holds none."""
        proof = read(self.content, _Proof)
        return Receipt(id=str(proof.id), url=proof.url or "", at=at) if proof and proof.id != "" else None


class Webhook:
    """Hands parts to one address, for one live account."""

    limits: ClassVar[Limits] = Limits(
        text=None,
        images=20,
        alt=10_000,
        image_bytes=50_000_000,
        kinds=(
            "image/jpeg",
            "image/png",
            "image/gif",
            "image/webp",
            "video/mp4",
            "video/quicktime",
            "video/webm",
        ),
        film_bytes=100_000_000,
    )
    secrets: ClassVar[Mapping[str, str]] = {
        "SECRET": "the secret that requests are signed with, known to the receiver too; empty: they are not signed",
    }

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. Media are named from the project's folder, where `outbox` has its own.

        NotLive unless the account is live; BadCall unless its `url` is https, or http on loopback.
        """
        variables(account, secrets, (), network="the webhook")
        if not address(account):
            raise BadCall(f"account {account.name}: a webhook needs a `url`")
        keep_quiet()
        self._account = account
        self._url = account.url
        self._secret = secrets.get("SECRET") or Secret("")
        self._state = outbox.absolute().parent
        self._project = self._state.parent
        self._session = new_session(self._url)
        self._session.max_redirects = (
            1  # with none, requests would not show us a redirection, which we do not follow
        )

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Look at the media of all parts; what is kept says what they are, if there are any."""
        with naming_the_rest(asks[0]):
            for ask in asks:
                refuse_halves(ask)
            return [json.dumps(self._media(ask)) if ask.media else "" for ask in asks]

    def publish(self, ask: Ask) -> Receipt:
        """Ask once. Each attempt for a part sends the same bytes, but for the moment in its signature."""
        with naming_the_rest(ask):
            return self._shown(ask)

    def find(self, ask: Ask) -> Receipt | None:
        """What the receiver has of this part. Unanswered, and never asked, where the account says `find = false`."""
        if not self._account.find:
            raise Unanswered(f"{self._host} is not asked what it has (`find = false`): {settle(ask)}")
        query = _query(ask)
        signed = self._signed(query.encode(), ask.at)
        try:
            answer = self._send("GET", f"{self._url}?{query}", body=None, headers=signed)
        except OSError as error:
            raise Unanswered(f"{self._host} did not say what it has: {cause(error)}") from error
        receipt = answer.receipt(ask.first_at or ask.at) if answer.status == HTTPStatus.OK else None
        if not receipt and answer.status != HTTPStatus.NOT_FOUND:
            after = comes_back(answer.headers, "Retry-After", at=ask.at)
            said = f"{self._host} did not say what it has (HTTP {answer.status}): {settle(ask)}"
            raise Unanswered(said, after=after)
        return receipt

    def delete(self, removal: Removal) -> Deletion:
        """Ask for the part to be taken down, where the account says `delete = true`."""
        if not self._account.delete:
            return Deletion.UNABLE
        query = _query(removal)
        headers = {"Idempotency-Key": _name(removal)} | self._signed(query.encode(), removal.at)
        try:
            answer = self._send("DELETE", f"{self._url}?{query}", body=None, headers=headers)
        except OSError as error:
            kind = NotNow if never_left(error) else Unanswered
            raise kind(f"{self._host} did not answer: {cause(error)}") from error
        if answer.status in _NO_MORE:
            return Deletion.GONE
        if no := self._no(answer, removal):
            raise no
        if not is_yes(answer.status):
            raise Unanswered(f"{self._host} did not say whether it is gone (HTTP {answer.status})")
        return Deletion.REMOVED

    def whoami(self) -> str:
        """Where the webhook is. It is not asked: there is nothing that every receiver answers."""
        return f"webhook at {self._host}"

    def learn(self) -> Limits:
        """The limits of all webhooks, which are wide."""
        return self.limits

    def _shown(self, ask: Ask) -> Receipt:
        body = self._body(ask)
        key = {"Idempotency-Key": _name(ask), "Content-Type": "application/json"}
        try:
            answer = self._send("POST", self._url, body=body, headers=key | self._signed(body, ask.at))
        except OSError as error:
            raise unasked(error, self._account, network=self._host) from error
        # A 409 to a retry may be about the first, still at work.
        is_at_work = answer.status == HTTPStatus.CONFLICT and ask.first_at
        if (no := self._no(answer, ask)) and not is_at_work:
            raise no
        receipt = answer.receipt(ask.at) if is_yes(answer.status) else None
        if receipt:
            return receipt
        unclear = doubt(f"HTTP {answer.status} without an id and url", self._account, network=self._host)
        # Whoever says yes has taken it: that a GET finds nothing may only mean that it answers none.
        raise Unclear(str(unclear)) if is_yes(answer.status) else unclear

    @property
    def _host(self) -> str:
        """The part of the address that is fit to be shown: what follows is often a secret."""
        return urlsplit(self._url).netloc

    def _media(self, ask: Ask) -> list[dict[str, Any]]:
        read_media(ask.media, self.limits)
        return [self._medium(as_file(each, self._state)) for each in ask.media]

    def _medium(self, media: Media) -> dict[str, Any]:
        """A file as the project has it, by its path there; of one from elsewhere, the name alone."""
        file = Path(media.file)
        with file.open("rb") as opened:
            kind = sniffed(opened.read(_HEAD))
        is_ours = file.is_relative_to(self._project)
        return {
            "file": file.relative_to(self._project).as_posix() if is_ours else file.name,
            "alt": media.alt,
            "credit": media.credit,
            "focus": media.focus,
            "type": kind,
            "bytes": file.stat().st_size,
        }

    def _body(self, ask: Ask) -> bytes:
        part = {
            "key": ask.key,
            "post": ask.post,
            "part": ask.part,
            "parts": ask.parts,
            "text": ask.text,
            "lang": ask.lang,
            "warning": ask.warning,
            "quote": {"id": ask.quote.id, "url": ask.quote.url} if ask.quote else None,
            "media": json.loads(ask.prepared) if ask.prepared else self._media(ask),
            "reply_to": ask.reply_to,
        }
        refuse_halves(ask)
        return json.dumps(part, ensure_ascii=False).encode()

    def _signed(self, content: bytes, at: int) -> dict[str, str]:
        """The headers that sign a request; none without a secret."""
        if not self._secret:
            return {}
        made = hmac.digest(self._secret.reveal().encode(), b"%d.%s" % (at, content), "sha256").hex()
        return {"X-Redletter-Timestamp": str(at), "X-Redletter-Signature": f"sha256={made}"}

    def _send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str]) -> _Answer:
        """The answer to one request, on a connection of its own."""
        # One kept since the last request may be dead by now, and would leave a part in doubt.
        self._session.close()
        headers = {**headers, "User-Agent": "redletter", "Connection": "close"}
        with self._session.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=self._account.timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            return _Answer(response.status_code, str(response.reason), response.headers, _read(response))

    def _no(self, answer: _Answer, ask: Ask | Removal) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        status, after = answer.status, comes_back(answer.headers, "Retry-After", at=ask.at)
        is_turned_away = status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in answer.headers
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.TOO_EARLY) or is_turned_away:
            return NotNow(f"{self._host} takes nothing for now (HTTP {status})", after=after)
        if status in _MOVED:
            return Refused(
                f"{self._host} says that it has moved: put its new address into `url` of {ask.account}"
            )
        if is_no(status):
            return Refused(f"{self._host} refused (HTTP {status}): {shown(answer.said, [self._secret])}")
        return None


def _name(part: Ask | Removal) -> str:
    """The idempotency key of a part."""
    return f"{part.key}-{part.part}"


def _query(part: Ask | Removal) -> str:
    """What names a part in an address."""
    return urlencode({"key": part.key, "part": part.part})


def _read(response: "Response") -> bytes:
    """The body of an answer, as much as is looked at."""
    read = b""
    for piece in response.iter_content(_MOST):
        read += piece
        if len(read) >= _MOST:
            break
    return read


__all__ = ["Webhook"]
