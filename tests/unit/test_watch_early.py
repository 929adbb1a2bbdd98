"""The pre-flight: what is red-letter is looked over while there is time to mend it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.queue import Queue
from bot.delivery.values import Claim, Row
from bot.errors import Barred, NotLive, NotNow, Refused, Unanswered
from bot.model import Account, Budget, Corpus, Limits, Media, Priority, Project, Quoted, Schedules, ShownPart
from bot.publishing import learned
from bot.settings import Settings
from bot.watch.causes import Kind
from bot.watch.early import AGAIN, EVERY, Early
from bot.watch.preflight import Finding, Known, ask, asking, causes_of, coming, look_over
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON, X, enqueue, opened, planned, schedules
from tests.fakes.listener import Listener
from tests.fakes.network import Network, one_for_all
from tests.fakes.troubles import trouble

MUSEUM = Account("museum", "x", live=True, limits=Limits(text=280))
DRY = replace(MUSEUM, live=False)
REVOKED = Barred("museum: the token was revoked; make a new one")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as queue:
        yield queue


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, f"sqlite:///{tmp_path / 'redletter.db'}")


class Shy(Network):
    """A network that answers no questions but with this."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def whoami(self) -> str:
        if self.error is not None:
            raise self.error
        return "@museum"

    def learn(self) -> Limits:
        return Limits(text=10)


def world(*accounts: Account, root: str = "/project") -> Project:
    found = Schedules((), {}, {account.name: account for account in accounts})
    return Project(root, found, Corpus(), "files")


def texts(
    row: Row, queue: Queue, account: Account = DRY, *, root: str = "/p", known: Known | None = None
) -> list[str]:
    found = look_over((row,), world(account, root=root), queue=queue, asked=lambda _: known or Known())
    return [each.text for each in found]


def saying(text: str) -> Row:
    """A delivery of one part that says this."""
    row = trouble()
    part = ShownPart(text, len(text), 280)
    return replace(row, rendition=replace(row.rendition, parts=(part,)))


def test_what_is_red_letter_or_waits_for_approval_is_looked_over_the_day_before(queue: Queue) -> None:
    def at(instant: int, post: str, priority: Priority) -> None:
        made = planned(instant, id=post)
        slot = replace(made.slot, priority=priority)
        enqueue(queue, replace(made, slot=slot))

    at(NOON - 1, "past", Priority.ANNIVERSARY)
    at(NOON, "now", Priority.REMEMBRANCE)
    at(NOON + 1, "plain", Priority.SLOTS)
    at(NOON + DAY - 1, "sky", Priority.SKY)
    at(NOON + DAY, "later", Priority.ANNIVERSARY)
    enqueue(queue, planned(NOON + 2, id="approved"), by=schedules(approval=True))

    assert [row.post for row in coming(queue, NOON)] == ["now", "approved", "sky"]


def test_where_nothing_is_wrong_nothing_is_found(queue: Queue) -> None:
    assert texts(trouble(), queue) == []


def test_an_account_that_is_gone_is_found(queue: Queue) -> None:
    found = look_over((trouble(),), world(), queue=queue, asked=lambda _: Known())

    assert [each.text for each in found] == ["there is no account called 'museum' any more"]


def test_a_text_is_measured_by_what_its_network_says_it_takes(queue: Queue) -> None:
    row = saying("Rather long.")

    assert texts(row, queue) == []
    assert texts(row, queue, known=Known(Limits(text=11))) == ["it is 12 long on museum, where 11 fit"]
    assert texts(row, queue, known=Known(Limits(text_bytes=11))) == [
        "it is 12 bytes long on museum, where 11 fit"
    ]


def test_the_part_that_is_too_long_is_named(queue: Queue) -> None:
    row = trouble(parts=2)
    longer = replace(row.rendition, parts=(row.rendition.parts[0], ShownPart("a" * 281, 281, 280)))

    assert texts(replace(row, rendition=longer), queue) == ["part 2 is 281 long on museum, where 280 fit"]


def test_a_warning_counts_where_it_is_counted(queue: Queue) -> None:
    row = saying("12345")
    warned = replace(row, rendition=replace(row.rendition, warning="123456"))

    assert texts(warned, queue, known=Known(Limits(text=10, counting="mastodon"))) == [
        "it is 11 long on museum, where 10 fit"
    ]


def test_a_warning_stands_before_the_first_part_alone(queue: Queue) -> None:
    row = trouble(parts=2)
    warned = replace(row, rendition=replace(row.rendition, warning="1234"))

    assert texts(warned, queue, known=Known(Limits(text=10, counting="mastodon"))) == [
        "part 1 is 11 long on museum, where 10 fit"
    ]


def test_a_quote_needs_room_for_its_link(queue: Queue) -> None:
    row = saying("Rather long.")
    quoting = replace(row, rendition=replace(row.rendition, quote=Quoted(post="moon/set")))

    found = texts(quoting, queue, known=Known(Limits(text=36, counting="x")))

    assert "it is 12 long on museum, where 11 fit" in found
    assert "it is" not in str(texts(quoting, queue, known=Known(Limits(text=37, counting="x"))))


def test_pictures_are_read_from_the_projects_folder(queue: Queue, tmp_path: Path) -> None:
    row = trouble()
    picture = ShownPart("See.", 4, 280, (Media("corpus/none.png", "Nothing"),))

    (text,) = texts(
        replace(row, rendition=replace(row.rendition, parts=(picture,))), queue, root=str(tmp_path)
    )

    assert text.startswith("corpus/none.png")
    assert "No such file" in text


def test_links_are_followed_once(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://museum.org/a"
    with Listener() as web:
        monkeypatch.setattr("urllib.request._opener", None)  # it remembers the proxies of its first day
        monkeypatch.setenv("http_proxy", web.url)
        web.statuses.append(410)

        found = texts(saying(f"See {url}, and {url}, and {url}/b."), queue)

        assert [(each.method, each.path) for each in web.heard] == [("HEAD", url), ("HEAD", f"{url}/b")]
    assert found == [f"{url} answers 410"]


def test_a_quoted_post_must_have_been_shown_there(queue: Queue) -> None:
    def quoting(quote: Quoted) -> Row:
        row = trouble()
        return replace(row, rendition=replace(row.rendition, quote=quote))

    assert texts(quoting(Quoted("moon/set")), queue) == ["it quotes moon/set, which museum has never shown"]
    assert texts(quoting(Quoted(url="at://somewhere")), queue) == []
    with Listener() as web:
        assert texts(quoting(Quoted(url=f"{web.url}/there")), queue) == []
        web.always = 410
        assert texts(quoting(Quoted(url=f"{web.url}/gone")), queue) == [
            f"it quotes {web.url}/gone, which answers 410"
        ]


def test_a_quoted_post_that_was_shown_is_well(queue: Queue) -> None:
    made = planned(NOON, id="moon/set", accounts=(DRY,))
    enqueue(queue, made, by=schedules(accounts=[DRY]))
    due = queue.first_due(DRY.name, NOON)
    assert due is not None
    claim = queue.claim(due, ("",), NOON, live=False)
    assert isinstance(claim, Claim)
    queue.finish(claim, 1, Receipt("1", "https://network.example/1", NOON), NOON)
    row = trouble(account=DRY.name)

    assert texts(replace(row, rendition=replace(row.rendition, quote=Quoted("moon/set"))), queue) == []


@pytest.mark.parametrize(
    ("budget", "trouble_"),
    [
        (Budget(posts=2), []),
        (Budget(posts=1), ["the budget of ours-x for the month is 1 posts, and with this it would be 2"]),
        (Budget(daily_posts=1), ["the budget of ours-x for the day is 1 posts, and with this it would be 2"]),
        (Budget(usd=1), ["the budget of ours-x for the month is $0.00, and with this it would be $0.03"]),
        (Budget(usd=10_000_000), []),
    ],
)
def test_a_budget_must_hold_with_all_that_goes_out_before(
    budget: Budget, trouble_: list[str], queue: Queue
) -> None:
    enqueue(queue, planned(NOON), planned(NOON + HOUR), planned(NOON + 2 * HOUR))
    second = queue.rows(NOON)[1]
    account = replace(X, budget=budget)

    assert texts(second, queue, account) == trouble_


def test_a_dry_run_spends_nothing(queue: Queue) -> None:
    enqueue(queue, planned(NOON))

    assert texts(queue.rows(NOON)[0], queue, replace(X, live=False, budget=Budget(posts=0))) == []


def test_a_live_network_is_asked_and_what_it_takes_is_kept(settings: Settings) -> None:
    network = Shy(REVOKED)
    network.error = None

    known = ask(MUSEUM, publishers=lambda _: network, settings=settings)

    assert known == Known(Limits(text=10))
    assert learned(settings) == {"museum": Limits(text=10)}


def test_a_dry_run_asks_nobody(settings: Settings) -> None:
    assert ask(DRY, publishers=one_for_all(Shy(REVOKED)), settings=settings) == Known()
    assert asking(settings)(DRY) == Known()


@pytest.mark.parametrize(
    ("error", "known"),
    [
        (REVOKED, Known(text=str(REVOKED))),
        (Refused("no"), Known(text="no")),
        (NotLive("not live"), Known(text="not live")),
        (NotNow("busy"), Known(text="its network could not be asked: busy", is_sure=False)),
        (Unanswered("silence"), Known(text="its network could not be asked: silence", is_sure=False)),
        (ValueError("https://u:hunter2@x"), Known(text="its publisher broke: ValueError")),
    ],
)
def test_what_a_network_says_against_us_is_found(error: Exception, known: Known, settings: Settings) -> None:
    assert ask(MUSEUM, publishers=one_for_all(Shy(error)), settings=settings) == known
    assert learned(settings) == {}


def test_each_account_is_asked_once(queue: Queue) -> None:
    asked = []

    def answers(account: Account) -> Known:
        asked.append(account.name)
        return Known(text="revoked")

    found = look_over((trouble(), trouble(at=NOON + 1)), world(MUSEUM), queue=queue, asked=answers)

    assert asked == ["museum"]
    assert [each.text for each in found] == ["revoked"] * 2


def test_what_concerns_an_account_is_one_cause_and_what_concerns_posts_are_many() -> None:
    rows = trouble(), trouble(at=NOON + 1)

    whole = causes_of([Finding(row, "revoked", is_accounts=True) for row in rows])
    single = causes_of([Finding(row, "too long") for row in rows])

    assert (len(whole), len(single)) == (1, 2)
    assert whole[0].text == "before moon/rise on museum, 2027-03-01 12:00 UTC: revoked"
    assert (whole[0].kind, whole[0].stands, whole[0].since) == (Kind.EARLY, False, NOON - DAY)


class Look:
    """A pre-flight in a folder, whose network answers as it is told."""

    def __init__(self, queue: Queue, settings: Settings) -> None:
        self.queue = queue
        self.asked = 0
        self.answer: Callable[[], Known] = Known
        self.early = Early(settings, self._asks)

    def _asks(self, _: Account) -> Known:
        self.asked += 1
        return self.answer()

    def at(self, now: int) -> list[str]:
        """Look ahead; what is found."""
        self.early.begin(world(X), now)
        self.early.wait(30)
        return [cause.text.rpartition(": ")[2] for cause in self.early.causes(now)]


@pytest.fixture
def look(queue: Queue, settings: Settings) -> Look:
    enqueue(queue, planned(NOON), by=schedules(approval=True))
    return Look(queue, settings)


def test_a_delivery_is_looked_over_the_day_before_and_shortly_before(look: Look) -> None:
    instants = (NOON - DAY - EVERY, *range(NOON - DAY + 1, NOON, HOUR))

    counts = {now: (look.at(now), look.asked)[1] for now in instants}

    assert counts[NOON - DAY - EVERY] == 0
    assert {counts[now] for now in instants if NOON - DAY < now < NOON - AGAIN} == {1}
    assert {counts[now] for now in instants if now >= NOON - AGAIN} == {2}


def test_what_comes_into_sight_is_looked_at_every_few_minutes_only(look: Look) -> None:
    look.at(NOON - HOUR)
    look.queue.move(look.queue.rows(NOON)[0].key, at=NOON + HOUR, now=NOON - HOUR)
    enqueue(look.queue, planned(NOON + 1), by=schedules(approval=True))

    look.at(NOON - HOUR + EVERY - 1)
    assert look.asked == 1
    look.at(NOON - HOUR + EVERY)
    assert look.asked == 2


def test_a_clock_that_was_set_back_waits_for_nothing(look: Look) -> None:
    look.at(NOON - HOUR)

    look.at(NOON - DAY + MINUTE)

    assert look.asked == 2


def test_what_was_found_stays_until_it_goes_out(look: Look) -> None:
    look.answer = lambda: Known(text="revoked")

    assert look.at(NOON - DAY + 1) == ["revoked"]
    assert look.at(NOON - DAY + EVERY + 1) == ["revoked"]
    assert look.asked == 1
    assert [cause.text for cause in look.early.causes(NOON)] == []


def test_what_is_mended_is_found_no_more_at_the_second_look(look: Look) -> None:
    look.answer = lambda: Known(text="revoked")
    look.at(NOON - DAY + 1)
    look.answer = Known

    assert look.at(NOON - AGAIN) == []


def test_what_no_longer_comes_is_forgotten(look: Look) -> None:
    look.answer = lambda: Known(text="revoked")
    look.at(NOON - HOUR)
    look.queue.skip(look.queue.rows(NOON)[0].key, reason="no", now=NOON)

    assert look.at(NOON - HOUR + EVERY) == []


def test_a_network_that_does_not_answer_is_asked_again_and_told_of_shortly_before_only(look: Look) -> None:
    look.answer = lambda: Known(text="busy", is_sure=False)

    assert look.at(NOON - DAY + 1) == []
    assert not look.early.is_whole
    assert look.at(NOON - DAY + 1 + EVERY) == []
    assert look.asked == 2
    assert look.at(NOON - AGAIN) == ["busy"]
    assert look.early.is_whole


def test_a_look_that_takes_long_is_the_only_one(look: Look) -> None:
    goes_on, begun = threading.Event(), threading.Event()

    def slow() -> Known:
        begun.set()
        goes_on.wait(30)
        return Known()

    look.answer = slow
    look.early.begin(world(X), NOON - HOUR)
    assert begun.wait(30)
    look.early.begin(world(X), NOON - HOUR + 2 * EVERY)
    goes_on.set()
    look.early.wait(30)

    assert look.asked == 1


def test_a_look_that_breaks_is_told_by_its_kind_and_made_again(
    look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> Known:
        raise ValueError("hunter2")

    look.answer = breaks
    look.at(NOON - HOUR)
    look.answer = lambda: Known(text="revoked")

    assert look.at(NOON - HOUR + EVERY) == ["revoked"]
    assert [each.message for each in caplog.records] == ["the pre-flight could not be made: ValueError"]


def test_nothing_to_wait_for_is_no_wait(settings: Settings) -> None:
    early = Early(settings, lambda _: Known())

    early.wait(30)

    assert early.causes(NOON) == ()
