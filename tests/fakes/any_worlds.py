"""Corpora and picks of chance, from few words: most posts and most schedules have to do with each other."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.model import Corpus, Pick, Tone, Uses
from tests.fakes.worlds import FLIGHT, LANDING, LOSS, post

EVENTS = {event.id: event for event in (LANDING, FLIGHT, LOSS)}
TAGS, NAMES = ("a", "b"), ("one", "two", "three", "four", "five")

_tags, _names = (st.sets(st.sampled_from(words)).map(tuple) for words in (TAGS, NAMES))


def corpora(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Corpus]:
    """Corpora of up to five posts, with these fields besides those that decide who may say them."""
    posts = st.builds(
        post,
        st.sampled_from(NAMES),
        tags=_tags,
        event=st.sampled_from((None, *EVENTS)),
        tone=st.sampled_from(Tone),
        use=st.sampled_from(Uses),
        posted=st.sampled_from((None, date(2021, 1, 26), date(2020, 2, 29))),
        **fields,
    )
    return st.lists(posts, unique_by=lambda each: each.id).map(lambda found: Corpus(tuple(found)))


def picks(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Pick]:
    """Picks from such a corpus, with these fields besides."""
    return st.builds(
        Pick,
        tags=_tags,
        posts=_names,
        event=st.booleans(),
        tones=st.sets(st.sampled_from(Tone)).map(tuple),
        **fields,
    )
