"""What people were told of, so that they hear of each cause once."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.delivery.database import Database
from bot.delivery.tables import told


class Tellings(Database):
    """The side of the queue that remembers what people have heard."""

    def told(self) -> frozenset[str]:
        """The causes of which people were told."""
        with self.reading() as connection:
            return frozenset(connection.scalars(select(told.c.cause)))

    def tell(self, cause: str, text: str, now: int) -> bool:
        """Note that people are told of a cause; False where they were told before, by whichever process."""
        with self.writing() as transaction:
            statement = insert_once(told).values(cause=cause, at=now, text=text).on_conflict_do_nothing()
            return transaction.connection.execute(statement).rowcount > 0

    def forget_told(self, causes: Collection[str]) -> None:
        """Forget causes that are over, so that they are told again if they come back."""
        with self.writing() as transaction:
            transaction.connection.execute(delete(told).where(told.c.cause.in_(causes)))
