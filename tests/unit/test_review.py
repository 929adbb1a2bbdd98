"""Imported posts on hold, as a person looks at them and decides."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.corpus.change import Change
from bot.corpus.edit import Edit, edited, file_digest, write
from bot.desk.review import (
    Mark,
    Progress,
    accepted,
    declined,
    filled,
    following,
    left_open,
    look,
    progress,
    waiting,
)
from bot.desk.review.suggestions import Suggestions
from bot.errors import BadCall
from bot.importers.x_page.faults import gaps
from bot.model import Corpus, Part, Post, Project, Schedules, Tone, Uses
from bot.project import read_project

ACCOUNTS = """\
[account.museum]
network = "x"

[mention.wanderer]
name = "Wanderer"
x = "@wanderer"

[mention.agency]
name = "the Agency"
x = "@agency"
"""
EVENTS = """\
[[event]]
id = "wanderer-landing"
title = "Wanderer lands in the marsh"
kind = "landing"
date = 2012-08-06
sources = ["https://marsh.museum/missions/wanderer-lands"]

[[event]]
id = "glider-flight"
title = "Glider's first flight"
kind = "first-flight"
date = 2014-04-19
sources = []
"""
MISSIONS = """\
[mission.wanderer]
name = "Wanderer"
words = ["Wanderer", "Wandy"]
began = "wanderer-landing"

[mission.glider]
name = "Glider"
words = ["Glider"]
began = "glider-flight"
"""
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
SAID = {
    "one": "The wheels of {@wanderer} have six treads. See marsh.museum/gallery/wheels-and-treads for more.",
    "two": "After a long night Glider spread its wings over sand and reeds.",
    "three": "Engineers of the marsh built Glider of reeds, wings and patience.",
    "four": "Engineers of {@agency} drew the plans by hand.",
}


def project(root: Path, *held: dict[str, Any]) -> Project:
    """A museum's project with four posts that are said, and some on hold beside them."""
    lines = [
        json.dumps({"id": name, "source": f"https://www.marsh.museum/{name}", "parts": [{"text": text}]})
        for name, text in SAID.items()
    ]
    lines += [
        json.dumps({"id": f"held-{number}", "use": "hold", "reasons": ["copied"], **fields})
        for number, fields in enumerate(held, 1)
    ]
    files = {
        "schedules/accounts.toml": ACCOUNTS,
        "schedules/events.toml": EVENTS,
        "schedules/missions.toml": MISSIONS,
    }
    for name, text in {**files, "corpus/all.jsonl": "\n".join(lines)}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return read_project(root)[0]


def text(*parts: str, **fields: Any) -> dict[str, Any]:
    return {"parts": [{"text": part} for part in parts], **fields}


def marks(root: Path, said: str, **fields: Any) -> list[Mark]:
    found = project(root, text(said, **fields))
    shown = look(found.corpus.by_id["held-1"], Suggestions(found))
    return list(dict.fromkeys(mark for part in shown.parts for piece in part for mark in piece.marks))


def test_who_waits_is_on_hold_for_reasons_and_not_yet_declined(tmp_path: Path) -> None:
    found = project(
        tmp_path, text("A."), text("B.", use="dated"), text("C.", reasons=[]), text("D.", reasons=["declined by Ann: old"]),
        text("E."),
    )  # fmt: skip

    assert [post.id for post in waiting(found)] == ["held-1", "held-5"]
    assert progress(found, 3) == Progress(3, 5)


def test_later_is_the_next_in_the_ring(tmp_path: Path) -> None:
    found = project(tmp_path, text("A."), text("B."), text("C.", use="dated"), text("D."))
    ring = found.corpus.by_id

    after = {name: following(found, post) for name, post in ring.items() if name.startswith("held")}

    assert {name: post and post.id for name, post in after.items()} == {
        "held-1": "held-2", "held-2": "held-4", "held-3": "held-4", "held-4": "held-1",
    }  # fmt: skip


def test_where_no_other_waits_nothing_follows(tmp_path: Path) -> None:
    found = project(tmp_path, text("A."))

    assert following(found, found.corpus.by_id["held-1"]) is None


def test_a_lost_name_is_marked_with_what_may_have_stood_there(tmp_path: Path) -> None:
    said = "New: the wheels of has a seventh tread, say engineers of ."

    first, second = marks(tmp_path, said)

    assert (first.kind, first.start, first.stop) == ("name", 18, 19)
    assert first.says == "a name was lost in copying: “the wheels of ␣ has a seventh”"
    assert first.suggestions[0] == "{@wanderer}"
    assert second.says == "a name was lost in copying: “say engineers of ␣.”"
    assert second.suggestions[0] == "{@agency}"
    assert "Glider" in second.suggestions


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("We built of reeds and wings. It was , says the marsh, its patience that paid.", "Glider"),
        ("A new name: , on six treads, and a gallery of wheels.", "{@wanderer}"),
    ],
)
def test_mentions_come_before_missions_in_order_of_what_is_named_beside_such_words(
    tmp_path: Path, said: str, first: str
) -> None:
    found = project(tmp_path, text(said))
    known = Suggestions(found)

    names = [name for gap in gaps(said) for name in known.names(said, gap)]

    assert first in names
    assert sorted(names[:2]) == ["{@agency}", "{@wanderer}"]
    if first.startswith("{"):
        assert names[0] == first


def test_what_the_text_names_itself_is_suggested_last(tmp_path: Path) -> None:
    names = marks(tmp_path, "Wanderer turned its six wheels, and , too, has treads.")[0].suggestions

    assert names == ("{@agency}", "Glider", "{@wanderer}")


def test_unknown_names_are_suggested_where_several_words_agree(tmp_path: Path) -> None:
    found = project(
        tmp_path,
        text("A message from the harbour of Old Lowmouth is here."),
        text("Another note came from the harbour of ."),
        text("Our friends at harbour of , and others."),
    )
    known = Suggestions(found)
    strong, weak = (found.corpus.by_id[f"held-{number}"].parts[0].text for number in (2, 3))

    assert known.names("A fax from the harbour of is here.", range(25, 26))[0] == "Old Lowmouth"
    assert "Old Lowmouth" not in known.names(strong, gaps(strong)[0])
    assert "Old Lowmouth" not in known.names(weak, gaps(weak)[0])


def test_a_cut_link_is_marked_with_the_whole_ones_that_begin_so(tmp_path: Path) -> None:
    first, second = marks(tmp_path, "Look: marsh.museum/gallery/wheels… and marsh.museum/missions/wande")

    assert (first.kind, first.suggestions) == ("link", ("marsh.museum/gallery/wheels-and-treads",))
    assert second.says == "the link marsh.museum/missions/wande looks cut: the page shows no more of a path"
    assert second.suggestions == ("https://marsh.museum/missions/wanderer-lands",)


def test_every_claim_is_marked_with_the_reason_that_tells_of_it(tmp_path: Path) -> None:
    reasons = [
        "says “tonight”, which is true at one time only",
        "it comments on a quoted post",
        "says “on the left” of nothing",
    ]

    found = marks(tmp_path, "See on the left it glows tonight, once more tomorrow.", reasons=reasons)

    assert [(mark.kind, mark.says) for mark in found] == [
        ("words", reasons[2]),
        ("claim", reasons[0]),
        ("claim", "says “tomorrow”, which is not true on every day"),
    ]


def test_what_no_mark_tells_is_told_beside_the_text(tmp_path: Path) -> None:
    found = project(
        tmp_path, text("It glows tonight.", "And on.", reasons=["copied", "says “tonight” at one time"])
    )

    shown = look(found.corpus.by_id["held-1"], Suggestions(found))

    assert shown.others == ("copied",)
    assert [[piece.text for piece in part] for part in shown.parts] == [
        ["It glows ", "tonight", "."],
        ["And on."],
    ]


@pytest.mark.parametrize(
    ("said", "events", "posted"),
    [
        ("On April 19, 2014, something flew.", ("glider-flight",), date(2014, 4, 19)),
        ("On April 19 something flew.", ("glider-flight",), None),
        ("On April 19, 2013, nothing flew.", (), date(2013, 4, 19)),
        ("Between April 19, 2014, and May 2, 2015, it flew.", ("glider-flight",), None),
        ("Wanderer landed in a marsh, slowly.", ("wanderer-landing",), None),
        ("Wanderer is red.", (), None),
        ("Nothing in here.", (), None),
    ],
)
def test_events_and_the_day_are_read_from_the_text(
    tmp_path: Path, said: str, events: tuple[str, ...], posted: date | None
) -> None:
    found = project(tmp_path, text(said))

    shown = look(found.corpus.by_id["held-1"], Suggestions(found))

    assert (shown.events, shown.posted) == (events, posted)


@pytest.mark.parametrize(
    ("fields", "tone", "use"),
    [
        (text("Reeds bend in wind."), Tone.NEUTRAL, Uses.EVERGREEN),
        (text("Rest well, little one. Tonight we think of you."), Tone.REMEMBRANCE, Uses.DATED),
        (text("Reeds bend in wind.", tone="celebration"), Tone.CELEBRATION, Uses.EVERGREEN),
    ],
)
def test_tone_and_use_are_suggested(tmp_path: Path, fields: dict[str, Any], tone: Tone, use: Uses) -> None:
    found = project(tmp_path, fields)

    shown = look(found.corpus.by_id["held-1"], Suggestions(found))

    assert (shown.tone, shown.use) == (tone, use)


def test_a_project_without_names_and_posts_suggests_nothing() -> None:
    empty = Suggestions(Project("", Schedules(), Corpus(), ""))

    assert empty.names("built by .", range(8, 9)) == ()
    assert empty.links("marsh.museum/a…") == ()
    assert empty.events("On April 19, 2014, it flew.") == ()
    assert empty.events("Am 19. April 2014", "de") == ()


@pytest.mark.parametrize(
    ("said", "fills", "expected"),
    [
        ("Built by , who came.", {8: "{@agency}"}, "Built by {@agency}, who came."),
        ("Built by .", {8: "{@agency}"}, "Built by {@agency}."),
        (f"The wings of {APOSTROPHE}s glider.", {12: "{@agency}"}, f"The wings of {{@agency}}{APOSTROPHE}s glider."),
        ("Home ( and friends).", {6: "{@agency}"}, "Home ({@agency} and friends)."),
        ("All is well. has landed.", {12: "{@wanderer}"}, "All is well. {@wanderer} has landed."),
        ("Two  spaces.", {3: "{@wanderer}"}, "Two {@wanderer} spaces."),
        ("By , via marsh.museum/missions/wande and by .", {2: "A", 43: "B", 9: "marsh.museum/m"}, "By A, via marsh.museum/m and by B."),
        ("Whole.", {}, "Whole."),
    ],
)  # fmt: skip
def test_gaps_and_cut_links_are_filled_where_they_are(
    said: str, fills: dict[int, str], expected: str
) -> None:
    assert filled(said, fills) == expected


def test_where_nothing_is_missing_nothing_is_filled() -> None:
    with pytest.raises(BadCall, match=r"^nothing is missing at 3; look at the text again$"):
        filled("All is well.", {3: "x"})


def test_what_is_left_open_is_told() -> None:
    post = Post("a", (Part("Built by ."), Part("See marsh.museum/gallery/wheels…")))

    assert left_open(post) == (
        "a name was lost in copying: “Built by ␣.”",
        "the link marsh.museum/gallery/wheels… looks cut: the page shows no more of a path",
    )


def accept(found: Project, **fields: Any) -> Edit:
    post = found.corpus.by_id["held-1"]
    return accepted(post, found, replace(Change(), **fields), seen=file_digest(post, Path(found.root)))


def test_yes_frees_the_post_with_all_that_was_set(tmp_path: Path) -> None:
    found = project(tmp_path, text("Built by ."))
    fill = {1: filled("Built by .", {8: "{@agency}"})}

    write(accept(found, use=Uses.EVERGREEN, texts=fill, tags=("craft",), event="glider-flight"))
    post = read_project(tmp_path)[0].corpus.by_id["held-1"]

    assert (post.use, post.reasons, post.tags, post.event) == (
        Uses.EVERGREEN,
        (),
        ("craft",),
        "glider-flight",
    )
    assert post.parts[0].text == "Built by {@agency}."
    assert waiting(read_project(tmp_path)[0]) == ()


TONIGHT = '"Tonight" is true on some days only; word it for any day, or use = "dated" or "hold"'


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, 'say when it may be picked: use = "evergreen" or "dated"'),
        ({"use": Uses.HOLD}, 'say when it may be picked: use = "evergreen" or "dated"'),
        (
            {"use": Uses.EVERGREEN, "event": "gone"},
            f"{TONIGHT}\nno event called 'gone'",
        ),
    ],
)
def test_yes_is_refused_with_all_that_check_would_find(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    found = project(tmp_path, text("Tonight it flies."))

    with pytest.raises(BadCall) as caught:
        accept(found, **fields)

    assert str(caught.value) == message


def test_no_keeps_the_post_on_hold_with_who_and_why_before_the_other_reasons(tmp_path: Path) -> None:
    found = project(tmp_path, text("A."), text("B."))
    post = found.corpus.by_id["held-1"]

    write(edited(post, found, declined(post, "Ann", " old\nnews "), seen=file_digest(post, tmp_path)))
    again = read_project(tmp_path)[0]

    assert again.corpus.by_id["held-1"].reasons == ("declined by Ann: old news", "copied")
    assert [each.id for each in waiting(again)] == ["held-2"]


def test_no_needs_a_reason() -> None:
    with pytest.raises(BadCall, match=r"^say why, so that nobody has to ask$"):
        declined(Post("a", (Part("A."),)), "Ann", " ")


sentences = st.lists(
    st.sampled_from(
        ["Built by", "reeds", ",", ".", "of", "tonight", "(", ")", "marsh.museum/missions/wande", f"{APOSTROPHE}s", "\n", "  ", "It", "{@agency}"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(sentences)
def test_the_pieces_are_the_text_and_every_mark_covers_its_own(said: str) -> None:
    post = Post("a", (Part(said),), use=Uses.HOLD, reasons=("copied",))

    (pieces,) = look(post, Suggestions(Project("", Schedules(), Corpus(), ""))).parts

    assert "".join(piece.text for piece in pieces) == said
    for mark in {mark for piece in pieces for mark in piece.marks}:
        assert "".join(piece.text for piece in pieces if mark in piece.marks) == said[mark.start : mark.stop]


@settings(max_examples=30, deadline=None)
@given(sentences)
def test_every_gap_takes_a_name_and_loses_no_other_sign(said: str) -> None:
    whole = filled(said, {gap.start: "{@wanderer}" for gap in gaps(said)})

    assert whole.count("{@wanderer}") == len(gaps(said))
    assert "".join(whole.replace("{@wanderer}", "").split()) == "".join(said.split())
