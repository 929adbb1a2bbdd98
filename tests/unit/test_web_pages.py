"""The pages that tell: health, history, and one delivery with its whole life."""

import re
from collections.abc import Iterator

import pytest

from bot.contracts import Receipt
from bot.delivery.people import Role
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.desk.past import MOST
from bot.model import Media, Tone
from bot.web.showing import ago, millionths, safe_link
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import MASTODON, NOON, X, claimed, enqueue, planned, sent
from tests.fakes.desks import Browser, Served, served
from tests.fakes.projects import museum

EVIL = "<script>alert('x')</script> & \"quotes\""


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(museum(tmp_path_factory.mktemp("desk") / "museum")) as found:
        found.now = NOON + HOUR
        yield found


@pytest.fixture
def browser(desk: Served) -> Browser:
    return desk.browser(Role.LOOK)


def test_health_says_that_all_is_well_and_how_the_daemon_lives(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, planned(NOON + 2 * HOUR))
    desk.queue.recover(NOON + HOUR - 41, {X.name})

    words = browser.get("/health").words

    assert "✓ All is well." in words
    assert "it lives: its last turn was 2027-03-01 12:59:19 UTC (41 seconds ago)" in words
    assert "Next due 2027-03-01 14:00:00 UTC (in 1 hour)" in words
    assert "Deliveries 1 pending" in words


def test_health_says_what_is_wrong_what_is_held_and_that_nobody_lives(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, planned())
    assert desk.queue.settle(claimed(desk.queue), Verdict(State.FAILED, f"refused: {EVIL}"), NOON)
    desk.queue.recover(NOON, {X.name})
    desk.queue.hold(f"hush {EVIL}", now=NOON)

    page = browser.get("/health")

    assert f"failed on ours-x: moon/rise, of 2027-03-01 12:00 UTC: refused: {EVIL}" in page.words
    assert "! Failed on ours-x" in page.words
    assert "What is wrong" in page.words
    assert "no sign of life: its last turn was 2027-03-01 12:00:00 UTC (1 hour ago)" in page.words
    assert f"everything, since 2027-03-01T12:00:00Z: hush {EVIL}" in page.words
    assert "alert('x')</script>" not in page.text


def test_health_has_an_account_with_its_bounds(browser: Browser) -> None:
    words = browser.get("/health").words

    assert "museum x, dry run: nothing leaves this machine" in words
    assert "This month a dry run spends nothing" in words
    assert "Waiting 0 deliveries" in words
    assert "– The daemon does not run;" in words  # noqa: RUF001 - a dash as printers mean it
    assert "it has not run yet" in words


def test_health_names_files_that_are_wrong_and_every_page_points_there(
    desk: Served, browser: Browser
) -> None:
    desk.folder.post("facts/lens", "A lens.", f"tone = '{EVIL[:8]}'")
    desk.folder.write("schedules/calendar.toml", "nonsense")
    desk.now += 1

    health, history = browser.get("/health"), browser.get("/history")

    assert "schedules/calendar.toml:1" in health.words
    assert "corpus/facts/lens.md" in health.words
    assert "Files are wrong." in history.words


def test_health_names_a_post_that_is_left_out(desk: Served, browser: Browser) -> None:
    desk.folder.post("facts/lens", "A lens.", 'tone = "merry"')
    desk.now += 1

    health = browser.get("/health")

    assert "corpus/facts/lens.md:" in health.words
    assert "Files are wrong." not in health.words


def test_of_many_wrong_files_the_rest_is_counted(desk: Served, browser: Browser) -> None:
    for number in range(25):
        desk.folder.post(f"wrong/{number}", "Words.", 'tone = "merry"')
    desk.now += 1

    assert "and 5 more: redletter check tells all." in browser.get("/health").words


def test_history_is_told_by_day_the_newest_first(desk: Served, browser: Browser) -> None:
    enqueue(
        desk.queue, planned(NOON - DAY, "Older words."), planned(NOON, "Newer words.", tone=Tone.CELEBRATION)
    )
    for now in (NOON - DAY, NOON):
        sent(desk.queue, now)

    page = browser.get("/history")

    assert page.words.index("Monday, 1 March 2027") < page.words.index("Newer words.")
    assert page.words.index("Newer words.") < page.words.index("Sunday, 28 February 2027")
    assert page.words.index("Sunday, 28 February 2027") < page.words.index("Older words.")
    assert "✓ sent ours-x (x) ✦ celebration" in page.words
    assert '<a href="https://network.example/1" rel="noreferrer noopener">' in page.text


def test_history_says_why_something_was_not_sent(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, planned())
    desk.queue.skip(desk.queue.rows(NOON)[0].key, reason=f"no {EVIL}", now=NOON)

    page = browser.get("/history")

    assert f"no {EVIL}" in page.words
    assert "alert('x')</script>" not in page.text


def test_history_is_narrowed_and_stays_so_from_page_to_page(desk: Served, browser: Browser) -> None:
    instants = range(NOON, NOON + MOST + 1)
    enqueue(desk.queue, *(planned(at, accounts=[X, MASTODON]) for at in instants))
    waiting = desk.queue.rows(NOON)
    with desk.queue.writing():
        for row in waiting:
            desk.queue.skip(row.key, reason="not now", now=NOON)

    page = browser.get("/history?account=ours-x&state=cancelled")
    older = re.search(r'href="([^"]+)" rel="next"', page.text)
    assert older
    last = browser.get(older[1].replace("&amp;", "&"))

    assert page.text.count("/delivery/") == MOST
    assert "ours-mastodon (" not in page.words
    assert older[1] == "/history?account=ours-x&amp;state=cancelled&amp;before=2027-03-01T12%3A00%3A01Z"
    assert last.text.count("/delivery/") == 1
    assert 'rel="next"' not in last.text
    assert '<a href="/history?account=ours-x&amp;state=cancelled">The newest</a>' in last.text


def test_history_before_a_day_ends_at_its_midnight(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, planned(NOON - DAY), planned(NOON))
    for now in (NOON - DAY, NOON):
        sent(desk.queue, now)

    assert browser.get("/history?before=2027-03-01").text.count("/delivery/") == 1
    assert 'value="2027-03-01"' in browser.get("/history?before=2027-03-01").text


def test_an_empty_history_says_so(browser: Browser) -> None:
    assert "Nothing came to its end yet." in browser.get("/history").words
    assert "Nothing of that came to its end yet." in browser.get("/history?state=failed").words


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("state=pending", "nothing past is called 'pending'; it can be sent, "),
        ("state=%3Cb%3E", "nothing past is called '<b>'"),
        ("before=yesterday", "cannot read 'yesterday' as a time: write a date such as 2027-01-28"),
    ],
)
def test_what_history_cannot_be_asked_is_told(browser: Browser, query: str, message: str) -> None:
    answer = browser.get(f"/history?{query}")

    assert answer.status == 422
    assert message in answer.words


def test_a_page_of_history_is_small(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, *(planned(at, "é" * 5_000) for at in range(NOON, NOON + MOST)))
    for now in range(NOON, NOON + MOST):
        sent(desk.queue, now)

    assert len(browser.get("/history").text.encode()) < 100_000


def test_a_delivery_is_told_with_its_whole_life(desk: Served, browser: Browser) -> None:
    picture = Media("moon.png", f"The moon {EVIL}")
    enqueue(desk.queue, planned(NOON, f"Look: https://museum.org/a {EVIL}", "And more.", media=(picture,)))
    key = desk.queue.rows(NOON)[0].key
    claim = claimed(desk.queue)
    assert desk.queue.go_on(claim, 1, Receipt("id", "javascript:alert(1)", NOON), NOON, live=True)
    assert desk.queue.settle(claim, Verdict(State.FAILED, "refused: no"), NOON + 9)

    page = browser.get(f"/delivery/{key}")

    assert '<span class="link">https://museum.org/a</span>' in page.text
    assert f"The moon {EVIL}" in page.words
    assert "part 1 of 2" in page.words
    assert "shown 2027-03-01 12:00 UTC : javascript:alert(1)" in page.words
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page.text))
    assert "no receipt" in page.words
    assert "✗ failed : refused: no" in page.words
    assert "asked its network: receipt" in page.words
    assert "→ sending" in page.words
    assert f'href="/slot/{desk.queue.rows(NOON)[0].slot.key}"' in page.text
    assert "alert('x')</script>" not in page.text


def test_a_delivery_that_waits_has_no_past(desk: Served, browser: Browser) -> None:
    enqueue(desk.queue, planned(accounts=[MASTODON]))

    words = browser.get(f"/delivery/{desk.queue.rows(NOON)[0].key}").words

    assert "Nobody was asked for it." in words
    assert "Nothing yet: it waits." in words


@pytest.mark.parametrize("key", ["nowhere", "%3Cscript%3E", "%25"])
def test_a_delivery_that_is_not_there_is_not_found(browser: Browser, key: str) -> None:
    answer = browser.get(f"/delivery/{key}")

    assert answer.status == 404
    assert "No delivery is called" in answer.words
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/health", "/history"])
def test_who_is_not_signed_in_sees_none_of_it(desk: Served, path: str) -> None:
    assert desk.browser().get(path).status == 303


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (NOON, "now"), (NOON - 1, "1 second ago"), (NOON - 59, "59 seconds ago"), (NOON - 60, "1 minute ago"),
        (NOON + 90 * MINUTE, "in 1 hour"), (NOON + 3 * DAY, "in 3 days"),
    ],
)  # fmt: skip
def test_how_far_away_is_told_in_one_unit(instant: int, words: str) -> None:
    assert ago(instant, NOON) == words


def test_millionths_are_told_in_dollars() -> None:
    assert [millionths(usd) for usd in (15_000, 20_000_000, 1)] == ["$0.015", "$20.000", "$0.000"]


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://x.com/a", True), ("HTTP://x.com/a", True), ("javascript:alert(1)", False), ("dry-run:a/1", False),
        ("//x.com", False), ("data:text/html,a", False), (" https://x.com", False), ("at://did/post/1", False),
    ],
)  # fmt: skip
def test_only_what_a_browser_may_follow_is_a_link(url: str, is_safe: bool) -> None:  # noqa: FBT001 - a case
    assert safe_link(url) == (url if is_safe else "")
