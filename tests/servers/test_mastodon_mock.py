"""Mastodon's publisher against a stand-in that has statuses, threads, pictures, and keys unless they are kept from it.

What counts is what the server has. All tests share its one account: each of them says words of its own.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace
from PIL import Image

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import Unanswered
from bot.model import Account, Media
from bot.publishers.mastodon import Mastodon
from tests.fakes import faults
from tests.fakes.asks import ask
from tests.fakes.faults import Fault
from tests.fakes.proxy import FaultProxy
from tests.servers.asking import FAULTS, TRUE_WHEN, answered, delivered, found, prepared
from tests.servers.real import StandIn

STATUSES = "/api/v1/statuses"


@pytest.fixture
def before_keyless(mastodon: StandIn) -> Iterator[FaultProxy]:
    """The same server, which never hears of a key."""
    with FaultProxy(mastodon.web.url, without="Idempotency-Key") as proxy:
        yield proxy


@pytest.fixture(params=["with keys", "without keys"])
def either(
    request: pytest.FixtureRequest, before_mastodon: FaultProxy, before_keyless: FaultProxy
) -> FaultProxy:
    return before_mastodon if request.param == "with keys" else before_keyless


def account(proxy: FaultProxy, mastodon: StandIn, *, timeout: int = 30) -> Mastodon:
    live = Account("museum", "mastodon", live=True, url=proxy.url, timeout=timeout)
    return Mastodon(live, {"ACCESS_TOKEN": Secret(mastodon.token)}, Path())


def said(now: int, text: str = "The first ferry crossed today, {}.", **other: object) -> tuple[Ask, str]:
    """An ask for a status, and the word by which it is told."""
    word = f"no{uuid4().hex[:12]}"
    return ask(key=uuid4().hex[:24], network="mastodon", text=text.format(word), at=now, **other), word


def test_a_status_says_what_was_asked_for(before_mastodon: FaultProxy, mastodon: StandIn, now: int) -> None:
    part, word = said(now, lang="de", warning="ferries")
    publisher = account(before_mastodon, mastodon)

    receipt = publisher.publish(*prepared(publisher, [part]))

    (status,) = mastodon.statuses(word)
    assert (receipt.id, receipt.url) == (status["id"], status["url"])
    assert part.text in status["content"]
    assert (status["language"], status["spoiler_text"]) == ("de", "ferries")
    assert status["visibility"] == "public"


def test_who_we_are_and_what_it_takes_is_the_servers_own_word(
    before_mastodon: FaultProxy, mastodon: StandIn
) -> None:
    publisher = account(before_mastodon, mastodon)
    told = mastodon.web.get("/api/v2/instance")

    limits = publisher.learn()

    assert limits.text == told["configuration"]["statuses"]["max_characters"]
    assert limits.images == told["configuration"]["statuses"]["max_media_attachments"]
    assert publisher.whoami().endswith(f"@{told['domain']}")


def test_a_thread_is_a_chain_of_replies(before_mastodon: FaultProxy, mastodon: StandIn, now: int) -> None:
    first, word = said(now, "one {}", parts=3)
    publisher = account(before_mastodon, mastodon)
    before = None

    for part, text in enumerate((first.text, f"two {word}", f"three {word}"), start=1):
        (whole,) = prepared(publisher, [replace(first, part=part, text=text, reply_to=before)])
        before = publisher.publish(whole).id

    one, two, three = mastodon.statuses(word)
    assert [each["in_reply_to_id"] for each in (one, two, three)] == [None, one["id"], two["id"]]
    assert three["id"] == before


def test_a_picture_has_its_alt_text_and_focus_and_arrives_whole(
    before_mastodon: FaultProxy, mastodon: StandIn, tmp_path: Path, now: int
) -> None:
    file = tmp_path / "ferry.png"
    file.write_bytes(noise(900, 700))
    part, word = said(now, media=(Media(str(file), "A ferry at noon", focus=(0.5, -0.25)),))
    publisher = account(before_mastodon, mastodon)

    publisher.publish(*prepared(publisher, [part]))

    (status,) = mastodon.statuses(word)
    (shown,) = status["media_attachments"]
    assert (shown["type"], shown["description"]) == ("image", "A ferry at noon")
    assert shown["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert mastodon.web.session.get(shown["url"], timeout=60).content == file.read_bytes()


def noise(width: int, height: int) -> bytes:
    """A picture that hardly any coding makes smaller."""
    content = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(content, "PNG")
    return content.getvalue()


def test_the_same_key_twice_is_one_status(either: FaultProxy, mastodon: StandIn, now: int) -> None:
    part, word = said(now)
    publisher = account(either, mastodon)
    (whole,) = prepared(publisher, [part])

    receipt = publisher.publish(whole)
    again = account(either, mastodon).publish(replace(whole, first_at=now, at=now + 10))

    assert again.id == receipt.id
    assert len(mastodon.statuses(word)) == 1


@pytest.mark.parametrize(("fault", "has"), FAULTS, ids=[fault.name for fault, _ in FAULTS])
def test_whatever_goes_wrong_a_look_tells_the_truth_and_there_is_one_status_in_the_end(
    either: FaultProxy, mastodon: StandIn, now: int, fault: Fault, has: str
) -> None:
    part, word = said(now)
    publisher = account(either, mastodon, timeout=2)
    (whole,) = prepared(publisher, [part])
    either.next(fault.on("POST", STATUSES))

    told, seen = answered(publisher, whole), [found(publisher, whole)]
    either.settle()
    seen.append(found(publisher, whole))
    receipt = delivered(publisher, replace(whole, first_at=now, at=now + 120), either.settle)

    assert has in TRUE_WHEN[told]
    assert [each is not None for each in seen] == [has == "before", has != "never"]
    assert [receipt.id] == [each["id"] for each in mastodon.statuses(word)]
    assert either.failed == {fault.name: 1}


def test_a_key_makes_one_of_two_that_race_for_a_late_commit(
    before_mastodon: FaultProxy, mastodon: StandIn, now: int
) -> None:
    """Asked again too early, before the first is there: the key alone can help."""
    part, word = said(now)
    publisher = account(before_mastodon, mastodon, timeout=2)
    (whole,) = prepared(publisher, [part])
    before_mastodon.next(faults.commit_late(3).on("POST", STATUSES))

    told = [answered(publisher, whole), answered(publisher, replace(whole, first_at=now))]
    before_mastodon.settle()

    assert told == ["Unanswered", "Receipt"]
    assert len(mastodon.statuses(word)) == 1


def test_a_picture_whose_upload_goes_wrong_is_uploaded_again_and_shown_once(
    before_mastodon: FaultProxy, mastodon: StandIn, tmp_path: Path, now: int
) -> None:
    file = tmp_path / "ferry.png"
    file.write_bytes(noise(300, 200))
    part, word = said(now, media=(Media(str(file), "A ferry at noon"),))
    publisher = account(before_mastodon, mastodon)
    before_mastodon.next(
        *(each.on("POST", "/api/v2/media") for each in (faults.drop_before, faults.drop_after))
    )

    delivered(publisher, prepared(publisher, [part])[0], before_mastodon.settle)

    (status,) = mastodon.statuses(word)
    assert [each["description"] for each in status["media_attachments"]] == ["A ferry at noon"]


def test_by_chance_too_every_part_is_there_once(either: FaultProxy, mastodon: StandIn, now: int) -> None:
    for seed, fault in enumerate((faults.drop_before, faults.drop_after, faults.torn, faults.refuse)):
        either.always(fault, probability=0.08, seed=seed)
    publisher = account(either, mastodon)
    word = f"no{uuid4().hex[:12]}"

    for number in range(30):
        part, _ = said(now, f"{{}} {word} {number}")
        delivered(publisher, prepared(publisher, [part])[0], either.settle)

    there = [each["content"] for each in mastodon.statuses(word)]
    assert len(there) == 30
    assert [f"{word} {number}" in content for number, content in enumerate(there)] == [True] * 30
    assert sum(either.failed.values()) > 5


def removal(receipt: Receipt, now: int) -> Removal:
    return Removal("k" * 24, "museum", "mastodon", 1, receipt.id, receipt.url, now)


def test_a_thread_is_deleted_from_its_end_and_what_is_gone_was_gone_already(
    before_mastodon: FaultProxy, mastodon: StandIn, now: int
) -> None:
    first, word = said(now, "one {}", parts=2)
    publisher = account(before_mastodon, mastodon)
    one = publisher.publish(*prepared(publisher, [first]))
    second = replace(first, part=2, text=f"two {word}", reply_to=one.id)
    two = publisher.publish(*prepared(publisher, [second]))

    answers = [publisher.delete(removal(each, now)) for each in (two, one, two)]

    assert answers == [Deletion.REMOVED, Deletion.REMOVED, Deletion.GONE]
    assert mastodon.statuses(word) == []


@pytest.mark.parametrize("fault", [faults.drop_before, faults.drop_after, faults.torn, faults.status(502)])
def test_a_deletion_whose_answer_is_lost_is_asked_again(
    before_mastodon: FaultProxy, mastodon: StandIn, now: int, fault: Fault
) -> None:
    part, word = said(now)
    publisher = account(before_mastodon, mastodon)
    receipt = publisher.publish(*prepared(publisher, [part]))
    before_mastodon.next(fault.on("DELETE", STATUSES))

    with pytest.raises(Unanswered):
        publisher.delete(removal(receipt, now))
    before_mastodon.settle()

    assert publisher.delete(removal(receipt, now)) in {Deletion.REMOVED, Deletion.GONE}
    assert mastodon.statuses(word) == []
