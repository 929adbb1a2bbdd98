"""Pictures of the desk for the docs: a made-up museum on a day that stands still, in both themes.

`python -m tests.browser.pictures` draws them anew into docs/desk/.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

from bot.zones import DAY, utc_text
from tests.browser.desks import Place, desk
from tests.browser.looks import THEMES, WIDE
from tests.browser.machine import chromium
from tests.browser.visitors import Reception
from tests.fakes.pictures import encoded
from tests.fakes.projects import REPOSITORY, Folder
from tests.fakes.worlds import at

NOW = at("2027-03-10T08:30Z")  #: a Wednesday
#: How much of a page is shown; of one post more, for its forms are what it is there for.
HEIGHT, HIGHER = 920, 1850
#: Colours of a picture, so that it stays small.
_COLOURS = 96

_ACCOUNTS = """\
[account.harbour-x]
network = "x"
zone = "Europe/London"
min_gap = "90m"

[account.harbour-mastodon]
network = "mastodon"
zone = "Europe/London"
max_per_day = 6

[account.harbour-bluesky]
network = "bluesky"
zone = "Europe/London"

[mention.lifeboat]
name = "the lifeboat crew"
mastodon = "@lifeboat@harbour.example"
"""

_EVENTS = """\
[[event]]
id = "opening"
title = "The museum opens"
kind = "milestone"
tone = "celebration"
date = 1987-03-12
zone = "Europe/London"

[[event]]
id = "light"
title = "The lighthouse is lit"
kind = "milestone"
tone = "celebration"
date = 1862-03-19
zone = "Europe/London"

[[event]]
id = "storm"
title = "The great storm"
kind = "loss"
tone = "remembrance"
date = 1904-03-16
zone = "Europe/London"
quiet = true
"""

_SCHEDULES = """\
[[schedule]]
name = "anniversaries"
trigger.anniversary = { kinds = ["milestone"], at = "09:00" }
pick = { event = true }
frame = "{{ years_in_words | capitalize }} ago today: {{ text }}"
grace = "same-day"
approval = true

[[schedule]]
name = "remembrance"
trigger.anniversary = { kinds = ["loss"], at = "09:00" }
pick = { event = true }
grace = "same-day"
approval = 2

[[schedule]]
name = "mornings"
trigger.slots = { days = "mon-fri", at = ["10:30"], zone = "Europe/London" }
pick = { tags = ["harbour"], cool_down = "5d" }

[[schedule]]
name = "evenings"
trigger.slots = { days = "tue,thu,sat", at = ["17:00"], zone = "Europe/London" }
pick = { tags = ["ships"], cool_down = "5d" }
accounts = ["harbour-x", "harbour-mastodon"]
"""

_POSTS = {
    "harbour/tide": "High water comes fifty minutes later each day: the moon has moved on meanwhile. #tides",
    "harbour/fog": "Fog needs a calm night, a clear sky, and water that is warmer than the air.",
    "harbour/knots": "A knot is a nautical mile an hour. Sailors once counted the knots of a line that ran out.",
    "harbour/bell": "The bell of our pier was cast from the brass of seven ships. {@lifeboat} rings it still.",
    "harbour/stones": "Every stone of the quay has a mason's mark. We have found forty-one.",
    "harbour/chart": "The oldest chart in our house has no north. It has a church tower. #maps",
    "ships/ketch": "A ketch has two masts, and the taller stands in front.",
    "ships/rope": "Rope was made in long straight lanes, and the lanes are streets today. https://harbour.example/rope",
    "ships/cat": "Ships kept cats against rats, and wrote them into the crew's list.",
    "ships/paint": "Three things about paint.\n\n---\n\nRed below the water keeps worms away.\n\n---\n\nWhite above it keeps the deck cool.",
}
_TONIGHT = "says “Tonight”, which is not true on every day"
_HELD = {
    "imported/visit": ("With help from , the rudder is whole again. Tonight it hangs in the hall.", _TONIGHT),
    "imported/whale": ("Our whale has a new place beside the stairs.", "somebody should look"),
    "imported/lamp": ("With help from {@lifeboat}, the great lamp turns again.", "somebody should look"),
}


def museum(root: Path) -> Folder:
    """A museum at a harbour that has been at work for ten days, and about which people have decided."""
    folder = Folder(root)
    folder.write("schedules/accounts.toml", _ACCOUNTS)
    folder.write("schedules/events.toml", _EVENTS)
    folder.write("schedules/calendar.toml", _SCHEDULES)
    for name, text in _POSTS.items():
        folder.post(name, text)
    folder.post(
        "days/opening", "We opened our doors, and four hundred people came in out of the rain. #OnThisDay",
        'event = "opening"\ntone = "celebration"\nuse = "dated"\n'
        'media = [{ file = "harbour.png", alt = "A white lighthouse on a rock, and the evening sun over a calm sea.", credit = "Harbour Museum" }]',
    )  # fmt: skip
    (root / "corpus/days/harbour.png").write_bytes(encoded(_harbour(), "PNG"))
    folder.post(
        "days/light",
        "The lamp was lit, and seen from France.",
        'event = "light"\ntone = "celebration"\nuse = "dated"',
    )
    folder.post(
        "days/storm", "We remember the eleven who did not come home.", 'event = "storm"\ntone = "remembrance"'
    )
    for name, (text, reason) in _HELD.items():
        folder.post(name, text, f"use = 'hold'\nreasons = ['{reason}']")
    _live(folder)
    return folder


def _harbour() -> Image.Image:
    """A lighthouse, drawn."""
    image = Image.new("RGB", (640, 220), (244, 214, 176))
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 70, 140, 150), fill=(226, 122, 63))
    draw.rectangle((0, 130, 640, 220), fill=(60, 96, 120))
    draw.polygon([(380, 220), (430, 128), (560, 120), (640, 170), (640, 220)], fill=(58, 50, 44))
    draw.polygon([(470, 124), (480, 40), (510, 40), (520, 124)], fill=(250, 248, 242))
    draw.rectangle((482, 24, 508, 40), fill=(163, 23, 29))
    draw.rectangle((474, 70, 516, 90), fill=(163, 23, 29))
    return image


def _live(folder: Folder) -> None:
    """Ten days of posts, and what two people decided about the next."""
    _call(
        folder, NOW - 9 * DAY, "run", "--time-lapse", "--from", utc_text(NOW - 9 * DAY), "--to", utc_text(NOW)
    )
    _call(folder, NOW, "run", "--once")
    listed = folder.call("--now", utc_text(NOW), "queue", "list", "--json").data["deliveries"]
    keys = {row["schedule"]: row["key"] for row in reversed(listed)}
    _call(folder, NOW - 1800, "queue", "approve", keys["remembrance"], "--who", "Ada")
    _call(
        folder,
        NOW - 1200,
        "queue",
        "skip",
        keys["evenings"],
        "--who",
        "Ben",
        "--reason",
        "the ketch is in dock",
    )


def _call(folder: Folder, now: int, *words: str) -> None:
    ended = folder.run("--now", utc_text(now), *words)
    if ended.status:
        raise SystemExit(ended.all)


@contextmanager
def _pages() -> Iterator[tuple[Reception, Place]]:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        made = museum(Path(folder) / "harbour-museum")
        browser = playwright.chromium.launch(executable_path=chromium())
        with desk(made, "--who", "Ada", now=utc_text(NOW)) as place:
            yield Reception(browser), place
        browser.close()


def _paths(place: Place) -> dict[str, str]:
    with place.queue() as queue:
        slots = {row.slot.schedule: row.slot.key for row in queue.rows(NOW) if row.at > NOW}
    return {
        "month": "/month/2027-03", "week": "/week/2027-03-15", "slot": f"/slot/{slots['anniversaries']}",
        "review": "/review/imported/visit", "health": "/health",
    }  # fmt: skip


def _drawn(page: Page) -> bytes:
    """What the page shows, in few colours."""
    shot = Image.open(BytesIO(page.screenshot()))
    few = shot.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    return encoded(few, "PNG", optimize=True)


def main(into: Path) -> None:
    """Draw every page in both themes."""
    into.mkdir(parents=True, exist_ok=True)
    with _pages() as (reception, place):
        visitor = reception.stranger(
            place, viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce"
        )
        visitor.enters()
        for name, path in _paths(place).items():
            visitor.goes(path)
            visitor.page.set_viewport_size({"width": WIDE, "height": HIGHER if name == "slot" else HEIGHT})
            visitor.page.wait_for_load_state("networkidle")
            for theme in THEMES:
                visitor.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                (into / f"{name}-{theme}.png").write_bytes(_drawn(visitor.page))
        reception.closes()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/desk")
