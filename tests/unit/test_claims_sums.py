"""Years, ages, anniversaries and stretches of days that a text tells beside the dates that they lie between."""

import pytest

from bot.claims import contradictions


@pytest.mark.parametrize(
    ("text", "but"),
    [
        ("It worked from 4 January 2004 to 22 March 2010, eight years.", "2004 and 2010 are 6 years apart"),
        ("It worked from November 2018 to December 2022: six years in all.", "2018 and 2022 are 4 years apart"),
        ("It worked from July 1976 to November 1982: more than eight years.", "1976 and 1982 are 6 years apart"),
        ("For eight years, from January 2004 to March 2010, it drove.", "2004 and 2010 are 6 years apart"),
        ("Between the flight of 1903 and Ingenuity's in 2021 lie 128 years.", "1903 and 2021 are 118 years apart"),
        ("From the one in 1903 to the other in 2021 it took 128 years.", "1903 and 2021 are 118 years apart"),
        ("It landed in 2004, and twenty years later, in 2018, fell silent.", "2004 and 2018 are 14 years apart"),
        ("It landed in 2004. Twenty years later, in 2018, it fell silent.", "2004 and 2018 are 14 years apart"),
        ("It landed in 2004. Twenty years later it fell silent in June 2018.", "2004 and 2018 are 14 years apart"),
        ("It landed in 2004; in 2018, twenty years later, it fell silent.", "2004 and 2018 are 14 years apart"),
        ("It landed in 2004, and by 2018, after twenty years, it was silent.", "2004 and 2018 are 14 years apart"),
        ("In 2018, twenty years after it landed in 2004, it fell silent.", "2004 and 2018 are 14 years apart"),
        ("In 1976, 11 years before Pathfinder landed in 1997, Viking came.", "1976 and 1997 are 21 years apart"),
        ("Born in 1934, died in 1996 at 70.", "1934 and 1996 are 62 years apart"),
        ("He was born in Brooklyn in 1934. He died in December 1996, aged 63.", "1934 and 1996 are 62 years apart"),
        ("Born in 1934, he died at the age of sixty, in 1996.", "1934 and 1996 are 62 years apart"),
        ("Carl Sagan (1934-1996) died at 65.", "1934 and 1996 are 62 years apart"),
        ("Born in 1934, he was fifty when Viking landed in 1976.", "1934 and 1976 are 42 years apart"),
        ("Born in 1934, in 1976 he was fifty years old.", "1934 and 1976 are 42 years apart"),
        ("The 25th anniversary in 2020 of a 1996 launch.", "1996 and 2020 are 24 years apart"),
        ("In 2020 we kept the twenty-fifth anniversary of the launch of 1996.", "1996 and 2020 are 24 years apart"),
        ("It was launched in 1996 and had its 25th anniversary in 2020.", "1996 and 2020 are 24 years apart"),
        ("From 4 January 2004 to January 24, 2004: 30 days.", "20 days lie between"),
        ("Nine weeks, from 4 January 2004 to 24 January 2004.", "20 days lie between"),
        ("From 4 January 2004 to 4 April 2004, six months.", "91 days lie between"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_contradicted(text: str, but: str) -> None:
    assert [found.but for found in contradictions(text)] == [but]


@pytest.mark.parametrize(
    "text",
    [
        "It worked from 4 January 2004 to 22 March 2010, six years.",
        "It worked from 4 January 2004 to 22 March 2010, more than six years.",
        "From the first in December 1903 to the next in April 2021 it took a little more than 117 years.",
        "A hundred and seventeen years from 1903 to 2020.",
        "It landed in 2004. Fourteen years later, in 2018, it fell silent.",
        "It landed in 2004. Ten years later, and it was 2014, it drove on.",
        "It landed in 2004. Three years later it met a storm, and in 2018 another.",
        "In 2013, nine years after it landed, it passed the record of 1973.",
        "Born in 1934, he died in 1996 at 62.",
        "Born on 9 November 1934, he died on 20 December 1996, aged 62.",
        "Born in December 1934, he died in May 1996 at 61.",
        "Born in 1934, died in 1996 at Seattle, at 7 a.m.",
        "Born in 1934, he was forty-two when Viking landed in 1976.",
        "The 25th anniversary in 2021 of a 1996 launch.",
        "In 2020, fourteen years after her death, a novel of 1993 sold well.",
        "From 4 January 2004 to 25 January 2004: three weeks.",
        "From 4 January 2004 to 24 January 2004: 20 days.",
        "From 4 January 2004 to 24 January 2004: some days.",
    ],
)
def test_what_does_is_not(text: str) -> None:
    assert list(contradictions(text)) == []


def test_a_span_from_a_day_that_never_was_is_told_of_the_day_alone() -> None:
    found = [each.but for each in contradictions("From 31 February 2004 to 24 March 2004: 12 days.")]

    assert found == ["there is no such day"]
