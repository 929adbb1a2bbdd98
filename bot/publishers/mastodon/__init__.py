"""Mastodon: statuses, threads, quotes, and pictures with alt text and focus, on the instance that an account names.

Each part has an idempotency key of its own, which an instance keeps for an hour. Some ignore it, and some answer a
repeated key with an error though the status is there: so the account's own statuses are looked at before any part is
asked for again, and what is neither a status nor a plain no is Unanswered.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, urlsplit

import msgspec

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import Answer, BadCall, NotNow, Refused, Unanswered
from bot.model import Account, Limits
from bot.publishers.mastodon.answers import Status
from bot.publishers.mastodon.instance import Instance
from bot.publishers.mastodon.looks import Known, Timeline, linked
from bot.publishers.mastodon.server import Server
from bot.publishers.mastodon.uploads import Uploads
from bot.publishers.mastodon.words import least_length
from bot.wire import (
    cause,
    doubt,
    is_yes,
    naming_the_rest,
    never_left,
    read,
    refuse_halves,
    unasked,
    variables,
)
from bot.zones import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from requests import Response

log = logging.getLogger("redletter")

_TOKEN = "ACCESS_TOKEN"  # noqa: S105 - a name, not a token
_VISIBILITIES = ("public", "unlisted", "private", "direct")
_KEY_HOLDS = 55 * MINUTE  #: seconds; an instance keeps a key for an hour
_REMEMBERED = 1_000  #: statuses
_NO_MORE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_FRESH = 20 * HOUR  #: seconds; an instance throws away after a day what was uploaded and no status shows


class Prepared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `prepare` keeps of a part: all that is sent, but for the status that it replies to."""

    text: str
    key: str  #: the idempotency key
    visibility: str
    language: str
    at: int = 0  #: when its pictures were uploaded
    spoiler: str = ""
    media: tuple[str, ...] = ()
    quoted: str = ""  #: the id of the status that it quotes, if the instance will have it


class Mastodon:
    """Shows posts on one instance of Mastodon, or of what speaks its language, for one live account."""

    limits: ClassVar[Limits] = Limits(
        text=500,
        counting="mastodon",
        link=23,
        images=4,
        alt=1_500,
        image_bytes=16_777_216,
        image_pixels=33_177_600,
        kinds=("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm"),
        film_bytes=103_809_024,
    )
    secrets: ClassVar[Mapping[str, str]] = {
        _TOKEN: "the account's access token, from its instance's preferences under Development, with "
        "read:accounts, read:statuses, write:statuses and write:media"
    }

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. Pictures are read from the paths that an ask names.

        NotLive unless the account is live; BadCall says what is missing or wrong: the token, `url`, `visibility`.
        """
        del outbox  # what Mastodon shows is on its instance
        name = variables(account, secrets, self.secrets, network="Mastodon")[_TOKEN]
        _refuse_odd(secrets[_TOKEN], account, name)
        if not account.url:
            raise BadCall(f'account {account.name}: name its instance, as `url = "https://…"`')
        if account.visibility not in {"", *_VISIBILITIES}:
            raise BadCall(f"account {account.name}: `visibility` must be one of {', '.join(_VISIBILITIES)}")
        self._account = account
        self._server = Server(account, secrets[_TOKEN], name)
        self._timeline = Timeline(self._server)
        self._uploads = Uploads(self._server, timeout=account.timeout)
        self._instance: tuple[Instance, float] | None = None  #: and when it was asked
        self._has_warned = False
        self._known_statuses = Known(most=_REMEMBERED)

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Upload the pictures of all parts, and decide whether a quote is one or a plain link.

        Raises Refused or NotNow before anything is seen; what was uploaded is used again for half an hour.
        """
        prepared = []
        for ask in asks:
            with naming_the_rest(ask):
                prepared.append(msgspec.json.encode(self._prepared(ask)).decode())
        return prepared

    def publish(self, ask: Ask) -> Receipt:
        """Ask once for the part; where it was asked for before, only if none of the latest statuses shows it."""
        with naming_the_rest(ask):
            if ask.first_at is not None and (found := self._look_again(ask, ask.first_at)):
                return found
            return self._post(ask, self._kept(ask))

    def find(self, ask: Ask) -> Receipt | None:
        """The receipt of the status that shows this part since it was first asked for, None if there is none.

        Unanswered if the statuses cannot be read back to then.
        """
        try:
            return self._look(ask)
        except Unanswered:
            raise
        except Answer as no:
            said = f"the statuses of {self._account.name} cannot be read: {no}"
            raise Unanswered(said, after=no.after) from no

    def delete(self, removal: Removal) -> Deletion:
        """Delete the status, and the pictures that it shows."""
        try:
            answer = self._server.answer(
                partial(self._server.client.status_delete, quote(removal.id, safe=""))
            )
        except OSError as error:
            kind = NotNow if never_left(error) else Unanswered
            raise kind(f"Mastodon did not answer: {cause(error)}") from error
        if answer.status_code in _NO_MORE:
            return self._gone(removal)
        if no := self._server.no(answer, at=removal.at):
            raise no
        status = read(answer.content, Status) if is_yes(answer.status_code) else None
        if not status or not status.id:
            raise Unanswered(f"Mastodon answered HTTP {answer.status_code} without the status")
        return Deletion.REMOVED

    def whoami(self) -> str:
        """The handle that the token speaks for, as `@user@instance`. Says once in the log if it lacks a bot's mark."""
        user = self._timeline.me(None)
        if not user.bot and not self._has_warned:
            self._has_warned = True
            log.warning(
                "account %s is not marked as a bot: tick “This is an automated account” in its profile",
                self._account.name,
            )
        host = self._known(None).host or urlsplit(self._account.url).netloc
        return f"@{user.username}@{host}"

    def learn(self) -> Limits:
        """The instance's own limits; the usual ones where it does not tell."""
        self._instance = None
        return self._known(None).limits(self.limits)

    def _known(self, at: int | None) -> Instance:
        """What the instance tells of itself, asked for once a day."""
        if self._instance is None or time.monotonic() - self._instance[1] >= DAY:
            self._instance = self._ask_for_instance(at), time.monotonic()
        return self._instance[0]

    def _ask_for_instance(self, at: int | None) -> Instance:
        client = self._server.client
        for request in (client.instance_v2, client.instance_v1):
            try:
                return self._server.read(request, Instance, at=at)
            except Refused:  # the server has no such page
                continue
        return Instance()

    def _kept(self, ask: Ask) -> Prepared:
        """What was prepared; made anew where the instance would have thrown its pictures away by now."""
        kept = msgspec.json.decode(ask.prepared, type=Prepared) if ask.prepared else None
        return kept if kept and not (kept.media and ask.at - kept.at > _FRESH) else self._prepared(ask)

    def _prepared(self, ask: Ask) -> Prepared:
        refuse_halves(ask)
        instance = self._known(ask.at)
        limits = instance.limits(self.limits)
        quoted = self._quotable(ask) if instance.has_quotes else ""
        text = ask.text if quoted else linked(ask)
        self._refuse_too_long(ask, text, limits)
        return Prepared(
            text=text,
            key=_part(ask),
            visibility=self._visibility,
            language=ask.lang,
            at=ask.at if ask.media else 0,
            spoiler=ask.warning,
            media=self._uploads.of(ask, limits) if ask.media else (),
            quoted=quoted,
        )

    def _refuse_too_long(self, ask: Ask, text: str, limits: Limits) -> None:
        """Refuse what the instance surely would, while no part of a thread is shown yet."""
        length = least_length(ask.warning + text, limits.link)
        if limits.text is not None and length > limits.text:
            raise Refused(
                f"{ask.post}: part {ask.part} is {length} long for {self._account.name}, and its instance takes "
                f"{limits.text}; `redletter accounts check` lets plans know what it takes"
            )

    @property
    def _visibility(self) -> str:
        return self._account.visibility or "public"

    def _quotable(self, ask: Ask) -> str:
        """The id of what the part may quote; empty where a plain link has to do."""
        # A quote beside pictures is refused, and so is one in a message to those who are mentioned.
        if not ask.quote or not ask.quote.id or ask.media or self._visibility == "direct":
            return ""
        try:
            status = self._server.read(partial(self._server.client.status, ask.quote.id), Status, at=ask.at)
        except Refused:  # it is gone
            return ""
        return ask.quote.id if status.may_be_quoted(self._visibility) else ""

    def _gone(self, removal: Removal) -> Deletion:
        """What an instance says that it has not may be there all the same: it says so of what is another's."""
        request = partial(self._server.client.status, quote(removal.id, safe=""))
        try:
            self._server.read(request, Status, at=removal.at)
        except Refused:
            return Deletion.GONE
        raise Refused(f"it is there, and is not {self._account.name}'s to delete: whose is the token?")

    def _look_again(self, ask: Ask, first_at: int) -> Receipt | None:
        """What there is of a part that was asked for before. NotNow, or Barred, where that cannot be seen."""
        if not self._account.find:
            if ask.at - first_at < _KEY_HOLDS:
                return None
            raise doubt("its idempotency key is too old to be sent again", self._account, network="Mastodon")
        try:
            return self._look(ask)
        except (Refused, Unanswered) as no:
            raise NotNow(
                f"the statuses of {self._account.name} cannot be read: {no}; nothing was posted"
            ) from no

    def _look(self, ask: Ask) -> Receipt | None:
        part = _part(ask)
        for status in self._timeline.find(ask):
            if self._known_statuses.may_be(status, part):
                return self._receipt(status, ask)
        return None

    def _post(self, ask: Ask, prepared: Prepared) -> Receipt:
        try:
            return self._ask_for_status(ask, prepared)
        except Refused:
            if not prepared.quoted:
                raise
        # The quote was refused, and so nothing was written: the plain link has the same key.
        return self._ask_for_status(ask, msgspec.structs.replace(prepared, quoted="", text=linked(ask)))

    def _ask_for_status(self, ask: Ask, prepared: Prepared) -> Receipt:
        request = partial(
            self._server.client.status_post,
            prepared.text,
            in_reply_to_id=ask.reply_to,
            media_ids=list(prepared.media) or None,
            visibility=prepared.visibility,
            spoiler_text=prepared.spoiler or None,
            language=prepared.language or None,
            idempotency_key=prepared.key,
            quoted_status_id=prepared.quoted or None,
        )
        try:
            answer = self._server.answer(request)
        except OSError as error:
            raise unasked(error, self._account, network="Mastodon") from error
        return self._read_receipt(answer, ask)

    def _read_receipt(self, answer: "Response", ask: Ask) -> Receipt:
        if no := self._server.no(answer, at=ask.at):
            if answer.status_code == HTTPStatus.NOT_FOUND and ask.reply_to:
                raise Refused(
                    f"the part before is gone from Mastodon, for {self._account.name}: {no}"
                ) from no
            raise no
        status = read(answer.content, Status) if is_yes(answer.status_code) else None
        # A repeated key can be answered with an error though the status is there, and so can a first one.
        if not status or not status.id:
            raise doubt(f"HTTP {answer.status_code} without a status", self._account, network="Mastodon")
        return self._receipt(status, ask)

    def _receipt(self, status: Status, ask: Ask) -> Receipt:
        self._known_statuses.add(status, _part(ask))
        return Receipt(id=str(status.id), url=status.url or status.uri or "", at=ask.at)


def _refuse_odd(token: Secret, account: Account, name: str) -> None:
    """BadCall where a token cannot be sent."""
    # What cannot stand in a header would be shown in the error that says so.
    if not (word := token.reveal()).isascii() or not word.isprintable() or " " in word:
        raise BadCall(f"account {account.name}: {name} holds a character that no token has")


def _part(ask: Ask) -> str:
    """The name of a part, and its idempotency key: the same at every attempt, and in every process."""
    return f"{ask.key}-{ask.part}"


__all__ = ["Mastodon"]
