"""The desk in a real browser: `make test-browser`. A run of all tests leaves this folder alone.

Everything stays on loopback, lives in temporary folders, and is ended by its id.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.model import Window
from bot.outlook import outlook
from bot.project import read_project
from bot.zones import DAY, moment
from tests.browser.desks import Place, at_work, clock
from tests.browser.machine import NONE, chromium
from tests.browser.museums import HOSTILE, QUOTES, hostile
from tests.browser.visitors import Reception
from tests.fakes.projects import until

_HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect what is here only where it is asked for: a browser is heavy."""
    asked = [(config.invocation_params.dir / each.partition("::")[0]).resolve() for each in config.args]
    is_asked = any(path.is_relative_to(_HERE) for path in asked)
    return None if is_asked or not collection_path.is_relative_to(_HERE) else True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window; where the machine has none, all that needs it is skipped, and says so."""
    found = chromium()
    if found is None:
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found)
        yield made
        made.close()


@pytest.fixture(scope="session")
def everybody(browser: Browser) -> Reception:
    return Reception(browser)


@pytest.fixture
def reception(everybody: Reception) -> Iterator[Reception]:
    """Lets people in; after the test nothing must have gone wrong before anybody's eyes."""
    yield everybody
    everybody.closes()


@pytest.fixture(scope="session")
def hostile_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A desk at work whose every word tries to be more than text, the reasons of decisions too."""
    with at_work(hostile(tmp_path_factory.mktemp("hostile") / "museum", clock())) as place:
        until(lambda: len(place.said("hostile-due")) == 1)
        key, who = place.row("hostile-skipped").key, ["--who", QUOTES]
        for words in (
            ["queue", "skip", key, *who, "--reason", HOSTILE],
            ["hold", "--account", "gallery-bluesky", "--reason", HOSTILE],
        ):
            assert place.folder.call(*words).status == 0
        yield place


@pytest.fixture(scope="session")
def paths(hostile_place: Place) -> Mapping[str, str]:
    """The path of one page of each kind."""
    today = moment(clock()).date()
    quiet = today + timedelta(days=5)
    gone = hostile_place.row("hostile-due")
    return {
        "month": f"/month/{today:%Y-%m}",
        "week": f"/week/{today}",
        "list": f"/list/{today}",
        "quiet": f"/list/{quiet}",
        "year": f"/year/{today:%Y}",
        "years ahead": "/month/2037-02",
        "slot": hostile_place.slot("hostile-later"),
        "skipped": hostile_place.slot("hostile-skipped"),
        "gap": _gap(hostile_place),
        "sent": f"/slot/{gone.slot.key}",
        "delivery": f"/delivery/{gone.key}",
        "history": "/history",
        "health": "/health",
        "holds": "/holds?account=gallery-x&why=because",
        "decisions": "/decisions",
        "review": "/review",
        "nothing": "/nothing-there",
    }


def _gap(place: Place) -> str:
    """The path of the page of a gap: on the quiet day the mornings are silent."""
    now = clock()
    window = Window(now, now + 7 * DAY)
    project = read_project(place.folder.root, {})[0]
    with place.queue() as queue:
        gaps = outlook(project, queue, window, now).gaps
    return f"/gap/{gaps[0].slot.key}"
