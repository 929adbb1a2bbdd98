"""The pre-flight: what is red-letter is looked over the day before, while there is time to mend what would go wrong."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Publisher
from bot.delivery.budgets import bounds, cost_of
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.errors import Barred, NotNow, RedletterError, Refused, Unanswered
from bot.model import Account, Limits, Priority, Project, Window
from bot.planning.count import BYTES, measure, quote_room
from bot.publishing import publisher, remember
from bot.settings import Settings
from bot.watch.causes import Cause, Kind, cause_id, when
from bot.watch.links import is_web, linked, trouble
from bot.zones import DAY

#: So many addresses of one delivery are asked.
MOST_LINKS = 20
_MILLION = 1_000_000

Publishers = Callable[[Account], Publisher]


class Finding(Struct, frozen=True):
    """One thing that would go wrong."""

    row: Row
    text: str
    is_accounts: bool = False  #: it concerns all that the account will show, not this post alone
    is_sure: bool = True  #: else a network could not be asked, and may be in a while


class Known(Struct, frozen=True):
    """What an account's network says of it."""

    limits: Limits | None = None  #: None where it was not asked
    text: str = ""  #: what is wrong; empty where nothing is
    is_sure: bool = True


Asked = Callable[[Account], Known]


def coming(queue: Queue, now: int) -> tuple[Row, ...]:
    """The red-letter deliveries of the next day, and those that wait for approval."""
    rows = queue.rows(now, window=Window(now, now + DAY), states=(State.PENDING,))
    return tuple(row for row in rows if row.slot.priority < Priority.SLOTS or row.needs_approval)


def look_over(rows: Iterable[Row], project: Project, *, queue: Queue, asked: Asked) -> tuple[Finding, ...]:
    """What would go wrong with these deliveries: asks each live network once, each link, and the disk."""
    known: dict[str, Known] = {}
    found: list[Finding] = []
    for row in rows:
        account = project.schedules.accounts.get(row.account)
        if account is None:
            gone = f"there is no account called {row.account!r} any more"
            found.append(Finding(row, gone, is_accounts=True))
            continue
        if account.name not in known:
            known[account.name] = asked(account)
        found += _findings(row, account, root=project.root, queue=queue, known=known[account.name])
    return tuple(found)


def asking(settings: Settings) -> Asked:
    """Asks an account's own network."""
    return partial(ask, publishers=partial(publisher, settings=settings), settings=settings)


def causes_of(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """The findings as causes: what concerns a whole account is one, however many posts it would stop."""
    found: dict[str, Cause] = {}
    for each in findings:
        names = (each.row.account,) if each.is_accounts else (each.row.key,)
        name = cause_id(Kind.EARLY, *names, each.text)
        text = f"before {each.row.post} on {each.row.account}, {when(each.row)}: {each.text}"
        cause = Cause(
            name, Kind.EARLY, text, each.row.at - DAY, each.row.account, each.row.post, stands=False
        )
        found.setdefault(name, cause)
    return tuple(found.values())


def ask(account: Account, *, publishers: Publishers, settings: Settings) -> Known:
    """Ask a live account's network who we are and what it takes, and remember that; others are not asked."""
    if not account.live:
        return Known()
    try:
        asked = publishers(account)
        asked.whoami()
        limits = asked.learn()
    except (Refused, Barred) as error:
        return Known(text=str(error))
    except (NotNow, Unanswered) as error:
        return Known(text=f"its network could not be asked: {error}", is_sure=False)
    except RedletterError as error:
        return Known(text=str(error))
    except Exception as error:  # noqa: BLE001 - foreign code, whose words may hold a credential
        return Known(text=f"its publisher broke: {type(error).__name__}")
    remember(settings, account.name, limits)
    return Known(limits)


def _findings(row: Row, account: Account, *, root: str, queue: Queue, known: Known) -> Iterator[Finding]:
    if known.text:
        yield Finding(row, known.text, is_accounts=True, is_sure=known.is_sure)
    limits = known.limits or account.limits
    texts = (
        *_lengths(row, limits), *_media(row, limits, root), *_links(row),
        *_quote(row, queue, live=account.live),
        *(_budget(row, account, queue) if account.live else ()),
    )  # fmt: skip
    for text in dict.fromkeys(texts):
        yield Finding(row, text)


def _lengths(row: Row, limits: Limits) -> Iterator[str]:
    for number, part in enumerate(row.rendition.parts, 1):
        is_first = number == 1
        room = _beside_a_quote(limits) if is_first and row.rendition.quote else limits
        size = measure(part.text, room, warning=row.rendition.warning if is_first else "")
        where = f"part {number} is" if len(row.rendition.parts) > 1 else "it is"
        if size.limit is not None and size.length > size.limit:
            yield f"{where} {size.length} long on {row.account}, where {size.limit} fit"
        elif not size.fits:
            yield f"{where} {size.bytes} bytes long on {row.account}, where {size.bytes_limit} fit"


def _beside_a_quote(limits: Limits) -> Limits:
    """What is left where a quote may have to be a plain link."""
    taken = quote_room(limits)
    return replace(
        limits,
        text=None if limits.text is None else limits.text - taken,
        text_bytes=None if limits.text_bytes is None else limits.text_bytes - BYTES * taken,
    )


def _media(row: Row, limits: Limits, root: str) -> Iterator[str]:
    from bot.media import read_media  # noqa: PLC0415 - Pillow costs start-up time

    for part in row.rendition.parts:
        files = [replace(each, file=str(PurePath(root, each.file))) for each in part.media]
        try:
            read_media(files, limits)
        except (Refused, NotNow) as error:
            yield str(error).replace(f"{root}/", "")


def _links(row: Row) -> Iterator[str]:
    addresses = [url for part in row.rendition.parts for url in linked(part.text) if is_web(url)]
    for url in list(dict.fromkeys(addresses))[:MOST_LINKS]:
        if what := trouble(url):
            yield f"{url} {what}"


def _quote(row: Row, queue: Queue, *, live: bool) -> Iterator[str]:
    quote = row.rendition.quote
    if quote is None:
        return
    if quote.post and queue.quoted(quote.post, row.account, live=live) is None:
        yield f"it quotes {quote.post}, which {row.account} has never shown"
    if not quote.post and is_web(quote.url) and (what := trouble(quote.url)):
        yield f"it quotes {quote.url}, which {what}"


def _budget(row: Row, account: Account, queue: Queue) -> Iterator[str]:
    """Whether there will be room for it in what the account may spend, after all that goes out before it."""
    for bound in bounds(account, row.at):
        waiting = queue.rows(
            row.at, window=Window(bound.since, row.at + 1), states=(State.PENDING,), account=account.name
        )
        costs = [cost_of(each.rendition, account, row.at) for each in waiting]
        said, paid = queue.spent(account.name, bound.since)
        posts, usd = said + sum(cost.posts for cost in costs), paid + sum(cost.usd for cost in costs)
        budget = f"the budget of {account.name} for {bound.name}"
        if bound.posts is not None and posts > bound.posts:
            yield f"{budget} is {bound.posts} posts, and with this it would be {posts}"
        if bound.usd is not None and usd > bound.usd:
            yield f"{budget} is ${bound.usd / _MILLION:.2f}, and with this it would be ${usd / _MILLION:.2f}"
