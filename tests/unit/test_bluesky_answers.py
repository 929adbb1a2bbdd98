"""What Bluesky's answers, and its silence, are called; and who says them to whom."""

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Ask, Secret
from bot.errors import Answer, Barred, NotNow, Refused, Unanswered
from bot.publishers.bluesky import Bluesky
from bot.publishers.bluesky.pds import Pds
from tests.fakes import pictures
from tests.fakes.asks import AT, ask
from tests.fakes.bluesky import APPLY, LOOK, PUT, RENEW, SIGN_IN, UPLOAD, WHO, FakeBluesky, Kind

OUTBOX = Path("unused")
VARIABLES = "MUSEUM_BLUESKY_HANDLE and MUSEUM_BLUESKY_APP_PASSWORD"


@pytest.fixture
def fake() -> Iterator[FakeBluesky]:
    with FakeBluesky() as fake:
        yield fake


def publisher(fake: FakeBluesky, **other: object) -> Bluesky:
    return Bluesky(fake.account(**other), fake.secrets, OUTBOX)  # type: ignore[arg-type]


def made(bot: Bluesky, *texts: str) -> Ask:
    """The first part of a thread, prepared."""
    asks = [ask(text=text, part=part, parts=len(texts)) for part, text in enumerate(texts, start=1)]
    return replace(asks[0], prepared=bot.prepare(asks)[0])


@pytest.mark.parametrize("texts", [("one",), ("one", "two")], ids=["a post", "a thread"])
@pytest.mark.parametrize("kind", ["silent", "torn", "late"])
def test_silence_is_a_doubt_that_a_look_settles(
    fake: FakeBluesky, kind: Kind, texts: tuple[str, ...]
) -> None:
    bot = publisher(fake)
    one = made(bot, *texts)
    fake.fail_next(kind, route=PUT if len(texts) == 1 else APPLY)
    impatient = publisher(fake, timeout=1) if kind == "late" else bot

    with pytest.raises(Unanswered, match="museum-bluesky, and nobody knows whether it did"):
        impatient.publish(one)

    assert fake.texts == list(texts)
    assert bot.find(one) == bot.publish(one)
    assert fake.texts == list(texts)


@pytest.mark.parametrize("texts", [("one",), ("one", "two")], ids=["a post", "a thread"])
def test_a_connection_that_breaks_before_anything_was_done_looks_the_same(
    fake: FakeBluesky, texts: tuple[str, ...]
) -> None:
    bot = publisher(fake)
    one = made(bot, *texts)
    fake.fail_next("dropped", route=PUT if len(texts) == 1 else APPLY)

    with pytest.raises(Unanswered):
        bot.publish(one)

    assert bot.find(one) is None
    assert bot.publish(one) == bot.find(one)
    assert fake.texts == list(texts)


@pytest.mark.parametrize("kind", ["html", "empty"])
def test_a_yes_without_words_is_settled_by_a_look_at_once(fake: FakeBluesky, kind: Kind) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next(kind)

    assert bot.publish(one) == bot.find(one)


def test_a_yes_after_which_nothing_is_there_is_a_doubt(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next("answer", status=200, body="{}")

    with pytest.raises(Unanswered, match="HTTP 200 without what was asked"):
        bot.publish(one)


def test_a_yes_that_names_another_record_is_no_proof(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next("answer", status=200, body=json.dumps(fake.add("3jzfcijpj2z2a", "another")))

    with pytest.raises(Unanswered):
        bot.publish(one)


@pytest.mark.parametrize("status", [304, 408, 500, 502, 503, 504, 520])
def test_a_status_from_before_or_behind_the_writer_is_a_doubt(fake: FakeBluesky, status: int) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next("error after", status=status)

    with pytest.raises(Unanswered, match=f"HTTP {status}"):
        bot.publish(one)

    assert bot.find(one) == bot.publish(one)
    assert fake.texts == ["one"]


def test_a_server_that_sends_us_elsewhere_is_not_followed(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    before = len(fake.asked)
    fake.fail_next("answer", status=307, headers={"Location": "/xrpc/com.atproto.repo.putRecord"})

    with pytest.raises(Unanswered):
        bot.publish(one)

    assert len(fake.asked) == before + 1
    assert fake.posts == {}


def test_a_thread_that_is_there_needs_no_second_look_after_a_500(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one", "two")
    fake.fail_next("error after", route=APPLY, status=500)

    receipt = bot.publish(one)

    assert len(receipt.then) == 1
    assert fake.texts == ["one", "two"]


def test_a_thread_that_is_not_there_after_a_500_stays_in_doubt(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one", "two")
    fake.fail_next("answer", route=APPLY, status=500)

    with pytest.raises(Unanswered):
        bot.publish(one)


def test_what_bluesky_refuses_is_refused_in_its_own_words(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one", "two")
    fake.refuse_next(400, "InvalidRequest", message="too\n  odd", route=APPLY)

    with pytest.raises(Refused, match=r"^Bluesky refused \(HTTP 400\) for museum-bluesky: too odd$"):
        bot.publish(one)

    assert fake.posts == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "Bad Request"), ('{"error": "Odd"}', "Odd"), ("[" * 100_000, "Bad Request"), ("[]", "Bad Request")],
)
def test_a_refusal_without_words_is_called_by_its_name(fake: FakeBluesky, body: str, said: str) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next("answer", status=400, body=body)

    with pytest.raises(Refused, match=f": {said}$"):
        bot.publish(one)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "30"}, AT + 30),
        ({"ratelimit-reset": str(AT + 240), "Retry-After": "30"}, AT + 240),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_too_many_requests_mean_later_and_bluesky_says_when(
    fake: FakeBluesky, headers: dict[str, str], after: int | None
) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next("answer", status=429, headers=headers)

    with pytest.raises(NotNow, match="takes no more from museum-bluesky for now") as answer:
        bot.publish(one)

    assert answer.value.after == after
    assert fake.posts == {}


def test_too_many_questions_about_ourselves_name_no_instant(fake: FakeBluesky) -> None:
    fake.fail_next("answer", route=WHO, status=429, headers={"Retry-After": "30"})

    with pytest.raises(NotNow) as answer:
        publisher(fake).whoami()

    assert answer.value.after is None


def test_an_old_session_is_renewed_without_a_new_sign_in(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.expire()

    bot.publish(one)

    assert fake.texts == ["one"]
    assert (fake.times_asked(SIGN_IN), fake.times_asked(RENEW)) == (1, 1)


def test_a_session_that_cannot_be_renewed_is_begun_anew(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.end_sessions()

    bot.publish(one)

    assert fake.texts == ["one"]
    assert (fake.times_asked(SIGN_IN), fake.times_asked(RENEW)) == (2, 1)


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html"])
def test_while_a_session_is_renewed_nothing_can_be_in_doubt(fake: FakeBluesky, kind: Kind) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.expire()
    fake.fail_next(kind, route=RENEW)

    with pytest.raises(NotNow, match="nothing was posted"):
        bot.publish(one)

    assert fake.posts == {}


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty"])
@pytest.mark.parametrize("route", [SIGN_IN, UPLOAD])
def test_before_anything_is_seen_nothing_can_be_in_doubt(
    fake: FakeBluesky, kind: Kind, route: str, tmp_path: Path
) -> None:
    media = pictures.written(tmp_path, {"a.png": pictures.encoded(pictures.flag(), "PNG")})
    fake.fail_next(kind, route=route)

    with pytest.raises(NotNow, match="nothing was posted"):
        publisher(fake).prepare([ask(media=media)])


def test_a_server_that_rests_says_when_it_comes_back(fake: FakeBluesky) -> None:
    fake.fail_next("answer", route=SIGN_IN, status=503, headers={"Retry-After": "60"})

    with pytest.raises(NotNow, match="HTTP 503") as answer:
        publisher(fake).prepare([ask()])

    assert answer.value.after == AT + 60


@pytest.mark.parametrize(
    ("status", "error", "told", "asked"),
    [
        (
            401,
            "AuthenticationRequired",
            "does not accept the credentials of museum-bluesky: make a new app password",
            1,
        ),
        (
            400,
            "InvalidToken",
            "does not accept the credentials of museum-bluesky: make a new app password",
            2,
        ),
        (401, "AccountTakedown", "has taken museum-bluesky down: appeal", 1),
        (403, "AccountDeactivated", "museum-bluesky is deactivated on Bluesky: activate it", 1),
    ],
)
def test_an_account_that_is_kept_out_needs_a_person_and_is_told_the_same_each_time(
    fake: FakeBluesky, status: int, error: str, told: str, asked: int
) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.refuse_next(status, error, message="told differently each time", times=2 * asked)

    messages = {message(bot, one, Barred) for _ in range(2)}

    assert len(messages) == 1
    assert told in messages.pop()
    assert bot.publish(one) == bot.find(one)


def test_a_session_that_was_turned_away_is_not_used_again(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.refuse_next(401, "AuthenticationRequired")
    before = fake.times_asked(SIGN_IN)

    message(bot, one, Barred)
    bot.publish(one)

    assert fake.times_asked(SIGN_IN) == before + 1


def message(bot: Bluesky, one: Ask, kind: type[Answer]) -> str:
    with pytest.raises(kind, match=VARIABLES) as answer:
        bot.publish(one)
    return str(answer.value)


def test_a_wrong_password_names_its_variable(fake: FakeBluesky) -> None:
    bot = Bluesky(fake.account(), fake.secrets | {"APP_PASSWORD": Secret("wrong")}, OUTBOX)

    with pytest.raises(Barred, match=f"make a new app password in its settings, and set {VARIABLES}"):
        bot.prepare([ask()])


@pytest.mark.parametrize(("status", "told"), [("deactivated", "is deactivated"), ("takendown", "has taken")])
def test_an_account_that_sleeps_is_not_written_for(fake: FakeBluesky, status: str, told: str) -> None:
    fake.active, fake.status = False, status

    with pytest.raises(Barred, match=told):
        publisher(fake).whoami()


def test_a_place_that_is_no_server_of_bluesky_bars_the_account_not_the_post(fake: FakeBluesky) -> None:
    fake.fail_next("answer", route=SIGN_IN, status=404, body="<html>")

    with pytest.raises(Barred, match=r"HTTP 404.*Not Found; check the account's `url`"):
        publisher(fake).prepare([ask()])


def test_what_was_prepared_for_one_account_is_not_written_for_another(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    others = replace(one, prepared=one.prepared.replace("did:plc:museum", "did:plc:palace"))

    with pytest.raises(Barred, match=VARIABLES):
        bot.publish(others)

    assert fake.posts == {}


def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_request_that_never_left_is_no_doubt() -> None:
    with FakeBluesky() as fake:
        bot = publisher(fake)
        one = made(bot, "one")

    with pytest.raises(NotNow, match="Bluesky cannot be reached: NewConnectionError"):
        bot.publish(one)
    with pytest.raises(Unanswered, match="did not say whether it has part 1 of harbour/first-ferry"):
        bot.find(one)


def test_nobody_there_is_a_reason_to_wait(fake: FakeBluesky) -> None:
    with pytest.raises(NotNow, match="did not answer"):
        publisher(fake, url=nobody()).prepare([ask()])


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty"])
def test_a_look_without_an_answer_proves_nothing(fake: FakeBluesky, kind: Kind) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.fail_next(kind, route=LOOK)

    with pytest.raises(Unanswered, match="did not say whether"):
        bot.find(one)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 502])
def test_a_look_that_is_refused_proves_nothing(fake: FakeBluesky, status: int) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    fake.refuse_next(status, "RepoNotFound", route=LOOK)

    with pytest.raises(Unanswered, match=f"HTTP {status}"):
        bot.find(one)


def test_who_cannot_sign_in_cannot_tell_what_is_there(fake: FakeBluesky) -> None:
    fake.refuse_next(401, "AuthenticationRequired", route=SIGN_IN)

    with pytest.raises(Unanswered, match="does not accept the credentials"):
        publisher(fake).find(ask())


def test_what_was_prepared_is_found_without_signing_in(fake: FakeBluesky) -> None:
    one = made(publisher(fake), "one")
    before = fake.times_asked(SIGN_IN)

    assert publisher(fake).find(one) is None
    assert fake.times_asked(SIGN_IN) == before


def test_an_account_without_an_address_is_asked_at_blueskys_own(fake: FakeBluesky) -> None:
    assert not Pds(fake.account(url=""), Secret("museum.test"), Secret("word")).is_here


def test_every_request_has_a_connection_of_its_own(fake: FakeBluesky, tmp_path: Path) -> None:
    fake.upload_bytes = 1_000_000
    large = pictures.encoded(pictures.noise(900, 600), "PNG")

    publisher(fake).prepare([ask(media=pictures.written(tmp_path, {"a.png": large}))])

    assert fake.connections == len(fake.asked)


LOGGERS = ("urllib3", "requests", "")


@pytest.fixture
def noisy() -> Iterator[None]:
    """Every library at DEBUG, as if nobody had thought of it."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET if name else logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("noisy")
def test_no_credential_is_in_a_message_or_a_log_not_even_one_that_a_server_sent_back(
    fake: FakeBluesky, caplog: pytest.LogCaptureFixture
) -> None:
    bot = publisher(fake)
    one = made(bot, "one")
    password = fake.credentials["APP_PASSWORD"]
    told = [repr(bot), str(vars(bot)), repr(bot._pds.session(AT)), str(vars(bot._pds)), one.prepared]  # noqa: SLF001

    for status in (400, 401, 403, 429, 500):
        session = bot._pds.session(AT)  # noqa: SLF001
        echo = f"{password} {session.access.reveal()} {session.refresh.reveal()}"
        fake.refuse_next(status, "Odd", message=echo)
        told.append(words_of(bot, one))
        fake.refuse_next(status, "Odd", message=password, route=SIGN_IN)
        told.append(words_of(publisher(fake), one))
    fake.fail_next("silent")
    told.append(words_of(bot, one))

    assert "*** *** ***" in "".join(told)
    assert [word for word in (password, *fake.tokens) if word in "\n".join(told) + caplog.text] == []


def words_of(bot: Bluesky, one: Ask) -> str:
    """All that an error and those behind it have to say."""
    with pytest.raises(Answer) as answer:
        bot.publish(one)
    said: list[str] = []
    error: BaseException | None = answer.value
    while error:
        said.append(f"{error!s} {error!r}")
        error = error.__cause__ or error.__context__
    return "\n".join(said)
