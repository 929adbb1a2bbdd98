"""A room for each few pages: its routes, and what their templates are given."""
