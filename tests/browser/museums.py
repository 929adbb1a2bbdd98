"""Museums made up for the desk to show: what they say, when, and in words that a careless page would obey."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from bot.zones import DAY, local_text, moment
from tests.fakes.pictures import encoded, flag
from tests.fakes.projects import Folder

ACCOUNTS = """\
[account.gallery-x]
network = "x"
zone = "UTC"
late_gap = "0s"

[account.gallery-mastodon]
network = "mastodon"
zone = "UTC"
late_gap = "0s"

[account.gallery-bluesky]
network = "bluesky"
zone = "UTC"
late_gap = "0s"

[mention.friends]
name = "our friends"
x = "@friends"
"""
ALL = ("gallery-x", "gallery-mastodon", "gallery-bluesky")

#: What would run, reach out, break out of an attribute or be worked out, were it ever more than text.
SCRIPT = '<script>alert("text")</script>'
PICTURE = '<img src="https://elsewhere.example/x.png" onerror="alert(1)">'
TEMPLATE = "{{ 7*7 }} {% if x %} ${7*7}"
QUOTES = "\"' onmouseover=alert(2) x='\" <b>bold</b> &lt;i&gt; </textarea></title></script>"
RIGHT_TO_LEFT = "שלום مرحبا \u200f!"
FACES = "👩🏽‍🚀🏳️‍🌈é"
#: An override of direction: networks refuse it in a text, and a title may still hold one.
OVERRIDE = "\u202egnp.exe"

HOSTILE = f"{SCRIPT}\n{PICTURE}\n{TEMPLATE}\n{QUOTES}\n{RIGHT_TO_LEFT}\n{FACES}"
HOSTILE_TITLE = f'The "old" <b>wing</b> opens {SCRIPT} {TEMPLATE} {OVERRIDE}'


class Say(Struct, frozen=True):
    """A post with a schedule of its own, which brings it to one instant."""

    name: str  #: of the schedule; the post is `said/NAME`
    at: int
    text: str
    approvals: int = 0
    accounts: Sequence[str] = ("gallery-x",)
    grace: str = "12h"
    fields: str = ""  #: more front matter
    pick: str = ""  #: what is picked, where it is not that post alone


def museum(root: Path, now: int, said: Sequence[Say] = ()) -> Folder:
    """A museum of three accounts in dry run, with a quiet day five days from now, and these posts."""
    folder = Folder(root)
    folder.write("schedules/accounts.toml", ACCOUNTS)
    folder.write("schedules/events.toml", _events(now))
    folder.write("schedules/calendar.toml", _CALENDAR)
    for name, text in _EVERGREENS.items():
        folder.post(name, text)
    folder.post("days/wing", "We opened the new wing.", 'event = "wing"\ntone = "celebration"\nuse = "dated"')
    folder.post("days/founder", "We remember our founder.", 'event = "founder"\ntone = "remembrance"')
    folder.post(
        "days/pictured", "Two flags, side by side. #flags https://example.org/flags",
        'media = [{ file = "flag.png", alt = "A flag of four fields.", credit = "The museum" }]',
    )  # fmt: skip
    (root / "corpus/days/flag.png").write_bytes(encoded(flag(), "PNG"))
    for each in said:
        say(folder, each)
    return folder


def say(folder: Folder, said: Say) -> None:
    """Let a museum say something at an instant."""
    if said.text:
        folder.post(f"said/{said.name}", said.text, said.fields)
    at = local_text(said.at, "UTC").replace("+00:00", "Z")
    pick = said.pick or f'{{ posts = ["said/{said.name}"], cool_down = "0s" }}'
    folder.write(
        f"schedules/{said.name}.toml",
        f'[[schedule]]\nname = "{said.name}"\ntrigger.dates = {{ at = [{at}] }}\npick = {pick}\n'
        f'accounts = {json.dumps(said.accounts)}\napproval = {said.approvals}\ngrace = "{said.grace}"\n',
    )


def hostile(root: Path, now: int) -> Folder:
    """A museum whose every word tries to be more than text: posts, names, alt texts, titles, reasons."""
    folder = museum(root, now)
    events = _events(now).replace('title = "The new wing opens"', f"title = {json.dumps(HOSTILE_TITLE)}")
    folder.write("schedules/events.toml", events)
    say(folder, Say("hostile-due", now + 4, HOSTILE, accounts=("gallery-mastodon",), fields=_fields()))
    say(folder, Say("hostile-later", now + DAY, HOSTILE, 1, accounts=("gallery-mastodon",), fields=_fields()))
    held = f'use = "hold"\nreasons = [{json.dumps(QUOTES)}, "a name is lost"]\n{_fields()}'
    folder.post("imported/one", f"Thank you to ,  and friends! {HOSTILE}", held)
    folder.post(
        "imported/two",
        "We met  at the gate: https://example.org/cut…",
        'use = "hold"\nreasons = ["a link is cut"]',
    )
    folder.post("imported/three", "Open tonight until nine.", 'use = "hold"\nreasons = ["tonight"]')
    say(
        folder,
        Say("hostile-skipped", now + 2 * DAY, HOSTILE, accounts=("gallery-mastodon",), fields=_fields()),
    )
    (folder.root / "corpus/imported/flag.png").write_bytes(encoded(flag(), "PNG"))
    (folder.root / "corpus/said/flag.png").write_bytes(encoded(flag(), "PNG"))
    return folder


def _fields() -> str:
    media = f'{{ file = "flag.png", alt = {json.dumps(QUOTES + SCRIPT)}, credit = {json.dumps(SCRIPT)} }}'
    return f"tags = [{json.dumps(SCRIPT)}]\ncredit = {json.dumps(PICTURE)}\nmedia = [{media}]"


def _events(now: int) -> str:
    today = moment(now).date()
    opened, lost = (today + timedelta(days=days) for days in (3, 5))
    # Whatever today is, the years counted from are such that have a 29 February.
    return _EVENTS.format(opened=opened.replace(year=2008), lost=lost.replace(year=2000))


_EVENTS = """\
[[event]]
id = "wing"
title = "The new wing opens"
kind = "milestone"
tone = "celebration"
date = {opened}

[[event]]
id = "founder"
title = "We lost our founder"
kind = "death"
tone = "remembrance"
date = {lost}
quiet = true
"""

_CALENDAR = """\
[[schedule]]
name = "anniversaries"
trigger.anniversary = { kinds = ["milestone"], at = "09:00" }
pick = { event = true }
frame = "{{ years_in_words | capitalize }} ago today: {{ text }}"
grace = "same-day"

[[schedule]]
name = "remembrance"
trigger.anniversary = { kinds = ["death"], at = "09:00" }
pick = { event = true }
grace = "same-day"
approval = true

[[schedule]]
name = "mornings"
trigger.slots = { days = "mon-sun", at = ["10:30"], zone = "UTC" }
pick = { tags = ["facts", "days"], cool_down = "1d" }
accounts = ["gallery-x", "gallery-mastodon"]
"""

_EVERGREENS = {
    "facts/lens": "A lens bends blue light more than red.",
    "facts/mirror": "A mirror sends all colors the same way. #optics",
    "facts/leap": "A leap day every fourth year makes up for six hours a year.",
    "facts/ink": "Iron gall ink is pale when it is fresh, and black when it has dried.",
    "facts/eyes": "Three things about eyes.\n\n---\n\nThey need half an hour in the dark.\n\n---\n\nTheir edge sees more.",
}
