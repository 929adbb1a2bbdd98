"""What must not be posted, found before anything is planned."""

from typing import Any

import pytest

from bot.errors import Problem
from bot.model import Account, Limits, Media, Part, Place, Post, Schedules, Tone, Uses
from bot.planning.check import check, faults
from tests.fakes.worlds import LANDING, LOSS, MARS

WIDE = Account("wide", "plain", limits=Limits(text=None))
WORLD = Schedules(
    (), {event.id: event for event in (LANDING, LOSS)}, {MARS.name: MARS, WIDE.name: WIDE}, {"robot": {"name": "Robot", "x": "@robot_on_mars"}}
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
        (post("Look.", wordings={"x": ("Join us now.",)}), "claim", '"Join us" is true on some days only; word it for any day, or use = "dated" or "hold"'),
        (post("We remember!", tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no exclamation mark"),
        (post("We remember 🎉", tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no 🎉"),
        (post("One.", wordings={"bluesky": ("One ✨",)}, tone=Tone.REMEMBRANCE), "tact", "a remembrance needs no ✨"),
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


@pytest.mark.parametrize(("length", "is_told"), [(280, False), (281, True)])
def test_a_text_fits_up_to_the_last_character(length: int, *, is_told: bool) -> None:
    assert bool(found(post("a" * length))) is is_told


@pytest.mark.parametrize(("length", "is_told"), [(1_000, False), (1_001, True)])
def test_so_does_an_alt_text(length: int, *, is_told: bool) -> None:
    assert bool(found(post("One.", media=(Media("corpus/a.png", "a" * length),)))) is is_told


def test_a_post_on_hold_is_only_asked_whether_it_is_whole() -> None:
    candidate = post("Tonight! " * 90, "", use=Uses.HOLD, tone=Tone.REMEMBRANCE, event="nope")

    assert [code for code, _ in found(candidate)] == ["empty", "unknown-event"]


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
