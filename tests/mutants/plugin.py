"""What pytest is told when it tries mutants: which tests see a mutant, and in which order they try it."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.state import state

#: The same examples for every mutant, and as long as they take: a mutant that loops is ended by mutmut.
settings.register_profile(
    "mutants",
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

#: Seconds that one test may take, many times what any does; mutmut's own limit is for all tests of a mutant.
LONGEST_TEST = 60
KILLED, TIMED_OUT = 1, 24  #: as mutmut reads them

#: So many examples of a law are enough to notice most faults, or so many stories of many steps.
EXAMPLES, STORIES = 20, 4

_made_at_import: set[str] = set()


def pytest_configure() -> None:
    """Let a test that never ends be ended."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(TIMED_OUT))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that bear the name of the mutant's module first, and laws last: most mutants end soon."""
    module = get_mutant_under_test().rpartition(".")[0].rpartition(".")[2]
    for item in items:
        _shorten(item)
    items.sort(key=lambda item: ("laws" in item.path.parts, not module or module not in item.path.stem))


def pytest_collection_finish() -> None:
    """What was called so far was called by imports, and not by any test."""
    _made_at_import.update(state()._stats)  # noqa: SLF001 - mutmut's, and pinned
    state()._stats.clear()  # noqa: SLF001 - as above


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """End a mutant that cannot even be imported: that is noticed, where pytest would say it was asked wrongly."""
    if report.failed and get_mutant_under_test().startswith("bot."):
        os._exit(KILLED)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Give each test so long."""
    signal.alarm(LONGEST_TEST)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Let a test that calls anything of a package see what the package made when it was imported."""
    called = state()._stats  # noqa: SLF001 - as above
    packages = {_package(name) for name in called}
    called.update(name for name in _made_at_import if _package(name) in packages)
    return (yield)


def _shorten(item: pytest.Item) -> None:
    """Put a law to the test with fewer examples than it wants."""
    found = getattr(item, "obj", None)
    if wanted := getattr(found, "_hypothesis_internal_use_settings", None):
        found._hypothesis_internal_use_settings = _fewer(wanted, EXAMPLES)  # type: ignore[union-attr] # noqa: SLF001
    story = getattr(item, "cls", None)
    if story and hasattr(story, "settings"):
        story.settings = _fewer(story.settings, STORIES)


def _fewer(wanted: settings, most: int) -> settings:
    return settings(wanted, max_examples=min(wanted.max_examples, most))


def _package(name: str) -> str:
    """The package of a function, as mutmut names it: `bot.delivery` of `bot.delivery.retry.x_decide`."""
    return ".".join(name.split(".")[:2])
