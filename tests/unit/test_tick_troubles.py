"""What a damaged row, and a network that wants to be left alone, come to."""

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from bot.delivery.tick import Shift
from bot.model import Account, Corpus, Project
from bot.zones import HOUR, MINUTE
from tests.fakes.deliveries import MASTODON, NOON, X, enqueue, opened, planned, schedules
from tests.fakes.network import Network, is_busy, is_busy_until, one_for_all

BY = schedules(grace=3 * HOUR, accounts=[X, MASTODON])
PROJECT = Project("/project", BY, Corpus(), "files")


def lived(folder: Path, network: Network, until: int) -> None:
    """Take every turn that is due from noon on."""
    with opened(folder) as queue:
        shift, now = Shift(queue, one_for_all(network)), NOON + MINUTE
        while now < until:
            due = shift.tick(PROJECT, partial(int, now)).next_due
            now = max(now + (due == now), until if due is None else due)


def ordered(folder: Path, *texts: str, accounts: tuple[Account, ...] = (X,)) -> None:
    with opened(folder) as queue:
        made = [planned(NOON + n, text, accounts=accounts, id=f"post/{n}") for n, text in enumerate(texts)]
        enqueue(queue, *made, by=BY, until=NOON + 900 * HOUR)


def damaged(folder: Path, old: str, new: str) -> None:
    """Let another letter stand in a stored rendition."""
    with closing(sqlite3.connect(folder / "redletter.db")) as connection, connection:
        changed = connection.execute("UPDATE delivery SET rendition = replace(rendition, ?, ?)", (old, new))
        assert changed.rowcount


def test_what_one_post_is_told_to_wait_for_all_of_its_account_wait_for(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.", "Three.")
    network = Network().feels(*[is_busy_until(NOON + HOUR)] * 3)

    lived(tmp_path, network, NOON + HOUR)

    assert len(network.asked) == 1


def test_an_hour_of_too_many_that_names_no_end_loses_nothing(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    network = Network().feels(*[is_busy] * 9)

    lived(tmp_path, network, NOON + 3 * HOUR)

    assert network.texts == ["One."]


def test_a_row_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    damaged(tmp_path, json.dumps("One."), '"One.')
    ordered(tmp_path, "Two.", accounts=(MASTODON,))
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert network.texts == ["Two."]


def test_words_that_are_not_those_that_were_planned_are_not_posted(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    damaged(tmp_path, "One.", "Own.")
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert network.texts == []
