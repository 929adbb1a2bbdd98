"""The named steps between any two effects of a delivery, at which a test may end the process."""

from collections.abc import Callable

#: Every step, in the order of a delivery.
STEPS = (
    "planned ahead",
    "recovered",
    "made ready",
    "claimed",
    "about to ask",
    "answered",
    "went on",
    "finished",
    "looked",
    "found",
    "cleared",
)


def _pass(_: str) -> None:
    pass


_watch: Callable[[str], None] = _pass


def step(name: str) -> None:
    """Say that a step is reached; nobody listens but a test."""
    _watch(name)


def watch(each: Callable[[str], None]) -> None:
    """Let every step be told to `each`, from whichever thread reaches it."""
    global _watch  # noqa: PLW0603 - one process has one course
    _watch = each
