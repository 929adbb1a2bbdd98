"""Somebody who decides at the desk, by the forms that stand there."""

from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from tests.browser.visitors import Visitor


class Decider:
    """A visitor who looks at what a schedule says, and fills forms in."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    @property
    def page(self) -> Page:
        """What is shown."""
        return self.visitor.page

    @property
    def words(self) -> str:
        """What the page says."""
        return self.visitor.words

    def goes(self, path: str) -> None:
        """Open a page."""
        self.visitor.goes(path)

    def looks_at(self, schedule: str) -> None:
        """Open the page of what a schedule says."""
        self.goes(self.visitor.place.slot(schedule))

    def decides(self, form: str, values: Mapping[str, str] | None = None) -> str:
        """Fill a form in and send it; what is told of it."""
        return self.submits(self._filled(form, values))

    def is_refused(self, form: str, values: Mapping[str, str] | None = None) -> str:
        """Fill a form in and send it; why it is not followed."""
        self._filled(form, values).click()
        said = self.page.locator("#refused")
        said.wait_for()
        return said.inner_text()

    def undoes(self) -> str:
        """Take back what was decided just now; what is told of it."""
        return self.submits(self.page.locator("#notice").get_by_role("button", name="Undo"))

    def submits(self, button: Locator) -> str:
        """Press a button; what is told of it once it is done."""
        before = self.page.locator("#notice").inner_text() if self.page.locator("#notice").count() else ""
        button.click()
        # The same may be told twice: what is new is that the old words are gone, or that there are any.
        fresh = (
            self.page.locator("#notice").filter(has_not_text=before)
            if before
            else self.page.locator("#notice")
        )
        fresh.wait_for()
        return fresh.inner_text()

    def _filled(self, form: str, values: Mapping[str, str] | None) -> Locator:
        found = self.page.locator(f"form#{form}")
        for field, value in (values or {}).items():
            found.locator(field).first.fill(value)
        return found.get_by_role("button")
