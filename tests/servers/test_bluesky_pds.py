"""Bluesky's publisher against a real Bluesky server. What counts is what the server has."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from PIL import Image
from pytest_httpserver import HTTPServer

from bot.contracts import Ask, Deletion, Quote, Receipt, Removal, Secret
from bot.errors import Barred, Refused, Unanswered
from bot.model import Account, Media
from bot.publishers.bluesky import Bluesky
from tests.fakes import faults
from tests.fakes.asks import ask
from tests.fakes.faults import Fault
from tests.fakes.proxy import FaultProxy
from tests.servers.asking import FAULTS, TRUE_WHEN, answered, delivered, found, prepared
from tests.servers.real import Pds, Repo

PUT, APPLY, UPLOAD, DELETE = (
    f"/xrpc/com.atproto.repo.{name}" for name in ("putRecord", "applyWrites", "uploadBlob", "deleteRecord")
)
SIGN_IN, RENEW = (f"/xrpc/com.atproto.server.{name}Session" for name in ("create", "refresh"))
EXPIRED = faults.status(400, body='{"error": "ExpiredToken", "message": "Token has expired"}')


@pytest.fixture
def repo(pds: Pds) -> Repo:
    return pds.new_account()


def publisher(proxy: FaultProxy, repo: Repo, *, timeout: int = 30, password: str = "") -> Bluesky:
    live = Account("museum", "bluesky", live=True, url=proxy.url, timeout=timeout)
    secrets = {"HANDLE": Secret(repo.handle), "APP_PASSWORD": Secret(password or repo.password)}
    return Bluesky(live, secrets, Path())


def said(now: int, text: str = "The first ferry crossed today.", **other: object) -> Ask:
    return ask(key=uuid4().hex[:24], network="bluesky", text=text, at=now, **other)


def thread(now: int, *texts: str) -> list[Ask]:
    first = said(now, parts=len(texts))
    return [replace(first, part=part, text=text) for part, text in enumerate(texts, start=1)]


def addresses(receipt: Receipt) -> list[str]:
    return [receipt.id, *(each.id for each in receipt.then)]


def uris(repo: Repo) -> list[str]:
    return [post["uri"] for post in repo.posts]


def test_links_mentions_and_hashtags_lead_somewhere_by_their_bytes(
    before_pds: FaultProxy, pds: Pds, repo: Repo, httpserver: HTTPServer, now: int
) -> None:
    httpserver.expect_request("/ferry").respond_with_data(
        "<title>The ferry</title>", content_type="text/html"
    )
    harbour, page = pds.new_account(), httpserver.url_for("/ferry")
    bluesky = publisher(before_pds, repo)

    bluesky.publish(*prepared(bluesky, [said(now, f"Ahoi, ⛴️ @{harbour.handle}: {page} #Fähre")]))

    (value,) = (post["value"] for post in repo.posts)
    links, mentions, tags = (led_to(value, kind) for kind in ("link", "mention", "tag"))
    assert mentions == {f"@{harbour.handle}": harbour.did}
    assert tags == {"#Fähre": "Fähre"}
    assert list(links.values()) == [page]
    assert value["embed"]["external"]["title"] == "The ferry"


def led_to(value: dict[str, Any], kind: str) -> dict[str, str]:
    """Where a post's words lead: the bytes that a facet names, and its target."""
    shown, field = value["text"].encode(), {"link": "uri", "mention": "did", "tag": "tag"}[kind]
    return {
        shown[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): feature[field]
        for facet in value["facets"]
        for feature in facet["features"]
        if feature["$type"] == f"app.bsky.richtext.facet#{kind}"
    }


def test_a_thread_is_there_in_one_stroke_each_part_below_the_one_before(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo)
    first, *_ = prepared(bluesky, thread(now, "one", "two", "three"))

    receipt = bluesky.publish(first)

    one, two, three = repo.posts
    root, parent = ({"uri": each["uri"], "cid": each["cid"]} for each in (one, two))
    assert repo.texts == ["one", "two", "three"]
    assert "reply" not in one["value"]
    assert two["value"]["reply"] == {"root": root, "parent": root}
    assert three["value"]["reply"] == {"root": root, "parent": parent}
    assert addresses(receipt) == [one["uri"], two["uri"], three["uri"]]
    assert before_pds.forwarded[f"POST {APPLY}"] == 1


def test_a_part_alone_finds_its_place_below_what_is_there(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo)
    before = None

    for part in thread(now, "one", "two", "three"):
        (alone,) = prepared(bluesky, [replace(part, reply_to=before)])
        before = bluesky.publish(alone).id

    one, two, three = repo.posts
    assert three["value"]["reply"]["root"]["cid"] == two["value"]["reply"]["root"]["cid"] == one["cid"]
    assert three["value"]["reply"]["parent"]["uri"] == two["uri"]


def noise(width: int, height: int) -> bytes:
    """A picture that hardly any coding makes smaller."""
    content = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(content, "PNG")
    return content.getvalue()


def shown_picture(repo: Repo) -> dict[str, Any]:
    (post,) = repo.posts
    (image,) = post["value"]["embed"]["images"]
    shown: dict[str, Any] = image
    return shown


@pytest.mark.parametrize(("width", "height"), [(600, 400), (1_800, 1_200)], ids=["small", "too large"])
def test_a_picture_is_there_with_its_alt_text_and_shape_as_large_as_the_server_takes(
    before_pds: FaultProxy, repo: Repo, tmp_path: Path, now: int, width: int, height: int
) -> None:
    file = tmp_path / "ferry.png"
    file.write_bytes(noise(width, height))
    bluesky = publisher(before_pds, repo)

    bluesky.publish(*prepared(bluesky, [said(now, media=(Media(str(file), "A ferry at noon"),))]))

    image = shown_picture(repo)
    ratio, blob = image["aspectRatio"], image["image"]
    query = {"did": repo.did, "cid": blob["ref"]["$link"]}
    kept = repo.web.session.get(repo.web.url + "/xrpc/com.atproto.sync.getBlob", params=query, timeout=60)
    assert image["alt"] == "A ferry at noon"
    assert ratio["width"] / ratio["height"] == pytest.approx(1.5, abs=0.01)
    assert len(kept.content) == blob["size"] <= 2_000_000
    assert Image.open(BytesIO(kept.content)).size == (ratio["width"], ratio["height"])


def test_a_quote_names_the_very_version_that_is_there(before_pds: FaultProxy, repo: Repo, now: int) -> None:
    bluesky = publisher(before_pds, repo)
    old = bluesky.publish(*prepared(bluesky, [said(now - 9, "The ferry is built.")]))

    part = said(now, "Seven years ago we said:", quote=Quote(old.id, old.url))
    bluesky.publish(*prepared(bluesky, [part]))

    quoted, quoting = repo.posts
    assert quoting["value"]["embed"]["record"] == {"uri": quoted["uri"], "cid": quoted["cid"]}


def test_one_session_serves_all_and_is_renewed_when_it_has_expired(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo)
    bluesky.publish(*prepared(bluesky, [said(now, "one")]))
    before_pds.next(EXPIRED.on("POST", PUT))

    for text in ("two", "three"):
        bluesky.publish(*prepared(bluesky, [said(now, text)]))

    assert sorted(repo.texts) == ["one", "three", "two"]
    assert before_pds.forwarded[f"POST {SIGN_IN}"] == 1
    assert before_pds.forwarded[f"POST {RENEW}"] == 1
    assert before_pds.forwarded[f"POST {PUT}"] == 3


def test_a_session_that_cannot_be_renewed_is_opened_anew(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo)
    (part,) = prepared(bluesky, [said(now)])
    before_pds.next(EXPIRED.on("POST", PUT), EXPIRED.on("POST", RENEW))

    bluesky.publish(part)

    assert len(repo.posts) == 1
    assert before_pds.forwarded[f"POST {SIGN_IN}"] == 2


def test_a_wrong_password_bars_the_account_and_nothing_is_posted(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo, password="another")

    with pytest.raises(Barred):
        bluesky.prepare([said(now)])

    assert repo.posts == []


def test_who_we_are_is_the_servers_own_word(before_pds: FaultProxy, repo: Repo) -> None:
    assert publisher(before_pds, repo).whoami() == f"@{repo.handle}"


def test_what_was_never_asked_for_is_not_there(before_pds: FaultProxy, repo: Repo, now: int) -> None:
    bluesky = publisher(before_pds, repo)

    assert bluesky.find(*prepared(bluesky, [said(now)])) is None


@pytest.mark.parametrize("texts", [("one",), ("one", "two", "three")], ids=["alone", "thread"])
def test_the_same_twice_also_from_another_process_is_there_once(
    before_pds: FaultProxy, repo: Repo, now: int, texts: tuple[str, ...]
) -> None:
    bluesky = publisher(before_pds, repo)
    first, *_ = prepared(bluesky, thread(now, *texts))
    receipt = bluesky.publish(first)

    again = [
        bluesky.publish(first),
        publisher(before_pds, repo).publish(replace(first, first_at=now, at=now + 9)),
    ]

    assert [addresses(each) for each in again] == [addresses(receipt)] * 2
    assert uris(repo) == addresses(receipt)


@pytest.mark.parametrize(
    ("texts", "path"), [(("one",), PUT), (("one", "two"), APPLY)], ids=["alone", "thread"]
)
@pytest.mark.parametrize(("fault", "has"), FAULTS, ids=[fault.name for fault, _ in FAULTS])
def test_whatever_goes_wrong_a_look_tells_the_truth_and_all_is_there_once_in_the_end(
    before_pds: FaultProxy, repo: Repo, now: int, fault: Fault, has: str, texts: tuple[str, ...], path: str
) -> None:
    bluesky = publisher(before_pds, repo, timeout=3)
    first, *_ = prepared(bluesky, thread(now, *texts))
    before_pds.next(fault.on("POST", path))

    told, seen = answered(bluesky, first), [found(bluesky, first)]
    before_pds.settle()
    seen.append(found(bluesky, first))
    receipt = delivered(bluesky, replace(first, first_at=now, at=now + 120), before_pds.settle)

    assert has in TRUE_WHEN[told]
    assert [each is not None for each in seen] == [has == "before", has != "never"]
    assert all(addresses(each) == uris(repo) for each in (*seen, receipt) if each)
    assert tuple(repo.texts) == texts
    assert before_pds.failed == {fault.name: 1}


@pytest.mark.parametrize(
    ("texts", "path"), [(("one",), PUT), (("one", "two"), APPLY)], ids=["alone", "thread"]
)
def test_asked_again_before_a_late_commit_all_is_there_once(
    before_pds: FaultProxy, repo: Repo, now: int, texts: tuple[str, ...], path: str
) -> None:
    """Without any quarantine: the record keys alone can help."""
    bluesky = publisher(before_pds, repo, timeout=3)
    first, *_ = prepared(bluesky, thread(now, *texts))
    before_pds.next(faults.commit_late(2).on("POST", path))

    told = [answered(bluesky, first), answered(bluesky, replace(first, first_at=now))]
    before_pds.settle()

    assert told == ["Unanswered", "Receipt"]
    assert tuple(repo.texts) == texts


def test_by_chance_too_all_is_there_once(
    before_pds: FaultProxy, repo: Repo, tmp_path: Path, now: int
) -> None:
    kinds = (faults.drop_before, faults.drop_after, faults.torn, faults.refuse, faults.page())
    for seed, fault in enumerate(kinds):
        before_pds.always(fault, probability=0.06, seed=seed)
    (tmp_path / "ferry.png").write_bytes(noise(60, 40))
    picture = (Media(str(tmp_path / "ferry.png"), "A ferry at noon"),)

    for number in range(20):
        texts = [f"{number}.{part}" for part in range(1 + number % 3)]
        bluesky = publisher(before_pds, repo)
        first, *others = thread(now + number, *texts)
        parts = prepared(bluesky, [replace(first, media=picture), *others])
        delivered(bluesky, parts[0], before_pds.settle)

    assert repo.texts == [f"{number}.{part}" for number in range(20) for part in range(1 + number % 3)]
    assert sum(before_pds.failed.values()) > 10


def removal(receipt: Receipt, now: int) -> Removal:
    return Removal("k" * 24, "museum", "bluesky", 1, receipt.id, receipt.url, now)


def test_each_record_of_a_thread_is_deleted_and_what_is_gone_was_gone_already(
    before_pds: FaultProxy, repo: Repo, now: int
) -> None:
    bluesky = publisher(before_pds, repo)
    bluesky.publish(*prepared(bluesky, [said(now - 9, "Stays.")]))
    one = bluesky.publish(prepared(bluesky, thread(now, "one", "two"))[0])
    (two,) = one.then

    answers = [bluesky.delete(removal(each, now)) for each in (two, one, two)]

    assert answers == [Deletion.REMOVED, Deletion.REMOVED, Deletion.GONE]
    assert repo.texts == ["Stays."]


def test_a_record_of_somebody_else_is_not_asked_for(
    before_pds: FaultProxy, pds: Pds, repo: Repo, now: int
) -> None:
    harbour = pds.new_account()
    theirs = publisher(before_pds, harbour)
    receipt = theirs.publish(*prepared(theirs, [said(now)]))

    with pytest.raises(Refused, match="another's"):
        publisher(before_pds, repo).delete(removal(receipt, now))

    assert len(harbour.posts) == 1


@pytest.mark.parametrize("fault", [faults.drop_before, faults.drop_after, faults.torn, faults.status(502)])
def test_a_deletion_whose_answer_is_lost_is_asked_again(
    before_pds: FaultProxy, repo: Repo, now: int, fault: Fault
) -> None:
    bluesky = publisher(before_pds, repo)
    receipt = bluesky.publish(*prepared(bluesky, [said(now)]))
    before_pds.next(fault.on("POST", DELETE))

    with pytest.raises(Unanswered):
        bluesky.delete(removal(receipt, now))
    before_pds.settle()

    assert bluesky.delete(removal(receipt, now)) in {Deletion.REMOVED, Deletion.GONE}
    assert repo.posts == []
