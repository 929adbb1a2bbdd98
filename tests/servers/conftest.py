"""Real servers for those tests that need them, where they are asked for: `make test-servers` passes `--servers`."""

import time
from collections.abc import Iterator

import pytest

from tests.fakes.proxy import FaultProxy
from tests.servers import real


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--servers", action="store_true", help="start real servers; fail where that fails")


@pytest.fixture(scope="session")
def wanted(request: pytest.FixtureRequest) -> None:
    # A run of all tests does not know the option: pytest meets this file too late then.
    if not request.config.getoption("--servers", default=False):
        pytest.skip("`make test-servers` installs and starts the servers that this needs")


@pytest.fixture(scope="session")
def pds(wanted: None) -> Iterator[real.Pds]:
    del wanted
    with real.bluesky() as pds:
        yield pds


@pytest.fixture(scope="session")
def mastodon(wanted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[real.StandIn]:
    del wanted
    with real.mastodon(tmp_path_factory.mktemp("mastodon")) as stand_in:
        yield stand_in


@pytest.fixture
def before_pds(pds: real.Pds) -> Iterator[FaultProxy]:
    with FaultProxy(pds.web.url) as proxy:
        yield proxy


@pytest.fixture
def before_mastodon(mastodon: real.StandIn) -> Iterator[FaultProxy]:
    with FaultProxy(mastodon.web.url) as proxy:
        yield proxy


@pytest.fixture
def now() -> int:
    return int(time.time())  # noqa: TID251 - a real server has its own clock, and looks are told by it
