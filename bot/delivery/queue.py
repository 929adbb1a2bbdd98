"""The queue: the planned posts of the coming days as they will go out, and what became of the earlier ones."""

from bot.delivery.budgets import Budgets
from bot.delivery.decided import Decided
from bot.delivery.decisions import Decisions
from bot.delivery.people import People
from bot.delivery.planned import Planned
from bot.delivery.recovery import Recovery
from bot.delivery.removals import Removals
from bot.delivery.sending import Sending
from bot.delivery.standings import Standings
from bot.delivery.tellings import Tellings
from bot.delivery.unknowns import Unknowns
from bot.delivery.versions import Versions
from bot.delivery.views import Views
from bot.delivery.waiting import Waiting


class Queue(
    Planned,
    Waiting,
    Sending,
    Unknowns,
    Recovery,
    Decisions,
    Decided,
    Budgets,
    Removals,
    Tellings,
    Views,
    Standings,
    People,
    Versions,
):
    """One database with everything that was planned, sent and decided; every method is one transaction.

    It is opened by its URL, such as `sqlite:///state/redletter.db`, and used as a context manager or closed. Each
    side of it stands in a room of its own: what is planned, what waits, what is sent, what is unknown, what time has
    overtaken, what people decide and have decided, what was spent, what people were told, what they
    look at, and who may come in.
    """
