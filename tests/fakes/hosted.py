"""A fake network as a process of its own, for those who fork and may have no threads.

    python -m tests.fakes.hosted x

prints a line of JSON with its `url` and `credentials`. For each line on its stdin it prints another: the texts that it
has, oldest first. It ends with its stdin.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple

from tests.fakes.bluesky import FakeBluesky
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.x import FakeX


class Hosted(NamedTuple):
    """A fake, and what is said of it."""

    fake: AbstractContextManager[object]
    url: str
    credentials: Mapping[str, str]
    texts: Callable[[], list[str]]


def x() -> Hosted:
    fake = FakeX()
    return Hosted(fake, fake.url, fake.credentials, lambda: fake.texts)


def bluesky() -> Hosted:
    fake = FakeBluesky()
    return Hosted(fake, fake.url, fake.credentials, lambda: fake.texts)


def mastodon() -> Hosted:
    fake = FakeMastodon()

    def live() -> None:
        while True:
            fake.now = int(time.time())  # noqa: TID251 - a server has its own clock
            time.sleep(0.1)

    threading.Thread(target=live, daemon=True).start()
    secrets = {"ACCESS_TOKEN": fake.token}
    return Hosted(fake, fake.url, secrets, lambda: [status.text for status in fake.statuses])


FAKES = {"x": x, "bluesky": bluesky, "mastodon": mastodon}


def main(name: str) -> None:
    """Be this network until stdin ends."""
    hosted = FAKES[name]()
    with hosted.fake:
        _say({"url": hosted.url, "credentials": hosted.credentials})
        for _ in sys.stdin:
            _say(hosted.texts())


def _say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
