"""Plans to look at: two months of a harbour museum, and a year that is long.

Run as a module it writes the golden files anew: `python -m tests.fakes.plans`, from the project's folder.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.model import (
    Account,
    Gap,
    Limits,
    Media,
    Part,
    Plan,
    PlannedPost,
    Post,
    Rendition,
    ShownPart,
    Slot,
    Tone,
    Window,
    digest,
)
from bot.preview import ics, page, record, sheet, table
from bot.preview.view import View
from bot.zones import DAY, HOUR, instant_of, zone

GOLDEN = Path(__file__).parent.parent / "data" / "preview"
LISBON, YORK, TOKYO = "Europe/Lisbon", "America/New_York", "Asia/Tokyo"
ACCOUNTS = {
    "harbour-x": Account("harbour-x", "x", live=True, zone=YORK, limits=Limits(text=280)),
    "harbour-mastodon": Account(
        "harbour-mastodon", "mastodon", live=True, zone=LISBON, limits=Limits(text=500)
    ),
    "harbour-bluesky": Account("harbour-bluesky", "bluesky", zone=LISBON, limits=Limits(text=300)),
}
TITLES = {
    "lamp-first-lit": "First light of the harbour lamp",
    "ferry-lost": "Loss of the ferry Aurelia",
    "pier-opened": "Opening of the long pier",
    "keepers-day": "Lighthouse Keepers' Day",
}
X, ALL = ("harbour-x",), tuple(ACCOUNTS)
PAIR = ("harbour-x", "harbour-mastodon")
BELL = Media("corpus/bell/bell.png", "A bronze bell on a wooden stand, its rim worn bright.")
LAMP = Media(
    "corpus/lamp/lens.jpg", "Rings of glass around a small lamp; light falls on the keeper's sleeve."
)
CHART = Media("corpus/charts/1851.png", 'A chart in brown ink; its title reads "Soundings & shoals, 1851".')


def slot(
    schedule: str,
    wall: str,
    zone_name: str = LISBON,
    *,
    event: str | None = None,
    years: int | None = None,
    confirmed: bool = True,
) -> Slot:
    """A slot at a wall time such as `2027-01-05 09:00` of a zone."""
    shown = instant_of(datetime.fromisoformat(f"{wall}+00:00"))
    at = zone(zone_name).instant(shown)
    return Slot(at, schedule, shown, zone_name, event=event, years=years, confirmed=confirmed)


def planned(
    slot: Slot,
    text: str | tuple[str, ...],
    accounts: tuple[str, ...] = X,
    *,
    tone: Tone = Tone.NEUTRAL,
    why: str = "has waited longest of 12 that fit",
    state: str = "planned",
    lang: str = "en",
    media: tuple[Media, ...] = (),
) -> PlannedPost:
    """A planned post with a rendition for each account; a tuple of texts is a thread, its first part has the media."""
    first, *rest = (text,) if isinstance(text, str) else text
    parts = (Part(first, media), *(Part(each) for each in rest))
    post = Post(f"{slot.schedule}/{slot.key[:6]}", parts, tone=tone, lang=lang)
    return PlannedPost(slot, post, accounts, why, _shown(slot, post, accounts), state)


def _shown(slot: Slot, post: Post, accounts: tuple[str, ...]) -> tuple[Rendition, ...]:
    return tuple(
        Rendition(
            account=name,
            network=ACCOUNTS[name].network,
            key=digest(slot.key, name),
            parts=tuple(_part(part, ACCOUNTS[name]) for part in post.parts),
        )
        for name in accounts
    )


def _part(part: Part, account: Account) -> ShownPart:
    handle = {"x": "@harbourmuseum", "mastodon": "@harbour@example.social"}.get(
        account.network, "Harbour Museum"
    )
    text = part.text.replace("{@harbour}", handle)
    return ShownPart(text, len(text), account.limits.text, part.media)


POSTS = (
    planned(
        slot("evergreen", "2027-01-04 10:37"),
        "Low water shows the old mooring rings, each thick as a wrist. Count the seven along the east wall.",
    ),
    planned(
        slot("evergreen", "2027-01-05 16:02"),
        "A bell needs no batteries. This one was rung by hand in fog, once every ten seconds, all night.",
        PAIR,
        media=(BELL,),
    ),
    planned(
        slot("anniversaries", "2027-01-08 09:00", event="pier-opened", years=100),
        (
            "One hundred years ago today: the long pier opened, and half the town walked to its end. 🎉",
            "It was built on 212 piles of greenheart, a timber so dense that it sinks.\n\nOnly nine have been replaced.",
            "Come and walk it: the gate is open until dusk. https://harbour.example/pier",
        ),
        ALL,
        tone=Tone.CELEBRATION,
        why="the event's own post",
    ),
    planned(
        slot("evergreen", "2027-01-11 10:41"),
        "Three knots for small hands: the bowline, the clove hitch, and the one that always comes undone.",
    ),
    planned(
        slot("evergreen", "2027-01-12 15:49"),
        "干潮のとき、東の壁に古い係船環が七つ見えます。どれも手首ほどの太さです。",
        ("harbour-mastodon",),
        lang="ja",
    ),
    planned(
        slot("tide-notes", "2027-01-14 07:30", TOKYO),
        "Highest tide of the month at 07:52 here. Boots recommended. 👩‍🚀🇵🇹👍🏽❤️ 1️⃣",
        ("harbour-bluesky",),
    ),
    planned(
        slot("evergreen", "2027-01-15 10:22"),
        'The keeper\'s log for a quiet night: "Wind W, light. Lamp trimmed. Cat returned."',
        PAIR,
    ),
    planned(
        slot("evergreen", "2027-01-18 16:10"),
        "<script>alert('no')</script> is not a knot we teach, but \"angle brackets\" & ampersands are welcome.",
    ),
    planned(
        slot("anniversaries", "2027-01-20 12:15", YORK, event="ferry-lost", years=41),
        "Forty-one years ago today the ferry Aurelia was lost off the bar with all nineteen aboard.\n\n"
        "We read their names at noon.",
        ALL,
        tone=Tone.REMEMBRANCE,
        why="the event's own post; on this quiet day nothing else speaks",
    ),
    planned(
        slot("evergreen", "2027-01-22 10:34"),
        "Salt, wool, slate and oranges: what the quay smelled of, in the order the ships came in.",
    ),
    planned(
        slot("charts", "2027-01-25 11:00"),
        "This chart missed one rock. Sailors pencilled it in by hand, copy after copy, for thirty years.",
        PAIR,
        media=(CHART, BELL),
    ),
    planned(
        slot("evergreen", "2027-01-26 16:31"),
        "=SUM of a working day in 1902: eleven sailings, four tides watched, one pot of tar.",
    ),
    planned(
        slot("evergreen", "2027-01-29 10:29"),
        "@ the gate on Saturdays: free tours in the small boat shed, ten people at most.",
        state="needs approval",
    ),
    planned(
        slot("countdown", "2027-02-01 09:00", event="lamp-first-lit"),
        "Ten days until the harbour lamp is lit again, as it was the first time: by hand.",
        PAIR,
        tone=Tone.CELEBRATION,
        why="10 days before the event",
    ),
    planned(
        slot("evergreen", "2027-02-02 10:12"),
        "A ship in a bottle is built flat, slid in folded, and raised with one thread. "
        "Then comes the hard part: letting go of the thread. Visit the bench by the window to see all "
        "forty-three tools that our model maker uses for it, from dentist's mirrors to a bent knitting needle.",
    ),
    planned(
        slot("evergreen", "2027-02-03 16:20"),
        "Fog signals had accents: two short and one long meant this harbour and no other.",
    ),
    planned(
        slot("observances", "2027-02-05 09:00", event="keepers-day", confirmed=False),
        "To everyone who has kept a light: today is yours.",
        ALL,
        tone=Tone.CELEBRATION,
        why="the observance's own post; its day this year comes from the rule alone",
    ),
    planned(
        slot("evergreen", "2027-02-08 10:45"),
        "Barnacles settle head first and stay. Scrape a hull in March, and you meet them again in June.",
    ),
    planned(
        slot("anniversaries", "2027-02-11 18:05", event="lamp-first-lit", years=1),
        "One year ago today the restored lamp was lit. Thank you, {@harbour} volunteers. ✨",
        PAIR,
        tone=Tone.CELEBRATION,
        media=(LAMP,),
        why="the event's own post",
    ),
    planned(
        slot("tide-notes", "2027-02-12 08:10", TOKYO),
        "Spring tide today; the causeway closes for two hours around noon.",
        ("harbour-bluesky",),
    ),
    planned(
        slot("evergreen", "2027-02-15 10:50"),
        "Rope was sold by weight, so honest chandlers kept it dry.",
    ),
    planned(
        slot("evergreen", "2027-02-16 16:06"),
        (
            "How does a diving bell stay dry inside?",
            "The air has nowhere to go; the water can only squeeze it.",
        ),
        PAIR,
    ),
    planned(
        slot("evergreen", "2027-02-19 10:26"),
        "-12.5 m is the depth at the end of the pier at low water; the number is painted there upside down.",
    ),
    planned(
        slot("charts", "2027-02-22 11:00"),
        "North is up on most charts. On this one, up is home.",
        media=(CHART,),
    ),
    planned(
        slot("evergreen", "2027-02-26 10:18"),
        "The last lamp oil came ashore in barrels; the cooper's marks are still legible, if you bring a torch.",
    ),
)
GAPS = (
    Gap(
        slot("evergreen", "2027-01-08 10:38"),
        "too near: anniversaries at 09:00, and harbour-x leaves 90 minutes",
    ),
    Gap(
        slot("evergreen", "2027-01-19 16:13"),
        "nothing fits: 3 posts are tagged 'boats', all resting until March",
    ),
    Gap(slot("evergreen", "2027-01-20 10:33"), "quiet day: ferry-lost"),
    Gap(slot("evergreen", "2027-01-20 16:04"), "quiet day: ferry-lost"),
    Gap(slot("charts", "2027-02-01 11:00"), "harbour-x has its 4 posts for that day"),
    Gap(
        slot("evergreen", "2027-02-05 10:40"),
        "too near: observances at 09:00, and harbour-x leaves 90 minutes",
    ),
    Gap(
        slot("on-this-day", "2027-02-14 12:00", YORK),
        "nothing was first posted on 14 February of an earlier year",
    ),
    Gap(
        slot("observances", "2027-02-24 09:00", event="keepers-day", confirmed=False),
        "no post speaks of keepers-day; write one, or narrow the schedule's kinds",
    ),
)


def sample() -> View:
    """Two months of a harbour museum: 25 posts and 8 gaps, with everything that is hard to show."""
    window = Window(
        instant_of(datetime.fromisoformat("2027-01-01T00:00Z")),
        instant_of(datetime.fromisoformat("2027-03-01T00:00Z")),
    )
    by_time = sorted(POSTS, key=lambda each: each.slot.order())
    return View(
        window, Plan(tuple(by_time), tuple(sorted(GAPS, key=lambda gap: gap.slot.order()))), ACCOUNTS, TITLES
    )


def empty() -> View:
    """The same window, with nothing in it."""
    return View(sample().window, Plan())


def long() -> View:
    """A year of 1,500 posts for three accounts, and 300 gaps."""
    start = sample().window.start
    times = [start + n * 365 * DAY // 1_500 for n in range(1_500)]
    posts = tuple(_repeated(n, at) for n, at in enumerate(times))
    gaps = tuple(
        Gap(Slot(at + HOUR, "evergreen", at + HOUR, YORK), "quiet day: ferry-lost") for at in times[::5]
    )
    return View(Window(start, start + 365 * DAY), Plan(posts, gaps), ACCOUNTS, TITLES)


def _repeated(number: int, at: int) -> PlannedPost:
    model = POSTS[number % len(POSTS)]
    moved = Slot(at, model.slot.schedule, zone(YORK).wall(at), YORK)
    return PlannedPost(
        moved, model.post, model.accounts, model.why, _shown(moved, model.post, model.accounts)
    )


#: Each golden file, with what makes it.
FILES: Mapping[str, Callable[[View], str]] = {
    "sample-80.txt": lambda view: table.show(view, width=80, colour=False, why=False),
    "sample-80-colour.txt": lambda view: table.show(view, width=80, colour=True, why=False),
    "sample-120-why.txt": lambda view: table.show(view, width=120, colour=False, why=True),
    "sample.html": page.show,
    "sample.ics": ics.show,
    "sample.csv": sheet.show,
    "sample.json": record.show,
}

if __name__ == "__main__":
    for name, show in FILES.items():
        (GOLDEN / name).write_text(show(sample()), encoding="utf-8", newline="")
