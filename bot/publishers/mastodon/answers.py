"""What an instance's answers say: the shapes of their bodies, and the kinds of no among them."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from bot.wire import is_no, read

if TYPE_CHECKING:
    from requests import Response

#: What a 403 says where the account or its token is shut out, whatever is asked for.
_SHUT_OUT = ("revoked", "suspended", "disabled", "pending approval", "confirmed e-mail", "authorized scopes")
_UNKNOWN_USER = "authenticated user"  #: what a 422 says where the token speaks for nobody
#: A proxy's answers that may follow a request that was passed on, besides those that `is_no` knows.
_DOUBTS = frozenset({HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY})


class Approval(msgspec.Struct, frozen=True):
    """Who may quote a status."""

    current_user: str = "automatic"


class Status(msgspec.Struct, frozen=True):
    """A status, as far as it is looked at."""

    id: str | int = ""
    url: str | None = None
    uri: str | None = None
    content: str | None = None
    created_at: str | None = None
    visibility: str | None = "public"
    in_reply_to_id: str | int | None = None
    media_attachments: tuple[Any, ...] | None = ()
    quote_approval: Approval | None = None

    @property
    def created(self) -> float | None:
        """The instant at which it was written; None where the server does not say."""
        try:
            found = datetime.fromisoformat(self.created_at or "")
        except ValueError:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()

    def may_be_quoted(self, visibility: str) -> bool:
        """Tell whether it may be quoted at once by a status of ours with this visibility, if that is not direct."""
        is_allowed = self.quote_approval is None or self.quote_approval.current_user == "automatic"
        return is_allowed and self.visibility in {"public", "unlisted", visibility}


class Upload(msgspec.Struct, frozen=True):
    """A picture on the server; it has an address once it is processed."""

    id: str | int
    url: str | None = None


class User(msgspec.Struct, frozen=True):
    """The account that a token speaks for."""

    id: str | int
    username: str
    bot: bool = False


class _Said(msgspec.Struct, frozen=True):
    """The body of a refusal."""

    error: str = ""
    error_description: str = ""


def said_in(answer: "Response") -> str:
    """The server's own words about a refusal."""
    said = read(answer.content, _Said) or _Said()
    return said.error_description or said.error or str(answer.reason)


def is_redirection(answer: "Response") -> bool:
    """Tell whether the instance sends us elsewhere."""
    return HTTPStatus.MULTIPLE_CHOICES <= answer.status_code < HTTPStatus.BAD_REQUEST


def is_refusal(answer: "Response") -> bool:
    """Tell whether the instance said no, and nothing was written. A 5xx says nothing of the kind."""
    return is_no(answer.status_code) and answer.status_code not in _DOUBTS


def is_shut_out(answer: "Response") -> bool:
    """Tell whether the no is to the account or its token: every request has the same answer until a person acts."""
    said = said_in(answer).lower()
    return (
        answer.status_code == HTTPStatus.UNAUTHORIZED
        or (answer.status_code == HTTPStatus.FORBIDDEN and any(words in said for words in _SHUT_OUT))
        or (answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and _UNKNOWN_USER in said)
    )
