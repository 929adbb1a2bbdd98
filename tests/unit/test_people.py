"""Who may come to the desk: tokens, sessions, and that a secret is kept nowhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.people import STAY, Role
from bot.delivery.queue import Queue
from bot.errors import BadCall
from bot.zones import DAY, MINUTE
from tests.fakes.deliveries import NOON, opened

words = st.text(st.characters(exclude_characters="\\") | st.characters(categories=["Cs"]), max_size=50)
roles = st.sampled_from([Role.LOOK, Role.EDIT, Role.APPROVE])


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def test_a_token_lets_its_owner_in_and_their_browser_is_known_by_its_cookie(queue: Queue) -> None:
    queue.issue("word", "Ada", role=Role.EDIT, now=NOON)

    session = queue.enter("word", cookie="cookie", csrf="proof", now=NOON)

    assert session is not None
    assert (session.who, session.role, session.csrf, session.until) == (
        "Ada",
        Role.EDIT,
        "proof",
        NOON + STAY,
    )
    assert queue.signed_in("cookie", NOON + STAY - 1) == session
    assert queue.signed_in("cookie", NOON + STAY) is None
    assert queue.signed_in("another", NOON) is None


@pytest.mark.parametrize("word", ["", "Word", "word ", "another"])
def test_no_other_word_lets_anybody_in(queue: Queue, word: str) -> None:
    queue.issue("word", "Ada", role=Role.LOOK, now=NOON)

    assert queue.enter(word, cookie="cookie", csrf="proof", now=NOON) is None
    assert queue.signed_in("cookie", NOON) is None


def test_a_link_is_good_once_and_its_session_outlives_it(queue: Queue) -> None:
    queue.issue("word", "Ada", role=Role.APPROVE, now=NOON, until=NOON + 10 * MINUTE, is_once=True)

    first = queue.enter("word", cookie="first", csrf="proof", now=NOON + 1)
    second = queue.enter("word", cookie="second", csrf="proof", now=NOON + 2)

    assert second is None
    assert first is not None
    assert queue.signed_in("first", NOON + 11 * MINUTE) == first
    assert not queue.tokens()[0].is_good(NOON + 2)


def test_of_many_browsers_that_show_one_link_at_once_one_comes_in(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.issue("word", "Ada", role=Role.APPROVE, now=NOON, is_once=True)

    def enter(number: int) -> bool:
        with opened(tmp_path) as queue:
            return queue.enter("word", cookie=str(number), csrf="proof", now=NOON) is not None

    with ThreadPoolExecutor(4) as threads:
        let_in = list(threads.map(enter, range(6)))

    assert let_in.count(True) == 1


def test_a_token_ends_and_nobody_stays_longer_than_it(queue: Queue) -> None:
    queue.issue("word", "Ada", role=Role.LOOK, now=NOON, until=NOON + 60)

    session = queue.enter("word", cookie="cookie", csrf="proof", now=NOON + 59)

    assert session is not None
    assert session.until == NOON + 60
    assert queue.enter("word", cookie="late", csrf="proof", now=NOON + 60) is None
    assert not queue.tokens()[0].is_good(NOON + 60)


def test_who_is_revoked_is_out_at_once_and_only_they(queue: Queue) -> None:
    for who in ("Ada", "Bo"):
        queue.issue(f"word of {who}", who, role=Role.LOOK, now=NOON)
        queue.enter(f"word of {who}", cookie=who, csrf="proof", now=NOON)
    number = next(token.id for token in queue.tokens() if token.who == "Ada")

    gone = queue.revoke(number, NOON + 1)

    assert gone.revoked_at == NOON + 1
    assert not gone.is_good(NOON + 1)
    assert queue.signed_in("Ada", NOON + 1) is None
    assert queue.enter("word of Ada", cookie="again", csrf="proof", now=NOON + 1) is None
    assert queue.signed_in("Bo", NOON + 1) is not None
    assert queue.revoke(number, NOON + DAY).revoked_at == NOON + 1


def test_what_is_no_token_cannot_be_revoked(queue: Queue) -> None:
    with pytest.raises(BadCall, match="no token has the number 7; `redletter web token --list` shows them"):
        queue.revoke(7, NOON)


def test_who_leaves_is_out_and_others_stay(queue: Queue) -> None:
    queue.issue("word", "Ada", role=Role.LOOK, now=NOON)
    for cookie in ("here", "there"):
        queue.enter("word", cookie=cookie, csrf="proof", now=NOON)

    queue.leave("here")

    assert queue.signed_in("here", NOON) is None
    assert queue.signed_in("there", NOON) is not None


def test_a_feed_is_read_with_its_own_token_and_with_no_other(queue: Queue) -> None:
    queue.issue("feed", "calendar", role=Role.FEED, now=NOON, until=NOON + 60)
    queue.issue("person", "Ada", role=Role.APPROVE, now=NOON)

    found = queue.feed("feed", NOON + 59)

    assert found is not None
    assert (found.who, found.used_at) == ("calendar", None)
    assert queue.feed("feed", NOON + 60) is None
    assert queue.feed("person", NOON) is None
    assert queue.enter("feed", cookie="cookie", csrf="proof", now=NOON) is None


def test_no_secret_is_in_the_database(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.issue("the-word-itself", "Ada", role=Role.LOOK, now=NOON)
        queue.enter("the-word-itself", cookie="the-cookie-itself", csrf="proof", now=NOON)

    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    assert b"Ada" in kept
    assert b"itself" not in kept


def test_sessions_that_are_over_are_not_kept(queue: Queue) -> None:
    queue.issue("word", "Ada", role=Role.LOOK, now=NOON)
    queue.enter("word", cookie="old", csrf="proof", now=NOON)
    queue.enter("word", cookie="new", csrf="proof", now=NOON + STAY)

    with queue.reading() as connection:
        number = connection.exec_driver_sql("SELECT count(*) FROM session").scalar()

    assert number == 1


@settings(max_examples=10, deadline=None)
@given(st.lists(words, unique=True, min_size=1, max_size=12))
def test_any_word_opens_its_own_door_and_no_other(words: list[str]) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder)) as queue:
        for number, word in enumerate(words[1:]):
            queue.issue(word, str(number), role=Role.LOOK, now=NOON)

        let_in = [queue.enter(word, cookie=word, csrf="proof", now=NOON) for word in words]

    assert [session and session.who for session in let_in] == [None, *map(str, range(len(words) - 1))]


@given(roles, roles)
def test_roles_are_a_ladder(one: Role, other: Role) -> None:
    ladder = [Role.LOOK, Role.EDIT, Role.APPROVE]

    assert one.may(other) == (ladder.index(one) >= ladder.index(other))


@given(roles)
def test_a_feed_may_do_nothing_that_people_do(role: Role) -> None:
    assert not Role.FEED.may(role)
    assert Role.FEED.may(Role.FEED)
