"""The plan as an HTML page: well built, self-contained, readable in both themes, and never anybody's script."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Gap, Media, Plan, Tone, Window
from bot.preview import page
from bot.preview.view import View
from bot.preview.words import clean
from bot.zones import DAY
from tests.fakes.plans import ACCOUNTS, ALL, TITLES, YORK, empty, planned, sample, slot
from tests.fakes.reader import Reader

AT = slot("anniversaries", "2027-01-28 09:00", YORK, event="ferry-lost", years=41)
WINDOW = sample().window


def one(text: str, **more: str) -> View:
    post = planned(
        AT, text, media=(Media("a.png", more.get("alt", "A bell.")),), why=more.get("why", "its own")
    )
    return View(WINDOW, Plan((post,), (Gap(AT, more.get("reason", "quiet day")),)), ACCOUNTS, TITLES)


def test_every_element_is_closed_and_every_id_is_its_own() -> None:
    reader = Reader(page.show(sample()))

    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_of_the_calendar_leads_to_an_entry() -> None:
    reader = Reader(page.show(sample()))

    links = [str(a["href"]) for a in reader.all("a") if "mark" in str(a.get("class"))]
    assert sorted(links) == sorted(f"#{a['id']}" for a in reader.all("article"))
    assert len(links) == len(sample().plan.posts) + len(sample().plan.gaps)


def test_nothing_comes_from_outside_and_nothing_runs() -> None:
    reader = Reader(page.show(sample()))

    policy = next(
        a["content"] for a in reader.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert {tag for tag, _ in reader.elements}.isdisjoint(
        {"script", "img", "link", "iframe", "form", "object"}
    )
    assert not any(name.startswith("on") or name == "src" for _, a in reader.elements for name in a)
    assert all(str(a["href"]).startswith("#") for a in reader.all("a"))
    assert "url(" not in page.show(sample())
    assert "@import" not in page.show(sample())


@pytest.mark.parametrize("field", ["text", "alt", "why", "reason"])
def test_hostile_words_are_shown_as_words(field: str) -> None:
    hostile = "</p></article><script>alert(\"1\")</script><a href='javascript:x' onclick=y>&amp;"

    reader = Reader(page.show(one(**({"text": "Words."} | {field: hostile}))))

    assert reader.all("script") == []
    assert len(reader.all("article")) == 2
    assert any(hostile in words for words in reader.words.values())


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_back_from_the_page(text: str) -> None:
    reader = Reader(page.show(one(text)))

    assert reader.texts == [clean(text)]


def test_a_text_keeps_its_line_breaks_its_language_and_its_direction() -> None:
    post = planned(AT, "سطر\n\nسطر", lang="ar")

    reader = Reader(page.show(View(WINDOW, Plan((post,)))))

    (shown,) = (a for a in reader.all("p") if a.get("class") == "text")
    assert (shown["lang"], shown["dir"]) == ("ar", "auto")
    assert reader.texts == ["سطر\n\nسطر"]


def test_headings_descend_without_leaps() -> None:
    levels = [int(tag[1]) for tag, _ in Reader(page.show(sample())).elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_says_its_language_and_its_title() -> None:
    reader = Reader(page.show(sample()))

    assert reader.all("html") == [{"lang": "en"}]
    assert reader.words["title"] == reader.words["h1"].join(["Redletter: ", ""])


def test_every_month_is_a_table_from_monday_to_sunday() -> None:
    shown = page.show(sample())

    grids = re.findall(r"<caption>(.*?)</caption>.*?<thead>(.*?)</thead>(.*?)</table>", shown, re.DOTALL)
    assert [name for name, _, _ in grids] == ["January 2027", "February 2027"]
    for _, head, body in grids:
        assert re.findall(r'scope="col"><abbr title="(\w+)"', head)[::6] == ["Monday", "Sunday"]
        assert all(week.count("<td") == 7 for week in body.split("<tr>")[1:])


def test_a_day_stands_under_its_weekday() -> None:
    """28 January 2027 is a Thursday."""
    body = page.show(sample()).split("<tbody>")[1]

    week = next(week for week in body.split("<tr>") if '<span class="number">28</span>' in week)
    numbers = re.findall(r'<span class="number">(\d+)</span>', week)
    assert numbers == ["25", "26", "27", "28", "29", "30", "31"]


def test_quiet_days_and_days_outside_the_window_are_marked() -> None:
    at = Window(AT.at - DAY, AT.at + DAY)

    shown = page.show(View(at, Plan((), (Gap(AT, "quiet day: ferry-lost"),))))

    assert re.findall(r'<td class="([^"]*)"><span class="number">(\d+)', shown)[25:31] == [
        ("outside", "26"),
        ("inside", "27"),
        ("inside busy quiet", "28"),
        ("inside", "29"),
        ("outside", "30"),
        ("outside", "31"),
    ]
    assert "quiet day</span>" in shown


def test_accounts_that_show_the_same_share_one_wording() -> None:
    shared = planned(AT, "Words.", ALL)
    apart = planned(AT, "Thank you, {@harbour}.", ALL)

    assert Reader(page.show(View(WINDOW, Plan((shared,))))).texts == ["Words."]
    assert len(Reader(page.show(View(WINDOW, Plan((apart,))))).texts) == 3


def test_an_entry_says_when_in_both_clocks_where_and_why() -> None:
    shown = page.show(one("Words.", why="its own post"))

    for each in (
        '<time class="clock" datetime="2027-01-28T14:00:00Z">09:00 EST</time> Loss of the ferry Aurelia, 41 years',
        "2027-01-28 14:00 UTC",
        "<strong>harbour-x</strong> <span>(x)</span>",
        '6/280 <svg class="meter" viewBox="0 0 280 1"',
        '<path d="M0 0h6v1H0z"/>',
        "its own post",
        "<code>a.png</code>",
    ):
        assert each in shown


def test_an_account_that_is_not_live_is_called_a_dry_run() -> None:
    shown = page.show(View(WINDOW, Plan((planned(AT, "Words.", ALL),)), ACCOUNTS))

    assert "<strong>harbour-bluesky</strong> <span>(bluesky, dry run)</span>" in shown
    assert "<strong>harbour-x</strong> <span>(x)</span>" in shown


def test_tone_is_told_by_word_and_sign() -> None:
    plan = Plan(tuple(planned(slot(tone, "2027-01-28 09:00"), "Words.", tone=tone) for tone in Tone))

    shown = page.show(View(WINDOW, plan))

    for tone, sign in (("celebration", "✦"), ("remembrance", "▪"), ("neutral", "○")):
        assert f'aria-hidden="true">{sign}</span> {tone}</span>' in shown


def test_the_footer_tells_window_cost_and_digest() -> None:
    footer = page.show(sample()).split("<footer")[1]

    assert "from 2027-01-01T00:00:00Z until before 2027-03-01T00:00:00Z" in footer
    assert "harbour-x: 25 posts, US$0." in footer
    assert sample().plan.digest in footer


@pytest.mark.parametrize(
    ("start", "end", "heading"),
    [
        (0, 1, "1 January 1970"),
        (0, 0, "1 January 1970"),
        (0, 7 * DAY, "1 \u2013 7 January 1970"),
        (0, 32 * DAY, "1 January \u2013 1 February 1970"),
        (300 * DAY, 366 * DAY, "28 October 1970 \u2013 1 January 1971"),
    ],
)
def test_the_heading_names_the_first_and_the_last_day(start: int, end: int, heading: str) -> None:
    shown = page.show(View(Window(start, end), Plan()))

    assert f"<h1>{heading}</h1>" in shown


def test_an_empty_plan_says_so_kindly() -> None:
    shown = page.show(empty())

    assert "Nothing is planned in this window." in shown
    assert "0 posts and 0 gaps." in shown


def themes() -> Iterator[tuple[str, dict[str, str]]]:
    style = re.search(r"<style>(.*?)</style>", page.show(empty()), re.DOTALL)
    assert style
    blocks = re.findall(r":root \{(.*?)\}", style[1], re.DOTALL)
    for name, block in zip(("light", "dark", "print"), blocks, strict=True):
        yield name, dict(re.findall(r"--(\w+): (#[0-9a-f]+)", block))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_contrast_formula_knows_its_ends() -> None:
    assert contrast("#ffffff", "#000") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["paper", "card", "quiet"])
@pytest.mark.parametrize("letters", ["ink", "soft", "accent"])
def test_every_letter_stands_out_from_every_ground_in_every_theme(letters: str, ground: str) -> None:
    """WCAG AA asks for 4.5 between text and what is behind it."""
    ratios = {name: contrast(colours[letters], colours[ground]) for name, colours in themes()}

    assert len(ratios) == 3
    assert min(ratios.values()) >= 4.5


def test_nothing_is_styled_in_place() -> None:
    assert not any("style" in attributes for _, attributes in Reader(page.show(sample())).elements)


def test_what_is_too_long_says_so_and_fills_its_line() -> None:
    shown = page.show(one("W" * 281))

    assert '<span class="count over">281/280, too long <svg' in shown
    assert '<path d="M0 0h280v1H0z"/>' in shown


def test_links_tags_and_names_are_told_from_words() -> None:
    shown = page.show(one("See harbour.com, #bells and @keeper."))

    for kind, piece in (("link", "harbour.com"), ("tag", "#bells"), ("name", "@keeper")):
        assert f'<span class="{kind}">{piece}</span>' in shown
