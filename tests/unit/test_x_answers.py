"""What X's answers, and its silence, are called."""

import json
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from bot.contracts import Ask, Receipt, Secret
from bot.errors import Barred, NotNow, Refused, Unanswered
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.x import FakeX

OPENSSL = shutil.which("openssl") or ""
OUTBOX = Path("unused")
LIMIT = "x-rate-limit"
USER = "x-user-limit-24hour"
APP = "x-app-limit-24hour"


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


def publisher(fake: FakeX) -> X:
    return X(fake.account(), fake.secrets, OUTBOX)


@contextmanager
def full_queue() -> Iterator[str]:
    """An address where connections are neither taken nor refused."""
    with socket.socket() as listener, ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)  # noqa: FBT003 - the standard library's order
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def strangers_server(folder: Path) -> Iterator[str]:
    """A TLS server whose certificate nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger"
    subprocess.run(
        [OPENSSL, *make.split(), "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
        timeout=30,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(5)
        pool.submit(shake_hands, listener, context)
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


def shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    caller, _ = listener.accept()
    with caller, suppress(OSError), context.wrap_socket(caller, server_side=True):
        pass


def test_a_post_is_there_with_its_address(fake: FakeX) -> None:
    receipt = publisher(fake).publish(ask(text="Ahoi, Fähre ⛴"))

    (post,) = fake.posts
    assert (post.text, post.reply_to, post.media) == ("Ahoi, Fähre ⛴", None, ())
    assert receipt == Receipt(id=post.id, url=f"https://x.com/i/status/{post.id}", at=AT)


def test_a_reply_stands_under_its_parent(fake: FakeX) -> None:
    first = publisher(fake).publish(ask(text="one", part=1, parts=2))

    publisher(fake).publish(ask(text="two", part=2, parts=2, reply_to=first.id))

    assert fake.posts[1].reply_to == first.id


@pytest.mark.parametrize("kind", ["silent", "torn", "late", "html", "empty", "bad gateway"])
def test_an_answer_that_proves_nothing_leaves_the_post_in_doubt_and_it_is_there(
    fake: FakeX, kind: Kind
) -> None:
    fake.fail_next(kind, seconds=1.5)

    with pytest.raises(Unanswered, match="museum-x, and nobody knows whether it did"):
        publisher(fake).publish(ask())

    assert fake.texts == [ask().text]


def test_a_connection_that_breaks_before_x_acted_looks_the_same_and_is_in_doubt_too(fake: FakeX) -> None:
    fake.fail_next("dropped")

    with pytest.raises(Unanswered):
        publisher(fake).publish(ask())

    assert fake.posts == []


def test_a_post_that_lands_after_we_gave_up_is_in_doubt(fake: FakeX) -> None:
    fake.fail_next("slow", seconds=1.2)

    with pytest.raises(Unanswered, match="ReadTimeout"):
        publisher(fake).publish(ask())

    fake.settle()
    assert fake.texts == [ask().text]


@pytest.mark.parametrize("status", [301, 304, 408, 500, 502, 503, 504, 520])
def test_a_status_from_before_or_behind_the_writer_is_a_doubt(fake: FakeX, status: int) -> None:
    fake.fail_next("answer", status=status, headers={"Location": "/elsewhere"}, body='{"data": {"id": "1"}}')

    with pytest.raises(Unanswered):
        publisher(fake).publish(ask())

    assert fake.requests == 1


@pytest.mark.parametrize(
    ("headers", "body", "after"),
    [
        ({"Retry-After": "30"}, "", AT + 30),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 1_792_567_680),
        ({"Retry-After": "soon"}, "", None),
        ({}, '{"errors": [{"message": "Over capacity"}]}', None),
    ],
)
def test_a_503_that_turned_us_away_at_the_door_means_not_now(
    fake: FakeX, headers: Mapping[str, str], body: str, after: int | None
) -> None:
    fake.fail_next("answer", status=503, headers=headers, body=body)

    with pytest.raises(NotNow, match="over capacity") as no:
        publisher(fake).publish(ask())

    assert no.value.after == after


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({f"{LIMIT}-reset": "1790000900"}, 1_790_000_900),
        ({f"{LIMIT}-reset": "1790000900", f"{LIMIT}-remaining": "0"}, 1_790_000_900),
        # All that are used up count, and the latest of them.
        (
            {
                f"{LIMIT}-reset": "1790000900",
                f"{LIMIT}-remaining": "0",
                f"{USER}-reset": "1790080000",
                f"{USER}-remaining": "0",
                f"{APP}-reset": "1790070000",
                f"{APP}-remaining": "0",
            },
            1_790_080_000,
        ),
        # A limit that has something left does not hold us up.
        (
            {
                f"{LIMIT}-reset": "1790000900",
                f"{LIMIT}-remaining": "0",
                f"{USER}-reset": "1790080000",
                f"{USER}-remaining": "17",
            },
            1_790_000_900,
        ),
        # Nor does one that says nothing, where another says that it is the one.
        (
            {f"{LIMIT}-reset": "1790090000", f"{APP}-reset": "1790080000", f"{APP}-remaining": "0"},
            1_790_080_000,
        ),
        ({f"{LIMIT}-reset": "tomorrow"}, None),
        ({f"{LIMIT}-reset": "-5"}, None),
        ({f"{LIMIT}-reset": "9" * 40}, None),
        ({f"{LIMIT}-reset": "²³"}, None),
        ({"retry-after": "60"}, AT + 60),
        ({f"{LIMIT}-reset": "1790000900", "retry-after": "60"}, 1_790_000_900),
    ],
)
def test_a_429_says_when_the_last_used_up_limit_is_renewed(
    fake: FakeX, headers: Mapping[str, str], after: int | None
) -> None:
    fake.rate_limit_next(headers=headers)

    with pytest.raises(NotNow, match="takes no more from museum-x for now") as no:
        publisher(fake).publish(ask())

    assert no.value.after == after
    assert (fake.requests, fake.posts) == (1, [])


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            400,
            {"errors": [{"message": "first"}, {"message": "second"}], "title": "Invalid"},
            "400.*first; second",
        ),
        (400, {"errors": [{"detail": "told here"}], "detail": "and here"}, "told here"),
        (
            403,
            {"title": "Forbidden", "detail": "You may not reply here."},
            "HTTP 403.*You may not reply here",
        ),
        (403, {"title": "Only a title"}, "Only a title"),
        (404, {}, "HTTP 404.*Not Found"),
    ],
)
def test_a_refusal_says_why_in_xs_own_words_or_what_to_do(
    fake: FakeX, status: int, body: object, message: str
) -> None:
    fake.fail_next("answer", status=status, body=json.dumps(body))

    with pytest.raises(Refused, match=message):
        publisher(fake).publish(ask())

    assert fake.posts == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[1]",
        "null",
        '"no"',
        '{"errors": null}',
        '{"errors": [1]}',
        '{"detail": 5}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_refusal_with_an_odd_body_is_a_refusal(fake: FakeX, body: str) -> None:
    fake.fail_next("answer", status=403, body=body)

    with pytest.raises(Refused, match="HTTP 403"):
        publisher(fake).publish(ask())


@pytest.mark.parametrize(
    "body", ["[]", "null", '{"data": null}', '{"data": {"id": ""}}', '{"data": {}}', "{", "5"]
)
def test_a_yes_with_an_odd_body_is_a_doubt(fake: FakeX, body: str) -> None:
    fake.fail_next("answer", status=201, body=body)

    with pytest.raises(Unanswered, match="HTTP 201 without a post's id"):
        publisher(fake).publish(ask())


def test_a_long_refusal_is_shown_on_one_line_and_cut(fake: FakeX) -> None:
    fake.fail_next("answer", status=400, body=json.dumps({"detail": "no \n" * 500}))

    with pytest.raises(Refused) as no:
        publisher(fake).publish(ask())

    assert len(str(no.value)) < 400
    assert "\n" not in str(no.value)


def test_a_duplicate_is_refused_with_a_message_of_its_own(fake: FakeX) -> None:
    publisher(fake).publish(ask())

    with pytest.raises(Refused, match="X already has this very text from museum-x"):
        publisher(fake).publish(ask())

    assert fake.texts == [ask().text]


def test_a_refused_part_says_what_becomes_of_the_thread(fake: FakeX) -> None:
    with pytest.raises(Refused, match=r"no post has the id .*; the thread stays without its parts 2 to 3"):
        publisher(fake).publish(ask(part=2, parts=3, reply_to="17"))

    assert fake.posts == []


def test_nobody_there_means_not_now() -> None:
    with FakeX() as gone:
        pass

    with pytest.raises(NotNow, match="X cannot be reached: NewConnectionError"):
        publisher(gone).publish(ask())


def test_an_address_that_does_not_exist_means_not_now(fake: FakeX) -> None:
    account = fake.account(url="https://x.invalid")

    with pytest.raises(NotNow, match="X cannot be reached: NameResolutionError"):
        X(account, fake.secrets, OUTBOX).publish(ask())


def test_an_address_that_never_answers_the_door_means_not_now(fake: FakeX) -> None:
    with full_queue() as url, pytest.raises(NotNow, match="X cannot be reached: ConnectTimeoutError"):
        X(fake.account(url=url), fake.secrets, OUTBOX).publish(ask())


@pytest.mark.skipif(not OPENSSL, reason="needs openssl to make a certificate")
def test_a_server_that_proves_to_be_someone_else_means_not_now(fake: FakeX, tmp_path: Path) -> None:
    with strangers_server(tmp_path) as url, pytest.raises(NotNow, match="X cannot be reached: SSLError"):
        X(fake.account(url=url), fake.secrets, OUTBOX).publish(ask())


def test_a_secure_connection_that_breaks_otherwise_is_a_doubt(fake: FakeX) -> None:
    url = fake.url.replace("http://", "https://")

    with pytest.raises(Unanswered):
        X(fake.account(url=url), fake.secrets, OUTBOX).publish(ask())


ENROL = {"reason": "client-not-enrolled", "detail": "You must use keys and tokens from a developer App."}
RIGHTS = {"type": "https://api.twitter.com/2/problems/oauth1-permissions", "detail": "Not configured."}
SUSPENDED = {"detail": "Your account is suspended and is not permitted to access this feature."}
LOCKED = {"errors": [{"message": "To protect our users, this account is temporarily locked."}]}
UNPERMITTED = {"detail": "You are not permitted to perform this action."}


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (402, {"title": "CreditsDepleted"}, "X has no credits left for museum-x: add some"),
        (401, {}, "X does not accept the credentials of museum-x: .*check MUSEUM_X_CONSUMER_KEY, .*_SECRET"),
        (403, ENROL, "X takes nothing from museum-x: its app belongs to no project"),
        (403, RIGHTS, "museum-x: its app may only read: .*and set MUSEUM_X_CONSUMER_KEY, .*_TOKEN_SECRET"),
        (403, SUSPENDED, "X takes nothing from museum-x: X has suspended it"),
        (403, LOCKED, "X takes nothing from museum-x: X has locked it: log in"),
        (403, UNPERMITTED, "X does not permit museum-x to post: see .* and set MUSEUM_X_CONSUMER_KEY"),
    ],
)
def test_what_only_a_person_can_mend_bars_the_account_with_the_same_words_each_time(
    fake: FakeX, status: int, body: object, message: str
) -> None:
    fake.fail_next("answer", status=status, body=json.dumps(body), times=2)

    said = {barred(publisher(fake), ask(text=text)) for text in ("one", "two")}

    assert len(said) == 1
    assert re.search(message, said.pop())


def barred(x: X, part: Ask) -> str:
    with pytest.raises(Barred) as no:
        x.publish(part)
    return str(no.value)


@pytest.mark.parametrize("said", ["You have been blocked from replying.", "No suspenders here."])
def test_words_that_only_look_like_a_bar_are_a_refusal(fake: FakeX, said: str) -> None:
    fake.fail_next("answer", status=403, body=json.dumps({"detail": said}))

    with pytest.raises(Refused, match=said):
        publisher(fake).publish(ask())


def test_a_reply_that_is_not_permitted_is_refused_for_the_parts_before_it_were(fake: FakeX) -> None:
    fake.fail_next("answer", status=403, body=json.dumps(UNPERMITTED))

    with pytest.raises(
        Refused,
        match=r"not permit museum-x to reply to its own post.*; the thread stays without its parts 2 to 3",
    ):
        publisher(fake).publish(ask(part=2, parts=3, reply_to="17"))


def test_wrong_keys_are_noticed_by_the_signature(fake: FakeX) -> None:
    secrets = fake.secrets | {"ACCESS_TOKEN_SECRET": Secret("wrong")}

    with pytest.raises(Barred, match="X does not accept the credentials of museum-x"):
        X(fake.account(), secrets, OUTBOX).publish(ask())

    assert fake.posts == []


def test_x_has_told_its_limits_to_everyone(fake: FakeX) -> None:
    assert publisher(fake).learn() == X.limits
    assert fake.requests == 0


def test_it_says_whose_credentials_it_has(fake: FakeX) -> None:
    assert publisher(fake).whoami() == "@redletter_test"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "silent"}, NotNow),
        ({"kind": "html"}, NotNow),
        ({"kind": "empty"}, NotNow),
        ({"kind": "answer", "status": 500}, NotNow),
        ({"kind": "answer", "status": 401}, Barred),
        ({"kind": "answer", "status": 404}, Refused),
        ({"kind": "answer", "status": 503, "headers": {"Retry-After": "9"}}, NotNow),
    ],
)
def test_a_question_without_a_good_answer_can_be_asked_again_or_is_refused(
    fake: FakeX, fault: dict[str, object], expected: type[Exception]
) -> None:
    fake.fail_next(**fault, route="/2/users/me")  # type: ignore[arg-type]

    with pytest.raises(expected):
        publisher(fake).whoami()


def test_an_error_of_our_own_is_not_taken_for_an_answer_given_before(fake: FakeX) -> None:
    x = publisher(fake)
    x.publish(ask())

    with pytest.raises(TypeError):
        x.publish(ask(text=b"not text"))

    assert fake.texts == [ask().text]


def test_no_connection_is_kept_that_may_be_dead_at_the_next_request(fake: FakeX) -> None:
    x = publisher(fake)

    for text in ("one", "two", "three"):
        x.publish(ask(text=text))

    assert fake.connections == fake.requests == 3
