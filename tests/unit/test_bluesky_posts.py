"""Posts, threads, pictures and quotes, as Bluesky has them at the end."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from bot.contracts import Ask, Quote, Receipt, Secret
from bot.errors import BadCall, NotLive, NotNow, Refused
from bot.planning.count import fits, length
from bot.publishers.bluesky import Bluesky
from tests.fakes import bluesky, pictures
from tests.fakes.asks import AT, ask
from tests.fakes.bluesky import APPLY, DID, LOOK, POST, PUT, RESOLVE, SIGN_IN, UPLOAD, FakeBluesky, cid_of

OUTBOX = Path("unused")


@pytest.fixture
def fake() -> Iterator[FakeBluesky]:
    with FakeBluesky() as fake:
        yield fake


def publisher(fake: FakeBluesky) -> Bluesky:
    return Bluesky(fake.account(), fake.secrets, OUTBOX)


def thread(*texts: str, **other: object) -> list[Ask]:
    return [
        ask(text=text, part=part, parts=len(texts), network="bluesky", **other)
        for part, text in enumerate(texts, start=1)
    ]


def prepared(publisher: Bluesky, asks: Sequence[Ask]) -> list[Ask]:
    texts = publisher.prepare(asks)
    return [replace(each, prepared=text) for each, text in zip(asks, texts, strict=True)]


def shown(fake: FakeBluesky, one: Ask) -> bluesky.Json:
    """The record that becomes of a part."""
    bot = publisher(fake)
    (one,) = prepared(bot, [one])
    return fake.posts[bot.publish(one).id.rpartition("/")[2]]


def large_png() -> bytes:
    return pictures.encoded(pictures.noise(900, 600), "PNG")


def test_a_post_is_a_record_with_its_text_language_and_date(fake: FakeBluesky) -> None:
    record = shown(fake, ask(text="Ahoi, Fähre ⛴", lang="de"))

    assert record == {
        "$type": POST,
        "text": "Ahoi, Fähre ⛴",
        "createdAt": "2026-09-21T14:13:20.000Z",
        "langs": ["de"],
    }


def test_a_receipt_names_the_post_and_where_people_see_it(fake: FakeBluesky) -> None:
    receipt = publisher(fake).publish(ask())

    (key,) = fake.posts
    address = f"https://bsky.app/profile/{DID}/post/{key}"
    assert receipt == Receipt(id=f"at://{DID}/{POST}/{key}", url=address, at=AT)


def test_preparing_shows_nothing_and_holds_no_secret(fake: FakeBluesky) -> None:
    texts = publisher(fake).prepare(thread("one", "two"))

    assert fake.posts == {}
    assert [word for word in (*fake.tokens, fake.credentials["APP_PASSWORD"]) if word in "".join(texts)] == []


def test_nothing_to_prepare_asks_nobody(fake: FakeBluesky) -> None:
    assert publisher(fake).prepare([]) == []
    assert fake.asked == []


def test_preparing_twice_prepares_the_same(fake: FakeBluesky) -> None:
    asks = thread("one", "two")

    assert publisher(fake).prepare(asks) == publisher(fake).prepare(asks)


def test_the_same_asked_twice_is_one_post(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    (one,) = prepared(bot, [ask()])

    assert bot.publish(one) == publisher(fake).publish(one)
    assert fake.texts == [ask().text]


def test_what_was_never_prepared_is_one_post_too_when_it_is_asked_for_again(fake: FakeBluesky) -> None:
    first = publisher(fake).publish(ask())

    again = publisher(fake).publish(ask(at=AT + 600, first_at=AT))

    assert again.id == first.id
    assert fake.texts == [ask().text]


def test_an_old_post_under_our_key_is_ours_whatever_it_says_now(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    (one,) = prepared(bot, [ask()])
    receipt = bot.publish(one)
    fake.add(receipt.id.rpartition("/")[2], "edited by its owner")

    assert bot.publish(one) == receipt
    assert fake.texts == ["edited by its owner"]


def test_a_thread_is_shown_in_one_stroke_with_all_its_receipts(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two", "three"))

    receipt = bot.publish(asks[0])

    first, second, third = (fake.posts[key] for key in sorted(fake.posts))
    refs = [{"uri": fake.address(key), "cid": cid_of(fake.posts[key])} for key in sorted(fake.posts)]
    assert fake.texts == ["one", "two", "three"]
    assert "reply" not in first
    assert second["reply"] == {"root": refs[0], "parent": refs[0]}
    assert third["reply"] == {"root": refs[0], "parent": refs[1]}
    assert [each.id for each in (receipt, *receipt.then)] == [ref["uri"] for ref in refs]
    assert fake.times_asked(APPLY) == 1
    assert fake.times_asked(PUT) == 0


def test_the_parts_of_a_thread_have_dates_in_their_order(fake: FakeBluesky) -> None:
    bot = publisher(fake)

    bot.publish(prepared(bot, thread("one", "two"))[0])

    dates = [fake.posts[key]["createdAt"] for key in sorted(fake.posts)]
    assert dates == ["2026-09-21T14:13:20.000Z", "2026-09-21T14:13:20.001Z"]


def test_a_thread_asked_for_twice_is_there_once(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two"))

    assert bot.publish(asks[0]) == bot.publish(asks[0])
    assert fake.texts == ["one", "two"]


def test_a_later_part_that_went_with_the_first_is_there_when_it_is_asked_for_alone(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two", "three"))
    receipt = bot.publish(asks[0])

    alone = bot.publish(replace(asks[2], reply_to=receipt.then[0].id))

    assert alone == receipt.then[1]
    assert fake.texts == ["one", "two", "three"]


def test_a_thread_of_which_its_owner_took_the_end_away_says_what_is_left(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two", "three"))
    receipt = bot.publish(asks[0])
    del fake.posts[receipt.then[1].id.rpartition("/")[2]]

    again = bot.publish(asks[0])

    assert again == replace(receipt, then=receipt.then[:1])
    assert bot.find(asks[0]) == again


def test_a_server_that_says_nothing_of_what_it_wrote_is_looked_at(fake: FakeBluesky) -> None:
    fake.says_what_was_written = False
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two"))

    receipt = bot.publish(asks[0])

    assert len(receipt.then) == 1
    assert fake.times_asked(LOOK) == 2


def test_part_by_part_a_thread_is_a_chain_too(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    before = None

    for each in thread("one", "two", "three"):
        before = bot.publish(replace(each, reply_to=before)).id

    refs = [{"uri": fake.address(key), "cid": cid_of(fake.posts[key])} for key in sorted(fake.posts)]
    replies = [fake.posts[key].get("reply") for key in sorted(fake.posts)]
    assert replies == [None, {"root": refs[0], "parent": refs[0]}, {"root": refs[0], "parent": refs[1]}]


def test_the_rest_of_a_thread_waits_until_it_knows_what_it_replies_to(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = thread("one", "two", "three")
    first = bot.publish(asks[0])

    kept = bot.prepare(asks[1:])
    bot.publish(replace(asks[1], reply_to=first.id))

    assert kept == ["", ""]
    assert fake.texts == ["one", "two"]


def test_the_rest_of_a_thread_is_refused_before_it_knows_what_it_replies_to(fake: FakeBluesky) -> None:
    with pytest.raises(Refused, match="part 3 is too long"):
        publisher(fake).prepare(thread("one", "two", "x" * 301)[1:])


def test_a_part_whose_parent_is_gone_is_refused_by_name(fake: FakeBluesky) -> None:
    part = replace(thread("one", "two")[1], reply_to=fake.address("3jzfcijpj2z2a"))

    with pytest.raises(Refused, match=r"the part before it is gone; the thread stays without its part 2$"):
        publisher(fake).publish(part)


@pytest.mark.parametrize("letter", ["a", "\N{ROCKET}"])
def test_what_a_plan_lets_pass_with_its_warning_is_not_refused(fake: FakeBluesky, letter: str) -> None:
    room = 300 - length("", Bluesky.limits, warning="Loss of life")

    shown(fake, ask(text=letter * room, warning="Loss of life"))

    assert not fits(letter * (room + 1), Bluesky.limits, warning="Loss of life")


def test_a_warning_stands_before_the_text(fake: FakeBluesky) -> None:
    assert shown(fake, ask(text="text", warning="Loss of life"))["text"] == "Loss of life\n\ntext"


@pytest.mark.parametrize(
    ("text", "warning"),
    [("x" * 301, ""), ("x" * 299, "y"), ("👩🏽‍🚀" * 300, "")],
    ids=["characters", "with its warning", "bytes"],
)
def test_what_is_too_long_is_refused_before_anybody_is_asked(
    fake: FakeBluesky, text: str, warning: str
) -> None:
    with pytest.raises(Refused, match=r"is too long: Bluesky takes 300 characters and 3,000 bytes"):
        publisher(fake).prepare([ask(text=text, warning=warning)])

    assert fake.asked == []


def test_what_just_fits_is_shown(fake: FakeBluesky) -> None:
    longest = "👩‍🚀" * 272 + "x" * 8

    assert len(longest.encode()) == 3_000
    assert shown(fake, ask(text=longest))["text"] == longest


def test_half_a_character_is_refused(fake: FakeBluesky, tmp_path: Path) -> None:
    (picture,) = pictures.written(tmp_path, {"a.png": pictures.encoded(pictures.flag(), "PNG")})

    for half in (ask(text="\ud83d"), ask(media=(replace(picture, alt="\ud83d"),))):
        with pytest.raises(Refused, match="half a character"):
            publisher(fake).prepare([half])


def test_mentions_of_people_who_are_known_lead_to_them_and_others_are_plain_text(fake: FakeBluesky) -> None:
    record = shown(fake, ask(text="With @Friend.test and @nobody.test"))

    (facet,) = record["facets"]
    assert facet["index"] == {"byteStart": 5, "byteEnd": 17}
    assert facet["features"] == [
        {"$type": "app.bsky.richtext.facet#mention", "did": fake.known["friend.test"]}
    ]


def test_whom_a_server_cannot_look_up_now_is_not_guessed(fake: FakeBluesky) -> None:
    fake.fail_next("answer", route=RESOLVE, status=500)

    with pytest.raises(NotNow, match="HTTP 500"):
        publisher(fake).prepare([ask(text="@friend.test")])


def test_whom_another_server_cannot_look_up_stays_plain_text(fake: FakeBluesky) -> None:
    fake.refuse_next(502, "UpstreamFailure", route=RESOLVE)

    assert "facets" not in shown(fake, ask(text="@friend.test"))


def test_pictures_are_shown_with_alt_text_and_shape(fake: FakeBluesky, tmp_path: Path) -> None:
    files = {f"{n}.png": pictures.encoded(pictures.flag(40 + n, 30), "PNG") for n in (1, 2)}

    embed = shown(fake, ask(media=pictures.written(tmp_path, files)))["embed"]

    assert embed["$type"] == "app.bsky.embed.images"
    assert [(image["alt"], image["aspectRatio"]) for image in embed["images"]] == [
        ("What 1.png shows.", {"width": 41, "height": 30}),
        ("What 2.png shows.", {"width": 42, "height": 30}),
    ]
    assert {image["image"]["ref"]["$link"] for image in embed["images"]} == set(fake.blobs)


def test_a_film_is_shown_as_one(fake: FakeBluesky, tmp_path: Path) -> None:
    embed = shown(fake, ask(media=pictures.written(tmp_path, {"a.mp4": pictures.film()})))["embed"]

    assert embed["$type"] == "app.bsky.embed.video"
    assert (embed["video"]["mimeType"], embed["aspectRatio"]) == ("video/mp4", {"width": 64, "height": 36})


def test_a_film_that_does_not_tell_its_shape_is_shown_without_one(fake: FakeBluesky, tmp_path: Path) -> None:
    film = pictures.film(width=0, height=0)

    embed = shown(fake, ask(media=pictures.written(tmp_path, {"a.mp4": film})))["embed"]

    assert set(embed) == {"$type", "video", "alt"}


def test_a_server_of_today_gets_pictures_as_large_as_it_takes(fake: FakeBluesky, tmp_path: Path) -> None:
    media = pictures.written(tmp_path, {"a.png": large_png()})

    embed = shown(fake, ask(media=media))["embed"]

    assert embed["images"][0]["image"]["size"] > 1_000_000


def test_an_older_server_gets_smaller_pictures_and_is_not_tried_with_large_ones_again(
    fake: FakeBluesky, tmp_path: Path
) -> None:
    fake.image_bytes = 1_000_000
    media = pictures.written(tmp_path, {"a.png": large_png()})
    bot = publisher(fake)

    for key in ("first", "second"):
        bot.publish(prepared(bot, [ask(key=key, media=media)])[0])

    sizes = [record["embed"]["images"][0]["image"]["size"] for record in fake.posts.values()]
    assert len(sizes) == 2
    assert max(sizes) <= 1_000_000
    assert (fake.times_asked(PUT), fake.times_asked(UPLOAD)) == (3, 3)


def test_an_older_server_gets_the_same_thread_twice_only_once(fake: FakeBluesky, tmp_path: Path) -> None:
    fake.image_bytes = 1_000_000
    media = pictures.written(tmp_path, {"a.png": large_png()})
    bot = publisher(fake)
    one, two, three = thread("one", "two", "three")
    asks = prepared(bot, [one, two, replace(three, media=media)])

    receipts = {bot.publish(asks[0]), publisher(fake).publish(asks[0])}

    (receipt,) = receipts
    assert fake.texts == ["one", "two", "three"]
    assert [publisher(fake).publish(each) for each in asks[1:]] == list(receipt.then)
    assert [len(json.loads(each.prepared)["versions"]) for each in asks] == [2, 1, 2]


def test_a_server_that_takes_no_large_upload_gets_smaller_pictures_from_then_on(
    fake: FakeBluesky, tmp_path: Path
) -> None:
    fake.upload_bytes = 1_000_000
    media = pictures.written(tmp_path, {"a.png": large_png()})
    bot = publisher(fake)

    kept = [json.loads(bot.prepare([ask(media=media)])[0])["versions"] for _ in range(2)]

    (version,) = kept[0]
    assert kept[0] == kept[1]
    assert version[0]["value"]["embed"]["images"][0]["image"]["size"] <= 1_000_000
    assert fake.times_asked(UPLOAD) == 3


def test_a_file_that_the_server_never_takes_is_refused_by_name(fake: FakeBluesky, tmp_path: Path) -> None:
    fake.upload_bytes = 100

    with pytest.raises(Refused, match=r"a\.png: Bluesky refused \(HTTP 413\).*make it smaller"):
        publisher(fake).prepare([ask(media=pictures.written(tmp_path, {"a.png": large_png()}))])


def test_pictures_that_the_server_has_forgotten_are_given_again(fake: FakeBluesky, tmp_path: Path) -> None:
    bot = publisher(fake)
    media = pictures.written(tmp_path, {"a.png": large_png()})
    (one,) = prepared(bot, [ask(media=media)])
    fake.blobs.clear()

    bot.publish(one)

    assert fake.texts == [ask().text]
    assert fake.times_asked(UPLOAD) == 4


def test_an_older_server_that_has_forgotten_pictures_gets_those_that_it_takes(
    fake: FakeBluesky, tmp_path: Path
) -> None:
    bot = publisher(fake)
    (one,) = prepared(bot, [ask(media=pictures.written(tmp_path, {"a.png": large_png()}))])
    fake.image_bytes = fake.upload_bytes = 1_000_000
    fake.blobs.clear()

    bot.publish(one)

    assert fake.texts == [ask().text]


def test_a_moving_picture_is_refused(fake: FakeBluesky, tmp_path: Path) -> None:
    gif = pictures.talking_gif(pictures.flag(), pictures.noise(48, 32))

    with pytest.raises(Refused, match="moving"):
        publisher(fake).prepare([ask(media=pictures.written(tmp_path, {"a.gif": gif}))])


QUOTED = "3jzfcijpj2z2a"


@pytest.mark.parametrize("who", [DID, "museum.test"])
@pytest.mark.parametrize(
    "address",
    [
        "at://{}/{}/{}",
        "https://bsky.app/profile/{0}/post/{2}",
        "https://bsky.app/profile/{0}/post/{2}/?a=b#c",
    ],
)
def test_a_quote_is_the_very_post_that_it_means(fake: FakeBluesky, who: str, address: str) -> None:
    ref = fake.add(QUOTED, "Seven years ago")
    meant = address.format(who, POST, QUOTED)

    record = shown(fake, ask(text="We said:", quote=Quote("" if meant.startswith("https") else meant, meant)))

    assert record["text"] == "We said:"
    assert record["embed"] == {"$type": "app.bsky.embed.record", "record": ref}


def test_a_quote_stands_beside_pictures(fake: FakeBluesky, tmp_path: Path) -> None:
    ref = fake.add(QUOTED, "Seven years ago")
    media = pictures.written(tmp_path, {"a.png": pictures.encoded(pictures.flag(), "PNG")})

    embed = shown(fake, ask(media=media, quote=Quote(ref["uri"], "")))["embed"]

    assert embed["$type"] == "app.bsky.embed.recordWithMedia"
    assert embed["record"] == {"$type": "app.bsky.embed.record", "record": ref}
    assert embed["media"]["$type"] == "app.bsky.embed.images"


GONE = f"https://bsky.app/profile/{DID}/post/{QUOTED}"


@pytest.mark.parametrize(
    ("quote", "target"),
    [
        (Quote(f"at://{DID}/{POST}/{QUOTED}", ""), GONE),
        (Quote("", GONE), GONE),
        (Quote("", f"at://{DID}/{POST}/{QUOTED}"), GONE),
        (
            Quote("", "https://bsky.app/profile/nobody.test/post/3jz"),
            "https://bsky.app/profile/nobody.test/post/3jz",
        ),
        (
            Quote("", "https://x.com/museum/status/1234567890123456789"),
            "https://x.com/museum/status/1234567890123456789",
        ),
    ],
)
def test_what_cannot_be_quoted_is_linked_below_the_text(fake: FakeBluesky, quote: Quote, target: str) -> None:
    record = shown(fake, ask(text="Für Sie:", quote=quote))

    (facet,) = record["facets"]
    link = record["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
    assert record["text"] == f"Für Sie:\n\n{link}"
    assert len(link) <= 30
    assert target.removeprefix("https://").startswith(link.removesuffix("…"))
    assert facet["features"] == [{"$type": "app.bsky.richtext.facet#link", "uri": target}]
    assert "embed" not in record


def test_a_quote_of_nothing_known_is_left_out(fake: FakeBluesky) -> None:
    record = shown(fake, ask(quote=Quote("at://nobody/else/where", "")))

    assert record["text"] == ask().text


def test_a_quote_that_is_gone_is_a_card_where_the_text_has_no_room(fake: FakeBluesky) -> None:
    record = shown(fake, ask(text="x" * 290, quote=Quote("", GONE)))

    assert record["text"] == "x" * 290
    assert record["embed"]["external"] == {"uri": GONE, "title": f"{GONE[8:37]}…", "description": ""}


def test_a_quote_that_is_gone_is_refused_where_nothing_has_room(fake: FakeBluesky, tmp_path: Path) -> None:
    media = pictures.written(tmp_path, {"a.png": pictures.encoded(pictures.flag(), "PNG")})

    with pytest.raises(Refused, match=r"no room for the address https://bsky\.app"):
        publisher(fake).prepare([ask(text="x" * 290, media=media, quote=Quote("", GONE))])


def test_who_we_are_is_the_handle_of_the_session(fake: FakeBluesky) -> None:
    assert publisher(fake).whoami() == "@museum.test"


def test_limits_are_known_without_asking(fake: FakeBluesky) -> None:
    assert publisher(fake).learn() == Bluesky.limits
    assert fake.asked == []


def test_an_account_that_is_not_live_is_not_served(fake: FakeBluesky) -> None:
    with pytest.raises(NotLive, match="museum-bluesky is not live"):
        Bluesky(fake.account(live=False), fake.secrets, OUTBOX)


def test_missing_credentials_are_named_and_no_other_is_shown(fake: FakeBluesky) -> None:
    with pytest.raises(BadCall, match=r"lacks credentials: set MUSEUM_BLUESKY_APP_PASSWORD$"):
        Bluesky(fake.account(), fake.secrets | {"APP_PASSWORD": Secret("")}, OUTBOX)


def test_an_address_that_is_not_safe_is_refused(fake: FakeBluesky) -> None:
    with pytest.raises(BadCall, match="url"):
        Bluesky(fake.account(url="http://example.org"), fake.secrets, OUTBOX)


def test_one_sign_in_serves_many_posts_and_none_is_made_before_the_first(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    before = fake.times_asked(SIGN_IN)

    for number in range(3):
        bot.publish(prepared(bot, [ask(key=f"key{number}")])[0])

    assert (before, fake.times_asked(SIGN_IN)) == (0, 1)


def test_a_part_that_is_there_is_found_and_one_that_is_not_is_proved_absent(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    asks = prepared(bot, thread("one", "two"))
    before = bot.find(asks[0])
    receipt = bot.publish(asks[0])

    assert before is None
    assert publisher(fake).find(asks[0]) == receipt
    assert publisher(fake).find(asks[1]) == receipt.then[0]


def test_a_part_that_was_never_prepared_is_found_by_its_key(fake: FakeBluesky) -> None:
    bot = publisher(fake)
    before = bot.find(ask())
    receipt = bot.publish(ask())

    assert before is None
    assert bot.find(ask(first_at=AT, at=AT + 60)) == replace(receipt, at=AT + 60)


def test_a_server_without_a_word_for_absence_proves_it_in_others(fake: FakeBluesky) -> None:
    fake.names_absence = False

    assert publisher(fake).find(prepared(publisher(fake), [ask()])[0]) is None


def test_what_is_kept_can_be_read(fake: FakeBluesky) -> None:
    text = publisher(fake).prepare(thread("one", "two"))[0]

    kept = json.loads(text)

    assert kept["repo"] == DID
    assert [record["value"]["text"] for record in kept["versions"][0]] == ["one", "two"]
    assert msgspec.json.decode(text) == kept
