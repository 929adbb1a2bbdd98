"""Row 6: a network that says "too many" for an hour, and names the end of it in every way that networks do."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

from bot.delivery.states import State
from bot.zones import HOUR, MINUTE
from tests.faults.rows import Outcome, Told
from tests.faults.stage import NETWORKS, Stage, Wire, folder_of_its_own, miscounted, quietly, wire

WINDOW = 15 * MINUTE  #: after which a network counts anew
STORM = 60 * MINUTE
POSTS = 5
MOST_PROBES = (
    9  #: in an hour, where no end is named: after 30 s, and then twice as long each time, up to 15 minutes
)
FORMS = ("epoch", "iso", "delta", "http date", "missing")
#: The header in which each network names an instant.
_RESETS = {
    "x": "x-rate-limit-reset",
    "mastodon": "X-RateLimit-Reset",
    "bluesky": "ratelimit-reset",
    "webhook": "Retry-After",
}
#: X writes its own only as an epoch.
_ISO = {"x": "Retry-After"}


def storms(size: int, seed: int, told: Told) -> Outcome:
    """So many storms on every network, in every form in turn."""
    found = Outcome()
    for number in range(size):
        name = NETWORKS[(number + seed) % len(NETWORKS)]
        form = FORMS[(number // len(NETWORKS)) % len(FORMS)]
        found += _storm(name, form, minute=(number + seed) * 7 % 15)
        told(1)
    return found


def _storm(name: str, form: str, *, minute: int) -> Outcome:
    """One hour of 429, begun some minutes into a window."""
    with quietly(), folder_of_its_own() as folder, wire(name, folder) as network:
        stage = Stage(folder, network.account, network.publisher, grace=3 * HOUR)
        stage.now += minute * MINUTE
        texts = [f"{name} {form} {number}" for number in range(POSTS)]
        stage.order(*([text] for text in texts))
        with closing(stage):
            asked = _live_through(stage, network, form)
            told = stage.states
            lost = miscounted(network.texts, texts)
            breaches = [f"{name}, {form}: {each}" for each in (*_too_soon(asked, form), *lost)]
            if told[State.SENT] != POSTS:
                breaches.append(f"{name}, {form}: {dict(told)}")
    return Outcome(1, tuple(breaches), "")


def _live_through(stage: Stage, network: Wire, form: str) -> list[tuple[int, int]]:
    """Live until the storm is over and all is sent; when it was asked in vain, and when it might have asked."""
    end = stage.now + STORM
    asked: list[tuple[int, int]] = []

    def rain() -> None:
        network.lives_by(stage)
        _stop_raining(network)
        if stage.now < end:
            reset = min(end, stage.now - stage.now % WINDOW + WINDOW)
            _let_it_rain(network, _headers(network.name, form, now=stage.now, reset=reset))

    last = _times_asked(network)
    while stage.now < end + 2 * HOUR and stage.states[State.SENT] + stage.states[State.FAILED] < POSTS:
        rain()
        due = stage.turn()
        if _times_asked(network) > last and stage.now < end:
            asked.append((stage.now, min(end, stage.now - stage.now % WINDOW + WINDOW)))
        last = _times_asked(network)
        stage.now = max(stage.now, due or stage.now + MINUTE)
    return asked


def _too_soon(asked: list[tuple[int, int]], form: str) -> Iterator[str]:
    """Every time that a network was asked again before the end that it had named, or too often where it named none."""
    if form == "missing":
        if len(asked) > MOST_PROBES:
            yield f"asked {len(asked)} times in an hour"
        return
    for (_, reset), (at, _) in pairwise(asked):
        if at < reset:
            yield f"asked {reset - at} s before the reset that it was told of"


def _headers(name: str, form: str, *, now: int, reset: int) -> Mapping[str, str]:
    instant = datetime.fromtimestamp(reset, UTC)
    written = {
        "epoch": {_RESETS[name]: str(reset)},
        "iso": {_ISO.get(name, _RESETS[name]): instant.isoformat().replace("+00:00", ".000Z")},
        "delta": {"Retry-After": str(reset - now)},
        "http date": {"Retry-After": format_datetime(instant, usegmt=True)},
        "missing": {},
    }
    return written[form]


def _let_it_rain(network: Wire, headers: Mapping[str, str]) -> None:
    network.fake.fail_next(
        "answer",
        route=network.route,
        times=99,
        status=429,
        headers=headers,
        body='{"error": "RateLimitExceeded"}',
    )


def _stop_raining(network: Wire) -> None:
    network.fake._faults.clear()  # noqa: SLF001 - the fake's script, written anew


def _times_asked(network: Wire) -> int:
    return int(network.fake.times_asked(network.route))
