"""What can be said: post files, read and written."""

from bot.corpus.fields import Lines, converted, toml_error
from bot.corpus.read import corpus_files, is_bulk, line_in, read_corpus
from bot.corpus.write import markdown

__all__ = [
    "Lines",
    "converted",
    "corpus_files",
    "is_bulk",
    "line_in",
    "markdown",
    "read_corpus",
    "toml_error",
]
