"""The webhook: what a receiver is handed, what its answers are called, and what its signatures prove."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Quote, Receipt, Secret
from bot.errors import Answer, BadCall, NotLive, NotNow, Refused, Unanswered, Unclear
from bot.model import Media
from bot.publishers.webhook import Webhook
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.pictures import encoded, film, flag
from tests.fakes.webhook import FakeWebhook

GET = "GET /hook"


@pytest.fixture
def fake() -> Iterator[FakeWebhook]:
    with FakeWebhook() as fake:
        yield fake


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.jsonl"


@pytest.fixture
def webhook(fake: FakeWebhook, outbox: Path) -> Webhook:
    return Webhook(fake.account(), fake.secrets, outbox)


def test_a_part_arrives_with_all_that_a_receiver_needs(
    fake: FakeWebhook, webhook: Webhook, tmp_path: Path
) -> None:
    picture = encoded(flag(), "PNG")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "ferry.png").write_bytes(picture)
    media = Media(str(tmp_path / "corpus" / "ferry.png"), "A ferry", credit="K. Berg", focus=(0.0, 0.5))
    said = {"text": "Ahoi, Fähre ⛴", "lang": "de", "warning": "Salzwasser", "part": 2, "parts": 3}

    webhook.publish(
        ask(media=(media,), quote=Quote("wall-9", "https://wall.example/9"), reply_to="wall-1", **said)
    )

    (part,) = fake.parts
    assert part.key == "a1b2c3d4e5f6a1b2c3d4e5f6-2"
    assert part.body == said | {
        "key": "a1b2c3d4e5f6a1b2c3d4e5f6",
        "post": "harbour/first-ferry",
        "quote": {"id": "wall-9", "url": "https://wall.example/9"},
        "media": [
            {
                "file": "corpus/ferry.png",
                "alt": "A ferry",
                "credit": "K. Berg",
                "focus": [0.0, 0.5],
                "type": "image/png",
                "bytes": len(picture),
            }
        ],
        "reply_to": "wall-1",
    }
    assert fake.heard[0].headers["Content-Type"] == "application/json"


def test_a_receipt_is_what_the_receiver_says(webhook: Webhook) -> None:
    assert webhook.publish(ask()) == Receipt("wall-1", "https://wall.example/wall-1", AT)


@pytest.mark.parametrize(
    ("body", "receipt"),
    [
        ('{"id": 7, "url": "https://w.example/7", "more": 1}', Receipt("7", "https://w.example/7", AT)),
        ('{"id": "7", "url": null}', Receipt("7", "", AT)),
    ],
)
def test_an_id_may_be_a_number_and_a_wall_has_no_address(
    fake: FakeWebhook, webhook: Webhook, body: str, receipt: Receipt
) -> None:
    fake.fail_next("answer", status=202, body=body)

    assert webhook.publish(ask()) == receipt


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"id": "7"}',
        '{"url": "https://w.example/7"}',
        '{"id": "", "url": ""}',
        '{"id": null, "url": ""}',
        "<html>",
        "[" * 50_000,
        '{"id": "7", "url": "' + "x" * 100_000 + '"}',
    ],
)
def test_a_yes_without_a_receipt_is_a_doubt(fake: FakeWebhook, webhook: Webhook, body: str) -> None:
    fake.fail_next("answer", status=200, body=body)

    with pytest.raises(Unclear, match=r"museum-wall, and nobody knows .*: HTTP 200 without an id and url"):
        webhook.publish(ask())


@pytest.mark.parametrize("status", [301, 408, 500, 502])
def test_only_a_yes_is_unclear(fake: FakeWebhook, webhook: Webhook, status: int) -> None:
    fake.fail_next("answer", status=status)

    with pytest.raises(Answer) as answer:
        webhook.publish(ask())

    assert not isinstance(answer.value, Unclear)


@pytest.mark.parametrize("kind", ["silent", "torn", "late", "html", "empty", "bad gateway"])
def test_an_answer_that_proves_nothing_leaves_the_part_in_doubt_and_it_is_there(
    fake: FakeWebhook, outbox: Path, kind: Kind
) -> None:
    fake.fail_next(kind, seconds=1.5)

    with pytest.raises(Unanswered):
        Webhook(fake.account(timeout=1), fake.secrets, outbox).publish(ask())

    assert fake.texts == [ask().text]


@pytest.mark.parametrize("status", [301, 302, 303, 408, 500, 502, 503, 504])
def test_a_status_from_before_or_behind_the_receiver_is_a_doubt(
    fake: FakeWebhook, webhook: Webhook, status: int
) -> None:
    headers = {"Location": f"{fake.url}/elsewhere"}
    fake.fail_next("answer", status=status, headers=headers, body='{"id": "1", "url": ""}')

    with pytest.raises(Unanswered, match=f"HTTP {status}"):
        webhook.publish(ask())

    assert fake.requests == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422])
def test_other_statuses_of_400_and_more_refuse_in_the_receivers_words(
    fake: FakeWebhook, webhook: Webhook, status: int
) -> None:
    fake.fail_next("answer", status=status, body='{"error": "not on\nthis wall"}')

    with pytest.raises(Refused, match=rf"127.0.0.1:\d+ refused \(HTTP {status}\): .*not on this wall"):
        webhook.publish(ask())


def test_a_refusal_says_what_the_thread_stays_without(fake: FakeWebhook, webhook: Webhook) -> None:
    fake.fail_next("answer", status=422, body="not on this wall")

    with pytest.raises(Refused, match=r"not on this wall; the thread stays without its parts 2 to 3$"):
        webhook.publish(ask(part=2, parts=3, reply_to="wall-1"))


def test_a_page_is_not_shown_as_words(fake: FakeWebhook, webhook: Webhook) -> None:
    fake.fail_next("answer", status=404, body="<!doctype html><html>" + "no" * 500)

    with pytest.raises(Refused, match=r"\(HTTP 404\): Not Found$"):
        webhook.publish(ask())


def test_a_conflict_with_what_was_asked_before_is_a_doubt(fake: FakeWebhook, webhook: Webhook) -> None:
    fake.fail_next("answer", status=409)

    with pytest.raises(Unanswered, match="HTTP 409"):
        webhook.publish(ask(first_at=AT - 200))


@pytest.mark.parametrize("status", [307, 308])
def test_an_address_that_has_moved_is_refused_and_not_followed(
    fake: FakeWebhook, webhook: Webhook, status: int
) -> None:
    fake.fail_next("answer", status=status, headers={"Location": f"{fake.url}/hook"})

    with pytest.raises(Refused, match="it has moved: put its new address into `url` of museum-x"):
        webhook.publish(ask())

    assert fake.requests == 1


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (429, {}, None),
        (429, {"Retry-After": "90"}, AT + 90),
        (425, {}, None),
        (503, {"Retry-After": "90"}, AT + 90),
        (503, {"Retry-After": "Mon, 21 Sep 2026 14:20:00 GMT"}, AT + 400),
        (503, {"Retry-After": "soon"}, None),
    ],
)
def test_not_now_says_when_to_come_back(
    fake: FakeWebhook, webhook: Webhook, status: int, headers: Mapping[str, str], after: int | None
) -> None:
    fake.fail_next("answer", status=status, headers=headers)

    with pytest.raises(NotNow, match=f"takes nothing for now .HTTP {status}") as no:
        webhook.publish(ask())

    assert no.value.after == after
    assert fake.parts == []


def test_nobody_there_means_not_now(outbox: Path) -> None:
    with FakeWebhook() as gone:
        pass

    with pytest.raises(NotNow, match=r"127.0.0.1:\d+ cannot be reached: NewConnectionError"):
        Webhook(gone.account(), gone.secrets, outbox).publish(ask())
    with pytest.raises(Unanswered, match="did not say what it has: NewConnectionError"):
        Webhook(gone.account(), gone.secrets, outbox).find(ask())


def test_every_attempt_sends_the_same_bytes_under_the_same_key(
    fake: FakeWebhook, webhook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "ferry.png").write_bytes(encoded(flag(), "PNG"))
    media = (Media(str(tmp_path / "ferry.png"), "A ferry"),)
    (prepared,) = webhook.prepare([ask(media=media)])
    webhook.publish(ask(media=media, prepared=prepared))
    (tmp_path / "ferry.png").write_bytes(b"")

    receipt = webhook.publish(ask(media=media, prepared=prepared, at=AT + 500, first_at=AT))

    first, second = fake.heard
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert receipt.id == "wall-1"


def test_what_the_receiver_has_is_found_and_what_it_has_not_is_absent(
    fake: FakeWebhook, webhook: Webhook
) -> None:
    fake.fail_next("silent")
    with pytest.raises(Unanswered):
        webhook.publish(ask(part=2, parts=2))

    found = webhook.find(ask(part=2, parts=2, at=AT + 120, first_at=AT))

    assert found == Receipt("wall-1", "https://wall.example/wall-1", AT)
    assert webhook.find(ask(part=1, parts=2)) is None
    assert webhook.find(ask(key="other", part=2)) is None


@pytest.mark.parametrize(
    ("status", "body"), [(200, "{}"), (200, "<html>"), (204, ""), (401, ""), (405, ""), (429, ""), (500, "")]
)
def test_an_answer_that_is_neither_a_receipt_nor_an_absence_leaves_it_open(
    fake: FakeWebhook, webhook: Webhook, status: int, body: str
) -> None:
    fake.fail_next("answer", route=GET, status=status, body=body)

    with pytest.raises(Unanswered, match=rf"HTTP {status}\): look there .* `redletter queue resolve a1b2"):
        webhook.find(ask())


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty", "bad gateway"])
def test_silence_is_no_absence(fake: FakeWebhook, webhook: Webhook, kind: Kind) -> None:
    webhook.publish(ask())
    fake.fail_next(kind, route=GET)

    with pytest.raises(Unanswered, match="did not say what it has"):
        webhook.find(ask())


def test_a_receiver_that_need_not_answer_questions_is_asked_none(fake: FakeWebhook, outbox: Path) -> None:
    webhook = Webhook(fake.account(find=False), fake.secrets, outbox)

    with pytest.raises(Unanswered, match=r"`find = false`.*settle it: `redletter queue resolve a1b2"):
        webhook.find(ask())

    assert fake.requests == 0


def test_a_signature_is_that_of_the_moment_and_the_bytes(fake: FakeWebhook, webhook: Webhook) -> None:
    webhook.publish(ask())

    (heard,) = fake.heard
    made = hmac.new(fake.secret.encode(), str(AT).encode() + b"." + heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["X-Redletter-Timestamp"] == str(AT)
    assert heard.headers["X-Redletter-Signature"] == f"sha256={made}"


def test_without_a_secret_nothing_is_signed(outbox: Path) -> None:
    with FakeWebhook(secret="") as fake:
        webhook = Webhook(fake.account(), {}, outbox)
        webhook.publish(ask())
        webhook.find(ask())

        assert not any(name.startswith("X-Redletter") for heard in fake.heard for name in heard.headers)
        assert len(fake.parts) == 1


@pytest.mark.parametrize("secret", ["", "another"])
def test_a_receiver_notices_a_wrong_secret_in_both_directions(
    fake: FakeWebhook, outbox: Path, secret: str
) -> None:
    webhook = Webhook(fake.account(), {"SECRET": Secret(secret)}, outbox)

    with pytest.raises(Refused, match="the signature is wrong"):
        webhook.publish(ask())
    with pytest.raises(Unanswered):
        webhook.find(ask())

    assert fake.parts == []


@given(text=st.text(), key=st.text("abcdef0123456789-", min_size=1), part=st.integers(1, 99))
@settings(max_examples=30, deadline=None)
def test_any_words_arrive_as_they_are_and_are_signed(text: str, key: str, part: int) -> None:
    with FakeWebhook() as fake:
        webhook = Webhook(fake.account(), fake.secrets, Path("unused"))

        receipt = webhook.publish(ask(text=text, key=key, part=part))

        assert fake.texts == [text]
        assert webhook.find(ask(key=key, part=part)) == receipt


def test_text_that_is_no_unicode_is_refused_before_it_is_sent(fake: FakeWebhook, webhook: Webhook) -> None:
    with pytest.raises(Refused, match="harbour/first-ferry: part 1 holds half a character"):
        webhook.publish(ask(text="\ud83d"))

    assert fake.requests == 0


def test_media_are_looked_at_before_anything_is_sent(
    fake: FakeWebhook, webhook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "paper.png").write_bytes(b"%PDF-1.7")
    bad = ask(part=2, parts=2, media=(Media(str(tmp_path / "paper.png"), "A ferry"),))

    with pytest.raises(Refused, match=r"paper\.png.* holds no picture"):
        webhook.prepare([ask(parts=2), bad])
    with pytest.raises(Refused, match=r"gone\.png"):
        webhook.prepare([ask(media=(Media(str(tmp_path / "gone.png"), "A ferry"),))])

    assert fake.requests == 0


def test_what_lies_outside_the_project_is_named_without_its_folder(
    fake: FakeWebhook, webhook: Webhook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clip = tmp_path_factory.mktemp("elsewhere") / "ferry.mp4"
    clip.write_bytes(film())

    webhook.publish(ask(media=(Media(str(clip), "A ferry"),)))

    (medium,) = fake.parts[0].body["media"]
    assert (medium["file"], medium["type"], medium["focus"]) == ("ferry.mp4", "video/mp4", None)


def test_an_account_that_is_not_live_has_no_publisher(fake: FakeWebhook, outbox: Path) -> None:
    with pytest.raises(NotLive, match="account museum-wall is not live"):
        Webhook(fake.account(live=False, url=""), {}, outbox)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "account museum-wall: a webhook needs a `url`"),
        ("http://wall.example/hook", "account museum-wall: `url` must be a plain https address"),
        ("https://user:hunter2@wall.example", "must be a plain https address"),
        ("https://wall.example/hook?token=hunter2", "must be a plain https address"),
    ],
)
def test_an_address_that_is_not_safe_is_a_bad_call_and_not_shown(
    fake: FakeWebhook, outbox: Path, url: str, message: str
) -> None:
    with pytest.raises(BadCall, match=message) as error:
        Webhook(fake.account(url=url), {}, outbox)

    assert "hunter2" not in str(error.value)


def test_a_slash_at_the_end_of_an_address_is_part_of_it(fake: FakeWebhook, outbox: Path) -> None:
    Webhook(fake.account(url=f"{fake.url}/hook/"), fake.secrets, outbox).publish(ask())

    assert fake.heard[0].path == "/hook/"


def test_nothing_secret_is_in_a_message_not_even_the_path_of_the_address(
    fake: FakeWebhook, outbox: Path
) -> None:
    webhook = Webhook(fake.account(url=f"{fake.url}/hook/hunter2"), fake.secrets, outbox)
    fake.fail_next("answer", status=400, body=f"you said {fake.secret}")
    told = [webhook.whoami(), repr(webhook), str(vars(webhook)["_secret"])]

    for kind in ("refused", "silent", "html", "bad gateway"):
        if kind != "refused":
            fake.fail_next(kind)  # type: ignore[arg-type]
        with pytest.raises((Refused, Unanswered)) as error:
            webhook.publish(ask(key=kind))
        told += [str(error.value), repr(error.value)]

    assert not [said for said in told if fake.secret in said or "hunter2" in said]
    assert any("***" in said for said in told)


def test_it_says_where_it_is_without_asking(fake: FakeWebhook, webhook: Webhook) -> None:
    assert webhook.whoami() == f"webhook at {fake.url.removeprefix('http://')}"
    assert webhook.learn() == Webhook.limits
    assert fake.requests == 0


def test_no_connection_is_kept_that_may_be_dead_at_the_next_request(
    fake: FakeWebhook, webhook: Webhook
) -> None:
    for number in range(100):
        webhook.publish(ask(key=str(number)))

    assert fake.connections == fake.requests == 100


def test_loopback_is_asked_directly_and_without_the_machines_passwords(
    fake: FakeWebhook, outbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    Webhook(fake.account(), fake.secrets, outbox).publish(ask())

    assert fake.heard[0].authorization == ""
    assert base64.b64encode(b"somebody:hunter2").decode() not in json.dumps(fake.heard[0].headers)
