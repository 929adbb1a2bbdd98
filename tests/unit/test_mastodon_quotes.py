"""A status quotes another where the instance has quotes, and links to it elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.contracts import Ask, Quote
from bot.errors import Barred, NotNow, Refused, Unanswered
from bot.model import Media
from bot.publishers.mastodon import Mastodon
from tests.fakes.asks import ask
from tests.fakes.mastodon import STATUSES, FakeMastodon
from tests.fakes.x import png

ADDRESS = "https://museum.example/@museum/1"
LINKED = f"{ask().text}\n\n{ADDRESS}"


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


@pytest.fixture
def mastodon(fake: FakeMastodon) -> Mastodon:
    return Mastodon(fake.account(), fake.secrets, Path("unused"))


@pytest.fixture
def quoting(fake: FakeMastodon) -> Ask:
    """An ask for a part that quotes a status of ours."""
    return ask(quote=Quote(fake.add("Seven years ago").id, ADDRESS))


def shown(mastodon: Mastodon, fake: FakeMastodon, part: Ask) -> tuple[str, str]:
    """The text of the status that comes of it, and what that quotes."""
    mastodon.publish(replace(part, prepared=mastodon.prepare((part,))[0]))
    return fake.statuses[-1].text, fake.statuses[-1].quoted


def test_a_status_of_ours_is_quoted(fake: FakeMastodon, mastodon: Mastodon, quoting: Ask) -> None:
    assert shown(mastodon, fake, quoting) == (ask().text, fake.statuses[0].id)


@pytest.mark.parametrize("api_version", [6, 0])
def test_an_instance_without_quotes_has_a_link_and_is_not_asked_for_the_quoted_status(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask, api_version: int
) -> None:
    fake.api_version = api_version

    assert shown(mastodon, fake, quoting) == (LINKED, "")
    assert fake.times_asked("GET /api/v1/statuses/") == 0


def test_what_has_an_address_only_is_linked(fake: FakeMastodon, mastodon: Mastodon) -> None:
    assert shown(mastodon, fake, ask(quote=Quote("", ADDRESS))) == (LINKED, "")


def test_a_link_that_the_text_has_already_is_not_repeated(fake: FakeMastodon, mastodon: Mastodon) -> None:
    text = f"We said it here: {ADDRESS}"

    assert shown(mastodon, fake, ask(text=text, quote=Quote("", ADDRESS))) == (text, "")


def test_what_is_gone_is_linked(fake: FakeMastodon, mastodon: Mastodon) -> None:
    assert shown(mastodon, fake, ask(quote=Quote("1", ADDRESS))) == (LINKED, "")


@pytest.mark.parametrize(
    ("of_ours", "quoted", "is_quoted"),
    [
        ("public", {"quoting": "denied"}, False),
        ("public", {"quoting": "manual"}, False),
        ("public", {"visibility": "unlisted"}, True),
        ("public", {"visibility": "private"}, False),
        ("public", {"visibility": "direct"}, False),
        ("private", {"visibility": "private"}, True),
        ("direct", {"visibility": "public"}, False),
        ("direct", {"visibility": "direct"}, False),
    ],
)
def test_only_what_may_be_quoted_by_this_status_is_quoted(
    fake: FakeMastodon, of_ours: str, quoted: dict[str, str], *, is_quoted: bool
) -> None:
    mastodon = Mastodon(fake.account(visibility=of_ours), fake.secrets, Path("unused"))
    part = ask(quote=Quote(fake.add("Seven years ago", **quoted).id, ADDRESS))

    assert bool(shown(mastodon, fake, part)[1]) is is_quoted


def test_beside_a_picture_a_quote_is_a_link(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask, tmp_path: Path
) -> None:
    (tmp_path / "1.png").write_bytes(png())
    pictured = replace(quoting, media=(Media(str(tmp_path / "1.png"), "A ferry"),))

    assert shown(mastodon, fake, pictured) == (LINKED, "")
    assert fake.times_asked(STATUSES) == 1


def test_what_was_decided_stays_decided(fake: FakeMastodon, mastodon: Mastodon, quoting: Ask) -> None:
    part = replace(quoting, prepared=mastodon.prepare((quoting,))[0])
    fake.api_version = 1
    mastodon.learn()

    mastodon.publish(part)

    assert fake.statuses[-1].quoted == fake.statuses[0].id


@pytest.mark.parametrize("gone", [True, False])
def test_a_quote_that_is_refused_after_all_is_a_link_with_the_same_key(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask, *, gone: bool
) -> None:
    part = replace(quoting, prepared=mastodon.prepare((quoting,))[0])
    fake.statuses[:] = [] if gone else [replace_quoting(fake, "denied")]

    mastodon.publish(part)
    mastodon.publish(part)

    assert [status.text for status in fake.statuses if status.text == LINKED] == [LINKED]
    assert fake.times_asked(STATUSES) == 3


def replace_quoting(fake: FakeMastodon, quoting: str) -> Any:
    fake.add("Seven years ago", quoting=quoting)
    last = fake.statuses.pop()
    return type(last)(fake.statuses[0].id, last.text, last.at, quoting=quoting)


def test_a_text_that_is_refused_with_its_quote_and_without_is_refused(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask
) -> None:
    fake.refuse_next(422, "Validation failed: Text is odd", times=2)

    with pytest.raises(Refused, match="Text is odd"):
        mastodon.publish(quoting)

    assert len(fake.statuses) == 1


@pytest.mark.parametrize(
    ("status", "answer"), [(401, Barred), (429, NotNow), (500, Unanswered), (301, Barred), (408, Unanswered)]
)
def test_only_a_refusal_makes_a_quote_a_link(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask, status: int, answer: type[Exception]
) -> None:
    fake.fail_next("answer", status=status)

    with pytest.raises(answer):
        mastodon.publish(quoting)

    assert fake.times_asked(STATUSES) == 1


@pytest.mark.parametrize("with_quotes", [True, False])
def test_a_quoting_status_is_found_again_whichever_way_it_quotes(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask, *, with_quotes: bool
) -> None:
    fake.api_version = 7 if with_quotes else 6
    receipt = mastodon.publish(quoting)

    other = Mastodon(fake.account(), fake.secrets, Path("unused"))

    assert other.find(quoting) == receipt


def test_an_instance_that_cannot_say_whether_it_is_there_is_asked_another_time(
    fake: FakeMastodon, mastodon: Mastodon, quoting: Ask
) -> None:
    fake.fail_next("answer", route="GET /api/v1/statuses/", status=503)

    with pytest.raises(NotNow, match="nothing was posted"):
        mastodon.prepare((quoting,))
