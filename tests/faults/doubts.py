"""Row 7: servers that answer with an error, and have done what they were asked, or not, or had done it before."""

from contextlib import closing
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from bot.delivery.states import State
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import NOON
from tests.fakes.mastodon import FakeMastodon
from tests.faults.rows import Outcome, Told
from tests.faults.stage import NETWORKS, Stage, Wire, folder_of_its_own, miscounted, quietly, wire

POSTS = 10  #: in one story
_MORNING = NOON - NOON % DAY + HOUR  #: so that all of a story lies in one day
_STATUSES = (500, 502, 503, 504, 520)
_NOTHING_YET = '{"meta": {"result_count": 0}}'


def doubts(size: int, seed: int, told: Told) -> Outcome:
    """So many posts, shared out among all networks."""
    found = Outcome()
    for number in range(-(-size // POSTS)):
        posts = min(POSTS, size - number * POSTS)
        found += _story(NETWORKS[number % len(NETWORKS)], posts, Random(f"doubts {seed} {number}"))  # noqa: S311 - as above
        told(posts)
    return found


def _story(name: str, posts: int, dice: Random) -> Outcome:
    """Posts that come into a storm of errors; nothing may be there twice, and all is there in the end."""
    with quietly(), folder_of_its_own() as folder, wire(name, folder) as network:
        stage = Stage(folder, network.account, network.publisher, grace=12 * HOUR, now=_MORNING)
        threads = [_texts(name, number, dice.choice((1, 1, 2))) for number in range(posts)]
        stage.order(*threads)
        if isinstance(network.fake, FakeMastodon):
            network.fake.fails_on_repeat = bool(dice.randrange(2))
        with closing(stage):
            stage.live(stage.now + 3 * HOUR, before=lambda: _trouble(stage, network, dice))
            network.fake._faults.clear()  # noqa: SLF001 - the storm is over
            stage.live(stage.now + 8 * HOUR, before=lambda: network.lives_by(stage))
            expected = [text for texts in threads for text in texts]
            breaches = miscounted(network.texts, expected)
            if stage.states[State.SENT] != posts:
                states = {state: times for state, times in stage.states.items() if state is not State.SENT}
                breaches.append(
                    f"{states}: {[row.reason for row in stage.rows if row.state is not State.SENT]}"
                )
    return Outcome(posts, tuple(f"{name}: {each}" for each in breaches))


def _texts(name: str, number: int, parts: int) -> list[str]:
    return [f"{name} {number} part {part}" for part in range(1, parts + 1)]


def _trouble(stage: Stage, network: Wire, dice: Random) -> None:
    """Let the next request for a post go wrong, two times out of three."""
    network.lives_by(stage)
    network.fake._faults.clear()  # noqa: SLF001 - the fake's script, written anew
    if stage.now > _MORNING + 2 * HOUR + dice.randrange(HOUR) or not dice.randrange(3):
        return
    dice.choice((_no_work, _all_done))(network, dice)


def _no_work(network: Wire, dice: Random) -> None:
    """Nothing is done, and a server in between says 5xx."""
    status = dice.choice(_STATUSES)
    for route in {network.route, network.thread_route}:
        network.fake.fail_next("answer", route=route, status=status, body="<html>Sorry</html>")


def _all_done(network: Wire, dice: Random) -> None:
    """All is done, and the answer is an error, or none."""
    has_errors = network.name in {"mastodon", "bluesky"}
    kinds = ["silent", "torn", "html", "empty", "error after" if has_errors else "bad gateway"]
    kind = dice.choice(kinds)
    for route in {network.route, network.thread_route}:
        network.fake.fail_next(kind, route=route)
    if network.name == "x" and dice.randrange(2):
        # Its timeline lags behind, so that it is asked again and says that it has this very text.
        network.fake.fail_next("answer", route="GET /2/users/42/tweets", status=200, body=_NOTHING_YET)
