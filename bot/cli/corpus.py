"""`corpus`: what can be said."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import click

from bot.cli.here import as_json, counted, here, is_colour, say, width
from bot.desk.desk import named
from bot.errors import BadCall
from bot.model import Corpus, Post, Uses
from bot.options import did_you_mean
from bot.preview.words import one_line, shorten, wrap
from bot.zones import moment as at

#: So many tags and events are shown to a person; JSON has them all.
MOST = 12


@click.group(invoke_without_command=True)
@click.pass_context
def corpus(ctx: click.Context) -> None:
    """See what can be said: `list`, `show`, `search` and `stats` (which is shown when nothing is named)."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(stats, year=None, json_=False)


@corpus.command(name="list")
@click.option("--tag", help="Only posts with this tag.")
@click.option(
    "--use", type=click.Choice([use.value for use in Uses]), help="Only posts that may be picked so."
)
@as_json
@click.pass_context
def list_(ctx: click.Context, *, tag: str | None, use: str | None, json_: bool) -> None:
    """List the posts, one a line."""
    posts = here(ctx).project.corpus.posts
    tags = {each for post in posts for each in post.tags}
    if tag is not None and tag not in tags:
        raise BadCall(f"no post has the tag {tag!r}{did_you_mean(tag, tags)}")
    tagged = (post for post in posts if tag is None or tag in post.tags)
    _show_all([post for post in tagged if use is None or post.use == use], json_=json_)


@corpus.command()
@click.argument("post", metavar="ID")
@as_json
@click.pass_context
def show(ctx: click.Context, *, post: str, json_: bool) -> None:
    """Show one post, whole."""
    found = named(here(ctx).project.corpus, post)
    if json_:
        say(record(found))
        return
    click.secho(f"{found.id}  ({found.place})", bold=True)
    facts: dict[str, object] = {
        "tone": found.tone,
        "use": found.use,
        "event": found.event,
        "tags": ", ".join(found.tags),
    }
    facts |= {"posted": found.posted, "credit": found.credit, "source": found.source}
    for name, value in facts.items():
        if value:
            click.echo(f"{name:>7}  {value}")
    for reason in found.reasons:
        click.echo(f"   held  {reason}")
    for part in found.parts:
        click.echo(f"\n{part.text}")
        for media in part.media:
            click.echo(f"[{media.name}: {media.alt}]")


@corpus.command()
@click.argument("words", nargs=-1, required=True)
@as_json
@click.pass_context
def search(ctx: click.Context, *, words: tuple[str, ...], json_: bool) -> None:
    """Find the posts that hold all WORDS, in their text, id or tags."""
    wanted = [word.casefold() for word in words]
    posts = here(ctx).project.corpus.posts
    _show_all([post for post in posts if all(word in _haystack(post) for word in wanted)], json_=json_)


@corpus.command()
@click.option(
    "--year", metavar="Y", type=click.IntRange(1900, 2199), help="Which year; else 365 days from now."
)
@as_json
@click.pass_context
def stats(ctx: click.Context, *, year: int | None, json_: bool) -> None:
    """Count the posts, and show how far they reach: what a year lacks and repeats, and the year as a map."""
    from bot.cli import coverage  # noqa: PLC0415 - planning costs start-up time, and only this needs it
    from bot.preview import chart  # noqa: PLC0415 - as above

    place = here(ctx)
    span = coverage.calendar_year(year) if year else coverage.year_from(at(place.now).date())
    with place.looking() as queue:
        found = coverage.covered(place, queue, span)
    counts = _counts(place.project.corpus)
    if json_:
        say(counts | coverage.fields(found))
        return
    _show_counts(place.project.corpus, counts)
    click.echo("\n" + chart.show(found, width=max(width(), 60), colour=is_colour()), nl=False)


def _show_counts(corpus: Corpus, found: dict[str, dict[str, int]]) -> None:
    faulty = len(corpus.faulty)
    total = counted(len(corpus.posts), "post")
    click.echo(f"{total}, {faulty} of them with faults" if faulty else total)
    for name, counts in found.items():
        listed = [f"{key} {number}" for key, number in counts.items()]
        more = [f"and {len(listed) - MOST} more"] if len(listed) > MOST else []
        lines = wrap(", ".join(listed[:MOST] + more) or "none", max(width(), 60) - 8)
        click.echo(f"{name:>6}  " + f"\n{'':8}".join(lines))


def record(post: Post) -> dict[str, Any]:
    """A post as data for programs."""
    parts = [
        {"text": part.text, "media": [{"file": media.name, "alt": media.alt} for media in part.media]}
        for part in post.parts
    ]
    return {
        "id": post.id, "file": post.place.file, "line": post.place.line, "use": post.use, "tone": post.tone,
        "event": post.event, "tags": list(post.tags), "lang": post.lang, "source": post.source,
        "reasons": list(post.reasons), "parts": parts,
    }  # fmt: skip


def _show_all(posts: list[Post], *, json_: bool) -> None:
    if json_:
        say({"posts": [record(post) for post in posts]})
        return
    room = max(width(), 60)
    wide = min(max((len(post.id) for post in posts), default=0), room // 2)
    for post in posts:
        head = f"{post.id:{wide}}  {post.use:9}  "
        click.echo(head + shorten(one_line(post.parts[0].text), max(room - len(head), 20)))
    click.echo(counted(len(posts), "post"), err=True)


def _haystack(post: Post) -> str:
    return "\n".join([post.id, *post.tags, *(part.text for part in post.parts)]).casefold()


def _counts(corpus: Corpus) -> dict[str, dict[str, int]]:
    def count(words: Iterable[str]) -> dict[str, int]:
        return dict(Counter(words).most_common())

    return {
        "use": count(post.use for post in corpus.posts),
        "tone": count(post.tone for post in corpus.posts),
        "tag": count(tag for post in corpus.posts for tag in post.tags),
        "event": count(post.event for post in corpus.posts if post.event),
    }
