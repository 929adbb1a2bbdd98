"""How a publisher for Mastodon is made, and who it says that it is."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.contracts import Secret
from bot.errors import BadCall, Barred, NotLive, NotNow
from bot.publishers.mastodon import Mastodon
from tests.fakes.asks import ask
from tests.fakes.mastodon import FakeMastodon

OUTBOX = Path("unused")


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


def test_an_account_that_is_not_live_has_no_publisher_and_that_is_asked_first(fake: FakeMastodon) -> None:
    with pytest.raises(NotLive, match="account museum-m is not live"):
        Mastodon(fake.account(live=False, url=""), {}, OUTBOX)

    assert fake.asked == []


@pytest.mark.parametrize("secrets", [{}, {"ACCESS_TOKEN": Secret("")}])
def test_a_missing_token_is_named(fake: FakeMastodon, secrets: dict[str, Secret]) -> None:
    with pytest.raises(BadCall) as error:
        Mastodon(fake.account(), secrets, OUTBOX)

    assert str(error.value) == "account museum-m lacks credentials: set MUSEUM_M_ACCESS_TOKEN"


@pytest.mark.parametrize("token", ["canary\n", "canary word", "canäry", "canary\x7f"])
def test_a_token_that_cannot_be_sent_is_a_bad_call_and_not_shown(fake: FakeMastodon, token: str) -> None:
    with pytest.raises(BadCall, match="MUSEUM_M_ACCESS_TOKEN holds a character that no token has") as error:
        Mastodon(fake.account(), {"ACCESS_TOKEN": Secret(token)}, OUTBOX)

    assert "can" not in str(error.value).replace("cannot", "")


def test_a_missing_instance_is_named(fake: FakeMastodon) -> None:
    with pytest.raises(BadCall, match="account museum-m: name its instance, as `url = "):
        Mastodon(fake.account(url=""), fake.secrets, OUTBOX)


@pytest.mark.parametrize("url", ["http://example.org", "https://user:hunter2@example.org", "example.org"])
def test_an_address_that_is_not_safe_is_a_bad_call_and_not_shown(fake: FakeMastodon, url: str) -> None:
    with pytest.raises(BadCall) as error:
        Mastodon(fake.account(url=url), fake.secrets, OUTBOX)

    assert str(error.value) == "account museum-m: `url` must be a plain https address, or http on loopback"


def test_a_visibility_that_there_is_not_is_a_bad_call_that_says_which_there_are(fake: FakeMastodon) -> None:
    with pytest.raises(BadCall, match="`visibility` must be one of public, unlisted, private, direct"):
        Mastodon(fake.account(visibility="everyone"), fake.secrets, OUTBOX)


def test_a_token_that_names_a_file_is_a_token_all_the_same(fake: FakeMastodon, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("another token\nhttps://elsewhere.example\n", "utf-8")
    fake.token = str(file)

    assert Mastodon(fake.account(), fake.secrets, OUTBOX).whoami() == "@museum@museum.example"


@pytest.mark.usefixtures("fake")
def test_no_library_is_loaded_before_an_account_goes_live() -> None:
    program = "import sys, bot.publishers.mastodon; print({'mastodon', 'requests', 'PIL'} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "set()"


def test_the_handle_names_the_domain_of_the_instance_not_the_address_it_is_asked_at(
    fake: FakeMastodon,
) -> None:
    assert Mastodon(fake.account(), fake.secrets, OUTBOX).whoami() == "@museum@museum.example"


def test_an_older_instance_is_known_by_its_address(fake: FakeMastodon) -> None:
    fake.has_v2 = False

    handle = Mastodon(fake.account(), fake.secrets, OUTBOX).whoami()

    assert handle == f"@museum@{fake.url.removeprefix('http://')}"


def test_an_account_that_is_not_marked_as_a_bot_is_told_so_in_the_log(
    fake: FakeMastodon, caplog: pytest.LogCaptureFixture
) -> None:
    mastodon = Mastodon(fake.account(), fake.secrets, OUTBOX)
    mastodon.whoami()
    silent = caplog.text
    fake.is_bot = False

    mastodon.whoami()
    mastodon.whoami()

    assert silent == ""
    assert [record.getMessage() for record in caplog.records] == [
        "account museum-m is not marked as a bot: tick “This is an automated account” in its profile"
    ]


def test_asking_who_we_are_writes_nothing(fake: FakeMastodon) -> None:
    Mastodon(fake.account(), fake.secrets, OUTBOX).whoami()

    assert all(asked.startswith("GET ") for asked in fake.asked)


def test_whoami_with_a_wrong_token_says_what_to_do(fake: FakeMastodon) -> None:
    mastodon = Mastodon(fake.account(), {"ACCESS_TOKEN": Secret("wrong")}, OUTBOX)

    with pytest.raises(
        Barred, match=r"museum-m: .*access token is invalid.*put a token .* in MUSEUM_M_ACCESS_TOKEN"
    ):
        mastodon.whoami()


def test_whoami_without_a_server_is_not_now(fake: FakeMastodon) -> None:
    with pytest.raises(NotNow, match="did not answer: NewConnectionError; nothing was posted"):
        Mastodon(fake.account(url="http://127.0.0.1:9"), fake.secrets, OUTBOX).whoami()


@pytest.fixture
def noisy() -> Iterator[None]:
    """Every library at DEBUG, as if nobody had thought of it."""
    names = ("", "mastodon", "urllib3", "requests")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("noisy")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_no_token_is_in_a_message_or_a_log_not_even_one_that_a_server_sent_back(
    fake: FakeMastodon, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    mastodon = Mastodon(fake.account(), fake.secrets, OUTBOX)
    fake.refuse_next(status, f"suspended: {fake.token}")

    with pytest.raises(Exception, match=r"museum-m|Mastodon") as error:
        mastodon.publish(ask())

    told, link = [caplog.text, repr(mastodon), str(vars(mastodon))], error.value
    while link:
        told.append(f"{link!s} {link!r}")
        link = link.__cause__ or link.__context__  # type: ignore[assignment]
    assert fake.token not in "\n".join(told)


def test_silence_shows_no_token_either(fake: FakeMastodon) -> None:
    mastodon = Mastodon(fake.account(), fake.secrets, OUTBOX)
    fake.fail_next("silent")

    with pytest.raises(Exception, match="nobody knows whether it did") as error:
        mastodon.publish(ask())

    assert fake.token not in f"{error.value!r} {error.value.__cause__!r}"
