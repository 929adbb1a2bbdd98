"""What a plan would cost."""

from decimal import Decimal

import pytest

from bot.model import Media, Plan, Window
from bot.planning.cost import has_link
from bot.preview import cost
from bot.preview.cost import bills
from bot.preview.view import View
from tests.fakes.plans import ALL, empty, planned, sample, slot

AT = slot("any", "2027-01-20 09:00")
DESCRIBED, BARE = Media("a.png", "A bell."), Media("b.png", "")


@pytest.mark.parametrize(
    ("texts", "media", "usd"),
    [
        (("Words alone.",), (), "0.015"),
        (("Read on: https://harbour.example/a",), (), "0.200"),
        (("Read on at harbour.museum.",), (), "0.200"),
        (("One.", "Two.", "Three: https://harbour.example"), (), "0.230"),
        (("A picture.",), (DESCRIBED,), "0.020"),
        (("Two pictures, one not described.",), (DESCRIBED, BARE), "0.020"),
        (("Two pictures and https://harbour.example",), (DESCRIBED, DESCRIBED), "0.210"),
    ],
)
def test_each_part_each_link_and_each_alt_text_has_its_price(
    texts: tuple[str, ...], media: tuple[Media, ...], usd: str
) -> None:
    view = View(Window(0, 1), Plan((planned(AT, texts, media=media),)))

    bill = bills(view)["harbour-x"]

    assert (bill.posts, bill.usd) == (len(texts), Decimal(usd))


def test_a_network_that_charges_nothing_sends_no_bill() -> None:
    view = View(Window(0, 1), Plan((planned(AT, "Words.", ALL),)))

    assert list(bills(view)) == ["harbour-x"]


@pytest.mark.parametrize(
    "text",
    [
        "http://a.example",
        "HTTPS://A.EXAMPLE",
        "see harbour.org",
        "see www.harbour.co.uk/tides now",
        "(harbour.com)",
        "潮は harbour.net で",
        "ends in harbour.info.",
    ],
)
def test_addresses_and_bare_domains_are_links(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "1.5 m at 09.30",
        "e.g. rope, i.e. line",
        "at 5 p.m. in the U.S. today",
        "One sentence.Another without a space",
        "mail keeper@harbour.org",
        "harbour.organ",
        "A pause... then more",
        "",
    ],
)
def test_other_dots_are_not_links(text: str) -> None:
    assert not has_link(text)


def test_the_bill_is_shown_with_its_sum() -> None:
    two = Plan((planned(AT, "Words."), planned(AT, ("More.", "See harbour.org."))))

    shown = cost.show(View(Window(0, 1), two))

    assert shown == (
        "harbour-x      3 posts  $     0.230\n"
        "together       3 posts  $     0.230\n"
    )  # fmt: skip


def test_a_free_plan_says_so() -> None:
    assert cost.show(empty()) == "No network charges for these posts.\n"


def test_the_sample_is_added_up_exactly() -> None:
    parts = [part for p in sample().plan.posts for r in p.renditions if r.network == "x" for part in r.parts]
    alts = sum(len(part.media) for part in parts)

    bill = bills(sample())["harbour-x"]

    assert bill.posts == len(parts)
    assert bill.usd == Decimal("0.015") * (len(parts) - 1) + Decimal("0.200") + Decimal("0.005") * alts
