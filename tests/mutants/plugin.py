"""What pytest is told when it tries mutants: which tests see a mutant, and in which order they try it."""

import os
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

_made_at_import: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that bear the name of the mutant's module first, and laws last: most mutants end soon."""
    module = get_mutant_under_test().rpartition(".")[0].rpartition(".")[2]
    items.sort(key=lambda item: ("laws" in item.path.parts, not module or module not in item.path.stem))


def pytest_collection_finish() -> None:
    """What was called so far was called by imports, and not by any test."""
    _made_at_import.update(state()._stats)  # noqa: SLF001 - mutmut's, and pinned
    state()._stats.clear()  # noqa: SLF001 - as above


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """End a mutant that cannot even be imported: that is noticed, where pytest would say it was asked wrongly."""
    if report.failed and get_mutant_under_test().startswith("bot."):
        os._exit(1)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Let a test that calls anything of a package see what the package made when it was imported."""
    called = state()._stats  # noqa: SLF001 - as above
    packages = {_package(name) for name in called}
    called.update(name for name in _made_at_import if _package(name) in packages)
    return (yield)


def _package(name: str) -> str:
    """The package of a function, as mutmut names it: `bot.delivery` of `bot.delivery.retry.x_decide`."""
    return ".".join(name.split(".")[:2])
