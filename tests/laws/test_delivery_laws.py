"""What delivery promises, whatever breaks: nothing twice, nothing lost, nothing early, nothing too late."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import PATIENCE, Shift
from bot.delivery.values import Row, Shown
from bot.errors import BadCall
from bot.model import (
    Account,
    Budget,
    Corpus,
    Part,
    Pick,
    Plan,
    PlannedPost,
    Post,
    Project,
    Schedules,
    Tone,
    Window,
    digest,
)
from bot.planning.render import rendered
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import opened
from tests.fakes.network import Killed, Network, one_for_all
from tests.fakes.worlds import at, slots, world

START = at("2027-03-01T00:00Z")
A_DAY = 4  #: parts that TWO may show in a day
ONE = Account("one", "x", live=True, min_gap=HOUR)
TWO = Account("two", "mastodon", live=True, budget=Budget(daily_posts=A_DAY))

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
    moods.shows_two,
    moods.shows_whole,
    moods.refuses,
    moods.is_busy,
    moods.is_busy_for_an_hour,
    moods.says_yes_and_shows,
    moods.is_barred,
    moods.hears_nothing,
    moods.answers_nothing,
    moods.keeps_silent,
    moods.keeps_silent_and_shows_later,
    moods.keeps_silent_and_shows_later,
    moods.shows_whole_and_keeps_silent,
    moods.breaks,
    moods.dies_before,
    moods.dies_after,
)
UNWILLING = (
    moods.cannot_be_made,
    moods.cannot_be_made_now,
    moods.cannot_be_made_by,
    moods.falls_silent_while_making,
    moods.breaks_while_making,
    moods.makes_too_little,
)
WAITS = (0, 1, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 2 * DAY)
which = st.integers(0, 999)
feelings = st.lists(st.sampled_from(MOODS), max_size=3)


class Process:
    """A process at work on the queue. What it would ask a network is put when the story says so, or never."""

    def __init__(self, folder: Path, network: Network) -> None:
        self._folder, self._network = folder, network
        self.begin()

    def begin(self) -> None:
        self.queue = opened(self._folder)
        self.questions: list[Callable[[], None]] = []
        self.shift = Shift(self.queue, one_for_all(self._network), hands=self._keep, most=2)

    def die(self) -> None:
        """End here, and let another begin in its place."""
        self.queue.close()
        self.begin()

    def put(self, number: int) -> None:
        """Put one of the questions that it has, which may take it with it."""
        question = self.questions.pop(number % len(self.questions))
        try:
            question()
        except Killed:
            self.die()

    def _keep(self, _: str, question: Callable[[], None]) -> None:
        self.questions.append(question)


class Delivery(RuleBasedStateMachine):
    """Two processes, a network, a clock and people that do what they please."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.network = Network()
        self.network.makes = "part {part}, made the {time}. time"
        self.processes = [Process(self.folder, self.network) for _ in range(2)]
        self.project = PROJECTS["odd"]
        self.now = START
        self.claims: set[tuple[str, int]] = (
            set()
        )  #: those that were looked at: the key, and which it was of it

    def teardown(self) -> None:
        try:
            self.calm_down()
        finally:
            for process in self.processes:
                process.queue.close()
            shutil.rmtree(self.folder)

    @property
    def queue(self) -> Queue:
        return self.processes[0].queue

    @initialize(name=names, number=st.integers(0, 1))
    def begin(self, name: str, number: int) -> None:
        """Plan, and let the first post come due."""
        self.project = PROJECTS[name]
        self.take_turn(self.processes[number])
        self.now = self.queue.next_due(self.now) or self.now

    @rule(number=st.integers(0, 1))
    def turn(self, number: int) -> None:
        self.take_turn(self.processes[number])

    @rule(wait=st.sampled_from(WAITS), number=st.integers(0, 1))
    def turn_later(self, wait: int, number: int) -> None:
        self.now += wait
        self.take_turn(self.processes[number])

    @rule(number=st.integers(0, 1))
    def live_until_something_is_due(self, number: int) -> None:
        due = self.queue.next_due(self.now)
        self.now = max(self.now, due or self.now + DAY)
        self.take_turn(self.processes[number])

    @precondition(lambda self: any(each.questions for each in self.processes))
    @rule(which=which, feeling=st.sampled_from(MOODS), is_handed=st.booleans())
    def put_a_question(self, which: int, feeling: moods.Mood, *, is_handed: bool) -> None:
        """Put a question, and perhaps hand its answer over at once."""
        self.feel(feeling)
        able = [each for each in self.processes if each.questions]
        process = able[which % len(able)]
        self.put(process, which)
        if is_handed:
            self.take_turn(process)

    @precondition(lambda self: any(each.questions for each in self.processes))
    @rule(which=which, wait=st.sampled_from(WAITS[2:6]))
    def put_a_question_late(self, which: int, wait: int) -> None:
        """Let a process sleep with a question in hand, while the other takes its turns."""
        self.now += wait
        able = [each for each in self.processes if each.questions]
        process = able[which % len(able)]
        self.take_turn(self.processes[process is self.processes[0]])
        self.put(process, which)

    @rule(number=st.integers(0, 1), feelings=feelings)
    def work_through_what_is_due(self, number: int, feelings: list[moods.Mood]) -> None:
        self.feel(*feelings)
        self.work_through(self.processes[number])

    @rule(number=st.integers(0, 1), is_deaf=st.booleans(), unwilling=st.sampled_from(UNWILLING))
    def something_breaks(self, number: int, unwilling: moods.Unwilling, *, is_deaf: bool) -> None:
        """A process dies, a network says nothing of what it has, or a publisher makes nothing ready."""
        self.network.answers_questions = not is_deaf
        if is_deaf:
            self.network.unwilling.append(unwilling)
        else:
            self.processes[number].die()

    @precondition(lambda self: not any(each.questions for each in self.processes))
    @rule(step=st.integers(1, PATIENCE - 1))
    def set_the_clock_back(self, step: int) -> None:
        newest = self.queue.newest()
        assume(newest is not None and self.now - step >= newest - PATIENCE)
        self.now -= step

    @rule(name=names)
    def change_files(self, name: str) -> None:
        self.project = PROJECTS[name]

    @rule(
        account=st.sampled_from([None, "one"]),
        tone=st.sampled_from([None, Tone.CELEBRATION]),
        until=st.sampled_from([None, 10 * MINUTE]),
    )
    def hold_or_release(self, account: str | None, tone: Tone | None, until: int | None) -> None:
        if self.queue.holds(self.now):
            self.queue.release(now=self.now)
        else:
            end = None if until is None else self.now + until
            self.queue.hold("a tragedy", now=self.now, account=account, tone=tone, until=end)

    @precondition(lambda self: self.rows(State.PENDING))
    @rule(
        which=which,
        what=st.sampled_from(["approve", "skip", "move", "move near", "retry", "approve all", "swap"]),
    )
    def decide(self, which: int, what: str) -> None:
        rows = self.rows(State.PENDING)
        row = rows[which % min(len(rows), 3)]
        if what == "approve":
            self.queue.approve(row.key, who="Ada", now=self.now)
        elif what == "approve all":
            for each in rows:
                self.queue.approve(each.key, who="Ada", now=self.now)
        elif what == "skip":
            self.queue.skip(row.key, reason="no", now=self.now)
        elif what == "swap":
            self.swap(row, CORPUS.posts[which % len(CORPUS.posts)])
        elif what.startswith("move"):
            step = 1 if what == "move near" else MINUTE
            self.queue.move(row.key, at=self.now + which * step, now=self.now)
        elif row.at <= self.now:
            self.queue.retry(row.key, now=self.now)

    @precondition(lambda self: self.rows(State.FAILED))
    @rule(which=which)
    def retry_what_failed(self, which: int) -> None:
        rows = self.rows(State.FAILED)
        row = rows[which % len(rows)]
        keys = {each.key for each in self.queue.rows(self.now)}
        assume(row.deadline > self.now and digest("retry", row.key) not in keys)
        self.queue.retry(row.key, now=self.now)

    @precondition(lambda self: self.rows(State.UNKNOWN) and not self.network.later)
    @rule(which=which)
    def resolve_by_looking(self, which: int) -> None:
        rows = self.rows(State.UNKNOWN)
        row = rows[which % len(rows)]
        part = len(row.receipts) + 1
        # A person names one part; of several that were shown together, the network is asked.
        assume((row.key, part + 1) not in self.network.parts)
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
        for row in self.rows():
            shown = {part for key, part in there if key == row.key}
            known = {n for n, proof in enumerate(row.receipts, 1) if proof.id.startswith(row.key)}
            assert known <= shown, "a receipt is the truth"
            if row.state is State.SENT:
                assert len(row.receipts) == len(row.rendition.parts)
            elif row.state not in {State.SENDING, State.UNKNOWN}:
                assert shown == known, f"{row.state}, and something is there that nobody knows of"

    @invariant()
    def every_asking_is_like_the_first(self) -> None:
        asked = Counter((ask.key, ask.part) for ask in self.network.asked)
        alike = {
            (ask.key, ask.part, ask.text, ask.reply_to, ask.prepared, len(ask.media))
            for ask in self.network.asked
        }
        assert len(alike) == len(asked)

    @invariant()
    def every_asking_knows_of_those_before_it(self) -> None:
        first: dict[tuple[str, int], int] = {}
        for ask in self.network.asked:
            if (ask.key, ask.part) in first:
                assert ask.first_at is not None, "it was asked for before, and got no plain no"
                assert ask.first_at <= first[ask.key, ask.part]
            if ask not in self.network.declined:
                first.setdefault((ask.key, ask.part), ask.at)

    def take_turn(self, process: Process) -> None:
        """Take a turn and look at what it claimed."""
        holds = self.queue.holds(self.now)
        process.shift.tick(self.project, lambda: self.now)
        for row in self.rows(State.SENDING):
            claim = (row.key, number_of_claims(self.queue.show(row.key, self.now)[0]))
            if claim not in self.claims:
                self.claims.add(claim)
                assert row.at <= self.now < row.deadline, "never early, never too late"
                assert row.approved_by or not row.needs_approval
                assert not any(hold.concerns(row.account, (row.tone,)) for hold in holds)

    def put(self, process: Process, number: int) -> None:
        """Put a question, and look whether it was still in time for that."""
        asked = len(self.network.asked)
        claims = {row.key: row for row in self.rows(State.SENDING)}
        process.put(number)
        for ask in self.network.asked[asked:]:
            row = claims[ask.key]
            assert ask.text == row.rendition.parts[ask.part - 1].text

    def work_through(self, process: Process) -> None:
        """Let a process ask what it wants to ask until it has nothing more to do now."""
        for _ in range(12):
            self.take_turn(process)
            if not process.questions:
                return
            self.put(process, 0)

    def feel(self, *feelings: moods.Mood) -> None:
        """Let the network feel so from now on, and kindly after that."""
        self.network.moods.clear()
        self.network.feels(*feelings)

    def calm_down(self) -> None:
        """Let everything work again for long enough; then nothing is left open."""
        self.network.moods.clear()
        self.network.unwilling.clear()
        self.network.answers_questions = True
        self.queue.release(now=self.now)
        self.processes[1].die()
        end = self.now + 12 * HOUR  # longer than any wait between two looks at an unknown
        self.work_through(self.processes[0])
        while self.now < end and self.rows(State.SENDING, State.UNKNOWN):
            due = self.queue.next_due(self.now)
            self.now = max(self.now + 1, min(due or end, end))
            self.work_through(self.processes[0])
        self.now += 1
        self.work_through(self.processes[0])
        self.nothing_is_there_twice()
        self.what_the_queue_says_is_so()
        self.nothing_is_lost()
        self.no_day_was_too_full()

    def nothing_is_lost(self) -> None:
        rows = self.queue.rows(self.now)
        assert {key for key, _ in self.network.parts} <= {row.key for row in rows}
        for row in rows:
            assert row.deadline > self.now or row.state.is_final, f"{row.state} for ever: {row.reason}"
            assert row.reason
        assert {State.SENDING, State.UNKNOWN}.isdisjoint(row.state for row in rows)

    def no_day_was_too_full(self) -> None:
        """A part counts on the day on which it was claimed with those before it: threads are not cut at midnight."""
        told = {row.key: self.queue.show(row.key, self.now)[0] for row in self.rows(State.SENT, State.FAILED)}
        days = Counter(
            claimed_at(told[ask.key], ask.at) // DAY
            for ask in self.network.shown
            if ask.account == TWO.name and ask.key in told
        )
        assert max(days.values(), default=0) <= A_DAY

    def swap(self, row: Row, post: Post) -> None:
        """Put another post into a slot, if nothing of it was claimed yet."""
        day = self.queue.planned(Window(row.slot.at, row.slot.at + 1))
        for planned in (each for each in day.posts if each.slot.key == row.slot.key):
            other = PlannedPost(planned.slot, post, planned.accounts, "a person likes it")
            try:
                self.queue.swap(
                    row.key, rendered(Plan((other,)), self.project.schedules).posts[0], now=self.now
                )
            except BadCall as no:
                assert "was asked for it already" in str(no)  # noqa: PT017 - or it is swapped

    def rows(self, *states: State) -> tuple[Row, ...]:
        """What was due, or may be soon; what lies days ahead cannot have begun."""
        return self.queue.rows(self.now, window=Window(START - DAY, self.now + DAY), states=states)

    def was_begun_elsewhere(self, key: str, part: int) -> bool:
        """A retry goes on after the parts that a delivery before it has shown."""
        [row] = [each for each in self.queue.rows(self.now) if each.key == key]
        return not row.receipts[part - 1].id.startswith(key)


def number_of_claims(shown: Shown) -> int:
    return sum(move.state is State.SENDING for move in shown.moves)


def claimed_at(shown: Shown, instant: int) -> int:
    """When the claim was made under which a part was asked for."""
    return max(move.at for move in shown.moves if move.state is State.SENDING and move.at <= instant)


is_soaked = settings.get_current_profile_name() == "soak"
Delivery.TestCase.settings = settings(
    max_examples=3_000 if is_soaked else 24,
    stateful_step_count=80 if is_soaked else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # A story of so many steps takes too long to shorten each time.
    phases=list(Phase) if is_soaked else [Phase.explicit, Phase.generate],
)
TestDelivery = Delivery.TestCase
