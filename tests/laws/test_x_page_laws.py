from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import FoundMedia, Imported
from bot.importers.x_page import XPage
from bot.importers.x_page.bounds import Stretch
from bot.importers.x_page.lines import plain
from bot.importers.x_page.words import LIMIT, hashtags, links, masked, straight, weight
from bot.model import Uses

PAGE = Path(__file__).parent.parent / "data" / "x_page" / "harbour.txt"
HEAD = ["Pier Tower", "@PierTower", "A tower.", "Pier Tower\u2019s posts"]

#: A page is read whole each time, on machines that have other work too.
SLOWLY = settings(deadline=None, max_examples=50)

WORDS = [
    "lamp",
    "tower",
    "pier",
    "The",
    "crater",
    "ice",
    "😀",
    "now",
    ",",
    "Read",
    "(left)",
    "a.m.",
    "…",
    "\u2019s",
]
TAILS = ["pier.org/lens", "#PierNight", "pier.org", "https://pier.org/a?b=c", "1/4", "."]
TRACES = [
    "read image description",
    "ALT",
    "GIF",
    "0:13",
    "1:02:03",
    "From",
    "Quote",
    "Replying to @Harbour",
    "",
    "  ",
]

texts = st.lists(st.sampled_from([*WORDS, *TAILS]), min_size=1, max_size=20).map(" ".join)
lines = st.one_of(
    texts,
    st.sampled_from(TRACES),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60),
)

sentences = st.lists(st.sampled_from(WORDS[:4]), min_size=6, max_size=30).map(
    lambda words: " ".join(words) + "."
)
media = st.sampled_from(
    [
        (["GIF"], ("gif",)),
        (["GIF", "read image description", "ALT"], ("gif",)),
        (["read image description", "ALT"], ("image",)),
        (["read image description", "ALT"] * 4, ("image",) * 4),
        (["0:13"], ("video",)),
        (["12:00", "From"], ("video",)),
    ]
)


def read(page: list[str]) -> list[Imported]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.txt"
        file.write_bytes("\n".join([*HEAD, *page]).encode("utf-8", "replace"))
        return list(XPage().read(file))


@SLOWLY
@given(st.lists(lines, max_size=40))
def test_every_line_of_a_page_is_in_exactly_one_post(page: list[str]) -> None:
    found = read(page)

    covered = [number for one in found for number in range(one.first_line, one.last_line + 1)]
    assert covered == sorted(set(covered))
    left = set(range(len(HEAD) + 1, len(HEAD) + len(page) + 1)) - set(covered)
    assert not any(plain(page[number - len(HEAD) - 1]) for number in left)


@SLOWLY
@given(st.lists(lines, max_size=40))
def test_the_words_of_posts_stand_in_the_page_in_their_order(page: list[str]) -> None:
    rest = iter(page)

    for one in read(page):
        for line in one.post.parts[0].text.split("\n"):
            assert line == "" or line in rest


@SLOWLY
@given(st.lists(st.tuples(sentences, media), max_size=12))
def test_posts_with_media_are_found_again_in_any_order(
    posts: list[tuple[str, tuple[list[str], tuple[str, ...]]]],
) -> None:
    page = [line for text, (traces, _) in posts for line in (text, *traces)]

    found = read(page)

    assert [one.post.parts[0].text for one in found] == [text for text, _ in posts]
    assert [tuple(each.kind for each in one.media[0]) for one in found] == [kinds for _, (_, kinds) in posts]


@SLOWLY
@given(st.permutations(range(10)))
def test_the_page_of_the_harbour_is_cut_alike_in_any_order(order: list[int]) -> None:
    page = PAGE.read_text(encoding="utf-8").split("\n")
    whole = [one for one in XPage().read(PAGE) if one.quote != ""]
    blocks = [page[one.first_line - 1 : one.last_line] for one in whole]
    shuffled = [blocks[place] for place in order]

    found = read([line for block in shuffled for line in block])

    assert [one.post.parts[0].text for one in found] == [whole[place].post.parts[0].text for place in order]


@SLOWLY
@given(
    page=st.lists(st.one_of(texts, sentences), min_size=1, max_size=12),
    is_held=st.booleans(),
    is_quoted=st.booleans(),
)
def test_the_pieces_of_a_stretch_fit_in_posts_and_leave_nothing_out(
    page: list[str], *, is_held: bool, is_quoted: bool
) -> None:
    pieces = Stretch(tuple(page), is_held, is_quoted).pieces()

    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    assert (pieces[0].start, pieces[-1].end) == (0, len(page))
    assert all(
        piece.end == piece.start + 1 or weight("\n".join(page[piece.start : piece.end])) <= LIMIT
        for piece in pieces
    )


@SLOWLY
@given(st.lists(lines, max_size=20))
def test_nothing_evergreen_has_reasons_and_everything_else_has(page: list[str]) -> None:
    assert all((one.post.use is Uses.EVERGREEN) is (not one.post.reasons) for one in read(page))


@SLOWLY
@given(st.text(), texts)
def test_links_and_tags_stand_in_their_text(some: str, text: str) -> None:
    whole = some + " " + text

    assert all(link in whole for link in links(whole))
    assert all(tag in whole and tag.startswith("#") for tag in hashtags(whole))


@SLOWLY
@given(st.text())
def test_what_is_looked_at_keeps_its_places(text: str) -> None:
    assert len(masked(text)) == len(straight(text)) == len(text)


@SLOWLY
@given(texts, texts)
def test_two_lines_weigh_as_much_as_each_and_their_break(one: str, other: str) -> None:
    assert weight(f"{one}\n{other}") == weight(one) + 1 + weight(other)


def test_a_film_keeps_its_length() -> None:
    (found,) = read(["A lamp.", "1:02:03"])

    assert found.media == ((FoundMedia("video", 3_723),),)
