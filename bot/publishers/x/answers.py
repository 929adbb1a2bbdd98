"""What X's answers say: the shapes of their bodies, and when it will take more."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from requests import Response

_QUOTAS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_DIGITS = 11  #: of an instant in a header, at most


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


class Data(msgspec.Struct, frozen=True):
    """What an answer tells of a post, an upload or a user."""

    id: str | int = ""
    username: str = ""
    processing_info: _Processing | None = None


class Found(msgspec.Struct, frozen=True):
    """The body of a yes."""

    data: Data = Data()
    errors: tuple[Any, ...] = ()


def read(answer: "Response") -> Found | None:
    """The body of a yes; None where it is none (HTML, torn, another shape)."""
    try:
        return msgspec.json.decode(answer.content or b"{}", type=Found)
    except (ValueError, RecursionError):
        return None


def said_in(answer: "Response") -> str:
    """Why X refused, in its own words."""
    try:
        trouble = msgspec.json.decode(answer.content, type=_Trouble)
    except (ValueError, RecursionError):
        return str(answer.reason)
    told = [error.message or error.detail for error in trouble.errors]
    return "; ".join(filter(None, told)) or trouble.detail or trouble.title or str(answer.reason)


def is_yes(answer: "Response") -> bool:
    """Tell whether X did what it was asked; a redirection is no yes."""
    return HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES


def is_turned_away(answer: "Response") -> bool:
    """Tell whether a 503 came before any work: X says so, or names a time to come back. Other 5xx prove nothing."""
    return "retry-after" in answer.headers or b"over capacity" in answer.content.lower()


def after(answer: "Response", at: int | None) -> int | None:
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
