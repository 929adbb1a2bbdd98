"""Who comes to the desk: tokens that let people in, and sessions by which their browsers are known.

Of neither is more kept than a digest, so that a copy of the database opens no door; and because a secret is looked up
by its digest, how long that takes says nothing of the secret.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, delete, insert, or_, select, update
from sqlalchemy import Row as Record

from bot.delivery.database import Database
from bot.delivery.tables import session, token
from bot.errors import BadCall
from bot.zones import HOUR

#: Seconds that a person stays signed in, at most.
STAY = 12 * HOUR


class Role(StrEnum):
    """What somebody may do at the desk; whoever may do more may do all that stands before it, the feed apart."""

    FEED = "feed"  #: read the calendar's feed, and nothing else
    LOOK = "look"  #: see everything
    EDIT = "edit"  #: change what is planned
    APPROVE = "approve"  #: sign what goes out, and stop it

    def may(self, wanted: "Role") -> bool:
        """Tell whether this role is enough for what wants another; a feed's is enough for feeds alone."""
        order = list(Role)
        return self is wanted or (self is not Role.FEED and order.index(self) >= order.index(wanted))


class Token(Struct, frozen=True):
    """A word by which somebody may come in, without the word."""

    id: int
    who: str
    role: Role
    is_once: bool  #: good for one sign-in
    at: int
    until: int | None
    used_at: int | None  #: when it was last used
    revoked_at: int | None

    def is_good(self, now: int) -> bool:
        """Tell whether it still lets somebody in."""
        is_used_up = self.is_once and self.used_at is not None
        return self.revoked_at is None and not is_used_up and (self.until is None or now < self.until)


class Session(Struct, frozen=True):
    """Somebody at the desk."""

    who: str
    role: Role
    csrf: str  #: what each of their changes has to show
    until: int


class People(Database):
    """The side of the queue that knows who may come in. Secrets are made by who calls, of real chance."""

    def issue(
        self, secret: str, who: str, *, role: Role, now: int, until: int | None = None, is_once: bool = False
    ) -> Token:
        """Make a token of a secret, good until then, or until it is revoked."""
        values = {
            "digest": _digest(secret), "who": who, "role": role, "is_once": is_once, "at": now, "until": until
        }  # fmt: skip
        with self.writing() as transaction:
            made = transaction.connection.execute(insert(token).values(values).returning(*token.c)).one()
            transaction.say(f"token {made.id} made for {who}: {role}", at=now, until=until)
            return _token(made)

    def enter(self, secret: str, *, cookie: str, csrf: str, now: int) -> Session | None:
        """Let in who shows a good token: a session known by its cookie. None where it is not, or no more.

        A token that is good once is used up by that, whoever else shows it in the same moment.
        """
        mine = and_(token.c.digest == _digest(secret), _is_good(now), token.c.role != Role.FEED)
        with self.writing() as transaction:
            found = transaction.connection.execute(
                update(token).where(mine).values(used_at=now).returning(*token.c)
            ).one_or_none()
            if found is None:
                return None
            until = min(now + STAY, now + STAY if found.is_once or found.until is None else found.until)
            values = {
                "digest": _digest(cookie),
                "token": found.id,
                "csrf": csrf,
                "since": now,
                "until": until,
            }
            transaction.connection.execute(delete(session).where(session.c.until <= now))
            transaction.connection.execute(insert(session).values(values))
            transaction.say(f"{found.who} signed in, who may {found.role}", at=now)
            return Session(found.who, Role(found.role), csrf, until)

    def signed_in(self, cookie: str, now: int) -> Session | None:
        """Whose browser holds this cookie; None where nobody's does any more."""
        mine = and_(session.c.digest == _digest(cookie), session.c.until > now, token.c.revoked_at.is_(None))
        question = select(token.c.who, token.c.role, session.c.csrf, session.c.until)
        with self.reading() as connection:
            found = connection.execute(question.join(token).where(mine)).one_or_none()
        return Session(found.who, Role(found.role), found.csrf, found.until) if found else None

    def leave(self, cookie: str) -> None:
        """End the session of this cookie."""
        with self.writing() as transaction:
            transaction.connection.execute(delete(session).where(session.c.digest == _digest(cookie)))

    def feed(self, secret: str, now: int) -> Token | None:
        """The token of this secret, where it is good for a feed; it is not used up."""
        mine = and_(token.c.digest == _digest(secret), _is_good(now), token.c.role == Role.FEED)
        with self.reading() as connection:
            found = connection.execute(select(token).where(mine)).one_or_none()
        return _token(found) if found else None

    def tokens(self) -> tuple[Token, ...]:
        """Every token that was ever made, the newest first."""
        with self.reading() as connection:
            return tuple(map(_token, connection.execute(select(token).order_by(token.c.id.desc()))))

    def revoke(self, number: int, now: int) -> Token:
        """Let nobody in by this token any more; whom it let in before is out from now on. BadCall where there is none."""
        first = case((token.c.revoked_at.is_(None), now), else_=token.c.revoked_at)
        statement = update(token).where(token.c.id == number).values(revoked_at=first).returning(*token.c)
        with self.writing() as transaction:
            found = transaction.connection.execute(statement).one_or_none()
            if found is None:
                raise BadCall(f"no token has the number {number}; `redletter web token --list` shows them")
            transaction.say(f"token {number} of {found.who} revoked", at=now)
            return _token(found)


def _is_good(now: int) -> ColumnElement[bool]:
    return and_(
        token.c.revoked_at.is_(None),
        or_(token.c.until.is_(None), token.c.until > now),
        or_(~token.c.is_once, token.c.used_at.is_(None)),
    )


def _token(record: Record[Any]) -> Token:
    return Token(
        record.id,
        record.who,
        Role(record.role),
        record.is_once,
        record.at,
        record.until,
        record.used_at,
        record.revoked_at,
    )


def _digest(secret: str) -> str:
    """What is kept of a secret. It is made of chance, and long: no slow digest is needed."""
    return sha256(secret.encode(errors="backslashreplace")).hexdigest()
