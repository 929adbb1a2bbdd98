"""What can go wrong, as one tree.

RedletterError
├── Problems          files are wrong: every problem with its file, line and code
├── BadCall           what was asked for makes no sense: the message says what would
│   └── Overtaken     somebody else, or the bot, was quicker: nothing was done
├── BadState          the queue's database cannot be used as it is
├── NotLive           a network was about to be asked for an account that is not live
└── Answer            what a network said, when it was not a receipt
    ├── Refused       no, for good
    ├── NotNow        not now; nothing was written
    │   └── Barred    nothing more from this account until a person acts
    └── Unanswered    nobody knows whether the network has it
"""

from collections.abc import Iterable
from dataclasses import dataclass


class RedletterError(Exception):
    """The root: its message is a sentence for a person."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file; shown as `file:line: code: message`."""

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.message}"


class Problems(RedletterError):  # noqa: N818 - it carries problems; the name says so
    """All problems found in a project's files, none hiding another."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class BadCall(RedletterError):  # noqa: N818 - reads as what it is
    """A command, option or value that cannot be meant; the message says what can be."""


class Overtaken(BadCall):
    """What a decision was about has changed since it was looked at: nothing was done, and one should look again."""


class BadState(RedletterError):  # noqa: N818 - reads as what it is
    """The queue cannot be used: made by another version, damaged, or ahead of the clock."""


class NotLive(RedletterError):  # noqa: N818 - reads as what it is
    """A publisher refuses to exist for an account whose file does not say `live = true`."""


class Answer(RedletterError):  # noqa: N818 - an answer is not always an error
    """What a network answered instead of a receipt. It may be asked again at `after` (UTC seconds), if it told."""

    def __init__(self, message: str, *, after: int | None = None) -> None:
        self.after = after
        super().__init__(message)


class Refused(Answer):
    """The network said no, and will say no again: nothing was written."""


class NotNow(Answer):
    """The network will not take it now; nothing was written. Ask again."""


class Barred(NotNow):
    """The network takes nothing from the account until a person has acted: a token is revoked, credits are used up.

    The message names the account, the cause, and what to do; it is the same each time, so that it is told once.
    """


class Unanswered(Answer):
    """The network was asked and no answer says whether it has the part. Never ask again and hope; look what it has."""


class Unclear(Unanswered):
    """The network said yes, without a proof. That it later shows nothing does not prove that it has nothing."""
