"""Networks that keep what they are shown. They honour no key, so that whatever is asked for twice is seen twice."""

import json
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace

from bot.contracts import Ask, Receipt, Secret
from bot.errors import Barred, NotNow, Refused, Unanswered, Unclear
from bot.model import Account, Limits

Mood = Callable[["Network", Ask], Receipt]
Unwilling = Callable[[Sequence[Ask]], Sequence[str]]


class Killed(BaseException):
    """The process ends here: nothing may catch it."""


class Network:
    """Keeps posts in memory. Each ask takes the next of its moods; without one it shows what it is asked to.

    What it makes ready is `makes`, numbered, so that no two times are alike; the first of `unwilling` comes before.
    """

    limits: ClassVar[Limits] = Limits()
    secrets: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        account: Account | None = None,
        secrets: Mapping[str, Secret] | None = None,
        outbox: Path | None = None,
    ) -> None:
        del account, secrets, outbox
        self.shown: list[Ask] = []
        self.asked: list[Ask] = []
        self.declined: list[Ask] = []  #: of those, what it said a plain no to
        self.looked: list[Ask] = []
        self.made: list[tuple[Ask, ...]] = []
        self.makes = ""
        self.moods: deque[Mood] = deque()
        self.unwilling: deque[Unwilling] = deque()
        self.later: list[tuple[int, Ask]] = []
        self.answers_questions = True
        self.may_be_looked_at = 0  #: before, it says that there are too many questions

    def feels(self, *moods: Mood) -> "Network":
        self.moods.extend(moods)
        return self

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        self.made.append(tuple(asks))
        if self.unwilling:
            return self.unwilling.popleft()(asks)
        return [self.makes.format(part=ask.part, time=len(self.made)) for ask in asks]

    def publish(self, ask: Ask) -> Receipt:
        self._catch_up(ask.at)
        self.asked.append(ask)
        try:
            return self.moods.popleft()(self, ask) if self.moods else shows(self, ask)
        except (Refused, NotNow):
            self.declined.append(ask)
            raise

    def find(self, ask: Ask) -> Receipt | None:
        self._catch_up(ask.at)
        self.looked.append(ask)
        if not self.answers_questions:
            raise Unanswered("no answer to a question either")
        if ask.at < self.may_be_looked_at:
            raise Unanswered("too many questions", after=self.may_be_looked_at)
        there = {each.part: each for each in self.shown if each.key == ask.key and each.part >= ask.part}
        return whole(*map(receipt, there.values())) if ask.part in there else None

    def whoami(self) -> str:
        return "@nobody"

    def learn(self) -> Limits:
        return self.limits

    def _catch_up(self, now: int) -> None:
        self.shown += [ask for at, ask in self.later if at <= now]
        self.later = [(at, ask) for at, ask in self.later if at > now]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """What it has: key and part, in order."""
        return [(each.key, each.part) for each in self.shown]

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.shown]


def receipt(ask: Ask) -> Receipt:
    return Receipt(f"{ask.key}-{ask.part}", f"https://network.example/{ask.key}-{ask.part}", ask.at)


def whole(first: Receipt, *then: Receipt) -> Receipt:
    """The receipt of parts that are there together."""
    return replace(first, then=then)


def shows(network: Network, ask: Ask) -> Receipt:
    network.shown.append(ask)
    return receipt(ask)


def shows_whole(network: Network, ask: Ask) -> Receipt:
    """The part is shown with all that follow it."""
    return whole(*(shows(network, replace(ask, part=part)) for part in range(ask.part, ask.parts + 1)))


def shows_two(network: Network, ask: Ask) -> Receipt:
    """The part is shown with the next, if there is one."""
    last = min(ask.part + 1, ask.parts)
    return whole(*(shows(network, replace(ask, part=part)) for part in range(ask.part, last + 1)))


def shows_whole_and_keeps_silent(network: Network, ask: Ask) -> Receipt:
    """As above, and the answer is lost."""
    shows_whole(network, ask)
    raise Unanswered(f"no word about {ask.post}")


def answers_nothing(network: Network, ask: Ask) -> Receipt:
    """A publisher that forgot to return what it was told."""
    network.shown.append(ask)
    return None  # type: ignore[return-value] # on purpose


def refuses(_: Network, ask: Ask) -> Receipt:
    raise Refused(f"no {ask.post} here")


def is_busy(_: Network, ask: Ask) -> Receipt:
    raise NotNow(f"too many at once for {ask.account}")


def is_barred(_: Network, ask: Ask) -> Receipt:
    raise Barred(f"the token of {ask.account} is revoked; make a new one")


def is_busy_until(instant: int) -> Mood:
    def mood(_: Network, ask: Ask) -> Receipt:
        raise NotNow(f"too many at once for {ask.account}", after=instant)

    return mood


def is_busy_for_an_hour(network: Network, ask: Ask) -> Receipt:
    return is_busy_until(ask.at + 3_600)(network, ask)


def says_yes(_: Network, ask: Ask) -> Receipt:
    """The part is taken by somebody who shows nothing."""
    raise Unclear(f"yes to {ask.post}")


def says_yes_and_shows(network: Network, ask: Ask) -> Receipt:
    """The part is shown, and the answer is no receipt."""
    network.shown.append(ask)
    raise Unclear(f"yes to {ask.post}")


def hears_nothing(_: Network, ask: Ask) -> Receipt:
    """The ask is lost on its way."""
    raise Unanswered(f"no word about {ask.post}")


def keeps_silent(network: Network, ask: Ask) -> Receipt:
    """The part is shown, and the answer lost."""
    network.shown.append(ask)
    raise Unanswered(f"no word about {ask.post}")


def keeps_silent_and_shows_later(network: Network, ask: Ask) -> Receipt:
    """The ask is still on its way to being shown when its answer is given up."""
    network.later.append((ask.at + 60, ask))
    raise Unanswered(f"no word about {ask.post}")


def breaks(_: Network, ask: Ask) -> Receipt:
    """Foreign code fails, with a credential in its words."""
    raise ValueError(f"https://user:hunter2@network.example/{ask.key}")


def dies_before(_: Network, ask: Ask) -> Receipt:
    raise Killed(ask.key)


def dies_after(network: Network, ask: Ask) -> Receipt:
    network.shown.append(ask)
    raise Killed


class Ledger(Network):
    """A network that outlives the processes that ask it: a file, one line a part, written at once."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def publish(self, ask: Ask) -> Receipt:
        line = json.dumps([ask.key, ask.part]) + "\n"
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
        return receipt(ask)

    def find(self, ask: Ask) -> Receipt | None:
        return receipt(ask) if (ask.key, ask.part) in self.read() else None

    def read(self) -> list[tuple[str, int]]:
        """What it has: key and part, in order."""
        if not self._file.exists():
            return []
        return [(key, part) for key, part in map(json.loads, self._file.read_text().splitlines())]


def cannot_be_made_now(asks: Sequence[Ask]) -> Sequence[str]:
    raise NotNow(f"the pictures of {asks[0].post} cannot be uploaded now")


def cannot_be_made(asks: Sequence[Ask]) -> Sequence[str]:
    raise Refused(f"{asks[0].post}: there is no picture")


def cannot_be_made_by(asks: Sequence[Ask]) -> Sequence[str]:
    raise Barred(f"the token of {asks[0].account} is revoked; make a new one")


def falls_silent_while_making(asks: Sequence[Ask]) -> Sequence[str]:
    raise Unanswered(f"no word about the pictures of {asks[0].post}")


def breaks_while_making(asks: Sequence[Ask]) -> Sequence[str]:
    raise ValueError(f"https://user:hunter2@network.example/{asks[0].key}")


def makes_too_little(asks: Sequence[Ask]) -> Sequence[str]:
    return [""] * (len(asks) - 1)


def makes_no_texts(asks: Sequence[Ask]) -> Sequence[str]:
    return [b"bytes"] * len(asks)  # type: ignore[list-item] # on purpose


def one_for_all(network: Network) -> Callable[[Account], Network]:
    """The same network for every account."""
    return lambda _: network
