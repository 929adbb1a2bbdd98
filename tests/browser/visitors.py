"""People before the desk: each a browser of their own, which notes whatever should not happen there."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

from tests.browser.desks import Place

#: What Playwright knows of a browser.
How = Mapping[str, Any]
#: Milliseconds that a page is waited for: two cores are shared by many.
PATIENCE = 15_000
#: What a browser writes down of every answer that is a refusal; that it is shown to people is what tests look at.
_REFUSALS = tuple(
    f"Failed to load resource: the server responded with a status of {n}" for n in (401, 403, 404, 409, 422)
)


class Visitor:
    """Somebody at the desk."""

    def __init__(self, context: BrowserContext, place: Place, who: str) -> None:
        context.set_default_timeout(PATIENCE)
        self.context = context
        self.place = place
        self.who = who
        self.trouble: list[str] = []  #: whatever no page of ours should do
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"a script broke: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)

    def goes(self, path: str, *, status: int = 200) -> Response:
        """Open a page of the desk by its path."""
        answer = self.page.goto(self.place.base + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def enters(self) -> None:
        """Follow the link that the desk printed, and be led on from there."""
        self.goes(self.place.link)
        self.page.wait_for_url(lambda url: "/enter" not in url)

    @property
    def at(self) -> str:
        """The path that the browser shows."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.inner_text("body").split())

    def _console(self, message: ConsoleMessage) -> None:
        is_refusal = message.text.startswith(_REFUSALS)
        if message.type == "error" and not is_refusal:
            self.trouble.append(f"in the console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.trouble.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and f"{url.scheme}://{url.netloc}" != self.place.base:
            self.trouble.append(f"a request that leaves the desk: {request.url}")


class Reception:
    """Lets people in, and sees at the end that nothing went wrong before their eyes."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._visitors: list[Visitor] = []
        self._cookies: dict[tuple[str, str, str], Sequence[Any]] = {}

    def stranger(self, place: Place, **how: Any) -> Visitor:
        """Somebody who is not signed in."""
        made = Visitor(self._browser.new_context(**how), place, "")
        self._visitors.append(made)
        return made

    def lets_in(self, place: Place, role: str = "approve", who: str = "Ada", **how: Any) -> Visitor:
        """Somebody who is signed in to a role; `how` is what Playwright knows of a browser."""
        made = self.stranger(place, **how)
        made.who = who
        known = (place.base, role, who)
        if known not in self._cookies:
            made.context.request.post(
                f"{place.base}/sign-in", form={"token": place.token(role, who)}, max_redirects=0
            )
            self._cookies[known] = made.context.cookies()
        made.context.add_cookies(self._cookies[known])
        return made

    def closes(self) -> None:
        """Send everybody home; what went wrong before somebody's eyes is a failure."""
        trouble = [each for visitor in self._visitors for each in visitor.trouble]
        for visitor in self._visitors:
            visitor.context.close()
        self._visitors.clear()
        assert not trouble, "\n".join(trouble)
