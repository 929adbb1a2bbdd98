"""The plan beyond the queue's cursor, gone on with month by month, so that years ahead are planned once."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from bot.desk.calendar.spans import within
from bot.model import MEMORY, History, Plan, Project, Use, Window, digest
from bot.planning.plan import plan
from bot.preview.entries import months_between
from bot.zones import DAY, day_of, moment

#: So many lines of history are remembered, all months together: two years of looking around in a small project.
_MOST = 8_000
#: A plan of no more posts is kept until another window is asked for.
_SMALL = 2_000


class Ahead:
    """What will be planned from an instant on, if nobody decides anything more."""

    def __init__(self, project: Project, history: History, start: int) -> None:
        self._project = project
        self._before: OrderedDict[int, History] = OrderedDict({start: history})
        self._start = start
        self._last: tuple[Window, Plan] = (Window(start, start), Plan())
        #: What it is made of: where that is the same, so is all that it says.
        self.made_of = (project.digest, history, start)

    @cached_property
    def name(self) -> str:
        """A digest of what it is made of."""
        return digest(*self.made_of)

    def plan(self, window: Window) -> Plan:
        """What fills the slots of a window, without its renditions; nothing before the start."""
        window = Window(max(window.start, self._start), max(window.end, self._start))
        if self._last[0] == window:
            return self._last[1]
        found = self._planned(window)
        if len(found.posts) <= _SMALL:
            self._last = (window, found)
        return found

    def _planned(self, window: Window) -> Plan:
        found = Plan()
        begin = max(known for known in self._before if known <= window.start)
        for step in _steps(begin, window.end):
            history = self._before[step.start]
            made = plan(self._project.schedules, self._project.corpus, history, step)
            found += within(made, window)
            self._remember(step.end, settled(history.after_all(made.posts), step.end))
        return found

    def _remember(self, end: int, history: History) -> None:
        """Keep what was said before an instant, and forget the oldest of what was kept so, but what it began with."""
        self._before[end] = history
        oldest = [known for known in self._before if known not in {self._start, end}]
        lines = sum(len(each.uses) for each in self._before.values())
        for known in oldest:
            if lines <= _MOST:
                break
            lines -= len(self._before.pop(known).uses)


def settled(history: History, at: int) -> History:
    """As much of history as matters to who plans from an instant on, as the queue would give it."""
    since = at - MEMORY
    recent = [use for use in history.uses if use.at >= since or use.slot.at >= since]
    older = sorted(
        (use for use in history.uses if use.at < since and use.slot.at < since),
        key=lambda use: (use.at, use.slot.order()),
    )
    newest = {(use.post, account): use for use in older for account in use.accounts}
    accounts: dict[int, list[str]] = defaultdict(list)
    for (_, account), use in newest.items():
        accounts[id(use)].append(account)
    last = (_kept(use, tuple(sorted(accounts[id(use)]))) for use in older if id(use) in accounts)
    return History((*last, *sorted(recent, key=lambda use: (use.at, use.slot.order()))))


def _kept(use: Use, accounts: tuple[str, ...]) -> Use:
    return use if use.accounts == accounts else Use(use.slot, use.post, accounts, use.at)


def _steps(start: int, end: int) -> Iterator[Window]:
    """A stretch of time, cut a day before months of UTC begin: there begins what is looked at for a month."""
    last = moment(max(start, end - 1) + DAY).date()
    eves = ((day_of(month) - 1) * DAY for month in months_between(moment(start).date(), last))
    cuts = [start, *(eve for eve in eves if start < eve < end), end]
    return (Window(first, then) for first, then in pairwise(cuts) if first < then)
