"""A status as Mastodon shows it can be told to be the text that was sent, and no other."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.publishers.mastodon.words import words_of_html, words_of_text
from tests.fakes.mastodon_html import rendered

PEOPLE = {
    "curator@museum.example": "https://museum.example/@curator",
    "Zoë@müller.example": "https://müller.example/@zoe",
    "keeper@harbour.example": "https://harbour.example/@keeper",
    "local": "https://here.example/@local",
}
PIECES = st.sampled_from(
    [
        "https://www.example.org/a/very/long/path/that/is/cut/off?with=more&more=with",
        "http://example.org/short",
        "https://example.org/exactly-as-long-as-one-more",
        "https://xn--mller-kva.example/ü",
        "@curator@museum.example",
        "@Curator@Museum.Example",
        "@nobody@elsewhere.example",
        "@local",
        "@LOCAL",
        "@here.and-there@x.example",
        "#harbour",
        "#Hafen_100",
        "\N{FULLWIDTH NUMBER SIGN}harbour",
        "#1",
        ":ferry:",
        "&amp;",
        "&",
        "<b>",
        "a < b > c",
        "\"quoted\" and 'so'",
        "\n",
        "\n\n",
        "\r\n",
        "\n \n",
        "   ",
        ".",
        ",",
        "(",
        ")",
        "/",
        "🚢⛴️",
        "日本",
        "…",
        "RE: ",
    ]
)
TEXTS = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=12).map(
    "".join
)
PLAIN = st.text(st.sampled_from("ab AB.#:&<>\"'/\n1é"), max_size=40)


@given(TEXTS)
def test_what_is_shown_of_a_text_has_the_words_of_that_text(text: str) -> None:
    assert words_of_html(rendered(text, PEOPLE)) == words_of_text(text)


@given(PLAIN, PLAIN)
def test_two_texts_of_different_words_are_never_taken_for_each_other(one: str, other: str) -> None:
    assume(one.split() != other.split())

    assert words_of_html(rendered(one)) != words_of_text(other)


@given(TEXTS.filter(lambda text: "@" not in text), st.data())
def test_one_other_letter_is_another_text(text: str, data: st.DataObject) -> None:
    text += "a"
    place = data.draw(st.sampled_from([at for at, letter in enumerate(text) if letter.isalnum()]))
    other = text[:place] + ("b" if text[place] != "b" else "c") + text[place + 1 :]

    assert words_of_html(rendered(other, PEOPLE)) != words_of_text(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>One<br />two</p><p>three</p>", "One\ntwo\n\nthree", id="lines and paragraphs"),
        pytest.param("<p>One<br>two</p>", "One\r\ntwo", id="other ends of line"),
        pytest.param(
            "<p>a &amp; b &lt; c &quot;d&quot; &#39;e&#39;</p>", "a & b < c \"d\" 'e'", id="entities"
        ),
        pytest.param("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;", id="entities that were written as such"),
        pytest.param(
            '<p><a href="https://www.example.org/x"><span class="invisible">https://www.</span>'
            '<span class="ellipsis">example</span><span class="invisible">.org/x</span></a> there</p>',
            "https://www.example.org/x there",
            id="a shortened link",
        ),
        pytest.param(
            '<p>By <span class="h-card"><a href="https://m.example/@Ada" class="u-url mention">@<span>Ada</span>'
            "</a></span>.</p>",
            "By @ada@m.example.",
            id="a mention without its domain",
        ),
        pytest.param("<p>By @<span>ada@m.example</span></p>", "By @ada@m.example", id="a mention with it"),
        pytest.param(
            '<p><a href="x" class="mention hashtag">#<span>Sea</span></a></p>',
            "\N{FULLWIDTH NUMBER SIGN}Sea",
            id="a hashtag",
        ),
        pytest.param("<p>:ferry: 🚢</p>", ":ferry: 🚢", id="shortcodes and emoji"),
        pytest.param(
            '<p class="quote-inline">RE: <a href="https://m.example/1"><span>m.example</span><br></a></p><p>So</p>',
            "So",
            id="what the server puts before a quote",
        ),
        pytest.param("", "", id="nothing"),
        pytest.param("plain & simple", "plain & simple", id="no HTML at all"),
    ],
)
def test_the_words_are_those_that_were_sent(html: str, text: str) -> None:
    assert words_of_html(html) == words_of_text(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>RE: https://m.example/1</p><p>So</p>", "So"),
        ("<p>first<br />second</p>", "firstsecond"),
        ("<p>One</p><p>two</p>", "Onetwo"),
        ("<p>@ada</p>", "@grace"),
        ("<p>Ada</p>", "ada"),
        ("<p>a</p>", "a https://example.org"),
    ],
)
def test_other_words_are_other_words(html: str, text: str) -> None:
    assert words_of_html(html) != words_of_text(text)
