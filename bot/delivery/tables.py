"""The queue's tables. Instants are whole seconds of UTC, values that have a shape of their own are JSON."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

#: Every version of the tables, oldest first; a change adds a migration and its name here.
REVISIONS = ("0001", "0002", "0003", "0004")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

#: Which version the tables have. It is Alembic's own table, made as Alembic makes it.
version = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "alembic_version_pkc"}),
    Column("version_num", String(32), primary_key=True),
)

#: A planned post in its slot.
slot = Table(
    "slot",
    metadata,
    Column("key", String, primary_key=True),
    Column("schedule", String, nullable=False),
    Column("wall", BigInteger, nullable=False),
    Column("zone", String, nullable=False),
    Column("event", String),
    Column("years", Integer),
    Column("planned_at", BigInteger, nullable=False),  # as its schedule says
    Column("at", BigInteger, nullable=False),  # as people moved it
    Column("grace", BigInteger),  # seconds; none: until midnight of its day
    Column("priority", Integer, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("until", BigInteger),  # from then on it is too late; none: its grace alone says
    Column("facts", Text, nullable=False),  # what a frame can say of it
    Column("post", String, nullable=False),
    Column("parts", Text, nullable=False),  # as the post was when it was planned
    Column("tone", String, nullable=False),
    Column("event_tone", String),
    Column("why", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("touched", Boolean, nullable=False),  # a person decided something about it
    Index(None, "at"),
    Index(None, "planned_at"),
)

#: A slot that nothing may fill.
gap = Table(
    "gap",
    metadata,
    Column("key", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("slot", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "at"),
)

#: A planned post on its way to one account.
delivery = Table(
    "delivery",
    metadata,
    Column("key", String, primary_key=True),
    Column("slot", ForeignKey("slot.key"), nullable=False),
    Column("account", String, nullable=False),
    Column("network", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it should be seen
    Column("priority", Integer, nullable=False),  # its slot's
    Column("due", BigInteger),  # when something may be done about it; none: never by itself
    Column("deadline", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),  # how often it was put off
    Column("fence", Integer, nullable=False),  # how often it was claimed
    Column("lease_until", BigInteger),
    Column("lease", Integer, nullable=False),  # seconds
    Column("quarantine", Integer, nullable=False),  # seconds
    Column("min_gap", Integer, nullable=False),  # seconds
    Column("find", Boolean, nullable=False),
    Column("rendition", Text, nullable=False),
    Column("rendition_digest", String, nullable=False),
    Column("seal", String, nullable=False),  # of the rendition, letter for letter
    Column("approvals", Integer, nullable=False),  # how many people must approve it
    Column("approved_digest", String),  # of the rendition that enough people approved
    Column("reason", Text, nullable=False),
    Index(None, "state", "due", "priority"),
    Index(None, "slot"),
    Index(None, "account"),
)

#: One time that a publisher was asked for one part. It is written before the network is asked.
attempt = Table(
    "attempt",
    metadata,
    Column("delivery", ForeignKey("delivery.key"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("fence", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),  # a network was asked, not the dry run
    Column("outcome", String),  # none: not answered, or not yet
    Column("detail", Text),
)

#: What a publisher made of a part before it was first asked for: every attempt is made of the same.
prepared = Table(
    "prepared",
    metadata,
    Column("delivery", ForeignKey("delivery.key"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("seal", String, nullable=False),  # of the text, letter for letter
)

#: What a delivery may cost its account, reserved before it is asked for.
spend = Table(
    "spend",
    metadata,
    Column("delivery", ForeignKey("delivery.key"), primary_key=True),
    Column("account", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("usd", BigInteger, nullable=False),  # millionths of a US dollar
    Index(None, "account", "at"),
)

#: The network's proof for one part.
receipt = Table(
    "receipt",
    metadata,
    Column("delivery", ForeignKey("delivery.key"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("url", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "at"),
)

#: What became of a delivery, step by step. A decision that leaves the state as it is has it twice.
move = Table(
    "move",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("delivery.key"), nullable=False),
    Column("origin", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "delivery"),
)

#: What people decided, and what it changed: enough to undo it while nothing was sent.
decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),  # approve, skip, swap …
    Column("why", Text, nullable=False),
    Column("slot", String),  # about which it was; none: a hold, or a file
    Column("about", Text, nullable=False),  # what a person knows it by
    Column("before", Text, nullable=False),  # the rows as they were; empty: it cannot be undone
    Column("after", String, nullable=False),  # the version of the slot that it made
    Column("undone_by", ForeignKey("decision.id")),
    Index(None, "slot"),
)

#: A person approved a rendition. Where one is not enough, it goes out once enough have.
approval = Table(
    "approval",
    metadata,
    Column("delivery", ForeignKey("delivery.key"), primary_key=True),
    Column("who", String, primary_key=True),
    Column("digest", String, nullable=False),  # of the rendition that was approved
    Column("at", BigInteger, nullable=False),
)

#: One time that a network was asked to take a part down. It is written before the network is asked.
removal = Table(
    "removal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("delivery.key"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String, nullable=False),
    Column("outcome", String),  # none: not answered, or not yet
    Column("detail", Text, nullable=False),
    Index(None, "delivery"),
)

#: With a token a person comes to the desk, and a program to the calendar. Only its digest is kept.
token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String, nullable=False, unique=True),
    Column("who", String, nullable=False),
    Column("role", String, nullable=False),
    Column("is_once", Boolean, nullable=False),  # good for one sign-in
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
)

#: A person at the desk, as their browser is known. Only the digest of what it holds is kept.
session = Table(
    "session",
    metadata,
    Column("digest", String, primary_key=True),
    Column("token", ForeignKey("token.id"), nullable=False),
    Column("csrf", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

#: A network said "not now", and its account is left alone until then.
respite = Table(
    "respite",
    metadata,
    Column("account", String, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("noes", Integer, nullable=False),  # how often in a row it said so
)

hold = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String),  # none: all accounts
    Column("tone", String),  # none: all tones
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("reason", Text, nullable=False),
    Column("released_at", BigInteger),
)

#: One row: how far is planned, and from which files.
cursor = Table(
    "cursor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("files", String, nullable=False),
)

#: One row: the newest instant that was lived through here.
pulse = Table(
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

#: What people were told of: once a cause.
told = Table(
    "told",
    metadata,
    Column("cause", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)
