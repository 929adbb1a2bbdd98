"""What X's answers say: the shapes of their bodies, and when it will take more."""

import re
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from bot.wire import comes_back, is_yes, read

if TYPE_CHECKING:
    from requests import Response

_QUOTAS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_DIGITS = 11  #: of an instant in a header, at most

#: What X says to an account that it takes nothing from, and what a person has to do about it.
_BARS = {
    r"\bsuspended\b": "X has suspended it: appeal at x.com",
    r"\blocked\b": "X has locked it: log in at x.com and unlock it",
    r"client-not-enrolled|\bclient-forbidden\b": "its app belongs to no project: add it to one in X's developer portal",
    r"oauth1-permissions|oauth1 app permissions": (
        "its app may only read: give it permission to write in X's developer portal, "
        "make new access tokens, and set {variables}"
    ),
}
#: X says this to a token that may only read, and to much else besides.
_UNPERMITTED = "not permitted to perform this action"


class _Said(msgspec.Struct, frozen=True):
    message: str = ""
    detail: str = ""


class _Trouble(msgspec.Struct, frozen=True):
    """The body of a refusal."""

    title: str = ""
    detail: str = ""
    errors: tuple[_Said, ...] = ()


class _Processing(msgspec.Struct, frozen=True):
    """How far X is with a picture or film."""

    state: str
    check_after_secs: int = 1
    error: _Said = _Said()


class Data(msgspec.Struct, frozen=True):
    """What an answer tells of a post, an upload or a user."""

    id: str | int = ""
    username: str = ""
    deleted: bool = False
    processing_info: _Processing | None = None


class Found(msgspec.Struct, frozen=True):
    """The body of a yes."""

    data: Data = Data()
    errors: tuple[Any, ...] = ()


class Link(msgspec.Struct, frozen=True):
    """A link in a post: as it stands there, and where it leads."""

    url: str
    expanded_url: str = ""
    media_key: str = ""  #: of a picture that X has linked to at the end of the text


class _Entities(msgspec.Struct, frozen=True):
    urls: tuple[Link, ...] = ()


class _Attachments(msgspec.Struct, frozen=True):
    media_keys: tuple[str, ...] = ()


class _Reference(msgspec.Struct, frozen=True):
    type: str
    id: str


class SeenPost(msgspec.Struct, frozen=True):
    """A post as the timeline shows it."""

    id: str
    text: str
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    referenced_tweets: tuple[_Reference, ...] = ()
    entities: _Entities = _Entities()
    attachments: _Attachments = _Attachments()

    @property
    def reply_to(self) -> str | None:
        """The id of the post that it answers."""
        return next((each.id for each in self.referenced_tweets if each.type == "replied_to"), None)


class _Meta(msgspec.Struct, frozen=True):
    result_count: int
    next_token: str = ""


class Page(msgspec.Struct, frozen=True):
    """Some posts of a timeline, newest first. What does not say how many there are is no page: it proves nothing."""

    meta: _Meta
    data: tuple[SeenPost, ...] = ()
    errors: tuple[Any, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether all that it counts is there."""
        return not self.errors and self.meta.result_count == len(self.data)


def read_page(answer: "Response") -> Page | None:
    """A page of a timeline; None where there is none, or not all of it."""
    page = read(answer.content, Page)
    return page if page and is_yes(answer.status_code) and page.is_whole else None


def said_in(answer: "Response") -> str:
    """Why X refused, in its own words."""
    trouble = read(answer.content, _Trouble) or _Trouble()
    told = [error.message or error.detail for error in trouble.errors]
    return "; ".join(filter(None, told)) or trouble.detail or trouble.title or str(answer.reason)


def is_turned_away(answer: "Response") -> bool:
    """Tell whether a 503 came before any work: X says so, or names a time to come back. Other 5xx prove nothing."""
    return "retry-after" in answer.headers or b"over capacity" in answer.content.lower()


def bar_in(answer: "Response", variables: str) -> str | None:
    """What keeps the account from all posting, and what to do about it; None where only this post was refused."""
    said = _lower(answer)
    bars = (bar for pattern, bar in _BARS.items() if re.search(pattern, said))
    return next((bar.format(variables=variables) for bar in bars), None)


def is_unpermitted(answer: "Response") -> bool:
    """Tell whether X says that this is not permitted, without a word about what."""
    return _UNPERMITTED in _lower(answer)


def is_missing(answer: "Response") -> bool:
    """Tell whether X has no such post (any more): a 404, or a yes that only says so."""
    is_told = is_yes(answer.status_code) and b"/resource-not-found" in answer.content
    return is_told or answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def is_duplicate(answer: "Response") -> bool:
    """Tell whether X refused because it has this very text already."""
    return answer.status_code == HTTPStatus.FORBIDDEN and "duplicate" in _lower(answer)


def after(answer: "Response", at: int | None) -> int | None:
    """The instant from which X will take more: the latest of its used-up limits, or what Retry-After says at `at`."""
    headers = answer.headers
    resets = {quota: _count(headers.get(f"{quota}-reset")) for quota in _QUOTAS}
    used_up = [resets[quota] for quota in _QUOTAS if _count(headers.get(f"{quota}-remaining")) == 0]
    untold = [resets[quota] for quota in _QUOTAS if f"{quota}-remaining" not in headers]
    known = _latest(used_up) or _latest(untold)
    return known if known or at is None else comes_back(headers, "retry-after", at=at)


def _lower(answer: "Response") -> str:
    return answer.content.decode(errors="replace").lower()


def _latest(instants: Iterable[int | None]) -> int | None:
    return max(filter(None, instants), default=None)


def _count(text: str | None) -> int | None:
    """A whole number of a header; None where it is missing or something else."""
    return int(text) if text and text.isdecimal() and len(text) <= _DIGITS else None
