"""The calendar in a browser: every view leads on, keeps what it is narrowed to, and shows what people wrote as text."""

import re
from calendar import day_name
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.delivery.people import Role
from bot.delivery.tick import plan_ahead
from bot.model import Gap, Media, PlannedPost, Tone
from bot.web.pages.calendar import IN_MONTH, IN_WEEK
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import MASTODON, NOON, X, enqueue, planned, slot
from tests.fakes.desks import Browser, Reply, Served, served
from tests.fakes.pictures import encoded, flag
from tests.fakes.projects import museum
from tests.fakes.reader import Reader

EVIL = "</p></article><script>alert(\"1\")</script><a href='javascript:x' onclick=y>&amp;"
PAGES = ("/", "/month/2027-03", "/week/2027-03-03", "/list/2027-03-02", "/year/2027")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(museum(tmp_path_factory.mktemp("desk") / "museum")) as found:
        found.now = NOON
        yield found


@pytest.fixture
def browser(desk: Served) -> Browser:
    return desk.browser(Role.LOOK)


@pytest.fixture
def full(desk: Served) -> Served:
    """The desk of a daemon that has planned ahead."""
    plan_ahead(desk.office.project, desk.queue, NOON)
    return desk


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same, for tests that change nothing."""
    folder = museum(tmp_path_factory.mktemp("still") / "museum")
    with served(folder) as found:
        found.now = NOON
        plan_ahead(found.office.project, found.queue, NOON)
        yield found


@pytest.fixture(scope="module")
def looker(still: Served) -> Browser:
    return still.browser(Role.LOOK)


def put(desk: Served, *posts: PlannedPost, gaps: tuple[Gap, ...] = ()) -> None:
    """Let these be queued, of the project's files as they are."""
    enqueue(desk.queue, *posts, gaps=gaps, files=desk.office.project.digest)


def hrefs(page: Reply) -> list[str]:
    return [str(a["href"]) for a in Reader(page.text).all("a")]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_see_no_calendar(still: Served, path: str) -> None:
    page = still.browser().get(path)

    assert page.status == 303
    assert page.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_built_and_styles_or_runs_nothing_in_place(looker: Browser, path: str) -> None:
    page = looker.get(path)

    reader = Reader(page.text)
    assert page.status == 200
    assert not any("style" in a or any(name.startswith("on") for name in a) for _, a in reader.elements)
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert len(reader.all("h1")) == 1
    assert len(page.text) < 100_000


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(looker: Browser, path: str) -> None:
    known = re.compile(r"/(month|week|list|year|jump|gap)/?")

    links = {href for href in hrefs(looker.get(path)) if known.match(href)}

    chosen = sorted(links)[:: len(links) // 20 + 1]
    assert chosen
    assert {href: looker.get(href).status for href in chosen} == dict.fromkeys(chosen, 200)


def test_the_first_page_is_this_month(looker: Browser) -> None:
    assert looker.get("/").words.count("March 2027") > 1
    assert 'aria-current="date">1<' in looker.get("/").text


def test_a_month_shows_its_days_with_marks_that_tell_what_they_are(looker: Browser) -> None:
    reader = Reader(looker.get("/month/2027-03").text)

    days = [a["data-day"] for a in reader.all("td") if "data-day" in a]
    marks = [a for a in reader.all("a") if "data-slot" in a]
    assert (days[0], days[-1], len(days)) == ("2027-03-01", "2027-03-31", 31)
    first = marks[0]
    assert first["href"] == f"/slot/{first['data-slot']}?on=2027-03-02"
    assert first["data-at"] == str(NOON + 22 * HOUR + 30 * MINUTE)
    assert first["data-zone"] == "Europe/London"
    assert first["title"] == "10:30 GMT, neutral: mornings"


def test_the_digest_is_that_of_a_preview_and_says_so(still: Served, looker: Browser) -> None:
    words = looker.get("/month/2027-03").words

    command = still.folder.at(
        "2027-03-01T12:00:00Z", "preview", "--from", "2027-03-01", "--to", "2027-04-01", "--json"
    )
    assert "redletter preview --from 2027-03-01 --to 2027-04-01" in words
    assert command.data["digest"] in words


def test_quiet_days_are_told_in_month_week_and_list(looker: Browser) -> None:
    for path in ("/month/2027-03", "/week/2027-03-10"):
        assert "quiet day: We lost our founder" in looker.get(path).words
    assert "Quiet day: We lost our founder. Only remembrance speaks." in looker.get("/list/2027-03-10").words


def test_a_hush_is_told_on_its_days(full: Served, browser: Browser) -> None:
    events = full.folder.root / "schedules" / "events.toml"
    events.write_text(
        events.read_text("utf-8").replace("quiet = true", 'quiet = true\nhush = "24h"'), "utf-8"
    )
    full.now += 1

    assert "hush around We lost our founder" in browser.get("/week/2027-03-10").words
    assert "nothing celebrates in its hours" in browser.get("/list/2027-03-09").words


def test_a_list_shows_posts_as_they_will_look_and_gaps_with_their_reason(looker: Browser) -> None:
    page = looker.get("/list/2027-03-10")

    assert "quiet day: loss" in page.words
    assert re.search(r'<a href="/gap/\w+\?on=2027-03-10">mornings</a>', page.text)
    assert "museum (x, dry run)" in looker.get("/list/2027-03-02").words


def test_a_gap_has_a_page_and_a_post_leads_to_its_own(looker: Browser) -> None:
    gap = next(href for href in hrefs(looker.get("/list/2027-03-10")) if href.startswith("/gap/"))
    post = next(href for href in hrefs(looker.get("/list/2027-03-02")) if href.startswith("/slot/"))

    page = looker.get(gap)
    there = looker.get(post.replace("/slot/", "/gap/"))

    assert "nothing is said" in page.words
    assert "quiet day: loss" in page.words
    assert "Wednesday 10 March 2027" in page.words
    assert looker.get(gap.partition("?")[0]).status == 200
    assert (there.status, there.headers["location"]) == (303, post.partition("?")[0])
    assert looker.get("/gap/none").status == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("account=museum", True),
        ("account=nobody", False),
        ("schedule=mornings", True),
        ("tone=remembrance", False),
    ],
)
def test_a_page_is_narrowed_by_its_query(looker: Browser, query: str, *, said: bool) -> None:
    page = looker.get(f"/list/2027-03-02?{query}")

    first = page.words.partition("Wednesday 3 March")[0]
    assert ("10:30 GMT" in first) is said
    assert ("Nothing is planned on this day of what you look at." in first) is not said


def test_a_list_goes_on_with_the_days_that_have_room_and_leads_to_the_day_after_them(looker: Browser) -> None:
    page = looker.get("/list/2027-03-08")

    assert "14 March 2027" in page.words
    days = [f"{name} {8 + number} March" for number, name in enumerate(day_name)]
    assert [each for each in days if each in page.words] == days
    assert "/list/2027-03-15" in hrefs(page)
    assert "Quiet day: We lost our founder." in page.words.partition("Thursday 11 March")[0]


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_is_narrowed_to_stays_on_the_way(looker: Browser, path: str) -> None:
    page = looker.get(f"{path}?schedule=mornings&tone=")

    ways = [
        href for href in hrefs(page) if re.match(r"/(month|week|list|year)/", href) and "schedule=" in href
    ]
    reader = Reader(page.text)
    assert len(ways) >= 7
    assert {"type": "hidden", "name": "schedule", "value": "mornings"} in reader.all("input")
    assert any("selected" in a for a in reader.all("option"))
    assert "Only schedule mornings" in page.words
    assert not any("tone=" in href for href in ways)


def test_one_can_go_to_any_day_in_the_same_view(looker: Browser) -> None:
    asked = [
        looker.get(f"/jump?to=2037-01-28&view={view}&tone=neutral").headers["location"]
        for view in ("month", "week", "list", "year", "strange")
    ]

    assert asked == [
        "/month/2037-01?tone=neutral", "/week/2037-01-28?tone=neutral", "/list/2037-01-28?tone=neutral",
        "/year/2037?tone=neutral", "/month/2037-01?tone=neutral",
    ]  # fmt: skip
    assert looker.get("/month/2037-03").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/month/2027-13",
        "/month/march",
        "/week/2027-02-30",
        "/list/20270301",
        "/year/27",
        "/jump?to=soon",
        "/month/9999-12",
        "/year/9999",
        "/list/9999-12-31",
        "/week/9999-12-31",
        "/jump",
    ],
)
def test_what_is_no_day_has_no_page(looker: Browser, path: str) -> None:
    assert looker.get(path).status == 404


@pytest.mark.parametrize("path", ["/month/1899-12", "/year/2060", "/list/2058-01-01"])
def test_what_lies_too_far_away_is_refused_in_words(looker: Browser, path: str) -> None:
    page = looker.get(path)

    assert page.status == 422
    assert "the calendar reaches from 1900 to 2057" in page.words


@pytest.mark.parametrize("path", ["/month/1900-01", "/list/1900-01-01", "/week/1900-01-01", "/year/1900"])
def test_nothing_leads_before_the_beginning(looker: Browser, path: str) -> None:
    reader = Reader(looker.get(path).text)

    assert [a.get("rel") for a in reader.all("a") if a.get("rel")] == ["next"]


def test_nothing_leads_beyond_the_end(tmp_path: Path) -> None:
    folder = museum(tmp_path / "museum")
    yearly = "\n[[schedule]]".join(
        (folder.root / "schedules/calendar.toml").read_text("utf-8").split("\n[[schedule]]")[:1]
    )
    folder.write("schedules/calendar.toml", yearly)
    with served(folder) as desk:
        browser = desk.browser(Role.LOOK)

        for path in ("/month/2057-12", "/list/2057-12-31", "/year/2057"):
            reader = Reader(browser.get(path).text)
            assert [a.get("rel") for a in reader.all("a") if a.get("rel")] == ["prev"]


def test_a_full_day_shows_its_loudest_and_leads_to_the_rest(desk: Served, browser: Browser) -> None:
    posts = [planned(NOON + number * MINUTE) for number in range(60)]
    put(desk, *posts, planned(NOON + 5 * HOUR, tone=Tone.REMEMBRANCE))

    month, week = browser.get("/month/2027-03"), browser.get("/week/2027-03-01")

    assert f"and {61 - IN_MONTH} more" in month.words
    assert f"and {61 - IN_WEEK} more" in week.words
    assert "mark remembrance" in month.text
    assert '<a class="more" href="/list/2027-03-01">' in month.text


def test_a_full_day_has_pages(desk: Served, browser: Browser) -> None:
    put(desk, *(planned(NOON + number * MINUTE) for number in range(60)))

    first, second = browser.get("/list/2027-03-01?tone=neutral"), browser.get("/list/2027-03-01?page=2")

    assert "page 1 of 2, 60 entries" in first.words
    assert 'href="/list/2027-03-01?tone=neutral&amp;page=2" rel="next"' in first.text
    assert 'href="/list/2027-03-01?page=1" rel="prev"' in second.text
    assert len(Reader(second.text).all("article")) == 20
    assert browser.get("/list/2027-03-01?page=x").text == browser.get("/list/2027-03-01").text


def test_hostile_words_are_shown_as_words(desk: Served, browser: Browser) -> None:
    post = planned(NOON, EVIL, id=f"a/{EVIL}", media=(Media("corpus/a.png", EVIL),), tone=Tone.CELEBRATION)
    put(desk, post, gaps=(Gap(slot(NOON + HOUR), EVIL),))
    desk.queue.hold(EVIL, now=NOON)

    for path in ("/list/2027-03-01", f"/gap/{slot(NOON + HOUR).key}"):
        page = browser.get(path)
        assert EVIL in page.words.replace(" ", "") or EVIL.replace(" ", "") in page.words.replace(" ", "")
        assert "<script>alert" not in page.text
        assert not [a for a in Reader(page.text).all("a") if "onclick" in a]


def test_hostile_filters_are_shown_as_words(looker: Browser) -> None:
    page = looker.get("/month/2027-03?account=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert page.status == 200
    assert "<script>alert(1)" not in page.text


def test_what_was_sent_missed_or_held_is_told_by_sign_and_word(desk: Served, browser: Browser) -> None:
    put(desk, planned(NOON + HOUR, accounts=(X, MASTODON)))
    desk.queue.skip(desk.queue.rows(NOON)[0].key, reason="no", now=NOON)

    page = browser.get("/month/2027-03")

    assert re.search(r'aria-hidden="true"> \*</span>', page.text)
    assert ", neutral, cancelled pending" in page.text or ", neutral, pending cancelled" in page.text


def test_a_year_tells_every_day_in_words_and_leads_to_it(looker: Browser) -> None:
    reader = Reader(looker.get("/year/2027").text)

    days = [a for a in reader.all("a") if str(a.get("class")).startswith("square")]
    assert len(days) == 365
    assert (days[0]["href"], days[-1]["href"]) == ("/list/2027-01-01", "/list/2027-12-31")
    quiet = days[(date(2027, 3, 10) - date(2027, 1, 1)).days]
    assert quiet["aria-label"] == "10 March: 1 post, remembrance, quiet day: loss"


def feed_token(desk: Served, role: Role = Role.FEED) -> str:
    word = desk.secret()
    desk.queue.issue(word, "Calendar", role=role, now=desk.now)
    return word


def test_a_feed_is_read_by_a_token_of_its_own_and_without_a_cookie(full: Served) -> None:
    stranger = full.browser()

    answer = stranger.get(f"/calendar.ics?token={feed_token(full)}")

    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in answer.headers
    assert 250 < len(events) < 400
    assert {str(event["UID"]) for event in events} >= {
        f"{row.slot.key}@redletter" for row in full.queue.rows(NOON)
    }


def test_a_feed_that_is_known_is_not_sent_again(full: Served) -> None:
    path, stranger = f"/calendar.ics?token={feed_token(full)}", full.browser()
    tag = stranger.get(path).headers["etag"]

    again = stranger.get(path, if_none_match=tag)
    full.queue.skip(full.queue.rows(NOON)[0].key, reason="no", now=NOON)
    changed = stranger.get(path, if_none_match=tag)

    assert (again.status, again.text) == (304, "")
    assert (changed.status, changed.headers["etag"] != tag) == (200, True)


def test_only_a_feeds_token_reads_it_and_it_opens_nothing_else(full: Served) -> None:
    look, own = feed_token(full, Role.LOOK), feed_token(full)

    assert full.browser().get(f"/calendar.ics?token={look}").status == 403
    assert full.browser().get("/calendar.ics").status == 403
    assert full.browser().get(f"/enter?token={own}").status == 403
    assert full.browser(Role.APPROVE).get("/calendar.ics").status == 403


def test_a_feed_that_was_revoked_and_asks_on_keeps_nobody_from_signing_in(full: Served) -> None:
    asking = full.browser()

    answers = {asking.get(f"/calendar.ics?token=gone-{number}").status for number in range(8)}

    assert answers == {403}
    assert full.browser().post("/sign-in", {"token": feed_token(full, Role.LOOK)}).status == 303


@pytest.fixture
def pictured(desk: Served) -> Served:
    (desk.folder.root / "corpus" / "facts" / "lens.png").write_bytes(encoded(flag(), "PNG"))
    (desk.folder.root / "corpus" / "facts" / "other.png").write_bytes(encoded(flag(), "PNG"))
    (desk.folder.root / "corpus" / "facts" / "words.png").write_text("<svg onload=alert(1)>", "utf-8")
    fields = 'media = [{ file = "lens.png", alt = "A lens." }, { file = "words.png", alt = "W." }]\ntags = ["facts"]'
    desk.folder.post("facts/lens", "A lens.", fields)
    desk.folder.post(
        "facts/gone", "Gone.", 'media = [{ file = "gone.png", alt = "Gone." }]\ntags = ["facts"]'
    )
    desk.office.look_again()
    return desk


def test_a_picture_that_a_post_names_is_shown_as_what_it_is_and_can_do_nothing(pictured: Served) -> None:
    answer = pictured.browser(Role.LOOK).ask("HEAD", "/media/corpus/facts/lens.png")

    assert answer.status == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["corpus/facts/other.png", "corpus/facts/words.png", "corpus/facts/gone.png", "schedules/events.toml",
     "..%2f..%2fetc/passwd", "/etc/passwd"],
)  # fmt: skip
def test_no_other_file_is_shown(pictured: Served, name: str) -> None:
    assert pictured.browser(Role.LOOK).get(f"/media/{name}").status == 404


def test_strangers_see_no_pictures(pictured: Served) -> None:
    assert pictured.browser().get("/media/corpus/facts/lens.png").status == 303


def test_a_list_shows_pictures_with_their_alt_text_to_be_read(pictured: Served) -> None:
    post = planned(
        NOON, media=(Media("corpus/facts/lens.png", "A lens."), Media("", "A card.", card="sky", drawing="x"))
    )
    put(pictured, post)

    page = pictured.browser(Role.LOOK).get("/list/2027-03-01")

    assert '<img src="/media/corpus/facts/lens.png" alt="A lens." loading="lazy">' in page.text
    assert page.text.count("<img") == 1
    assert "card: sky" in page.words


def test_without_accounts_today_is_that_of_utc(desk: Served) -> None:
    desk.now = NOON + 12 * HOUR - DAY

    assert desk.browser(Role.LOOK).get("/").status == 200
