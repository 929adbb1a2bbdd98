"""How Alembic finds the queue: by the connection that is handed to it, inside one transaction."""

from alembic import context

from bot.delivery.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
)
context.run_migrations()
