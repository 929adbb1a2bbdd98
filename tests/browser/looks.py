"""What a machine can see of a page: whether everybody can use it, where the focus is, and what does not fit."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

THEMES = ("light", "dark")
NARROW, WIDE = 360, 1280
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = (outlined && box.width > 1 && box.height > 1) || at.dataset.reached === "seen";
  at.dataset.reached = seen ? "seen" : "unseen";  // a date is one field, and several halts of which each shows itself
  return {
    what: at.outerHTML.slice(0, 160), seen,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
_MISSED = """() => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
)].filter(each => each.checkVisibility() && !each.disabled && !each.dataset.reached
  && !(each.type === "radio" && document.querySelector(`input[type=radio][name="${each.name}"][data-reached]`)))
 .map(each => each.outerHTML.slice(0, 160))"""
_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".unseen"))
  .slice(0, 5).map(each => each.outerHTML.slice(0, 140))"""


def wrongs(page: Page) -> list[str]:
    """What axe finds wrong in a page as it stands, best practice included: the rule, and the first places."""
    page.evaluate(f"window.axe || (() => {{ {_AXE} }})()")
    found: dict[str, Any] = page.evaluate(
        f"axe.run({json.dumps({'resultTypes': ['violations'], 'preload': False})})"
    )
    return [
        f"{each['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def wrongs_in_every_light(page: Page) -> Iterator[str]:
    """What axe finds wrong, light and dark, on a phone and on a desk."""
    for theme in THEMES:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            yield from (f"{theme}, {width}: {each}" for each in wrongs(page))


def too_wide(page: Page, width: int) -> list[str]:
    """What makes a page wider than the screen; empty where nothing has to be scrolled sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    if page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
        return []
    found: list[str] = page.evaluate(_TOO_WIDE)
    return [f"at {width}: {each}" for each in found] or [f"at {width}: something"]


def tabbed(page: Page, most: int = 500) -> list[dict[str, Any]]:
    """What Tab reaches, one after the other, until it leaves the page."""
    reached: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUS)
        if found is None:
            return reached
        reached.append(found)
    raise AssertionError(f"after {most} times Tab the page is still not left: {reached[-1]['what']}")


def missed(page: Page) -> list[str]:
    """What can be used, and Tab did not reach."""
    found: list[str] = page.evaluate(_MISSED)
    return found
