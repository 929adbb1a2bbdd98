"""The plan as JSON."""

import json

from bot.model import Gap, Media, Plan, Window, digest
from bot.preview import record
from bot.preview.view import View
from tests.fakes.plans import ACCOUNTS, YORK, empty, planned, slot

LOSS = slot("anniversaries", "2027-01-20 12:15", YORK, event="ferry-lost", years=41)


def test_a_post_is_recorded_as_it_is_promised() -> None:
    post = planned(
        LOSS, "We read their names at noon.", why="the event's own", media=(Media("a.png", "A bell."),)
    )
    view = View(Window(LOSS.at, LOSS.at + 1), Plan((post,)), ACCOUNTS)

    shown = json.loads(record.show(view))

    assert shown == {
        "digest": view.plan.digest,
        "window": {"start": "2027-01-20T17:15:00Z", "end": "2027-01-20T17:15:01Z"},
        "posts": [
            {
                "slot": {
                    "schedule": "anniversaries",
                    "at": "2027-01-20T17:15:00Z",
                    "local": "2027-01-20T12:15:00-05:00",
                    "event": "ferry-lost",
                    "years": 41,
                },
                "post": post.post.id,
                "tone": "neutral",
                "state": "planned",
                "why": "the event's own",
                "renditions": [
                    {
                        "account": "harbour-x",
                        "network": "x",
                        "key": digest(LOSS.key, "harbour-x"),
                        "parts": [
                            {
                                "text": "We read their names at noon.",
                                "length": 28,
                                "limit": 280,
                                "media": [{"file": "a.png", "alt": "A bell."}],
                            }
                        ],
                    }
                ],
            }
        ],
        "gaps": [],
        "cost": {"harbour-x": {"posts": 1, "usd": "0.020"}},
    }


def test_a_gap_is_recorded_with_its_reason() -> None:
    view = View(
        Window(0, 1), Plan((), (Gap(slot("evergreen", "2027-01-20 10:33"), "quiet day: ferry-lost"),))
    )

    (gap,) = json.loads(record.show(view))["gaps"]

    assert gap["reason"] == "quiet day: ferry-lost"
    assert (gap["slot"]["schedule"], gap["slot"]["local"]) == ("evergreen", "2027-01-20T10:33:00+00:00")


def test_only_an_unconfirmed_day_speaks_of_confirmation() -> None:
    sure, unsure = slot("a", "2027-02-05 09:00"), slot("b", "2027-02-05 09:00", confirmed=False)
    view = View(Window(0, 1), Plan((), (Gap(sure, "…"), Gap(unsure, "…"))))

    shown = [gap["slot"] for gap in json.loads(record.show(view))["gaps"]]

    assert ["confirmed" in each for each in shown] == [False, True]
    assert shown[1]["confirmed"] is False


def test_letters_of_every_script_are_written_as_themselves() -> None:
    view = View(Window(0, 1), Plan((planned(LOSS, "潮 👩‍🚀"),)))

    assert '"text": "潮 👩‍🚀"' in record.show(view)


def test_an_empty_plan_is_a_whole_document() -> None:
    shown = json.loads(record.show(empty()))

    assert (shown["posts"], shown["gaps"], shown["cost"]) == ([], [], {})
