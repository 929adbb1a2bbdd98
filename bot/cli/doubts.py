"""`check --claims`: words that are bound to a time more often than not, for a person to look at."""

from collections.abc import Iterator
from pathlib import Path

from bot.claims import likely_claims
from bot.corpus import line_in
from bot.errors import Problem
from bot.model import Post, Project, Uses


def doubtful_words(project: Project) -> Iterator[Problem]:
    """A problem for each part of a post for any day that holds such words; what is sure is told without asking."""
    for post in project.corpus.posts:
        if post.use is Uses.EVERGREEN:
            yield from _of(post, Path(project.root))


def _of(post: Post, root: Path) -> Iterator[Problem]:
    for number, part in enumerate(post.parts, 1):
        words = [claim.words for claim in likely_claims(part.text, post.lang) if not claim.sure]
        if words:
            line = line_in(post, root, part=number, near=words[0])
            told = " and ".join(f'"{each}"' for each in dict.fromkeys(words))
            message = f"{told} may be true on some days only; is it so on every one?"
            yield Problem(post.place.file, line, "doubt", message)
