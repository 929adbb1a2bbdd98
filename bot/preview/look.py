"""The look that the static page and the desk share: their templates, and what these can say."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from bot.preview.cost import dollars
from bot.preview.forecast import words
from bot.preview.view import counted
from bot.preview.words import clean
from bot.zones import utc_text

if TYPE_CHECKING:
    from jinja2 import Environment


#: What the shared templates ask for.
FILTERS: Mapping[str, Callable[..., str]] = {
    "clean": clean,
    "utc": utc_text,
    "counted": counted,
    "dollars": dollars,
    "budget": words,
}


@cache
def environment(*packages: str) -> "Environment":
    """Where the templates of these packages are found, and the shared ones behind them; all that is filled in is text.

    Each package has a folder `templates`. A name that is not known is an error, never silence.
    """
    from jinja2 import (  # noqa: PLC0415 - start-up time: only pages need it
        ChoiceLoader,
        Environment,
        PackageLoader,
        StrictUndefined,
    )

    loaders = [PackageLoader(name) for name in (*packages, "bot.preview")]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    return made
