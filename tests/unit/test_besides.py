"""What is shown besides texts and pictures: a content warning, and what is quoted."""

import json
from pathlib import Path

from msgspec.structs import replace

from bot.contracts import Quote
from bot.model import Plan, PlannedPost, Quoted, Window
from bot.preview import ics, page, record
from bot.preview.view import View
from bot.publishers.dry_run import DryRun
from tests.fakes.asks import ask
from tests.fakes.plans import ACCOUNTS, YORK, planned, slot

LOSS = slot("anniversaries", "2027-01-20 12:15", YORK, event="ferry-lost", years=41)
PLAIN = planned(LOSS, "We read their names at noon.")


def shown(warning: str = "", quote: Quoted | None = None) -> PlannedPost:
    renditions = tuple(replace(each, warning=warning, quote=quote) for each in PLAIN.renditions)
    return replace(PLAIN, renditions=renditions)


def view(post: PlannedPost) -> View:
    return View(Window(LOSS.at, LOSS.at + 1), Plan((post,)), ACCOUNTS)


BOTH = shown("loss at sea", Quoted(post="ferry/first-crossing"))


def test_the_calendar_file_and_the_page_tell_both() -> None:
    assert "[warning: loss at sea]" in ics.show(view(BOTH)).replace("\r\n ", "")
    assert "quotes ferry/first-crossing" in ics.show(view(BOTH)).replace("\r\n ", "")
    assert "warning: loss at sea" in page.show(view(BOTH))
    assert "quotes ferry/first-crossing" in page.show(view(BOTH))
    assert "warning:" not in page.show(view(PLAIN))


def test_programs_are_told_where_there_is_something_to_tell() -> None:
    [rendition] = json.loads(record.show(view(BOTH)))["posts"][0]["renditions"]
    [plain] = json.loads(record.show(view(PLAIN)))["posts"][0]["renditions"]

    assert (rendition["warning"], rendition["quote"]) == ("loss at sea", "ferry/first-crossing")
    assert {"warning", "quote"}.isdisjoint(plain)


def test_a_quoted_address_stands_for_itself() -> None:
    assert shown(quote=Quoted(url="https://example.org/1")).renditions[0].besides == (
        "quotes https://example.org/1",
    )


def test_what_an_approval_is_bound_to_has_them_in_it() -> None:
    digests = {
        post.renditions[0].digest
        for post in (PLAIN, BOTH, shown("loss at sea"), shown(quote=Quoted(url="https://example.org/1")))
    }

    assert len(digests) == 4


def test_the_dry_run_writes_them_down(tmp_path: Path) -> None:
    outbox = tmp_path / "state" / "outbox.jsonl"
    part = ask(warning="loss at sea", quote=Quote("7", "https://example.org/7"))

    DryRun(ACCOUNTS["harbour-x"], {}, outbox).publish(part)

    line = json.loads(outbox.read_text("utf-8"))
    assert (line["warning"], line["quote"]) == ("loss at sea", "https://example.org/7")
