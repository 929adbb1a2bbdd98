"""To whom: accounts on networks, what those accept, and what may be spent there."""

from msgspec import Struct

from bot.model.stretches import Place


class Limits(Struct, frozen=True):
    """What a network accepts."""

    text: int | None = None  #: the longest text, as the network counts; None where there is no limit
    counting: str = "characters"  #: the rule in `planning.count`: x, mastodon, graphemes, characters
    text_bytes: int | None = None  #: the longest text in UTF-8
    link: int = 23  #: what a link counts by the rules of x and mastodon, whatever its length
    images: int = 4
    alt: int = 1_000
    image_bytes: int = 5_000_000  #: what is larger is made smaller
    image_pixels: int | None = None  #: the most pixels of a picture; what has more is made smaller
    kinds: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif")  #: media types taken as they are
    gif_bytes: int | None = None  #: of a moving picture; None: as of any picture
    film_bytes: int | None = None  #: None: films are not taken


class Budget(Struct, frozen=True):
    """What an account may spend and say; None where there is no bound. Days and months are those of its zone."""

    usd: int | None = None  #: in a month, in millionths of a US dollar
    posts: int | None = None  #: in a month
    daily_usd: int | None = None  #: in a day, in millionths of a US dollar
    daily_posts: int | None = None  #: in a day


class Account(Struct, frozen=True):
    """One login on one network."""

    name: str
    network: str
    credentials: str = ""  #: prefix of the environment variables that hold them
    live: bool = False
    zone: str = "UTC"
    min_gap: int = 0  #: seconds
    late_gap: int = 0  #: seconds between posts that are late, after an outage or a hold; at least `min_gap`
    max_per_day: int | None = None
    timeout: int = 30  #: seconds
    quarantine: int = 120  #: seconds
    url: str = ""  #: the server, where the network has many
    find: bool = True  #: whether the network can be asked what it has
    delete: bool = False  #: whether a webhook takes down what it is asked to; other networks always are asked
    visibility: str = (
        "public"  #: who sees its posts, where a network has this: also unlisted, private, direct
    )
    budget: Budget = Budget()
    limits: Limits = Limits()
    place: Place = Place("")
