from pathlib import Path

import pytest

from bot.contracts import FoundMedia, Imported
from bot.importers.x_page import XPage
from bot.importers.x_page.words import weight
from bot.model import Tone, Uses

PAGE = Path(__file__).parent.parent / "data" / "x_page" / "harbour.txt"
HEAD = "Pier Tower\n@PierTower\nA tower.\nPier Tower's posts\n"
LENS = "The lens bends light so that all of it leaves as one beam."

IMAGE, GIF = FoundMedia("image"), FoundMedia("gif")


def read(tmp_path: Path, body: str, head: str = HEAD) -> list[Imported]:
    file = tmp_path / "page.txt"
    file.write_bytes((head + body).encode())
    return list(XPage().read(file))


def only(tmp_path: Path, body: str) -> Imported:
    (found,) = read(tmp_path, body)
    return found


def found_in_page() -> dict[int, Imported]:
    return {found.first_line: found for found in XPage().read(PAGE)}


def test_every_post_of_a_page_is_found_with_its_bounds() -> None:
    bounds = [(found.first_line, found.last_line) for found in XPage().read(PAGE)]

    assert bounds == [
        (8, 9),
        (10, 14),
        (15, 17),
        (18, 24),
        (25, 30),
        (31, 33),
        (34, 36),
        (37, 41),
        (42, 43),
        (44, 46),
        (47, 49),
        (50, 50),
        (51, 57),
    ]


@pytest.mark.parametrize(
    ("line", "media"),
    [
        (8, ()),
        (10, (IMAGE, IMAGE)),
        (15, (IMAGE,)),
        (18, (GIF,)),
        (31, (FoundMedia("video", 3_723),)),
        (37, (FoundMedia("video", 125), GIF)),
        (44, ()),
        (51, (IMAGE,)),
    ],
)
def test_media_stand_with_the_post_above_them(line: int, media: tuple[FoundMedia, ...]) -> None:
    assert found_in_page()[line].media == (media,)


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        (25, "We made it.\nThanks to @HarbourObs for the loan of the great lens.\n#PierNight"),
        (44, ""),
        (51, "I saw it too, from the other side of the bay, @HarbourObs!"),
        (8, None),
    ],
)
def test_a_quoted_text_is_known_by_its_names_or_by_whom_it_answers(line: int, quote: str | None) -> None:
    assert found_in_page()[line].quote == quote


def test_own_text_links_and_hashtags_leave_the_quotation_out() -> None:
    found = found_in_page()[25]

    assert found.post.parts[0].text == "What a night! Well done."
    assert found.hashtags == ()
    assert found.links == ()


def test_links_and_hashtags_are_listed_as_they_stand() -> None:
    found = found_in_page()

    assert found[8].links == ("harbour.org/moon-sky",)
    assert found[8].hashtags == ("#MoonFacts",)
    assert found[8].post.tags == ("moonfacts",)
    assert found[18].links == ("harbour.org/live", "harbour.org/faq")


def test_a_post_is_named_by_its_line_and_first_words() -> None:
    found = found_in_page()[31].post

    assert found.id == "0031-the-great-lens-was-ground"
    assert (found.place.line, found.place.file) == (31, str(PAGE))


@pytest.mark.parametrize(
    ("line", "use"),
    [
        (8, Uses.EVERGREEN),
        (10, Uses.EVERGREEN),
        (42, Uses.DATED),
        (15, Uses.HOLD),
        (18, Uses.HOLD),
        (25, Uses.HOLD),
        (31, Uses.HOLD),
        (44, Uses.HOLD),
        (47, Uses.HOLD),
        (50, Uses.HOLD),
    ],
)
def test_only_what_is_whole_and_true_on_any_day_is_evergreen(line: int, use: Uses) -> None:
    assert found_in_page()[line].post.use is use


def test_an_evergreen_post_needs_no_reasons_and_any_other_has_some() -> None:
    for found in XPage().read(PAGE):
        assert bool(found.post.reasons) is (found.post.use is not Uses.EVERGREEN)


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("We remember her. #CrewRemembered", Tone.REMEMBRANCE),
        ("Rest well, old lamp.", Tone.REMEMBRANCE),
        ("Good work. #ThanksLamp", Tone.REMEMBRANCE),
        ("A calm sea. #ThanksgivingNot", Tone.NEUTRAL),
        ("What a day! #RememberedWhen", Tone.NEUTRAL),
        ("A calm sea.", Tone.NEUTRAL),
    ],
)
def test_the_tone_is_remembrance_where_a_text_takes_leave(tmp_path: Path, text: str, tone: Tone) -> None:
    assert only(tmp_path, text).post.tone is tone


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It was built by , keeper of the pier.", "a name was lost in copying: “was built by ␣, keeper of”"),
        ("This is \u2019s own lamp.", "a name was lost in copying: “This is ␣\u2019s own lamp.”"),
        ("The end came. has left the pier.", "a name was lost in copying: “The end came. ␣ has left the”"),
        (
            "After a long night, has left the pier.",
            "a name was lost in copying: “a long night, ␣ has left the”",
        ),
        ("A card from shows the pier.", "a name was lost in copying: “A card from ␣ shows the pier.”"),
        ("See the lamp of on the pier.", "a name was lost in copying: “the lamp of ␣ on the pier.”"),
        ("Nothing to do until lands here.", "a name was lost in copying: “to do until ␣ lands here.”"),
        ("The lamp  is lit.", "a name was lost in copying: “The lamp ␣ is lit.”"),
        ("The lamp ( on the pier) burns.", "a name was lost in copying: “The lamp ( ␣ on the pier)”"),
        (
            "Told in pier.org/log/of-the-lam",
            "the link pier.org/log/of-the-lam looks cut: the page shows no more of a path",
        ),
        ("Told in pier.org/log…", "the link pier.org/log… looks cut: the page shows no more of a path"),
        ("A lamp. 2/4", "part 2 of 4; the rest of the thread is not here"),
        ("...and it went dark.", "begins in the middle: “...and it went”"),
        ("And then it went dark.", "begins in the middle: “And then it”"),
        ("And this is how it looks:", "ends in the middle: “how it looks:”"),
        ("This lamp is old.", "says “This lamp” of something that is not here"),
        ("The pier. Here, the lamp stands.", "says “Here,” of something that is not here"),
        ("Old lamps (left) and new.", "says “(left)” of something that is not here"),
        ("The tower took this picture.", "says “this picture” of something that is not here"),
        ("Join us.", "says “Join us”, an invitation of its time"),
        ("A fine evening in the harbour.", "nothing shows that it is true on any day"),
    ],
)
def test_what_is_broken_or_bound_is_told_in_a_sentence(tmp_path: Path, text: str, reason: str) -> None:
    found = only(tmp_path, text).post

    assert found.use is Uses.HOLD
    assert reason in found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "The lamp at 9 a.m. is dim.",
        "It stands in the harbour, by the pier, and is of stone.",
        "Moons, e.g. those of Mars, are small ... and dark.",
        "Half of it, 1/2 of the rest, is water.",
        "The wheels turn at a rate of 3/2",
        "It was made in the yard. harbour.org/yard",
        "A rare shape (of stone) by and large.",
    ],
)
def test_whole_sentences_have_lost_no_name_and_no_neighbour(tmp_path: Path, text: str) -> None:
    reasons = only(tmp_path, text).post.reasons

    assert not [reason for reason in reasons if "lost" in reason or "part" in reason or "middle" in reason]


def test_a_link_in_the_sentence_stands_for_the_picture_it_speaks_of(tmp_path: Path) -> None:
    text = "Craters on the Moon keep their edges for ages. More about this picture: harbour.org/rim"

    assert only(tmp_path, text).post.use is Uses.EVERGREEN


def test_a_closing_tag_does_not_bind_what_is_told_of_nature(tmp_path: Path) -> None:
    text = "The Moon has craters that keep their edges for ages. harbour.org/rim #MoonDay"

    assert only(tmp_path, text).post.use is Uses.EVERGREEN


@pytest.mark.parametrize(
    "text",
    [
        "#MoonDay is when the Moon shows its craters, ice and dust to us.",
        "The Moon shows craters and dust to all who come. #Christmas",
        "Old lamps burn whale oil and smell of it for years. #LampDay",
    ],
)
def test_a_tag_binds_what_it_is_part_of(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, text).post.use is Uses.DATED


@pytest.mark.parametrize(
    "text",
    [
        "The team saw ice and dust in the crater of the Moon.",
        "Ice and dust.",
        "A lamp of brass stands in its ring of brass.",
    ],
)
def test_what_shows_no_sign_of_nature_is_left_to_a_person(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, text).post.reasons == ("nothing shows that it is true on any day",)


def test_a_weekday_alone_is_no_date(tmp_path: Path) -> None:
    assert only(tmp_path, "Ice came down the river on Sunday.").post.use is Uses.HOLD
    assert only(tmp_path, "Ice came down the river on July 30.").post.use is Uses.DATED


def test_two_posts_without_media_part_where_a_link_ends_the_first(tmp_path: Path) -> None:
    first = f"{LENS} Nothing is lost on the way but what the glass takes. pier.org/lens"
    second = f"{LENS} The glass takes a tenth of it, and gives it back as warmth. pier.org/glass"

    found = read(tmp_path, f"{first}\n{second}\n")

    assert [(one.first_line, one.last_line) for one in found] == [(5, 5), (6, 6)]


def test_no_post_is_longer_than_the_network_allows(tmp_path: Path) -> None:
    line = "A line of a hundred letters or so, in which nothing tells where one post ends and the next one begins."

    found = read(tmp_path, "\n".join([line] * 5))

    assert [one.last_line - one.first_line + 1 for one in found] == [2, 2, 1]
    assert any("guess" in reason for reason in found[1].post.reasons)


def test_a_line_too_long_for_a_post_is_kept_whole(tmp_path: Path) -> None:
    assert only(tmp_path, "word " * 80).first_line == 5


def test_lists_with_emoji_belong_to_the_post_above(tmp_path: Path) -> None:
    body = f"{LENS} pier.org/lens\n🟠 The lamp\n🟠 The lens\nMore: pier.org/more\n"

    assert only(tmp_path, body).last_line == 8


def test_a_call_to_read_on_belongs_to_the_post_above(tmp_path: Path) -> None:
    body = (
        f"{LENS} #GreatLens\nRead more: pier.org/lens\n{LENS} It weighs as much as two oxen. pier.org/oxen\n"
    )

    assert [(one.first_line, one.last_line) for one in read(tmp_path, body)] == [(5, 6), (7, 7)]


def test_a_line_of_tags_ends_a_post(tmp_path: Path) -> None:
    body = f"{LENS} It weighs as much as two oxen.\n#GreatLens\nA lamp for all.\nGIF\n"

    assert [one.first_line for one in read(tmp_path, body)] == [5, 7]


def test_few_words_and_a_link_are_seldom_a_post_without_media(tmp_path: Path) -> None:
    body = f"Good wind from the pier: pier.org/wind\n{LENS}\nGIF\n"

    assert [one.first_line for one in read(tmp_path, body)] == [5]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("a lamp", 6),
        ("a lamp 🔦", 9),
        ("👨\u200d👩\u200d👧 🇮🇹 \u2139\ufe0f", 8),
        ("灯台", 4),
        ("pier.org/a-very-long-way-to-the-lamp and pier.org", 51),
        ("e\u0301", 1),
    ],
)
def test_a_text_weighs_what_x_counts(text: str, length: int) -> None:
    assert weight(text) == length


def test_a_quotation_under_replying_to_needs_no_other_sign(tmp_path: Path) -> None:
    found = only(tmp_path, f"A lamp.\nQuote\nReplying to @PierTower\n{LENS}\n")

    assert (found.quote, found.last_line) == (LENS, 8)


def test_a_title_begins_a_post(tmp_path: Path) -> None:
    body = (
        f"{LENS} It weighs as much as two oxen and turns on a bath of mercury.\nThe Great Lens\n{LENS}\nGIF"
    )

    assert [one.first_line for one in read(tmp_path, body)] == [5, 6]


def test_windows_lines_and_unbreaking_spaces_change_nothing(tmp_path: Path) -> None:
    body = f"{LENS}\nread image\u00a0description\nALT \nQuote\nFor @PierTower: well done.\n"
    plain = read(tmp_path, body.replace("\u00a0", " "))

    windows = read(tmp_path, body.replace("\n", "\r\n"), head="\ufeff" + HEAD.replace("\n", "\r\n"))

    assert [(one.first_line, one.last_line, one.media, one.quote) for one in windows] == [
        (one.first_line, one.last_line, one.media, one.quote) for one in plain
    ]
    assert [one.post.parts for one in windows] == [one.post.parts for one in plain]


def test_a_text_stays_exactly_as_it_stands_in_the_page(tmp_path: Path) -> None:
    body = f"{LENS}\n\nAnd it\u2019s  heavy,\u00a0too , said ."

    assert only(tmp_path, body).post.parts[0].text == body


def test_blank_lines_around_posts_belong_to_none(tmp_path: Path) -> None:
    found = only(tmp_path, f"\n\n{LENS}\n\n\n   \n")

    assert (found.first_line, found.last_line) == (7, 7)


def test_a_page_without_posts_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, "") == []


@pytest.mark.parametrize(
    ("body", "media", "quote"),
    [("read image description\nALT\n", (IMAGE,), None), ("Quote\nGIF\n", (), "")],
)
def test_a_post_may_have_no_words(
    tmp_path: Path, body: str, media: tuple[FoundMedia, ...], quote: str | None
) -> None:
    found = only(tmp_path, body)

    assert (found.post.id, found.post.parts[0].text) == ("0005", "")
    assert (found.media, found.quote) == ((media,), quote)
    assert "there are no words, only media or a quotation" in found.post.reasons


def test_a_second_quotation_begins_another_post(tmp_path: Path) -> None:
    body = "A lamp.\nQuote\nSeen by @PierTower.\nQuote\nGIF\n"

    assert [(one.first_line, one.quote) for one in read(tmp_path, body)] == [
        (5, "Seen by @PierTower."),
        (8, ""),
    ]


def test_the_word_from_is_a_trace_only_under_a_film(tmp_path: Path) -> None:
    assert only(tmp_path, f"{LENS}\n0:13\nFrom\n").last_line == 7
    assert only(tmp_path, f"From\n{LENS}\n").post.parts[0].text == f"From\n{LENS}"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "Some notes\nof the day.\n",
        "Pier Tower\nPier Tower's posts\nA lamp.\n",
        "@PierTower\nPier Tower's posts\nA lamp.\n",
        "Pier Tower\n@PierTower\nA lamp.\n",
    ],
)
def test_a_file_that_is_no_such_page_is_refused_with_a_sentence(tmp_path: Path, page: str) -> None:
    with pytest.raises(ValueError, match=r"page\.txt: this is no copy of a profile page: such a page begins"):
        read(tmp_path, "", head=page)


def test_a_file_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"Pier \xff\xfe")

    with pytest.raises(ValueError, match=r"page\.txt: this is no text in UTF-8 \(byte 5\)"):
        XPage().read(file)
