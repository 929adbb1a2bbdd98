"""What delivery promises, whatever breaks: nothing twice, nothing lost, nothing early, nothing too late."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.delivery.states import State
from bot.delivery.tick import PATIENCE, tick
from bot.delivery.values import Row
from bot.model import Account, Corpus, Part, Pick, Post, Project, Schedules, Tone, digest
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import opened
from tests.fakes.network import Killed, Network, one_for_all
from tests.fakes.worlds import at, slots, world

START = at("2027-03-01T00:00Z")
ONE = Account("one", "x", live=True, min_gap=HOUR)
TWO = Account("two", "mastodon", live=True)

CORPUS = Corpus(
    tuple(
        Post(
            f"post/{n}",
            tuple(Part(f"Part {part} of {n}.") for part in range(1 + n % 3)),
            tags=("odd",) if n % 2 else ("even",),
            tone=Tone.CELEBRATION if n % 4 == 0 else Tone.NEUTRAL,
        )
        for n in range(12)
    )
)


def projects(tag: str, *, approval: bool) -> Project:
    """A schedule every few hours, for two accounts."""
    pick = Pick(tags=(tag,), cool_down=0)
    times = [f"{hour:02}:{hour:02}" for hour in range(0, 24, 6)]
    both = slots("daily", *times, accounts=(ONE, TWO), pick=pick, approval=approval, grace=3 * HOUR)
    return Project("/project", _schedules(both), CORPUS, f"{tag} {approval}")


def _schedules(*entries: object) -> Schedules:
    return world(*entries)  # type: ignore[arg-type] # schedules


PROJECTS = {
    "odd": projects("odd", approval=False),
    "even": projects("even", approval=False),
    "odd, approved": projects("odd", approval=True),
}
names = st.sampled_from(sorted(PROJECTS))
MOODS = (
    moods.shows,
    moods.refuses,
    moods.is_busy,
    moods.hears_nothing,
    moods.keeps_silent,
    moods.keeps_silent_and_shows_later,
    moods.breaks,
    moods.dies_before,
    moods.dies_after,
)
WAITS = (0, 1, 30, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 2 * DAY)


class Delivery(RuleBasedStateMachine):
    """A bot whose network, process, clock and people do what they please."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.queue = opened(self.folder)
        self.network = Network()
        self.project = PROJECTS["odd"]
        self.now = START

    def teardown(self) -> None:
        try:
            self.calm_down()
        finally:
            self.queue.close()
            shutil.rmtree(self.folder)

    @initialize(name=names)
    def begin(self, name: str) -> None:
        self.project = PROJECTS[name]

    @rule(wait=st.sampled_from(WAITS), feelings=st.lists(st.sampled_from(MOODS), max_size=4))
    def turn(self, wait: int, feelings: list[moods.Mood]) -> None:
        self.now += wait
        self.network.moods.clear()
        self.take_turn(self.network.feels(*feelings))

    @rule(turns=st.integers(2, 6))
    def turns(self, turns: int) -> None:
        for _ in range(turns):
            self.take_turn(self.network)

    @rule()
    def live_until_something_is_due(self) -> None:
        self.now = max(self.now, self.queue.next_due(self.now) or self.now + DAY)
        self.take_turn(self.network)

    @rule(step=st.integers(1, PATIENCE - 1))
    def set_the_clock_back(self, step: int) -> None:
        newest = self.queue.newest()
        assume(newest is not None and self.now - step >= newest - PATIENCE)
        self.now -= step

    @rule(name=names)
    def change_files(self, name: str) -> None:
        self.project = PROJECTS[name]

    @rule()
    def die_after_a_claim(self) -> None:
        self.queue.claim(self.now)

    @rule()
    def die_after_an_intent(self) -> None:
        claim = self.queue.claim(self.now)
        if claim is not None and claim.missing:
            self.queue.intend(claim, claim.missing.start, self.now)

    @rule(answers=st.booleans())
    def listen(self, *, answers: bool) -> None:
        self.network.answers_questions = answers

    @rule(
        account=st.sampled_from([None, "one"]),
        tone=st.sampled_from([None, Tone.CELEBRATION]),
        until=st.sampled_from([None, 10 * MINUTE]),
    )
    def hold(self, account: str | None, tone: Tone | None, until: int | None) -> None:
        end = None if until is None else self.now + until
        self.queue.hold("a tragedy", now=self.now, account=account, tone=tone, until=end)

    @rule()
    def release(self) -> None:
        self.queue.release(now=self.now)

    @precondition(lambda self: self.rows(State.PENDING))
    @rule(
        which=st.integers(0, 999), what=st.sampled_from(["approve", "skip", "move", "retry", "approve all"])
    )
    def decide(self, which: int, what: str) -> None:
        rows = self.rows(State.PENDING)
        row = rows[which % min(len(rows), 6)]
        if what == "approve":
            self.queue.approve(row.key, who="Ada", now=self.now)
        elif what == "approve all":
            for each in rows:
                self.queue.approve(each.key, who="Ada", now=self.now)
        elif what == "skip":
            self.queue.skip(row.key, reason="no", now=self.now)
        elif what == "move":
            self.queue.move(row.key, at=self.now + which * MINUTE, now=self.now)
        elif row.at <= self.now:
            self.queue.retry(row.key, now=self.now)

    @precondition(lambda self: self.rows(State.FAILED))
    @rule(which=st.integers(0, 999))
    def retry_what_failed(self, which: int) -> None:
        rows = self.rows(State.FAILED)
        row = rows[which % len(rows)]
        keys = {each.key for each in self.queue.rows(self.now)}
        assume(row.deadline > self.now and digest("retry", row.key) not in keys)
        self.queue.retry(row.key, now=self.now)

    @precondition(lambda self: self.rows(State.UNKNOWN) and not self.network.later)
    @rule(which=st.integers(0, 999))
    def resolve_by_looking(self, which: int) -> None:
        rows = self.rows(State.UNKNOWN)
        row = rows[which % len(rows)]
        part = len(row.receipts) + 1
        if (row.key, part) in self.network.parts:
            self.queue.resolve_sent(row.key, url=f"https://network.example/{row.key}-{part}", now=self.now)
        elif part <= len(row.rendition.parts):
            self.queue.resolve_absent(row.key, now=self.now)

    @invariant()
    def nothing_is_there_twice(self) -> None:
        assert len(set(self.network.parts)) == len(self.network.parts)

    @invariant()
    def parts_are_in_order(self) -> None:
        seen: set[tuple[str, int]] = set()
        for key, part in self.network.parts:
            assert part == 1 or (key, part - 1) in seen or self.was_begun_elsewhere(key, part - 1)
            seen.add((key, part))

    @invariant()
    def what_the_queue_says_is_so(self) -> None:
        there = set(self.network.parts)
        for row in self.queue.rows(self.now):
            shown = {part for key, part in there if key == row.key}
            known = {n for n, proof in enumerate(row.receipts, 1) if proof.id.startswith(row.key)}
            assert known <= shown, "a receipt is the truth"
            if row.state is State.SENT:
                assert len(row.receipts) == len(row.rendition.parts)
            elif row.state not in {State.SENDING, State.UNKNOWN}:
                assert shown == known, f"{row.state}, and something is there that nobody knows of"

    def take_turn(self, network: Network) -> None:
        """Take a turn and look at what it asked for."""
        asked, holds = len(network.asked), self.queue.holds(self.now)
        try:
            tick(self.project, self.queue, one_for_all(network), self.now)
        except Killed:
            self.reopen()
        rows = {row.key: row for row in self.queue.rows(self.now)}
        for ask in network.asked[asked:]:
            row = rows[ask.key]
            assert row.at <= ask.at < row.deadline, "never early, never too late"
            assert row.approved_by or not row.needs_approval
            assert not any(hold.concerns(row.account, (row.tone,)) for hold in holds)
            assert ask.text == row.rendition.parts[ask.part - 1].text

    def calm_down(self) -> None:
        """Let everything work again for long enough; then nothing is left open."""
        self.network.moods.clear()
        self.network.answers_questions = True
        self.queue.release(now=self.now)
        end = self.now + 12 * HOUR  # longer than any wait between two looks at an unknown
        while self.now < end:
            self.take_turn(self.network)
            due = self.queue.next_due(self.now)
            self.now = max(self.now, min(due or end, end))
        self.take_turn(self.network)
        self.nothing_is_there_twice()
        self.what_the_queue_says_is_so()
        self.nothing_is_lost()

    def nothing_is_lost(self) -> None:
        rows = self.queue.rows(self.now)
        assert {key for key, _ in self.network.parts} <= {row.key for row in rows}
        for row in rows:
            assert row.deadline > self.now or row.state.is_final, f"{row.state} for ever: {row.reason}"
            assert row.reason
        assert {State.SENDING, State.UNKNOWN}.isdisjoint(row.state for row in rows)

    def rows(self, state: State) -> tuple[Row, ...]:
        return self.queue.rows(self.now, states=[state])

    def was_begun_elsewhere(self, key: str, part: int) -> bool:
        """A retry goes on after the parts that a delivery before it has shown."""
        [row] = [each for each in self.queue.rows(self.now) if each.key == key]
        return not row.receipts[part - 1].id.startswith(key)

    def reopen(self) -> None:
        """The process ends, and another begins."""
        self.queue.close()
        self.queue = opened(self.folder)


Delivery.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # a story of thirty steps takes too long to shorten
)
TestDelivery = Delivery.TestCase
