"""Coverage on the HTML page: every day in words, tones by shape, and names that are only names."""

import re

import pytest
from msgspec.structs import replace

from bot.model import Tone
from bot.preview import page
from bot.preview.findings import Coverage, Turn, Wording
from tests.fakes.plans import sample
from tests.fakes.reader import Reader
from tests.fakes.years import lacking, year

HOSTILE = "</li></ul></details><script>alert(1)</script><b title='x\"y'>&amp;"


def shown(found: Coverage) -> str:
    return page.show(replace(sample(), coverage=found))


def test_without_coverage_the_page_has_no_word_of_it() -> None:
    plain = page.show(sample())

    assert "overage" not in plain.split("</style>")[1]
    assert 'class="heat"' not in plain


def test_every_element_is_closed_every_id_is_its_own_and_nothing_runs() -> None:
    reader = Reader(shown(lacking(number=3)))

    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"coverage", "tones"} <= set(ids)
    assert {tag for tag, _ in reader.elements}.isdisjoint({"script", "img", "link", "iframe"})


def test_the_section_stands_at_the_end() -> None:
    assert shown(year()).index('id="coverage"') > shown(year()).rindex("<article")


def test_each_day_of_the_year_is_told_in_words() -> None:
    reader = Reader(shown(year()))

    days = [str(a["title"]) for a in reader.all("li") if "square" in str(a.get("class"))]
    assert len(days) == 365
    assert days[0] == "Fri 1 Jan: nothing"
    assert "Tue 5 Jan: 2 posts, neutral" in days
    assert "Wed 20 Jan: 1 post, remembrance, quiet day: ferry-lost" in days
    assert "Wed 3 Feb: nothing, quiet day: storm-of-1911" in days
    assert "20 January: 1 post, remembrance, quiet day: ferry-lost" in reader.words["span"]


def test_tones_are_told_by_shape_and_how_much_by_darkness() -> None:
    text = shown(year())

    squares = re.findall(
        r'<li class="square ([^"]+?)(?: begins-\d)?"[^>]*><span aria-hidden="true">(.?)</span>', text
    )
    assert len(squares) == 365
    assert {mark for names, mark in squares if "celebration" in names} == {"✦"}
    assert {mark for names, mark in squares if "remembrance" in names} == {"▪"}
    assert {mark for names, mark in squares if "neutral" in names} == {""}
    assert ("remembrance of-1 quiet", "▪") in squares
    assert ("neutral of-4", "") in squares
    assert ("none of-0", "") in squares


def test_each_month_begins_on_its_weekday() -> None:
    """2027 begins on a Friday, February and March on a Monday."""
    rows = re.findall(r'<ol class="heat">\n<li class="[^"]* begins-(\d)"', shown(year()))

    assert rows == ["5", "1", "1", "4", "6", "2", "4", "7", "3", "5", "1", "3"]


def test_tones_by_month_are_a_table_with_numbers_beside_the_bars() -> None:
    text = shown(year())

    january = re.search(r'<th scope="row">Jan 2027</th>.*', text)
    assert january
    assert re.findall(r"<td>(\d+)</td>", january[0]) == ["3", "1", "23", "1"]
    assert '<rect class="celebration" x="0.0" width="10.71" height="7"/>' in january[0]
    assert '<rect class="remembrance" x="10.71" width="3.57" height="7"/>' in january[0]
    assert text.count('<rect class="remembrance"') == 1


@pytest.mark.parametrize(("number", "is_open"), [(12, True), (13, False)])
def test_long_lists_are_folded_and_whole(number: int, *, is_open: bool) -> None:
    text = shown(lacking(number=number))

    assert ('<details class="finding" open>' in text) is is_open
    assert text.count("(unconfirmed), for anniversaries</li>") == number
    assert f'<summary>No words for these days <span class="small">({number})</span></summary>' in text


def test_every_event_is_listed_with_its_wordings_and_shared_posts_with_who_shares_them() -> None:
    wordings = (Wording("pier", "", 0), Wording("ferry", "", 1), Wording("mill", "", 3))
    turns = (Turn("dusk", 10, 3, 0, 1217, 180, ("dawn",)),)

    text = shown(year(wordings=wordings, turns=turns))

    for line in (
        "pier: no wording",
        "ferry: 1 wording",
        "mill: 3 wordings",
        "dusk and 1 other: 10 posts for 3 slots a year: each rests 3 years; shared with dawn",
    ):
        assert text.count(f"<li>{line}</li>") == 1


def test_a_calm_year_says_so() -> None:
    assert "Nothing waits for a person." in shown(year())
    assert "Nothing waits for a person." not in shown(lacking())


def test_hostile_names_are_shown_as_words() -> None:
    found = lacking(name=HOSTILE)
    quiet = tuple(replace(day, quiet=HOSTILE) for day in found.heat[:1])

    reader = Reader(shown(replace(found, heat=(*quiet, *found.heat[1:]))))

    assert reader.all("script") == []
    assert reader.all("b") == []
    assert reader.words["li"].count(HOSTILE) == 7
    assert any(HOSTILE in str(a.get("title")) for a in reader.all("li"))


def test_an_empty_year_is_a_page_too() -> None:
    bare = replace(year(), months=(), heat=())

    assert Reader(shown(bare)).all("details") == []
    assert all(month.of(tone) == 0 for month in bare.months for tone in Tone)
