"""A post exactly as one account will show it."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.model import (
    Account,
    Limits,
    Media,
    Part,
    Plan,
    PlannedPost,
    Post,
    Quoted,
    Rendition,
    Schedules,
    ShownPart,
    Slot,
)
from bot.planning.frames import FrameError
from bot.planning.render import (
    delivery_key,
    mentioned,
    quoted,
    render,
    rendered,
    shown_part,
    too_long,
    wording,
)
from bot.zones import DAY, day_of
from tests.fakes.worlds import LANDING, MARS, slots

MENTIONS = {"robot": {"name": "Robot", "x": "@robot"}}
SKY = Account("sky", "bluesky", limits=Limits(text=300, counting="graphemes"))
WORLD = Schedules((), {"landing": LANDING}, {"mars": MARS, "sky": SKY}, MENTIONS)
WALL = day_of(date(2028, 1, 25)) * DAY
SLOT = Slot(WALL, "daily", WALL, "UTC", event="landing", years=24)
PICTURE = Media("corpus/a.png", "A kite.")
POST = Post(
    "p",
    (Part("Hello {@robot}."), Part("And {@nobody}.", (PICTURE,))),
    wordings={"bluesky": ("Hi {@robot}.", "Bye 👩‍👩‍👧")},
)


@pytest.mark.parametrize(
    ("text", "network", "shown"),
    [
        ("Hello {@robot}!", "x", "Hello @robot!"),
        ("Hello {@robot}!", "bluesky", "Hello Robot!"),
        ("{@robot}{@robot}", "x", "@robot@robot"),
        ("{@nobody} {@ robot} @robot {robot}", "x", "{@nobody} {@ robot} @robot {robot}"),
        ("No handle at all.", "x", "No handle at all."),
    ],
)
def test_a_mention_is_a_handle_where_there_is_one_and_a_name_elsewhere(
    text: str, network: str, shown: str
) -> None:
    assert mentioned(text, network, MENTIONS) == shown


def test_a_handle_is_put_in_as_it_stands() -> None:
    assert mentioned("{@a}", "x", {"a": {"name": "A", "x": r"\1 {@a} \g<0>"}}) == r"\1 {@a} \g<0>"


@pytest.mark.parametrize(
    ("network", "texts"),
    [("bluesky", ("Hi {@robot}.", "Bye 👩‍👩‍👧")), ("x", ("Hello {@robot}.", "And {@nobody}."))],
)
def test_a_network_has_its_own_wording_or_that_of_all(network: str, texts: tuple[str, ...]) -> None:
    assert wording(POST, network) == texts


def test_a_post_is_shown_in_its_frame_with_handles_media_and_lengths() -> None:
    frame = "{{ years_in_words | capitalize }} ago: {{ text }}"

    found = render(POST, MARS, slot=SLOT, frames=(frame,), schedules=WORLD)

    assert found == Rendition(
        "mars",
        "x",
        delivery_key(SLOT, "mars"),
        (
            ShownPart("Twenty-four years ago: Hello @robot.", 36, 280),
            ShownPart("And {@nobody}.", 14, 280, (PICTURE,)),
        ),
    )


def test_only_the_first_part_stands_in_the_frame() -> None:
    found = render(POST, SKY, slot=SLOT, frames=("{{ title }}: {{ text }}",), schedules=WORLD)

    assert [(part.text, part.length, part.limit) for part in found.parts] == [
        ("First landing: Hi Robot.", 24, 300),
        ("Bye 👩‍👩‍👧", 5, 300),
    ]


def test_a_frame_may_mention_somebody_too() -> None:
    found = render(POST, MARS, slot=SLOT, frames=("{@robot}: {{ text }}",), schedules=WORLD)

    assert found.parts[0].text == "@robot: Hello @robot."


def test_a_frame_without_its_event_fails() -> None:
    slot = Slot(WALL, "daily", WALL, "UTC")

    with pytest.raises(FrameError, match="'title' is undefined"):
        render(POST, MARS, slot=slot, frames=("{{ title }} {{ text }}",), schedules=WORLD)


def test_a_delivery_has_one_name_whatever_it_shows_and_another_for_each_account_and_slot() -> None:
    other = Slot(WALL + DAY, "daily", WALL + DAY, "UTC", event="landing", years=24)
    moved = Slot(WALL + 60, "daily", WALL, "UTC", event="landing", years=99)

    keys = [delivery_key(SLOT, "mars"), delivery_key(SLOT, "sky"), delivery_key(other, "mars")]

    assert len(set(keys)) == 3
    assert delivery_key(moved, "mars") == keys[0]
    assert keys[0] == "81b093667d5fac78ef1f49b2"


def test_a_part_has_the_length_that_its_network_counts() -> None:
    long = "https://science.nasa.gov/mission/mars-2020"

    on_x, on_sky = (shown_part(long, (), account.limits) for account in (MARS, SKY))

    assert (on_x.length, on_sky.length) == (23, len(long))


@pytest.mark.parametrize(
    ("lengths", "limit", "message"),
    [
        ((280,), 280, None),
        ((281,), 280, "it is 281 long on mars, where 280 fit"),
        ((1, 300, 400), 280, "part 2 is 300 long on mars, where 280 fit"),
        ((9_999,), None, None),
    ],
)
def test_what_does_not_fit_is_told(lengths: tuple[int, ...], limit: int | None, message: str | None) -> None:
    parts = tuple(ShownPart("…", length, limit) for length in lengths)

    assert too_long(Rendition("mars", "x", "key", parts)) == message


def test_a_plan_is_rendered_for_each_account_of_each_post() -> None:
    entry = slots("daily", frame="{{ weekday }}: {{ text }}", accounts=(MARS, SKY))
    known = Schedules((entry,), {}, WORLD.accounts, MENTIONS)
    by_hand = Slot(WALL, "by hand", WALL, "UTC")
    plan = Plan(
        tuple(
            PlannedPost(slot, POST, ("mars", "sky"), "why")
            for slot in (Slot(WALL, "daily", WALL, "UTC"), by_hand)
        )
    )

    found = rendered(plan, known)

    assert [[each.parts[0].text for each in planned.renditions] for planned in found.posts] == [
        ["Tuesday: Hello @robot.", "Tuesday: Hi Robot."],
        ["Hello @robot.", "Hi Robot."],
    ]
    assert found.gaps == plan.gaps


LONG = (
    "Opportunity was built for ninety days. It drove for almost fifteen years, and further than a marathon. "
)
TOOT = Account("toot", "mastodon", limits=Limits(text=500, counting="mastodon"))
BYTES = Account("bytes", "bluesky", limits=Limits(text=300, counting="graphemes", text_bytes=3_000))


def shown(post: Post, account: Account, frame: str = "") -> Rendition:
    return render(post, account, slot=SLOT, frames=(frame,), schedules=WORLD)


def test_a_part_that_is_too_long_is_split_with_its_pictures_at_its_first_piece() -> None:
    post = Post("p", (Part("One."), Part((LONG * 4).strip(), (PICTURE,)), Part("Three.")), thread="split")

    found = shown(post, MARS)

    assert [part.media for part in found.parts] == [(), (PICTURE,), (), ()]
    assert [part.text for part in found.parts][1:3] == [(LONG * 2).strip()] * 2
    assert too_long(found) is None


def test_an_account_on_which_it_fits_gets_it_whole() -> None:
    post = Post("p", (Part((LONG * 4).strip()),), thread="numbered")

    assert [len(shown(post, account).parts) for account in (MARS, TOOT)] == [2, 1]
    assert [part.text[-3:] for part in shown(post, MARS).parts] == ["1/2", "2/2"]


def test_the_frame_and_the_names_are_counted_before_a_text_is_split() -> None:
    post = Post("p", (Part("{@robot} " + "a" * 270),), thread="split")

    assert [len(part.text) for part in shown(post, MARS, "{{ title }}: {{ text }}").parts] == [14, 277]


def test_without_its_say_a_long_text_stays_whole_and_so_does_a_word_that_is_too_long() -> None:
    whole, word = Post("p", (Part(LONG * 4),)), Post("p", (Part(LONG * 4 + "a" * 281),), thread="split")

    assert [len(shown(post, MARS).parts) for post in (whole, word)] == [1, 1]
    assert too_long(shown(word, MARS)) == f"it is {len(LONG * 4) + 281} long on mars, where 280 fit"


def test_language_and_warning_go_along() -> None:
    found = shown(Post("p", (Part("Perdida."),), lang="pt", warning="Loss"), MARS)

    assert (found.lang, found.warning) == ("pt", "Loss")


def test_a_warning_is_counted_where_the_network_counts_it_with_the_first_part() -> None:
    post = Post("p", (Part("One."), Part("Two.")), warning="Loss")

    lengths = [[part.length for part in shown(post, account).parts] for account in (MARS, TOOT)]

    assert lengths == [[4, 4], [8, 4]]


def test_a_warning_takes_of_the_room_of_what_is_split() -> None:
    post = Post("p", (Part("word " * 99 + "words"),), warning="Loss", thread="split")

    found = shown(post, TOOT)

    assert (len(found.parts), too_long(found)) == (2, None)


def test_a_warning_and_a_quote_take_of_it_together() -> None:
    post = Post("p", (Part("word " * 94 + "word"),), warning="Loss", quote="rover/landing", thread="split")

    found = shown(post, TOOT)

    assert (len(found.parts), found.parts[0].limit, too_long(found)) == (2, 475, None)


@pytest.mark.parametrize(
    ("quote", "network", "found"),
    [
        ("rover/landing", "x", Quoted(post="rover/landing")),
        ({"x": "https://x.com/a/status/1"}, "x", Quoted(url="https://x.com/a/status/1")),
        ({"x": "https://x.com/a/status/1"}, "bluesky", Quoted(url="https://x.com/a/status/1")),
        ({"bluesky": "at://a", "x": "https://x.com/a"}, "bluesky", Quoted(url="at://a")),
        ({"bluesky": "at://a", "x": "https://x.com/a"}, "webhook", Quoted(url="https://x.com/a")),
        (
            {"mastodon": "https://m.example/@a/1", "x": "https://x.com/a"},
            "dry-run",
            Quoted(url="https://m.example/@a/1"),
        ),
        ({"bluesky": "at://a"}, "x", None),
        ({"bluesky": ""}, "bluesky", None),
        ("", "x", None),
        ({}, "x", None),
        (None, "x", None),
    ],
)
def test_a_post_quotes_one_of_ours_or_what_has_an_address_there(
    quote: str | dict[str, str] | None, network: str, found: Quoted | None
) -> None:
    assert quoted(Post("p", (Part("One."),), quote=quote), network) == found


@pytest.mark.parametrize(("account", "limits"), [(MARS, [255, 280]), (TOOT, [475, 500]), (BYTES, [268, 300])])
def test_a_quote_leaves_room_for_its_link_in_the_first_part(account: Account, limits: list[int]) -> None:
    found = shown(Post("p", (Part("One."), Part("Two.")), quote="rover/landing"), account)

    assert [part.limit for part in found.parts] == limits
    assert found.quote == Quoted(post="rover/landing")


def test_an_address_of_elsewhere_is_counted_as_the_link_that_it_is_shown_as() -> None:
    post = Post("p", (Part("One."),), quote={"bluesky": "at://a", "mastodon": "https://m.example/@a/1"})

    found = shown(post, MARS)

    assert (found.quote, found.parts[0].limit) == (Quoted(url="https://m.example/@a/1"), 255)
    assert found.besides == ("quotes https://m.example/@a/1",)


def test_what_a_quote_leaves_no_room_for_is_split_or_told() -> None:
    whole = Post("p", (Part("word " * 55 + "word"),), quote="rover/landing")
    split = Post("p", whole.parts, quote="rover/landing", thread="split")

    assert too_long(shown(whole, MARS)) == "it is 279 long on mars, where 255 fit"
    assert [len(shown(post, MARS).parts) for post in (whole, split)] == [1, 2]
    assert too_long(shown(split, MARS)) is None


def test_a_quote_by_address_takes_of_a_split_text_only_where_it_is_shown() -> None:
    post = Post("p", (Part("word " * 58 + "word"),), quote={"bluesky": "at://a"}, thread="split")
    accounts = [Account("a", network, limits=replace(MARS.limits, text=300)) for network in ("bluesky", "x")]

    assert [len(shown(post, account).parts) for account in accounts] == [2, 1]


def test_too_many_bytes_are_told_in_bytes() -> None:
    family = "👩‍👩‍👧"
    post = Post("p", (Part(family * 200),), quote={"bluesky": "at://x"})

    found = shown_part(family * 200, (), BYTES.limits)

    assert (found.length, found.limit) == (3_600, 3_000)
    assert shown(post, BYTES).parts[0].limit == 3_000 - 4 * 32
    assert shown_part(family * 162, (), BYTES.limits, taken=32).length == 2_916
    assert shown_part(family * 301, (), BYTES.limits).length == 301
    assert shown_part(family * 160, (), BYTES.limits).length == 160
    assert shown_part(family * 200, (), Limits(text_bytes=3_000)).limit == 3_000


def test_a_frame_that_would_not_fit_is_replaced_by_its_shorter_sibling() -> None:
    narrow = replace(MARS, name="narrow", limits=Limits(text=30))
    frames = ("On this day a very long time ago: {{ text }}", "That day: {{ text }}")

    wide, short = (render(POST, each, slot=SLOT, frames=frames, schedules=WORLD) for each in (SKY, narrow))

    assert wide.parts[0].text.startswith("On this day a very long time ago: ")
    assert short.parts[0].text.startswith("That day: ")
    assert too_long(short) is None


def test_where_no_frame_fits_the_shortest_is_told_of() -> None:
    narrow = replace(MARS, name="narrow", limits=Limits(text=5))

    shown = render(POST, narrow, slot=SLOT, frames=("Longer: {{ text }}", "Now: {{ text }}"), schedules=WORLD)

    assert shown.parts[0].text.startswith("Now: ")
    assert too_long(shown)
