"""Cards in posts: drawn for the slot that shows them, and the same at every attempt."""

from datetime import date
from pathlib import Path

import pytest
from msgspec import json
from msgspec.structs import replace

from bot.errors import Refused
from bot.media import as_file, read_media
from bot.model import (
    Account,
    Corpus,
    Event,
    History,
    Limits,
    Media,
    Mission,
    Part,
    Pick,
    Post,
    Rendition,
    Schedules,
    Slot,
    Tone,
    Window,
)
from bot.planning.frames import FrameError
from bot.planning.plan import plan
from bot.planning.render import render
from bot.publishers.dry_run import DryRun
from bot.zones import DAY, HOUR, day_of
from tests.fakes.asks import ask
from tests.fakes.worlds import LANDING, LOSS, MARS, at, slots, world

OPPOSITION = Event("opposition", "Mars at opposition", "sky", "America/New_York", sky="opposition")
MISSION = Mission("rover", "Rover", began="landing", latitude=-1.9, longitude_east=354.5)
WORLD = Schedules(
    (), {"landing": LANDING, "loss": LOSS, "opposition": OPPOSITION}, missions={"rover": MISSION}
)
WALL = day_of(date(2028, 1, 25)) * DAY + 9 * HOUR
SLOT = Slot(WALL, "landings", WALL, "UTC", event="landing", years=24)


def shown(card: str = "anniversary", slot: Slot = SLOT, *, alt: str = "", theme: str = "light") -> Rendition:
    post = Post("p", (Part("Text.", (Media("", alt, card=card, theme=theme),)),))
    return render(post, MARS, slot=slot, frames=(), schedules=WORLD)


def test_a_card_knows_all_that_it_is_drawn_of() -> None:
    (media,) = shown().parts[0].media

    assert media.file.startswith("state/cards/landing-2028-01-25-")
    assert "First landing" in media.alt
    assert "24 years ago" in media.alt
    assert (content := read_media((media,), Limits())[0].content).startswith(b"\x89PNG")
    assert read_media((json.decode(json.encode(media), type=Media),), Limits())[0].content == content


def test_another_year_and_another_theme_are_other_pictures() -> None:
    names = {
        shown().parts[0].media[0].file,
        shown(theme="dark").parts[0].media[0].file,
        shown(slot=replace(SLOT, years=25)).parts[0].media[0].file,
    }

    assert len(names) == 3


def test_an_alt_text_of_ones_own_is_kept() -> None:
    assert shown(alt="In our own words.").parts[0].media[0].alt == "In our own words."


def test_a_chart_is_that_of_the_place_from_which_the_slot_looks_up() -> None:
    wall = day_of(date(2027, 2, 19)) * DAY + 18 * HOUR
    place = (("latitude", 40.7), ("longitude", -74.0), ("place", "New York"))
    slot = Slot(wall + 5 * HOUR, "sky", wall, "America/New_York", event="opposition", facts=place)

    assert "New York" in shown("sky", slot).parts[0].media[0].alt


@pytest.mark.parametrize(
    ("card", "slot", "why"),
    [
        ("anniversary", replace(SLOT, event=None), "its card 'anniversary' needs an event to speak of"),
        ("countdown", SLOT, "its card 'countdown' cannot be drawn: .*nobody counts down to it"),
        ("sky", SLOT, "its card 'sky' cannot be drawn: .* is nothing that is seen in the sky"),
        ("sky", replace(SLOT, event="opposition"), "a chart of the sky needs a place"),
    ],
)
def test_a_card_that_cannot_be_drawn_says_why(card: str, slot: Slot, why: str) -> None:
    with pytest.raises(FrameError, match=why):
        shown(card, slot)


def test_the_dry_run_draws_a_card_beside_its_outbox(tmp_path: Path) -> None:
    outbox = tmp_path / "state" / "outbox.jsonl"
    (media,) = shown().parts[0].media
    publisher = DryRun(Account("museum-x", "x"), {}, outbox)

    publisher.publish(ask(media=(media,)))

    (line,) = outbox.read_text().splitlines()
    name = json.decode(line)["media"][0]["file"]
    assert (tmp_path / name).read_bytes() == read_media((media,), Limits())[0].content


def test_a_card_is_drawn_once(tmp_path: Path) -> None:
    (media,) = shown().parts[0].media
    first = Path(as_file(media, tmp_path).file)
    first.write_bytes(b"another")

    assert Path(as_file(media, tmp_path).file).read_bytes() == b"another"


def test_what_is_no_card_is_the_file_that_it_is(tmp_path: Path) -> None:
    picture = Media("corpus/a.png", "A kite.")

    assert as_file(picture, tmp_path) is picture


def test_a_remembrance_may_have_a_sober_card() -> None:
    slot = replace(SLOT, event="loss", years=42)

    assert WORLD.events["loss"].tone is Tone.REMEMBRANCE
    assert "A loss" in shown(slot=slot).parts[0].media[0].alt


def test_what_was_written_down_and_is_no_card_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"cards/a\.png cannot be read: this is no card"):
        read_media((Media("cards/a.png", "A card.", card="sky", drawing="{"),), Limits())


def test_a_slot_that_cannot_draw_a_card_passes_its_post_over() -> None:
    carded = Post("carded", (Part("Text.", (Media("", "", card="anniversary"),)),))
    entry = slots("daily", "09:00", pick=Pick(cool_down=0))
    corpus = Corpus((carded,))
    window = Window(at("2028-01-25T00:00Z"), at("2028-01-26T00:00Z"))

    planned = plan(world(entry), corpus, History(), window)

    assert [gap.reason for gap in planned.gaps] == [
        "carded cannot be shown: its card 'anniversary' needs an event to speak of"
    ]


def test_a_picture_beside_a_card_stays_as_it_is() -> None:
    picture = Media("corpus/a.png", "A kite.")
    both = Post("p", (Part("Text.", (picture, Media("", "", card="anniversary"))),))

    found = render(both, MARS, slot=SLOT, frames=(), schedules=WORLD).parts[0].media

    assert found[0] is picture
    assert found[1].drawing
