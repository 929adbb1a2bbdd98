"""How long the laws are put to the test, and which tests count as having run a line."""

import pytest
from hypothesis import settings

#: `pytest tests/laws --hypothesis-profile=soak` takes the laws that know of it through far more than a commit does.
settings.register_profile("soak", deadline=None, print_blob=True)

#: What repeats one thing many times over takes up to three times as long when it is measured, and shows no line that
#: a case would not: what is promised of coverage, the other folders keep by themselves.
UNMEASURED = {"faults", "kills", "laws"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage look away where one thing is tried many times over."""
    for item in items:
        if item.path.parent.name in UNMEASURED:
            item.add_marker("no_cover")
