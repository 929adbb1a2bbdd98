"""What must not be posted, found before anything is planned."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from bot.errors import Problem
from bot.model import Account, Limits, Media, Part, Pick, Place, Post, Schedule, Schedules, Tone, Uses
from bot.planning.check import check, faults
from bot.planning.takers import may_take
from tests.fakes.worlds import LANDING, LOSS, MARS, MOON, schedule

WIDE = Account("wide", "plain", limits=Limits(text=None))
DAILY = {"days": "daily", "at": "10:00", "zone": "UTC"}
WORLD = Schedules(
    (schedule("daily", "slots", DAILY),), {event.id: event for event in (LANDING, LOSS)}, {MARS.name: MARS, WIDE.name: WIDE}, {"robot": {"name": "Robot", "x": "@robot_on_mars"}}
)  # fmt: skip
PICTURE = Media("corpus/a.png", "A kite over the dunes.")


def post(*texts: str, media: tuple[Media, ...] = (), **fields: Any) -> Post:
    parts = tuple(Part(text) for text in texts[:-1])
    return Post("p", (*parts, Part(texts[-1], media)), place=Place("corpus/p.md", 7), **fields)


def found(candidate: Post, world: Schedules = WORLD) -> list[tuple[str, str]]:
    return [(fault.code, fault.message) for fault in faults(candidate, world)]


@pytest.mark.parametrize(
    "candidate",
    [
        post("The rover drove on."),
        post("The rover drove on.", "And on."),
        post("", media=(PICTURE,)),
        post("Seen by {@robot}: go.nasa.gov/x", event="landing"),
        post("One\ttab\nand two lines.", "مريخ שלום 👩‍👩‍👧 🇵🇹 1️⃣\u200f"),
        post("We remember them.", tone=Tone.REMEMBRANCE),
        post("Tonight!", use=Uses.DATED),
        post("a" * 280),
        post("Long. " * 90, "The end.", wordings={"x": ("Short.", "The end.")}),
    ],
)
def test_a_post_that_is_true_on_any_day_has_no_faults(candidate: Post) -> None:
    assert found(candidate) == []


@pytest.mark.parametrize(
    ("candidate", "code", "message"),
    [
        (post(""), "empty", "the text is empty, and no picture stands for it"),
        (post("One.", "", "Three."), "empty", "part 2 is empty, and no picture stands for it"),
        (post("One.", wordings={"bluesky": ("",)}), "empty", "text.bluesky is empty, and no picture stands for it"),
        (post("One.", "Two.", wordings={"x": ("", "Two.")}), "empty", "part 1 of text.x is empty, and no picture stands for it"),
        (post("a\0b"), "control", "the text holds the invisible U+0000; remove it"),
        (post("One.", "a\x9bb"), "control", "part 2 holds the invisible U+009B; remove it"),
        (post("a\u202eb"), "control", "the text holds the invisible U+202E; remove it"),
        (post("a\ufeffb"), "control", "the text holds the invisible U+FEFF; remove it"),
        (post("One.", wordings={"x": ("a\u2066b",)}), "control", "text.x holds the invisible U+2066; remove it"),
        (post("One.", media=(Media("corpus/a.png", "a\x07"),)), "control", "the alt text of corpus/a.png holds the invisible U+0007; remove it"),
        (post("One.", "Two.", wordings={"x": ("One.",)}), "parts", "text.x has 1 part where the post has 2"),
        (post("One.", wordings={"x": ("One.", "Two.")}), "parts", "text.x has 2 parts where the post has 1"),
        (post("One.", event="landng"), "unknown-event", "no event called 'landng'; did you mean \"landing\"?"),
        (post("Hi {@robto}"), "unknown-mention", "no mention called 'robto' in schedules/accounts.toml; did you mean \"robot\"?"),
        (post("Hi", wordings={"x": ("Hi {@xyz}",)}), "unknown-mention", "no mention called 'xyz' in schedules/accounts.toml"),
        (post("One.", media=(Media("corpus/a.png", " "),)), "no-alt", "corpus/a.png has no alt text; say what it shows"),
        (post("Look up tonight."), "claim", '"tonight" is true on some days only; word it for any day, or use = "dated" or "hold"'),
        (post("Look.", wordings={"x": ("Join us now.",)}), "claim", '"Join us now" is true on some days only; word it for any day, or use = "dated" or "hold"'),
        (post("We remember!", tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no exclamation mark"),
        (post("We remember 🎉", tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no 🎉"),
        (post("One.", wordings={"bluesky": ("One ✨",)}, tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no ✨"),
        (post("One.", media=(Media("corpus/a.png", "Seven people, one waving, lol."),), tone=Tone.REMEMBRANCE), "tact", 'a remembrance needs no "lol" in the alt text of corpus/a.png'),
        (post("a" * 281), "too-long", 'the text is 281 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("火" * 141), "too-long", 'the text is 282 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("One.", "a.b " + "a" * 278), "too-long", 'part 2 is 282 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("nasa.gov " * 12), "too-long", 'the text is 288 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("{@robot} " * 20), "too-long", 'the text is 300 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("One.", wordings={"x": ("a" * 281,)}), "too-long", 'the text is 281 long on mars, where 280 fit; shorten it, divide it with ---, say thread = "split", or give text.x'),
        (post("One.", media=(Media("corpus/a.png", "a" * 1_001),)), "alt-too-long", "the alt text of corpus/a.png has 1001 characters; {account} takes 1000"),
        (post("One.", media=(PICTURE,) * 5), "media", "part 1 has 5 pictures; {account} takes 4"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_a_sentence(candidate: Post, code: str, message: str) -> None:
    told = [
        (code, message.format(account=name))
        for name in (("mars", "wide") if "{account}" in message else ("",))
    ]

    assert found(candidate) == told


@pytest.mark.parametrize(
    ("candidate", "key", "part", "near"),
    [
        (post("One.", warning="a\0b"), "warning", 1, ""),
        (post("One.", "a\0b"), "", 2, "\0"),
        (post("One.", "We remember!", tone=Tone.REMEMBRANCE), "", 2, "!"),
        (post("One.", "We remember 🎉", tone=Tone.REMEMBRANCE), "", 2, "🎉"),
        (post("One.", wordings={"x": ("We remember!",)}, tone=Tone.REMEMBRANCE), "text.x", 1, "!"),
    ],
)
def test_a_fault_says_where_it_stands(candidate: Post, key: str, part: int, near: str) -> None:
    assert [(fault.key, fault.part, fault.near) for fault in faults(candidate, WORLD)] == [(key, part, near)]


@pytest.mark.parametrize(("length", "is_told"), [(280, False), (281, True)])
def test_a_text_fits_up_to_the_last_character(length: int, *, is_told: bool) -> None:
    assert bool(found(post("a" * length))) is is_told


@pytest.mark.parametrize(("length", "is_told"), [(1_000, False), (1_001, True)])
def test_so_does_an_alt_text(length: int, *, is_told: bool) -> None:
    assert bool(found(post("One.", media=(Media("corpus/a.png", "a" * length),)))) is is_told


def test_a_post_on_hold_is_only_asked_whether_it_is_whole() -> None:
    candidate = post("Tonight! " * 90, "", use=Uses.HOLD, tone=Tone.REMEMBRANCE, event="nope")

    assert [code for code, _ in found(candidate)] == ["empty", "unknown-event"]


def test_the_warning_of_a_remembrance_is_looked_at() -> None:
    candidate = post("They were seven.", warning="Happy anniversary!", tone=Tone.REMEMBRANCE)

    assert found(candidate) == [
        ("tact", "a remembrance needs no exclamation mark in its warning"),
        ("tact", 'a remembrance needs no "Happy anniversary" in its warning'),
    ]


def test_the_names_that_a_remembrance_mentions_are_looked_at() -> None:
    mentions = {"robot": {"name": "Robot \N{PARTY POPPER}", "x": "@lol"}, "other": {"name": "Wow!"}}
    candidate = post("They were seven, said {@robot}.", tone=Tone.REMEMBRANCE)

    faults_found = found(candidate, replace(WORLD, mentions=mentions))

    message = "a remembrance needs no \N{PARTY POPPER}: {@robot} is shown as 'Robot \N{PARTY POPPER}', its name in schedules/accounts.toml"
    assert faults_found == [("tact", message)]
    assert found(post("Hello, {@other}."), replace(WORLD, mentions=mentions)) == []


def test_every_fault_of_a_post_is_told_at_once() -> None:
    candidate = post("Tonight {@nobody}!", "a" * 300, tone=Tone.REMEMBRANCE, event="nope")

    assert [code for code, _ in found(candidate)] == [
        "unknown-event",
        "unknown-mention",
        "claim",
        "tact",
        "too-long",
    ]


def test_a_fault_stands_where_its_post_stands() -> None:
    (problem,) = check([post("Fine."), post("")], WORLD)

    assert problem == Problem("corpus/p.md", 7, "empty", "the text is empty, and no picture stands for it")


@pytest.mark.parametrize(
    ("candidate", "where"),
    [
        (post("One.", ""), {"key": "", "part": 2, "near": ""}),
        (post("One.", "Join us."), {"key": "", "part": 2, "near": "Join us"}),
        (post("One.", wordings={"x": ("One!",)}, tone=Tone.REMEMBRANCE), {"key": "text.x", "part": 1, "near": "!"}),
        (post("One.", event="nope"), {"key": "event", "part": 1, "near": ""}),
        (post("Hi {@nobody}"), {"key": "", "part": 1, "near": "{@nobody}"}),
        (post("1", "2", media=(Media("corpus/b/a.png", ""),)), {"key": "media", "part": 2, "near": "a.png"}),
        (post("One.", wordings={"x": ("a" * 281,)}), {"key": "text.x", "part": 1, "near": ""}),
        (post("One.", wordings={"x": ("1", "2")}), {"key": "text.x", "part": 1, "near": ""}),
    ],
)  # fmt: skip
def test_or_on_the_line_that_somebody_finds_for_it(candidate: Post, where: dict[str, object]) -> None:
    asked = []

    def line(_: Post, **place: object) -> int:
        asked.append(place)
        return 42

    problems = check([candidate], WORLD, line)

    assert ([problem.line for problem in problems], asked) == ([42], [where])


def test_an_account_without_a_limit_takes_any_length() -> None:
    assert found(post("a" * 100_000), Schedules(accounts={"wide": WIDE})) == []


def test_each_account_counts_for_itself() -> None:
    accounts = {
        name: Account(name, "n", limits=Limits(text=most, counting="graphemes"))
        for name, most in (("a", 3), ("b", 4))
    }

    assert [message for _, message in found(post("word"), Schedules(accounts=accounts))] == [
        'the text is 4 long on a, where 3 fit; shorten it, divide it with ---, say thread = "split", or give text.n'
    ]


def test_accounts_that_are_alike_are_all_told() -> None:
    accounts = {name: Account(name, "n", limits=Limits(text=3)) for name in ("a", "b")}

    told = [message for _, message in found(post("word"), Schedules(accounts=accounts))]

    assert [message.partition(",")[0] for message in told] == [
        "the text is 4 long on a",
        "the text is 4 long on b",
    ]


SKY = Account("sky", "bluesky", limits=Limits(text=300, counting="graphemes", text_bytes=3_000))
TOOT = Account("toot", "mastodon", limits=Limits(text=500, counting="mastodon"))


def told(candidate: Post, account: Account) -> list[str]:
    return [message for _, message in found(candidate, Schedules(accounts={account.name: account}))]


def test_a_long_text_that_may_be_split_is_no_fault() -> None:
    assert found(post("word " * 99 + "word", thread="split")) == []
    assert found(post("word " * 99 + "word", "Two.", thread="numbered")) == []


def test_a_word_that_no_part_has_room_for_is_one_and_stands_in_its_part() -> None:
    candidate = post("One.", "Two: " + "a" * 281, thread="split")

    (fault,) = faults(candidate, WORLD)

    assert fault.message == (
        f'"{"a" * 40}…" is 281 long, where 280 fit, and is never cut, on mars; shorten it, or give text.x'
    )
    assert (fault.code, fault.part, fault.near) == ("too-long", 2, "a" * 281)


def test_a_quote_needs_room_for_its_link_in_the_first_part_alone() -> None:
    shorten = 'shorten it, divide it with ---, say thread = "split", or give text.x'

    assert found(post("a" * 255, "b" * 280, quote={"x": "https://x.com/a/status/1"})) == []
    assert found(post("a" * 255, "b" * 280, quote={"bluesky": "at://did:plc:a/app.bsky.feed.post/1"})) == []
    assert found(post("a" * 256, "b", quote="p")) == [
        ("too-long", f"part 1 is 256 long on mars, where 255 fit; {shorten}")
    ]


def test_a_warning_needs_room_where_it_is_counted() -> None:
    assert told(post("a" * 500, warning="Loss"), MARS) != []
    assert told(post("a" * 496, warning="Loss"), TOOT) == []
    assert told(post("a" * 497, warning="Loss"), TOOT)[0].startswith("the text is 501 long on toot")


def test_bytes_are_a_bound_of_their_own() -> None:
    family = "👩‍👩‍👧"

    assert told(post(family * 166), SKY) == []
    assert told(post(family * 167), SKY)[0].startswith("the text is 3006 long on sky, where 3000 fit")
    assert told(post(family * 167, thread="split"), SKY)[0].startswith('"👩‍👩‍👧')
    assert told(post(f"{family} " * 200, thread="split"), SKY) == []


def test_a_quoted_post_must_be_one_of_ours() -> None:
    posts = [
        post("One.", quote="rover/landin"),
        post("Two.", quote="p"),
        post("Three.", quote="mars/landing"),
    ]
    others = [Post("rover/landing", (Part("Landed."),))]

    problems = check([*posts, *others], WORLD)

    assert [(problem.code, problem.message) for problem in problems] == [
        (
            "unknown-post",
            "it quotes 'rover/landin', and there is no such post; did you mean \"rover/landing\"?",
        ),
        ("unknown-post", "it quotes 'mars/landing', and there is no such post"),
    ]


def test_whether_it_is_there_is_not_asked_where_nobody_knows() -> None:
    assert faults(post("One.", quote="nobody/knows"), WORLD) == []
    assert [fault.key for fault in faults(post("One.", quote="p/q"), WORLD, known=["p"])] == ["quote"]


def test_a_warning_holds_nothing_invisible() -> None:
    assert found(post("One.", warning="a\u202eb")) == [
        ("control", "warning holds the invisible U+202E; remove it")
    ]


def test_what_one_account_cannot_show_may_be_shown_on_another() -> None:
    long = post("a" * 281, media=(PICTURE,) * 5)

    assert {fault.account for fault in faults(long, WORLD)} == {"mars", "wide"}
    assert [fault.code for fault in faults(long, WORLD, accounts=[WIDE])] == ["media"]
    assert faults(post("a" * 281), WORLD, accounts=[WIDE]) == []


def world(*entries: Schedule) -> Schedules:
    return Schedules(entries, {}, {each.name: each for each in (MARS, MOON, WIDE)})


def test_a_post_is_held_to_the_accounts_that_its_schedules_bring_it_to() -> None:
    short = schedule("short", "slots", DAILY, pick=Pick(tags=("short",)), accounts=(MARS,))
    long = schedule("long", "slots", DAILY, pick=Pick(tags=("long",)), accounts=(WIDE,))
    candidates = {tag: post("a" * 281, tags=(tag,)) for tag in ("short", "long")}

    problems = {tag: check([each], world(short, long)) for tag, each in candidates.items()}

    assert [problem.message.partition(",")[0] for problem in problems["short"]] == [
        "the text is 281 long on mars"
    ]
    assert problems["long"] == []


def test_an_account_that_a_post_does_not_come_to_is_not_told_of_beside_one_that_it_does() -> None:
    entry = schedule("short", "slots", DAILY, accounts=(MARS,))
    both = Schedules((entry,), {}, {each.name: each for each in (MARS, MOON)})

    (problem,) = check([post("a" * 281)], both)

    assert problem.message.startswith("the text is 281 long on mars,")


def test_a_post_for_nobody_is_held_to_what_any_account_can_show() -> None:
    candidate, both = post("a" * 281, use=Uses.DATED), {each.name: each for each in (MARS, MOON)}

    assert check([candidate], world()) == []
    assert [problem.code for problem in check([candidate], Schedules(accounts=both))] == ["too-long"] * 2


@pytest.mark.parametrize(
    ("pick", "frame", "candidate", "is_taken"),
    [
        (Pick(), "", post("One."), True),
        (Pick(), "{{ text }}", post("One.", use=Uses.DATED), False),
        (Pick(), "", post("One.", use=Uses.HOLD), False),
        (Pick(posts=("p",)), "", post("One.", use=Uses.DATED), True),
        (Pick(posts=("q",)), "", post("One."), False),
        (Pick(event=True), "{{ text }}", post("One.", event="landing", use=Uses.DATED), True),
        (Pick(event=True), "", post("One.", event="landing", use=Uses.DATED), False),
        (Pick(event=True), "", post("One.", event="landing"), True),
        (Pick(event=True), "{{ text }}", post("One."), False),
        (Pick(on_this_day=True), "{{ text }}", post("One.", posted=date(2021, 1, 1), use=Uses.DATED), True),
        (Pick(on_this_day=True), "{{ text }}", post("One."), False),
        (Pick(tags=("a", "b")), "", post("One.", tags=("b", "c")), True),
        (Pick(tags=("a", "b")), "", post("One.", tags=("c",)), False),
        (Pick(tones=(Tone.NEUTRAL,)), "", post("One."), True),
        (Pick(tones=(Tone.REMEMBRANCE,)), "", post("One."), False),
        (Pick(lang="en"), "", post("One."), True),
        (Pick(lang="de"), "", post("One."), False),
    ],
)  # fmt: skip
def test_who_can_take_a_post_is_known_from_both(
    pick: Pick, frame: str, candidate: Post, *, is_taken: bool
) -> None:
    entry = schedule("daily", "slots", DAILY, pick=pick, frame=frame)

    assert may_take(entry, candidate) is is_taken


def is_network(name: str) -> bool:
    return name in {"x", "bluesky", "mastodon", "webhook", "dry-run", "wall"}


def quoting(network: str, address: str) -> list[tuple[str, str, str]]:
    candidate = post("One.", quote={network: address})
    return [(each.code, each.message, each.near) for each in faults(candidate, WORLD, is_network=is_network)]


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("x", "https://x.com/museum/status/17"),
        ("x", "https://www.twitter.com/i/web/status/17?s=20"),
        ("x", "https://mobile.twitter.com/museum/status/17/photo/1"),
        ("bluesky", "at://did:plc:abc/app.bsky.feed.post/3k2a"),
        ("bluesky", "https://bsky.app/profile/museum.example/post/3k2a"),
        ("bluesky", "https://bsky.app/profile/did:plc:abc/post/3k2a/?ref=a"),
        ("mastodon", "https://glammr.example/@museum/113"),
        ("mastodon", "https://glammr.example/users/museum/statuses/113"),
        ("webhook", "https://museum.example/news/17"),
        ("dry-run", "http://museum.example"),
        ("wall", "https://museum.example/wall#17"),
    ],
)
def test_a_quote_by_address_is_fine_where_a_post_has_such_a_one(network: str, address: str) -> None:
    assert quoting(network, address) == []


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("x", "https://x.com/museum"),
        ("x", "http://x.com/museum/status/17"),
        ("x", "https://x.com/museum/status/"),
        ("x", "https://x.com.example/museum/status/17"),
        ("x", "https://x.com/museum/status/17x"),
        ("bluesky", "nonsense"),
        ("bluesky", "at://did:plc:abc/app.bsky.feed.like/3k2a"),
        ("bluesky", "https://bsky.app/profile/museum.example"),
        ("bluesky", "https://bsky.app/profile/museum.example/post/3k 2a"),
        ("mastodon", "https://glammr.example/"),
        ("mastodon", "@museum@glammr.example"),
        ("webhook", "museum.example/news/17"),
        ("wall", ""),
    ],
)
def test_and_a_fault_where_none_has(network: str, address: str) -> None:
    ((code, message, near),) = quoting(network, address)

    assert (code, near) == ("quote", network)
    assert message.startswith(f"quote.{network}: {address!r} is no post's address there; write one such as ")


def test_the_example_of_an_address_is_one() -> None:
    for network in ("x", "bluesky", "mastodon", "wall"):
        ((_, message, _),) = quoting(network, "?")
        example = message.rpartition("such as ")[2]

        for address in example.replace("…", "abc").split(" or "):
            assert quoting(network, address) == []


def test_a_quote_on_no_network_is_a_fault() -> None:
    assert quoting("blusky", "https://bsky.app/profile/a/post/1") == [
        ("unknown-network", "quote: no network called 'blusky'; did you mean \"bluesky\"?", "blusky")
    ]
    assert quoting("q", "") == [
        ("unknown-network", "quote: no network called 'q'; known are x, bluesky, mastodon", "q")
    ]
    assert faults(post("One.", quote={"blusky": ""}), WORLD) == []


@pytest.mark.parametrize(
    ("alt", "message"),
    [
        ("image", "has an alt text that would do for any, 'image'"),
        ("An image of", "has an alt text that would do for any, 'An image of'"),
        ("Photo 12.", "has an alt text that would do for any, 'Photo 12.'"),
        ("alt text", "has an alt text that would do for any, 'alt text'"),
        ("IMG_2041", "has an alt text that would do for any, 'IMG_2041'"),
        ("A.png", "has its own name as alt text, 'A.png'"),
        (" The rover drove on.\n", "has the post's own text as alt text"),
        ("It drove.", "has the post's own text as alt text"),
    ],
)
def test_an_alt_text_that_says_nothing_of_its_picture_is_a_fault(alt: str, message: str) -> None:
    candidate = post(
        "The rover drove on.", media=(Media("corpus/a.png", alt),), wordings={"x": ("It drove.",)}
    )

    assert found(candidate) == [("no-alt", f"corpus/a.png {message}; say what it shows")]


@pytest.mark.parametrize(
    ("file", "alt", "is_told"),
    [
        ("corpus/kite-2.jpg", "kite-2", True),
        ("corpus/kite.jpg", "kite", False),
        ("corpus/A kite over 2 dunes.jpg", "A kite over 2 dunes", False),
        ("corpus/a.png", "A photo of the rover, which drove on", False),
        ("corpus/a.png", "Pictures at an exhibition", False),
        ("corpus/a.png", "The rover drove on", False),
    ],
)
def test_one_that_says_something_is_none(file: str, alt: str, *, is_told: bool) -> None:
    assert bool(found(post("The rover drove on.", media=(Media(file, alt),)))) is is_told


def test_a_card_is_drawn_for_an_event() -> None:
    carded = Post("p", (Part("Text.", (Media("", "", card="anniversary"),)),))

    assert found(carded) == [("card", "card: anniversary is drawn for an event; name the post's event")]
    assert found(replace(carded, event="landing")) == []
