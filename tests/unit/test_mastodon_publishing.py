"""What is asked of Mastodon, what it says, and what is never said twice."""

import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.contracts import Ask, Receipt
from bot.errors import Answer, Barred, NotNow, Refused, Unanswered
from bot.model import Media
from bot.publishers.mastodon import Mastodon
from bot.publishers.mastodon.answers import Status
from bot.publishers.mastodon.looks import Known
from bot.publishers.mastodon.server import Wire
from bot.wire import never_left
from tests.fakes.asks import AT, ask
from tests.fakes.mastodon import STATUSES, FakeMastodon
from tests.fakes.x import png

PAGE = "GET /api/v1/accounts/109"
PEOPLE = {"curator@museum.example": "https://museum.example/@curator"}
TEXT = (
    "On this day, 1877 & before: “the <i>first</i> ferry”\n\n#harbour, by @curator@museum.example:\n"
    "https://www.example.org/a/very/long/path/to/a/page?with=a&query=too :ferry:"
)


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon(people=PEOPLE) as fake:
        yield fake


@pytest.fixture
def mastodon(fake: FakeMastodon) -> Mastodon:
    return Mastodon(fake.account(), fake.secrets, Path("unused"))


def another(fake: FakeMastodon, **account: Any) -> Mastodon:
    """A publisher of another process: it remembers nothing."""
    return Mastodon(fake.account(**account), fake.secrets, Path("unused"))


def again(part: Ask, *, after: int) -> Ask:
    return replace(part, first_at=part.at, at=part.at + after)


def answered(mastodon: Mastodon, part: Ask) -> str:
    try:
        mastodon.publish(part)
    except Answer as answer:
        return type(answer).__name__
    return "Receipt"


def test_a_status_has_all_that_was_asked_for(fake: FakeMastodon) -> None:
    mastodon = another(fake, visibility="unlisted")
    part = ask(text=TEXT, lang="de", warning="Shipwreck")
    part = replace(part, prepared=mastodon.prepare((part,))[0])

    receipt = mastodon.publish(part)

    (status,) = fake.statuses
    assert receipt == Receipt(status.id, f"{fake.url}/@museum/{status.id}", AT)
    assert (status.text, status.language, status.spoiler) == (TEXT, "de", "Shipwreck")
    assert (status.visibility, status.reply_to, status.quoted) == ("unlisted", None, "")


def test_without_a_visibility_a_status_is_for_everyone(fake: FakeMastodon, mastodon: Mastodon) -> None:
    mastodon.publish(ask())

    assert fake.statuses[0].visibility == "public"


def test_preparing_writes_nothing_and_says_the_same_every_time(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    asks = [ask(part=part, parts=2) for part in (1, 2)]

    assert mastodon.prepare(asks) == another(fake).prepare(asks)
    assert fake.statuses == []
    assert fake.token not in "".join(mastodon.prepare(asks))


def test_a_part_that_was_prepared_is_one_request(fake: FakeMastodon, mastodon: Mastodon) -> None:
    part = replace(ask(), prepared=mastodon.prepare((ask(),))[0])
    before = len(fake.asked)

    mastodon.publish(part)

    assert fake.asked[before:] == [STATUSES]


def test_a_thread_is_a_chain_of_replies(fake: FakeMastodon, mastodon: Mastodon) -> None:
    before = None

    for part, text in enumerate(("one", "two", "three"), start=1):
        before = mastodon.publish(ask(text=text, part=part, parts=3, reply_to=before)).id

    ids = [status.id for status in fake.statuses]
    assert [status.reply_to for status in fake.statuses] == [None, *ids[:2]]


def test_the_same_key_twice_is_one_status_and_each_part_has_its_own(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    first, second = mastodon.publish(ask()), mastodon.publish(ask())
    other = mastodon.publish(ask(part=2, parts=2, reply_to=first.id))

    assert first == second != other
    assert len(fake.statuses) == 2


def test_half_a_character_is_refused_before_anything_is_asked(fake: FakeMastodon, mastodon: Mastodon) -> None:
    with pytest.raises(Refused, match="part 1 holds half a character"):
        mastodon.prepare((ask(text="\ud83d"),))

    assert fake.asked == []


SILENT: list[dict[str, Any]] = [
    {"kind": "silent"},
    {"kind": "torn"},
    {"kind": "html"},
    {"kind": "empty"},
    *({"kind": "error after", "status": status} for status in (500, 502, 503, 504, 408, 409)),
]


@pytest.mark.parametrize("honours_keys", [True, False])
@pytest.mark.parametrize("fault", SILENT)
def test_silence_is_a_doubt_that_a_look_settles_and_asking_again_makes_no_second_status(
    fake: FakeMastodon, mastodon: Mastodon, fault: dict[str, Any], *, honours_keys: bool
) -> None:
    fake.honours_keys, fake.fails_on_repeat = honours_keys, True
    part = ask(text=TEXT)
    fake.fail_next(**fault)

    answers = [answered(mastodon, part), answered(another(fake), again(part, after=200))]
    found = another(fake).find(again(part, after=300))

    assert answers == ["Unanswered", "Receipt"]
    assert found is not None
    assert [found.id] == [status.id for status in fake.statuses]


def test_what_was_dropped_before_it_arrived_is_proved_absent_and_asked_for_again(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    fake.add("An older one", at=AT - 1_000)
    fake.fail_next("dropped")

    answer = answered(mastodon, ask())
    found = mastodon.find(again(ask(), after=120))
    mastodon.publish(again(ask(), after=121))

    assert (answer, found) == ("Unanswered", None)
    assert [status.text for status in fake.statuses] == ["An older one", ask().text]


def test_an_answer_that_comes_too_late_is_a_doubt(fake: FakeMastodon) -> None:
    fake.fail_next("late")

    with pytest.raises(Unanswered, match="ReadTimeout"):
        another(fake, timeout=1).publish(ask())

    assert len(fake.statuses) == 1


def test_no_request_goes_over_a_connection_that_may_be_dead_by_now(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    for key in ("one", "two", "three"):
        mastodon.publish(ask(key=key))

    assert fake.connections == len(fake.asked)


def test_people_are_not_warned_of_what_concerns_the_makers_of_a_library(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    fake.headers = {"Deprecation": "true"}

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        mastodon.publish(ask())

    assert told == []


class Stumbling:
    """What takes a request, and then fails in a way that nobody thought of."""

    def close(self) -> None:
        """Have nothing to close."""

    def send(self, *request: object, **options: object) -> None:
        """Fail."""
        raise ZeroDivisionError(request, options)


def test_a_request_that_may_have_left_is_a_doubt_however_it_failed() -> None:
    stumbling: Any = Stumbling()
    wire = Wire(stumbling)
    before = wire.silence

    with pytest.raises(ZeroDivisionError):
        wire.send(stumbling)

    assert (never_left(before), never_left(wire.silence)) == (True, False)


def test_a_server_that_cannot_be_reached_has_nothing(fake: FakeMastodon) -> None:
    mastodon = another(fake, url="http://127.0.0.1:9")
    prepared = another(fake).prepare((ask(),))[0]

    with pytest.raises(NotNow, match="Mastodon cannot be reached: NewConnectionError"):
        mastodon.publish(ask(prepared=prepared))


def test_what_the_library_does_not_send_was_not_sent(fake: FakeMastodon, mastodon: Mastodon) -> None:
    prepared = mastodon.prepare((ask(),))[0].replace("public", "everyone")

    with pytest.raises(NotNow, match="Mastodon cannot be reached: Unsent"):
        mastodon.publish(ask(prepared=prepared))

    assert fake.statuses == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Reset": "soon"},
        {"X-RateLimit-Reset": "2026-09-21T14:23:20.123Z", "X-RateLimit-Remaining": "many"},
    ],
)
def test_odd_headers_do_not_hide_a_receipt(
    fake: FakeMastodon, mastodon: Mastodon, headers: dict[str, str]
) -> None:
    fake.headers = headers

    assert mastodon.publish(ask()).id == fake.statuses[0].id


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"X-RateLimit-Reset": "2026-09-21T14:23:20.123Z"}, AT + 600),
        ({"X-RateLimit-Reset": str(AT + 600)}, AT + 600),
        ({"Retry-After": "30"}, AT + 30),
        ({"X-RateLimit-Reset": "2026-09-21T14:23:20Z", "Retry-After": "700"}, AT + 700),
        ({"X-RateLimit-Reset": "nonsense"}, None),
        ({}, None),
    ],
)
def test_too_many_requests_wait_for_the_time_that_the_instance_names(
    fake: FakeMastodon, mastodon: Mastodon, headers: dict[str, str], after: int | None
) -> None:
    fake.fail_next("answer", status=429, headers=headers)

    with pytest.raises(NotNow, match="Mastodon takes no more from museum-m for now") as error:
        mastodon.publish(ask())

    assert (type(error.value), error.value.after) == (NotNow, after)
    assert fake.statuses == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "The access token was revoked"),
        (403, "Your account has been suspended"),
        (403, "Your login is currently disabled"),
        (403, "Your login is currently pending approval"),
        (403, "Your login is missing a confirmed e-mail address"),
        (403, "This action is outside the authorized scopes"),
        (422, "This method requires an authenticated user"),
    ],
)
def test_an_account_that_is_shut_out_waits_for_a_person_and_is_told_what_to_do_in_the_same_words_each_time(
    fake: FakeMastodon, mastodon: Mastodon, status: int, said: str
) -> None:
    fake.refuse_next(status, said, times=2)
    told = []

    for _ in range(2):
        with pytest.raises(Barred) as error:
            mastodon.publish(ask())
        told.append(str(error.value))

    assert told[0] == told[1]
    assert f"account museum-m: Mastodon shuts it out ({said})" in told[0]
    assert "MUSEUM_M_ACCESS_TOKEN" in told[0]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "visibility is not included in the list"),
        (403, "This action is not allowed"),
        (404, "Record not found"),
        (410, "Gone"),
        (413, "Request Entity Too Large"),
        (422, "Validation failed: Text can't be blank"),
    ],
)
def test_a_plain_no_is_told_in_the_server_s_own_words(
    fake: FakeMastodon, mastodon: Mastodon, status: int, said: str
) -> None:
    fake.refuse_next(status, said)

    with pytest.raises(Refused) as error:
        mastodon.publish(ask())

    assert str(error.value) == f"Mastodon refused (HTTP {status}) for museum-m: {said}"


def test_a_no_without_words_is_told_by_its_name(fake: FakeMastodon, mastodon: Mastodon) -> None:
    fake.fail_next("answer", status=400, body="<html>")

    with pytest.raises(Refused, match="Bad Request"):
        mastodon.publish(ask())


def test_a_thread_whose_end_is_gone_says_what_it_stays_without(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    with pytest.raises(Refused) as error:
        mastodon.publish(ask(part=2, parts=4, reply_to="1"))

    assert str(error.value).startswith("the part before is gone from Mastodon, for museum-m: ")
    assert str(error.value).endswith("; the thread stays without its parts 2 to 4")
    assert fake.statuses == []


def test_a_redirection_waits_for_a_person(fake: FakeMastodon, mastodon: Mastodon) -> None:
    fake.fail_next("answer", status=308, headers={"Location": "https://elsewhere.example/api/v1/statuses"})

    with pytest.raises(Barred, match="put its present address in `url`"):
        mastodon.publish(ask())


def test_before_a_second_time_the_account_s_own_statuses_are_looked_at(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    fake.honours_keys = False
    first = mastodon.publish(ask(text=TEXT))

    second = another(fake).publish(again(ask(text=TEXT), after=7_200))

    assert second == replace(first, at=AT + 7_200)
    assert len(fake.statuses) == 1


@pytest.mark.parametrize("fault", [{"kind": "html"}, {"kind": "dropped"}, {"kind": "answer", "status": 404}])
def test_what_cannot_be_looked_at_is_not_asked_for_a_second_time(
    fake: FakeMastodon, mastodon: Mastodon, fault: dict[str, Any]
) -> None:
    fake.fail_next(route=PAGE, **fault)

    with pytest.raises(NotNow, match="nothing was posted"):
        mastodon.publish(again(ask(), after=60))

    assert fake.statuses == []


@pytest.mark.parametrize(("after", "answer"), [(3_299, "Receipt"), (3_300, "Unanswered")])
def test_an_account_that_may_not_be_read_relies_on_its_key_for_as_long_as_it_holds(
    fake: FakeMastodon, after: int, answer: str
) -> None:
    mastodon = another(fake, find=False)

    assert answered(mastodon, again(ask(), after=after)) == answer
    assert fake.times_asked(PAGE) == 0


NEARLY: list[dict[str, Any]] = [
    {"text": "Another text"},
    {"text": TEXT + "!"},
    {"reply_to": "116000000000000001"},
    {"at": AT - 61},
]


@pytest.mark.parametrize("other", NEARLY)
def test_a_status_that_is_nearly_the_part_is_not_the_part(
    fake: FakeMastodon, mastodon: Mastodon, other: dict[str, Any]
) -> None:
    fake.add(**{"text": TEXT, **other})

    assert mastodon.find(ask(text=TEXT)) is None


@pytest.mark.parametrize("at", [AT - 60, AT, AT + 3_000])
def test_a_clock_that_is_a_minute_behind_hides_nothing(
    fake: FakeMastodon, mastodon: Mastodon, at: int
) -> None:
    status = fake.add(TEXT, at=at)

    assert mastodon.find(again(ask(text=TEXT), after=4_000)) == Receipt(
        status.id, f"{fake.url}/@museum/{status.id}", AT + 4_000
    )


def test_a_status_without_the_part_s_picture_is_not_the_part(
    fake: FakeMastodon, mastodon: Mastodon, tmp_path: Path
) -> None:
    (tmp_path / "1.png").write_bytes(png())
    pictured = ask(media=(Media(str(tmp_path / "1.png"), "A ferry"),))
    fake.add(ask().text)
    without = mastodon.find(pictured)

    receipt = mastodon.publish(pictured)

    assert without is None
    assert another(fake).find(pictured) == receipt


def test_a_status_that_is_known_to_be_another_part_is_not_this_one(mastodon: Mastodon) -> None:
    receipt = mastodon.publish(ask(key="one"))

    assert mastodon.find(ask(key="other")) is None
    assert mastodon.find(ask(key="one")) == receipt


def test_what_is_known_of_statuses_has_an_end() -> None:
    known = Known(most=2)

    for number in (1, 2, 3):
        known.add(Status(id=str(number)), f"part-{number}")

    assert [known.may_be(Status(id=str(number)), "other") for number in (1, 2, 3)] == [True, False, False]


def test_statuses_are_read_back_to_the_first_time_however_many_there_are_since(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    status = fake.add(TEXT)
    for number in range(100):
        fake.add(f"Number {number}", at=AT + number)

    found = mastodon.find(again(ask(text=TEXT), after=500))

    assert found is not None
    assert found.id == status.id
    assert fake.times_asked(PAGE) == 3


def test_too_many_statuses_to_read_prove_nothing(fake: FakeMastodon, mastodon: Mastodon) -> None:
    page = '[{"id": "1", "created_at": "2026-09-21T14:13:20Z", "content": "Another one"}]'
    fake.fail_next("answer", route=PAGE, times=25, status=200, body=page)

    with pytest.raises(Unanswered, match="more than 1000 statuses since then"):
        mastodon.find(ask(text=TEXT))


def test_a_status_without_its_time_proves_nothing(fake: FakeMastodon, mastodon: Mastodon) -> None:
    fake.fail_next("answer", route=PAGE, status=200, body='[{"id": "1", "created_at": null}]')

    with pytest.raises(Unanswered, match="does not say when"):
        mastodon.find(ask())


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own time is not UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_a_time_without_a_zone_is_utc(fake: FakeMastodon, mastodon: Mastodon) -> None:
    shown = f'[{{"id": 7, "uri": "tag:7", "created_at": "2026-09-21T14:13:20", "content": "{ask().text}"}}]'
    fake.fail_next("answer", route=PAGE, status=200, body=shown)

    assert mastodon.find(ask()) == Receipt("7", "tag:7", AT)


@pytest.mark.parametrize(
    "fault",
    [{"kind": "html"}, {"kind": "dropped"}, *({"kind": "answer", "status": n} for n in (401, 404, 429, 500))],
)
@pytest.mark.parametrize("route", [PAGE, "GET /api/v1/accounts/verify_credentials"])
def test_statuses_that_cannot_be_read_leave_the_question_open(
    fake: FakeMastodon, mastodon: Mastodon, fault: dict[str, Any], route: str
) -> None:
    fake.fail_next(route=route, **fault)

    with pytest.raises(Unanswered, match="the statuses of museum-m cannot be read"):
        mastodon.find(ask())


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3, unique_by=lambda text: " ".join(text.split()))
)
def test_whatever_is_posted_is_found_by_who_posted_it_and_once(fake: FakeMastodon, texts: list[str]) -> None:
    fake.honours_keys = False
    fake.statuses.clear()
    parts = [ask(key=f"key-{number}", text=text) for number, text in enumerate(texts)]

    receipts = [another(fake).publish(part) for part in parts]
    found = [another(fake).find(part) for part in parts]

    assert found == receipts
    assert len(fake.statuses) == len(texts)
