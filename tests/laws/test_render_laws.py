"""What every text is promised on its way to a network."""

from unicodedata import normalize

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Account, Part, Post, Schedules, Slot
from bot.planning.check import check, faults
from bot.planning.count import length
from bot.planning.render import render
from tests.fakes.worlds import LANDING, MARS, at

HOSTILE = (
    "{{ 7*7 }}", "{% raw %}", "{% for x in range(9) %}x{% endfor %}", "{{ ''.__class__ }}", "{# gone #}", "{{", "%}", "{@x}", "{@robot}",
    "{0}", "{text}", "%s", "%(text)s", "${HOME}", "$1", "\\1", "\\g<0>", "{{ text }}", "\0", "\u202e", "\u2067", "\u200f", "<b>", "&amp;",
    "e\u0301", "\u212b", "👩‍👩‍👧", "🇵🇹", "\u2028", "\r\n", "\ufeff",
)  # fmt: skip
MENTIONS = {"robot": {"name": "Robot", "x": "@robot"}}
WORLD = Schedules((), {"landing": LANDING}, {"mars": MARS}, MENTIONS)
NOON = at("2028-01-25T12:00Z")
SLOT = Slot(NOON, "daily", NOON, "UTC", event="landing", years=24)
FRAMES = {
    "": ("", ""),
    "{{ text }}": ("", ""),
    "{{ years_in_words | capitalize }} ago today: {{ text }}": ("Twenty-four years ago today: ", ""),
    "{{ title }}: {{ text }} ({{ weekday }})": ("First landing: ", " (Tuesday)"),
}
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), min_size=1, max_size=8).map("".join).map(
    lambda text: normalize("NFC", text.strip())
)  # fmt: skip
accounts = st.sampled_from([MARS, Account("plain", "other"), Account("sky", "bluesky")])


def shown(text: str, *, frame: str = "", account: Account = MARS) -> str:
    return (
        render(Post("p", (Part(text),)), account, slot=SLOT, frames=(frame,), schedules=WORLD).parts[0].text
    )


def handled(text: str, account: Account) -> str:
    return text.replace("{@robot}", MENTIONS["robot"].get(account.network, "Robot"))


@settings(max_examples=500, deadline=None)
@given(texts, st.sampled_from(sorted(FRAMES)), accounts)
@example("{{ 7*7 }}{% if %}{@robot}{@x}\0\u202e{0}%s\\1", "{{ title }}: {{ text }} ({{ weekday }})", MARS)
def test_no_text_is_ever_evaluated(text: str, frame: str, account: Account) -> None:
    before, after = FRAMES[frame]

    found = shown(text, frame=frame, account=account)

    whole = f"{before}{handled(text, account)}{after}"
    assert normalize("NFC", found) == normalize("NFC", whole.strip() if frame else whole)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(sorted(FRAMES)))
def test_what_is_shown_has_the_length_that_is_told(text: str, frame: str) -> None:
    (part,) = render(Post("p", (Part(text),)), MARS, slot=SLOT, frames=(frame,), schedules=WORLD).parts

    assert (part.length, part.limit) == (length(part.text, MARS.limits), 280)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(texts, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["x", "bluesky"]), st.lists(texts, min_size=1, max_size=3)),
)
def test_no_text_stops_the_check(parts: list[str], wordings: dict[str, list[str]]) -> None:
    said = {network: tuple(texts) for network, texts in wordings.items()}
    post = Post("p", tuple(Part(text) for text in parts), wordings=said)

    problems = check([post], WORLD)

    assert [(problem.code, problem.message) for problem in problems] == [
        fault[:2] for fault in faults(post, WORLD)
    ]


@settings(max_examples=300, deadline=None)
@given(texts.map(lambda text: text * 9))
def test_what_the_check_lets_pass_fits(text: str) -> None:
    codes = {fault.code for fault in faults(Post("p", (Part(text),)), WORLD)}

    assert (length(shown(text), MARS.limits) <= 280) == ("too-long" not in codes)
