"""People who decide at the desk, with browsers that run no script: they see pages, fill forms, and are led on."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape

from msgspec import Struct
from starlette.routing import Route

from bot.delivery.people import Role
from bot.delivery.tick import Shift, plan_ahead
from bot.publishing import publisher
from bot.web.app import ROOMS
from bot.web.pages import calendar, decide, decisions, holds, slot
from tests.fakes.desks import Browser, Reply, Served, served
from tests.fakes.projects import Folder

#: Rooms of pages that the app is given, where it does not have them itself.
_OURS = (calendar.ROUTES, slot.ROUTES, decide.ROUTES, decisions.ROUTES, holds.ROUTES)


class Page(Struct, frozen=True):
    """What a browser shows once it was led on."""

    person: "Person"
    path: str
    reply: Reply

    @property
    def status(self) -> int:
        """Its number."""
        return self.reply.status

    @property
    def text(self) -> str:
        """Its main part, as it is read."""
        main = self.reply.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())

    @property
    def objection(self) -> str:
        """Why something was refused; empty where nothing was."""
        found = re.search(r'id="refused"[^>]*>(.*?)</p>', self.reply.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    def has(self, action: str) -> bool:
        """Tell whether there is a form whose action ends so."""
        return self._form(action) is not None

    def fields(self, action: str) -> dict[str, str]:
        """What the fields of that form say before anything is typed."""
        form = self._form(action)
        assert form, f"there is no form for {action}"
        found = dict(filter(None, map(_field, re.findall(r"<input[^>]*>", form[0]))))
        areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL)
        return found | {name: unescape(text) for name, text in areas}

    def fill(self, action: str, **fields: str) -> "Page":
        """Send the form whose action ends so, with some of its fields changed."""
        form = self._form(action)
        assert form, f"there is no form for {action}"
        return self.person.send(form[1], {**self.fields(action), **fields})

    def _form(self, action: str) -> re.Match[str] | None:
        pattern = rf'<form[^>]*action="([^"]*{re.escape(action)})"(?:(?!</form>).)*</form>'
        return re.search(pattern, self.reply.text, re.DOTALL)


class Person:
    """Somebody at the desk."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def see(self, path: str) -> Page:
        """Load a page, and follow where it leads."""
        return self._led(path, self.browser.get(path))

    def send(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form, and follow where it leads."""
        return self._led(path, self.browser.post(path, fields))

    def _led(self, path: str, reply: Reply) -> Page:
        if reply.status in {303, 307}:
            return self.see(reply.headers["location"])
        return Page(self, path, reply)


class Room(Struct, frozen=True):
    """The desk, and who comes to it."""

    desk: Served

    def person(self, who: str = "ada", role: str = "approve") -> Person:
        """Somebody who is signed in."""
        return Person(self.desk.browser(Role(role), who))

    def slot(self, post: str) -> str:
        """The key of the slot in which a post waits or was."""
        rows = self.desk.queue.rows(self.desk.now)
        return next(row.slot.key for row in rows if row.post == post)

    def states(self, key: str) -> list[str]:
        """How the deliveries of a slot stand."""
        return [shown.row.state.value for shown in self.desk.queue.show(key, self.desk.now)]

    def tick(self) -> None:
        """Let what is due go out, as the daemon does."""
        office = self.desk.office
        shift = Shift(self.desk.queue, lambda account: publisher(account, office.settings))
        for _ in range(8):
            shift.tick(office.project, lambda: self.desk.now)

    def said(self, key: str) -> list[str]:
        """The texts that a slot shows."""
        shown = self.desk.queue.show(key, self.desk.now)
        return [part.text for each in shown for part in each.row.rendition.parts]


@contextmanager
def deciding(folder: Folder, now: int) -> Iterator[Room]:
    """A desk of a project, planned ahead, that people come to."""
    known = {route.path for room in ROOMS for route in room}
    more: list[Route] = [route for room in _OURS for route in room if route.path not in known]
    with served(folder, more=more) as desk:
        desk.now = now
        plan_ahead(desk.office.project, desk.queue, now)
        yield Room(desk)


def _field(tag: str) -> tuple[str, str] | None:
    """The name and the value of a field; None where it is not sent."""
    is_choice = 'type="radio"' in tag or 'type="checkbox"' in tag
    name = re.search(r' name="([^"]*)"', tag)
    value = re.search(r' value="([^"]*)"', tag)
    if name is None or (is_choice and not tag.rstrip(">").endswith(" checked")):
        return None
    return name[1], unescape(value[1]) if value else ""
