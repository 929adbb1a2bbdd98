"""Bluesky: posts, threads, pictures, films, link cards and quotes, straight to an account's own server.

Each record is made whole before the server is asked: its key, its date, its text and pictures, and so the id of its
content. The same request twice is one post, whatever became of the first, and a thread is shown in one stroke: whole,
or not at all.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec.structs import replace

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import NotNow, Refused, Unanswered
from bot.model import Account, Limits
from bot.publishers.bluesky.ids import POST, address_of, record_key, web_address
from bot.publishers.bluesky.making import Maker
from bot.publishers.bluesky.pds import Pds, Request, body, command, question, trouble_in
from bot.publishers.bluesky.records import Above, Prepared, Record, Ref, instant, prepared_in
from bot.wire import cause, doubt, is_yes, naming_the_rest, never_left, read, unasked, variables

if TYPE_CHECKING:
    from requests import Response


class _Parent(msgspec.Struct, frozen=True):
    """A post that is replied to, as its server has it."""

    class Value(msgspec.Struct, frozen=True):
        """What of it counts here: whether it is a reply itself."""

        reply: Above | None = None

    uri: str
    cid: str
    value: Value


class _Written(msgspec.Struct, frozen=True):
    """The body of a yes to one record, or to each of several."""

    uri: str = ""
    cid: str = ""
    results: tuple[Ref, ...] = ()


class _Deleted(msgspec.Struct, frozen=True):
    """The body of a yes to a deletion: the commit that it made, if there was something to delete."""

    commit: dict[str, Any] | None = None


class _Who(msgspec.Struct, frozen=True):
    handle: str


class Bluesky:
    """Shows posts on Bluesky for one live account."""

    #: Alt text as Bluesky's app has it, pictures as today's servers do; older servers get smaller ones.
    limits: ClassVar[Limits] = Limits(
        text=300,
        counting="graphemes",
        text_bytes=3_000,
        images=4,
        alt=2_000,
        image_bytes=2_000_000,
        kinds=("image/jpeg", "image/png", "image/webp", "video/mp4"),
        film_bytes=100_000_000,
    )
    secrets: ClassVar[Mapping[str, str]] = {
        "HANDLE": "the account's handle (without @) or DID",
        "APP_PASSWORD": "an app password, from Bluesky's settings",
    }

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. Pictures are read from the paths that an ask names.

        NotLive unless the account is live; BadCall names the credentials that are missing, or says what is wrong
        with the account's `url`.
        """
        del outbox  # what Bluesky shows is on Bluesky
        variables(account, secrets, self.secrets, network="Bluesky")
        self._account = account
        self._pds = Pds(account, secrets["HANDLE"], secrets["APP_PASSWORD"])
        self._maker = Maker(self._pds, self.limits)

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Make the records of all parts: upload pictures, look up names, quotes and pages.

        The first text holds the whole thread, each other one its own part. Where the part before is on Bluesky
        already, and not yet named, texts stay empty: such a part is made when it is asked for.
        """
        if not asks:
            return []
        with naming_the_rest(asks[0]):
            made = self._made(asks)
        if asks[0].part > 1 and asks[0].reply_to is None:
            return [""] * len(asks)
        return [made.text(), *(made.only(number).text() for number in range(1, len(asks)))]

    def publish(self, ask: Ask) -> Receipt:
        """Write what was prepared: a post alone under its own key, or a thread in one stroke."""
        with naming_the_rest(ask):
            prepared = prepared_in(ask.prepared) if ask.prepared else self._made([ask])
            return self._shown(prepared, ask)

    def find(self, ask: Ask) -> Receipt | None:
        """The receipt of a part, with those of what was prepared with it as far as they are there; None if it is not.

        What stands under our own key is ours, whatever became of it since.
        """
        if ask.prepared:
            prepared = prepared_in(ask.prepared)
            return self._found(prepared.repo, prepared.keys, ask)
        try:
            repo = self._pds.session(ask.at).did
        except NotNow as error:
            raise Unanswered(self._untold(ask, str(error)), after=error.after) from error
        return self._found(repo, (record_key(ask.key, ask.part, at=instant(ask)),), ask)

    def delete(self, removal: Removal) -> Deletion:
        """Delete the record. What its server says yes to, and made no commit for, was not there."""
        request = self._deleting(removal)
        try:
            answer = self._pds.ask(request, removal.at)
        except OSError as error:
            kind = NotNow if never_left(error) else Unanswered
            raise kind(f"Bluesky did not answer: {cause(error)}") from error
        if trouble_in(answer).error == "RecordNotFound":
            return Deletion.GONE
        if no := self._pds.no(answer, removal.at):
            raise no
        # Servers of old had no word for it.
        said = read(answer.content or b"{}", _Deleted) if is_yes(answer.status_code) else None
        if said is None:
            raise Unanswered(f"Bluesky answered HTTP {answer.status_code} without what was asked")
        return Deletion.REMOVED if said.commit else Deletion.GONE

    def whoami(self) -> str:
        """The handle that these credentials speak for, as `@handle`."""
        return f"@{self._pds.quietly(question('com.atproto.server.getSession'), _Who, None).handle}"

    def learn(self) -> Limits:
        """The limits as Bluesky has published them: servers tell of none."""
        return self.limits

    def _made(self, asks: Sequence[Ask]) -> Prepared:
        above = self._above(asks[0]) if asks[0].reply_to else None
        return self._maker.made(asks, above)

    def _above(self, ask: Ask) -> Above:
        """What a part replies to, when the part before it is on Bluesky already."""
        repo, _, key = str(ask.reply_to).removeprefix("at://").replace(f"/{POST}/", "\n").partition("\n")
        request = question("com.atproto.repo.getRecord", repo=repo, collection=POST, rkey=key)
        try:
            parent = self._pds.quietly(request, _Parent, ask.at)
        except Refused as no:
            raise Refused(f"{no}: the part before it is gone") from no
        here = Ref(parent.uri, parent.cid)
        return Above(parent.value.reply.root if parent.value.reply else here, here)

    def _deleting(self, removal: Removal) -> Request:
        """The request for a deletion; Refused where the record is in another's repository."""
        repo, key = self._pds.session(removal.at).did, removal.id.rpartition("/")[-1]
        if removal.id not in {key, address_of(repo, key)}:
            raise Refused(f"it is not {removal.account}'s to delete: {removal.id} is another's, not {repo}'s")
        return command("com.atproto.repo.deleteRecord", repo=repo, collection=POST, rkey=key)

    def _shown(self, prepared: Prepared, ask: Ask) -> Receipt:
        """The receipt for the first version that the server takes."""
        *large, last = prepared.versions
        for records in large:
            with suppress(Refused):
                return self._tried(prepared.repo, records, ask)
        receipt = self._tried(prepared.repo, last, ask)
        if large:
            self._maker.take_smaller()
        return receipt

    def _tried(self, repo: str, records: Sequence[Record], ask: Ask) -> Receipt:
        """The receipt for records that the server has by now."""
        answer = self._written(repo, records, ask)
        keys = [record.key for record in records]
        if _confirms(answer, repo, records):
            return self._receipt(repo, keys, ask)
        # Where the same was asked before, the server may say no to the second because it has the first.
        if _is_ambiguous(answer, records) and (receipt := self._found(repo, keys, ask)):
            return receipt
        why = f"HTTP {answer.status_code} without what was asked"
        raise self._pds.no(answer, ask.at) or doubt(why, self._account, network="Bluesky")

    def _written(self, repo: str, records: Sequence[Record], ask: Ask) -> "Response":
        answer = self._answered(repo, records, ask)
        if trouble_in(answer).error != "BlobNotFound":
            return answer
        # What is uploaded and not shown is thrown away after some hours; nothing was written without it.
        self._maker.upload_again([media for record in records for media in record.media], ask.at)
        return self._answered(repo, records, ask)

    def _answered(self, repo: str, records: Sequence[Record], ask: Ask) -> "Response":
        try:
            return self._pds.ask(_writing(repo, records), ask.at)
        except OSError as error:
            raise unasked(error, self._account, network="Bluesky") from error

    def _found(self, repo: str, keys: Sequence[str], ask: Ask) -> Receipt | None:
        """The receipt for these keys, as far as there are posts under them."""
        there = list(takewhile(partial(self._is_there, repo, ask=ask), keys))
        return self._receipt(repo, there, ask) if there else None

    def _is_there(self, repo: str, key: str, *, ask: Ask) -> bool:
        request = question("com.atproto.repo.getRecord", repo=repo, collection=POST, rkey=key)
        try:
            answer = self._pds.look(request)
        except OSError as error:
            raise Unanswered(self._untold(ask, cause(error))) from error
        found, trouble = body(answer, Ref), trouble_in(answer)
        if found and found.uri == address_of(repo, key):
            return True
        if trouble.error == "RecordNotFound" or trouble.message.startswith("Could not locate record"):
            return False
        no = self._pds.no(answer, ask.at) or Unanswered(f"HTTP {answer.status_code}")
        raise Unanswered(self._untold(ask, f"HTTP {answer.status_code}"), after=no.after)

    def _receipt(self, repo: str, keys: Sequence[str], ask: Ask) -> Receipt:
        first, *others = (Receipt(address_of(repo, key), web_address(repo, key), ask.at) for key in keys)
        return replace(first, then=tuple(others))

    def _untold(self, ask: Ask, why: str) -> str:
        return f"Bluesky did not say whether it has part {ask.part} of {ask.post} for {ask.account}: {why}"


def _writing(repo: str, records: Sequence[Record]) -> Request:
    """The request for records: one is put where nothing is, several are made together or not at all."""
    if len(records) == 1:
        (record,) = records
        place = {"repo": repo, "collection": POST, "rkey": record.key}
        return command("com.atproto.repo.putRecord", **place, record=record.value, swapRecord=None)
    writes = [
        {
            "$type": "com.atproto.repo.applyWrites#create",
            "collection": POST,
            "rkey": each.key,
            "value": each.value,
        }
        for each in records
    ]
    return command("com.atproto.repo.applyWrites", repo=repo, writes=writes)


def _confirms(answer: "Response", repo: str, records: Sequence[Record]) -> bool:
    """Tell whether the server has exactly what it was given, under the keys it was given."""
    said = body(answer, _Written)
    if said is None:
        return False
    expected = tuple(Ref(address_of(repo, record.key), record.cid) for record in records)
    return expected in {said.results, (Ref(said.uri, said.cid),)}


def _is_ambiguous(answer: "Response", records: Sequence[Record]) -> bool:
    status = answer.status_code
    if len(records) > 1 and status in {HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR}:
        return True
    return is_yes(status) or trouble_in(answer).error == "InvalidSwap"


__all__ = ["Bluesky"]
